import { describe, expect, it } from 'vitest';

import { addressCode, scannedAddress } from './address-code';

const ADDRESS = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
const CHECKSUMMED = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

describe('an address as a code', () => {
  it('comes back with its chain', () => {
    expect(scannedAddress(addressCode(ADDRESS, 31337))).toEqual({ address: ADDRESS, chainId: 31337 });
  });

  it('may be bare, in either case, with space around it', () => {
    expect(scannedAddress(` ${CHECKSUMMED}\n`)).toEqual({ address: ADDRESS, chainId: null });
    expect(scannedAddress(ADDRESS)).toEqual({ address: ADDRESS, chainId: null });
  });

  it.each([
    ['a link', 'https://example.org/0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'],
    ['a short address', '0xf39fd6'],
    ['a wrong checksum', CHECKSUMMED.replace('F39F', 'f39F').replace('f39Fd', 'f39FD')],
    ['a call of a contract', `ethereum:${ADDRESS}/transfer?address=0x01`],
    ['a request with an amount', `ethereum:${ADDRESS}?value=1`],
  ])('%s is none', (_, text) => {
    expect(scannedAddress(text)).toBeNull();
  });
});
