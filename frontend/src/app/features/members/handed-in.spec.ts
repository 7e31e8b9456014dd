import type { Hex } from '../../core/market/units';
import { NotHandedIn, readHanded } from './handed-in';

const COMMUNITY: Hex = `0x${'ab'.repeat(20)}`;
const REPLACEMENT = {
  format: 'commonwatt/replacement/1',
  community: COMMUNITY,
  chainId: 31337,
  oldWallet: `0x${'11'.repeat(20)}`,
  newWallet: `0x${'22'.repeat(20)}`,
  deadline: 1_800_000_000,
  signature: `0x${'33'.repeat(65)}`,
};
const BINDING = {
  format: 'commonwatt/binding/1',
  community: COMMUNITY,
  pointId: `0x${'44'.repeat(32)}`,
  memberId: `0x${'55'.repeat(32)}`,
  kind: 'exchange',
  validFrom: 0,
  validUntil: 2 ** 40 - 1,
  documentHash: `0x${'66'.repeat(32)}`,
  number: 1,
  deadline: 1_800_000_000,
  signature: `0x${'33'.repeat(65)}`,
  salt: `0x${'77'.repeat(32)}`,
};

describe('a file that a member signed', () => {
  it('a replacement and a binding: are read', () => {
    expect(readHanded(JSON.stringify(REPLACEMENT), COMMUNITY)).toMatchObject({ what: 'replacement' });
    expect(readHanded(JSON.stringify(BINDING), COMMUNITY)).toMatchObject({ what: 'binding', binding: { kind: 1 } });
  });

  it('one that is neither, or of another community: is refused', () => {
    for (const wrong of [
      '',
      '[]',
      '{"format":"x"}',
      JSON.stringify({ ...REPLACEMENT, community: `0x${'cd'.repeat(20)}` }),
    ]) {
      expect(() => readHanded(wrong, COMMUNITY), wrong).toThrow(NotHandedIn);
    }
  });

  it.each([
    ['oldWallet', { ...REPLACEMENT, oldWallet: '0x11' }],
    ['deadline', { ...REPLACEMENT, deadline: -1 }],
    ['pointId', { ...BINDING, pointId: '0x44' }],
    ['kind', { ...BINDING, kind: 'other' }],
    ['salt', { ...BINDING, salt: undefined }],
  ])('one broken at %s: is refused with the field', (name, file) => {
    expect(() => readHanded(JSON.stringify(file), COMMUNITY)).toThrow(name);
  });
});
