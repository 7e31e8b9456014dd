/** The claims of a receipt in the reader's language. */

import type { ReadingStepId } from './readings';
import type { ReceiptStepId } from './receipt';

export const RECEIPT_STEPS: Readonly<Record<ReceiptStepId, string>> = {
  place: $localize`The receipt is about this community, session and chain`,
  fills: $localize`The orders got what clearing gives them`,
  prices: $localize`The prices are those of the clearing rule`,
  published: $localize`Counted energy and money per slot are those of the settlement`,
  sums: $localize`The slots add up to what is owed and earned`,
  leaf: $localize`What is owed and earned leads to the settlement's root`,
  root: $localize`The root is the one that the operators attested on the chain`,
  payment: $localize`The contract paid exactly this`,
};

/** The claims about readings, which come before those of the receipt itself. */
export const READING_STEPS: Readonly<Record<ReadingStepId, string>> = {
  bound: $localize`The points are bound to this member on the chain, signed by both`,
  proved: $localize`Every reading with its salt leads to the day's root`,
  notarised: $localize`The operators notarised these roots, and the settlement names them`,
  'counted-from-readings': $localize`The energy that counted follows from these readings`,
};
