/**
 * Texts of which the chain keeps the hash: they ride behind the arguments of the transaction that names the hash.
 *
 * Contracts do not look at bytes behind their arguments, but the chain keeps them, so a text needs no server, and
 * whoever reads it checks it against its hash. The hash is keccak256 of the text, as everywhere.
 */

import { hexToBytes, keccak256, stringToHex, type Hex as ViemHex } from 'viem';

import type { Hex } from '../market/units';

/** The longest text, in bytes: a page of writing, and little of a block's gas. */
export const LONGEST_TEXT = 2000;
const WORD = 32;
const SELECTOR = 4;

export function textHash(text: string): Hex {
  return keccak256(stringToHex(text.trim()));
}

/** What rides behind the arguments. */
export function textBytes(text: string): Hex {
  return stringToHex(text.trim());
}

export function isText(text: string): boolean {
  const length = new TextEncoder().encode(text.trim()).length;
  return length > 0 && length <= LONGEST_TEXT;
}

/** The text of a hash behind the arguments of a transaction's input; null where it is not there. */
export function textBehind(input: ViemHex, hash: ViemHex): string | null {
  const bytes = hexToBytes(input);
  // Arguments are whole words: the text begins at one of these places, and its hash tells at which.
  for (let at = SELECTOR + WORD; at < bytes.length; at += WORD) {
    const rest = bytes.slice(at);
    if (rest.length <= LONGEST_TEXT && keccak256(rest) === hash) return new TextDecoder().decode(rest);
  }
  return null;
}
