/** A member's rewards, out of the chain's batches and what operators published of them, each checked against its root. */

import { inject, Injectable } from '@angular/core';

import { PublishedService } from '../../core/audit/published';
import { ChainService, topicOf } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { rewardModelsAbi } from '../../core/chain/generated/abis';
import { readDataset } from '../../core/market/publication';
import { proofOf, readRewards, REWARDS_KIND, type RewardsDocument } from '../../core/market/rewards-document';
import type { Hex } from '../../core/market/units';
import type { Call } from '../../core/wallet/transactions';
import type { Parameters } from './parameters';

export type RewardState = 'claimed' | 'claimable' | 'waiting' | 'none' | 'unread';

/** What a local day earned a member. */
export interface Reward {
  readonly batchId: bigint;
  readonly day: number;
  readonly state: RewardState;
  /** The member's; null where it is not known. */
  readonly amount: bigint | null;
  readonly total: bigint;
  readonly claims: number;
  readonly parametersNumber: bigint;
  readonly document: RewardsDocument | null;
  /** When objecting ends or ended; 0 while too few operators agree. */
  readonly finalAt: number;
  readonly transaction: Hex;
}

@Injectable({ providedIn: 'root' })
export class RewardService {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly published = inject(PublishedService);
  private readonly documents = new Map<string, Promise<RewardsDocument | null>>();

  /** Day by day, the latest first. */
  async of(account: Hex, now: number): Promise<Reward[]> {
    const { contracts, firstBlock } = this.communities.require();
    const events = await this.chain.events([contracts.rewards], [topicOf(rewardModelsAbi, 'BatchPosted')], firstBlock);
    const batches = new Map(events.map((event) => [event.args['batchId'] as bigint, event]));
    const found = await Promise.all(
      [...batches].map(async ([batchId, last]): Promise<Reward> => {
        const [batch, finalAt] = await this.read('batchOf', [batchId]);
        const accepted = events.find(
          ({ args }) => args['batchId'] === batchId && (args['batch'] as { root: Hex }).root === batch.root,
        );
        const event = accepted ?? last;
        const posted = event.args['batch'] as { root: Hex; total: bigint; claims: number };
        const document = await this.document(String(event.args['dataCid']), posted.root);
        const claim = document?.claims.find((one) => one.member === account);
        const isClaimed = claim ? await this.read('isClaimed', [batchId, account]) : false;
        const isFinal = accepted !== undefined && finalAt > 0n && Number(finalAt) <= now;
        return {
          batchId,
          day: Number(event.args['day']),
          state: stateOf(document !== null, claim !== undefined, isClaimed, isFinal),
          amount: claim?.amount ?? (document ? 0n : null),
          total: posted.total,
          claims: posted.claims,
          parametersNumber: event.args['parametersNumber'] as bigint,
          document,
          finalAt: accepted ? Number(finalAt) : 0,
          transaction: event.transaction,
        };
      }),
    );
    return found.sort((a, b) => Number(b.batchId - a.batchId));
  }

  async parameters(number: bigint): Promise<Parameters> {
    const [parameters] = await this.read('parametersAt', [number]);
    return parameters;
  }

  claim(reward: Reward, account: Hex): readonly Call[] {
    const place = reward.document?.claims.findIndex((one) => one.member === account) ?? -1;
    if (!reward.document || place < 0) return [];
    const { amount } = reward.document.claims[place];
    const args = [reward.batchId, account, amount, proofOf(reward.document, place)];
    const address = this.communities.require().contracts.rewards;
    return [{ address, abi: rewardModelsAbi, functionName: 'claim', args }];
  }

  /** What the operators published, if it is what they posted; null where it cannot be had, or is another. */
  private document(cid: string, root: Hex): Promise<RewardsDocument | null> {
    const known = this.documents.get(cid);
    if (known) return known;
    const read = readDataset(cid, this.published.read, REWARDS_KIND).then(
      (dataset) => {
        const document = readRewards(dataset);
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

  private read(functionName: 'batchOf', args: readonly [bigint]): Promise<readonly [{ readonly root: Hex }, bigint]>;
  private read(functionName: 'isClaimed', args: readonly [bigint, Hex]): Promise<boolean>;
  private read(functionName: 'parametersAt', args: readonly [bigint]): Promise<readonly [Parameters, number]>;
  private read(functionName: string, args: readonly unknown[]): Promise<unknown> {
    const address = this.communities.require().contracts.rewards;
    return this.chain.require().readContract({ address, abi: rewardModelsAbi, functionName, args } as never);
  }
}

function stateOf(isRead: boolean, isIn: boolean, isClaimed: boolean, isFinal: boolean): RewardState {
  if (!isRead) return 'unread';
  if (!isIn) return 'none';
  if (isClaimed) return 'claimed';
  return isFinal ? 'claimable' : 'waiting';
}
