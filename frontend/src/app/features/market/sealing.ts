/** Sealing and reopening orders with the connected wallet. Keys and salts live as long as this page does, no longer. */

import { inject, Injectable } from '@angular/core';
import { isHex } from 'viem';

import { CommunityService } from '../../core/chain/community';
import { marketplaceAbi } from '../../core/chain/generated/abis';
import type { Commitment } from '../../core/chain/session';
import type { SessionDetail } from '../../core/chain/sessions';
import { randomBytes, toBytes, toHex, type Bytes } from '../../core/market/bytes';
import {
  keyFromSignature,
  keyOfWallet,
  keyText,
  KEY_BYTES,
  randomKey,
  seal,
  unseal,
  type EnvelopeContext,
  type Opened,
} from '../../core/market/envelope';
import { bounds, commitment, SALT_BYTES, type Order } from '../../core/market/orders';
import type { Hex } from '../../core/market/units';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';

/** Either the call to sign, or a key that has to be saved first because the wallet does not sign twice alike. */
export type Sealed = { readonly call: Call } | { readonly call: null; readonly keyToSave: string };

@Injectable({ providedIn: 'root' })
export class SealingService {
  private readonly wallet = inject(WalletService);
  private readonly communities = inject(CommunityService);

  /** Seal orders; `savedKey` is the random key that the reader has saved, null for the wallet's own. */
  async seal(session: SessionDetail, orders: readonly Order[], savedKey: string | null): Promise<Sealed> {
    const context = this.context(session);
    let key: Bytes;
    if (savedKey === null) {
      const found = await keyOfWallet((text) => this.wallet.signText(text), context);
      if (!found.steady) return { call: null, keyToSave: toHex(randomKey()) };
      key = found.key;
    } else {
      key = parseKey(savedKey);
    }
    const salt = toHex(randomBytes(SALT_BYTES));
    const envelope = await seal(orders, salt, key, context);
    await this.requireReopens(envelope, key, context, salt);
    const { chainId, marketplace, sessionId, trader } = context;
    const digest = commitment(chainId, marketplace, sessionId, trader, orders, salt);
    const { penaltyPrice, capPrice } = session.parameters;
    const lock = bounds(orders, penaltyPrice, capPrice).lock;
    return { call: this.commit([sessionId, digest, lock, envelope]) };
  }

  private commit(args: readonly unknown[]): Call {
    const address = this.communities.require().contracts.marketplace;
    return { address, abi: marketplaceAbi, functionName: 'submitCommitments', args };
  }

  /** Open the reader's envelope as the chain holds it, and check that it holds what was committed. */
  async open(session: SessionDetail, committed: Commitment, savedKey: string | null): Promise<Opened> {
    const context = this.context(session);
    const key =
      savedKey === null
        ? await keyFromSignature(await this.wallet.signText(keyText(context)), context)
        : parseKey(savedKey);
    const opened = await unseal(committed.envelope, key, context);
    const { chainId, marketplace, sessionId, trader } = context;
    const digest = commitment(chainId, marketplace, sessionId, trader, opened.orders, opened.salt);
    if (digest !== committed.commitment) {
      throw new Error(
        $localize`The envelope holds other orders than were committed: the program that sealed it was wrong. Reveal the orders from where you saved them.`,
      );
    }
    return opened;
  }

  revealCall(session: SessionDetail, opened: Opened): Call {
    const address = this.communities.require().contracts.marketplace;
    const args = [BigInt(session.id), this.wallet.require().account, opened.orders, opened.salt];
    return { address, abi: marketplaceAbi, functionName: 'revealOrders', args };
  }

  private context(session: SessionDetail): EnvelopeContext {
    const { chainId, contracts } = this.communities.require();
    const { account: trader } = this.wallet.require();
    return { chainId: BigInt(chainId), marketplace: contracts.marketplace, sessionId: BigInt(session.id), trader };
  }

  private async requireReopens(envelope: Hex, key: Bytes, context: EnvelopeContext, salt: Hex): Promise<void> {
    const opened = await unseal(envelope, key, context);
    if (opened.salt !== salt) throw new Error('the envelope just sealed does not open again');
  }
}

function parseKey(text: string): Bytes {
  const trimmed = text.trim();
  if (!isHex(trimmed) || trimmed.length !== 2 + 2 * KEY_BYTES) {
    throw new Error($localize`This is not a key as it was saved: 0x and 64 digits.`);
  }
  return toBytes(trimmed);
}
