/** An application as a wallet signs it (EIP-712), as `commons/actions/community.py` and `Community` have it. */

import type { TypedDataDefinition } from 'viem';

import type { Hex } from '../../core/market/units';

export interface Application {
  readonly applicant: Hex;
  readonly kind: number;
  readonly profile: number;
  readonly adhesionHash: Hex;
  readonly recoveryKey: Hex;
  readonly nonce: bigint;
  readonly deadline: bigint;
}

/** A week of the chain's time: enough for somebody to hand it in. */
export const SIGNATURE_SECONDS = 7 * 24 * 3600;

/** What members of the embedded demo sign, to the byte; a real community has its own document. */
export const DEMO_ADHESION = 'Commonwatt: adhesion contract of the embedded demo community, version 1\n';

export function applicationTypedData(chainId: number, community: Hex, application: Application): TypedDataDefinition {
  return {
    domain: { name: 'Commonwatt Community', version: '1', chainId, verifyingContract: community },
    primaryType: 'Application',
    types: {
      EIP712Domain: [
        { name: 'name', type: 'string' },
        { name: 'version', type: 'string' },
        { name: 'chainId', type: 'uint256' },
        { name: 'verifyingContract', type: 'address' },
      ],
      Application: [
        { name: 'applicant', type: 'address' },
        { name: 'kind', type: 'uint8' },
        { name: 'profile', type: 'uint8' },
        { name: 'adhesionHash', type: 'bytes32' },
        { name: 'recoveryKey', type: 'address' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    message: { ...application },
  };
}
