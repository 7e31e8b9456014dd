import { encode, decode, Malformed, type Exact } from './canonical';
import { localDay, localDayBounds, localDaysBetween } from './calendar';
import { cidOf, isCid } from './cid';
import { Altered, FORMAT, MOST_BYTES, readDataset } from './publication';
import { parseDecimal } from './units';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('canonical JSON', () => {
  it.each([
    ['a bare number', '{"a":1}'],
    ['a key given twice', '{"a":"1","a":"1"}'],
    ['keys out of order', '{"b":"1","a":"1"}'],
    ['a space', '{"a": "1"}'],
    ['no JSON', '{"a":'],
    ['a byte order mark', '\uFEFF{"a":"1"}'],
  ])('%s: refused', (_, text) => {
    expect(() => decode(bytes(text), 'file')).toThrow(Malformed);
  });

  it('written and read: the same value, keys sorted by UTF-16 unit', () => {
    const raw = encode({ '\ufb33': true, '😂': 1n << 70n, a: ['é', null] });
    expect(new TextDecoder().decode(raw)).toBe('{"a":["é",null],"😂":"1180591620717411303424","\ufb33":true}');
    expect(decode(raw, 'file')).toEqual({ a: ['é', null], '😂': '1180591620717411303424', '\ufb33': true });
  });
});

describe('a CID', () => {
  it('of known content: what `commons.cid` and an IPFS node say', () => {
    expect(cidOf(bytes('hello world'))).toBe('bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e');
    expect(isCid(cidOf(bytes('')))).toBe(true);
    expect(isCid('../etc/passwd')).toBe(false);
  });
});

describe('a published dataset', () => {
  const chunk = encode(['1', '2']);
  const manifestOf = (entry: Exact): Uint8Array =>
    encode({ format: FORMAT, kind: 'k', head: {}, tables: { rows: [entry] } });
  const entry = { cid: cidOf(chunk), bytes: BigInt(chunk.length), records: 2n };
  const reader =
    (manifest: Uint8Array, part = chunk) =>
    async (cid: string) =>
      cid === cidOf(manifest) ? manifest : part;

  it('whole: its tables', async () => {
    const manifest = manifestOf(entry);
    const dataset = await readDataset(cidOf(manifest), reader(manifest), 'k');
    expect(dataset.tables['rows']).toEqual(['1', '2']);
  });

  it('a chunk with one byte changed: refused, naming the chunk', async () => {
    const manifest = manifestOf(entry);
    const altered = encode(['1', '3']);
    const reading = readDataset(cidOf(manifest), reader(manifest, altered), 'k');
    await expect(reading).rejects.toEqual(new Altered(cidOf(chunk), cidOf(altered)));
  });

  it('larger than a reader can bear: refused before a chunk is fetched', async () => {
    const half = { ...entry, bytes: (MOST_BYTES >> 1n) + 1n };
    const manifest = encode({ format: FORMAT, kind: 'k', head: {}, tables: { rows: [half], more: [half] } });
    const asked: string[] = [];
    const reading = readDataset(cidOf(manifest), async (cid) => (asked.push(cid), manifest), 'k');
    await expect(reading).rejects.toBeInstanceOf(Malformed);
    expect(asked).toEqual([cidOf(manifest)]);
  });

  it.each([
    ['another kind', entry, 'other'],
    ['fewer records than listed', { ...entry, records: 3n }, 'k'],
    ['another length than listed', { ...entry, bytes: 1n }, 'k'],
  ])('%s: refused', async (_, listed, kind) => {
    const manifest = manifestOf(listed);
    await expect(readDataset(cidOf(manifest), reader(manifest), kind)).rejects.toBeInstanceOf(Malformed);
  });
});

describe('local days', () => {
  it.each([
    ['2026-03-29', 23],
    ['2026-10-25', 25],
    ['2026-11-22', 24],
  ])('%s in Italy: %i hours long', (day, hours) => {
    const { start, end } = localDayBounds(day);
    expect((end - start) / 3600).toBe(hours);
    expect([localDay(start), localDay(end - 1)]).toEqual([day, day]);
    expect(localDay(start - 1)).not.toBe(day);
  });

  it('a delivery over midnight: both days', () => {
    const { end } = localDayBounds('2026-11-22');
    expect(localDaysBetween(end - 900, end + 900)).toEqual(['2026-11-22', '2026-11-23']);
  });
});

describe('figures that a person writes', () => {
  it.each([
    ['1', 6, 1_000_000n],
    ['0,15', 6, 150_000n],
    ['0.000001', 6, 1n],
    ['0.0000001', 6, null],
    ['-1', 6, null],
    ['1e3', 6, null],
    ['', 3, null],
  ])('“%s” with %i decimals', (text, decimals, figure) => {
    expect(parseDecimal(text, decimals)).toBe(figure);
  });
});
