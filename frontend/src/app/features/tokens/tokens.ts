/** A member's community tokens: being paid, paying, and all payments so far, each with what it was for. */

import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService, topicOf, wordOfAddress } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { DealsService } from '../../core/chain/deals';
import { communityTokenAbi } from '../../core/chain/generated/abis';
import { injectOwnMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import type { Hex } from '../../core/market/units';
import { ShortHexPipe, TokensPipe } from '../../core/text/pipes';
import { WalletService } from '../../core/wallet/wallet';
import { Failure } from '../../shared/failure';
import { CATEGORY_NAMES } from './categories';
import { OwnCode } from './own-code';
import { PayForm } from './pay-form';
import { paymentsOf } from './payments';

const NO_REFERENCE = /^0x0*$/;

@Component({
  selector: 'cw-tokens',
  imports: [RouterLink, Failure, OwnCode, PayForm, ShortHexPipe, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './tokens.html',
})
export class TokensPage {
  private readonly communities = inject(CommunityService);
  private readonly chain = inject(ChainService);
  private readonly deals = inject(DealsService);
  protected readonly wallet = inject(WalletService);
  protected readonly names = CATEGORY_NAMES;
  protected readonly unnamed = $localize`An exchange whose text is elsewhere`;
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');

  private readonly when = injectOwnMoment();
  protected readonly balance = loaded(this.when, ({ account }) => this.communities.tokenBalance(account));
  protected readonly payments = loaded(this.when, async ({ account, community }) => {
    const [paid, own] = [topicOf(communityTokenAbi, 'Paid'), wordOfAddress(account)];
    const { contracts, firstBlock } = community;
    const [out, incoming] = await Promise.all([
      this.chain.events([contracts.token], [paid, own], firstBlock),
      this.chain.events([contracts.token], [paid, null, own], firstBlock),
    ]);
    const events = [...out, ...incoming].sort((a, b) => b.block - a.block || b.logIndex - a.logIndex);
    const payments = paymentsOf(events, account);
    const isDealt = payments.some((payment) => !payment.purpose && !NO_REFERENCE.test(payment.reference));
    const subjects = isDealt ? await this.deals.subjectsOf(account) : new Map<Hex, string | null>();
    return payments.map((payment) => ({
      ...payment,
      isDeal: subjects.has(payment.reference),
      purpose: payment.purpose || (subjects.get(payment.reference) ?? ''),
    }));
  });
}
