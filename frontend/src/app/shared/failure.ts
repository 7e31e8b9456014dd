/** What went wrong while reading, in a sentence. */

import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';

import { TransactionService } from '../core/wallet/transactions';

@Component({
  selector: 'cw-failure',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `@if (of()) {
    <p class="note bad" role="alert">{{ sentence() }}</p>
  }`,
  // Nothing to say takes no place in what lays out its surroundings.
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class Failure {
  readonly of = input.required<unknown>();
  private readonly transactions = inject(TransactionService);
  protected readonly sentence = computed(() => this.transactions.sentence(this.of()));
}
