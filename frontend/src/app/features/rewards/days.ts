const DAY_MS = 86_400_000;

/** The local date that a day of the chain, counted from 1970-01-01, stands for. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** A moment within that local day, whichever zone it is local to: its noon. */
export function noonOf(day: number): number {
  return (day * DAY_MS) / 1000 + 12 * 3600;
}
