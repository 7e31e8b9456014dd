/** Offers, requests, deals, group purchases and loans, as the community's contracts have them. */

import { inject, Injectable } from '@angular/core';
import { encodeAbiParameters, keccak256, type Abi } from 'viem';

import type { Hex } from '../market/units';
import { ChainService, topicOf, wordOfAddress, type ChainEvent } from './chain';
import { CommunityService } from './community';
import { communityWorksAbi, goodsLoansAbi, groupPurchasesAbi, serviceExchangeAbi } from './generated/abis';
import { textBehind } from './texts';

/** A contract in which tokens are dealt with. */
export type House = 'services' | 'works' | 'purchases' | 'loans';

export const HOUSE_ABIS: Readonly<Record<House, Abi>> = {
  services: serviceExchangeAbi,
  works: communityWorksAbi,
  purchases: groupPurchasesAbi,
  loans: goodsLoansAbi,
};

export enum DealState {
  None,
  Pledged,
  Accepted,
  Delivered,
  Confirmed,
  Disputed,
  Paid,
  Refunded,
}

export enum LoanState {
  None,
  Reserved,
  Lent,
  GivenBack,
  Disputed,
  Closed,
}

export interface Deal {
  readonly id: bigint;
  readonly house: Exclude<House, 'loans'>;
  readonly payer: Hex;
  readonly payee: Hex;
  readonly category: number;
  readonly state: DealState;
  readonly feeBps: number;
  readonly structureBps: number;
  readonly isChecked: boolean;
  readonly amount: bigint;
  readonly structure: Hex;
  readonly deadline: number;
  /** The listing, or the group purchase. */
  readonly listingId: bigint;
  /** What was said in its course: evidence, reasons, reviews, each null where the text is not on the chain. */
  readonly said: readonly Saying[];
}

export interface Saying {
  readonly kind: 'delivered' | 'disputed' | 'reviewed';
  readonly account: Hex | null;
  readonly text: string | null;
  readonly hash: Hex;
}

export interface Loan {
  readonly id: bigint;
  readonly goodId: bigint;
  readonly borrower: Hex;
  readonly lender: Hex;
  readonly state: LoanState;
  readonly price: bigint;
  readonly deposit: bigint;
  readonly latePerDay: bigint;
  readonly deadline: number;
  /** When it is due back; before it is handed over, how long it is lent for. */
  readonly dueAt: number;
}

export interface Listing {
  readonly id: bigint;
  readonly maker: Hex;
  readonly isRequest: boolean;
  readonly isClosed: boolean;
  readonly category: number;
  readonly amount: bigint;
  readonly places: number;
  readonly acceptBy: number;
  readonly deliverWithin: number;
  readonly structure: Hex;
  readonly structureBps: number;
  readonly text: string | null;
  readonly contentHash: Hex;
}

export interface Purchase {
  readonly id: bigint;
  readonly supplier: Hex;
  readonly units: number;
  readonly isCancelled: boolean;
  readonly unitPrice: bigint;
  readonly leastUnits: number;
  readonly mostUnits: number;
  readonly closesAt: number;
  readonly deliverWithin: number;
  readonly text: string | null;
  readonly contentHash: Hex;
}

export interface Good {
  readonly id: bigint;
  readonly lender: Hex;
  readonly loanId: bigint;
  readonly isWithdrawn: boolean;
  readonly price: bigint;
  readonly deposit: bigint;
  readonly latePerDay: bigint;
  readonly longest: number;
  readonly text: string | null;
  readonly contentHash: Hex;
}

const SAYINGS: Readonly<Record<string, readonly [Saying['kind'], string]>> = {
  DealDelivered: ['delivered', 'evidenceHash'],
  DealDisputed: ['disputed', 'reasonHash'],
  DealReviewed: ['reviewed', 'reviewHash'],
};
const NO_HASH = /^0x0{64}$/;
const HOUSES_OF_DEALS = ['services', 'works', 'purchases'] as const;
type RawDeal = Omit<Deal, 'id' | 'house' | 'said'>;

