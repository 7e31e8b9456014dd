/** Transactions of the reader: each goes through explicit states, and a refusal becomes a sentence. */

import { inject, Injectable, LOCALE_ID } from '@angular/core';
import {
  concatHex,
  encodeFunctionData,
  TransactionNotFoundError,
  TransactionReceiptNotFoundError,
  type Abi,
} from 'viem';

import { ChainService } from '../chain/chain';
import { refusalOf, sentenceOf } from '../chain/refusals';
import type { Hex } from '../market/units';
import { languageOf } from '../text/pipes';
import { RefusedByUser, WalletService } from './wallet';

/** A call of a contract, for the wallet to sign. */
export interface Call {
  readonly address: Hex;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args: readonly unknown[];
  /** Bytes behind the arguments, which contracts do not look at: a text whose hash is among the arguments. */
  readonly behind?: Hex;
}

export type TransactionState =
  | { readonly kind: 'idle' }
  /** Being checked against the chain, before the wallet is asked. */
  | { readonly kind: 'checking' }
  /** The wallet is asking the reader. */
  | { readonly kind: 'asking' }
  | { readonly kind: 'sent'; readonly hash: Hex }
  | { readonly kind: 'done'; readonly hash: Hex }
  /** The reader declined: no failure. */
  | { readonly kind: 'declined' }
  | { readonly kind: 'failed'; readonly sentence: string; readonly hash: Hex | null };

/** The contract refused, said in the reader's language. */
export class RefusedByContract extends Error {
  constructor(
    sentence: string,
    readonly hash: Hex | null,
  ) {
    super(sentence);
  }
}

/** Gas that suffices at any time, as `commons/contracts.py` has it: estimates run at another block's time. */
const FIXED_GAS: Readonly<Record<string, number>> = {
  submitCommitments: 400_000,
  revealOrders: 600_000,
  withdrawCommitment: 300_000,
  execute: 500_000,
  freeUnfilled: 1_000_000,
  createCommunity: 4_900_000,
  newSession: 900_000,
  leave: 1_500_000,
  removeMember: 1_500_000,
};
const GAS = 400_000;
const GAS_PER_BYTE = 60;

@Injectable({ providedIn: 'root' })
export class TransactionService {
  private readonly wallet = inject(WalletService);
  private readonly chain = inject(ChainService);
  private readonly language = languageOf(inject(LOCALE_ID));

  /** Check, ask, send, wait: `tell` hears of every state; the receipt's transaction hash is given. */
  async run(call: Call, tell: (state: TransactionState) => void): Promise<Hex> {
    try {
      tell({ kind: 'checking' });
      await this.check(call);
      tell({ kind: 'asking' });
      const { abi, functionName, args, behind } = call;
      const data = concatHex([encodeFunctionData({ abi, functionName, args }), behind ?? '0x']);
      const gas = BigInt((FIXED_GAS[call.functionName] ?? GAS) + ((data.length - 2) / 2) * GAS_PER_BYTE);
      const hash = await this.wallet.send(call.address, data, gas);
      tell({ kind: 'sent', hash });
      await this.settled(call, hash);
      tell({ kind: 'done', hash });
      return hash;
    } catch (error) {
      tell(this.failure(error));
      throw error;
    }
  }

  /** How an error ends a transaction. */
  failure(error: unknown): TransactionState {
    if (error instanceof RefusedByUser) return { kind: 'declined' };
    const hash = error instanceof RefusedByContract ? error.hash : null;
    return { kind: 'failed', sentence: this.sentence(error), hash };
  }

  /** An error in words. */
  sentence(error: unknown): string {
    if (error instanceof RefusedByContract || error instanceof RefusedByUser) return error.message;
    const refusal = refusalOf(error);
    if (refusal) return sentenceOf(refusal, this.language);
    return plainMessage(error);
  }

  /** Ask the chain whether the call would pass, so that nobody signs what cannot. */
  private async check(call: Call): Promise<void> {
    const account = this.wallet.require().account;
    try {
      await this.chain.require().simulateContract({ ...call, account, blockTag: 'pending' });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) throw new RefusedByContract(sentenceOf(refusal, this.language), null);
      throw error;
    }
  }

  private async settled(call: Call, hash: Hex): Promise<void> {
    const client = this.chain.require();
    const receipt = await client.waitForTransactionReceipt({ hash, pollingInterval: 500, timeout: 120_000 });
    void this.chain.refresh();
    if (receipt.status === 'success') return;
    const account = this.wallet.require().account;
    try {
      await client.simulateContract({ ...call, account, blockNumber: receipt.blockNumber });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) throw new RefusedByContract(sentenceOf(refusal, this.language), hash);
    }
    throw new RefusedByContract($localize`The chain refused the transaction and gave no reason.`, hash);
  }
}

function plainMessage(error: unknown): string {
  if (error instanceof TransactionReceiptNotFoundError || error instanceof TransactionNotFoundError) {
    return $localize`The chain knows no such transaction. Check its hash; if it was just sent, wait for the next block.`;
  }
  const short = (error as { readonly shortMessage?: string }).shortMessage;
  const message = short ?? (error instanceof Error ? error.message : String(error));
  if (/fetch|network|HTTP request failed/i.test(message)) {
    return $localize`The node of the chain does not answer. Check your connection, or name another node under “Network”.`;
  }
  return message;
}
