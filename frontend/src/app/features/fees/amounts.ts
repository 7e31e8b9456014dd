/** Bonuses in tokens, and the stakeholders' yearly fee and price of a token in euro; changed with the same notice. */

import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityTokenAbi } from '../../core/chain/generated/abis';
import { injectMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { parseDecimal } from '../../core/market/units';
import { showEur, showTokens } from '../../core/text/figures';
import { DurationPipe, injectLanguage, MomentPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { ChoiceField } from '../../shared/choice-field';
import { Failure } from '../../shared/failure';
import { TextField } from '../../shared/text-field';
import { TOKEN_DECIMALS } from '../tokens/categories';

const EURO_DECIMALS = 6;
/** In the order of `ITokenPolicy.TokenAmount`; the last two are in euro. */
const AMOUNT_NAMES = [
  $localize`Welcome bonus of a citizen`,
  $localize`Welcome bonus of a stakeholder`,
  $localize`Energy bonus of a consumer`,
  $localize`Energy bonus of a prosumer`,
  $localize`Energy bonus of a prosumer with storage`,
  $localize`Yearly fee of a stakeholder`,
  $localize`Price of a token for stakeholders`,
] as const;
const FIRST_IN_EURO = 5;

@Component({
  selector: 'cw-amounts',
  imports: [Action, ChoiceField, DurationPipe, Failure, MomentPipe, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './amounts.html',
})
export class Amounts {
  readonly notice = input.required<number>();
  readonly isAdmin = input.required<boolean>();

  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly language = injectLanguage();
  protected readonly kinds = AMOUNT_NAMES.map((name, value) => ({ value, name }));
  protected readonly chosen = signal(0);
  protected readonly text = signal('');

  protected readonly rows = loaded(injectMoment(), async ({ community: { contracts } }) => {
    const [client, at] = [this.chain.require(), { address: contracts.token, abi: communityTokenAbi } as const];
    return Promise.all(
      this.kinds.map(async ({ value: which, name }) => {
        const [value, [next, from], most] = await Promise.all([
          client.readContract({ ...at, functionName: 'amountOf', args: [which] }),
          client.readContract({ ...at, functionName: 'nextAmountOf', args: [which] }),
          client.readContract({ ...at, functionName: 'mostOf', args: [which] }),
        ]);
        return { which, name, value, next, from: Number(from), most };
      }),
    );
  });
  protected readonly isEuro = computed(() => this.chosen() >= FIRST_IN_EURO);
  protected readonly amount = computed(() => parseDecimal(this.text(), this.isEuro() ? EURO_DECIMALS : TOKEN_DECIMALS));
  protected readonly isTooMuch = computed(() => {
    const row = this.rows.value()?.[this.chosen()];
    return row !== undefined && (this.amount() ?? 0n) > row.most;
  });

  protected show(which: number, value: bigint): string {
    if (which >= FIRST_IN_EURO) return showEur(value, this.language);
    return `${showTokens(value, this.language)} ${this.communities.community()?.tokenSymbol ?? ''}`;
  }

  protected readonly schedule = (): readonly Call[] => {
    const address = this.communities.require().contracts.token;
    const args = [this.chosen(), this.amount() ?? 0n];
    return [{ address, abi: communityTokenAbi, functionName: 'scheduleAmount', args }];
  };
}
