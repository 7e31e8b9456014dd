/** Bytes, big-endian integers and hexadecimal, as hashes and trees want them. */

import { bytesToHex, hexToBytes, keccak256 } from 'viem';

import type { Hex } from './units';

export type Bytes = Uint8Array<ArrayBuffer>;

export const ZERO_HASH: Hex = `0x${'00'.repeat(32)}`;

/** `value` as `length` big-endian bytes; refuses what does not fit. */
export function bigEndian(value: bigint, length: number): Bytes {
  if (value < 0n || value >= 1n << BigInt(8 * length)) throw new RangeError(`${value} does not fit ${length} bytes`);
  const bytes = new Uint8Array(length);
  for (let at = length - 1, rest = value; at >= 0; at--, rest >>= 8n) bytes[at] = Number(rest & 0xffn);
  return bytes;
}

export function fromBigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

export function concat(...parts: Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function toBytes(hex: Hex): Bytes {
  return new Uint8Array(hexToBytes(hex));
}

export function toHex(bytes: Uint8Array): Hex {
  return bytesToHex(bytes);
}

export function hash(...parts: Uint8Array[]): Hex {
  return keccak256(concat(...parts));
}

export function sameHex(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}
