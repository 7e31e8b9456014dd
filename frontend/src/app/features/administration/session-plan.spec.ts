import { deadlinesOf, parametersOf, planOf, SIGNING_S, type PlanTexts } from './session-plan';

const TEXTS: PlanTexts = {
  day: '2026-11-30',
  slotSeconds: 3600,
  commit: '60',
  reveal: '30',
  challenge: '5',
  settlementDays: '14',
  executionDays: '7',
  floor: '0,01',
  cap: '0.5',
  penalty: '0.05',
  depositFixed: '1',
  depositShare: '2.5',
  tolerance: '5',
  missing: '0',
  smallest: '0.01',
  mostOrders: '100',
};

describe('the plan of a session', () => {
  it('figures that people write: become seconds, µ€, µ€/kWh, Wh and basis points', () => {
    expect(planOf(TEXTS)).toMatchObject({
      slotCount: 24,
      commit: 3600,
      challenge: 300,
      settlement: 14 * 86_400,
      floor: 10_000n,
      cap: 500_000n,
      depositFixed: 1_000_000n,
      depositBps: 250,
      missing: 0,
      smallest: 10n,
    });
  });

  it('the days of the two clock changes: have 23 and 25 hours, 92 and 100 quarter-hours', () => {
    const slots = (day: string, slotSeconds: number): number | undefined =>
      planOf({ ...TEXTS, day, slotSeconds })?.slotCount;
    expect([slots('2026-03-29', 3600), slots('2026-10-25', 3600)]).toEqual([23, 25]);
    expect([slots('2026-03-29', 900), slots('2026-10-25', 900)]).toEqual([92, 100]);
  });

  it('something that is missing or no figure: there is no plan', () => {
    for (const wrong of [{ day: '' }, { commit: '0' }, { cap: 'x' }, { smallest: '0' }, { tolerance: '5.123' }]) {
      expect(planOf({ ...TEXTS, ...wrong })).toBeNull();
    }
  });

  it('deadlines: leave time to sign, and the settlement begins to lapse after the delivery', () => {
    const plan = planOf(TEXTS);
    if (!plan) throw new Error('no plan');
    expect(deadlinesOf(plan, 1000)).toEqual({ commit: 4600 + SIGNING_S, reveal: 6400 + SIGNING_S });
    expect(parametersOf(plan, 1000)['settlementTimeout']).toBe(plan.deliveryEnd + 14 * 86_400);
  });
});
