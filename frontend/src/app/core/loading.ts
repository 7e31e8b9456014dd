/** Something read from the chain again whenever a block came or what it depends on changed, without flicker between. */

import { effect, signal, untracked, type Signal } from '@angular/core';

export interface Loaded<T> {
  readonly value: Signal<T | null>;
  readonly failure: Signal<unknown>;
  readonly isFirst: Signal<boolean>;
  reload(): void;
}

/**
 * Loads by `load` when `params` changes; undefined params wait. The last value stays until a later one is there, and is
 * not replaced by an earlier one that took longer. Blocks may follow each other faster than a load ends: what was asked
 * for a block or two ago is shown then, rather than nothing.
 */
export function loaded<P, T>(params: () => P | undefined, load: (params: P) => Promise<T>): Loaded<T> {
  const value = signal<T | null>(null);
  const failure = signal<unknown>(null);
  const isFirst = signal(true);
  const again = signal(0);
  let [asked, shown] = [0, 0];
  effect(() => {
    again();
    const given = params();
    if (given === undefined) return;
    const own = ++asked;
    void untracked(() => load(given)).then(
      (found) => {
        if (own < shown) return;
        shown = own;
        value.set(found);
        failure.set(null);
        isFirst.set(false);
      },
      (error: unknown) => {
        if (own < shown) return;
        shown = own;
        failure.set(error);
        isFirst.set(false);
      },
    );
  });
  return { value, failure, isFirst, reload: () => again.update((count) => count + 1) };
}
