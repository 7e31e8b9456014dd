/** The receipt of a member and session: from the sealed order to the payment, each step computed in this browser. */

import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { RouterLink } from '@angular/router';

import { PublishedService } from '../../core/audit/published';
import { checkReceipt, encodeReceipt, receiptOf } from '../../core/audit/receipt';
import { EvidenceService } from '../../core/audit/evidence';
import { checkReadings, UNREAD } from '../../core/audit/readings';
import { READING_STEPS, RECEIPT_STEPS } from '../../core/audit/receipt-steps';
import { recheckAside } from '../../core/audit/recheck-aside';
import { differenceOf, STEP_NAMES, VERDICTS } from '../../core/audit/steps';
import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { marketplaceAbi } from '../../core/chain/generated/abis';
import { PositionState, SessionState, slotStart } from '../../core/chain/session';
import { SessionsService } from '../../core/chain/sessions';
import { loaded } from '../../core/loading';
import { readBundles, type Bundle } from '../../core/market/bundle';
import type { Hex } from '../../core/market/units';
import { showSlot } from '../../core/text/figures';
import { DayPipe, EurPipe, injectLanguage, KwhPipe, PricePipe, ShortHexPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';

@Component({
  selector: 'cw-receipt',
  imports: [RouterLink, MatButtonModule, Action, DayPipe, EurPipe, KwhPipe, PricePipe, ShortHexPipe, Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './receipt.html',
  styleUrl: './receipt.scss',
})
export class ReceiptPage {
  readonly id = input.required<string>();
  readonly trader = input.required<string>();
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly sessions = inject(SessionsService);
  private readonly published = inject(PublishedService);
  private readonly evidence = inject(EvidenceService);
  private readonly language = injectLanguage();
  protected readonly bundles = signal<readonly Bundle[]>([]);
  protected readonly badFile = signal<unknown>(null);
  protected readonly verdicts = VERDICTS;
  protected readonly tones = { right: 'good', wrong: 'bad', 'not-yet': '' } as const;

  private readonly place = computed(() => {
    const community = this.communities.community();
    if (!community) return null;
    const { marketplace, community: at } = community.contracts;
    return { chainId: BigInt(community.chainId), marketplace, community: at };
  });
  protected readonly checked = loaded(
    () => {
      const [place, block] = [this.place(), this.chain.head()?.number];
      const trader = this.trader().toLowerCase() as Hex;
      return place && block !== undefined ? { place, trader, id: Number(this.id()) } : undefined;
    },
    async ({ place, trader, id }) => {
      const detail = await this.sessions.detail(id);
      const result = await recheckAside(detail, place, this.published.read);
      const receipt = receiptOf(detail, result, place, trader);
      const claims = receipt ? checkReceipt(receipt, detail, result, place, detail.settlement) : [];
      const position = await this.sessions.position(id, trader);
      return { detail, result, receipt, claims, position, trader };
    },
  );

  /** From the meter to counted energy, as far as the member has dropped the readings here. */
  protected readonly readings = loaded(
    () => {
      const found = this.checked.value();
      const members = found?.result.settlement?.members ?? [];
      const published = members.find((one) => one.trader === found?.trader);
      return found && published ? { found, members, published, bundles: this.bundles() } : undefined;
    },
    async ({ found, members, published, bundles }) => {
      const { memberId } = await this.communities.member(found.trader);
      const [bindings, wallets, roots] = await Promise.all([
        this.evidence.bindings(memberId),
        this.evidence.wallets(memberId),
        Promise.all(bundles.map((bundle) => this.evidence.root(bundle))),
      ]);
      return checkReadings({
        parameters: found.detail.parameters,
        community: this.communities.require().contracts.community,
        bindings,
        bundles,
        roots,
        versions: this.posted()?.versions ?? [],
        published,
        members,
        wallets,
      });
    },
  );

  protected readonly reveal = computed(() => {
    const found = this.checked.value();
    return found?.detail.story.reveals.find((one) => one.trader === found.trader) ?? null;
  });
  protected readonly commitment = computed(() => {
    const found = this.checked.value();
    return found?.detail.story.commitments.find((one) => one.trader === found.trader) ?? null;
  });
  protected readonly posted = computed(() => {
    const detail = this.checked.value()?.detail;
    return detail?.story.settlements.findLast((one) => one.answer === detail.settlement?.answer) ?? null;
  });
  protected readonly steps = computed(() => {
    const found = this.checked.value();
    if (!found) return [];
    const metered = (this.readings.value() ?? (found.receipt ? UNREAD : [])).map((step) => ({
      id: step.id,
      verdict: step.verdict,
      name: READING_STEPS[step.id],
      detail: step.where ?? '',
    }));
    const session = found.result.steps.map((step) => ({
      id: `session-${step.id}`,
      verdict: step.verdict,
      name: STEP_NAMES[step.id],
      detail: differenceOf(step),
    }));
    const own = found.claims.map((claim) => ({
      id: claim.id,
      verdict: claim.verdict,
      name: RECEIPT_STEPS[claim.id],
      detail: claim.where ?? '',
    }));
    return [...metered, ...own, ...session];
  });
  protected readonly wrong = computed(() => this.steps().filter((step) => step.verdict === 'wrong').length);
  protected readonly open = computed(() => this.steps().filter((step) => step.verdict === 'not-yet').length);
  protected readonly right = computed(() => this.steps().filter((step) => step.verdict === 'right').length);
  protected readonly net = computed(() => {
    const receipt = this.checked.value()?.receipt;
    return receipt ? receipt.credit - receipt.debit - receipt.penalty : 0n;
  });
  protected readonly mayCollect = computed(() => {
    const found = this.checked.value();
    return found?.detail.state === SessionState.Execution && found.position.state === PositionState.Revealed;
  });

  protected label(slot: number): string {
    const parameters = this.checked.value()?.detail.parameters;
    return parameters ? showSlot(slotStart(parameters, slot), parameters.slotSeconds, this.language) : '';
  }

  protected readonly collect = (): readonly Call[] => {
    const receipt = this.checked.value()?.receipt;
    if (!receipt) return [];
    const { trader, debit, credit, penalty, proof, session } = receipt;
    const args = [session, { trader, debit, credit, penalty }, proof];
    const address = this.communities.require().contracts.marketplace;
    return [{ address, abi: marketplaceAbi, functionName: 'execute', args }];
  };

  /** Take the member's own readings in; they stay in this browser. */
  protected async add(event: Event): Promise<void> {
    this.badFile.set(null);
    try {
      const files = [...((event.target as HTMLInputElement).files ?? [])];
      const raw = await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
      this.bundles.update((before) => [...before, ...raw.flatMap(readBundles)]);
    } catch (error) {
      this.badFile.set(error);
    }
  }

  /** Hand the receipt over as one file. */
  protected save(): void {
    const receipt = this.checked.value()?.receipt;
    if (!receipt) return;
    const url = URL.createObjectURL(new Blob([encodeReceipt(receipt)], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `receipt-session-${receipt.session}-${receipt.trader.slice(2, 10)}.json`;
    link.click();
    URL.revokeObjectURL(url);
  }
}
