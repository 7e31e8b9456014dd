/** What payments in tokens cost and earn, kind by kind; the token administrator changes it, with the community's notice. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityTokenAbi } from '../../core/chain/generated/abis';
import { roleDigest } from '../../core/chain/roles';
import { loaded } from '../../core/loading';
import { parseDecimal } from '../../core/market/units';
import { exactDecimal } from '../../core/text/figures';
import { DurationPipe, injectLanguage, MomentPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { Category, CATEGORY_NAMES } from '../tokens/categories';

interface Terms {
  readonly feeBps: number;
  readonly payerBps: number;
  readonly payeeBps: number;
  readonly mostPerPayment: number;
  readonly mostPerMember: number;
  readonly mostPerPair: number;
  readonly isOff: boolean;
  readonly since: number;
}

interface Row {
  readonly category: Category;
  readonly terms: Terms;
  /** What is scheduled and not in force yet. */
  readonly next: Terms | null;
  readonly from: number;
}

const CATEGORIES = Object.values(Category).filter((value): value is Category => typeof value === 'number');

@Component({
  selector: 'cw-fees',
  imports: [Action, Failure, DurationPipe, MomentPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './fees.html',
})
export class FeesPage {
  private readonly communities = inject(CommunityService);
  private readonly chain = inject(ChainService);
  private readonly wallet = inject(WalletService);
  private readonly language = injectLanguage();
  protected readonly names = CATEGORY_NAMES;

  protected readonly chosen = signal<Category>(Category.CitizenToCitizen);
  protected readonly fee = signal('');
  protected readonly payer = signal('');
  protected readonly payee = signal('');

  private readonly when = computed(() => {
    const [community, block] = [this.communities.community(), this.chain.head()?.number];
    return community && block !== undefined ? { block } : undefined;
  });
  protected readonly rows = loaded(this.when, () => this.read());
  protected readonly notice = loaded(this.when, () => {
    const address = this.communities.require().contracts.token;
    return this.chain.require().readContract({ address, abi: communityTokenAbi, functionName: 'noticePeriod' });
  });
  protected readonly isAdmin = loaded(
    () => {
      const [community, account] = [this.communities.community(), this.wallet.account()];
      return community ? { account } : undefined;
    },
    async ({ account }) => account !== null && this.communities.hasRole(roleDigest('TOKEN_ADMIN'), account),
  );
  private readonly present = computed(() => this.rows.value()?.find((row) => row.category === this.chosen()) ?? null);
  /** The terms as they would be: what is left empty stays. */
  protected readonly changed = computed<Terms | null>(() => {
    const row = this.present();
    const [fee, payer, payee] = [this.fee(), this.payer(), this.payee()].map((text) => parseDecimal(text, 2));
    const isFilled = [fee, payer, payee].some((share) => share !== null);
    const isRight = [this.fee(), this.payer(), this.payee()].every((text) => !text || parseDecimal(text, 2) !== null);
    if (!row || !isFilled || !isRight) return null;
    const terms = row.next ?? row.terms;
    return {
      ...terms,
      feeBps: Number(fee ?? terms.feeBps),
      payerBps: Number(payer ?? terms.payerBps),
      payeeBps: Number(payee ?? terms.payeeBps),
    };
  });

  protected percent(bps: number): string {
    return `${exactDecimal(BigInt(bps), 2, 0, this.language)} %`;
  }

  protected readonly schedule = (): readonly Call[] => {
    const terms = this.changed();
    if (!terms) return [];
    const address = this.communities.require().contracts.token;
    return [{ address, abi: communityTokenAbi, functionName: 'scheduleCategory', args: [this.chosen(), terms] }];
  };

  protected valueOf(event: Event): string {
    return (event.target as HTMLInputElement | HTMLSelectElement).value;
  }

  private async read(): Promise<Row[]> {
    const client = this.chain.require();
    const at = { address: this.communities.require().contracts.token, abi: communityTokenAbi } as const;
    return Promise.all(
      CATEGORIES.map(async (category) => {
        const [terms, [next, from]] = await Promise.all([
          client.readContract({ ...at, functionName: 'termsOf', args: [category] }),
          client.readContract({ ...at, functionName: 'nextTermsOf', args: [category] }),
        ]);
        return { category, terms, next: from > 0n ? next : null, from: Number(from) };
      }),
    );
  }
}
