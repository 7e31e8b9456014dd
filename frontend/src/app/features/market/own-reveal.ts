/** Opening the reader's own envelope from the chain, showing what is in it, and revealing it. */

import { ChangeDetectionStrategy, Component, inject, input, output, signal } from '@angular/core';

import { slotStart, type Commitment } from '../../core/chain/session';
import type { SessionDetail } from '../../core/chain/sessions';
import { EnvelopeError, type Opened } from '../../core/market/envelope';
import { showSlot } from '../../core/text/figures';
import { injectLanguage, KwhPipe, PricePipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { SealingService } from './sealing';

@Component({
  selector: 'cw-own-reveal',
  imports: [Action, KwhPipe, PricePipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (opened(); as found) {
      <div class="scroll" tabindex="0">
        <table class="data">
          <caption i18n>
            What your envelope holds, and will be public
          </caption>
          <tbody>
            @for (order of found.orders; track $index) {
              <tr>
                <th scope="row">{{ label(order.slot) }}</th>
                <td [class]="order.isBuy ? 'buy' : 'sell'">
                  @if (order.isBuy) {
                    <ng-container i18n>buy</ng-container>
                  } @else {
                    <ng-container i18n>sell</ng-container>
                  }
                </td>
                <td class="number">{{ order.quantityWh | kwh }}</td>
                <td class="number">{{ order.limitPrice | price }}</td>
              </tr>
            }
          </tbody>
        </table>
      </div>
      <cw-action
        label="Reveal these orders"
        i18n-label
        doneText="Your orders are revealed, and the deposit is back in your escrow."
        i18n-doneText
        [calls]="reveal"
        (finished)="revealed.emit()"
      />
    } @else {
      <p i18n>
        Now is the time to reveal. Your wallet opens the envelope with a signature that moves no money; without a reveal
        the deposit is lost.
      </p>
      <cw-action label="Open my envelope" i18n-label [calls]="open" />
      <details>
        <summary i18n>I was given a key to save when I sealed</summary>
        <label class="field">
          <span i18n>The saved key</span>
          <input autocomplete="off" [value]="savedKey()" (input)="savedKey.set($any($event.target).value)" />
        </label>
      </details>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 0.75rem;
    }
  `,
})
export class OwnReveal {
  readonly session = input.required<SessionDetail>();
  readonly commitment = input.required<Commitment>();
  readonly revealed = output();
  private readonly sealing = inject(SealingService);
  private readonly language = injectLanguage();
  protected readonly savedKey = signal('');
  protected readonly opened = signal<Opened | null>(null);

  protected label(slot: number): string {
    const { parameters } = this.session();
    return showSlot(slotStart(parameters, slot), parameters.slotSeconds, this.language);
  }

  protected readonly open = async (): Promise<readonly Call[]> => {
    try {
      this.opened.set(await this.sealing.open(this.session(), this.commitment(), this.savedKey() || null));
    } catch (error) {
      if (!(error instanceof EnvelopeError)) throw error;
      throw new Error(
        $localize`The envelope does not open with this key. Use the wallet that sealed it, or the key that you saved.`,
      );
    }
    return [];
  };

  protected readonly reveal = (): readonly Call[] => {
    const opened = this.opened();
    return opened ? [this.sealing.revealCall(this.session(), opened)] : [];
  };
}
