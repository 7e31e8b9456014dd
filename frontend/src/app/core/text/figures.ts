/** Figures for people, exact, in the reader's language: energy in kWh, money in €, prices in €/kWh, times in Italy. */

import { LOCAL_ZONE } from '../market/calendar';

export type Language = 'en' | 'it';

/** `1234567` with 3 decimals is `1,234.567`; at least `leastDecimals` are shown, all that are not zero, none rounded. */
export function exactDecimal(value: bigint, decimals: number, leastDecimals: number, language: Language): string {
  const magnitude = value < 0n ? -value : value;
  const unit = 10n ** BigInt(decimals);
  const fraction = (magnitude % unit).toString().padStart(decimals, '0').replace(/0+$/, '').padEnd(leastDecimals, '0');
  const [group, point] = language === 'it' ? ['.', ','] : [',', '.'];
  const whole = (magnitude / unit).toString().replace(/\B(?=(\d{3})+$)/g, group);
  return `${value < 0n ? '−' : ''}${whole}${fraction ? point + fraction : ''}`;
}

export function showEur(microEuro: bigint, language: Language): string {
  return `${exactDecimal(microEuro, 6, 2, language)} €`;
}

export function showPrice(microEuroPerKwh: bigint, language: Language): string {
  return `${exactDecimal(microEuroPerKwh, 6, 2, language)} €/kWh`;
}

export function showKwh(wattHours: bigint, language: Language): string {
  return `${exactDecimal(wattHours, 3, 1, language)} kWh`;
}

/** Community tokens have 18 decimals; shown to the thousandth, which is rounded down. */
export function showTokens(amount: bigint, language: Language): string {
  return exactDecimal(amount / 10n ** 15n, 3, 0, language);
}

const tags = { en: 'en-GB', it: 'it-IT' } as const;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(tags[language], { timeZone: LOCAL_ZONE, ...options });
    formats.set(key, found);
  }
  return found;
}

/** `22 Nov 2026, 14:15:30`. */
export function showMoment(epochS: number, language: Language): string {
  return format(language, 'moment', { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(epochS * 1000));
}

/** `Sunday 22 November 2026`. */
export function showDay(epochS: number, language: Language): string {
  return format(language, 'day', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(
    new Date(epochS * 1000),
  );
}

/** `22 Nov`. */
export function showShortDay(epochS: number, language: Language): string {
  return format(language, 'short', { day: 'numeric', month: 'short' }).format(new Date(epochS * 1000));
}

/** `14:15`. */
export function showClock(epochS: number, language: Language): string {
  return format(language, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(epochS * 1000),
  );
}

/** `14:15–14:30`. */
export function showSlot(start: number, seconds: number, language: Language): string {
  return `${showClock(start, language)}–${showClock(start + seconds, language)}`;
}

/** `1 d 4 h`, `3 min 20 s`: the two largest units; 0 s once it is over. */
export function showDuration(seconds: number): string {
  const left = Math.max(0, Math.floor(seconds));
  const units: readonly [number, string][] = [
    [86_400, $localize`d`],
    [3600, $localize`h`],
    [60, $localize`min`],
    [1, $localize`s`],
  ];
  const first = units.findIndex(([size]) => left >= size);
  if (first < 0) return `0 ${units[3][1]}`;
  const shown = units.slice(first, first + 2).map(([size, name], at) => {
    const amount = Math.floor((at ? left % units[first][0] : left) / size);
    return at && !amount ? '' : `${amount} ${name}`;
  });
  return shown.filter(Boolean).join(' ');
}

/** `0x1234…abcd`: enough to recognise, never the only thing that tells what it is. */
export function shortHex(hex: string): string {
  return hex.length > 14 ? `${hex.slice(0, 6)}…${hex.slice(-4)}` : hex;
}
