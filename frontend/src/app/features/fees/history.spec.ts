import { TestBed } from '@angular/core/testing';

import { ChainService, type ChainEvent } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { ZERO_HASH } from '../../core/market/bytes';
import { Category } from '../tokens/categories';
import { PaymentHistory, ToldOtherwise } from './history';

const [TOKEN, TREASURY, ONE, OTHER] = ['0x70', '0x7e', '0xa1', '0xb2'];
const NOBODY = '0x0000000000000000000000000000000000000000';

/** A plain payment of ten between two members; at no fee, as no terms were ever announced. */
function payment(block: number, fee = 0n): ChainEvent {
  const args = {
    payer: ONE,
    payee: OTHER,
    category: Category.Transfer,
    amount: 10n,
    fee,
    structure: NOBODY,
    structureAmount: 0n,
    payerIncentive: 0n,
    payeeIncentive: 0n,
    paymentReference: ZERO_HASH,
  };
  return { name: 'Paid', args, address: TOKEN as `0x${string}`, block, transaction: '0x01', logIndex: 0 };
}

/** A chain that grows, and what was asked of it. */
class Chain {
  events: ChainEvent[] = [];
  head = 0;
  readonly asked: string[] = [];
  client = this.node();

  node(): object {
    return {
      getBlockNumber: () => Promise.resolve(BigInt(this.head)),
      getBlock: ({ blockNumber }: { blockNumber: bigint }) => {
        this.asked.push(`block ${blockNumber}`);
        return Promise.resolve({ number: blockNumber, timestamp: blockNumber * 10n });
      },
    };
  }

  history(): PaymentHistory {
    const community = { contracts: { token: TOKEN, treasury: TREASURY, community: '0xc0' }, firstBlock: 1 };
    const events = (_: unknown, __: unknown, first: number, last: number): Promise<ChainEvent[]> => {
      this.asked.push(`events ${first}–${last}`);
      return Promise.resolve(this.events.filter(({ block }) => block >= first && block <= last));
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: ChainService, useValue: { require: () => this.client, events } },
        { provide: CommunityService, useValue: { require: () => community } },
      ],
    });
    return TestBed.inject(PaymentHistory);
  }
}

describe('the history of payments', () => {
  it('read again: only later blocks are asked for, and the whole is told', async () => {
    const chain = new Chain();
    const history = chain.history();
    [chain.head, chain.events] = [5, [payment(3)]];
    expect((await history.read()).payments).toHaveLength(1);
    expect((await history.read()).payments).toHaveLength(1);
    [chain.head, chain.events] = [8, [payment(3), payment(7)]];
    expect((await history.read()).payments.map((one) => one.at)).toEqual([30, 70]);
    expect(chain.asked).toEqual(['events 1–5', 'block 3', 'events 6–8', 'block 7']);
  });

  it('through another node: all is asked for anew, for it may tell something else', async () => {
    const chain = new Chain();
    const history = chain.history();
    [chain.head, chain.events] = [5, [payment(3)]];
    await history.read();
    chain.client = chain.node();
    chain.events = [];
    expect((await history.read()).payments).toHaveLength(0);
  });

  it('a fee that no terms explain: nothing is predicted, the next time either', async () => {
    const chain = new Chain();
    const history = chain.history();
    [chain.head, chain.events] = [5, [payment(3, 1n)]];
    await expect(history.read()).rejects.toThrow(ToldOtherwise);
    await expect(history.read()).rejects.toThrow(ToldOtherwise);
  });
});
