/** The steps of a recheck in the reader's language: what each compares, and what it found. */

import type { Step, StepId, Verdict } from './recheck';

export const STEP_NAMES: Readonly<Record<StepId, string>> = {
  reveals: $localize`Revealed orders are valid and numbered without gaps`,
  locks: $localize`What is locked is the worst case of the orders`,
  'outcome-votes': $localize`Enough operators stand behind the outcome`,
  prices: $localize`Prices and volumes are those of the clearing rule`,
  trees: $localize`The allocation trees have the roots on the chain`,
  'outcome-answer': $localize`The hash that the operators attested is that of this outcome`,
  fills: $localize`Every order got what the rule gives it`,
  'settlement-votes': $localize`Enough operators stand behind the settlement`,
  'settlement-file': $localize`The published settlement is the file that the chain names`,
  basis: $localize`The settlement rests on these fills and prices`,
  counted: $localize`Counted energy stays within what was traded`,
  money: $localize`Debits, credits and penalties follow from counted energy`,
  root: $localize`The settlement's root is the one on the chain`,
  'settlement-answer': $localize`The hash that the operators attested is that of this settlement`,
  executions: $localize`What was paid is what the settlement says`,
};

export const VERDICTS: Readonly<Record<Verdict, string>> = {
  right: $localize`Agrees`,
  wrong: $localize`Differs`,
  'not-yet': $localize`Not yet`,
};

/** What differs, in a sentence; empty for a step that does not differ. */
export function differenceOf(step: Step): string {
  if (step.verdict === 'not-yet') return step.where ? $localize`It could not be read: ${step.where}:reason:` : '';
  if (step.verdict !== 'wrong') return '';
  const where = step.where ? $localize`At ${step.where}:place:: ` : '';
  if (step.here === undefined) return $localize`${where}:place:it does not hold.`;
  if (step.there === undefined) return $localize`${where}:place:expected ${step.here}:expected:.`;
  return $localize`${where}:place:this browser finds ${step.here}:here:, and ${step.there}:there: was said.`;
}
