/**
 * OpenZeppelin's StandardMerkleTree: double keccak of the ABI encoding, leaves sorted, pairs sorted.
 *
 * The same tree as `commons/merkle.py` and `MerkleProof.sol`.
 */

import { keccak256 } from 'viem';

import { concat, hash, toBytes } from './bytes';
import type { Hex } from './units';

/** The hash under which ABI-encoded values stand in the tree. */
export function leafHash(encoded: Hex | Uint8Array): Hex {
  return keccak256(keccak256(encoded));
}

/** The hash of two children, the smaller first. Hashes are lower case, so that their text sorts as their bytes do. */
function pairHash(a: Hex, b: Hex): Hex {
  const [low, high] = a < b ? [a, b] : [b, a];
  return hash(concat(toBytes(low), toBytes(high)));
}

export class StandardMerkleTree {
  /** The root at 0, the children of i at 2i + 1 and 2i + 2, the smallest leaf last. */
  private readonly nodes: readonly Hex[];
  private readonly positions: readonly number[];

  constructor(leaves: readonly Hex[]) {
    const count = leaves.length;
    if (count === 0) throw new RangeError('a Merkle tree of no leaves has no root');
    const order = leaves
      .map((_, at) => at)
      .sort((a, b) => (leaves[a] < leaves[b] ? -1 : leaves[a] > leaves[b] ? 1 : a - b));
    const nodes = new Array<Hex>(2 * count - 1);
    const positions = new Array<number>(count);
    for (const [rank, at] of order.entries()) {
      positions[at] = 2 * count - 2 - rank;
      nodes[positions[at]] = leaves[at];
    }
    for (let at = count - 2; at >= 0; at--) nodes[at] = pairHash(nodes[2 * at + 1], nodes[2 * at + 2]);
    this.nodes = nodes;
    this.positions = positions;
  }

  get root(): Hex {
    return this.nodes[0];
  }

  /** The siblings from the given leaf (by its place in what was handed in) up to the root. */
  proof(leaf: number): Hex[] {
    const siblings: Hex[] = [];
    for (let at = this.positions[leaf]; at > 0; at = (at - 1) >> 1) siblings.push(this.nodes[at % 2 ? at + 1 : at - 1]);
    return siblings;
  }
}

/** Whether `proof` leads from the leaf hash to the root, as `MerkleProof.sol` decides it. */
export function verifyProof(root: Hex, leaf: Hex, proof: readonly Hex[]): boolean {
  return proof.reduce(pairHash, leaf) === root;
}
