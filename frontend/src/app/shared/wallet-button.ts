/** Connect a wallet, or see which one is connected. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';

import { NetworkService } from '../core/chain/network';
import { ShortHexPipe } from '../core/text/pipes';
import { WalletDiscovery, type WalletOption } from '../core/wallet/discovery';
import { TransactionService } from '../core/wallet/transactions';
import { WalletService } from '../core/wallet/wallet';

/** Accounts of the embedded chain, by the numbers that `commons/wallets.py` gives them. */
const DEMO_ACCOUNTS = [
  { number: 100, name: $localize`Home H01` },
  { number: 101, name: $localize`Home H02` },
  { number: 102, name: $localize`Home H03` },
  { number: 1, name: $localize`Community administrator` },
  { number: 2, name: $localize`Market operator` },
  { number: 10, name: $localize`Oracle operator 1` },
  { number: 60, name: $localize`Somebody new` },
];

@Component({
  selector: 'cw-wallet-button',
  imports: [MatButtonModule, MatMenuModule, ShortHexPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (wallet.connection(); as connection) {
      <button matButton="tonal" [matMenuTriggerFor]="account" class="connected">
        {{ connection.account | shortHex }}
      </button>
      <mat-menu #account>
        <div class="head" role="presentation">{{ connection.option.name }}</div>
        <button mat-menu-item (click)="wallet.disconnect()" i18n>Disconnect</button>
      </mat-menu>
    } @else {
      <button matButton="filled" [matMenuTriggerFor]="wallets" [disabled]="wallet.isConnecting()" i18n>
        Connect wallet
      </button>
      <mat-menu #wallets>
        @for (option of discovery.announced(); track option.id) {
          <button mat-menu-item (click)="connect(option)">
            @if (option.icon) {
              <img [src]="option.icon" alt="" width="20" height="20" />
            }
            {{ option.name }}
          </button>
        } @empty {
          <div class="head" role="presentation" i18n>No wallet found in this browser</div>
        }
        @if (isEmbedded()) {
          <div class="head" role="presentation" i18n>For trying out, on this chain only:</div>
          @for (demo of demos; track demo.id) {
            <button mat-menu-item (click)="connect(demo)">{{ demo.name }}</button>
          }
        }
      </mat-menu>
    }
    @if (failure(); as sentence) {
      <p class="failure" role="alert">{{ sentence }}</p>
    }
  `,
  styles: `
    :host {
      position: relative;
    }
    .head {
      padding: 0.5rem 1rem;
      font-size: 0.85rem;
      color: var(--cw-muted);
      max-width: 16rem;
    }
    img {
      vertical-align: middle;
      margin-inline-end: 0.5rem;
    }
    .connected {
      font-variant-numeric: tabular-nums;
    }
    @media (max-width: 30rem) {
      .connected {
        padding-inline: 0.6rem;
        font-size: 0.8rem;
        white-space: nowrap;
      }
    }
    .failure {
      position: absolute;
      inset-inline-end: 0;
      top: 3rem;
      z-index: 5;
      width: 16rem;
      padding: 0.6rem 0.8rem;
      border-radius: 8px;
      background: var(--cw-warn-soft);
      font-size: 0.9rem;
    }
  `,
})
export class WalletButton {
  protected readonly wallet = inject(WalletService);
  protected readonly discovery = inject(WalletDiscovery);
  private readonly networks = inject(NetworkService);
  private readonly transactions = inject(TransactionService);
  protected readonly failure = signal<string | null>(null);
  protected readonly isEmbedded = computed(() => this.networks.network()?.isEmbedded ?? false);
  protected readonly demos = DEMO_ACCOUNTS.map(({ number, name }) => this.discovery.demo(number, name));

  protected async connect(option: WalletOption): Promise<void> {
    this.failure.set(null);
    try {
      await this.wallet.connect(option);
    } catch (error) {
      this.failure.set(this.transactions.sentence(error));
    }
  }
}
