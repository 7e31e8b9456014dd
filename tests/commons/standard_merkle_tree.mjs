// Builds a tree with OpenZeppelin's own library: {types, values} on standard input, {root, proofs} on standard output.
import { StandardMerkleTree } from '@openzeppelin/merkle-tree';
import { readFileSync } from 'node:fs';

const { types, values } = JSON.parse(readFileSync(0, 'utf8'));
const tree = StandardMerkleTree.of(values, types);
process.stdout.write(JSON.stringify({ root: tree.root, proofs: values.map((_, leaf) => tree.getProof(leaf)) }));
