import { chartOf, missingOf, rowsOf } from './series';

const MIDNIGHT = Date.parse('2026-11-22T23:00:00Z') / 1000; // Rome, 23 November
const slot = (start: number, wh: number | null) => ({
  start,
  seconds: 3600,
  consumed_wh: wh,
  produced_wh: wh,
  withdrawn_wh: wh,
  injected_wh: wh,
});

describe('energy as rows', () => {
  it('a slot without a reading: stays empty, and is counted', () => {
    const slots = [slot(MIDNIGHT, 500), slot(MIDNIGHT + 3600, null)];
    const rows = rowsOf(slots, false, 'en');
    expect(rows.map((row) => [row.name, row.values.consumed_wh])).toEqual([
      ['00:00', 500],
      ['01:00', null],
    ]);
    expect(missingOf(slots)).toBe(1);
  });

  it('several days: summed by the local day, what is missing left out', () => {
    const slots = [
      slot(MIDNIGHT - 3600, 100),
      slot(MIDNIGHT, 200),
      slot(MIDNIGHT + 3600, null),
      slot(MIDNIGHT + 7200, 50),
    ];
    expect(rowsOf(slots, true, 'en').map((row) => [row.name, row.values.injected_wh])).toEqual([
      ['22 Nov', 100],
      ['23 Nov', 250],
    ]);
  });

  it('the hour that comes twice in autumn: two rows', () => {
    const back = Date.parse('2026-10-25T00:00:00Z') / 1000;
    expect(rowsOf([slot(back, 1), slot(back + 3600, 2)], false, 'it').map((row) => row.name)).toEqual([
      '02:00',
      '02:00',
    ]);
  });

  it('a chart: in kWh, with a gap where a reading is missing', () => {
    const drawn = chartOf(rowsOf([slot(MIDNIGHT, 1500), slot(MIDNIGHT + 3600, null)], false, 'en'), false, '#000');
    const [first] = drawn['series'] as { data: (number | null)[] }[];
    expect(first.data).toEqual([1.5, null]);
  });
});
