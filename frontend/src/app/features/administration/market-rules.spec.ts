import { limitsOf, operatorsOf, termsOf, type OperatorTerms, type WindowLimits } from './market-rules';

const NOW: WindowLimits = { commit: 90, reveal: 60, challenge: 60, settlement: 600, execution: 600 };
const EMPTY = { commit: '', reveal: '', challenge: '', settlement: '', execution: '' };
const TERMS: OperatorTerms = { threshold: 2, bond: 100_000_000n, bondShareBps: 1000 };
const AS_NOW = { threshold: '', bond: '', bondShareBps: '' };
const [ONE, TWO] = ['0x70997970C51812dc3A010C7d01b50e0d17dc79C8', '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'];

describe('least windows that are written', () => {
  it('no figure, less than nothing, or longer than any window may be: there are none', () => {
    for (const wrong of [{ commit: 'x' }, { reveal: '-1' }, { challenge: '1.5' }, { settlement: '367' }]) {
      expect(limitsOf({ ...EMPTY, ...wrong }, NOW)).toBeNull();
    }
  });

  it('minutes and days become seconds, and what is left empty stays', () => {
    expect(limitsOf({ ...EMPTY, reveal: '30', settlement: '366', execution: '0' }, NOW)).toEqual({
      ...NOW,
      reveal: 1800,
      settlement: 366 * 86_400,
      execution: 0,
    });
  });
});

describe('a set of operators that is written', () => {
  it('what is wrong with it is told apart', () => {
    expect(operatorsOf(' \n ')).toBe('none');
    expect(operatorsOf(`${ONE} 0x1234`)).toBe('address');
    expect(operatorsOf(`0x${'0'.repeat(40)}`)).toBe('address');
    expect(operatorsOf(`${ONE}\n${ONE.toLowerCase()}`)).toBe('twice');
    const many = Array.from({ length: 65 }, (_, at) => `0x${(at + 1).toString(16).padStart(40, '0')}`);
    expect(operatorsOf(many.join('\n'))).toBe('many');
    expect(operatorsOf(many.slice(1).join('\n'))).toHaveLength(64);
  });

  it('addresses a line, or between commas: are read in their order, with their checksum', () => {
    expect(operatorsOf(`${TWO.toLowerCase()},\n ${ONE}\n`)).toEqual([TWO, ONE]);
  });

  it('half of the operators, more than all, or a share above the whole: there are no terms', () => {
    expect(termsOf(AS_NOW, TERMS, 4)).toBeNull();
    expect(termsOf(AS_NOW, TERMS, 1)).toBeNull();
    expect(termsOf({ ...AS_NOW, threshold: '0' }, TERMS, 3)).toBeNull();
    expect(termsOf({ ...AS_NOW, bondShareBps: '100.01' }, TERMS, 3)).toBeNull();
    expect(termsOf({ ...AS_NOW, bond: 'much' }, TERMS, 3)).toBeNull();
  });

  it('euro and per cent become µ€ and basis points, and what is left empty stays', () => {
    expect(termsOf(AS_NOW, TERMS, 3)).toEqual(TERMS);
    const written = { threshold: '3', bond: '250,50', bondShareBps: '100' };
    expect(termsOf(written, TERMS, 4)).toEqual({ threshold: 3, bond: 250_500_000n, bondShareBps: 10_000 });
  });
});
