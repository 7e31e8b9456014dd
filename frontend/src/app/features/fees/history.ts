/** Reads the community's past payments from the chain, and proves on them that the rule told here is the contract's. */

import { inject, Injectable } from '@angular/core';

import { ChainService, topicOf } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityAbi, communityTokenAbi, goodsLoansAbi, serviceExchangeAbi } from '../../core/chain/generated/abis';
import { timed } from '../../core/chain/times';
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

  /**
   * Every payment up to the latest block.
   *
   * Throws `ToldOtherwise` where one of them, told again under the terms that were in force, differs from the chain.
   */
  async read(): Promise<History> {
    const { contracts, firstBlock } = this.communities.require();
    const { token, community, services, purchases, loans, works, treasury } = contracts;
    const topics = [
      ...TOKEN_EVENTS.map((name) => topicOf(communityTokenAbi, name)),
      ...MEMBER_EVENTS.map((name) => topicOf(communityAbi, name)),
      ...DEAL_EVENTS.map((name) => topicOf(serviceExchangeAbi, name)),
      topicOf(goodsLoansAbi, 'LoanReserved'),
    ];
    const addresses = [token, community, services, purchases, loans, works];
    const events = await this.chain.events(addresses, [topics], firstBlock);
    const history = historyOf(await timed(this.chain.require(), events), token, treasury);
    const { payments, timeline } = history;
    const wrong = differences(
      payments,
      simulate(payments, (at) => timeline.table(at), true),
    );
    if (wrong.length) throw new ToldOtherwise(wrong.length, payments.length);
    return history;
  }
}
