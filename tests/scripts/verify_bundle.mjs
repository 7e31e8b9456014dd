// Checks a take-out bundle with OpenZeppelin's own library: {types, bundle} on standard input; for each reading whether
// it leads to the root, and whether it still would with one Wh more, on standard output.
import { StandardMerkleTree } from '@openzeppelin/merkle-tree';
import { readFileSync } from 'node:fs';

const { types, bundle } = JSON.parse(readFileSync(0, 'utf8'));
const values = (r, more) => [r.point, r.start, r.seconds, `${BigInt(r.withdrawnWh) + more}`, r.injectedWh, r.quality, r.salt];
const verified = (more) =>
  bundle.readings.map((r) => StandardMerkleTree.verify(bundle.root, types, values(r, more), r.proof));
process.stdout.write(JSON.stringify({ right: verified(0n), altered: verified(1n) }));
