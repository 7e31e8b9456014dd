/** What a change of terms would have made of the payments that were really made, beside what happened. */

import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { TokensPipe } from '../../core/text/pipes';
import { ChoiceField } from '../../shared/choice-field';
import { Failure } from '../../shared/failure';
import { CATEGORY_NAMES } from '../tokens/categories';
import { PaymentHistory } from './history';
import type { History } from './past-payments';
import { NO_FLOWS, recorded, simulate, type Effect, type Flows, type Table } from './simulation';

const DAY_S = 86_400;
const GROUPS: Readonly<Record<number, string>> = { 1: $localize`Citizens`, 2: $localize`Stakeholders` };
const SPANS = [
  { value: 30, name: $localize`the last 30 days` },
  { value: 90, name: $localize`the last 90 days` },
  { value: 0, name: $localize`the whole time` },
];

interface Read {
  readonly history: History;
  readonly now: number;
}

@Component({
  selector: 'cw-simulation-panel',
  imports: [MatButtonModule, ChoiceField, Failure, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './simulation-panel.html',
})
export class SimulationPanel {
  /** The terms of every kind of payment as they would be. */
  readonly proposed = input.required<Table>();

  private readonly chain = inject(ChainService);
  private readonly payments = inject(PaymentHistory);
  private readonly communities = inject(CommunityService);
  protected readonly names = CATEGORY_NAMES;
  protected readonly spans = SPANS;
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');
  protected readonly days = signal(SPANS[0].value);
  protected readonly isBusy = signal(false);
  protected readonly failure = signal<unknown>(null);
  private readonly read = signal<Read | null>(null);

  /** Told again at once when the form changes; the chain is read once. */
  protected readonly told = computed(() => {
    const found = this.read();
    if (!found) return null;
    const first = this.days() ? found.now - this.days() * DAY_S : 0;
    const payments = found.history.payments.filter((payment) => payment.at >= first);
    const proposed = this.proposed();
    const [was, wouldBe] = [recorded(payments), simulate(payments, () => proposed)];
    const categories = [...new Set([...was.byCategory.keys(), ...wouldBe.byCategory.keys()])].sort((a, b) => a - b);
    const gain = wouldBe.treasuryEnd - was.treasuryEnd;
    return {
      all: found.history.payments.length,
      count: payments.length,
      wouldBe,
      gain: gain < 0n ? -gain : gain,
      isGain: gain >= 0n,
      rows: categories.map((category) => ({
        category,
        was: was.byCategory.get(category) ?? NO_FLOWS,
        wouldBe: wouldBe.byCategory.get(category) ?? NO_FLOWS,
      })),
      groups: groupsOf(found.history.kinds, was, wouldBe),
    };
  });

  protected incentivesOf(flows: Flows): bigint {
    return flows.payerIncentive + flows.payeeIncentive;
  }

  protected async tryIt(): Promise<void> {
    this.isBusy.set(true);
    this.failure.set(null);
    try {
      this.read.set({ history: await this.payments.read(), now: this.chain.now() });
    } catch (error) {
      this.read.set(null);
      this.failure.set(error);
    } finally {
      this.isBusy.set(false);
    }
  }
}

interface Group {
  readonly name: string;
  readonly was: bigint;
  readonly wouldBe: bigint;
}

/** What payments changed the balances of each kind of member by, as it was and as it would have been. */
function groupsOf(kinds: ReadonlyMap<string, number>, was: Effect, wouldBe: Effect): Group[] {
  const of = (effect: Effect, kind: number): bigint =>
    [...effect.netOf].reduce((sum, [member, net]) => (kinds.get(member) === kind ? sum + net : sum), 0n);
  return Object.entries(GROUPS)
    .map(([kind, name]) => ({ name, was: of(was, Number(kind)), wouldBe: of(wouldBe, Number(kind)) }))
    .filter((group) => group.was !== 0n || group.wouldBe !== 0n);
}
