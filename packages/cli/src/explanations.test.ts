/** Explanations and reference data from end to end: proposed, confirmed, added, over, taken back; rows of one's own in a scan. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScanResult } from '@rollcall/engine/model/result.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from './main.js';

let base: string;
let printed: string[];
const dayMs = 86_400_000;
const day = (ago: number) => new Date(Date.now() - ago * dayMs).toISOString().slice(0, 10);
const found = 'delivered-far-from-the-home-they-gave';

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'rollcall-explanations-'));
  const exports_ = join(base, 'exports');
  await mkdir(exports_);
  const people = Array.from({ length: 40 }, (_, i) => `E${100 + i}`);
  await writeFile(
    join(exports_, 'people.csv'),
    `Employee ID,First Name,Last Name,Work Email,Home City,Home State,Home Country,Hire Date,Worker Type,Department,Remote\n${people
      .map(
        (id, i) =>
          `${id},Person,Number ${id},${id.toLowerCase()}@example.com,Columbus,OH,US,${day(60)},Employee,${i % 2 === 1 ? 'Field Team' : 'Design'},yes`,
      )
      .join('\n')}\n`,
  );
  // Two laptops went to Nashville; the first of the two people was there on a journey.
  await writeFile(
    join(exports_, 'shipments.csv'),
    `Requested For ID,Item,Serial Number,Ship To Name,Ship To Street,Ship To City,Ship To State,Ship To Postal Code,Ship To Country,Shipped,Delivered\n${people
      .map((id, i) =>
        i < 2
          ? `${id},Laptop,S${id},Person ${id},${i + 7} Depot Rd,Nashville,TN,37201,US,${day(33)},${day(30)}`
          : `${id},Laptop,S${id},Person ${id},${i} Oak Ave,Columbus,OH,43004,US,${day(33)},${day(30)}`,
      )
      .join('\n')}\n`,
  );
  await writeFile(
    join(exports_, 'absences.csv'),
    `Employee ID,Leave Start Date,Leave End Date,Destination,Status\nE100,${day(32)},${day(28)},"Nashville, TN",Approved\nE101,${day(32)},${day(28)},"Nashville, TN",Cancelled\n`,
  );
});
afterAll(() => rm(base, { recursive: true, force: true }));

beforeEach(() => {
  printed = [];
  const keep = (text: unknown) => {
    printed.push(String(text));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(console, 'log').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});
afterEach(() => vi.restoreAllMocks());

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  printed = [];
  const code = await main(args);
  return { code, text: printed.join('\n') };
}

async function scanned(...args: string[]): Promise<ScanResult> {
  const files = ['--report', join(base, 'r.html'), '--findings', join(base, 'f.jsonl')];
  const { code, text } = await run(
    'scan',
    ...args,
    '--lake',
    join(base, 'lake'),
    ...files,
    '--json',
    '--quiet',
  );
  expect(code, text.slice(0, 2000)).toBe(0);
  return JSON.parse(text) as ScanResult;
}
const signal = (result: ScanResult, person: string) =>
  result.people.find((one) => one.id === person)?.signals.find((one) => one.detection === found);

describe('an explanation', () => {
  const lake = () => join(base, 'lake');
  const who = ['--by', 'R. Example (HR)', '--reason', 'their manager sent them there'];

  it('is proposed from a record, silences what it accounts for once confirmed, and may be taken back', async () => {
    const before = await scanned(join(base, 'exports'));
    expect(signal(before, 'E100')?.explained).toBeUndefined();
    expect(signal(before, 'E101')?.bits).toBeGreaterThan(0);
    const journeys = before.proposals.filter((one) => one.kind === 'travel');
    expect(journeys.map((one) => one.people.map((person) => person.id))).toEqual([['E100']]);
    const [journey] = journeys;
    expect(journey).toMatchObject({ from: day(33), to: day(27) });
    expect(journey?.says).toContain(`away in Nashville, TN from ${day(32)} to ${day(28)} (5 days)`);
    expect(journey?.silences.join(' ')).toContain('Equipment was delivered to Nashville');

    const id = journey?.id as string;
    expect((await run('explanations', '--lake', lake())).text).toContain(id);
    expect((await run('explanations', 'confirm', id, ...who, '--lake', lake())).code).toBe(0);
    const after = await scanned();
    expect(signal(after, 'E100')).toMatchObject({ bits: 0, explained: { id, kind: 'travel', by: who[1] } });
    expect(signal(after, 'E101')?.explained).toBeUndefined();
    expect(after.explanations).toHaveLength(1);
    expect(after.explanations[0]).toMatchObject({ id, state: 'in force', source: 'decision', decision: 1 });
    const accounts = after.explanations[0]?.accountsFor.find((one) => one.detection === found);
    expect(accounts).toMatchObject({ person: { id: 'E100' }, rows: 1, of: 1 });
    expect(accounts?.bits).toBeGreaterThan(0);

    const shown = await run('explanations', 'show', id, '--lake', lake());
    expect(shown.text).toContain('In force');
    expect(shown.text).toMatch(/accounts for +\+\d/);
    expect(shown.text).toContain(`from ${day(33)} to ${day(27)}`);
    expect(
      (
        await run(
          'explanations',
          'withdraw',
          id,
          '--by',
          'Bo',
          '--reason',
          'it was called off',
          '--lake',
          lake(),
        )
      ).code,
    ).toBe(0);
    const list = await run('explanations', 'list', '--lake', lake());
    expect(list.text).toMatch(/withdrawn +\d{4}-\d\d-\d\d by Bo: it was called off/);
  }, 240_000);

  it('may be added for a department and a time, and is refused where it could explain nothing', async () => {
    const add = (...more: string[]) =>
      run('explanations', 'add', '--kind', 'travel', ...more, ...who, '--lake', lake());
    for (const [args, says] of [
      [['--people', 'E999'], 'nobody here has the id E999'],
      [['--department', 'Nowhere'], 'nobody here is of the department Nowhere'],
      [[], 'say whom it is about'],
      [['--people', 'E100', '--until', day(1)], 'is over'],
      [['--people', 'E100', '--from', day(5), '--to', day(9)], 'before it begins'],
      [['--people', 'E100', '--detections', 'no-such'], 'there is no detection no-such'],
      [['--people', 'E100', '--detections', 'identity-document-failed'], 'travel does not explain'],
    ] as const) {
      const { code, text } = await add(...args);
      expect([code, text], args.join(' ')).toEqual([2, expect.stringContaining(says)]);
    }
    expect((await add('--people', 'E100', '--from', 'soon')).code).toBe(3);
    expect((await run('explanations', 'add', '--kind', 'luck', ...who, '--lake', lake())).code).toBe(3);

    const { code, text } = await add('--department', 'field team', '--from', day(40), '--to', day(20));
    expect([code, text]).toEqual([0, expect.stringContaining('confirmed until')]);
    const waiting = await run('explanations', '--lake', lake());
    expect(waiting.text).toContain('everybody of the department field team');
    expect(waiting.text).toContain('It counts from the next scan on.');

    // In the policy file: one that is over, and one that is yet to begin.
    const policy = join(base, 'rollcall.yml');
    await writeFile(
      policy,
      `explanations:
  - { kind: move, people: [E100], until: ${day(35)}, reason: Moved, by: Bo }
  - { id: later, kind: travel, people: [E101], from: ${day(-40)}, until: ${day(-90)}, reason: A journey, by: Bo }
facts:
  directory: own
`,
    );
    const places = join(base, 'places.csv');
    await writeFile(
      places,
      `address,kind,name,source,as_of\n"5 Oak Ave, Columbus, OH 43004",coworking,Desks,,${day(0)}\n`,
    );
    const added = await run('facts', 'add', 'own-places', places, '--policy', policy);
    expect([added.code, added.text]).toEqual([0, expect.stringContaining('1 rows added')]);

    const result = await scanned('--policy', policy);
    expect(signal(result, 'E101')?.explained?.kind).toBe('travel');
    // What was withdrawn and what is over no longer count: their finding is back.
    expect(signal(result, 'E100')?.explained).toBeUndefined();
    expect(signal(result, 'E100')?.bits).toBeGreaterThan(0);
    expect(result.explanations.map((one) => [one.kind, one.state])).toEqual([
      ['travel', 'in force'],
      ['travel', 'not yet'],
      ['move', 'over'],
      ['travel', 'withdrawn'],
    ]);
    expect(result.explanations[0]?.accountsFor.map((one) => one.person.id)).toEqual(['E101']);
    expect(result.explanations[2]?.doubts.join()).toContain('what it accounted for counts again');
    expect(result.rollcall.content).toContain('+');
  }, 240_000);
});

describe('rollcall facts', () => {
  const own = () => join(base, 'own');

  it('lists tables with their age, and shows rows with those of your own', async () => {
    const list = JSON.parse((await run('facts', '--own', own(), '--json')).text) as {
      table: string;
      ownRows: number;
      rows: number;
      stale: boolean;
    }[];
    expect(list.find((one) => one.table === 'own-places')).toMatchObject({
      rows: 1,
      ownRows: 1,
      stale: false,
    });
    expect(list.find((one) => one.table === 'places')?.rows).toBeGreaterThan(10_000);
    const shown = await run('facts', 'show', 'own-places', '--grep', 'oak', '--own', own());
    expect(shown.text).toContain('5 Oak Ave, Columbus, OH 43004 | coworking | Desks | your own');
    expect((await run('facts', 'show', 'no-such')).text).toContain('there is no table no-such');
  });

  it('says where it wants rows to go, and names file and line of what it refuses', async () => {
    const bad = join(base, 'bad.csv');
    await writeFile(bad, 'address,kind,name,source,as_of\n=1+1,office,x,,2026-01-01\n');
    expect((await run('facts', 'add', 'own-places', bad)).text).toContain('--own DIR');
    const { code, text } = await run('facts', 'add', 'own-places', bad, '--own', own());
    expect([code, text]).toEqual([2, expect.stringContaining(`${bad}:2: address: it begins like a formula`)]);
    const update = await run(
      'facts',
      'update',
      'own-places',
      '--from',
      'https://example.com/x.csv',
      '--own',
      own(),
    );
    expect([update.code, update.text]).toEqual([
      2,
      expect.stringContaining('only the address that the policy names'),
    ]);
    expect((await run('facts', 'update', 'jigglers', '--own', own())).text).toContain('say from where');
  });
});
