/** CIDv1 of raw bytes under sha2-256, in base32: the name by which content is found and checked. As `commons/cid.py`. */

import { sha256 } from 'viem';

import { concat, toBytes } from './bytes';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const PREFIX = new Uint8Array([0x01, 0x55, 0x12, 0x20]);

export function cidOf(content: Uint8Array): string {
  return 'b' + base32(concat(PREFIX, toBytes(sha256(content))));
}

/** Whether `text` is written as such a name; it could otherwise name a path. */
export function isCid(text: string): boolean {
  return /^b[a-z2-7]{58}$/.test(text);
}

function base32(bytes: Uint8Array): string {
  let written = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) written += ALPHABET[(pending >> (bits - 5)) & 31];
    pending &= 255;
  }
  return bits ? written + ALPHABET[(pending << (5 - bits)) & 31] : written;
}
