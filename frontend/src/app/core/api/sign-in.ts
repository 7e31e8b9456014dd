/** Signing the connected wallet in at the service (EIP-4361). What only a signed-in wallet may see comes through here. */

import { computed, effect, inject, Injectable, signal } from '@angular/core';
import { getAddress } from 'viem';

import type { Hex } from '../market/units';
import { WalletService } from '../wallet/wallet';
import { ApiClient, type Schema } from './client';

/** A token is renewed so many seconds before it ends. */
const EARLY_S = 30;

@Injectable({ providedIn: 'root' })
export class SignInService {
  private readonly api = inject(ApiClient);
  private readonly wallet = inject(WalletService);
  private readonly access = signal<Schema<'Access'> | null>(null);
  readonly isSignedIn = computed(() => {
    const account = this.wallet.account();
    return account !== null && this.access()?.wallet === account;
  });

  constructor() {
    // Another account, or none: what the former one could see is no business of this one.
    effect(() => {
      const account = this.wallet.account();
      if (this.access() && this.access()?.wallet !== account) this.forget();
    });
  }

  /** Sign in where that is not done yet, renewing quietly where it is. */
  async ensure(): Promise<void> {
    const access = this.access();
    if (access && this.isSignedIn()) {
      if (access.expires_at - EARLY_S > Date.now() / 1000) return;
      if (await this.renew()) return;
    }
    const { account } = this.wallet.require();
    const nonce = await this.api.ask<Schema<'Nonce'>>('/v1/auth/nonce', { method: 'POST' });
    const message = signInText(nonce, account, new Date());
    const signature = await this.wallet.signText(message);
    this.keep(
      await this.api.ask<Schema<'Access'>>('/v1/auth/sign-in', { method: 'POST', json: { message, signature } }),
    );
  }

  async signOut(): Promise<void> {
    await this.api.ask('/v1/auth/sign-out', { method: 'POST' });
    this.forget();
  }

  private async renew(): Promise<boolean> {
    try {
      this.keep(await this.api.ask<Schema<'Access'>>('/v1/auth/refresh', { method: 'POST' }));
      return this.isSignedIn();
    } catch {
      return false;
    }
  }

  private keep(access: Schema<'Access'>): void {
    this.access.set(access);
    this.api.token.set(access.access_token);
  }

  private forget(): void {
    this.access.set(null);
    this.api.token.set(null);
  }
}

/** The text that the wallet signs, as EIP-4361 has it; English for everybody, since wallets read it. */
export function signInText(nonce: Schema<'Nonce'>, account: Hex, now: Date): string {
  return (
    `${nonce.domain} wants you to sign in with your Ethereum account:\n${getAddress(account)}\n\n` +
    `Sign in to your energy community. This moves no money.\n\n` +
    `URI: ${nonce.uri}\nVersion: 1\nChain ID: ${nonce.chain_id}\nNonce: ${nonce.nonce}\nIssued At: ${now.toISOString()}`
  );
}
