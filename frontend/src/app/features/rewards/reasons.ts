/** Why a day earned what it earned, number by number: what an operator reckons for the member alone, in sentences. */

import { BPS, WH_PER_KWH } from '../../core/market/units';
import { exactDecimal, showTokens, type Language } from '../../core/text/figures';

/** One slot under the first model, Wh; `community_…` are sums over all members. */
export interface SlotNumbers {
  readonly start: number;
  readonly consumed_wh: number;
  readonly produced_wh: number;
  readonly own_wh: number;
  readonly residual_load_wh: number;
  readonly residual_production_wh: number;
  readonly community_residual_load_wh: number;
  readonly community_residual_production_wh: number;
  readonly shared_wh: number;
  readonly load_wh: number;
  readonly production_wh: number;
}

export interface SelfConsumptionNumbers {
  readonly model: {
    readonly own: number;
    readonly load: number;
    readonly production: number;
    readonly tokens_per_kwh: string;
    readonly threshold: number;
  };
  readonly slots: readonly SlotNumbers[];
  readonly consumed_wh: number;
  readonly produced_wh: number;
  readonly own_wh: number;
  readonly load_wh: number;
  readonly production_wh: number;
  readonly effective_wh: number;
  readonly reason: string;
  readonly tokens: string;
}

export interface NoPeaksNumbers {
  readonly model: { readonly max_tokens: string; readonly full: number };
  readonly peak_wh: number;
  readonly peak_start: number;
  readonly days: readonly { readonly days_ago: number; readonly peak_wh: number }[];
  readonly own_median_wh: number | null;
  readonly profile_median_wh: number | null;
  readonly usual_wh: number | null;
  readonly cut_wh: number;
  readonly reason: string;
  readonly tokens: string;
}

/** As `oracle/rewards/explanation.py` has it; token amounts are decimal text. */
export interface Explanation {
  readonly slot_seconds: number;
  readonly missing_slots: number;
  readonly model: { readonly self_consumption_weight?: number; readonly no_peaks_weight?: number };
  readonly self_consumption: SelfConsumptionNumbers | null;
  readonly no_peaks: NoPeaksNumbers | null;
  readonly tokens: string;
}

/** Of `oracle/rewards/types.py`. */
const TOO_MUCH_MISSING = 'too_much_missing';
const BELOW_THRESHOLD = 'below_threshold';
const PEAK_NOT_LOWER = 'peak_not_lower';

/** The explanation in sentences, the last one saying what was earned. */
export function reasonsOf(told: Explanation, language: Language): string[] {
  const words = new Words(language);
  return [
    ...missing(told),
    ...(told.self_consumption ? selfConsumption(told.self_consumption, words) : []),
    ...(told.no_peaks ? noPeaks(told.no_peaks, words) : []),
    total(told, words),
  ];
}

class Words {
  constructor(private readonly language: Language) {}
  readonly wh = (amount: number | bigint): string => `${exactDecimal(BigInt(amount), 0, 0, this.language)} Wh`;
  readonly percent = (bps: number): string => `${exactDecimal(BigInt(bps), 2, 0, this.language)} %`;
  readonly tokens = (amount: string): string => showTokens(BigInt(amount), this.language);
}

function missing(told: Explanation): string[] {
  const minutes = Math.floor((told.missing_slots * told.slot_seconds) / 60);
  if (!minutes) return [];
  const isLost = [told.self_consumption, told.no_peaks].some((found) => found?.reason === TOO_MUCH_MISSING);
  return [
    isLost
      ? $localize`${minutes}:minutes: minutes of the day have no reading: more than the hour that may be missing, so the day earns nothing.`
      : $localize`${minutes}:minutes: minutes of the day have no reading; up to an hour may be missing.`,
  ];
}

function selfConsumption(found: SelfConsumptionNumbers, { wh, percent, tokens }: Words): string[] {
  const { model } = found;
  const sums =
    `${wh(found.own_wh)} × ${percent(model.own)} + ${wh(found.load_wh)} × ${percent(model.load)} + ` +
    `${wh(found.production_wh)} × ${percent(model.production)} = ${wh(found.effective_wh)}`;
  const said = [
    $localize`You used ${wh(found.consumed_wh)}:consumed: and produced ${wh(found.produced_wh)}:produced:.`,
    $localize`You used ${wh(found.own_wh)}:own: of your own production as it was made; of the community's surplus ${wh(found.load_wh)}:load: fell to you, and the community used ${wh(found.production_wh)}:production: of yours.`,
    $localize`That counts ${sums}:sums: (rounded down).`,
  ];
  if (found.reason === BELOW_THRESHOLD) {
    const least = (BigInt(found.consumed_wh) * BigInt(model.threshold) + BPS - 1n) / BPS;
    const covered = wh(found.own_wh + found.load_wh);
    said.push(
      $localize`${covered}:covered: of your consumption were met so, less than the ${wh(least)}:least: (${percent(model.threshold)}:threshold:) from which tokens are given.`,
    );
  } else if (found.reason !== TOO_MUCH_MISSING) {
    const product = `${wh(found.effective_wh)} × ${tokens(model.tokens_per_kwh)} ÷ ${WH_PER_KWH} = ${tokens(found.tokens)}`;
    said.push($localize`${product}:product: tokens, for using energy where and when it is made.`);
  }
  return said;
}

function noPeaks(found: NoPeaksNumbers, { wh, percent, tokens }: Words): string[] {
  const said = [$localize`Your largest withdrawal in a slot was ${wh(found.peak_wh)}:peak:.`];
  if (found.usual_wh === null) {
    return [...said, $localize`You have no usual peak yet: it takes 7 complete days of the same type within 60 days.`];
  }
  const peaks = found.days.map((day) => wh(day.peak_wh)).join(', ');
  said.push(
    $localize`The peaks of your last ${found.days.length}:count: complete days of this type were ${peaks}:peaks:. Their median is ${wh(found.own_median_wh ?? 0)}:own:, that of homes like yours ${wh(found.profile_median_wh ?? 0)}:profile:; the smaller one, ${wh(found.usual_wh)}:usual:, is your usual peak.`,
  );
  if (found.reason === PEAK_NOT_LOWER) return [...said, $localize`Your peak was not below it.`];
  if (found.reason === TOO_MUCH_MISSING) return said;
  const below = found.usual_wh - found.peak_wh;
  const cut = Math.min(below, found.cut_wh);
  const product = `${tokens(found.model.max_tokens)} × ${cut} ÷ ${found.cut_wh} = ${tokens(found.tokens)}`;
  said.push(
    $localize`You stayed ${wh(below)}:below: below it; ${wh(found.cut_wh)}:cut: (${percent(found.model.full)}:full:) earn everything: ${product}:product: tokens.`,
  );
  return said;
}

function total({ model, self_consumption: first, no_peaks: second, tokens }: Explanation, words: Words): string {
  const earned = words.tokens(tokens);
  const [one, other] = [model.self_consumption_weight, model.no_peaks_weight];
  if (one === undefined || other === undefined || !first || !second)
    return $localize`You earned ${earned}:earned: tokens.`;
  const parts = `${words.tokens(first.tokens)} × ${words.percent(one)} + ${words.tokens(second.tokens)} × ${words.percent(other)}`;
  return $localize`You earned ${parts}:parts: = ${earned}:earned: tokens.`;
}
