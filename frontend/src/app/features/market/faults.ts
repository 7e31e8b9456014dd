/** Why a session would not take some orders, in the reader's language. */

import type { OrderFault } from '../../core/market/orders';
import { showKwh, showPrice, type Language } from '../../core/text/figures';

export function faultSentence(fault: OrderFault, language: Language): string {
  switch (fault.kind) {
    case 'none':
      return $localize`Place at least one order.`;
    case 'too-many':
      return $localize`You have ${fault.count}:count: orders, and the session takes ${fault.most}:most: per member. Leave out some.`;
    case 'quantity':
      return $localize`Order ${fault.place + 1}:order: is for ${showKwh(fault.quantityWh, language)}:amount:, below the smallest of ${showKwh(fault.least, language)}:least: or too large. Change it.`;
    case 'limit':
      return $localize`Order ${fault.place + 1}:order: has a limit of ${showPrice(fault.limit, language)}:limit:, outside ${showPrice(fault.least, language)}:least: to ${showPrice(fault.most, language)}:most:. Change it.`;
    case 'slot':
    case 'unsorted':
      return $localize`Order ${fault.place + 1}:order: is for a time that the session does not have, or out of turn. Place the orders again.`;
    case 'both-sides':
      return $localize`Order ${fault.place + 1}:order: sells in a time in which you also buy. Do one of the two.`;
  }
}
