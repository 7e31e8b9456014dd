/**
 * A published dataset: a manifest, named by its CID, that lists chunks of canonical JSON, each named by its CID.
 *
 * `commons/publication.py` writes what is read here. Nothing is believed but the CID that was asked for.
 */

import { decode, integer, list, Malformed, record, text, type Json } from './canonical';
import { cidOf, isCid } from './cid';

export const FORMAT = 'commonwatt/dataset/1';

export interface Dataset {
  readonly kind: string;
  readonly head: Json;
  readonly tables: Readonly<Record<string, readonly Json[]>>;
}

/** Gives the bytes published under a CID, from anywhere: they are checked here. */
export type ReadCid = (cid: string) => Promise<Uint8Array>;

/** A file whose bytes are not what its name says: somebody altered it. */
export class Altered extends Error {
  constructor(
    readonly cid: string,
    readonly actual: string,
  ) {
    super(`the file ${cid} has been altered: its bytes are ${actual}`);
  }
}

/** The dataset that the manifest `cid` names. */
export async function readDataset(cid: string, read: ReadCid, kind: string): Promise<Dataset> {
  const manifest = record(decode(await verified(cid, read), cid), ['format', 'kind', 'head', 'tables'], cid);
  if (manifest['format'] !== FORMAT) throw new Malformed(cid, FORMAT);
  if (manifest['kind'] !== kind) throw new Malformed(cid, kind);
  const listed = manifest['tables'];
  if (typeof listed !== 'object' || listed === null || Array.isArray(listed)) throw new Malformed(cid, 'tables');
  const tables: Record<string, readonly Json[]> = {};
  for (const [name, entries] of Object.entries(listed as Record<string, Json>)) {
    const chunks = list(entries, `${cid}, ${name}`).map((entry) => readChunk(entry, read, `${cid}, ${name}`));
    tables[name] = (await Promise.all(chunks)).flat();
  }
  return { kind, head: manifest['head'], tables };
}

async function readChunk(entry: Json, read: ReadCid, where: string): Promise<readonly Json[]> {
  const chunk = record(entry, ['cid', 'bytes', 'records'], where);
  const cid = text(chunk['cid'], where);
  const raw = await verified(cid, read);
  if (BigInt(raw.length) !== integer(chunk['bytes'], 32, where)) throw new Malformed(cid, 'the length that is listed');
  const records = list(decode(raw, cid), cid);
  if (BigInt(records.length) !== integer(chunk['records'], 32, where)) throw new Malformed(cid, 'the records listed');
  return records;
}

async function verified(cid: string, read: ReadCid): Promise<Uint8Array> {
  if (!isCid(cid)) throw new Malformed(cid.slice(0, 80), 'a CID');
  const raw = await read(cid);
  const actual = cidOf(raw);
  if (actual !== cid) throw new Altered(cid, actual);
  return raw;
}
