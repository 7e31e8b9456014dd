import { localDayBounds } from '../market/calendar';
import { readingLeaf, type Bundle, type ProvedReading } from '../market/bundle';
import { StandardMerkleTree } from '../market/merkle';
import type { SettledSlot } from '../market/settlement';
import type { SessionParameters } from '../chain/session';
import type { Hex } from '../market/units';
import { bindingsOf, checkReadings, dayNumber, walletsOf, type Binding, type ReadingEvidence } from './readings';

const DAY = '2026-11-22';
const POINT: Hex = `0x${'aa'.repeat(32)}`;
const COMMUNITY: Hex = `0x${'cc'.repeat(20)}`;
const { start, end } = localDayBounds(DAY);

/** A day of quarter-hours in which the point withdraws 100 Wh each, proved under the root of its own tree. */
function bundle(change: (reading: ProvedReading, at: number) => ProvedReading = (reading) => reading): Bundle {
  const bare = Array.from({ length: (end - start) / 900 }, (_, at) =>
    change(
      {
        point: POINT,
        start: BigInt(start + 900 * at),
        seconds: 900n,
        withdrawnWh: 100n,
        injectedWh: 0n,
        quality: 0,
        salt: `0x${at.toString(16).padStart(64, '0')}`,
        proof: [],
      },
      at,
    ),
  );
  const tree = new StandardMerkleTree(bare.map(readingLeaf));
  const readings = bare.map((reading, at) => ({ ...reading, proof: tree.proof(at) }));
  return { community: COMMUNITY, day: DAY, version: 1n, root: tree.root, transaction: null, readings };
}

function slot(number: number, filledWh: bigint, countedWh: bigint, missing = false): SettledSlot {
  const money = { debit: 0n, credit: 0n, penalty: 0n, scaledWh: countedWh };
  return { slot: number, isBuy: true, filledWh, countedWh, missing, excused: missing, ...money };
}

const WALLET: Hex = `0x${'11'.repeat(20)}`;
const OTHER: Hex = `0x${'22'.repeat(20)}`;

function evidence(changes: Partial<ReadingEvidence> = {}, own = bundle()): ReadingEvidence {
  const binding: Binding = { pointId: POINT, kind: 1, validFrom: 0, validUntil: 2 ** 40 - 1 };
  const day = dayNumber(DAY);
  return {
    parameters: { deliveryStart: start, slotSeconds: 3600, slotCount: 24, missingAllowance: 2 } as SessionParameters,
    community: COMMUNITY,
    bindings: [binding],
    bundles: [own],
    roots: [{ day, version: 1, root: own.root, isFinal: true }],
    versions: [{ day, version: 1 }],
    published: {
      trader: WALLET,
      firstIndex: 0,
      debit: 0n,
      credit: 0n,
      penalty: 0n,
      slots: [slot(0, 300n, 300n), slot(23, 500n, 400n)],
    },
    members: [],
    wallets: [WALLET],
    ...changes,
  };
}

function verdicts(given: ReadingEvidence): Record<string, string> {
  return Object.fromEntries(checkReadings(given).map((step) => [step.id, step.verdict]));
}

const ALL_RIGHT = { bound: 'right', proved: 'right', notarised: 'right', 'counted-from-readings': 'right' };

