import { Malformed } from './canonical';
import { INCENTIVE_KIND, readIncentive, shareProof } from './incentive-document';
import { StandardMerkleTree, verifyProof } from './merkle';
import { claimLeaf } from './rewards-document';
import type { Hex } from './units';

const shares = ['11', '22', '33'].map((byte, at) => ({
  member: `0x${byte.repeat(20)}` as Hex,
  amount: BigInt(at + 1) * 1_000_000n,
}));
const root = new StandardMerkleTree(shares.map((share) => claimLeaf(7n, share))).root;

function published(more: Record<string, string> = {}) {
  const head = { chain_id: '31337', treasury: `0x${'ab'.repeat(20)}`, incentive: '7', rule: 'shared-energy/1' };
  const figures = { start: '0', end: '3600', amount: '6000001', undivided: '1', total_weight: '6' };
  return {
    kind: INCENTIVE_KIND,
    head: { ...head, ...figures, root, ...more },
    tables: { datasets: [], hours: [], shares: shares.map(({ member, amount }) => ({ member, amount: `${amount}` })) },
  };
}

describe('a published division of an incentive', () => {
  it('as operators publish it: every share leads to the root', () => {
    const document = readIncentive(published());
    expect(document.incentiveId).toBe(7n);
    for (const [place, share] of document.shares.entries()) {
      expect(verifyProof(root, claimLeaf(7n, share), shareProof(document, place))).toBe(true);
    }
  });

  it.each([
    ['amount', '6000002'],
    ['undivided', '0'],
    ['incentive', '8'],
    ['root', `0x${'ee'.repeat(32)}`],
  ])('another %s: is refused', (name, value) => {
    expect(() => readIncentive(published({ [name]: value }))).toThrow(Malformed);
  });
});