@Injectable({ providedIn: 'root' })
export class DealsService {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  /** Texts once found stay what they are: the hash says so. */
  private readonly texts = new Map<Hex, Promise<string | null>>();

  address(house: House): Hex {
    return this.communities.require().contracts[house];
  }

  async listings(house: 'services' | 'works'): Promise<Listing[]> {
    const events = await this.events(house, ['Listed']);
    const found = await this.each<{ terms: Omit<Listing, 'id'> }>(house, 'listingOf', events, 'listingId');
    return this.withTexts(found, events, 'listingId');
  }

  async purchases(): Promise<Purchase[]> {
    const events = await this.events('purchases', ['PurchaseOpened']);
    const found = await this.each<{ terms: { contentHash: Hex } }>('purchases', 'purchaseOf', events, 'purchaseId');
    return this.withTexts(found, events, 'purchaseId');
  }

  async goods(): Promise<Good[]> {
    const events = await this.events('loans', ['GoodOffered']);
    const found = await this.each<{ terms: { contentHash: Hex } }>('loans', 'goodOf', events, 'goodId');
    return this.withTexts(found, events, 'goodId');
  }

  async deals(house: Exclude<House, 'loans'>): Promise<Deal[]> {
    const events = await this.events(house, ['DealOpened', ...Object.keys(SAYINGS)]);
    const opened = events.filter((event) => event.name === 'DealOpened');
    const found = await this.each<RawDeal>(house, 'dealOf', opened, 'dealId');
    return Promise.all(
      found.map(async (deal, at) => {
        const id = opened[at].args['dealId'] as bigint;
        const told = events.filter((event) => event.name in SAYINGS && event.args['dealId'] === id);
        const said = await Promise.all(told.map((event) => this.saying(event)));
        return dealOf(house, id, deal, said);
      }),
    );
  }

  /** The deals of a payer or payee that are not over, without what was said in them. */
  async openOf(account: Hex): Promise<Deal[]> {
    const { firstBlock } = this.communities.require();
    const own = wordOfAddress(account);
    const found = HOUSES_OF_DEALS.map(async (house) => {
      const opened = topicOf(HOUSE_ABIS[house], 'DealOpened');
      const events = await Promise.all([
        this.chain.events([this.address(house)], [opened, null, own], firstBlock),
        this.chain.events([this.address(house)], [opened, null, null, own], firstBlock),
      ]);
      const deals = await this.each<RawDeal>(house, 'dealOf', events.flat(), 'dealId');
      return deals.map((deal, at) => dealOf(house, events.flat()[at].args['dealId'] as bigint, deal, []));
    });
    return (await Promise.all(found)).flat().filter((deal) => deal.state < DealState.Paid);
  }

  async loans(): Promise<Loan[]> {
    const events = await this.events('loans', ['LoanReserved']);
    const found = await this.each<Omit<Loan, 'id'>>('loans', 'loanOf', events, 'loanId');
    return found.map((loan, at) => ({
      ...loan,
      id: events[at].args['loanId'] as bigint,
      goodId: BigInt(loan.goodId),
      borrower: lower(loan.borrower),
      lender: lower(loan.lender),
    }));
  }

