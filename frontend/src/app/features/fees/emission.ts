/** How many tokens there are, and issuing new ones to the treasury within the year's cap, which nobody can raise. */

import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityTokenAbi } from '../../core/chain/generated/abis';
import { injectMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { parseDecimal } from '../../core/market/units';
import { TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { TextField } from '../../shared/text-field';
import { TOKEN_DECIMALS } from '../tokens/categories';

@Component({
  selector: 'cw-emission',
  imports: [Action, Failure, TextField, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card stack" aria-labelledby="emission">
      <h2 id="emission" i18n>Emission</h2>
      <cw-failure [of]="state.failure()" />
      @if (state.value(); as now) {
        <dl class="figures">
          <div>
            <dt i18n>There are</dt>
            <dd>{{ now.supply | tokens }} {{ symbol() }}</dd>
          </div>
          <div>
            <dt i18n>The treasury holds</dt>
            <dd data-treasury-tokens>{{ now.treasury | tokens }} {{ symbol() }}</dd>
          </div>
          <div>
            <dt i18n>May still be issued this year</dt>
            <dd>{{ now.left | tokens }} {{ symbol() }}</dd>
          </div>
        </dl>
        @if (isAdmin()) {
          <cw-text-field label="Tokens to issue" i18n-label name="issue" [isFigure]="true" [(value)]="text" />
          <div aria-live="polite">
            @if (isTooMuch()) {
              <p class="note bad" i18n>
                That is above what may still be issued this year. The cap was fixed when the community was created.
              </p>
            } @else if (amount(); as issued) {
              <p class="note" i18n>
                {{ issued | tokens }} {{ symbol() }} come to the treasury; nobody's wallet changes. From there they go
                out as bonuses, incentives, sales to stakeholders, or by a payment that two people make. It cannot be
                taken back.
              </p>
            }
          </div>
          <cw-action
            label="Issue to the treasury"
            i18n-label
            doneText="Issued."
            i18n-doneText
            [isDisabled]="!amount() || isTooMuch()"
            [calls]="issue"
            (finished)="state.reload()"
          />
        }
      }
    </section>
  `,
})
export class Emission {
  readonly isAdmin = input.required<boolean>();

  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');
  protected readonly text = signal('');
  protected readonly amount = computed(() => parseDecimal(this.text(), TOKEN_DECIMALS) || null);

  protected readonly state = loaded(injectMoment(), async ({ community: { contracts } }) => {
    const [client, at] = [this.chain.require(), { address: contracts.token, abi: communityTokenAbi } as const];
    const period = await client.readContract({ ...at, functionName: 'currentPeriod' });
    const [supply, treasury, cap, issued] = await Promise.all([
      client.readContract({ ...at, functionName: 'totalSupply' }),
      client.readContract({ ...at, functionName: 'balanceOf', args: [contracts.treasury] }),
      client.readContract({ ...at, functionName: 'emissionCap' }),
      client.readContract({ ...at, functionName: 'issuedIn', args: [period] }),
    ]);
    return { supply, treasury, left: cap - issued };
  });
  protected readonly isTooMuch = computed(() => {
    const state = this.state.value();
    return state !== null && (this.amount() ?? 0n) > state.left;
  });

  protected readonly issue = (): readonly Call[] => {
    const address = this.communities.require().contracts.token;
    return [{ address, abi: communityTokenAbi, functionName: 'issue', args: [this.amount() ?? 0n] }];
  };
}
