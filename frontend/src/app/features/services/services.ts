/** Goods, services and work, paid in tokens out of escrow: what is listed, the reader's exchanges, and each next step. */

import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService } from '../../core/chain/chain';
import { DealsService, DealState, type Deal } from '../../core/chain/deals';
import { injectOwnMoment, injectMoment, injectRole } from '../../core/chain/when';
import { CommunityService } from '../../core/chain/community';
import { loaded } from '../../core/loading';
import { WalletService } from '../../core/wallet/wallet';
import { Failure } from '../../shared/failure';
import { DealCard, type Subject } from './deal-card';
import { Goods } from './goods';
import { ListingForm } from './listing-form';
import { Listings } from './listings';
import { Purchases } from './purchases';
import { ripened, type Viewer } from './steps';

export const AREAS = [
  { id: 'offers', name: $localize`Offers and requests` },
  { id: 'exchanges', name: $localize`My exchanges` },
  { id: 'purchases', name: $localize`Buying together` },
  { id: 'loans', name: $localize`Lending` },
  { id: 'works', name: $localize`Work for the community` },
] as const;

@Component({
  selector: 'cw-services',
  imports: [RouterLink, DealCard, Failure, Goods, ListingForm, Listings, Purchases],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './services.html',
})
export class ServicesPage {
  /** Which part is shown; from the address. */
  readonly area = input<string>('offers');
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly deals = inject(DealsService);
  protected readonly wallet = inject(WalletService);
  protected readonly areas = AREAS;
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');

  private readonly moment = injectMoment();
  private readonly own = injectOwnMoment();
  private readonly isAdmin = injectRole('COMMUNITY_ADMIN');
  protected readonly viewer = computed<Viewer | null>(() => {
    const own = this.own();
    return own ? { account: own.account, isAdmin: this.isAdmin.value() ?? false } : null;
  });
  protected readonly admin = computed(() => this.viewer()?.isAdmin ?? false);
  protected readonly found = loaded(this.moment, async () => {
    const [listings, jobs, purchases, goods, loans, ...deals] = await Promise.all([
      this.deals.listings('services'),
      this.deals.listings('works'),
      this.deals.purchases(),
      this.deals.goods(),
      this.deals.loans(),
      this.deals.deals('services'),
      this.deals.deals('works'),
      this.deals.deals('purchases'),
    ]);
    return { listings, jobs, purchases, goods, loans, deals: deals.flat() };
  });

  /** The reader's own, and what an administrator who is no party can still judge; what needs doing comes first. */
  protected readonly exchanges = computed((): Deal[] => {
    const [found, viewer] = [this.found.value(), this.viewer()];
    if (!found || !viewer) return [];
    return found.deals
      .filter((deal) => {
        const isParty = [deal.payer, deal.payee, deal.structure].includes(viewer.account);
        return isParty || (viewer.isAdmin && deal.state < DealState.Paid);
      })
      .map((deal) => {
        const purchase = found.purchases.find((one) => one.id === deal.listingId);
        return deal.house === 'purchases' && purchase ? ripened(deal, purchase, this.chain.now()) : deal;
      })
      .sort((a, b) => Number(a.state >= DealState.Paid) - Number(b.state >= DealState.Paid) || Number(b.id - a.id));
  });

  protected about(deal: Deal): Subject | null {
    const found = this.found.value();
    const of = { services: found?.listings, works: found?.jobs, purchases: found?.purchases }[deal.house] ?? [];
    return of.find((one) => one.id === deal.listingId) ?? null;
  }
}
