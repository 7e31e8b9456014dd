/**
 * Units of energy, price and money: bigints whose name says the unit, and the only roundings there are.
 *
 * Energy is Wh, price µ€/kWh, money µ€. Rounded up for what a member owes, down for what one gets. The same as
 * `commons/units.py`; nothing here is a float.
 */

export type Hex = `0x${string}`;

export const WH_PER_KWH = 1000n;
export const UE_PER_EURO = 1_000_000n;
export const BPS = 10_000n;
/** Quantities (Wh) and prices (µ€/kWh) stay strictly below this. */
export const QUANTITY_LIMIT = 1n << 40n;
export const PRICE_LIMIT = 1n << 40n;

/** What `energyWh` at `priceUekwh` costs somebody who owes it: µ€, rounded up. */
export function euroUp(energyWh: bigint, priceUekwh: bigint): bigint {
  return (energyWh * priceUekwh + WH_PER_KWH - 1n) / WH_PER_KWH;
}

/** What `energyWh` at `priceUekwh` brings somebody who gets it: µ€, rounded down. */
export function euroDown(energyWh: bigint, priceUekwh: bigint): bigint {
  return (energyWh * priceUekwh) / WH_PER_KWH;
}

export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

export function sum(values: Iterable<bigint>): bigint {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}

/** µ€, Wh or any figure of `decimals` decimal places that a person wrote with a point or a comma; null if none. */
export function parseDecimal(text: string, decimals: number): bigint | null {
  const found = /^(\d{1,20})(?:[.,](\d*))?$/.exec(text.trim());
  const fraction = found?.[2] ?? '';
  if (!found || fraction.length > decimals) return null;
  return BigInt(found[1] + fraction.padEnd(decimals, '0'));
}
