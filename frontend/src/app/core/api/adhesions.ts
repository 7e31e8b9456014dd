/** Adhesion documents at the service: handed in by applicants, read by administrators, checked here against their hashes. */

import { inject, Injectable } from '@angular/core';

import { CommunityService } from '../chain/community';
import { hash, toBytes } from '../market/bytes';
import type { Hex } from '../market/units';
import { ApiClient, type Schema } from './client';
import { SignInService } from './sign-in';

/** Kinds of document that the service takes. */
export const DOCUMENT_TYPES = ['application/pdf', 'image/png', 'image/jpeg'] as const;

/** A document whose bytes and salt give another hash than they should: it is not what was signed. */
export class OtherDocument extends Error {
  constructor() {
    super(
      $localize`This document is not the one whose hash was signed. Do not approve; ask the applicant to apply again.`,
    );
  }
}

@Injectable({ providedIn: 'root' })
export class AdhesionService {
  private readonly api = inject(ApiClient);
  private readonly signIn = inject(SignInService);
  private readonly communities = inject(CommunityService);

  /** Hand a document in and get the salt to keep; the hash is computed here again, whatever the service says. */
  async handIn(document: Blob): Promise<{ salt: Hex; adhesionHash: Hex }> {
    await this.signIn.ensure();
    const found = await this.api.ask<Schema<'Adhesion'>>(this.path(), { method: 'POST', body: document });
    const adhesionHash = await hashOf(document, found.salt as Hex);
    if (adhesionHash !== found.adhesion_hash) throw new OtherDocument();
    return { salt: found.salt as Hex, adhesionHash };
  }

  /** The document that an applicant signed; null where none was handed in. Administrators only. */
  async read(wallet: Hex, signedHash: Hex): Promise<Blob | null> {
    await this.signIn.ensure();
    const reviews = await this.api.ask<Schema<'Review'>[]>(this.path());
    const found = reviews.find((one) => one.document.wallet === wallet && one.document.adhesion_hash === signedHash);
    if (!found) return null;
    const document = await this.api.file(`${this.path()}/${signedHash}/document`);
    if ((await hashOf(document, found.document.salt as Hex)) !== signedHash) throw new OtherDocument();
    return document;
  }

  private path(): `/v1/${string}` {
    return `/v1/communities/${this.communities.require().contracts.community.toLowerCase()}/adhesions`;
  }
}

async function hashOf(document: Blob, salt: Hex): Promise<Hex> {
  return hash(new Uint8Array(await document.arrayBuffer()), toBytes(salt));
}
