/** Incentives in euro: what the community received for which period, and how the operators' split of it is being paid. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { keccak256, stringToHex } from 'viem';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityTokenAbi, communityWorksAbi, settlementEuroAbi, treasuryAbi } from '../../core/chain/generated/abis';
import { injectMoment, injectRole } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { localDayBounds } from '../../core/market/calendar';
import { parseDecimal } from '../../core/market/units';
import { showShortDay } from '../../core/text/figures';
import { EurPipe, injectLanguage, MomentPipe, TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { ChoiceField } from '../../shared/choice-field';
import { Failure } from '../../shared/failure';
import { TextField } from '../../shared/text-field';

const EURO_DECIMALS = 6;
const RULE_BYTES = 32;
/** The energy bonuses among the amounts of `ITokenPolicy.TokenAmount`. */
const ENERGY_BONUSES = [2, 3, 4];
/** The rules of division that operators know, by the names of `oracle/incentive/rule.py`. */
const RULES = [{ value: 'shared-energy/1', name: $localize`energy shared within the hour` }];

@Component({
  selector: 'cw-incentives',
  imports: [Action, ChoiceField, EurPipe, Failure, MomentPipe, TextField, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './incentives.html',
})
export class Incentives {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly language = injectLanguage();
  private readonly when = injectMoment();
  protected readonly isAdmin = injectRole('TOKEN_ADMIN');

  private readonly isCommunityAdmin = injectRole('COMMUNITY_ADMIN');
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');

  protected readonly incentives = loaded(this.when, async ({ community: { contracts } }) => {
    const [client, at] = [this.chain.require(), { address: contracts.treasury, abi: treasuryAbi } as const];
    const [count, splitTime, claimTime] = await Promise.all([
      client.readContract({ ...at, functionName: 'incentiveCount' }),
      client.readContract({ ...at, functionName: 'SPLIT_TIME' }),
      client.readContract({ ...at, functionName: 'CLAIM_TIME' }),
    ]);
    const ids = Array.from({ length: Number(count) }, (_, place) => count - BigInt(place));
    return Promise.all(
      ids.map(async (id) => {
        const works = { address: contracts.works, abi: communityWorksAbi } as const;
        const [incentive, [split, finalAt], [, isConfirmed]] = await Promise.all([
          client.readContract({ ...at, functionName: 'incentiveOf', args: [id] }),
          client.readContract({ ...at, functionName: 'splitOf', args: [id] }),
          client.readContract({ ...works, functionName: 'energyBonusOf', args: [id] }),
        ]);
        const closesAt = finalAt ? Number(finalAt) + Number(claimTime) : incentive.recordedAt + Number(splitTime);
        const left = incentive.isClosed ? 0n : incentive.amount - incentive.claimed;
        return { id, incentive, split, finalAt: Number(finalAt), closesAt, left, isConfirmed };
      }),
    );
  });
  /** The energy bonuses in force, by profile, and the tokens that the works may still promise. */
  protected readonly bonus = loaded(this.when, async ({ community: { contracts } }) => {
    const [client, at] = [this.chain.require(), { address: contracts.token, abi: communityTokenAbi } as const];
    const works = { address: contracts.works, abi: communityWorksAbi } as const;
    const [consumer, prosumer, prostormer, budget] = await Promise.all([
      ...ENERGY_BONUSES.map((which) => client.readContract({ ...at, functionName: 'amountOf', args: [which] })),
      client.readContract({ ...works, functionName: 'budget' }),
    ]);
    return { consumer, prosumer, prostormer, budget };
  });
  /** What there is to do with incentives now: an end that is due for anybody, a bonus for the community's administrator. */
  protected readonly todo = computed(() => {
    const bonus = this.bonus.value();
    // Confirmed at nothing it could never be set again.
    const isSet = !!bonus && (bonus.consumer > 0n || bonus.prosumer > 0n || bonus.prostormer > 0n);
    const isAdmin = (this.isCommunityAdmin.value() ?? false) && isSet;
    return (this.incentives.value() ?? [])
      .map((one) => ({
        ...one,
        isDue: !one.incentive.isClosed && this.chain.now() >= one.closesAt,
        mayConfirm: isAdmin && !one.isConfirmed,
      }))
      .filter((one) => one.isDue || one.mayConfirm);
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

  protected isFinal(finalAt: number): boolean {
    return finalAt > 0 && this.chain.now() >= finalAt;
  }

  protected close(id: bigint): () => readonly Call[] {
    return () => {
      const address = this.communities.require().contracts.treasury;
      return [{ address, abi: treasuryAbi, functionName: 'closeIncentive', args: [id] }];
    };
  }

  protected confirmBonus(id: bigint): () => readonly Call[] {
    return () => {
      const address = this.communities.require().contracts.works;
      return [{ address, abi: communityWorksAbi, functionName: 'confirmEnergyBonus', args: [id] }];
    };
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
