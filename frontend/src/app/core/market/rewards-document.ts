/**
 * A day's published rewards, as `oracle/publication/rewards.py` writes them: what each member may claim, and the root.
 *
 *     leaf = (uint256 batchId, address member, uint256 amount), in OpenZeppelin's StandardMerkleTree
 */

import { encodeAbiParameters } from 'viem';

import { hexOf, integer, list, Malformed, record } from './canonical';
import { leafHash, StandardMerkleTree } from './merkle';
import type { Dataset } from './publication';
import { sum, type Hex } from './units';

export const REWARDS_KIND = 'commonwatt/rewards/1';
const HEAD = ['chain_id', 'rewards', 'day', 'round', 'parameters', 'dataset', 'total', 'root'];
const ROUND_BITS = 32n;

export interface RewardClaim {
  readonly member: Hex;
  readonly amount: bigint;
}

export interface UsedDataset {
  readonly day: number;
  readonly version: number;
  readonly root: Hex;
}

export interface RewardsDocument {
  readonly day: number;
  readonly round: number;
  readonly parameters: bigint;
  readonly datasetVersion: number;
  readonly datasets: readonly UsedDataset[];
  readonly claims: readonly RewardClaim[];
  readonly root: Hex;
  readonly batchId: bigint;
}

/** The document, once its claims lead to its root and sum up to its total. */
export function readRewards(dataset: Dataset): RewardsDocument {
  const head = record(dataset.head, HEAD, 'head');
  const [day, round] = [integer(head['day'], 32, 'day'), integer(head['round'], 32, 'round')];
  const document = {
    day: Number(day),
    round: Number(round),
    parameters: integer(head['parameters'], 256, 'parameters'),
    datasetVersion: Number(integer(head['dataset'], 32, 'dataset')),
    datasets: list(dataset.tables['datasets'], 'datasets').map((entry) => {
      const used = record(entry, ['day', 'version', 'root'], 'datasets');
      const [usedDay, version] = [integer(used['day'], 32, 'day'), integer(used['version'], 32, 'version')];
      return { day: Number(usedDay), version: Number(version), root: hexOf(used['root'], 32, 'root') };
    }),
    claims: list(dataset.tables['claims'], 'claims').map((entry) => {
      const claim = record(entry, ['member', 'amount'], 'claims');
      return { member: hexOf(claim['member'], 20, 'member'), amount: integer(claim['amount'], 127, 'amount') };
    }),
    root: hexOf(head['root'], 32, 'root'),
    batchId: (day << ROUND_BITS) | round,
  };
  if (sum(document.claims.map((claim) => claim.amount)) !== integer(head['total'], 256, 'total')) {
    throw new Malformed('total', 'the sum of all claims');
  }
  if (document.claims.length === 0 || treeOf(document).root !== document.root) {
    throw new Malformed('root', 'the root of all claims');
  }
  return document;
}

/** The siblings that lead from a claim, by its place, to the root. */
export function proofOf(document: RewardsDocument, place: number): Hex[] {
  return treeOf(document).proof(place);
}

function treeOf({ batchId, claims }: Pick<RewardsDocument, 'batchId' | 'claims'>): StandardMerkleTree {
  return new StandardMerkleTree(claims.map((claim) => claimLeaf(batchId, claim)));
}

export function claimLeaf(batchId: bigint, { member, amount }: RewardClaim): Hex {
  const types = [{ type: 'uint256' }, { type: 'address' }, { type: 'uint256' }] as const;
  return leafHash(encodeAbiParameters(types, [batchId, member, amount]));
}
