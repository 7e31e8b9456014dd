/** The control wallet: what it holds, and payments out of it, which one person proposes and another approves. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { isAddress } from 'viem';

import { ChainService, topicOf } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { treasuryAbi } from '../../core/chain/generated/abis';
import { injectMoment, injectRole } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { parseDecimal, type Hex } from '../../core/market/units';
import { EurPipe, MomentPipe, ShortHexPipe, TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';
import { Action } from '../../shared/action';
import { ChoiceField } from '../../shared/choice-field';
import { Failure } from '../../shared/failure';
import { TextField } from '../../shared/text-field';
import { TOKEN_DECIMALS } from '../tokens/categories';
import { paymentState, paymentSteps, type PaymentState, type TreasuryPayment } from './payments';
import { WorksBudget } from './works-budget';

const EURO_DECIMALS = 6;
const STATES: Readonly<Record<PaymentState, string>> = {
  proposed: $localize`waits for a second person`,
  notice: $localize`approved, its notice runs`,
  due: $localize`can be made`,
  paid: $localize`paid out`,
  withdrawn: $localize`withdrawn`,
};
const STEP_NAMES: Readonly<Record<string, string>> = {
  approvePayment: $localize`Approve`,
  makePayment: $localize`Make the payment`,
  withdrawPayment: $localize`Withdraw the proposal`,
};

@Component({
  selector: 'cw-treasury-panel',
  imports: [Action, ChoiceField, EurPipe, Failure, MomentPipe, ShortHexPipe, TextField, TokensPipe, WorksBudget],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './treasury-panel.html',
})
export class TreasuryPanel {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly wallet = inject(WalletService);
  private readonly when = injectMoment();
  protected readonly isTokenAdmin = injectRole('TOKEN_ADMIN');
  private readonly isCommunityAdmin = injectRole('COMMUNITY_ADMIN');
  protected readonly states = STATES;
  protected readonly stepNames = STEP_NAMES;
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');

  protected readonly holdings = loaded(this.when, async ({ community: { contracts } }) => {
    const [euro, tokens] = await Promise.all([
      this.communities.euroBalance(contracts.treasury),
      this.communities.tokenBalance(contracts.treasury),
    ]);
    return { euro, tokens, euroToken: contracts.euro.toLowerCase() };
  });
  protected readonly payments = loaded(this.when, () => this.read());

  protected readonly assets = [
    { value: 'euro' as 'euro' | 'token', name: $localize`settlement euro` },
    { value: 'token' as 'euro' | 'token', name: $localize`community tokens` },
  ];
  protected readonly asset = signal<'euro' | 'token'>('euro');
  protected readonly payee = signal('');
  protected readonly amountText = signal('');
  protected readonly purpose = signal('');
  protected readonly amount = computed(
    () => parseDecimal(this.amountText(), this.asset() === 'euro' ? EURO_DECIMALS : TOKEN_DECIMALS) || null,
  );
  protected readonly isReady = computed(
    () => isAddress(this.payee().trim()) && this.amount() !== null && this.purpose().trim() !== '',
  );

  protected readonly propose = (): readonly Call[] => {
    const { contracts } = this.communities.require();
    const asset = this.asset() === 'euro' ? contracts.euro : contracts.token;
    return [this.call('proposePayment', [asset, this.payee().trim(), this.amount() ?? 0n, this.purpose().trim()])];
  };

  protected state(payment: TreasuryPayment): PaymentState {
    return paymentState(payment, this.chain.now());
  }

  protected steps(payment: TreasuryPayment): string[] {
    const [isTokenAdmin, isCommunityAdmin] = [this.isTokenAdmin, this.isCommunityAdmin].map(
      (role) => role.value() ?? false,
    );
    return paymentSteps(payment, { account: this.wallet.account(), isTokenAdmin, isCommunityAdmin }, this.chain.now());
  }

  protected act(functionName: string, payment: TreasuryPayment): () => readonly Call[] {
    return () => [this.call(functionName, [payment.id])];
  }

  private call(functionName: string, args: readonly unknown[]): Call {
    return { address: this.communities.require().contracts.treasury, abi: treasuryAbi, functionName, args };
  }

  private async read(): Promise<TreasuryPayment[]> {
    const { contracts, firstBlock } = this.communities.require();
    const topics = ['PaymentProposed', 'PaymentWithdrawn'].map((name) => topicOf(treasuryAbi, name));
    const events = await this.chain.events([contracts.treasury], [topics], firstBlock);
    const proposed = events.filter((event) => event.name === 'PaymentProposed');
    const withdrawn = new Set(
      events.filter((event) => event.name === 'PaymentWithdrawn').map((event) => event.args['paymentId'] as bigint),
    );
    const client = this.chain.require();
    const found = await Promise.all(
      proposed.map(async ({ args }): Promise<TreasuryPayment> => {
        const id = args['paymentId'] as bigint;
        const record = await client.readContract({
          address: contracts.treasury,
          abi: treasuryAbi,
          functionName: 'paymentOf',
          args: [id],
        });
        const asset = record.asset.toLowerCase() as Hex;
        return { ...record, asset, id, purpose: String(args['purpose']), isWithdrawn: withdrawn.has(id) };
      }),
    );
    return found.reverse();
  }
}
