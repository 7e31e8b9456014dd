import { privateKeyToAccount } from 'viem/accounts';

import { vectors } from '../../../testing/vectors';
import { toHex } from './bytes';
import {
  EnvelopeError,
  keyFromSignature,
  keyOfWallet,
  keyText,
  randomKey,
  seal,
  unseal,
  type EnvelopeContext,
} from './envelope';
import type { Order } from './orders';
import type { Hex } from './units';

interface Input {
  chain_id: bigint;
  marketplace: Hex;
  session_id: bigint;
  trader: Hex;
  private_key: Hex;
  envelope: Hex;
}
interface Expected {
  key_text: string;
  key: Hex;
  salt: Hex;
  orders: { slot: bigint; side: string; quantity_wh: bigint; limit_price: bigint }[];
}

const cases = vectors<Input, Expected>('envelope');

function contextOf(input: Input): EnvelopeContext {
  const { chain_id: chainId, marketplace, session_id: sessionId, trader } = input;
  return { chainId, marketplace, sessionId, trader };
}

function ordersOf(expected: Expected): Order[] {
  return expected.orders.map((order) => ({
    slot: Number(order.slot),
    isBuy: order.side === 'buy',
    quantityWh: order.quantity_wh,
    limitPrice: order.limit_price,
  }));
}

describe('an envelope', () => {
  it.each(cases)('golden vector “$name”: opens with the key of the wallet', async ({ input, expected }) => {
    const context = contextOf(input);
    expect(keyText(context)).toBe(expected.key_text);
    const signature = await privateKeyToAccount(input.private_key).signMessage({ message: keyText(context) });
    const key = await keyFromSignature(signature, context);
    expect(toHex(key)).toBe(expected.key);
    expect(await unseal(input.envelope, key, context)).toEqual({ salt: expected.salt, orders: ordersOf(expected) });
  });

  it('sealed here: opens again, and no two are alike', async () => {
    const [{ input, expected }] = cases;
    const [key, orders] = [randomKey(), ordersOf(expected)];
    const sealed = await seal(orders, expected.salt, key, contextOf(input));
    expect(await unseal(sealed, key, contextOf(input))).toEqual({ salt: expected.salt, orders });
    expect(await seal(orders, expected.salt, key, contextOf(input))).not.toBe(sealed);
  });

  it.each([
    ['cut short', (hex: string) => hex.slice(0, 40), 'too-short'],
    ['of another version', (hex: string) => `0x02${hex.slice(4)}`, 'other-version'],
    ['with its last byte changed', (hex: string) => hex.slice(0, -2) + (hex.endsWith('00') ? '01' : '00'), 'other-key'],
  ] as const)('%s: refused', async (_, alter, fault) => {
    const [{ input, expected }] = cases;
    const context = contextOf(input);
    const signature = await privateKeyToAccount(input.private_key).signMessage({ message: expected.key_text });
    const opening = unseal(alter(input.envelope) as Hex, await keyFromSignature(signature, context), context);
    await expect(opening).rejects.toEqual(new EnvelopeError(fault));
  });

  it('of another session: refused', async () => {
    const [{ input }] = cases;
    const context = contextOf(input);
    const signature = await privateKeyToAccount(input.private_key).signMessage({ message: keyText(context) });
    const other = { ...context, sessionId: context.sessionId + 1n };
    const opening = unseal(input.envelope, await keyFromSignature(signature, context), other);
    await expect(opening).rejects.toEqual(new EnvelopeError('other-key'));
  });

  it('a wallet that signs differently each time: noticed', async () => {
    let times = 0;
    const fickle = async (): Promise<Hex> => `0x${String(++times).padStart(128, '0')}00`;
    const steady = async (): Promise<Hex> => `0x${'11'.repeat(64)}${String(++times).padStart(2, '0').slice(-2)}`;
    expect((await keyOfWallet(fickle, contextOf(cases[0].input))).steady).toBe(false);
    expect((await keyOfWallet(steady, contextOf(cases[0].input))).steady).toBe(true);
  });
});
