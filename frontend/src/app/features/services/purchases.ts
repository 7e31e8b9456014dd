/** Buying together: a supplier's price holds once enough units are pledged; until then whoever pledged can leave. */

import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { DealsService, type Purchase } from '../../core/chain/deals';
import { communityTokenAbi, groupPurchasesAbi } from '../../core/chain/generated/abis';
import { isText, textBytes, textHash } from '../../core/chain/texts';
import { parseDecimal } from '../../core/market/units';
import { DurationPipe, ShortHexPipe, TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { TextField } from '../../shared/text-field';
import { TOKEN_DECIMALS } from '../tokens/categories';
import { DealQuote } from './deal-quote';
import type { Viewer } from './steps';
import { wholeOf } from './whole';
import { WrittenText } from './written-text';

const DAY_S = 86_400;
const MOST_UNITS = 1_000_000;

@Component({
  selector: 'cw-purchases',
  imports: [Action, DealQuote, DurationPipe, ShortHexPipe, TextField, TokensPipe, WrittenText],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './purchases.html',
})
export class Purchases {
  readonly purchases = input.required<readonly Purchase[]>();
  readonly viewer = input.required<Viewer | null>();
  readonly symbol = input.required<string>();
  readonly changed = output();
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly deals = inject(DealsService);

  protected readonly now = this.chain.now;
  protected readonly unnamed = $localize`Its text is not on the chain`;
  protected readonly open = computed(() =>
    this.purchases().filter((one) => !one.isCancelled && one.closesAt > this.now()),
  );
  protected readonly unitsText = signal('1');
  protected readonly units = computed(() => wholeOf(this.unitsText(), MOST_UNITS));

  protected readonly text = signal('');
  protected readonly priceText = signal('');
  protected readonly leastText = signal('5');
  protected readonly mostText = signal('50');
  protected readonly closeDays = signal('14');
  protected readonly deliverDays = signal('14');
  private readonly price = computed(() => parseDecimal(this.priceText(), TOKEN_DECIMALS) || null);
  private readonly figures = computed(() => ({
    least: wholeOf(this.leastText(), MOST_UNITS),
    most: wholeOf(this.mostText(), MOST_UNITS),
    close: wholeOf(this.closeDays(), 365),
    deliver: wholeOf(this.deliverDays(), 365),
  }));
  protected readonly isReady = computed(() => {
    const { least, most, close, deliver } = this.figures();
    const isRight = !!least && !!most && least <= most && !!close && !!deliver;
    return isText(this.text()) && this.price() !== null && isRight;
  });

  protected costOf(one: Purchase, units: number): bigint {
    return one.unitPrice * BigInt(units);
  }

  protected join(one: Purchase): () => readonly Call[] {
    return () => {
      const [units, address] = [this.units() ?? 0, this.deals.address('purchases')];
      const token = this.communities.require().contracts.token;
      const amount = this.costOf(one, units);
      return [
        { address: token, abi: communityTokenAbi, functionName: 'approve', args: [address, amount] },
        this.call('join', [one.id, units]),
      ];
    };
  }

  protected cancel(one: Purchase): () => readonly Call[] {
    return () => [this.call('cancelPurchase', [one.id])];
  }

  protected readonly openOne = (): readonly Call[] => {
    const { least, most, close, deliver } = this.figures();
    const terms = {
      unitPrice: this.price() ?? 0n,
      leastUnits: least ?? 0,
      mostUnits: most ?? 0,
      closesAt: this.chain.now() + (close ?? 0) * DAY_S,
      deliverWithin: (deliver ?? 0) * DAY_S,
      contentHash: textHash(this.text()),
    };
    return [{ ...this.call('open', [terms]), behind: textBytes(this.text()) }];
  };

  private call(functionName: string, args: readonly unknown[]): Call {
    return { address: this.deals.address('purchases'), abi: groupPurchasesAbi, functionName, args };
  }
}