describe('from the meter to counted energy', () => {
  it('the notarised readings of the member’s own point: every step holds', () => {
    expect(verdicts(evidence())).toEqual(ALL_RIGHT);
  });

  it('no bundle: nothing is claimed', () => {
    expect(new Set(Object.values(verdicts(evidence({ bundles: [] }))))).toEqual(new Set(['not-yet']));
  });

  it('a reading with one Wh more than was notarised: not proved', () => {
    const own = bundle();
    const readings = own.readings.map((reading, at) => (at ? reading : { ...reading, withdrawnWh: 101n }));
    expect(verdicts(evidence({ bundles: [{ ...own, readings }] }))['proved']).toBe('wrong');
  });

  it('a reading left out: not proved, since the day is not whole', () => {
    const own = bundle();
    expect(verdicts(evidence({ bundles: [{ ...own, readings: own.readings.slice(1) }] }))['proved']).toBe('wrong');
  });

  it.each([
    ['another root on the chain', { root: `0x${'00'.repeat(32)}` as Hex, isFinal: true }],
    ['a root that may still be objected to', { root: bundle().root, isFinal: false }],
  ])('%s: not notarised', (_, { root, isFinal }) => {
    const roots = [{ day: dayNumber(DAY), version: 1, root, isFinal }];
    expect(verdicts(evidence({ roots }))['notarised']).toBe('wrong');
  });

  it('another version than the settlement names: not notarised', () => {
    expect(verdicts(evidence({ versions: [{ day: dayNumber(DAY), version: 2 }] }))['notarised']).toBe('wrong');
  });

  it('a point that is bound to somebody else: not bound', () => {
    expect(verdicts(evidence({ bindings: [] }))['bound']).toBe('wrong');
  });

  it('a second exchange point whose readings are not shown: not bound', () => {
    const other: Binding = { pointId: `0x${'bb'.repeat(32)}`, kind: 1, validFrom: 0, validUntil: 2 ** 40 - 1 };
    expect(verdicts(evidence({ bindings: [...evidence().bindings, other] }))['bound']).toBe('wrong');
  });

  it('a settlement that counted less than the readings say: told with its slot', () => {
    const published = { ...evidence().published, slots: [slot(0, 300n, 299n)] };
    const found = checkReadings(evidence({ published })).at(-1);
    expect(found).toEqual({ id: 'counted-from-readings', verdict: 'wrong', where: '1' });
  });

  it('a missing quarter-hour: the whole slot counts as missing', () => {
    const own = bundle((reading, at) => (at === 1 ? { ...reading, quality: 2, withdrawnWh: 0n } : reading));
    const published = { ...evidence().published, slots: [slot(0, 300n, 0n, true)] };
    expect(verdicts(evidence({ published }, own))).toEqual(ALL_RIGHT);
  });
});

describe('two wallets of one member, of whose meter the earlier one takes first', () => {
  const earlier = { trader: OTHER, firstIndex: 0, slots: [slot(0, 250n, 250n), slot(1, 999n, 400n)] };
  const own = { ...evidence().published, firstIndex: 1 };
  const shared = (countedWh: bigint, changes: Partial<ReadingEvidence> = {}): string =>
    verdicts(
      evidence({
        members: [earlier],
        wallets: [OTHER, WALLET],
        published: { ...own, slots: [slot(0, 300n, countedWh)] },
        ...changes,
      }),
    )['counted-from-readings'];

  it('the later one counts what the earlier one left of 400 Wh, and no more or less', () => {
    expect([149n, 150n, 151n].map((wh) => shared(wh))).toEqual(['wrong', 'right', 'wrong']);
  });

  it('the earlier one counts as if it were alone', () => {
    const published = { ...own, firstIndex: 0, slots: [slot(0, 300n, 300n)] };
    expect(shared(300n, { published, members: [{ ...earlier, firstIndex: 1 }] })).toBe('right');
  });

  it('somebody else’s orders take nothing', () => {
    expect([150n, 300n].map((wh) => shared(wh, { wallets: [WALLET] }))).toEqual(['wrong', 'right']);
  });
});

describe('bindings from events', () => {
  const event = (name: string, args: Record<string, unknown>): Parameters<typeof bindingsOf>[0][number] => ({
    name,
    args: { pointId: POINT, memberId: '0x01', number: 1, ...args },
    address: COMMUNITY,
    block: 1,
    transaction: `0x${'00'.repeat(32)}`,
    logIndex: 0,
  });

  it('bound and released: ends when it was released; others’ points are left out', () => {
    const bound = event('PointBound', { kind: 1, validFrom: 10, validUntil: 100 });
    const foreign = event('PointBound', { memberId: '0x02', kind: 1, validFrom: 10, validUntil: 100 });
    const released = event('PointReleased', { validUntil: 50 });
    expect(bindingsOf([bound, foreign, released], '0x01')).toEqual([
      { pointId: POINT, kind: 1, validFrom: 10, validUntil: 50 },
    ]);
  });

  it('every wallet that was approved as the member or replaced one: in the chain’s order, written small', () => {
    const approved = event('MemberApproved', { wallet: WALLET.toUpperCase().replace('0X', '0x') });
    const foreign = event('MemberApproved', { memberId: '0x02', wallet: COMMUNITY });
    const replaced = event('WalletReplaced', { oldWallet: WALLET, newWallet: OTHER });
    expect(walletsOf([approved, foreign, replaced], '0x01')).toEqual([WALLET, OTHER]);
  });
});
