/** The stakeholders' desk: who has paid its yearly fee, paying it, and buying tokens that the treasury holds. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';

import { ChainService, topicOf } from '../../core/chain/chain';
import { CommunityService, MemberStatus } from '../../core/chain/community';
import {
  communityAbi,
  communityTokenAbi,
  settlementEuroAbi,
  stakeholderDeskAbi,
} from '../../core/chain/generated/abis';
import { injectMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { parseDecimal, type Hex } from '../../core/market/units';
import { DayPipe, EurPipe, ShortHexPipe, TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { TextField } from '../../shared/text-field';
import { STATUS_NAMES } from '../members/names';
import { TOKEN_DECIMALS } from '../tokens/categories';

const EURO_DECIMALS = 6;
const STAKEHOLDER = 2;
const TOKEN = 10n ** BigInt(TOKEN_DECIMALS);
/** Of `ITokenPolicy.TokenAmount`. */
const [YEARLY_FEE, TOKEN_PRICE] = [5, 6];

interface Stakeholder {
  readonly memberId: Hex;
  readonly wallet: Hex;
  readonly status: MemberStatus;
  readonly paidUntil: number;
  readonly isInArrears: boolean;
  /** Whether a year can be paid now: not earlier than the contract's days before the end of the last. */
  readonly isPayable: boolean;
}

@Component({
  selector: 'cw-stakeholder-desk',
  imports: [Action, DayPipe, EurPipe, Failure, ShortHexPipe, TextField, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './stakeholder-desk.html',
})
export class StakeholderDesk {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly wallet = inject(WalletService);
  private readonly when = injectMoment();
  protected readonly names = STATUS_NAMES;
  protected readonly statuses = MemberStatus;
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');

  protected readonly terms = loaded(this.when, async ({ community: { contracts } }) => {
    const [client, at] = [this.chain.require(), { address: contracts.token, abi: communityTokenAbi } as const];
    const [fee, price, stock] = await Promise.all([
      client.readContract({ ...at, functionName: 'amountOf', args: [YEARLY_FEE] }),
      client.readContract({ ...at, functionName: 'amountOf', args: [TOKEN_PRICE] }),
      this.communities.tokenBalance(contracts.treasury),
    ]);
    return { fee, price, stock };
  });
  protected readonly stakeholders = loaded(this.when, () => this.read());
  /** The connected wallet as an active stakeholder. */
  protected readonly own = computed(() => {
    const account = this.wallet.account();
    const found = (this.stakeholders.value() ?? []).find((one) => one.wallet === account);
    return found?.status === MemberStatus.Active ? found : null;
  });

  protected readonly euroText = signal('');
  protected readonly euro = computed(() => parseDecimal(this.euroText(), EURO_DECIMALS) || null);
  /** What the euro buy at the price in force, rounded down as the contract does. */
  protected readonly bought = computed(() => {
    const [euro, price] = [this.euro(), this.terms.value()?.price ?? 0n];
    return euro && price ? (euro * TOKEN) / price : null;
  });

  protected readonly buy = (): readonly Call[] => {
    const [{ contracts }, euro, least] = [this.communities.require(), this.euro() ?? 0n, this.bought() ?? 0n];
    const call = { address: contracts.desk, abi: stakeholderDeskAbi, functionName: 'buyTokens', args: [euro, least] };
    return [this.allow(euro), call];
  };

  protected pay(one: Stakeholder, fee: bigint): () => readonly Call[] {
    return () => {
      const address = this.communities.require().contracts.desk;
      const call = { address, abi: stakeholderDeskAbi, functionName: 'payYearlyFee', args: [one.memberId] };
      return [this.allow(fee), call];
    };
  }

  protected done(): void {
    this.stakeholders.reload();
    this.terms.reload();
  }

  /** Let the desk take so much of the connected wallet's settlement euro, and no more. */
  private allow(euro: bigint): Call {
    const { contracts } = this.communities.require();
    const args = [contracts.desk, euro];
    return { address: contracts.euro, abi: settlementEuroAbi, functionName: 'approve', args };
  }

  private async read(): Promise<Stakeholder[]> {
    const { contracts, firstBlock } = this.communities.require();
    const [client, now] = [this.chain.require(), this.chain.now()];
    const approved = topicOf(communityAbi, 'MemberApproved');
    const events = await this.chain.events([contracts.community], [approved], firstBlock);
    const ids = new Set(
      events.filter(({ args }) => Number(args['kind']) === STAKEHOLDER).map(({ args }) => args['memberId'] as Hex),
    );
    const desk = { address: contracts.desk, abi: stakeholderDeskAbi } as const;
    const ahead = await client.readContract({ ...desk, functionName: 'PAID_AHEAD' });
    return Promise.all(
      [...ids].map(async (memberId): Promise<Stakeholder> => {
        const args = [memberId] as const;
        const [wallet, paidUntil, isInArrears] = await Promise.all([
          client.readContract({ address: contracts.community, abi: communityAbi, functionName: 'walletOf', args }),
          client.readContract({ ...desk, functionName: 'paidUntil', args }),
          client.readContract({ ...desk, functionName: 'isInArrears', args }),
        ]);
        const { status } = await this.communities.member(wallet);
        const isPayable = status === MemberStatus.Active && Number(paidUntil) <= now + Number(ahead);
        const own = { memberId, wallet: wallet.toLowerCase() as Hex, status, isInArrears, isPayable };
        return { ...own, paidUntil: Number(paidUntil) };
      }),
    );
  }
}
