import type { Reveal } from '../chain/session';
import type { SettlementDocument } from '../market/documents';
import { outcomeOf } from '../market/outcome';
import type { SettledSlot, SettledTrader } from '../market/settlement';
import type { Hex } from '../market/units';
import { basisStep, type Basis } from './basis';

const [BUYER, SELLER, OTHER]: Hex[] = ['1', '2', '3'].map((digit): Hex => `0x${digit.repeat(40)}`);
const CID = 'the outcome';

/** One slot in which a buyer gets 500 Wh each from two sellers, at 100 µ€/kWh. */
function basis(): Basis {
  const order = (index: number, trader: Hex, isBuy: boolean, quantityWh: bigint) => {
    return { index, trader, slot: 0, isBuy, quantityWh, limitPrice: 100n };
  };
  const orders = [order(0, BUYER, true, 1000n), order(1, SELLER, false, 500n), order(2, OTHER, false, 500n)];
  const reveals = orders.map(({ index, trader }) => ({ firstIndex: index, trader }) as Reveal);
  return { outcomeCid: CID, reveals, slots: outcomeOf(orders, 1) };
}

function member(trader: Hex, firstIndex: number, isBuy: boolean, filledWh: bigint): SettledTrader {
  const slot = { slot: 0, isBuy, filledWh } as SettledSlot;
  return { trader, firstIndex, slots: [slot], debit: 0n, credit: 0n, penalty: 0n };
}

const MEMBERS = [member(BUYER, 0, true, 1000n), member(SELLER, 1, false, 500n), member(OTHER, 2, false, 500n)];

function verdict(changes: Partial<SettlementDocument>): string {
  const document = { outcomeCid: CID, prices: [100n], members: MEMBERS, ...changes } as SettlementDocument;
  return basisStep(document, basis()).verdict;
}

describe('what a settlement rests on', () => {
  const [buyer, seller, other] = MEMBERS;

  it('everybody who revealed, once, in order: right', () => {
    expect(verdict({})).toBe('right');
  });

  it.each<[string, Partial<SettlementDocument>]>([
    ['another outcome', { outcomeCid: 'another' }],
    ['another price', { prices: [101n] }],
    ['a slot less', { prices: [] }],
    ['a member settled twice, in place of another', { members: [buyer, seller, seller] }],
    ['a member left out', { members: [buyer, seller] }],
    ['a member more', { members: [...MEMBERS, member(`0x${'4'.repeat(40)}`, 3, true, 0n)] }],
    ['two members exchanged, who would get each other’s odd Wh', { members: [buyer, other, seller] }],
    ['a first index that another has', { members: [buyer, { ...seller, firstIndex: 0 }, other] }],
    ['a Wh more filled', { members: [member(BUYER, 0, true, 1001n), seller, other] }],
    ['the other side', { members: [buyer, member(SELLER, 1, true, 500n), other] }],
    ['a fill left out', { members: [buyer, { ...seller, slots: [] }, other] }],
  ])('%s: wrong', (_, changes) => {
    expect(verdict(changes)).toBe('wrong');
  });
});
