/**
 * The encrypted envelope: a trader's orders and salt, carried by the commitment's event, opened by the wallet alone.
 *
 *     envelope  = version (1 byte: 0x01) ‖ nonce (12) ‖ AES-256-GCM(plain) with its tag (16)
 *     plain     = salt (32) ‖ orders, each: slot (2) ‖ side (1; 1 = buy) ‖ quantity in Wh (5) ‖ limit in µ€/kWh (5)
 *     bound to  = version ‖ chain id (32) ‖ marketplace (20) ‖ session id (32) ‖ trader (20)
 *     key       = HKDF-SHA256(r ‖ s of the EIP-191 signature over `keyText`), salt `commonwatt/envelope/1`, info bound to
 *
 * The same bytes as `commons/envelope.py`. Keys are never stored.
 */

import { getAddress, stringToBytes } from 'viem';

import { bigEndian, concat, fromBigEndian, randomBytes, toBytes, toHex, type Bytes } from './bytes';
import { SALT_BYTES, type Order } from './orders';
import type { Hex } from './units';

export const KEY_BYTES = 32;
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ORDER_BYTES = 13;

/** Where and whose an envelope is; it opens nowhere else and for nobody else. */
export interface EnvelopeContext {
  readonly chainId: bigint;
  readonly marketplace: Hex;
  readonly sessionId: bigint;
  readonly trader: Hex;
}

export interface Opened {
  readonly orders: Order[];
  readonly salt: Hex;
}

/** Why an envelope does not open. */
export type EnvelopeFault = 'too-short' | 'other-version' | 'other-key' | 'not-whole-orders';

export class EnvelopeError extends Error {
  constructor(readonly fault: EnvelopeFault) {
    super(`the envelope cannot be opened: ${fault}`);
  }
}

/** The text that the wallet signs to make the key. It is English for everybody: another text would be another key. */
export function keyText(context: EnvelopeContext): string {
  return (
    'Commonwatt: key of my sealed orders\n\n' +
    'This signature opens the orders that I seal for the session below. It moves no money.\n' +
    'Only sign this on Commonwatt: whoever has this signature can read my orders before they are revealed.\n\n' +
    `Chain: ${context.chainId}\n` +
    `Marketplace: ${getAddress(context.marketplace)}\n` +
    `Session: ${context.sessionId}\n` +
    `Trader: ${getAddress(context.trader)}`
  );
}

function boundTo(context: EnvelopeContext): Bytes {
  return concat(
    new Uint8Array([VERSION]),
    bigEndian(context.chainId, 32),
    toBytes(context.marketplace),
    bigEndian(context.sessionId, 32),
    toBytes(context.trader),
  );
}

/** The key that a signature over `keyText` makes. v is left out: wallets write it differently. */
export async function keyFromSignature(signature: Hex, context: EnvelopeContext): Promise<Bytes> {
  const secret = toBytes(signature).slice(0, 64);
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const salt = new Uint8Array(stringToBytes('commonwatt/envelope/1'));
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt, info: boundTo(context) },
    material,
    8 * KEY_BYTES,
  );
  return new Uint8Array(bits);
}

/** The key, and whether the wallet signed the same text twice alike, so that its signature may serve as the key. */
export async function keyOfWallet(
  sign: (text: string) => Promise<Hex>,
  context: EnvelopeContext,
): Promise<{ key: Bytes; steady: boolean }> {
  const text = keyText(context);
  const [first, second] = [await sign(text), await sign(text)];
  return { key: await keyFromSignature(first, context), steady: first.slice(0, 130) === second.slice(0, 130) };
}

export function randomKey(): Bytes {
  return randomBytes(KEY_BYTES);
}

/** The envelope of valid `orders` and their salt, under a fresh random nonce. */
export async function seal(orders: readonly Order[], salt: Hex, key: Bytes, context: EnvelopeContext): Promise<Hex> {
  const nonce = randomBytes(NONCE_BYTES);
  const plain = concat(toBytes(salt), ...orders.map(pack));
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: boundTo(context) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, aes, plain));
  return toHex(concat(new Uint8Array([VERSION]), nonce, sealed));
}

/** The orders and the salt in an envelope; throws `EnvelopeError`. */
export async function unseal(envelope: Hex, key: Bytes, context: EnvelopeContext): Promise<Opened> {
  const bytes = toBytes(envelope);
  if (bytes.length < 1 + NONCE_BYTES + SALT_BYTES + TAG_BYTES) throw new EnvelopeError('too-short');
  if (bytes[0] !== VERSION) throw new EnvelopeError('other-version');
  const plain = await decrypt(bytes, key, context);
  const packed = plain.slice(SALT_BYTES);
  if (packed.length % ORDER_BYTES) throw new EnvelopeError('not-whole-orders');
  const orders: Order[] = [];
  for (let at = 0; at < packed.length; at += ORDER_BYTES) orders.push(unpack(packed.slice(at, at + ORDER_BYTES)));
  return { orders, salt: toHex(plain.slice(0, SALT_BYTES)) };
}

async function decrypt(bytes: Bytes, key: Bytes, context: EnvelopeContext): Promise<Bytes> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  const algorithm = { name: 'AES-GCM', iv: bytes.slice(1, 1 + NONCE_BYTES), additionalData: boundTo(context) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, aes, bytes.slice(1 + NONCE_BYTES)));
  } catch {
    throw new EnvelopeError('other-key');
  }
}

function pack(order: Order): Bytes {
  return concat(
    bigEndian(BigInt(order.slot), 2),
    bigEndian(order.isBuy ? 1n : 0n, 1),
    bigEndian(order.quantityWh, 5),
    bigEndian(order.limitPrice, 5),
  );
}

function unpack(packed: Bytes): Order {
  return {
    slot: Number(fromBigEndian(packed.slice(0, 2))),
    isBuy: packed[2] === 1,
    quantityWh: fromBigEndian(packed.slice(3, 8)),
    limitPrice: fromBigEndian(packed.slice(8)),
  };
}
