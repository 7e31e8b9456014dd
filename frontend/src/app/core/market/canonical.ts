/**
 * Canonical JSON (RFC 8785) as Commonwatt publishes it: integers are decimal strings, numbers do not exist.
 *
 * What is read must be canonical to the byte. The same as `commons/canonical.py`.
 */

export type Json = string | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Exact = string | boolean | null | bigint | readonly Exact[] | { readonly [key: string]: Exact };

/** What is wrong with a published file or a file that was dropped; `where` names the place. */
export class Malformed extends Error {
  constructor(
    readonly where: string,
    readonly expected: string,
  ) {
    super(`${where}: expected ${expected}`);
  }
}

const DECIMAL = /^(0|-?[1-9][0-9]*)$/;

/** The canonical text of a value. */
export function encodeText(value: Exact): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `"${value}"`;
  if (Array.isArray(value)) return `[${value.map(encodeText).join(',')}]`;
  const record = value as Readonly<Record<string, Exact>>;
  const members = Object.keys(record)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${encodeText(record[key])}`);
  return `{${members.join(',')}}`;
}

export function encode(value: Exact): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(encodeText(value));
}

/** The value that canonical bytes hold; a key given twice or other spacing does not read back alike and is refused. */
export function decode(raw: Uint8Array, where: string): Json {
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
    value = JSON.parse(text);
  } catch {
    throw new Malformed(where, 'JSON');
  }
  requireNoNumbers(value, where);
  if (encodeText(value) !== text) throw new Malformed(where, 'canonical JSON');
  return value;
}

function requireNoNumbers(value: unknown, where: string): asserts value is Json {
  if (typeof value === 'number') throw new Malformed(where, 'integers as decimal strings');
  if (Array.isArray(value)) value.forEach((item) => requireNoNumbers(item, where));
  else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) requireNoNumbers(item, where);
  }
}

/** A record with exactly these keys. */
export function record(value: Json | undefined, keys: readonly string[], where: string): Record<string, Json> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed(where, 'a record');
  const found = Object.keys(value);
  if (found.length !== keys.length || !keys.every((key) => Object.hasOwn(value, key))) {
    throw new Malformed(where, `the keys ${[...keys].sort().join(', ')}`);
  }
  return value as Record<string, Json>;
}

export function list(value: Json | undefined, where: string, length?: number): readonly Json[] {
  if (!Array.isArray(value)) throw new Malformed(where, 'a list');
  if (length !== undefined && value.length !== length) throw new Malformed(where, `${length} entries`);
  return value as readonly Json[];
}

export function text(value: Json | undefined, where: string): string {
  if (typeof value !== 'string') throw new Malformed(where, 'text');
  return value;
}

export function flag(value: Json | undefined, where: string): boolean {
  if (typeof value !== 'boolean') throw new Malformed(where, 'true or false');
  return value;
}

/** The integer of 0 or more, below 2^bits, that a decimal string writes. */
export function integer(value: Json | undefined, bits: number, where: string): bigint {
  if (typeof value !== 'string' || !DECIMAL.test(value)) throw new Malformed(where, 'an integer as a decimal string');
  const figure = BigInt(value);
  if (figure < 0n || figure >= 1n << BigInt(bits)) throw new Malformed(where, `an integer below 2^${bits}`);
  return figure;
}

/** `length` bytes in lower-case hexadecimal. */
export function hexOf(value: Json | undefined, length: number, where: string): `0x${string}` {
  if (typeof value !== 'string' || value.length !== 2 + 2 * length || !/^0x[0-9a-f]*$/.test(value)) {
    throw new Malformed(where, `${length} bytes in lower-case hexadecimal`);
  }
  return value as `0x${string}`;
}
