import { encodeErrorResult, parseAbi } from 'viem';

import { ERRORS, refusalOf, sentenceOf } from './refusals';
import { OPERATORS_ONLY, SENTENCES } from './sentences';

describe('errors of the contracts', () => {
  const names = new Set([...ERRORS.values()].map((error) => error.name));

  it('each that a reader can meet: has its sentence', () => {
    const untold = [...names].filter((name) => !(name in SENTENCES) && !OPERATORS_ONLY.has(name));
    expect(untold).toEqual([]);
  });

  it('each that is told or set aside: is one of the contracts', () => {
    const stale = [...Object.keys(SENTENCES), ...OPERATORS_ONLY].filter((name) => !names.has(name));
    expect(stale).toEqual([]);
  });

  it('every sentence: speaks with the values that the error carries, and names no other', () => {
    for (const error of ERRORS.values()) {
      const tell = SENTENCES[error.name];
      if (!tell) continue;
      const values = Object.fromEntries(error.inputs.map((input) => [input.name ?? '', sample(input.type)]));
      const said = [tell(values, 'en'), tell(values, 'it')].join(' ');
      expect(said, error.name).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it('a refusal deep inside what a library threw: is found, in plain words', () => {
    const abi = parseAbi(['error InsufficientEscrow(address account, uint256 free, uint256 required)']);
    const args = [`0x${'11'.repeat(20)}`, 1_500_000n, 20_000_000n] as const;
    const data = encodeErrorResult({ abi, errorName: 'InsufficientEscrow', args });
    const refusal = refusalOf({ cause: { cause: { code: 3, data } } });
    expect(refusal?.name).toBe('InsufficientEscrow');
    expect(refusal && sentenceOf(refusal, 'en')).toContain('You have 1.50 € free in escrow, and 20.00 € are needed.');
    expect(refusal && sentenceOf(refusal, 'it')).toContain('1,50 €');
  });

  it('something else that went wrong: is no refusal', () => {
    expect(refusalOf(new Error('network'))).toBeNull();
    expect(refusalOf({ data: '0xdeadbeef' })).toBeNull();
    expect(refusalOf(null)).toBeNull();
  });
});

function sample(type: string): unknown {
  if (type === 'address') return `0x${'11'.repeat(20)}`;
  if (type.startsWith('bytes')) return `0x${'22'.repeat(32)}`;
  if (type.startsWith('uint')) return 7n;
  return '';
}
