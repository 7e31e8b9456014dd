/** A membership that moves from a lost wallet to a new one: what the chain says of it, and what the new wallet signs. */

import { inject, Injectable } from '@angular/core';
import { ChainService, topicOf, wordOfAddress } from '../../core/chain/chain';
import { CommunityService, MemberStatus } from '../../core/chain/community';
import { communityAbi, communityTokenAbi, marketplaceAbi } from '../../core/chain/generated/abis';
import { communityTypedData, SIGNATURE_SECONDS } from '../../core/chain/signing';
import type { Hex } from '../../core/market/units';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';

export const REPLACEMENT_FORMAT = 'commonwatt/replacement/1';
const NOBODY: Hex = `0x${'00'.repeat(20)}`;

/** A replacement of a wallet, with what still lies with the old one. */
export interface Move {
  readonly oldWallet: Hex;
  readonly newWallet: Hex;
  /** From when on money may follow; before, the old wallet or its recovery key may object. */
  readonly movesAt: number;
  readonly isVetoed: boolean;
  readonly escrow: bigint;
  readonly locked: bigint;
  readonly tokens: bigint;
}

export interface Standing {
  readonly status: MemberStatus;
  readonly recoveryKey: Hex | null;
  /** Seconds between a replacement and the move of the money. */
  readonly delay: number;
  /** From this wallet to another. */
  readonly away: Move | null;
  /** To this wallet. */
  readonly arriving: readonly Move[];
}

@Injectable({ providedIn: 'root' })
export class ReplacementService {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly wallet = inject(WalletService);

  async standingOf(account: Hex): Promise<Standing> {
    const { contracts, firstBlock } = this.communities.require();
    const client = this.chain.require();
    const community = { address: contracts.community, abi: communityAbi } as const;
    const moved = topicOf(communityAbi, 'WalletReplaced');
    const [member, delay, away, arrivals] = await Promise.all([
      client.readContract({ ...community, functionName: 'memberOf', args: [account] }),
      client.readContract({ ...community, functionName: 'replacementDelay' }),
      this.moveOf(account),
      this.chain.events([contracts.community], [moved, null, null, wordOfAddress(account)], firstBlock),
    ]);
    const from = new Set(arrivals.map((event) => String(event.args['oldWallet']).toLowerCase() as Hex));
    const moves = await Promise.all([...from].map((oldWallet) => this.moveOf(oldWallet)));
    return {
      status: member.status,
      recoveryKey: member.recoveryKey === NOBODY ? null : member.recoveryKey,
      delay,
      away,
      arriving: moves.filter((move) => move !== null && move.newWallet === account) as Move[],
    };
  }

  /** The last replacement of a wallet; null if there was none. */
  async moveOf(oldWallet: Hex): Promise<Move | null> {
    const community = { address: this.communities.require().contracts.community, abi: communityAbi } as const;
    const [found, funds, tokens] = await Promise.all([
      this.chain.require().readContract({ ...community, functionName: 'replacementOf', args: [oldWallet] }),
      this.communities.funds(oldWallet),
      this.communities.tokenBalance(oldWallet),
    ]);
    if (found.newWallet === NOBODY) return null;
    return {
      oldWallet,
      newWallet: found.newWallet.toLowerCase() as Hex,
      movesAt: found.movesAt,
      isVetoed: found.vetoed,
      escrow: funds.free,
      locked: funds.locked,
      tokens,
    };
  }

  /** What an administrator hands in: signed by the connected, new wallet. */
  async signed(oldWallet: Hex): Promise<Blob> {
    const { chainId, contracts } = this.communities.require();
    const newWallet = this.wallet.require().account;
    const deadline = this.chain.now() + SIGNATURE_SECONDS;
    const message = { oldWallet, newWallet, deadline };
    const signature = await this.wallet.signTyped(
      communityTypedData(chainId, contracts.community, 'WalletReplacement', message),
    );
    const file = { format: REPLACEMENT_FORMAT, community: contracts.community.toLowerCase(), chainId };
    const content = { ...file, ...message, signature };
    return new Blob([JSON.stringify(content, null, 1) + '\n'], { type: 'application/json' });
  }

  object(oldWallet: Hex): readonly Call[] {
    return [this.community('vetoReplacement', [oldWallet])];
  }

  nameRecoveryKey(key: Hex): readonly Call[] {
    return [this.community('setRecoveryKey', [key])];
  }

  /** Bring what lies with the old wallet over; nothing is called for what is not there. */
  fetch(move: Move): readonly Call[] {
    const { marketplace, token } = this.communities.require().contracts;
    const args = [move.oldWallet];
    const escrow = { address: marketplace, abi: marketplaceAbi, functionName: 'moveEscrow', args };
    const tokens = { address: token, abi: communityTokenAbi, functionName: 'moveBalance', args };
    return [...(move.escrow ? [escrow] : []), ...(move.tokens ? [tokens] : [])];
  }

  private community(functionName: string, args: readonly unknown[]): Call {
    return { address: this.communities.require().contracts.community, abi: communityAbi, functionName, args };
  }
}
