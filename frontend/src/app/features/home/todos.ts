/** What a member has to do now, out of sessions, exchanges, loans, meters and the wallet itself; the most urgent first. */

import { inject, Injectable } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService, MemberStatus } from '../../core/chain/community';
import { DealsService, DealState, LoanState, type Deal, type Loan } from '../../core/chain/deals';
import { communityAbi } from '../../core/chain/generated/abis';
import { PositionState, SessionState, type Position } from '../../core/chain/session';
import { SessionsService, type SessionRow } from '../../core/chain/sessions';
import type { Hex } from '../../core/market/units';
import { showDay } from '../../core/text/figures';
import { injectLanguage } from '../../core/text/pipes';
import { loanStepsOf, ripened, stepsOf } from '../services/steps';

export interface Todo {
  readonly id: string;
  readonly text: string;
  readonly link: readonly (string | number)[];
  /** Until when it can be done; null where it does not matter. */
  readonly until: number | null;
  /** Waiting costs something. */
  readonly isUrgent: boolean;
}

@Injectable({ providedIn: 'root' })
export class TodoService {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly deals = inject(DealsService);
  private readonly sessions = inject(SessionsService);
  private readonly language = injectLanguage();

  async of(account: Hex, rows: readonly SessionRow[]): Promise<readonly Todo[]> {
    const { status, memberId } = await this.communities.member(account);
    if (status === MemberStatus.Replaced) return this.objection(account);
    const found = await Promise.all([
      this.ofSessions(account, rows, status === MemberStatus.Active),
      this.ofDeals(account),
      this.ofLoans(account),
      status === MemberStatus.Active ? this.ofMeters(memberId) : [],
    ]);
    const todos = found.flat();
    return [...todos.filter((todo) => todo.isUrgent), ...todos.filter((todo) => !todo.isUrgent)];
  }

  private async ofSessions(account: Hex, rows: readonly SessionRow[], isActive: boolean): Promise<Todo[]> {
    const positions = await Promise.all(rows.map((row) => this.sessions.position(row.id, account)));
    return rows.flatMap((row, at) => this.ofSession(row, positions[at], isActive) ?? []);
  }

  private ofSession({ id, state, parameters }: SessionRow, position: Position, isActive: boolean): Todo | null {
    const day = showDay(parameters.deliveryStart, this.language);
    const link = ['/market', id];
    if (state === SessionState.Commit && position.state === PositionState.None && isActive) {
      const text = $localize`Place orders for ${day}:day:`;
      return { id: `order-${id}`, text, link, until: parameters.commitDeadline, isUrgent: false };
    }
    if (state === SessionState.Reveal && position.state === PositionState.Committed) {
      const text = $localize`Reveal your orders for ${day}:day:, or their deposit is lost`;
      return { id: `reveal-${id}`, text, link, until: parameters.revealDeadline, isUrgent: true };
    }
    const isStuck =
      (state > SessionState.Reveal && position.state === PositionState.Committed) ||
      (state >= SessionState.Closed && position.state === PositionState.Revealed);
    if (!isStuck) return null;
    return {
      id: `free-${id}`,
      text: $localize`Free your lock in session ${id}:id:`,
      link,
      until: null,
      isUrgent: false,
    };
  }

  private async ofDeals(account: Hex): Promise<Todo[]> {
    const deals = await this.deals.openOf(account);
    const isPledged = deals.some((deal) => deal.house === 'purchases');
    const purchases = isPledged ? await this.deals.purchases() : [];
    return deals.flatMap((deal) => {
      const purchase = deal.house === 'purchases' && purchases.find((one) => one.id === deal.listingId);
      return this.ofDeal(purchase ? ripened(deal, purchase, this.chain.now()) : deal, account) ?? [];
    });
  }

  private ofDeal(deal: Deal, account: Hex): Todo | null {
    const steps = stepsOf(deal, { account, isAdmin: false }, this.chain.now()).map((step) => step.functionName);
    const todo = { id: `${deal.house}-${deal.id}`, link: ['/services', 'exchanges'], until: deal.deadline };
    if (steps.includes('moveOn')) {
      const text = $localize`An exchange has run out of time: move it on`;
      return { ...todo, text, until: null, isUrgent: false };
    }
    if (steps.includes('deliver')) {
      return { ...todo, text: $localize`Deliver what you promised, and say so`, isUrgent: true };
    }
    if (deal.state === DealState.Delivered && steps.includes('confirm')) {
      return { ...todo, text: $localize`Confirm a delivery, or dispute it; silence confirms`, isUrgent: true };
    }
    return null;
  }

  private async ofLoans(account: Hex): Promise<Todo[]> {
    const loans = await this.deals.loans();
    return loans.flatMap((loan) => this.ofLoan(loan, account) ?? []);
  }

  private ofLoan(loan: Loan, account: Hex): Todo | null {
    if (loan.lender !== account && loan.borrower !== account) return null;
    const steps = loanStepsOf(loan, { account, isAdmin: false }, this.chain.now()).map((step) => step.functionName);
    const todo = { id: `loan-${loan.id}`, link: ['/services', 'loans'], until: loan.deadline };
    if (steps.includes('moveLoanOn')) {
      return { ...todo, text: $localize`A loan has run out of time: move it on`, until: null, isUrgent: false };
    }
    if (steps.includes('handOver')) return { ...todo, text: $localize`Hand over what you lend`, isUrgent: true };
    if (steps.includes('giveBack')) {
      return { ...todo, text: $localize`Give back what you borrowed`, until: loan.dueAt, isUrgent: true };
    }
    if (loan.state === LoanState.GivenBack && steps.includes('confirmReturn')) {
      const text = $localize`Confirm that what you lent is back, or dispute it; silence confirms`;
      return { ...todo, text, isUrgent: true };
    }
    return null;
  }

  private async ofMeters(memberId: Hex): Promise<Todo[]> {
    const address = this.communities.require().contracts.community;
    const call = { address, abi: communityAbi, functionName: 'pointsOf', args: [memberId] } as const;
    if ((await this.chain.require().readContract(call)).length) return [];
    const text = $localize`Sign which meter is yours: without one nothing is settled or rewarded`;
    return [{ id: 'meter', text, link: ['/join'], until: null, isUrgent: false }];
  }

  private async objection(account: Hex): Promise<Todo[]> {
    const address = this.communities.require().contracts.community;
    const call = { address, abi: communityAbi, functionName: 'replacementOf', args: [account] } as const;
    const { movesAt } = await this.chain.require().readContract(call);
    if (movesAt <= this.chain.now()) return [];
    const text = $localize`This wallet is being replaced: object if you did not ask for it`;
    return [{ id: 'replacement', text, link: ['/wallet'], until: movesAt, isUrgent: true }];
  }
}
