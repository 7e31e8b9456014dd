/** The tokens that the community may promise for work: what is free of them, and giving some back to the treasury. */

import { ChangeDetectionStrategy, Component, computed, inject, output, signal } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityWorksAbi } from '../../core/chain/generated/abis';
import { injectMoment, injectRole } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { parseDecimal } from '../../core/market/units';
import { TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { TextField } from '../../shared/text-field';
import { TOKEN_DECIMALS } from '../tokens/categories';

@Component({
  selector: 'cw-works-budget',
  imports: [Action, Failure, TextField, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card stack" aria-labelledby="budget">
      <h2 id="budget" i18n>Budget for work and energy bonuses</h2>
      <cw-failure [of]="budget.failure()" />
      @if (budget.value(); as found) {
        <p data-budget>
          <ng-container i18n>{{ found.free | tokens }} {{ symbol() }} can still be promised.</ng-container>&ngsp;
          <ng-container i18n
            >More comes by a payment out of the treasury to the contract of community work, {{ found.works }}, which two
            people make.</ng-container
          >
        </p>
        @if (isTokenAdmin.value()) {
          <cw-text-field label="Tokens to give back" i18n-label name="give-back" [isFigure]="true" [(value)]="text" />
          @if (amount(); as back) {
            <p class="note" i18n>
              {{ back | tokens }} {{ symbol() }} go back to the treasury. What is promised for work or bonuses already
              is not touched.
            </p>
          }
          <cw-action
            label="Give back to the treasury"
            i18n-label
            doneText="Given back."
            i18n-doneText
            [isQuiet]="true"
            [isDisabled]="!amount() || amount()! > found.free"
            [calls]="giveBack"
            (finished)="done()"
          />
        }
      }
    </section>
  `,
})
export class WorksBudget {
  readonly changed = output();

  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  protected readonly isTokenAdmin = injectRole('TOKEN_ADMIN');
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');
  protected readonly text = signal('');
  protected readonly amount = computed(() => parseDecimal(this.text(), TOKEN_DECIMALS) || null);

  protected readonly budget = loaded(injectMoment(), async ({ community: { contracts } }) => {
    const at = { address: contracts.works, abi: communityWorksAbi } as const;
    const free = await this.chain.require().readContract({ ...at, functionName: 'budget' });
    return { free, works: contracts.works };
  });

  protected readonly giveBack = (): readonly Call[] => {
    const address = this.communities.require().contracts.works;
    return [{ address, abi: communityWorksAbi, functionName: 'returnBudget', args: [this.amount() ?? 0n] }];
  };

  protected done(): void {
    this.budget.reload();
    this.changed.emit();
  }
}
