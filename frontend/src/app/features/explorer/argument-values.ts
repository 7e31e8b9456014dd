/** What an event says, as figures and words: each argument in its unit, records unfolded into their fields. */

import { zeroAddress } from 'viem';

import type { ChainEvent } from '../../core/chain/chain';
import { roleName } from '../../core/chain/roles';
import { ZERO_HASH } from '../../core/market/bytes';
import type { Hex } from '../../core/market/units';
import {
  exactDecimal,
  showDuration,
  showEur,
  showKwh,
  showMoment,
  showPrice,
  type Language,
} from '../../core/text/figures';
import { KIND_NAMES, PROFILE_NAMES } from '../members/names';
import { dateOf } from '../rewards/days';
import { CATEGORY_NAMES, TOKEN_DECIMALS, type Category } from '../tokens/categories';
import { argumentName } from './argument-words';

export interface Entry {
  /** Where it stands in the event, apart by points. */
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

/** How the community's monies are told apart. */
export interface Monies {
  readonly euro: Hex;
  readonly token: Hex;
  readonly symbol: string;
}

type Money = 'euro' | 'tokens';

const words = (names: string): ReadonlySet<string> => new Set(names.split(' '));
const MOMENTS = words(
  'effectiveFrom validFrom validUntil periodStart periodEnd paidUntil deadline closesAt acceptBy dueAt finalAt movesAt ' +
    'answerBy checkBy confirmBy decideBy handOverBy executionDeadline settlementTimeout commitDeadline revealDeadline ' +
    'deliveryStart',
);
const SPANS = words(
  'duration longest deliverWithin commit reveal challenge challengeWindow settlement execution executionTimeout ' +
    'slotSeconds',
);
const PRICES = words('floorPrice capPrice penaltyPrice limitPrice');
const ENERGIES = words('quantityWh smallestOrder');
const DAYS = words('day fromDay');
const MONEY = words(
  'amount value fee payerIncentive payeeIncentive structureAmount wanted paid price unitPrice pricePaid deposit ' +
    'depositFixed compensation returned latePerDay bond bounty lock maxLock unlocked debit credit penalty total left ' +
    'issuedInPeriod consumer prosumer prostormer',
);
const TOKENS = words('tokens tokensPerKwh maxTokens');
/** Limits of incentives count in millionths of a token. */
const MILLIONTHS = words('mostPerPayment mostPerMember mostPerPair');
/** Events of the market, of operators and of money in euro; all others' money is the community's token. */
const IN_EURO = words(
  'Deposited Withdrawn CommitmentSubmitted CommitmentWithdrawn OrdersRevealed Executed DepositForfeited LockReleased ' +
    'UnfilledFreed EscrowMoved PotSwept TreasuryPaid SettlementPosted SessionOpened BondDeposited BondLost ' +
    'BondWithdrawn BountyPaid OperatorsScheduled DemandBondPaid DemandedInVain Minted Redeemed IncentiveReceived ' +
    'IncentiveClosed SharePaid SplitPosted YearlyFeePaid TokensBought',
);
/** Of `ITokenPolicy.TokenAmount`: the yearly fee and the token's price are in euro. */
const EURO_AMOUNTS: readonly unknown[] = [5, 6];
const MOST_LETTERS = 200;
/** The end of what has none: the largest moment that the contracts can hold. */
const NEVER = 2 ** 40 - 1;

/** All that an event says; records come as one entry a field. */
export function entriesOf(event: ChainEvent, monies: Monies | null, language: Language): Entry[] {
  const writer = new Writer(event, monies, language);
  return writer.entries(event.args, '', '');
}

class Writer {
  private readonly money: Money | null;

  constructor(
    private readonly event: ChainEvent,
    private readonly monies: Monies | null,
    private readonly language: Language,
  ) {
    this.money = moneyOf(event, monies);
  }

  entries(record: Readonly<Record<string, unknown>>, path: string, before: string): Entry[] {
    return Object.entries(record).flatMap(([name, value]) => this.entry(name, value, path, before));
  }

  private entry(name: string, value: unknown, path: string, before: string): Entry[] {
    const [at, words] = [path + name, before + argumentName(name)];
    if (Array.isArray(value)) {
      return value.flatMap((one: unknown, place) =>
        isRecord(one)
          ? this.entries(one, `${at}.${place}.`, `${words} ${place + 1}: `)
          : [{ path: `${at}.${place}`, name: words, value: this.write(name, one) }],
      );
    }
    if (isRecord(value)) return this.entries(value, `${at}.`, `${words}: `);
    return [{ path: at, name: words, value: this.write(name, value) }];
  }

  private write(name: string, value: unknown): string {
    if (typeof value === 'boolean') return value ? $localize`yes` : $localize`no`;
    if (typeof value === 'bigint' || typeof value === 'number') return this.figure(name, BigInt(value));
    if (name.toLowerCase().endsWith('role')) return roleName(String(value));
    if (value === zeroAddress || value === ZERO_HASH) return '–';
    if (name === 'asset' && this.monies) return this.asset(String(value));
    const text = String(value);
    return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
  }

  private figure(name: string, value: bigint): string {
    const { language } = this;
    if (MOMENTS.has(name)) return this.moment(Number(value));
    if (SPANS.has(name)) return showDuration(Number(value));
    if (PRICES.has(name)) return showPrice(value, language);
    if (ENERGIES.has(name)) return showKwh(value, language);
    if (DAYS.has(name)) return dateOf(Number(value));
    if (name.endsWith('Bps')) return `${exactDecimal(value, 2, 0, language)} %`;
    if (TOKENS.has(name)) return this.tokens(value);
    if (MILLIONTHS.has(name)) return this.tokens(value * 10n ** 12n);
    if (MONEY.has(name) && this.money) return this.money === 'euro' ? showEur(value, language) : this.tokens(value);
    return this.choice(name, Number(value)) ?? value.toString();
  }

  private moment(epochS: number): string {
    if (epochS === 0) return '–';
    return epochS >= NEVER ? $localize`without an end` : showMoment(epochS, this.language);
  }

  /** A number that stands for one of a few things. */
  private choice(name: string, value: number): string | null {
    if (name === 'category') return CATEGORY_NAMES[value as Category] ?? null;
    if (name === 'profile') return PROFILE_NAMES[value] ?? null;
    const isMembers = /^(Member|Welcome)/.test(this.event.name);
    return name === 'kind' && isMembers ? (KIND_NAMES[value] ?? null) : null;
  }

  private tokens(value: bigint): string {
    return `${exactDecimal(value, TOKEN_DECIMALS, 0, this.language)} ${this.monies?.symbol ?? ''}`.trim();
  }

  private asset(address: string): string {
    const [one, { euro, token }] = [address.toLowerCase(), this.monies ?? { euro: '', token: '' }];
    if (one === euro.toLowerCase()) return $localize`settlement euro`;
    return one === token.toLowerCase() ? $localize`community tokens` : address;
  }
}

/** In which money an event's amounts are; null where this community's monies are not known, or it is another. */
function moneyOf({ name, args, address }: ChainEvent, monies: Monies | null): Money | null {
  if (IN_EURO.has(name)) return 'euro';
  if (name === 'AmountScheduled') return EURO_AMOUNTS.includes(args['which']) ? 'euro' : 'tokens';
  const isOfOne = 'asset' in args || name === 'Transfer' || name === 'Approval';
  if (!isOfOne) return 'tokens';
  const asset = String(args['asset'] ?? address).toLowerCase();
  if (asset === monies?.euro.toLowerCase()) return 'euro';
  return asset === monies?.token.toLowerCase() ? 'tokens' : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
