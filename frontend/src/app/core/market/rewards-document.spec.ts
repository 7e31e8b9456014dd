import { Malformed } from './canonical';
import { StandardMerkleTree, verifyProof } from './merkle';
import { claimLeaf, proofOf, readRewards, REWARDS_KIND } from './rewards-document';
import type { Hex } from './units';

const DAY = 20_778n;
const BATCH = (DAY << 32n) | 1n;
const claims = ['11', '22', '33'].map((byte, at) => ({
  member: `0x${byte.repeat(20)}` as Hex,
  amount: BigInt(at + 1) * 10n ** 18n,
}));
const root = new StandardMerkleTree(claims.map((claim) => claimLeaf(BATCH, claim))).root;

function published(more: Record<string, string> = {}) {
  const head = { chain_id: '31337', rewards: `0x${'ab'.repeat(20)}`, day: `${DAY}`, round: '1', parameters: '0' };
  return {
    kind: REWARDS_KIND,
    head: { ...head, dataset: '1', total: `${6n * 10n ** 18n}`, root, ...more },
    tables: {
      datasets: [{ day: `${DAY}`, version: '1', root: `0x${'cd'.repeat(32)}` }],
      claims: claims.map(({ member, amount }) => ({ member, amount: `${amount}` })),
    },
  };
}

describe('published rewards', () => {
  it('as operators publish them: every claim leads to the root', () => {
    const document = readRewards(published());
    expect(document.batchId).toBe(BATCH);
    for (const [place, claim] of document.claims.entries()) {
      expect(verifyProof(root, claimLeaf(BATCH, claim), proofOf(document, place))).toBe(true);
    }
  });

  it.each([
    ['total', '1'],
    ['root', `0x${'ee'.repeat(32)}`],
    ['round', '2'],
  ])('another %s: is refused', (name, value) => {
    expect(() => readRewards(published({ [name]: value }))).toThrow(Malformed);
  });
});
