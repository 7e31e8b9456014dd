import type { AbiParameter } from 'viem';

import type { ChainEvent } from '../../core/chain/chain';
import { EVENT_ABIS } from '../../core/chain/event-abis';
import { roleDigest } from '../../core/chain/roles';
import type { Hex } from '../../core/market/units';
import { showMoment } from '../../core/text/figures';
import { argumentName } from './argument-words';
import { entriesOf, type Monies } from './argument-values';

const MONIES: Monies = { euro: '0xEe', token: '0x70', symbol: 'TEST' };

function event(name: string, args: Readonly<Record<string, unknown>>, address: Hex = '0x01'): ChainEvent {
  return { name, args, address, block: 1, transaction: '0x02', logIndex: 0 };
}

/** The names of parameters, those within records too. */
function namesOf(parameters: readonly AbiParameter[]): string[] {
  return parameters.flatMap((one) => [
    one.name ?? '',
    ...('components' in one ? namesOf(one.components as readonly AbiParameter[]) : []),
  ]);
}

function written(name: string, args: Readonly<Record<string, unknown>>, address?: Hex): Record<string, string> {
  return Object.fromEntries(entriesOf(event(name, args, address), MONIES, 'en').map((one) => [one.name, one.value]));
}

describe('what an event says', () => {
  it('every argument of every event has words, and none is called as in Solidity', () => {
    const names = EVENT_ABIS.flatMap((abi) =>
      abi.flatMap((item) => (item.type === 'event' ? namesOf(item.inputs as readonly AbiParameter[]) : [])),
    );
    expect(names.length).toBeGreaterThan(400);
    const bare = [...new Set(names)].filter((name) => argumentName(name) === name);
    expect(bare).toEqual([]);
  });

  it('amounts of the market are euro, those of deals tokens', () => {
    const executed = { sessionId: 3n, debit: 1_250_000n, credit: 0n };
    expect(written('Executed', executed)).toEqual({ Session: '3', Debit: '1.25 €', Credit: '0.00 €' });
    const paid = { category: 2, amount: 25n * 10n ** 17n, fee: 10n ** 16n };
    expect(written('Paid', paid)).toEqual({
      'Kind of payment': 'A citizen serves citizens, hosted by a stakeholder',
      Amount: '2.5 TEST',
      Fee: '0.01 TEST',
    });
  });

  it('what moves in either money is told by the contract, and an unknown one has no unit', () => {
    expect(written('Transfer', { value: 5_000_000n }, '0xee')).toEqual({ Amount: '5.00 €' });
    expect(written('Transfer', { value: 10n ** 18n }, '0x70')).toEqual({ Amount: '1 TEST' });
    expect(written('Transfer', { value: 5_000_000n }, '0x99')).toEqual({ Amount: '5000000' });
    const received = { asset: '0xeE', amount: 1_000_000n };
    expect(written('Received', received)).toEqual({ 'In which money': 'settlement euro', Amount: '1.00 €' });
    expect(written('AmountScheduled', { which: 6, value: 2_000_000n })).toMatchObject({ Amount: '2.00 €' });
    expect(written('AmountScheduled', { which: 0, value: 10n ** 18n })).toMatchObject({ Amount: '1 TEST' });
  });

  it('moments, spans, shares, days and choices are in words', () => {
    expect(written('PointBound', { validFrom: 1_790_000_000, validUntil: 2 ** 40 - 1 })).toEqual({
      'From when': showMoment(1_790_000_000, 'en'),
      'Until when': 'without an end',
    });
    expect(written('DealOpened', { deadline: 0n })).toEqual({ 'Until when': '–' });
    expect(written('DealChecked', { sustainabilityBps: 2550 })).toEqual({ 'Good for the environment': '25.5 %' });
    expect(written('DatasetPosted', { day: 20_000 })).toEqual({ Day: '2024-10-04' });
    expect(written('DealConfirmed', { bySilence: true })).toEqual({ 'Nobody answered in time': 'yes' });
    expect(written('MemberApplied', { kind: 2, profile: 1 })).toEqual({ Kind: 'stakeholder', Profile: 'prosumer' });
    expect(written('RoleGranted', { role: roleDigest('TOKEN_ADMIN') })).toEqual({ Role: 'token administrator' });
  });

  it('records are unfolded, each field by its place and in its unit', () => {
    const orders = [
      { slot: 0, isBuy: true, quantityWh: 1500n, limitPrice: 200_000n },
      { slot: 3, isBuy: false, quantityWh: 900n, limitPrice: 100_000n },
    ];
    const found = entriesOf(event('OrdersRevealed', { orders, lock: 300_000n }), MONIES, 'en');
    expect(found.map((one) => `${one.name} = ${one.value}`)).toEqual([
      'Orders 1: Slot = 0',
      'Orders 1: Buys = yes',
      'Orders 1: Energy = 1.5 kWh',
      'Orders 1: Limit = 0.20 €/kWh',
      'Orders 2: Slot = 3',
      'Orders 2: Buys = no',
      'Orders 2: Energy = 0.9 kWh',
      'Orders 2: Limit = 0.10 €/kWh',
      'Locked = 0.30 €',
    ]);
    expect(new Set(found.map((one) => one.path)).size).toBe(found.length);
  });
});
