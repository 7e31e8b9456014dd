/** Reads the community's past payments from the chain, and proves on them that the rule told here is the contract's. */

import { inject, Injectable } from '@angular/core';
import type { PublicClient } from 'viem';

import { ChainService, topicOf } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityAbi, communityTokenAbi, goodsLoansAbi, serviceExchangeAbi } from '../../core/chain/generated/abis';
import { timed, type TimedEvent } from '../../core/chain/times';
import type { Hex } from '../../core/market/units';
import { DEAL_EVENTS, historyOf, MEMBER_EVENTS, TOKEN_EVENTS, type History } from './past-payments';
import { differences, simulate } from './simulation';

/** The rule told here gives another fee or incentive than the chain has: no forecast may be built on it. */
export class ToldOtherwise extends Error {
  constructor(count: number, of: number) {
    super(
      $localize`${count}:count: of ${of}:all: past payments come out otherwise here than on the chain: nothing is predicted. Ask another node, or report it.`,
    );
  }
}

@Injectable({ providedIn: 'root' })
export class PaymentHistory {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  /** What was read, of which community and through which node: of it only later blocks are asked for again. */
  private kept: Kept | null = null;

  /**
   * Every payment up to the latest block.
   *
   * Throws `ToldOtherwise` where one of them, told again under the terms that were in force, differs from the chain.
   */
  async read(): Promise<History> {
    const { token, treasury } = this.communities.require().contracts;
    const history = historyOf(await this.events(), token, treasury);
    const { payments, timeline } = history;
    const wrong = differences(
      payments,
      simulate(payments, (at) => timeline.table(at), true),
    );
    if (wrong.length) throw new ToldOtherwise(wrong.length, payments.length);
    return history;
  }

  /** The events that decide payments, in the chain's order. */
  private async events(): Promise<readonly TimedEvent[]> {
    const { contracts, firstBlock } = this.communities.require();
    const { token, community, services, purchases, loans, works } = contracts;
    const topics = [
      ...TOKEN_EVENTS.map((name) => topicOf(communityTokenAbi, name)),
      ...MEMBER_EVENTS.map((name) => topicOf(communityAbi, name)),
      ...DEAL_EVENTS.map((name) => topicOf(serviceExchangeAbi, name)),
      topicOf(goodsLoansAbi, 'LoanReserved'),
    ];
    const client = this.chain.require();
    const isKept = this.kept?.client === client && this.kept.community === community;
    const before = isKept && this.kept ? this.kept : { events: [], block: firstBlock - 1 };
    const block = Number(await client.getBlockNumber());
    if (block <= before.block) return before.events;
    const addresses = [token, community, services, purchases, loans, works];
    const later = await this.chain.events(addresses, [topics], before.block + 1, block);
    const events = [...before.events, ...(await timed(client, later))];
    this.kept = { client, community, block, events };
    return events;
  }
}

interface Kept {
  readonly client: PublicClient;
  readonly community: Hex;
  /** The latest block that was read. */
  readonly block: number;
  readonly events: readonly TimedEvent[];
}
