/** Incentives in euro: what the community received for which period, and how the operators' split of it is being paid. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { keccak256, stringToHex } from 'viem';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { settlementEuroAbi, treasuryAbi } from '../../core/chain/generated/abis';
import { injectMoment, injectRole } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { localDayBounds } from '../../core/market/calendar';
import { parseDecimal } from '../../core/market/units';
import { showShortDay } from '../../core/text/figures';
import { EurPipe, injectLanguage } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { ChoiceField } from '../../shared/choice-field';
import { Failure } from '../../shared/failure';
import { TextField } from '../../shared/text-field';

const EURO_DECIMALS = 6;
const RULE_BYTES = 32;
/** The rules of division that operators know, by the names of `oracle/incentive/rule.py`. */
const RULES = [{ value: 'shared-energy/1', name: $localize`energy shared within the hour` }];

@Component({
  selector: 'cw-incentives',
  imports: [Action, ChoiceField, EurPipe, Failure, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './incentives.html',
})
export class Incentives {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly language = injectLanguage();
  private readonly when = injectMoment();
  protected readonly isAdmin = injectRole('TOKEN_ADMIN');

  protected readonly incentives = loaded(this.when, async ({ community: { contracts } }) => {
    const [client, at] = [this.chain.require(), { address: contracts.treasury, abi: treasuryAbi } as const];
    const count = Number(await client.readContract({ ...at, functionName: 'incentiveCount' }));
    const ids = Array.from({ length: count }, (_, place) => BigInt(count - place));
    return Promise.all(
      ids.map(async (id) => {
        const [incentive, [split, finalAt]] = await Promise.all([
          client.readContract({ ...at, functionName: 'incentiveOf', args: [id] }),
          client.readContract({ ...at, functionName: 'splitOf', args: [id] }),
        ]);
        return { id, incentive, split, finalAt: Number(finalAt) };
      }),
    );
  });

  protected readonly bank = signal('');
  protected readonly rules = RULES;
  protected readonly rule = signal(RULES[0].value);
  protected readonly first = signal('');
  protected readonly last = signal('');
  protected readonly amountText = signal('');
  protected readonly amount = computed(() => parseDecimal(this.amountText(), EURO_DECIMALS) || null);
  protected readonly isReady = computed(() => {
    return this.bank().trim() !== '' && this.amount() !== null && this.first() !== '' && this.first() <= this.last();
  });

  protected period(start: number, end: number): string {
    return `${showShortDay(start, this.language)} – ${showShortDay(end - 1, this.language)}`;
  }

  protected readonly record = (): readonly Call[] => {
    const [{ contracts }, amount] = [this.communities.require(), this.amount() ?? 0n];
    const [start, end] = [localDayBounds(this.first()).start, localDayBounds(this.last()).end];
    const names = [keccak256(stringToHex(this.bank().trim())), stringToHex(this.rule(), { size: RULE_BYTES })];
    return [
      { address: contracts.euro, abi: settlementEuroAbi, functionName: 'approve', args: [contracts.treasury, amount] },
      {
        address: contracts.treasury,
        abi: treasuryAbi,
        functionName: 'recordIncentive',
        args: [...names, start, end, amount],
      },
    ];
  };
}
