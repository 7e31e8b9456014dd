import { BUNDLE_FORMAT, readBundles } from './bundle';
import { concat } from './bytes';
import { encode, Malformed } from './canonical';

const WORD = `0x${'ab'.repeat(32)}`;

function file(day: string): Uint8Array<ArrayBuffer> {
  const reading = { point: WORD, start: 0n, seconds: 900n, withdrawnWh: 7n, injectedWh: 0n, quality: 0n };
  return encode({
    format: BUNDLE_FORMAT,
    community: `0x${'cc'.repeat(20)}`,
    day,
    version: 1n,
    root: WORD,
    transaction: null,
    readings: [{ ...reading, salt: WORD, proof: [] }],
  });
}

describe('a take-out', () => {
  const newline = new Uint8Array([0x0a]);
  const [first, second] = [file('2026-11-22'), file('2026-11-23')];

  it('of one day or of several, a day a line: read in their order', () => {
    expect(readBundles(first).map((bundle) => bundle.day)).toEqual(['2026-11-22']);
    const both = readBundles(concat(first, newline, second));
    expect(both.map((bundle) => bundle.day)).toEqual(['2026-11-22', '2026-11-23']);
    expect(both[1].readings[0].withdrawnWh).toBe(7n);
  });

  it.each([
    ['an empty line', concat(first, newline, newline, second)],
    ['a line cut short', concat(first, newline, second.subarray(0, 40))],
    ['nothing', new Uint8Array()],
  ])('with %s: refused', (_, raw) => {
    expect(() => readBundles(raw)).toThrow(Malformed);
  });
});
