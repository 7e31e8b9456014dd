/**
 * The take-out bundle: a member's own readings of a day, with what proves that they are the notarised ones.
 *
 *     leaf = (bytes32 pointId, uint64 start, uint32 seconds, uint64 withdrawnWh, uint64 injectedWh, uint8 quality,
 *             bytes32 salt), in OpenZeppelin's StandardMerkleTree
 *
 * As `oracle/evidence/bundle.py`. Verifying needs no server: leaves lead to the root, and the root is on the chain.
 */

import { decode, hexOf, integer, list, Malformed, record, text } from './canonical';
import { bigEndian, concat, toBytes } from './bytes';
import { leafHash, verifyProof } from './merkle';
import { localDayBounds } from './calendar';
import type { Hex } from './units';

export const BUNDLE_FORMAT = 'commonwatt/bundle/1';
export const MISSING = 2;
const HEAD = ['format', 'community', 'day', 'version', 'root', 'transaction', 'readings'];
const READING = ['point', 'start', 'seconds', 'withdrawnWh', 'injectedWh', 'quality', 'salt', 'proof'];

export interface ProvedReading {
  readonly point: Hex;
  readonly start: bigint;
  readonly seconds: bigint;
  readonly withdrawnWh: bigint;
  readonly injectedWh: bigint;
  /** 0 measured, 1 estimated, 2 missing. */
  readonly quality: number;
  readonly salt: Hex;
  readonly proof: readonly Hex[];
}

export interface Bundle {
  readonly community: Hex;
  /** Local day, such as 2026-11-22. */
  readonly day: string;
  readonly version: bigint;
  readonly root: Hex;
  readonly transaction: Hex | null;
  readonly readings: readonly ProvedReading[];
}

/** The first thing in a bundle that does not hold. */
export type BundleFault =
  | { readonly kind: 'proof'; readonly reading: ProvedReading }
  | { readonly kind: 'energy-though-missing'; readonly reading: ProvedReading }
  | { readonly kind: 'gap'; readonly point: Hex; readonly expected: bigint; readonly found: bigint };

const LINE_END = 0x0a;

/** The bundles in a file of `commonwatt takeout`: a day a line. One of a single day is a bundle itself. */
export function readBundles(raw: Uint8Array): Bundle[] {
  const bundles: Bundle[] = [];
  for (let from = 0; ;) {
    const end = raw.indexOf(LINE_END, from);
    bundles.push(readBundle(raw.subarray(from, end < 0 ? raw.length : end)));
    if (end < 0) return bundles;
    from = end + 1;
  }
}

export function readBundle(raw: Uint8Array): Bundle {
  const head = record(decode(raw, 'bundle'), HEAD, 'bundle');
  if (head['format'] !== BUNDLE_FORMAT) throw new Malformed('bundle', BUNDLE_FORMAT);
  const day = text(head['day'], 'day');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Malformed('day', 'a local day');
  const readings = list(head['readings'], 'readings');
  if (readings.length === 0) throw new Malformed('readings', 'at least one reading');
  return {
    community: hexOf(head['community'], 20, 'community'),
    day,
    version: integer(head['version'], 64, 'version'),
    root: hexOf(head['root'], 32, 'root'),
    transaction: head['transaction'] === null ? null : hexOf(head['transaction'], 32, 'transaction'),
    readings: readings.map((value, place) => reading(value, `readings[${place}]`)),
  };
}

function reading(value: Parameters<typeof record>[0], where: string): ProvedReading {
  const fields = record(value, READING, where);
  return {
    point: hexOf(fields['point'], 32, where),
    start: integer(fields['start'], 64, where),
    seconds: integer(fields['seconds'], 32, where),
    withdrawnWh: integer(fields['withdrawnWh'], 64, where),
    injectedWh: integer(fields['injectedWh'], 64, where),
    quality: Number(integer(fields['quality'], 8, where)),
    salt: hexOf(fields['salt'], 32, where),
    proof: list(fields['proof'], where).map((sibling) => hexOf(sibling, 32, where)),
  };
}

/** The hash under which a reading stands in the dataset's tree. */
export function readingLeaf(found: ProvedReading): Hex {
  const figures = [found.start, found.seconds, found.withdrawnWh, found.injectedWh, BigInt(found.quality)];
  const words = figures.map((figure) => bigEndian(figure, 32));
  return leafHash(concat(toBytes(found.point), ...words, toBytes(found.salt)));
}

/** What does not hold in a bundle, without any server; null where everything does. */
export function bundleFault(bundle: Bundle): BundleFault | null {
  for (const found of bundle.readings) {
    if (!verifyProof(bundle.root, readingLeaf(found), found.proof)) return { kind: 'proof', reading: found };
    if (found.quality === MISSING && (found.withdrawnWh || found.injectedWh)) {
      return { kind: 'energy-though-missing', reading: found };
    }
  }
  for (const point of new Set(bundle.readings.map((found) => found.point))) {
    const fault = gap(bundle, point);
    if (fault) return fault;
  }
  return null;
}

/** The readings of a point follow each other from midnight to midnight: none left out, none twice. */
function gap(bundle: Bundle, point: Hex): BundleFault | null {
  const { start, end } = localDayBounds(bundle.day);
  let expected = BigInt(start);
  for (const found of bundle.readings) {
    if (found.point !== point) continue;
    if (found.start !== expected) return { kind: 'gap', point, expected, found: found.start };
    expected += found.seconds;
  }
  return expected === BigInt(end) ? null : { kind: 'gap', point, expected: BigInt(end), found: expected };
}
