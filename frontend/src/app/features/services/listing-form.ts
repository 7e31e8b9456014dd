/** Offering, asking for something, or the community asking for work: the form, and what signing it does. */

import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { isAddress, zeroAddress } from 'viem';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { DealsService, HOUSE_ABIS } from '../../core/chain/deals';
import { communityTokenAbi } from '../../core/chain/generated/abis';
import { isText, textBytes, textHash } from '../../core/chain/texts';
import { parseDecimal } from '../../core/market/units';
import { TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { ChoiceField } from '../../shared/choice-field';
import { TextField } from '../../shared/text-field';
import { Category, CATEGORY_NAMES, TOKEN_DECIMALS } from '../tokens/categories';
import { wholeOf } from './whole';

const DAY_S = 86_400;
const DEALT: readonly Category[] = [
  Category.CitizenToCitizen,
  Category.WithStructure,
  Category.StakeholderToCitizen,
  Category.StakeholderToStakeholder,
  Category.CitizenToStakeholder,
];
const WORKS: readonly Category[] = [Category.ToCommunity, Category.ToCommunityWithStructure];
const HOSTED: readonly Category[] = [Category.WithStructure, Category.ToCommunityWithStructure];

export type ListingKind = 'offer' | 'request' | 'requestWork';

@Component({
  selector: 'cw-listing-form',
  imports: [Action, ChoiceField, TextField, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './listing-form.html',
})
export class ListingForm {
  /** Where what is written is listed. */
  readonly house = input.required<'services' | 'works'>();
  readonly symbol = input.required<string>();
  readonly listed = output();
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly deals = inject(DealsService);

  protected readonly chosenKind = signal<ListingKind>('offer');
  protected readonly kind = computed(() => (this.house() === 'works' ? 'requestWork' : this.chosenKind()));
  protected readonly kinds = [
    { value: 'offer' as ListingKind, name: $localize`I offer it` },
    { value: 'request' as ListingKind, name: $localize`I look for it` },
  ];
  protected readonly categories = computed(() =>
    (this.house() === 'works' ? WORKS : DEALT).map((value) => ({ value, name: CATEGORY_NAMES[value] })),
  );
  private readonly chosenCategory = signal<Category | null>(null);
  protected readonly category = computed(() => this.chosenCategory() ?? this.categories()[0].value);
  protected readonly isHosted = computed(() => HOSTED.includes(this.category()));

  protected readonly text = signal('');
  protected readonly amountText = signal('');
  protected readonly placesText = signal('1');
  protected readonly acceptDays = signal('14');
  protected readonly deliverDays = signal('14');
  protected readonly structure = signal('');
  protected readonly structureShare = signal('');

  protected readonly amount = computed(() => parseDecimal(this.amountText(), TOKEN_DECIMALS) || null);
  protected readonly price = computed(() => this.amount() ?? 0n);
  protected readonly places = computed(() => wholeOf(this.placesText(), 65_535));
  protected readonly total = computed(() => (this.amount() ?? 0n) * BigInt(this.places() ?? 0));
  private readonly days = computed(() => [wholeOf(this.acceptDays(), 365), wholeOf(this.deliverDays(), 365)]);
  private readonly share = computed(() => parseDecimal(this.structureShare(), 2));
  protected readonly isReady = computed(() => {
    const isHostRight =
      !this.isHosted() || (isAddress(this.structure().trim()) && (this.share() ?? 10_001n) <= 10_000n);
    return isText(this.text()) && !!this.amount() && !!this.places() && this.days().every(Boolean) && isHostRight;
  });

  protected choose(category: Category): void {
    this.chosenCategory.set(category);
  }

  protected readonly list = (): readonly Call[] => {
    const [accept, deliver] = this.days();
    const terms = {
      category: this.category(),
      amount: this.amount() ?? 0n,
      places: this.places() ?? 0,
      acceptBy: this.chain.now() + (accept ?? 0) * DAY_S,
      deliverWithin: (deliver ?? 0) * DAY_S,
      structure: this.isHosted() ? this.structure().trim() : zeroAddress,
      structureBps: this.isHosted() ? Number(this.share() ?? 0n) : 0,
      contentHash: textHash(this.text()),
    };
    const address = this.deals.address(this.house());
    const behind = textBytes(this.text());
    const call = { address, abi: HOUSE_ABIS[this.house()], functionName: this.kind(), args: [terms], behind };
    if (this.kind() !== 'request') return [call];
    const token = this.communities.require().contracts.token;
    return [{ address: token, abi: communityTokenAbi, functionName: 'approve', args: [address, this.total()] }, call];
  };
}
