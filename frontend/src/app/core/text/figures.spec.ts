import { showDuration, showEur, showKwh, showMoment, showPrice, showSlot, showTokens } from './figures';

describe('figures for people', () => {
  it.each([
    [1_500_000n, '1.50 €', '1,50 €'],
    [-1n, '−0.000001 €', '−0,000001 €'],
    [1_234_567_890_000n, '1,234,567.89 €', '1.234.567,89 €'],
    [0n, '0.00 €', '0,00 €'],
  ])('%i µ€: exact in both languages', (amount, english, italian) => {
    expect([showEur(amount, 'en'), showEur(amount, 'it')]).toEqual([english, italian]);
  });

  it('energy, prices and tokens: with their units', () => {
    expect(showKwh(12_345n, 'en')).toBe('12.345 kWh');
    expect(showKwh(12_000n, 'it')).toBe('12,0 kWh');
    expect(showPrice(150_001n, 'en')).toBe('0.150001 €/kWh');
    expect(showTokens(1_234_500_000_000_000_000_000n, 'it')).toBe('1.234,5');
  });

  it('times: in Italy, whatever the reader’s zone', () => {
    const noon = Date.parse('2026-11-22T11:00:00Z') / 1000;
    expect(showSlot(noon, 900, 'en')).toBe('12:00–12:15');
    expect(showMoment(noon, 'it')).toContain('12:00:00');
  });

  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [59, '59 s'],
    [200, '3 min 20 s'],
    [3600, '1 h'],
    [100_000, '1 d 3 h'],
  ])('%i seconds: %s', (seconds, shown) => {
    expect(showDuration(seconds)).toBe(shown);
  });
});
