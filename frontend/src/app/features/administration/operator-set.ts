/** Who clears the market: the set in force, those announced, and the form by which the oracle administrator announces one. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService, topicOf } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { oracleQuorumAbi } from '../../core/chain/generated/abis';
import { injectMoment, injectRole } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import type { Hex } from '../../core/market/units';
import { exactDecimal } from '../../core/text/figures';
import { DurationPipe, EurPipe, injectLanguage, MomentPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { TextField } from '../../shared/text-field';
import { operatorsOf, termsOf, type OperatorFault, type OperatorTerms } from './market-rules';

interface OperatorSet {
  readonly number: number;
  readonly operators: readonly Hex[];
  readonly terms: OperatorTerms;
  readonly effectiveFrom: number;
}

const FAULTS: Readonly<Record<OperatorFault, string>> = {
  none: $localize`Name the wallet of at least one operator.`,
  address: $localize`One of these is no address of a wallet.`,
  twice: $localize`An operator is named twice.`,
  many: $localize`A set has at most 64 operators.`,
};

@Component({
  selector: 'cw-operator-set',
  imports: [RouterLink, Action, DurationPipe, EurPipe, Failure, MomentPipe, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './operator-set.html',
})
export class OperatorSetForm {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly language = injectLanguage();
  protected readonly isAdmin = injectRole('ORACLE_ADMIN');
  protected readonly texts = { threshold: signal(''), bond: signal(''), bondShareBps: signal('') };
  /** What is written in place of the operators in force; null as long as nothing is. */
  private readonly typed = signal<string | null>(null);

  protected readonly state = loaded(injectMoment(), async ({ community: { contracts } }) => {
    const [client, at] = [this.chain.require(), { address: contracts.quorum, abi: oracleQuorumAbi } as const];
    const [current, notice, sets] = await Promise.all([
      client.readContract({ ...at, functionName: 'currentSetId' }),
      client.readContract({ ...at, functionName: 'noticePeriod' }),
      this.sets(),
    ]);
    const [inForce] = sets.filter((set) => set.number === current);
    return { inForce, announced: sets.filter((set) => set.number > current), notice };
  });

  protected readonly written = computed(() => this.typed() ?? this.state.value()?.inForce.operators.join('\n') ?? '');
  private readonly read = computed(() => operatorsOf(this.written()));
  protected readonly operators = computed(() => {
    const read = this.read();
    return typeof read === 'string' ? null : read;
  });
  protected readonly fault = computed(() => {
    const read = this.read();
    return typeof read === 'string' ? FAULTS[read] : null;
  });
  protected readonly terms = computed(() => {
    const [operators, state] = [this.operators(), this.state.value()];
    const texts = {
      threshold: this.texts.threshold(),
      bond: this.texts.bond(),
      bondShareBps: this.texts.bondShareBps(),
    };
    return operators && state ? termsOf(texts, state.inForce.terms, operators.length) : null;
  });
  protected readonly gone = computed(() => {
    const [operators, state] = [this.operators() ?? [], this.state.value()];
    return state?.inForce.operators.filter((one) => !operators.includes(one)) ?? [];
  });
  /** When the set would hold, signed about now. */
  protected readonly since = computed(() => this.chain.now() + (this.state.value()?.notice ?? 0));

  protected isNew(operator: Hex): boolean {
    return !this.state.value()?.inForce.operators.includes(operator);
  }

  protected percent(bps: number): string {
    return `${exactDecimal(BigInt(bps), 2, 0, this.language)} %`;
  }

  protected type(event: Event): void {
    this.typed.set((event.target as HTMLTextAreaElement).value);
  }

  protected readonly announce = (): readonly Call[] => {
    const address = this.communities.require().contracts.quorum;
    const args = [this.operators(), this.terms()];
    return [{ address, abi: oracleQuorumAbi, functionName: 'scheduleOperators', args }];
  };

  /** Every set that was ever announced, in their order. */
  private async sets(): Promise<OperatorSet[]> {
    const { contracts, firstBlock } = this.communities.require();
    const topics = [topicOf(oracleQuorumAbi, 'OperatorsScheduled')];
    const events = await this.chain.events([contracts.quorum], topics, firstBlock);
    return events.map(({ args }) => ({
      number: Number(args['setId']),
      operators: args['operators'] as Hex[],
      terms: {
        threshold: Number(args['threshold']),
        bond: args['bond'] as bigint,
        bondShareBps: Number(args['bondShareBps']),
      },
      effectiveFrom: Number(args['effectiveFrom']),
    }));
  }
}
