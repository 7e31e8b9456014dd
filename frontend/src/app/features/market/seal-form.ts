/** Orders per slot, what they may cost, and sealing them: encrypted for the reader's wallet, committed on the chain. */

import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import {
  depositFor,
  orderRules,
  PositionState,
  SessionState,
  slotStart,
  type Position,
} from '../../core/chain/session';
import { type SessionDetail } from '../../core/chain/sessions';
import { loaded } from '../../core/loading';
import { bounds, orderFault } from '../../core/market/orders';
import type { Hex } from '../../core/market/units';
import { showSlot } from '../../core/text/figures';
import { EurPipe, injectLanguage } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';
import { Action } from '../../shared/action';
import { faultSentence } from './faults';
import { orderOf, type Draft } from './drafts';
import { SealingService } from './sealing';
import { SuggestionService } from './suggestion';

@Component({
  selector: 'cw-seal-form',
  imports: [Action, EurPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './seal-form.html',
  styleUrl: './seal-form.scss',
})
export class SealForm {
  readonly session = input.required<SessionDetail>();
  readonly position = input.required<Position | null>();
  private readonly communities = inject(CommunityService);
  private readonly sealing = inject(SealingService);
  private readonly suggestions = inject(SuggestionService);
  private readonly chain = inject(ChainService);
  private readonly language = injectLanguage();
  protected readonly wallet = inject(WalletService);

  protected readonly drafts = signal<readonly Draft[]>([]);
  protected readonly savedKey = signal<string | null>(null);
  protected readonly hasSaved = signal(false);
  private wasOpen = false;
  /** Whose last orders the suggestion was made from. */
  private suggestedFor: Hex | null = null;

  protected readonly isOpen = computed(
    () => this.session().state === SessionState.Commit && this.chain.now() < this.session().parameters.commitDeadline,
  );
  /** Whether sealing ended while the reader was at the form. */
  protected readonly hasEnded = signal(false);

  protected readonly funds = loaded(
    () => {
      const account = this.wallet.account();
      return account ? { account, block: this.chain.head()?.number } : undefined;
    },
    ({ account }) => this.communities.funds(account),
  );

  protected readonly orders = computed(() => this.drafts().flatMap((draft) => orderOf(draft) ?? []));
  protected readonly isUnreadable = computed(() =>
    this.drafts().some((draft) => draft.side !== '' && orderOf(draft) === null),
  );
  protected readonly fault = computed(() => {
    if (this.isUnreadable()) return $localize`Write quantities in kWh and limits in €/kWh, such as 1.5 and 0.18.`;
    const found = orderFault(this.orders(), orderRules(this.session().parameters));
    return found && this.orders().length ? faultSentence(found, this.language) : null;
  });
  protected readonly cost = computed(() => {
    const { penaltyPrice, capPrice } = this.session().parameters;
    const found = bounds(this.orders(), penaltyPrice, capPrice);
    return { ...found, deposit: depositFor(this.session().parameters, found.lock) };
  });
  protected readonly isShort = computed(() => {
    const [funds, own] = [this.funds.value(), this.position()];
    if (!funds) return false;
    const before =
      own?.state === PositionState.Committed ? own.lock + depositFor(this.session().parameters, own.lock) : 0n;
    return this.cost().lock + this.cost().deposit > funds.free + before;
  });

  constructor() {
    effect(() => {
      const [isOpen, id, account] = [this.isOpen(), this.session().id, this.wallet.account()];
      untracked(() => {
        const isNew = this.drafts().length !== this.session().parameters.slotCount;
        const isAnothers = account !== this.suggestedFor && !this.isTouched();
        if (isOpen && (isNew || isAnothers)) void this.suggest(id, false);
        if (this.wasOpen && !isOpen) this.hasEnded.set(true);
        this.wasOpen = isOpen;
      });
    });
  }

  protected label(slot: number): string {
    const { parameters } = this.session();
    return showSlot(slotStart(parameters, slot), parameters.slotSeconds, this.language);
  }

  protected change(slot: number, part: Partial<Draft>): void {
    this.drafts.update((drafts) => drafts.map((draft) => (draft.slot === slot ? { ...draft, ...part } : draft)));
  }

  protected valueOf(event: Event): string {
    return (event.target as HTMLInputElement | HTMLSelectElement).value;
  }

  protected sideOf(event: Event): Draft['side'] {
    const side = this.valueOf(event);
    return side === 'buy' || side === 'sell' ? side : '';
  }

  private isTouched(): boolean {
    return this.drafts().some((draft) => draft.side !== '');
  }

  protected clear(): void {
    this.drafts.update((drafts) => drafts.map((draft) => ({ ...draft, side: '', quantity: '' })));
  }

  /** Fill the form anew; what the reader has begun to write meanwhile stays, unless that was asked for. */
  protected async suggest(id: number, isAskedFor: boolean): Promise<void> {
    const account = this.wallet.account();
    this.suggestedFor = account;
    const suggested = await this.suggestions.drafts(this.session(), account, this.language);
    const isWanted = isAskedFor || !this.isTouched();
    if (id === this.session().id && account === this.suggestedFor && isWanted) this.drafts.set(suggested);
  }

  /** Signs for the key, seals, and gives the call; a wallet that signs unevenly gets a key to save first. */
  protected readonly seal = async (): Promise<readonly Call[]> => {
    const sealed = await this.sealing.seal(this.session(), this.orders(), this.savedKey());
    if (sealed.call) return [sealed.call];
    this.savedKey.set(sealed.keyToSave);
    return [];
  };
}
