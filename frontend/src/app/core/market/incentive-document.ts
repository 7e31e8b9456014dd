/**
 * A published division of an incentive, as `oracle/publication/incentive.py` writes it: what each member may claim.
 *
 *     leaf = (uint256 incentiveId, address member, uint256 amount), in OpenZeppelin's StandardMerkleTree; µ€
 */

import { hexOf, integer, list, Malformed, record } from './canonical';
import { StandardMerkleTree } from './merkle';
import type { Dataset } from './publication';
import { claimLeaf, type RewardClaim } from './rewards-document';
import { sum, type Hex } from './units';

export const INCENTIVE_KIND = 'commonwatt/incentive/1';
const HEAD = [
  'chain_id',
  'treasury',
  'incentive',
  'rule',
  'start',
  'end',
  'amount',
  'undivided',
  'total_weight',
  'root',
];

export interface IncentiveDocument {
  readonly incentiveId: bigint;
  readonly shares: readonly RewardClaim[];
  readonly root: Hex;
}

/** The document, once its shares lead to its root and are all of the amount that was divided. */
export function readIncentive(dataset: Dataset): IncentiveDocument {
  const head = record(dataset.head, HEAD, 'head');
  const incentiveId = integer(head['incentive'], 256, 'incentive');
  const shares = list(dataset.tables['shares'], 'shares').map((entry) => {
    const share = record(entry, ['member', 'amount'], 'shares');
    return { member: hexOf(share['member'], 20, 'member'), amount: integer(share['amount'], 127, 'amount') };
  });
  const document = { incentiveId, shares, root: hexOf(head['root'], 32, 'root') };
  const divided = integer(head['amount'], 256, 'amount') - integer(head['undivided'], 256, 'undivided');
  if (sum(shares.map((share) => share.amount)) !== divided) throw new Malformed('amount', 'the sum of all shares');
  if (shares.length === 0 || treeOf(document).root !== document.root) {
    throw new Malformed('root', 'the root of all shares');
  }
  return document;
}

/** The siblings that lead from a share, by its place, to the root. */
export function shareProof(document: IncentiveDocument, place: number): Hex[] {
  return treeOf(document).proof(place);
}

function treeOf({ incentiveId, shares }: Pick<IncentiveDocument, 'incentiveId' | 'shares'>): StandardMerkleTree {
  return new StandardMerkleTree(shares.map((share) => claimLeaf(incentiveId, share)));
}
