/** Something read from the chain again whenever a block came or what it depends on changed, without flicker between. */

import { effect, signal, untracked, type Signal } from '@angular/core';

export interface Loaded<T> {
  readonly value: Signal<T | null>;
  readonly failure: Signal<unknown>;
  readonly isFirst: Signal<boolean>;
  reload(): void;
}

/** Loads by `load` when `params` changes; undefined params wait. The last value stays until the next one is there. */
export function loaded<P, T>(params: () => P | undefined, load: (params: P) => Promise<T>): Loaded<T> {
  const value = signal<T | null>(null);
  const failure = signal<unknown>(null);
  const isFirst = signal(true);
  const again = signal(0);
  let latest = 0;
  effect(() => {
    again();
    const given = params();
    if (given === undefined) return;
    const own = ++latest;
    void untracked(() => load(given)).then(
      (found) => {
        if (own !== latest) return;
        value.set(found);
        failure.set(null);
        isFirst.set(false);
      },
      (error: unknown) => {
        if (own !== latest) return;
        failure.set(error);
        isFirst.set(false);
      },
    );
  });
  return { value, failure, isFirst, reload: () => again.update((count) => count + 1) };
}
