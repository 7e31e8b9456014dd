/** Lending goods: what can be borrowed, the reader's loans with their steps, and lending something oneself. */

import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { DealsService, LoanState, type Good, type Loan } from '../../core/chain/deals';
import { communityTokenAbi, goodsLoansAbi } from '../../core/chain/generated/abis';
import { isText, textBytes, textHash } from '../../core/chain/texts';
import { parseDecimal } from '../../core/market/units';
import { DurationPipe, MomentPipe, ShortHexPipe, TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { TextField } from '../../shared/text-field';
import { TOKEN_DECIMALS } from '../tokens/categories';
import { DealQuote } from './deal-quote';
import { StepAction } from './step-action';
import { loanStepsOf, type Step, type Viewer } from './steps';
import { wholeOf } from './whole';
import { WrittenText } from './written-text';

const DAY_S = 86_400;
export const LOAN_STATES: Readonly<Record<LoanState, string>> = {
  [LoanState.None]: $localize`unknown`,
  [LoanState.Reserved]: $localize`Reserved: waiting to be handed over`,
  [LoanState.Lent]: $localize`Lent`,
  [LoanState.GivenBack]: $localize`Given back: waiting for the confirmation`,
  [LoanState.Disputed]: $localize`Disputed: waiting for a decision`,
  [LoanState.Closed]: $localize`Closed`,
};

@Component({
  selector: 'cw-goods',
  imports: [Action, DealQuote, DurationPipe, MomentPipe, ShortHexPipe, StepAction, TextField, TokensPipe, WrittenText],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './goods.html',
})
export class Goods {
  readonly goods = input.required<readonly Good[]>();
  readonly loans = input.required<readonly Loan[]>();
  readonly viewer = input.required<Viewer | null>();
  readonly symbol = input.required<string>();
  readonly changed = output();
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly deals = inject(DealsService);

  protected readonly states = LOAN_STATES;
  protected readonly unnamed = $localize`Its text is not on the chain`;
  protected readonly free = computed(() => this.goods().filter((good) => !good.isWithdrawn && good.loanId === 0n));
  /** Loans of the reader, and disputes for an administrator to decide. */
  protected readonly shown = computed(() => {
    const viewer = this.viewer();
    return this.loans().filter(
      (loan) =>
        viewer &&
        ([loan.lender, loan.borrower].includes(viewer.account) ||
          (viewer.isAdmin && loan.state === LoanState.Disputed)),
    );
  });
  protected readonly daysText = signal('7');
  protected readonly days = computed(() => wholeOf(this.daysText(), 365));

  protected readonly text = signal('');
  protected readonly priceText = signal('');
  protected readonly depositText = signal('0');
  protected readonly lateText = signal('0');
  protected readonly longestText = signal('30');
  private readonly figures = computed(() => {
    const [price, deposit, late] = [this.priceText(), this.depositText(), this.lateText()].map((text) =>
      parseDecimal(text, TOKEN_DECIMALS),
    );
    return { price, deposit, late, longest: wholeOf(this.longestText(), 365) };
  });
  protected readonly isReady = computed(() => {
    const { price, deposit, late, longest } = this.figures();
    return isText(this.text()) && price !== null && deposit !== null && late !== null && longest !== null;
  });

  protected about(goodId: bigint): string {
    return this.goods().find((good) => good.id === goodId)?.text ?? this.unnamed;
  }

  protected steps(loan: Loan): Step[] {
    const viewer = this.viewer();
    return viewer ? loanStepsOf(loan, viewer, this.chain.now()) : [];
  }

  protected borrow(good: Good): () => readonly Call[] {
    return () => {
      const [address, { contracts }] = [this.deals.address('loans'), this.communities.require()];
      const amount = good.price + good.deposit;
      return [
        { address: contracts.token, abi: communityTokenAbi, functionName: 'approve', args: [address, amount] },
        this.call('borrow', [good.id, (this.days() ?? 0) * DAY_S]),
      ];
    };
  }

  protected withdraw(good: Good): () => readonly Call[] {
    return () => [this.call('withdrawGood', [good.id])];
  }

  protected readonly offer = (): readonly Call[] => {
    const { price, deposit, late, longest } = this.figures();
    const terms = {
      price: price ?? 0n,
      deposit: deposit ?? 0n,
      latePerDay: late ?? 0n,
      longest: (longest ?? 0) * DAY_S,
      contentHash: textHash(this.text()),
    };
    return [{ ...this.call('offerGood', [terms]), behind: textBytes(this.text()) }];
  };

  private call(functionName: string, args: readonly unknown[]): Call {
    return { address: this.deals.address('loans'), abi: goodsLoansAbi, functionName, args };
  }
}
