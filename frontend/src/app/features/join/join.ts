/** Joining: who one is, the adhesion contract, a signature over its salted hash, and handing it in. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';

import { AdhesionService, DOCUMENT_TYPES } from '../../core/api/adhesions';
import { ChainService } from '../../core/chain/chain';
import { CommunityService, MemberStatus } from '../../core/chain/community';
import { communityAbi } from '../../core/chain/generated/abis';
import { communityTypedData, SIGNATURE_SECONDS } from '../../core/chain/signing';
import { loaded } from '../../core/loading';
import { hash, randomBytes, toHex } from '../../core/market/bytes';
import type { Hex } from '../../core/market/units';
import { scannedAddress } from '../../core/text/address-code';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { saveFile } from '../../shared/save-file';
import { TextField } from '../../shared/text-field';
import { ApplicationService, DEMO_ADHESION, type Application } from './application';
import { PointBinding } from './point-binding';

const NO_RECOVERY: Hex = `0x${'00'.repeat(20)}`;

@Component({
  selector: 'cw-join',
  imports: [RouterLink, Action, Failure, PointBinding, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './join.html',
})
export class JoinPage {
  private readonly communities = inject(CommunityService);
  private readonly chain = inject(ChainService);
  private readonly adhesions = inject(AdhesionService);
  private readonly applications = inject(ApplicationService);
  protected readonly wallet = inject(WalletService);
  protected readonly statuses = MemberStatus;
  protected readonly kind = signal(1);
  protected readonly profile = signal(0);
  protected readonly hasRead = signal(false);
  protected readonly recoveryText = signal('');
  /** Who may object should somebody replace this wallet; nobody but the wallet if the field is empty. */
  protected readonly recoveryKey = computed(() =>
    this.recoveryText().trim() ? (scannedAddress(this.recoveryText())?.address ?? null) : NO_RECOVERY,
  );
  protected readonly isCarried = signal(false);
  protected readonly types = DOCUMENT_TYPES.join(',');
  /** The signed document; the demo community's own text where none was chosen. */
  protected readonly document = signal<{ readonly name: string; readonly content: Blob }>({
    name: $localize`Adhesion contract of the demo community`,
    content: new Blob([DEMO_ADHESION], { type: 'text/plain' }),
  });
  /** Belongs to the applicant, with the document: without it nobody can tell what was signed. */
  protected readonly salt = signal<Hex | null>(null);
  protected readonly name = computed(() => this.communities.community()?.name ?? '');

  protected readonly member = loaded(
    () => {
      const [community, account] = [this.communities.community(), this.wallet.account()];
      return community && account ? { account, block: this.chain.head()?.number } : undefined;
    },
    ({ account }) => this.communities.member(account),
  );

  protected choose(event: Event): void {
    const file = (event.target as HTMLInputElement).files?.item(0);
    if (file) this.document.set({ name: file.name, content: file });
  }

  protected numberOf(event: Event): number {
    return Number((event.target as HTMLSelectElement).value);
  }

  /** Asks the wallet for a signature over the application; the service carries it, else the wallet sends it. */
  protected readonly apply = async (): Promise<readonly Call[]> => {
    const { chainId, contracts } = this.communities.require();
    const { account } = this.wallet.require();
    const { salt, adhesionHash } = await this.salted();
    const nonce = await this.chain.require().readContract({
      address: contracts.community,
      abi: communityAbi,
      functionName: 'nonceOf',
      args: [account],
    });
    const application: Application = {
      applicant: account,
      kind: this.kind(),
      profile: this.profile(),
      adhesionHash,
      recoveryKey: this.recoveryKey() ?? NO_RECOVERY,
      nonce,
      deadline: BigInt(this.chain.now() + SIGNATURE_SECONDS),
    };
    const typed = communityTypedData(chainId, contracts.community, 'Application', application);
    const signature = await this.wallet.signTyped(typed);
    this.salt.set(salt);
    this.isCarried.set(await this.applications.carried(application, signature));
    return this.isCarried() ? [] : [this.applications.call(application, signature)];
  };

  /** A document that the service takes is handed in for the administrator's eyes; else its salt is made here. */
  private async salted(): Promise<{ salt: Hex; adhesionHash: Hex }> {
    const { content } = this.document();
    if ((DOCUMENT_TYPES as readonly string[]).includes(content.type)) return this.adhesions.handIn(content);
    const salt = randomBytes(32);
    return { salt: toHex(salt), adhesionHash: hash(new Uint8Array(await content.arrayBuffer()), salt) };
  }

  /** The document's name and the salt as a file: what the applicant keeps, and shows the administrator. */
  protected saveSalt(): void {
    const [salt, { name }] = [this.salt(), this.document()];
    const text = JSON.stringify({ format: 'commonwatt/adhesion-salt/1', document: name, salt }, null, 1);
    saveFile('adhesion-salt.json', new Blob([text], { type: 'application/json' }));
  }
}
