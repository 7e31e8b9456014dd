import { ApplicationRef, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';

import { loaded, type Loaded } from './loading';

/** A load whose answers come when the test says so, in whatever order. */
function slowly(): { found: Loaded<string>; ask: (what: string) => void; answer: (what: string) => Promise<void> } {
  const asked = signal('');
  const waiting = new Map<string, (found: string) => void>();
  const found = TestBed.runInInjectionContext(() =>
    loaded(
      () => asked() || undefined,
      (what) => new Promise<string>((resolve) => waiting.set(what, resolve)),
    ),
  );
  const turn = (): void => TestBed.inject(ApplicationRef).tick();
  return {
    found,
    ask: (what) => {
      asked.set(what);
      turn();
    },
    answer: async (what) => {
      waiting.get(what)?.(what);
      await Promise.resolve();
      turn();
    },
  };
}

describe('loaded', () => {
  it('shows what was asked before, where questions come faster than answers', async () => {
    const { found, ask, answer } = slowly();
    ask('block 1');
    ask('block 2');
    ask('block 3');
    await answer('block 1');
    expect(found.value()).toBe('block 1');
    expect(found.isFirst()).toBe(false);
  });

  it('never goes back to an earlier answer that took longer', async () => {
    const { found, ask, answer } = slowly();
    ask('block 1');
    ask('block 2');
    await answer('block 2');
    await answer('block 1');
    expect(found.value()).toBe('block 2');
  });
});
