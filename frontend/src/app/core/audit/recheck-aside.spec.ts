import { AllocationTree } from '../market/allocation-tree';
import { StandardMerkleTree } from '../market/merkle';
import type { Hex } from '../market/units';
import type { Recheck } from './recheck';
import { revived } from './recheck-aside';

describe('what a worker hands over', () => {
  it('has its trees back: roots and proofs are those from before', () => {
    const settled = new StandardMerkleTree(['11', '22', '33'].map((byte) => `0x${byte.repeat(32)}` as Hex));
    const order = { index: 0, slot: 0, isBuy: true, quantityWh: 5n, limitPrice: 7n, trader: `0x${'44'.repeat(20)}` };
    const cleared = AllocationTree.of([order as never], [5n], 7n);
    const message = { steps: [], slots: [{ tree: cleared }], settlement: { tree: settled }, published: null };
    const found = revived(structuredClone(message) as unknown as Recheck);
    expect(found.settlement?.tree.root).toBe(settled.root);
    expect(found.settlement?.tree.proof(2)).toEqual(settled.proof(2));
    expect(found.slots[0].tree.root).toEqual(cleared.root);
  });
});
