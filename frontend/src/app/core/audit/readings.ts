/**
 * The first part of a receipt: whose meter, which readings, and the energy that they make count.
 *
 * Readings are nobody else's business, so they come from the member's own take-out bundles, are checked in the browser,
 * and go nowhere. What they are checked against is on the chain: the points' bindings, and the notarised roots.
 */

import type { ChainEvent } from '../chain/chain';
import { slotStart, type SessionParameters } from '../chain/session';
import { bundleFault, MISSING, type Bundle, type ProvedReading } from '../market/bundle';
import type { DatasetVersion } from '../market/outcome';
import { count, type CountedTrader, type Metered, type SettledTrader, type SlotFill } from '../market/settlement';
import type { Hex } from '../market/units';

export type ReadingStepId = 'bound' | 'proved' | 'notarised' | 'counted-from-readings';

export interface ReadingStep {
  readonly id: ReadingStepId;
  readonly verdict: 'right' | 'wrong' | 'not-yet';
  readonly where?: string;
}

/** A point that was a member's over `[validFrom, validUntil)`. */
export interface Binding {
  readonly pointId: Hex;
  /** 1 exchange, 2 production. */
  readonly kind: number;
  readonly validFrom: number;
  readonly validUntil: number;
}

/** A root as the chain notarised it for a day and version; `isFinal` once nobody can object any more. */
export interface NotarisedRoot {
  readonly day: number;
  readonly version: number;
  readonly root: Hex;
  readonly isFinal: boolean;
}

const EXCHANGE = 1;
const DAY_MS = 86_400_000;

/** The number by which the chain calls a local day: days from 1970-01-01 to its date. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
}

/** Every wallet that has ever been this member's, from the community's events; a wallet keeps its member for good. */
export function walletsOf(events: readonly ChainEvent[], memberId: Hex): Hex[] {
  const wallets = new Set<Hex>();
  for (const { name, args } of events) {
    if (args['memberId'] !== memberId) continue;
    if (name === 'MemberApproved') wallets.add(lower(args['wallet'] as Hex));
    if (name === 'WalletReplaced') wallets.add(lower(args['newWallet'] as Hex));
  }
  return [...wallets];
}

/** The bindings of a member's points, from the community's events in the chain's order. */
export function bindingsOf(events: readonly ChainEvent[], memberId: Hex): Binding[] {
  const bindings = new Map<string, Binding>();
  for (const { name, args } of events) {
    if (args['memberId'] !== memberId) continue;
    const pointId = args['pointId'] as Hex;
    const key = `${pointId} ${String(args['number'])}`;
    const validUntil = Number(args['validUntil']);
    if (name === 'PointBound') {
      bindings.set(key, { pointId, kind: Number(args['kind']), validFrom: Number(args['validFrom']), validUntil });
    } else if (name === 'PointReleased') {
      const before = bindings.get(key);
      if (before) bindings.set(key, { ...before, validUntil });
    }
  }
  return [...bindings.values()];
}

export interface ReadingEvidence {
  readonly parameters: SessionParameters;
  readonly community: Hex;
  readonly bindings: readonly Binding[];
  readonly bundles: readonly Bundle[];
  readonly roots: readonly NotarisedRoot[];
  /** The versions that the settlement names. */
  readonly versions: readonly DatasetVersion[];
  readonly published: SettledTrader;
  /** Everybody whom the session settles. */
  readonly members: readonly CountedTrader[];
  /** All wallets of the member, which share its meter. */
  readonly wallets: readonly Hex[];
}

/** The steps as long as no bundle is there. */
export const UNREAD: readonly ReadingStep[] = (['bound', 'proved', 'notarised', 'counted-from-readings'] as const).map(
  (id) => ({ id, verdict: 'not-yet' }),
);

/** Every claim from the meter to counted energy. */
export function checkReadings(evidence: ReadingEvidence): ReadingStep[] {
  if (evidence.bundles.length === 0) return [...UNREAD];
  return [boundStep(evidence), provedStep(evidence), notarisedStep(evidence), countedStep(evidence)];
}

