/** A lost or stolen wallet: asking for a new one, objecting to a replacement, and fetching what lay with the old one. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';

import { ChainService } from '../../core/chain/chain';
import { CommunityService, MemberStatus } from '../../core/chain/community';
import { injectOwnMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { scannedAddress } from '../../core/text/address-code';
import { DurationPipe, EurPipe, MomentPipe, TokensPipe } from '../../core/text/pipes';
import { RefusedByUser } from '../../core/wallet/wallet';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { saveFile } from '../../shared/save-file';
import { TextField } from '../../shared/text-field';
import { ReplacementService, type Move } from './replacement';

@Component({
  selector: 'cw-lost-wallet',
  imports: [Action, DurationPipe, EurPipe, Failure, MatButtonModule, MomentPipe, TextField, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './lost-wallet.html',
})
export class LostWallet {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly replacements = inject(ReplacementService);
  private readonly when = injectOwnMoment();
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');

  protected readonly standing = loaded(this.when, ({ account }) => this.replacements.standingOf(account));
  protected readonly isMember = computed(() =>
    [MemberStatus.Active, MemberStatus.Suspended].includes(this.standing.value()?.status ?? MemberStatus.None),
  );
  /** The contract takes a wallet that never applied. */
  protected readonly mayBeNew = computed(() => this.standing.value()?.status === MemberStatus.None);
  protected readonly away = computed(() => {
    const move = this.standing.value()?.away;
    return move && !move.isVetoed ? move : null;
  });
  protected readonly arriving = computed(() =>
    (this.standing.value()?.arriving ?? []).filter((move) => !move.isVetoed),
  );

  protected readonly oldText = signal('');
  protected readonly recoveryText = signal('');
  protected readonly objectedText = signal('');
  protected readonly oldWallet = computed(() => scannedAddress(this.oldText())?.address ?? null);
  protected readonly recoveryKey = computed(() => scannedAddress(this.recoveryText())?.address ?? null);
  protected readonly objected = computed(() => scannedAddress(this.objectedText())?.address ?? null);
  protected readonly said = signal('');
  protected readonly failure = signal<unknown>(null);

  /** What lies with the lost wallet, to be said before anything is signed. */
  protected readonly old = loaded(
    () => {
      const [own, wallet] = [this.when(), this.oldWallet()];
      return own && wallet ? { wallet, block: own.block } : undefined;
    },
    async ({ wallet }) => {
      const [member, funds, tokens] = await Promise.all([
        this.communities.member(wallet),
        this.communities.funds(wallet),
        this.communities.tokenBalance(wallet),
      ]);
      const isMember = [MemberStatus.Active, MemberStatus.Suspended].includes(member.status);
      return { wallet, isMember, funds, tokens };
    },
  );

  protected isOpen(move: Move): boolean {
    return this.chain.now() < move.movesAt;
  }

  protected async sign(): Promise<void> {
    const oldWallet = this.oldWallet();
    if (!oldWallet) return;
    this.failure.set(null);
    this.said.set('');
    try {
      saveFile('new-wallet.json', await this.replacements.signed(oldWallet));
      this.said.set($localize`Signed and saved. Hand the file to an administrator within a week.`);
    } catch (error) {
      if (error instanceof RefusedByUser) this.said.set(error.message);
      else this.failure.set(error);
    }
  }

  protected object(oldWallet: `0x${string}` | null): () => readonly Call[] {
    return () => (oldWallet ? this.replacements.object(oldWallet) : []);
  }

  protected fetch(move: Move): () => readonly Call[] {
    return () => this.replacements.fetch(move);
  }

  protected readonly nameRecoveryKey = (): readonly Call[] => {
    const key = this.recoveryKey();
    return key ? this.replacements.nameRecoveryKey(key) : [];
  };
}
