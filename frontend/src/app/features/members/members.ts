/** The community's members; whoever administrates it approves, suspends, reinstates and removes here. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';

import { AdhesionService } from '../../core/api/adhesions';
import { ChainService, topicOf } from '../../core/chain/chain';
import { CommunityService, MemberStatus, type Member } from '../../core/chain/community';
import { communityAbi, communityTokenAbi } from '../../core/chain/generated/abis';
import { injectMoment, injectRole } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { randomBytes, toHex, ZERO_HASH } from '../../core/market/bytes';
import type { Hex } from '../../core/market/units';
import { ShortHexPipe, TokensPipe } from '../../core/text/pipes';
import { TransactionService, type Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { HandIn } from './hand-in';
import { MemberDesk } from './member-desk';
import { KIND_NAMES, PROFILE_NAMES, STATUS_NAMES } from './names';

interface MemberRow {
  readonly wallet: Hex;
  readonly member: Member;
}

@Component({
  selector: 'cw-members',
  imports: [MatButtonModule, Action, Failure, HandIn, MemberDesk, ShortHexPipe, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './members.html',
})
export class MembersPage {
  private readonly communities = inject(CommunityService);
  private readonly chain = inject(ChainService);
  private readonly adhesions = inject(AdhesionService);
  private readonly transactions = inject(TransactionService);
  /** What came of asking for an applicant's document. */
  protected readonly said = signal<{ readonly wallet: Hex; readonly text: string; readonly isBad: boolean } | null>(
    null,
  );
  protected readonly statuses = MemberStatus;
  protected readonly names = STATUS_NAMES;
  protected readonly kinds = KIND_NAMES;
  protected readonly profiles = PROFILE_NAMES;

  private readonly when = injectMoment();
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');
  /** The wallet of the member that is looked at. */
  protected readonly chosen = signal<Hex | null>(null);
  protected readonly rows = loaded(this.when, () => this.read());
  protected readonly isAdmin = injectRole('COMMUNITY_ADMIN');
  private readonly welcome = loaded(this.when, async ({ community: { contracts } }) => {
    const [client, at] = [this.chain.require(), { address: contracts.token, abi: communityTokenAbi } as const];
    return Promise.all([0, 1].map((which) => client.readContract({ ...at, functionName: 'amountOf', args: [which] })));
  });
  protected readonly applicants = computed(() =>
    (this.rows.value() ?? []).filter((row) => row.member.status === MemberStatus.Applied),
  );
  protected readonly others = computed(() =>
    (this.rows.value() ?? []).filter((row) => row.member.status !== MemberStatus.Applied),
  );
  protected readonly active = computed(
    () => this.others().filter((row) => row.member.status === MemberStatus.Active).length,
  );

  /** What the applicant gets from the treasury when it is approved for the first time. */
  protected welcomeOf({ member }: MemberRow): bigint {
    return this.welcome.value()?.[member.kind - 1] ?? 0n;
  }

  /** Who was a member before keeps the number; a new person gets a random one, since a hash of a name can be guessed. */
  protected approve(row: MemberRow): () => readonly Call[] {
    return () => {
      const { memberId, adhesionHash } = row.member;
      const number = memberId === ZERO_HASH ? toHex(randomBytes(32)) : memberId;
      return [this.call('approveMember', [row.wallet, number, adhesionHash])];
    };
  }

  /** Open the applicant's document, if it is the one whose hash was signed. */
  protected async readDocument({ wallet, member }: MemberRow): Promise<void> {
    try {
      const document = await this.adhesions.read(wallet, member.adhesionHash);
      if (document) window.open(URL.createObjectURL(document), '_blank', 'noopener');
      const text = document
        ? $localize`The document is the one whose hash was signed.`
        : $localize`No document was handed in here. Ask the applicant for it, with its salt.`;
      this.said.set({ wallet, text, isBad: false });
    } catch (error) {
      this.said.set({ wallet, text: this.transactions.sentence(error), isBad: true });
    }
  }

  protected act(functionName: string, wallet: Hex): () => readonly Call[] {
    return () => [this.call(functionName, [wallet])];
  }

  private call(functionName: string, args: readonly unknown[]): Call {
    return { address: this.communities.require().contracts.community, abi: communityAbi, functionName, args };
  }

  private async read(): Promise<MemberRow[]> {
    const { contracts, firstBlock } = this.communities.require();
    const topics = [['MemberApplied', 'WalletReplaced'].map((name) => topicOf(communityAbi, name))];
    const events = await this.chain.events([contracts.community], topics, firstBlock);
    const wallets = events.map((event) => (event.args['applicant'] ?? event.args['newWallet']) as Hex);
    const different = [...new Set(wallets.map((wallet) => wallet.toLowerCase() as Hex))];
    const members = await Promise.all(different.map((wallet) => this.communities.member(wallet)));
    return different.map((wallet, at) => ({ wallet, member: members[at] }));
  }
}
