/** Local days (Europe/Rome) of UTC epoch seconds: 92, 96 or 100 quarter-hours long. As `commons/slots.py`. */

export const LOCAL_ZONE = 'Europe/Rome';
const DAY_S = 86_400;

const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: LOCAL_ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** The local day on which a second falls: `2026-11-22`. */
export function localDay(epochS: number): string {
  return localTime(epochS).slice(0, 10);
}

/** The first second of a local day and of the next. */
export function localDayBounds(day: string): { start: number; end: number } {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + DAY_S * 1000).toISOString().slice(0, 10);
  return { start: midnight(day), end: midnight(next) };
}

/** The local days that the seconds from `start` up to `end` fall on. */
export function localDaysBetween(start: number, end: number): string[] {
  const days: string[] = [];
  for (let at = start; at < end; at = localDayBounds(days[days.length - 1]).end) days.push(localDay(at));
  return days;
}

function midnight(day: string): number {
  const asUtc = Date.parse(`${day}T00:00:00Z`) / 1000;
  for (const offset of [2, 1]) {
    const candidate = asUtc - offset * 3600;
    if (localTime(candidate) === `${day}T00:00:00`) return candidate;
  }
  throw new RangeError(`${day} is no local day`);
}

function localTime(epochS: number): string {
  const found = new Map(parts.formatToParts(new Date(epochS * 1000)).map((part) => [part.type, part.value]));
  const get = (type: Intl.DateTimeFormatPartTypes): string => found.get(type) ?? '';
  return `${get('year')}-${get('month')}-${get('day')}T${get('hour')}:${get('minute')}:${get('second')}`;
}
