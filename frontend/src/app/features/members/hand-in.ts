/** Handing in what a member signed: the file is checked against the chain here, said in words, and then signed. */

import { ChangeDetectionStrategy, Component, inject, output, signal } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService, type Funds } from '../../core/chain/community';
import { communityAbi } from '../../core/chain/generated/abis';
import { hash, toBytes } from '../../core/market/bytes';
import type { Hex } from '../../core/market/units';
import { DurationPipe, EurPipe, MomentPipe, ShortHexPipe, TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { OPEN_END, POINT_DOCUMENT, PointKind } from '../join/binding';
import { NotHandedIn, readHanded, signedData, type Handed } from './handed-in';

interface Checked {
  readonly handed: Handed;
  /** The wallet that had to sign, and did. */
  readonly signer: Hex;
  /** What lies with the wallet that is replaced. */
  readonly funds: Funds | null;
  readonly tokens: bigint;
  readonly delay: number;
  /** Whether the binding is about the usual document, by its salted hash. */
  readonly isUsualDocument: boolean;
}

@Component({
  selector: 'cw-hand-in',
  imports: [Action, DurationPipe, EurPipe, Failure, MomentPipe, ShortHexPipe, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './hand-in.html',
})
export class HandIn {
  readonly handedIn = output();

  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly wallet = inject(WalletService);
  protected readonly kinds = PointKind;
  protected readonly openEnd = OPEN_END;
  protected readonly checked = signal<Checked | null>(null);
  protected readonly failure = signal<unknown>(null);

  protected symbol(): string {
    return this.communities.community()?.tokenSymbol ?? '';
  }

  protected choose(event: Event): void {
    void this.check((event.target as HTMLInputElement).files?.item(0) ?? null);
  }

  protected drop(event: DragEvent): void {
    event.preventDefault();
    void this.check(event.dataTransfer?.files.item(0) ?? null);
  }

  private async check(file: File | null): Promise<void> {
    if (!file) return;
    this.checked.set(null);
    this.failure.set(null);
    try {
      this.checked.set(await this.found(await file.text()));
    } catch (error) {
      this.failure.set(error);
    }
  }

  private async found(text: string): Promise<Checked> {
    const { chainId, contracts } = this.communities.require();
    const handed = readHanded(text, contracts.community);
    const at = { address: contracts.community, abi: communityAbi } as const;
    const client = this.chain.require();
    const signer =
      handed.what === 'replacement'
        ? handed.newWallet
        : await client.readContract({ ...at, functionName: 'walletOf', args: [handed.binding.memberId] });
    const data = signedData(handed, chainId, contracts.community);
    const isSigned = await client.verifyTypedData({ ...data, address: signer, signature: handed.signature });
    if (!isSigned) {
      throw new NotHandedIn($localize`The signature is not that of ${signer}:wallet:. Do not hand this in.`);
    }
    const isMoving = handed.what === 'replacement';
    return {
      handed,
      signer,
      funds: isMoving ? await this.communities.funds(handed.oldWallet) : null,
      tokens: isMoving ? await this.communities.tokenBalance(handed.oldWallet) : 0n,
      delay: Number(await client.readContract({ ...at, functionName: 'replacementDelay' })),
      isUsualDocument: !isMoving && isUsual(handed.binding.documentHash, handed.salt),
    };
  }

  protected send(handed: Handed): () => readonly Call[] {
    return () => {
      const at = { address: this.communities.require().contracts.community, abi: communityAbi };
      if (handed.what === 'replacement') {
        const { oldWallet, newWallet, deadline, signature } = handed;
        return [{ ...at, functionName: 'replaceWallet', args: [oldWallet, newWallet, BigInt(deadline), signature] }];
      }
      // Whoever sends it as an administrator agrees by sending it: no second signature is needed.
      const args = [handed.binding, this.wallet.require().account, handed.signature, '0x'];
      return [{ ...at, functionName: 'bindPoint', args }];
    };
  }

  protected sent(): void {
    this.handedIn.emit();
  }
}

function isUsual(documentHash: Hex, salt: Hex): boolean {
  return hash(new TextEncoder().encode(POINT_DOCUMENT), toBytes(salt)) === documentHash;
}