/** The bundles hold the readings of every exchange point that was bound to the member, and of no other. */
function boundStep({ bindings, bundles, parameters }: ReadingEvidence): ReadingStep {
  const own = new Set(exchangePoints(bindings, parameters));
  const held = new Set(bundles.flatMap((bundle) => bundle.readings.map((reading) => reading.point)));
  const missing = [...own].find((point) => !held.has(point));
  const foreign = [...held].find((point) => !bindings.some((binding) => binding.pointId === point));
  const where = missing ?? foreign;
  return { id: 'bound', verdict: own.size && !where ? 'right' : 'wrong', where };
}

function provedStep({ bundles, community }: ReadingEvidence): ReadingStep {
  for (const bundle of bundles) {
    const fault = bundleFault(bundle);
    if (fault || bundle.community !== community.toLowerCase()) {
      return { id: 'proved', verdict: 'wrong', where: fault ? `${bundle.day} · ${fault.kind}` : bundle.community };
    }
  }
  return { id: 'proved', verdict: 'right' };
}

/** Each bundle's root is the final one on the chain, of the very version that the settlement names. */
function notarisedStep({ bundles, roots, versions }: ReadingEvidence): ReadingStep {
  for (const bundle of bundles) {
    const [day, version] = [dayNumber(bundle.day), Number(bundle.version)];
    const root = roots.find((one) => one.day === day && one.version === version);
    const isNamed = versions.some((one) => one.day === day && one.version === version);
    if (root?.root !== bundle.root || !root.isFinal || !isNamed) {
      return { id: 'notarised', verdict: 'wrong', where: `${bundle.day} · ${version}` };
    }
  }
  const days = new Set(bundles.map((bundle) => dayNumber(bundle.day)));
  const lacking = versions.some((one) => !days.has(one.day));
  return { id: 'notarised', verdict: lacking ? 'not-yet' : 'right' };
}

/** Counting the readings again, less what the member's earlier wallets were filled, gives what the settlement counted. */
function countedStep(evidence: ReadingEvidence): ReadingStep {
  const { parameters, bindings, bundles, published } = evidence;
  const points = exchangePoints(bindings, parameters);
  const readings = bundles.flatMap((bundle) => bundle.readings);
  const metered = (slot: number): Metered => meteredIn(slot, points, readings, parameters);
  const { trader, firstIndex, slots } = published;
  const own = count(trader, firstIndex, slots, metered, parameters.missingAllowance, earlierFills(evidence));
  for (const [at, slot] of slots.entries()) {
    const mine = own.slots.at(at);
    if (mine?.countedWh !== slot.countedWh || mine.missing !== slot.missing) {
      return { id: 'counted-from-readings', verdict: 'wrong', where: `${slot.slot + 1}` };
    }
  }
  return { id: 'counted-from-readings', verdict: 'right' };
}

function earlierFills({ published, members, wallets }: ReadingEvidence): SlotFill[] {
  return members
    .filter((one) => one.firstIndex < published.firstIndex && wallets.includes(one.trader))
    .flatMap((one) => one.slots);
}

function exchangePoints(bindings: readonly Binding[], parameters: SessionParameters): Hex[] {
  const end = slotStart(parameters, parameters.slotCount);
  const held = bindings.filter(
    ({ kind, validFrom, validUntil }) => kind === EXCHANGE && validFrom < end && parameters.deliveryStart < validUntil,
  );
  return [...new Set(held.map((binding) => binding.pointId))];
}

/** What the points metered in a slot together; missing where one of them has no reading or does not tile the slot. */
function meteredIn(
  slot: number,
  points: readonly Hex[],
  readings: readonly ProvedReading[],
  parameters: SessionParameters,
): Metered {
  const start = BigInt(slotStart(parameters, slot));
  const end = start + BigInt(parameters.slotSeconds);
  let [withdrawnWh, injectedWh] = [0n, 0n];
  for (const point of points) {
    let reached = start;
    for (const reading of readings) {
      if (reading.point !== point || reading.start < start || reading.start + reading.seconds > end) continue;
      if (reading.quality === MISSING || reading.start !== reached) return null;
      reached += reading.seconds;
      withdrawnWh += reading.withdrawnWh;
      injectedWh += reading.injectedWh;
    }
    if (reached !== end) return null;
  }
  return points.length ? { withdrawnWh, injectedWh } : null;
}

function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex;
}
