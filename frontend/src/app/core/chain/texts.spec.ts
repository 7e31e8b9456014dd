import { concatHex, encodeFunctionData, parseAbi } from 'viem';

import { isText, LONGEST_TEXT, textBehind, textBytes, textHash } from './texts';

const abi = parseAbi(['function deliver(uint256 dealId, bytes32 evidenceHash)']);
const said = 'Two hours of pruning – ulivi, martedì';
const call = encodeFunctionData({ abi, functionName: 'deliver', args: [7n, textHash(said)] });

describe('texts behind arguments', () => {
  it('a text: is found again by its hash', () => {
    expect(textBehind(concatHex([call, textBytes(said)]), textHash(said))).toBe(said);
  });

  it('one byte changed, or nothing there: is no text', () => {
    const changed = textBytes(said).replace(/.$/, (last) => (last === '0' ? '1' : '0')) as `0x${string}`;
    expect(textBehind(concatHex([call, changed]), textHash(said))).toBeNull();
    expect(textBehind(call, textHash(said))).toBeNull();
  });

  it('nothing but spaces, or more than a page: is refused', () => {
    expect([isText('  '), isText('x'.repeat(LONGEST_TEXT)), isText('x'.repeat(LONGEST_TEXT + 1))]).toEqual([
      false,
      true,
      false,
    ]);
  });
});
