/**
 * A published dataset: a manifest, named by its CID, that lists chunks of canonical JSON, each named by its CID.
 *
 * `commons/publication.py` writes what is read here. Nothing is believed but the CID that was asked for.
 */

import { decode, integer, list, Malformed, record, text, type Json } from './canonical';
import { cidOf, isCid } from './cid';

export const FORMAT = 'commonwatt/dataset/1';
/** The size of the largest file that is published, manifest or chunk. */
export const MOST_FILE_BYTES = 1 << 20;
/** Of all chunks of a dataset together: a larger one is refused before any is fetched, as `commons/publication.py` does. */
export const MOST_BYTES = 1n << 28n;

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
  const chunks = Object.entries(listed as Record<string, Json>).map(
    ([name, entries]) => [name, listedChunks(entries, `${cid}, ${name}`)] as const,
  );
  const size = chunks.flatMap(([, parts]) => parts).reduce((sum, part) => sum + part.bytes, 0n);
  if (size > MOST_BYTES) throw new Malformed(cid, `${MOST_BYTES} bytes at most, not ${size}`);
  const tables: Record<string, readonly Json[]> = {};
  for (const [name, parts] of chunks) {
    tables[name] = (await Promise.all(parts.map((part) => readChunk(part, read)))).flat();
  }
  return { kind, head: manifest['head'], tables };
}

interface Chunk {
  readonly cid: string;
  readonly bytes: bigint;
  readonly records: bigint;
}

function listedChunks(entries: Json, where: string): readonly Chunk[] {
  return list(entries, where).map((entry) => {
    const chunk = record(entry, ['cid', 'bytes', 'records'], where);
    return {
      cid: text(chunk['cid'], where),
      bytes: integer(chunk['bytes'], 32, where),
      records: integer(chunk['records'], 32, where),
    };
  });
}

async function readChunk({ cid, bytes, records }: Chunk, read: ReadCid): Promise<readonly Json[]> {
  const raw = await verified(cid, read);
  if (BigInt(raw.length) !== bytes) throw new Malformed(cid, 'the length that is listed');
  const found = list(decode(raw, cid), cid);
  if (BigInt(found.length) !== records) throw new Malformed(cid, 'the records listed');
  return found;
}

async function verified(cid: string, read: ReadCid): Promise<Uint8Array> {
  if (!isCid(cid)) throw new Malformed(cid.slice(0, 80), 'a CID');
  const raw = await read(cid);
  const actual = cidOf(raw);
  if (actual !== cid) throw new Altered(cid, actual);
  return raw;
}