  /** What the deals and loans of a wallet were about, by the reference that their payments carry. */
  async subjectsOf(account: Hex): Promise<ReadonlyMap<Hex, string | null>> {
    const { firstBlock } = this.communities.require();
    const own = wordOfAddress(account);
    const subjects = new Map<Hex, string | null>();
    for (const house of HOUSES_OF_DEALS) {
      const opened = topicOf(HOUSE_ABIS[house], 'DealOpened');
      const events = (
        await Promise.all([
          this.chain.events([this.address(house)], [opened, null, own], firstBlock),
          this.chain.events([this.address(house)], [opened, null, null, own], firstBlock),
        ])
      ).flat();
      if (events.length === 0) continue;
      const listed = house === 'purchases' ? await this.purchases() : await this.listings(house);
      for (const { args } of events) {
        const about = listed.find((one) => one.id === args['listingId']);
        subjects.set(referenceOf(this.address(house), args['dealId'] as bigint), about?.text ?? null);
      }
    }
    const [loans, goods] = await Promise.all([this.loans(), this.goods()]);
    for (const loan of loans.filter((one) => [one.lender, one.borrower].includes(account))) {
      const about = goods.find((good) => good.id === loan.goodId);
      subjects.set(referenceOf(this.address('loans'), loan.id), about?.text ?? null);
    }
    return subjects;
  }

  private async events(house: House, names: readonly string[]): Promise<ChainEvent[]> {
    const { firstBlock } = this.communities.require();
    const topics = names.map((name) => topicOf(HOUSE_ABIS[house], name));
    return this.chain.events([this.address(house)], [topics], firstBlock);
  }

  private each<T>(house: House, functionName: string, events: readonly ChainEvent[], id: string): Promise<T[]> {
    const [client, address, abi] = [this.chain.require(), this.address(house), HOUSE_ABIS[house]];
    const ask = (event: ChainEvent): Promise<T> =>
      client.readContract({ address, abi, functionName, args: [event.args[id]] }) as Promise<T>;
    return Promise.all(events.map(ask));
  }

  /** What `…Of` gave, its terms unfolded, with its number and its text. */
  private withTexts<T>(
    found: readonly { readonly terms: { readonly contentHash: Hex } }[],
    events: readonly ChainEvent[],
    id: string,
  ): Promise<T[]> {
    return Promise.all(
      found.map(async ({ terms, ...rest }, at) => {
        const text = await this.text(events[at].transaction, terms.contentHash);
        return { ...terms, ...lowered(rest), id: events[at].args[id], text } as T;
      }),
    );
  }

  private async saying(event: ChainEvent): Promise<Saying> {
    const [kind, argument] = SAYINGS[event.name];
    const hash = event.args[argument] as Hex;
    const account = event.args['account'] === undefined ? null : lower(event.args['account'] as string);
    return { kind, account, hash, text: await this.text(event.transaction, hash) };
  }

  private text(transaction: Hex, hash: Hex): Promise<string | null> {
    const known = this.texts.get(hash);
    if (known) return known;
    const read = async (): Promise<string | null> => {
      const { input } = await this.chain.require().getTransaction({ hash: transaction });
      return textBehind(input, hash);
    };
    const asked = read().catch((error: unknown) => {
      this.texts.delete(hash);
      throw error;
    });
    this.texts.set(hash, asked);
    return asked;
  }
}

/** A deal as the contract has it, its numbers and addresses as the page writes them. */
function dealOf(house: Deal['house'], id: bigint, deal: RawDeal, said: readonly Saying[]): Deal {
  const parties = { payer: lower(deal.payer), payee: lower(deal.payee), structure: lower(deal.structure) };
  const times = { deadline: Number(deal.deadline), listingId: BigInt(deal.listingId) };
  return { ...deal, ...parties, ...times, id, house, said: said.filter((one) => !NO_HASH.test(one.hash)) };
}

/** As `referenceOf` of the contracts has it. */
function referenceOf(house: Hex, id: bigint): Hex {
  return keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [house, id]));
}

function lower(address: string): Hex {
  return address.toLowerCase() as Hex;
}

/** Addresses of a record in lower case, numbers that count as bigints. */
function lowered(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(record).map(([name, value]): [string, unknown] => {
    if (typeof value === 'string' && /^0x[0-9a-f]{40}$/i.test(value)) return [name, lower(value)];
    return [name, name === 'loanId' ? BigInt(value as number) : value];
  });
  return Object.fromEntries(entries);
}
