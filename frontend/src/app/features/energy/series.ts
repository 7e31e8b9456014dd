/** A member's slots as lines of a chart and as sums; what is missing stays missing. */

import type { Schema } from '../../core/api/client';
import { showClock, showShortDay, type Language } from '../../core/text/figures';

type Slot = Schema<'EnergySlot'>;

export type Flow = 'consumed_wh' | 'produced_wh' | 'withdrawn_wh' | 'injected_wh';

export const FLOWS: readonly { readonly flow: Flow; readonly name: string; readonly colour: string }[] = [
  { flow: 'consumed_wh', name: $localize`Consumed`, colour: '#1f5fae' },
  { flow: 'produced_wh', name: $localize`Produced`, colour: '#c77700' },
  { flow: 'withdrawn_wh', name: $localize`From the grid`, colour: '#7a4fb5' },
  { flow: 'injected_wh', name: $localize`Into the grid`, colour: '#0b8a4b' },
];

/** A day's or a slot's energy, Wh; null where a reading is missing. */
export interface Row {
  readonly name: string;
  readonly values: Readonly<Record<Flow, number | null>>;
}

/** One row per slot of a single day, one per local day of a longer period. */
export function rowsOf(slots: readonly Slot[], isByDay: boolean, language: Language): Row[] {
  const rows = new Map<string, Record<Flow, number | null>>();
  for (const slot of slots) {
    const name = isByDay ? showShortDay(slot.start, language) : showClock(slot.start, language);
    const found = rows.get(isByDay ? name : String(slot.start)) ?? empty();
    for (const { flow } of FLOWS) {
      const value = slot[flow];
      // A slot without a reading makes its own row empty; a day counts what was read.
      if (value !== null) found[flow] = (found[flow] ?? 0) + value;
    }
    rows.set(isByDay ? name : String(slot.start), found);
  }
  return [...rows].map(([key, values]) => ({ name: isByDay ? key : showClock(Number(key), language), values }));
}

export function missingOf(slots: readonly Slot[]): number {
  return slots.filter((slot) => slot.withdrawn_wh === null || slot.injected_wh === null).length;
}

/** What ECharts draws; figures in kWh. Tooltips are drawn, not written as HTML: the page's policy allows no foreign styles. */
export function chartOf(rows: readonly Row[], isByDay: boolean, colour: string): Record<string, unknown> {
  const text = { color: colour };
  return {
    animation: false,
    textStyle: text,
    legend: { textStyle: text, top: 0 },
    tooltip: { trigger: 'axis', renderMode: 'richText' },
    grid: { left: 8, right: 8, top: 40, bottom: 8, containLabel: true },
    xAxis: { type: 'category', data: rows.map((row) => row.name), axisLabel: text },
    yAxis: { type: 'value', name: 'kWh', nameTextStyle: text, axisLabel: text },
    series: FLOWS.map(({ flow, name, colour: own }) => ({
      name,
      type: isByDay ? 'bar' : 'line',
      showSymbol: false,
      connectNulls: false,
      itemStyle: { color: own },
      data: rows.map(({ values }) => (values[flow] === null ? null : values[flow] / 1000)),
    })),
  };
}

function empty(): Record<Flow, number | null> {
  return { consumed_wh: null, produced_wh: null, withdrawn_wh: null, injected_wh: null };
}
