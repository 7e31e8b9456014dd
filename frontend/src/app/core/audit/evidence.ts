/** Reads from the chain what readings are checked against: whose points, and which roots are notarised. */

import { inject, Injectable } from '@angular/core';

import { ChainService, topicOf } from '../chain/chain';
import { CommunityService } from '../chain/community';
import { communityAbi, measurementNotaryAbi } from '../chain/generated/abis';
import type { Bundle } from '../market/bundle';
import type { Hex } from '../market/units';
import { bindingsOf, dayNumber, walletsOf, type Binding, type NotarisedRoot } from './readings';

@Injectable({ providedIn: 'root' })
export class EvidenceService {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);

  /** The bindings of a member's points, with their ends. */
  async bindings(memberId: Hex): Promise<Binding[]> {
    const { contracts, firstBlock } = this.communities.require();
    const names = ['PointBound', 'PointReleased'].map((name) => topicOf(communityAbi, name));
    const events = await this.chain.events([contracts.community], [names, null, memberId], firstBlock);
    return bindingsOf(events, memberId);
  }

  /** Every wallet of a member: those that it was approved with, and those that replaced one. */
  async wallets(memberId: Hex): Promise<Hex[]> {
    const { contracts, firstBlock } = this.communities.require();
    const topics = [
      [topicOf(communityAbi, 'MemberApproved'), null, memberId],
      [topicOf(communityAbi, 'WalletReplaced'), memberId],
    ];
    const events = await Promise.all(topics.map((one) => this.chain.events([contracts.community], one, firstBlock)));
    return walletsOf(events.flat(), memberId);
  }

  /** What the chain notarised of a bundle's day and version. */
  async root(bundle: Bundle): Promise<NotarisedRoot> {
    const [day, version] = [dayNumber(bundle.day), Number(bundle.version)];
    const [dataset, finalAt] = await this.chain.require().readContract({
      address: this.communities.require().contracts.notary,
      abi: measurementNotaryAbi,
      functionName: 'datasetOf',
      args: [day, version],
    });
    return { day, version, root: dataset.root, isFinal: finalAt > 0n && Number(finalAt) <= this.chain.now() };
  }
}
