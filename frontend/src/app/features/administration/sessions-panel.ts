/** Opening a market session from a form, and ending one that has got no settlement in time. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { marketplaceAbi, sessionHandlerAbi } from '../../core/chain/generated/abis';
import { SessionState } from '../../core/chain/session';
import { SessionsService } from '../../core/chain/sessions';
import { injectMoment, injectRole } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { localDay } from '../../core/market/calendar';
import { exactDecimal } from '../../core/text/figures';
import { DayPipe, DurationPipe, EurPipe, injectLanguage, MomentPipe, PricePipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { ChoiceField } from '../../shared/choice-field';
import { Failure } from '../../shared/failure';
import { TextField } from '../../shared/text-field';
import { Leftovers } from './leftovers';
import { deadlinesOf, parametersOf, planOf } from './session-plan';
import { WindowLimitsForm } from './window-limits';

const DAY_S = 86_400;
const LATEST = 12;

@Component({
  selector: 'cw-sessions-panel',
  imports: [
    RouterLink,
    Action,
    ChoiceField,
    Failure,
    Leftovers,
    TextField,
    WindowLimitsForm,
    DayPipe,
    DurationPipe,
    EurPipe,
    MomentPipe,
    PricePipe,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './sessions-panel.html',
})
export class SessionsPanel {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly sessions = inject(SessionsService);
  private readonly language = injectLanguage();
  private readonly when = injectMoment();
  protected readonly isOperator = injectRole('MARKET_OPERATOR');

  protected readonly slots = [
    { value: 3600, name: $localize`an hour` },
    { value: 900, name: $localize`a quarter-hour` },
  ];
  protected readonly slotSeconds = signal(3600);
  /** Empty stands for the day after tomorrow, which leaves time for orders and reveals. */
  protected readonly day = signal('');
  protected readonly texts = {
    commit: signal('720'),
    reveal: signal('60'),
    challenge: signal('60'),
    settlementDays: signal('14'),
    executionDays: signal('7'),
    floor: signal('0.000001'),
    cap: signal('0.5'),
    penalty: signal('0.05'),
    depositFixed: signal('0.1'),
    depositShare: signal('1'),
    tolerance: signal('5'),
    missing: signal('2'),
    smallest: signal('0.01'),
    mostOrders: signal('100'),
  };

  protected readonly limits = loaded(this.when, ({ community: { contracts } }) =>
    this.chain
      .require()
      .readContract({ address: contracts.sessions, abi: sessionHandlerAbi, functionName: 'windowLimits' }),
  );
  /** Sessions whose settlement did not come in time; anybody may end them, and every deposit is free again. */
  protected readonly lapsed = loaded(this.when, async () => {
    const rows = await this.sessions.latest(LATEST);
    const now = this.chain.now();
    const isOver = (state: SessionState): boolean =>
      [SessionState.Cancelled, SessionState.Closed, SessionState.Execution].includes(state);
    return rows.filter((row) => row.parameters.settlementTimeout <= now && !isOver(row.state));
  });

  private readonly chosenDay = computed(() => this.day() || localDay(this.chain.now() + 2 * DAY_S));
  protected readonly plan = computed(() => {
    const written = Object.fromEntries(Object.entries(this.texts).map(([name, text]) => [name, text()]));
    const texts = { ...written, day: this.chosenDay(), slotSeconds: this.slotSeconds() };
    return planOf(texts as unknown as Parameters<typeof planOf>[0]);
  });
  protected readonly deadlines = computed(() => {
    const plan = this.plan();
    return plan ? deadlinesOf(plan, this.chain.now()) : null;
  });

  protected percent(bps: number): string {
    return `${exactDecimal(BigInt(bps), 2, 0, this.language)} %`;
  }

  protected readonly open = (): readonly Call[] => {
    const plan = this.plan();
    if (!plan) return [];
    const address = this.communities.require().contracts.sessions;
    const args = [parametersOf(plan, this.chain.now())];
    return [{ address, abi: sessionHandlerAbi, functionName: 'newSession', args }];
  };

  protected cancel(id: number): () => readonly Call[] {
    return () => {
      const address = this.communities.require().contracts.marketplace;
      return [{ address, abi: marketplaceAbi, functionName: 'cancel', args: [BigInt(id)] }];
    };
  }
}
