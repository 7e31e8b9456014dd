/** The golden vectors of `tests/vectors/`, shared by Python, Solidity and this page. Every integer reads as a bigint. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export interface Case<Input, Expected> {
  readonly name: string;
  readonly input: Input;
  readonly expected: Expected;
}

/** The cases of one file. Figures beyond 2⁵³ are in them, so integers are never read as numbers. */
export function vectors<Input, Expected>(name: string): Case<Input, Expected>[] {
  const file = resolve(process.cwd(), '..', 'tests', 'vectors', `${name}.json`);
  const quoted = readFileSync(file, 'utf8').replace(/^(\s*(?:"[a-z_]+": )?)(-?\d+)(,?)$/gm, '$1"#$2"$3');
  const revive = (_: string, value: unknown): unknown =>
    typeof value === 'string' && /^#-?\d+$/.test(value) ? BigInt(value.slice(1)) : value;
  return JSON.parse(quoted, revive) as Case<Input, Expected>[];
}
