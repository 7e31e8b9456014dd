/** What may be wrong with readings, in words; the codes are those of docs/quality.md. */

const NAMES: Readonly<Record<string, string>> = {
  unsigned: $localize`not signed, where only signed readings are taken`,
  bad_signature: $localize`not signed by a key of the meter`,
  outside_flow: $localize`before or after the meter's time of sending`,
  off_grid: $localize`not a slot of the calendar`,
  negative_energy: $localize`an energy below zero`,
  implausible_energy: $localize`more than the connection can carry`,
  clock_ahead: $localize`from a slot that was not over`,
  repeated: $localize`the same again`,
  conflicting: $localize`another value for a slot that has one`,
  out_of_order: $localize`arrived after a later slot`,
  clock_step: $localize`the meter's clock went back`,
  gap: $localize`slots without a reading`,
  stuck: $localize`the same energy for a whole day`,
};
/** Nothing is lost by these. */
const HARMLESS = new Set(['repeated', 'out_of_order']);

export function anomalyName(code: string): string {
  return NAMES[code] ?? code;
}

export function anomalyTone(code: string): string {
  return HARMLESS.has(code) ? 'badge' : 'badge warn';
}
