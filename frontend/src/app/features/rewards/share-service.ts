/** A member's shares of the community's incentives in euro, and the bonus in tokens that goes with them. */

import { inject, Injectable } from '@angular/core';

import { PublishedService } from '../../core/audit/published';
import { ChainService, topicOf, wordOf } from '../../core/chain/chain';
import { CommunityService, type Member } from '../../core/chain/community';
import { communityWorksAbi, treasuryAbi } from '../../core/chain/generated/abis';
import {
  INCENTIVE_KIND,
  readIncentive,
  shareProof,
  type IncentiveDocument,
} from '../../core/market/incentive-document';
import { readDataset } from '../../core/market/publication';
import type { Hex } from '../../core/market/units';
import type { Call } from '../../core/wallet/transactions';

const CITIZEN = 1;

/** What an incentive has for a member. */
export interface Share {
  readonly incentiveId: bigint;
  readonly periodStart: number;
  /** Exclusive. */
  readonly periodEnd: number;
  /** µ€; null where what the operators published cannot be read here. */
  readonly amount: bigint | null;
  readonly isPaid: boolean;
  /** When objecting ends. */
  readonly finalAt: number;
  /** The bonus in tokens that the member may have now; 0 if none. */
  readonly bonus: bigint;
  readonly document: IncentiveDocument | null;
}

@Injectable({ providedIn: 'root' })
export class ShareService {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly published = inject(PublishedService);
  private readonly documents = new Map<string, Promise<IncentiveDocument | null>>();

  /** Incentives that are divided and not closed, in which the member has a share or might have. */
  async of(account: Hex, member: Member): Promise<Share[]> {
    const { treasury } = this.communities.require().contracts;
    const at = { address: treasury, abi: treasuryAbi } as const;
    const count = Number(await this.chain.require().readContract({ ...at, functionName: 'incentiveCount' }));
    const ids = Array.from({ length: count }, (_, place) => BigInt(place + 1));
    const found = await Promise.all(ids.map((id) => this.shareOf(id, account, member)));
    return found.filter((share) => share !== null);
  }

  claim({ incentiveId, document }: Share, account: Hex): readonly Call[] {
    const place = document?.shares.findIndex((one) => one.member === account) ?? -1;
    if (!document || place < 0) return [];
    const args = [incentiveId, account, document.shares[place].amount, shareProof(document, place)];
    const address = this.communities.require().contracts.treasury;
    return [{ address, abi: treasuryAbi, functionName: 'claimShare', args }];
  }

  claimBonus({ incentiveId }: Share, account: Hex): readonly Call[] {
    const address = this.communities.require().contracts.works;
    return [{ address, abi: communityWorksAbi, functionName: 'claimEnergyBonus', args: [incentiveId, account] }];
  }

  private async shareOf(incentiveId: bigint, account: Hex, member: Member): Promise<Share | null> {
    const at = { address: this.communities.require().contracts.treasury, abi: treasuryAbi } as const;
    const client = this.chain.require();
    const args = [incentiveId] as const;
    const [incentive, [split, finalAt], isPaid] = await Promise.all([
      client.readContract({ ...at, functionName: 'incentiveOf', args }),
      client.readContract({ ...at, functionName: 'splitOf', args }),
      client.readContract({ ...at, functionName: 'isIncentiveClaimed', args: [incentiveId, account] }),
    ]);
    if (finalAt === 0n || (incentive.isClosed && !isPaid)) return null;
    const document = await this.document(incentiveId, split.root);
    const share = document?.shares.find((one) => one.member === account);
    if (document && !share) return null;
    return {
      incentiveId,
      periodStart: incentive.periodStart,
      periodEnd: incentive.periodEnd,
      amount: share?.amount ?? null,
      isPaid,
      finalAt: Number(finalAt),
      bonus: isPaid && member.kind === CITIZEN ? await this.bonus(incentiveId, member) : 0n,
      document,
    };
  }

  private async bonus(incentiveId: bigint, member: Member): Promise<bigint> {
    const at = { address: this.communities.require().contracts.works, abi: communityWorksAbi } as const;
    const client = this.chain.require();
    const [[amounts, isConfirmed], isTaken] = await Promise.all([
      client.readContract({ ...at, functionName: 'energyBonusOf', args: [incentiveId] }),
      client.readContract({ ...at, functionName: 'isBonusTaken', args: [incentiveId, member.memberId] }),
    ]);
    return isConfirmed && !isTaken ? amounts[member.profile] : 0n;
  }

  /** What the operators published of the split, if its shares lead to the split's root; null where it cannot be had. */
  private async document(incentiveId: bigint, root: Hex): Promise<IncentiveDocument | null> {
    const { contracts, firstBlock } = this.communities.require();
    const topics = [topicOf(treasuryAbi, 'SplitPosted'), wordOf(incentiveId)];
    const posted = await this.chain.events([contracts.treasury], topics, firstBlock);
    const accepted = posted.find(({ args }) => (args['split'] as { readonly root: Hex }).root === root);
    return accepted ? this.read(String(accepted.args['dataCid']), root) : null;
  }

  private read(cid: string, root: Hex): Promise<IncentiveDocument | null> {
    const known = this.documents.get(cid);
    if (known) return known;
    const read = readDataset(cid, this.published.read, INCENTIVE_KIND).then(
      (dataset) => {
        const document = readIncentive(dataset);
        return document.root === root ? document : null;
      },
      () => {
        this.documents.delete(cid);
        return null;
      },
    );
    this.documents.set(cid, read);
    return read;
  }
}
