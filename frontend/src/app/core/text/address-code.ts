/** An address as a QR code carries it: `ethereum:0x…@chain` (EIP-681), or the bare address as people paste it. */

import { getAddress, isAddress } from 'viem';

import type { Hex } from '../market/units';

export interface ScannedAddress {
  readonly address: Hex;
  /** The chain that the code names; null where it names none. */
  readonly chainId: number | null;
}

export function addressCode(address: Hex, chainId: number): string {
  return `ethereum:${getAddress(address)}@${chainId}`;
}

/** The address in a text; null if there is none. An address whose capitals are wrong has been misread. */
export function scannedAddress(text: string): ScannedAddress | null {
  const found = /^(?:ethereum:(?:pay-)?)?(0x[0-9a-f]{40})(?:@(\d{1,15}))?$/i.exec(text.trim());
  if (!found || !isAddress(found[1])) return null;
  return { address: found[1].toLowerCase() as Hex, chainId: found[2] === undefined ? null : Number(found[2]) };
}
