/** The form of a change of terms: what it would be in words, tried on real payments, and then announced. */

import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';

import { CommunityService } from '../../core/chain/community';
import { communityTokenAbi } from '../../core/chain/generated/abis';
import { parseDecimal } from '../../core/market/units';
import { exactDecimal } from '../../core/text/figures';
import { DurationPipe, injectLanguage } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { ChoiceField } from '../../shared/choice-field';
import { TextField } from '../../shared/text-field';
import { Category, CATEGORY_NAMES } from '../tokens/categories';
import type { CategoryTerms } from './payment-rule';
import { CATEGORIES, latestOf, type Caps, type Row } from './rows';
import { SimulationPanel } from './simulation-panel';

const PERCENT_DECIMALS = 2;
const LIMIT_DECIMALS = 6;
const STATES = [
  { value: null, name: $localize`as it is` },
  { value: false, name: $localize`switched on` },
  { value: true, name: $localize`switched off` },
];

@Component({
  selector: 'cw-fee-change',
  imports: [Action, ChoiceField, DurationPipe, SimulationPanel, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './fee-change.html',
})
export class FeeChange {
  readonly rows = input.required<readonly Row[]>();
  readonly caps = input.required<Caps>();
  readonly notice = input.required<number>();
  /** Whether the reader may announce; everybody may try. */
  readonly isAdmin = input.required<boolean>();
  readonly announced = output();

  private readonly communities = inject(CommunityService);
  private readonly language = injectLanguage();
  protected readonly names = CATEGORY_NAMES;
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');
  protected readonly kinds = CATEGORIES.map((value) => ({ value, name: CATEGORY_NAMES[value] }));
  protected readonly states = STATES;

  protected readonly chosen = signal<Category>(Category.CitizenToCitizen);
  protected readonly isOff = signal<boolean | null>(null);
  protected readonly texts = {
    feeBps: signal(''),
    payerBps: signal(''),
    payeeBps: signal(''),
    mostPerPayment: signal(''),
    mostPerMember: signal(''),
    mostPerPair: signal(''),
  };

  /** What is written, null where a field is no figure; empty fields are left out. */
  private readonly written = computed((): Partial<CategoryTerms> | null => {
    const found: Record<string, number> = {};
    for (const [name, text] of Object.entries(this.texts)) {
      if (!text()) continue;
      const figure = parseDecimal(text(), name.endsWith('Bps') ? PERCENT_DECIMALS : LIMIT_DECIMALS);
      if (figure === null) return null;
      found[name] = Number(figure);
    }
    const isOff = this.isOff();
    return isOff === null ? found : { ...found, isOff };
  });
  /** The terms as they would be: what is left empty stays. */
  protected readonly changed = computed<CategoryTerms | null>(() => {
    const [row, written] = [this.rows().find((one) => one.category === this.chosen()), this.written()];
    return row && written && Object.keys(written).length ? { ...latestOf(row), ...written } : null;
  });
  /** Which limit of the code the change would pass, in words. */
  protected readonly passed = computed((): string | null => {
    const [terms, caps] = [this.changed(), this.caps()];
    if (!terms) return null;
    if (terms.feeBps > caps.feeBps) return $localize`No fee may be above ${this.percent(caps.feeBps)}:percent:.`;
    const isIncentive = terms.payerBps > 0 || terms.payeeBps > 0;
    if (this.chosen() === Category.Transfer && isIncentive) return $localize`Plain transfers have no incentives.`;
    if (Math.max(terms.payerBps, terms.payeeBps) > caps.incentiveBps) {
      return $localize`No incentive may be above ${this.percent(caps.incentiveBps)}:percent:.`;
    }
    if (terms.mostPerPayment > caps.perPayment || Math.max(terms.mostPerMember, terms.mostPerPair) > caps.perPeriod) {
      return $localize`No limit may be above ${this.tokens(caps.perPayment)}:amount: tokens for a payment, ${this.tokens(caps.perPeriod)}:most: for 30 days.`;
    }
    return null;
  });
  /** All terms as they would be once what is announced, and this, is in force. */
  protected readonly proposed = computed(() => {
    const changed = this.changed();
    const table = new Map(this.rows().map((row) => [row.category, latestOf(row)]));
    return changed ? table.set(this.chosen(), changed) : table;
  });

  protected percent(bps: number): string {
    return `${exactDecimal(BigInt(bps), PERCENT_DECIMALS, 0, this.language)} %`;
  }

  /** A limit, which counts in millionths of a token. */
  protected tokens(limit: number): string {
    return exactDecimal(BigInt(limit), LIMIT_DECIMALS, 0, this.language);
  }

  protected readonly schedule = (): readonly Call[] => {
    const terms = this.changed();
    if (!terms) return [];
    const address = this.communities.require().contracts.token;
    return [{ address, abi: communityTokenAbi, functionName: 'scheduleCategory', args: [this.chosen(), terms] }];
  };
}
