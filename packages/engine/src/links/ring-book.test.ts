import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmed, decide, decisionsFile, readDecisions, recordedExplanations } from './decisions.js';
import type { Link } from './links.js';
import { RingBook } from './ring-book.js';
import { splitId } from './ring-hands.js';
import { ringLogFile } from './ring-log.js';
import type { RingOf } from './rings.js';

const group = (members: string[]): RingOf => ({
  id: `ring-${members[0]}`,
  members,
  between: [],
  links: [],
  values: 1,
});
const now = new Date('2026-05-01T12:00:00Z');
const asOf = new Date('2026-05-01T00:00:00Z');
let lake: string;

beforeEach(async () => {
  lake = await mkdtemp(join(tmpdir(), 'rollcall-rings-'));
});
afterEach(() => rm(lake, { recursive: true, force: true }));

/** The rings of a scan on a day, as `id: members`. */
async function scan(groups: string[][], day = asOf, links: readonly Link[] = []) {
  const book = await RingBook.open(lake);
  const rings = book.today(groups.map(group), links, day);
  await book.save([]);
  return Object.fromEntries(rings.map((ring) => [ring.id, ring.members.join('')]));
}

const two = [
  ['a', 'b', 'c'],
  ['x', 'y'],
];
const merge = () =>
  decide(
    lake,
    { kind: 'ring.merge', by: 'Ada', reason: 'one landlord', what: { rings: ['ring-a', 'ring-x'] } },
    now,
  );

describe('rings by hand', () => {
  it('are merged, and undoing gives back exactly what was', async () => {
    const before = await scan(two);
    await merge();
    expect(await scan(two)).toEqual({ 'ring-a': 'abcxy' });
    await decide(lake, { kind: 'undo', undoes: 1, by: 'Ada', reason: 'it was not' }, now);
    expect(await scan(two)).toEqual(before);
    // The undoing can be undone.
    await decide(lake, { kind: 'undo', undoes: 2, by: 'Bo', reason: 'it was' }, now);
    expect(await scan(two)).toEqual({ 'ring-a': 'abcxy' });
  });

  it('are split, and stay so as the ring grows; what was split off can be named', async () => {
    await scan(two);
    await decide(
      lake,
      {
        kind: 'ring.split',
        by: 'Ada',
        reason: 'siblings',
        what: { ring: 'ring-a', people: ['b', 'c'] },
      },
      now,
    );
    await decide(
      lake,
      {
        kind: 'ring.merge',
        by: 'Ada',
        reason: 'one flat',
        what: { rings: [splitId(1, ['c', 'b']), 'ring-x'] },
      },
      now,
    );
    const grown = [
      ['a', 'b', 'c', 'd'],
      ['x', 'y'],
    ];
    expect(await scan(grown, new Date('2026-05-02'))).toEqual({ 'ring-a': 'ad', 'ring-x': 'bcxy' });
  });

  it('take one person out of a ring', async () => {
    await scan(two);
    await decide(
      lake,
      { kind: 'ring.split', by: 'Ada', reason: 'a landlord', what: { ring: 'ring-a', people: ['c'] } },
      now,
    );
    expect(await scan(two)).toEqual({ 'ring-a': 'ab', 'ring-x': 'xy' });
  });

  it('follow a ring that merged into another by itself', async () => {
    await scan(two);
    await decide(
      lake,
      { kind: 'ring.split', by: 'Ada', reason: 'flatmates', what: { ring: 'ring-x', people: ['y'] } },
      now,
    );
    expect(await scan([['a', 'b', 'c', 'x', 'y']], new Date('2026-05-02'))).toEqual({ 'ring-a': 'abcx' });
  });

  it('wait where the ring is not there', async () => {
    await merge();
    expect(await scan([['a', 'b', 'c']])).toEqual({ 'ring-a': 'abc' });
    expect(await scan(two, new Date('2026-05-02'))).toEqual({ 'ring-a': 'abcxy' });
  });
});

describe('a past day', () => {
  it('is answered from what was known then, and adds nothing', async () => {
    await scan(two, new Date('2026-05-01'));
    await scan([['a', 'b', 'c', 'x', 'y']], new Date('2026-06-01'));
    const log = await readFile(join(lake, ringLogFile), 'utf8');
    expect(await scan(two, new Date('2026-05-02'))).toEqual({ 'ring-a': 'abc', 'ring-x': 'xy' });
    expect(await readFile(join(lake, ringLogFile), 'utf8')).toBe(log);
  });
});

describe('files that cannot be read', () => {
  it('are named with the line, and nothing is lost', async () => {
    await scan(two);
    await merge();
    const path = join(lake, decisionsFile);
    await appendFile(path, '{"id":2,"time":"20');
    const whole = await readFile(path, 'utf8');
    await expect(readDecisions(lake)).rejects.toThrow(`${path}:2:`);
    await expect(merge()).rejects.toThrow(`${path}:2:`);
    expect(await readFile(path, 'utf8')).toBe(whole);
    await writeFile(join(lake, ringLogFile), 'nonsense\n');
    await expect(RingBook.open(lake)).rejects.toThrow(`${join(lake, ringLogFile)}:1:`);
  });

  it('include decisions out of order, or without a name or a reason', async () => {
    await merge();
    const path = join(lake, decisionsFile);
    const line = await readFile(path, 'utf8');
    await writeFile(path, line + line);
    await expect(readDecisions(lake)).rejects.toThrow('where 2 is next');
    await writeFile(path, line.replace('"Ada"', '""'));
    await expect(readDecisions(lake)).rejects.toThrow(`${path}:1:`);
  });
});

describe('explanations', () => {
  const confirm = (id: string) =>
    decide(
      lake,
      {
        kind: 'explanation.confirm',
        by: 'Ada',
        reason: 'the lease names both',
        what: {
          id,
          explanation: { kind: 'household', people: ['a', 'b'], detections: [], until: '2027-05-01' },
        },
      },
      now,
    );

  it('count from their confirmation until they are withdrawn, and again once that is undone', async () => {
    expect(await recordedExplanations(lake)).toEqual([]);
    await confirm('household-1');
    const recorded = [
      {
        id: 'household-1',
        kind: 'household',
        people: ['a', 'b'],
        detections: [],
        until: '2027-05-01',
        by: 'Ada',
        reason: 'the lease names both',
      },
    ];
    expect(await recordedExplanations(lake)).toEqual(recorded);
    await decide(
      lake,
      { kind: 'explanation.withdraw', by: 'Bo', reason: 'they moved', what: { id: 'household-1' } },
      now,
    );
    expect(await recordedExplanations(lake)).toEqual([]);
    await decide(lake, { kind: 'undo', undoes: 2, by: 'Bo', reason: 'they did not' }, now);
    expect(await recordedExplanations(lake)).toEqual(recorded);
  });

  it('are numbered without gaps when several people decide at once', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, i) => confirm(`household-${i}`)));
    const decisions = await readDecisions(lake);
    expect(decisions.map((one) => one.id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(confirmed(decisions)).toHaveLength(8);
  });
});
