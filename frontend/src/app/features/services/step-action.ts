/** One step of a deal or a loan: what follows from it, what it asks for, and the button. */

import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';

import { DealsService, HOUSE_ABIS, type House } from '../../core/chain/deals';
import { isText, textBytes, textHash } from '../../core/chain/texts';
import { ZERO_HASH } from '../../core/market/bytes';
import { BPS, parseDecimal } from '../../core/market/units';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { TextField } from '../../shared/text-field';
import type { Step } from './steps';

const PERCENT_DECIMALS = 2;

@Component({
  selector: 'cw-step-action',
  imports: [Action, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="stack">
      @if (step().asks === 'text' || step().asks === 'maybe-text') {
        <cw-text-field
          label="In your words, public on the chain"
          i18n-label
          [name]="step().functionName + '-text'"
          [(value)]="text"
        />
      }
      @if (step().asks === 'share' || step().asks === 'two-shares') {
        <div class="row">
          <cw-text-field [label]="names()[0]" name="share" [isFigure]="true" [(value)]="first" />
          @if (step().asks === 'two-shares') {
            <cw-text-field [label]="names()[1]" name="other-share" [isFigure]="true" [(value)]="second" />
          }
        </div>
      }
      <p class="small muted">{{ step().effect }}</p>
      <cw-action
        [label]="step().label"
        [isQuiet]="step().isQuiet ?? false"
        [isDisabled]="!isReady()"
        [calls]="calls"
        (finished)="finished.emit()"
      />
    </div>
  `,
})
export class StepAction {
  readonly step = input.required<Step>();
  readonly house = input.required<House>();
  readonly id = input.required<bigint>();
  readonly finished = output();
  private readonly deals = inject(DealsService);

  protected readonly text = signal('');
  protected readonly first = signal('');
  protected readonly second = signal('');
  protected readonly names = computed((): readonly [string, string] => {
    if (this.step().functionName === 'check') return [$localize`Sustainability, in %`, $localize`Social value, in %`];
    if (this.step().functionName === 'decideLoan')
      return [$localize`Of the price to the lender, in %`, $localize`Of the deposit to the lender, in %`];
    return [$localize`To the payee, in %`, ''];
  });
  private readonly shares = computed(() => [this.first(), this.second()].map(share));
  protected readonly isReady = computed(() => {
    const [first, second] = this.shares();
    switch (this.step().asks) {
      case 'nothing':
        return true;
      case 'text':
        return isText(this.text());
      case 'maybe-text':
        return !this.text().trim() || isText(this.text());
      case 'share':
        return first !== null;
      case 'two-shares':
        return first !== null && second !== null;
    }
  });

  protected readonly calls = (): readonly Call[] => {
    const { functionName, asks } = this.step();
    const at = { address: this.deals.address(this.house()), abi: HOUSE_ABIS[this.house()], functionName };
    const [first, second] = this.shares();
    if (asks === 'nothing') return [{ ...at, args: [this.id()] }];
    if (asks === 'share') return [{ ...at, args: [this.id(), Number(first)] }];
    if (asks === 'two-shares') return [{ ...at, args: [this.id(), Number(first), Number(second)] }];
    const isSaid = isText(this.text());
    const hash = isSaid ? textHash(this.text()) : ZERO_HASH;
    return [{ ...at, args: [this.id(), hash], behind: isSaid ? textBytes(this.text()) : undefined }];
  };
}

/** Basis points of what a person wrote in per cent; null if that is no share. */
function share(text: string): bigint | null {
  const found = parseDecimal(text, PERCENT_DECIMALS);
  return found !== null && found <= BPS ? found : null;
}
