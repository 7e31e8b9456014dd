import type { ChainEvent } from '../../core/chain/chain';
import type { Hex } from '../../core/market/units';
import { accountCsv, balancesOf, csv, decimal } from './books-csv';

const wallet = (digit: string): Hex => `0x${digit.repeat(40)}`;
const [token, treasury, member] = [wallet('a'), wallet('b'), wallet('c')];
const moved = (from: Hex, to: Hex, value: bigint, block: number, address = token): ChainEvent => ({
  name: 'Transfer',
  args: { from, to, value },
  address,
  block,
  transaction: wallet('d'),
  logIndex: 0,
});
const events = [
  moved(wallet('0'), treasury, 5n * 10n ** 18n, 1),
  moved(treasury, member, 15n * 10n ** 17n, 2),
  moved(treasury, member, 1n, 3, wallet('e')),
];

describe('books', () => {
  it('an account: each movement with its balance, other tokens left out', () => {
    const booked = events.map((event) => ({ event, at: 60 * event.block }));
    expect(accountCsv(booked, token, treasury, 18).split('\n').slice(1)).toEqual([
      `1970-01-01T00:01:00Z,1,${wallet('d')},${wallet('0')},5,5`,
      `1970-01-01T00:02:00Z,2,${wallet('d')},${member},-1.5,3.5`,
      '',
    ]);
  });

  it('balances: rebuilt from movements, what is made and destroyed aside', () => {
    const found = balancesOf(events.slice(0, 2));
    expect([...found]).toEqual([
      [treasury, 35n * 10n ** 17n],
      [member, 15n * 10n ** 17n],
    ]);
  });

  it('a text with commas and quotes: is quoted; one that a spreadsheet would run: stays a text', () => {
    expect(csv([['a,b', 'say "x"', 7]])).toBe('"a,b","say ""x""",7\n');
    expect(csv([['=HYPERLINK(1)', '-1.5', '-cmd']])).toBe("'=HYPERLINK(1),-1.5,'-cmd\n");
  });

  it('figures: exact, whatever their size', () => {
    expect([decimal(0n, 18), decimal(-1n, 6), decimal(10n ** 24n + 1n, 18)]).toEqual([
      '0',
      '-0.000001',
      '1000000.000000000000000001',
    ]);
  });
});
