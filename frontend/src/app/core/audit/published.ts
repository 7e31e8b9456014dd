/** Reads published files by their CIDs, from the service or from a folder or gateway that the reader names. */

import { Injectable, signal } from '@angular/core';

import { isCid } from '../market/cid';
import { MOST_FILE_BYTES } from '../market/publication';

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
    const raw = await upTo(MOST_FILE_BYTES, response);
    if (!raw)
      throw new Error($localize`${this.source()}:place: sends more for ${cid}:file: than a published file can hold`);
    return raw;
  };
}

/** The bytes of an answer; null, and the rest is not fetched, where they are more than `most`. */
export async function upTo(most: number, response: Response): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.length;
    if (size > most) {
      await reader?.cancel();
      return null;
    }
    parts.push(part.value);
  }
  const whole = new Uint8Array(size);
  let filled = 0;
  for (const part of parts) {
    whole.set(part, filled);
    filled += part.length;
  }
  return whole;
}
