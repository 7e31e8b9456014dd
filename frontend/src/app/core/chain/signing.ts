/** What wallets sign for the community's contract (EIP-712), as `commons/actions/community.py` and `bindings.py` have it. */

import type { TypedDataDefinition } from 'viem';

import type { Hex } from '../market/units';

interface Field {
  readonly name: string;
  readonly type: string;
}

/** A week of the chain's time: enough for somebody to hand in what was signed. */
export const SIGNATURE_SECONDS = 7 * 24 * 3600;

const DOMAIN: readonly Field[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
];

/** The messages that the contract knows, field by field. */
const MESSAGES = {
  Application: [
    { name: 'applicant', type: 'address' },
    { name: 'kind', type: 'uint8' },
    { name: 'profile', type: 'uint8' },
    { name: 'adhesionHash', type: 'bytes32' },
    { name: 'recoveryKey', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
  WalletReplacement: [
    { name: 'oldWallet', type: 'address' },
    { name: 'newWallet', type: 'address' },
    { name: 'deadline', type: 'uint256' },
  ],
  PointBinding: [
    { name: 'pointId', type: 'bytes32' },
    { name: 'memberId', type: 'bytes32' },
    { name: 'kind', type: 'uint8' },
    { name: 'validFrom', type: 'uint40' },
    { name: 'validUntil', type: 'uint40' },
    { name: 'documentHash', type: 'bytes32' },
    { name: 'number', type: 'uint32' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const satisfies Record<string, readonly Field[]>;

export function communityTypedData(
  chainId: number,
  community: Hex,
  primaryType: keyof typeof MESSAGES,
  message: object,
): TypedDataDefinition {
  const types: Record<string, readonly Field[]> = { EIP712Domain: DOMAIN, [primaryType]: MESSAGES[primaryType] };
  return {
    domain: { name: 'Commonwatt Community', version: '1', chainId, verifyingContract: community },
    primaryType,
    types: types as TypedDataDefinition['types'],
    message: { ...message },
  };
}
