/** A text of which the chain keeps the hash: as it stands there, or, said elsewhere, its hash, to check a copy against. */

import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';

import { keccak256, stringToHex } from 'viem';

import { textHash } from '../../core/chain/texts';
import type { Hex } from '../../core/market/units';
import { ShortHexPipe } from '../../core/text/pipes';
import { TextField } from '../../shared/text-field';

@Component({
  selector: 'cw-written-text',
  imports: [ShortHexPipe, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (text(); as written) {
      {{ written }}
    } @else {
      <details data-elsewhere>
        <summary>
          <ng-container i18n>Said elsewhere; on the chain is its hash</ng-container>
          <span class="hex" [title]="hash()">{{ hash() | shortHex }}</span>
        </summary>
        <div class="stack small">
          <p class="hex">{{ hash() }}</p>
          <cw-text-field
            label="A copy of the text, to check whether it is this one"
            i18n-label
            name="copy"
            [(value)]="copy"
          />
          <p aria-live="polite">
            @switch (isSame()) {
              @case (true) {
                <span class="badge good" i18n>It is this text.</span>
              }
              @case (false) {
                <span class="badge bad" i18n>It is another text.</span>
              }
            }
          </p>
        </div>
      </details>
    }
  `,
  styles: `
    :host {
      font-weight: 500;
      overflow-wrap: anywhere;
    }
    summary {
      font-weight: 400;
    }
  `,
})
export class WrittenText {
  readonly text = input.required<string | null>();
  readonly hash = input.required<Hex>();
  protected readonly copy = signal('');
  protected readonly isSame = computed(() => (this.copy().trim() ? this.isOf(this.copy()) : null));

  /** The command line takes a text as it is, the page without the space around it. */
  private isOf(text: string): boolean {
    return [textHash(text), keccak256(stringToHex(text))].includes(this.hash());
  }
}
