/** An application as a wallet signs it, and how it reaches the chain: carried by the service, or sent by the wallet. */

import { inject, Injectable } from '@angular/core';

import { ApiClient, type Schema } from '../../core/api/client';
import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityAbi } from '../../core/chain/generated/abis';
import type { Hex } from '../../core/market/units';
import type { Call } from '../../core/wallet/transactions';

export interface Application {
  readonly applicant: Hex;
  readonly kind: number;
  readonly profile: number;
  readonly adhesionHash: Hex;
  readonly recoveryKey: Hex;
  readonly nonce: bigint;
  readonly deadline: bigint;
}

/** What members of the embedded demo sign, to the byte; a real community has its own document. */
export const DEMO_ADHESION = 'Commonwatt: adhesion contract of the embedded demo community, version 1\n';

/** By their numbers on the chain. */
const KINDS = ['citizen', 'citizen', 'stakeholder'] as const;
const PROFILES = ['consumer', 'prosumer', 'prostormer'] as const;
const LONGEST_WAIT_MS = 60_000;

@Injectable({ providedIn: 'root' })
export class ApplicationService {
  private readonly api = inject(ApiClient);
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);

  /** Have the service carry an application to the chain; false where it does not, whatever the reason. */
  async carried(application: Application, signature: Hex): Promise<boolean> {
    const community = this.communities.require().contracts.community.toLowerCase();
    const given: Schema<'GivenApplication'> = {
      applicant: application.applicant,
      kind: KINDS[application.kind],
      profile: PROFILES[application.profile],
      adhesion_hash: application.adhesionHash,
      recovery_key: application.recoveryKey,
      nonce: Number(application.nonce),
      deadline: Number(application.deadline),
      signature,
    };
    try {
      const path = `/v1/communities/${community}/applications` as const;
      const { hash } = await this.api.ask<Schema<'Forwarded'>>(path, { method: 'POST', json: given });
      const client = this.chain.require();
      const receipt = await client.waitForTransactionReceipt({ hash: hash as Hex, timeout: LONGEST_WAIT_MS });
      return receipt.status === 'success';
    } catch {
      // A service that carries nothing, or is not there, keeps nobody out: the wallet can send it, and hears why not.
      return false;
    }
  }

  /** What the wallet sends itself. */
  call(application: Application, signature: Hex): Call {
    const address = this.communities.require().contracts.community;
    return { address, abi: communityAbi, functionName: 'registerUser', args: [application, signature] };
  }
}
