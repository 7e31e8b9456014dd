/** One thing that a reader signs: what it does in words, the button, and how far it has come. */

import { ChangeDetectionStrategy, Component, inject, input, output, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { RouterLink } from '@angular/router';

import { TransactionService, type Call, type TransactionState } from '../core/wallet/transactions';
import { WalletService } from '../core/wallet/wallet';

@Component({
  selector: 'cw-action',
  imports: [MatButtonModule, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="row">
      <button
        [matButton]="isQuiet() ? 'outlined' : 'filled'"
        type="button"
        [disabled]="isDisabled() || isBusy() || !wallet.isOnNetwork()"
        (click)="run()"
      >
        {{ label() }}
      </button>
      @if (!wallet.connection()) {
        <span class="muted small" i18n>Connect a wallet first.</span>
      }
    </div>
    <div aria-live="polite" class="state">
      @switch (state().kind) {
        @case ('checking') {
          <p class="note" i18n>Checking with the chain …</p>
        }
        @case ('asking') {
          <p class="note">
            <ng-container i18n>Look at your wallet: it asks you to sign.</ng-container>&ngsp;
            @if (progress().of > 1) {
              <ng-container i18n>Signature {{ progress().done + 1 }} of {{ progress().of }}.</ng-container>
            }
          </p>
        }
        @case ('sent') {
          <p class="note" i18n>Sent. Waiting for the next block …</p>
        }
        @case ('declined') {
          @if (progress().done) {
            <p class="note" i18n>You declined in your wallet. This one has not been sent.</p>
          } @else {
            <p class="note" i18n>You declined in your wallet. Nothing has been sent.</p>
          }
        }
      }
      @if (done(); as hash) {
        <p class="note good">{{ doneText() }} <a [routerLink]="['/transaction', hash]" i18n>The transaction</a></p>
      }
      @if (failed(); as sentence) {
        <p class="note bad">{{ sentence }}</p>
      }
      @if (isCutShort()) {
        <p class="note" i18n>
          Before that, {{ progress().done }} of {{ progress().of }} transactions were carried out, and stay so.
        </p>
      }
    </div>
  `,
  styles: `
    :host {
      display: grid;
      gap: 0.5rem;
    }
    .state:empty {
      display: none;
    }
  `,
})
export class Action {
  readonly label = input.required<string>();
  readonly doneText = input($localize`Done.`);
  readonly isDisabled = input(false);
  readonly isQuiet = input(false);
  /** Makes the calls to be signed one after the other; may ask the wallet for signatures itself. */
  readonly calls = input.required<() => readonly Call[] | Promise<readonly Call[]>>();
  readonly finished = output();

  protected readonly wallet = inject(WalletService);
  private readonly transactions = inject(TransactionService);
  protected readonly state = signal<TransactionState>({ kind: 'idle' });
  /** How many of the calls are through. */
  protected readonly progress = signal({ done: 0, of: 0 });

  protected isBusy(): boolean {
    return ['checking', 'asking', 'sent'].includes(this.state().kind);
  }

  protected done(): string | null {
    const state = this.state();
    return state.kind === 'done' ? state.hash : null;
  }

  protected failed(): string | null {
    const state = this.state();
    return state.kind === 'failed' ? state.sentence : null;
  }

  protected isCutShort(): boolean {
    return this.progress().done > 0 && ['declined', 'failed'].includes(this.state().kind);
  }

  protected async run(): Promise<void> {
    this.progress.set({ done: 0, of: 0 });
    this.state.set({ kind: 'asking' });
    try {
      const calls = await this.calls()();
      for (const [at, call] of calls.entries()) {
        const isLast = at === calls.length - 1;
        this.progress.set({ done: at, of: calls.length });
        await this.transactions.run(call, (state) => {
          if (isLast || state.kind !== 'done') this.state.set(state);
        });
      }
      if (calls.length === 0) this.state.set({ kind: 'idle' });
    } catch (error) {
      this.state.set(this.transactions.failure(error));
      return;
    }
    this.finished.emit();
  }
}
