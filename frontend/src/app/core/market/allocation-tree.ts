/**
 * The allocation tree of a slot: a Merkle tree with sums, by which a wrong fill can be shown on the chain.
 *
 *     leaf = keccak256(0x00 ‖ uint32 index ‖ address trader ‖ uint8 isBuy ‖ uint64 qty ‖ uint64 limit ‖ uint64 filled)
 *     node = keccak256(0x01 ‖ left hash ‖ left sums ‖ right hash ‖ right sums)
 *
 * Leaves are the slot's orders by ascending index, padded on the right to a power of two. Source: DESIGN section 7.
 */

import { bigEndian, concat, hash, toBytes, ZERO_HASH, type Bytes } from './bytes';
import type { BookOrder } from './orders';
import type { Hex } from './units';

/** Buy filled, sell filled, margin buy quantity, margin buy filled, margin sell quantity, margin sell filled; Wh. */
export type Sums = readonly [bigint, bigint, bigint, bigint, bigint, bigint];

export interface TreeNode {
  readonly hash: Hex;
  readonly sums: Sums;
}

export const NO_SUMS: Sums = [0n, 0n, 0n, 0n, 0n, 0n];
const PADDING: TreeNode = { hash: ZERO_HASH, sums: NO_SUMS };
const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

export class AllocationTree {
  private constructor(private readonly levels: readonly (readonly TreeNode[])[]) {}

  /** The tree of a slot's orders by ascending index, with their fills and the slot's price (0 where nothing trades). */
  static of(orders: readonly BookOrder[], filled: readonly bigint[], price: bigint): AllocationTree {
    if (orders.length === 0) return new AllocationTree([]);
    let level = orders.map((order, place) => leaf(order, filled[place], price));
    while (level.length & (level.length - 1)) level.push(PADDING);
    const levels = [level];
    while (level.length > 1) {
      const below = level;
      level = Array.from({ length: below.length / 2 }, (_, at) => parent(below[2 * at], below[2 * at + 1]));
      levels.push(level);
    }
    return new AllocationTree(levels);
  }

  get root(): TreeNode {
    return this.levels.at(-1)?.[0] ?? PADDING;
  }

  /** The siblings of the leaf at `position`, from the bottom up. */
  path(position: number): TreeNode[] {
    return this.levels.slice(0, -1).map((level, height) => level[(position >> height) ^ 1]);
  }
}

/** The root that `path`, the siblings from the leaf at `position` upwards, leads to. */
export function climb(from: TreeNode, position: number, path: readonly TreeNode[]): TreeNode {
  let node = from;
  for (const [height, sibling] of path.entries()) {
    node = (position >> height) & 1 ? parent(sibling, node) : parent(node, sibling);
  }
  return node;
}

/** One order with its fill, as it stands in the tree. */
export function leaf(order: BookOrder, filled: bigint, price: bigint): TreeNode {
  const content = concat(
    LEAF,
    bigEndian(BigInt(order.index), 4),
    toBytes(order.trader),
    bigEndian(order.isBuy ? 1n : 0n, 1),
    bigEndian(order.quantityWh, 8),
    bigEndian(order.limitPrice, 8),
    bigEndian(filled, 8),
  );
  return { hash: hash(content), sums: sumsOf(order, filled, price) };
}

function sumsOf(order: BookOrder, filled: bigint, price: bigint): Sums {
  const atMargin = order.limitPrice === price;
  const [quantity, fill] = atMargin ? [order.quantityWh, filled] : [0n, 0n];
  return order.isBuy ? [filled, 0n, quantity, fill, 0n, 0n] : [0n, filled, 0n, 0n, quantity, fill];
}

function parent(left: TreeNode, right: TreeNode): TreeNode {
  const sums = left.sums.map((amount, at) => amount + right.sums[at]) as unknown as Sums;
  return { hash: hash(NODE, packed(left), packed(right)), sums };
}

function packed(node: TreeNode): Bytes {
  return concat(toBytes(node.hash), ...node.sums.map((amount) => bigEndian(amount, 8)));
}
