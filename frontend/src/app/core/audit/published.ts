/** Reads published files by their CIDs, from the service or from a folder or gateway that the reader names. */

import { Injectable, signal } from '@angular/core';

import { isCid } from '../market/cid';

const SOURCE_KEY = 'commonwatt.published';

@Injectable({ providedIn: 'root' })
export class PublishedService {
  /** Where files lie: what is read is checked against its name, so it may be anybody's. */
  readonly source = signal(localStorage.getItem(SOURCE_KEY) ?? '/v1/published/');

  use(source: string): void {
    const place = source ? source.replace(/\/?$/, '/') : '/v1/published/';
    this.source.set(place);
    localStorage.setItem(SOURCE_KEY, place);
  }

  readonly read = async (cid: string): Promise<Uint8Array> => {
    if (!isCid(cid)) throw new Error(cid);
    const response = await fetch(this.source() + cid);
    if (!response.ok)
      throw new Error($localize`${this.source()}:place: answers ${response.status}:code: for ${cid}:file:`);
    return new Uint8Array(await response.arrayBuffer());
  };
}
