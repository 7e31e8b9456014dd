/** Whose a meter is: bindings of points as the chain has them, and one that a member signs for an administrator. */

import { inject, Injectable } from '@angular/core';
import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityAbi } from '../../core/chain/generated/abis';
import { communityTypedData, SIGNATURE_SECONDS } from '../../core/chain/signing';
import { hash, randomBytes, toHex } from '../../core/market/bytes';
import type { Hex } from '../../core/market/units';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';

export const BINDING_FORMAT = 'commonwatt/binding/1';
/** What both agree on where a community has no document of its own; the same bytes as `commons/actions/bindings.py`. */
export const POINT_DOCUMENT = "Commonwatt: this connection point and its meter are the member's, version 1\n";
/** The greatest moment that the contract knows: until the point is released. */
export const OPEN_END = 2 ** 40 - 1;

export enum PointKind {
  None,
  Exchange,
  Production,
}

export interface HeldPoint {
  readonly pointId: Hex;
  readonly kind: PointKind;
  readonly validFrom: number;
  readonly validUntil: number;
}

@Injectable({ providedIn: 'root' })
export class BindingService {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly wallet = inject(WalletService);

  async pointsOf(memberId: Hex): Promise<HeldPoint[]> {
    const at = { address: this.communities.require().contracts.community, abi: communityAbi } as const;
    const client = this.chain.require();
    const ids = await client.readContract({ ...at, functionName: 'pointsOf', args: [memberId] });
    return Promise.all(
      ids.map(async (pointId) => {
        const found = await client.readContract({ ...at, functionName: 'pointOf', args: [pointId] });
        return { pointId, kind: found.kind, validFrom: found.validFrom, validUntil: found.validUntil };
      }),
    );
  }

  /** The member's agreement that a point is its own, from when an administrator hands it in, for as long as it stays. */
  async signed(memberId: Hex, pointId: Hex, kind: PointKind): Promise<Blob> {
    const { chainId, contracts } = this.communities.require();
    const address = contracts.community;
    const call = { address, abi: communityAbi, functionName: 'pointOf', args: [pointId] } as const;
    const last = await this.chain.require().readContract(call);
    const salt = randomBytes(32);
    const documentHash = hash(new TextEncoder().encode(POINT_DOCUMENT), salt);
    const dates = { validFrom: 0, validUntil: OPEN_END };
    const deadline = this.chain.now() + SIGNATURE_SECONDS;
    const binding = { pointId, memberId, kind, ...dates, documentHash, number: last.number + 1, deadline };
    const signature = await this.wallet.signTyped(communityTypedData(chainId, address, 'PointBinding', binding));
    const content = {
      format: BINDING_FORMAT,
      community: address.toLowerCase(),
      ...binding,
      kind: kind === PointKind.Exchange ? 'exchange' : 'production',
      signature,
      salt: toHex(salt),
    };
    return new Blob([JSON.stringify(content, null, 1) + '\n'], { type: 'application/json' });
  }

  release(pointId: Hex): readonly Call[] {
    const address = this.communities.require().contracts.community;
    return [{ address, abi: communityAbi, functionName: 'releasePoint', args: [pointId, 0] }];
  }
}
