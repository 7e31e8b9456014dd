/** The reader's own address, to be paid at: as a code to hold up, and as text to copy. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';

import { CommunityService } from '../../core/chain/community';
import { addressCode } from '../../core/text/address-code';
import { WalletService } from '../../core/wallet/wallet';
import { QrCode } from '../../shared/qr-code';

@Component({
  selector: 'cw-own-code',
  imports: [MatButtonModule, QrCode],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card stack" aria-labelledby="own-code">
      <h2 id="own-code" i18n>To be paid</h2>
      <p class="hex" data-own-address>{{ wallet.account() }}</p>
      <div class="row">
        <button
          matButton="outlined"
          type="button"
          [attr.aria-expanded]="isShown()"
          (click)="isShown.set(!isShown())"
          i18n
        >
          Show my code
        </button>
        <button matButton="outlined" type="button" (click)="copy()" i18n>Copy the address</button>
      </div>
      <span class="small muted" aria-live="polite">{{ said() }}</span>
      @if (isShown()) {
        @if (code(); as text) {
          <cw-qr-code [text]="text" label="Code of your address" i18n-label />
          <p class="small muted" i18n>Whoever pays you scans this, or a picture of it. It holds your address alone.</p>
        }
      }
    </section>
  `,
})
export class OwnCode {
  private readonly communities = inject(CommunityService);
  protected readonly wallet = inject(WalletService);
  protected readonly isShown = signal(false);
  protected readonly said = signal('');
  protected readonly code = computed(() => {
    const [community, account] = [this.communities.community(), this.wallet.account()];
    return community && account ? addressCode(account, community.chainId) : null;
  });

  protected async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.wallet.require().account);
      this.said.set($localize`Copied.`);
    } catch {
      this.said.set($localize`Your browser does not let this page copy: select the address above.`);
    }
  }
}
