/** The reward models' parameters, and what they say in words. */

import { BPS } from '../../core/market/units';
import { exactDecimal, showTokens, type Language } from '../../core/text/figures';

export enum ModelKind {
  None,
  SelfConsumption,
  NoPeaks,
  Combined,
}

export interface Parameters {
  readonly model: ModelKind;
  readonly ownBps: number;
  readonly loadBps: number;
  readonly productionBps: number;
  readonly thresholdBps: number;
  readonly fullBps: number;
  readonly selfConsumptionWeightBps: number;
  readonly noPeaksWeightBps: number;
  readonly tokensPerKwh: bigint;
  readonly maxTokens: bigint;
}

export const MODEL_NAMES: Readonly<Record<ModelKind, string>> = {
  [ModelKind.None]: $localize`none`,
  [ModelKind.SelfConsumption]: $localize`energy used where and when it is made`,
  [ModelKind.NoPeaks]: $localize`a day without a peak`,
  [ModelKind.Combined]: $localize`both together`,
};

/** The rule with its figures, a sentence each. */
export function explained(parameters: Parameters, language: Language): string[] {
  const sentences: string[] = [];
  const percent = (bps: number): string => `${exactDecimal(BigInt(bps), 2, 0, language)} %`;
  const tokens = (amount: bigint): string => showTokens(amount, language);
  if (parameters.model === ModelKind.SelfConsumption || parameters.model === ModelKind.Combined) {
    sentences.push(
      $localize`Each kWh that counts in full earns ${tokens(parameters.tokensPerKwh)}:tokens: tokens. What you made and used at once counts ${percent(parameters.ownBps)}:own:, others' surplus that you used counts ${percent(parameters.loadBps)}:load:, and your surplus that others used counts ${percent(parameters.productionBps)}:production:.`,
    );
    if (parameters.thresholdBps) {
      sentences.push(
        $localize`Nothing is earned on a day on which less than ${percent(parameters.thresholdBps)}:threshold: of your consumption was met so.`,
      );
    }
  }
  if (parameters.model === ModelKind.NoPeaks || parameters.model === ModelKind.Combined) {
    sentences.push(
      $localize`A day whose highest withdrawal is ${percent(parameters.fullBps)}:full: below your usual one earns ${tokens(parameters.maxTokens)}:tokens: tokens, and a smaller cut its part of that.`,
    );
  }
  if (parameters.model === ModelKind.Combined) {
    sentences.push(
      $localize`Of the first ${percent(parameters.selfConsumptionWeightBps)}:first: count, and of the second ${percent(parameters.noPeaksWeightBps)}:second:.`,
    );
  }
  sentences.push($localize`A day of which more than an hour of your readings is missing earns nothing.`);
  return sentences;
}

/** Whether the contract takes them, as far as the page can say before it asks. */
export function isComplete(parameters: Parameters): boolean {
  const shares = [
    parameters.ownBps,
    parameters.loadBps,
    parameters.productionBps,
    parameters.thresholdBps,
    parameters.fullBps,
    parameters.selfConsumptionWeightBps,
    parameters.noPeaksWeightBps,
  ];
  return parameters.model !== ModelKind.None && shares.every((share) => share >= 0 && BigInt(share) <= BPS);
}
