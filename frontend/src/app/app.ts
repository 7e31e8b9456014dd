/** The frame of every page: brand, areas, wallet, language, and what is wrong with the chain if something is. */

import { Location } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, NavigationStart, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { filter, map } from 'rxjs';

import { AREAS, groupOf } from './areas';
import { ChainService } from './core/chain/chain';
import { CommunityService } from './core/chain/community';
import { NetworkService } from './core/chain/network';
import { WalletService } from './core/wallet/wallet';
import { LanguageSwitch } from './shared/language-switch';
import { WalletButton } from './shared/wallet-button';

@Component({
  selector: 'cw-root',
  imports: [RouterOutlet, RouterLink, RouterLinkActive, LanguageSwitch, WalletButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './app.html',
  styleUrl: './app.scss',
})
export class App {
  protected readonly chain = inject(ChainService);
  protected readonly networks = inject(NetworkService);
  protected readonly communities = inject(CommunityService);
  protected readonly wallet = inject(WalletService);
  protected readonly isMenuOpen = signal(false);
  protected readonly theme = signal<'auto' | 'light' | 'dark'>('auto');

  protected readonly groups = AREAS;
  private readonly url = toSignal(
    inject(Router).events.pipe(
      filter((event) => event instanceof NavigationStart || event instanceof NavigationEnd),
      map((event) => event.url),
    ),
    { initialValue: inject(Location).path() || '/' },
  );
  /** The group whose areas are shown below the groups. */
  protected readonly group = computed(() => groupOf(this.url()));

  protected readonly isElsewhere = computed(() => this.wallet.connection() !== null && !this.wallet.isOnNetwork());

  protected nextTheme(): void {
    const next = { auto: 'dark', dark: 'light', light: 'auto' } as const;
    this.theme.update((theme) => next[theme]);
    const classes = document.documentElement.classList;
    classes.remove('light', 'dark');
    if (this.theme() !== 'auto') classes.add(this.theme());
  }

  protected skip(event: Event): void {
    event.preventDefault();
    document.getElementById('main')?.focus();
  }

  protected async switchNetwork(): Promise<void> {
    try {
      await this.wallet.switchNetwork();
    } catch {
      // The wallet has said why to the reader; the notice stays as long as it is on another network.
    }
  }
}
