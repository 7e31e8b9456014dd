import { reasonsOf, type Explanation, type NoPeaksNumbers, type SelfConsumptionNumbers } from './reasons';

const TOKEN = 10n ** 18n;
const first: SelfConsumptionNumbers = {
  model: { own: 5000, load: 10_000, production: 7500, tokens_per_kwh: `${TOKEN / 10n}`, threshold: 1000 },
  slots: [],
  consumed_wh: 24_000,
  produced_wh: 72_000,
  own_wh: 24_000,
  load_wh: 0,
  production_wh: 48_000,
  effective_wh: 48_000,
  reason: 'earned',
  tokens: `${(48n * TOKEN) / 10n}`,
};
const second: NoPeaksNumbers = {
  model: { max_tokens: `${TOKEN}`, full: 2000 },
  peak_wh: 900,
  peak_start: 0,
  days: [1000, 1000, 1100].map((peak_wh, at) => ({ days_ago: at + 1, peak_wh })),
  own_median_wh: 1000,
  profile_median_wh: 1200,
  usual_wh: 1000,
  cut_wh: 200,
  reason: 'earned',
  tokens: `${TOKEN / 2n}`,
};
const day: Explanation = {
  slot_seconds: 3600,
  missing_slots: 0,
  model: {},
  self_consumption: first,
  no_peaks: null,
  tokens: first.tokens,
};

describe('why a day earned what it earned', () => {
  it('shows every number of the first model, exactly', () => {
    const said = reasonsOf(day, 'en').join('\n');
    expect(said).toContain('24,000 Wh × 50 % + 0 Wh × 100 % + 48,000 Wh × 75 % = 48,000 Wh');
    expect(said).toContain('48,000 Wh × 0.1 ÷ 1000 = 4.8 tokens');
    expect(reasonsOf(day, 'en').at(-1)).toBe('You earned 4.8 tokens.');
  });

  it('too little of the consumption met: names the least that it takes, rounded up', () => {
    const below = { ...first, consumed_wh: 24_001, own_wh: 100, reason: 'below_threshold', tokens: '0' };
    const said = reasonsOf({ ...day, self_consumption: below, tokens: '0' }, 'en');
    expect(said.some((sentence) => sentence.includes('100 Wh') && sentence.includes('2,401 Wh (10 %)'))).toBe(true);
    expect(said.at(-1)).toBe('You earned 0 tokens.');
  });

  it('too much missing: says so first, and promises nothing', () => {
    const lost = { ...first, reason: 'too_much_missing', tokens: '0' };
    const said = reasonsOf({ ...day, missing_slots: 2, self_consumption: lost, tokens: '0' }, 'en');
    expect(said[0]).toContain('120 minutes');
    expect(said.join()).not.toContain('÷');
  });

  it('the second model: peaks, both medians, the cut and the division', () => {
    const said = reasonsOf({ ...day, self_consumption: null, no_peaks: second, tokens: second.tokens }, 'en').join(
      '\n',
    );
    expect(said).toContain('1,000 Wh, 1,000 Wh, 1,100 Wh');
    expect(said).toContain('1 × 100 ÷ 200 = 0.5');
  });

  it('without a usual peak, or not below it: nothing is divided', () => {
    const none = { ...second, usual_wh: null, reason: 'no_usual_peak', tokens: '0' };
    const loud = { ...second, peak_wh: 1000, reason: 'peak_not_lower', tokens: '0' };
    for (const no_peaks of [none, loud]) {
      const said = reasonsOf({ ...day, self_consumption: null, no_peaks, tokens: '0' }, 'en').join('\n');
      expect(said).not.toContain('÷');
    }
  });

  it('both together: their weighted sum', () => {
    const model = { self_consumption_weight: 6000, no_peaks_weight: 4000 };
    const tokens = `${(308n * TOKEN) / 100n}`;
    const said = reasonsOf({ ...day, model, no_peaks: second, tokens }, 'it').at(-1);
    expect(said).toContain('4,8 × 60 % + 0,5 × 40 % = 3,08');
  });
});
