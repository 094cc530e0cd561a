/**
 * Forgetting from end to end, on exports written here: whatever was of somebody is in no file of the lake any more, the
 * others are as if they had never been there, and the same exports bring nothing back.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Content, loadContent } from '../content/load.js';
import { Database, literal } from '../lake/duckdb.js';
import { resolve } from '../lake/resolve.js';
import { Store } from '../lake/store.js';
import { decide, readDecisions } from '../links/decisions.js';
import { type Policy, policySchema } from '../model/policy.js';
import type { ScanResult } from '../model/result.js';
import { tableNames } from '../model/tables.js';
import { read, scan } from '../pipeline.js';
import { forget } from './forget.js';
import { cleared } from './texts.js';

const now = new Date('2026-06-01T12:00:00Z');
let base: string;
let content: Content;
const policy: Policy = policySchema.parse({});

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'rollcall-forget-'));
  content = await loadContent(undefined, { withoutTests: true });
});
afterAll(() => rm(base, { recursive: true, force: true }));

interface Somebody {
  id: string;
  name: string;
  hired?: string;
  left?: string;
  applied?: string;
  phone: string;
  street: string;
  account: string;
  serial: string;
}
const ada: Somebody = {
  id: 'E100',
  name: 'Ada Quillfeather',
  hired: '2026-01-05',
  phone: '+1 614-555-0142',
  street: '7 Depot Road',
  account: 'ada.quillfeather@example.com',
  serial: 'C02ADAQ1',
};
const others: Somebody[] = Array.from({ length: 11 }, (_, i) => ({
  id: `E${101 + i}`,
  name: `Person Number${'abcdefghijk'[i]}`,
  hired: '2026-02-02',
  ...(i === 0 ? { left: '2026-03-01' } : {}),
  phone: `+1 614-555-01${10 + i}`,
  street: `${20 + i} Oak Avenue`,
  account: `n${i}@example.com`,
  serial: `SERIAL${100 + i}`,
}));
/** Sends mail and pay to where Ada's go: what they share must not be lost with her. */
const bo = others[3] as Somebody;
bo.street = ada.street;

const signIn = (one: Somebody, day: string, nth: number) =>
  JSON.stringify({
    uuid: `${one.id}-${day}-${nth}`,
    published: `${day}T09:0${nth}:00.000Z`,
    eventType: 'user.session.start',
    version: '0',
    severity: 'INFO',
    displayMessage: 'User login to Okta',
    actor: { id: one.id, type: 'User', alternateId: one.account, displayName: one.name },
    client: { ipAddress: `203.0.113.${nth + 5}`, userAgent: { rawUserAgent: 'Mozilla/5.0' } },
    outcome: { result: 'SUCCESS' },
    target: [],
    legacyEventType: 'core.user_auth.login_success',
  });

/** Exports of a company with these people; the logs are of March and May. */
async function exportsOf(folder: string, people: readonly Somebody[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  const write = (name: string, lines: string[]) => writeFile(join(folder, name), `${lines.join('\n')}\n`);
  await write('people.csv', [
    'Employee ID,Full Name,Work Email,Personal Phone,Home Street,Home City,Home State,Home Postal Code,Home Country,Hire Date,Termination Date,Worker Type,Manager',
    ...people.map(
      (one) =>
        `${one.id},${one.name},${one.account},${one.phone},${one.street},Columbus,OH,43004,US,${one.hired},${one.left ?? ''},Employee,Manager Person`,
    ),
  ]);
  await write('shipments.csv', [
    'Requested For ID,Item,Serial Number,Ship To Name,Ship To Street,Ship To City,Ship To State,Ship To Postal Code,Ship To Country,Shipped,Delivered',
    ...people.map(
      (one) =>
        `${one.id},Laptop,${one.serial},${one.name},${one.street},Nashville,TN,37201,US,2026-02-10,2026-02-12`,
    ),
  ]);
  await write('pay.csv', [
    'Employee ID,Employee Name,Field Changed,Old Value,New Value,Changed At,Changed By',
    ...people
      .filter((one) => one.id < 'E103')
      .map(
        (one) =>
          `${one.id},${one.name},Mobile Phone,,+1 614-555-016${one.id.at(-1)},2026-03-03 10:00:00,${one.account}`,
      ),
  ]);
  await write('checks.csv', [
    'Employee ID,Check,Result,Date,By',
    ...people
      .filter((one) => one.id < 'E104')
      .map((one) => `${one.id},Spot check,passed,2026-02-20,People Team`),
  ]);
  await write(
    'okta.ndjson',
    people.flatMap((one) =>
      ['2026-03-02', '2026-05-04'].flatMap((day) => [0, 1].map((nth) => signIn(one, day, nth))),
    ),
  );
  return folder;
}

async function scanned(lake: string, folder?: string): Promise<ScanResult> {
  return scan({ ...(folder ? { folder } : {}), lake, content, policy, now, threads: 1 });
}

/** Who is who and all that is tied to anybody: what every detection reads. */
async function resolved(lake: string): Promise<string> {
  const store = await Store.open(lake);
  const database = await Database.open({ threads: 1 });
  try {
    await resolve({ database, store, facts: [], policy, now });
    const tables: Record<string, unknown> = {};
    for (const table of tableNames)
      tables[table] = await database.rows(`SELECT * FROM ${table} ORDER BY ALL`);
    return JSON.stringify(tables);
  } finally {
    database.close();
    await store.close();
  }
}

/** What is concluded of people; what files there were is no part of it. */
const concluded = ({ people, rings, company, untied }: ScanResult) =>
  JSON.stringify({ people, rings, company, untied });

/** Where a text stands in a lake: in a column of Parquet, or in any other file. */
async function where(lake: string, values: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const database = await Database.open({ threads: 1 });
  try {
    for (const name of await readdir(lake, { recursive: true })) {
      const path = join(lake, name);
      if (!(await stat(path)).isFile()) continue;
      let text = (await readFile(path)).toString('latin1');
      if (name.endsWith('.parquet'))
        text = (
          await database.rows(
            `SELECT CAST(to_json(list(t)) AS VARCHAR) AS text FROM read_parquet(${literal(path)}) t`,
          )
        )
          .map((row) => String(row.text))
          .join();
      for (const value of values)
        if (text.toLowerCase().includes(value.toLowerCase())) found.push(`${name}: ${value}`);
    }
  } finally {
    database.close();
  }
  return found;
}

const digits = (phone: string) => phone.replace(/\D/g, '');
const valuesOf = (one: Somebody) => [
  one.name,
  one.account,
  digits(one.phone),
  one.phone,
  one.serial,
  `"${one.id}"`,
];

describe('one person', () => {
  it('leaves nothing of them, the others as if they had never been there, and nothing comes back', async () => {
    const all = await exportsOf(join(base, 'all'), [ada, ...others]);
    const without = await exportsOf(join(base, 'without'), others);
    const lake = join(base, 'lake');
    const before = await scanned(lake, all);
    expect(before.people.some((one) => one.id === ada.id)).toBe(true);
    expect(await where(lake, valuesOf(ada))).not.toEqual([]);
    await decide(
      lake,
      {
        kind: 'explanation.confirm',
        by: 'Kim',
        reason: `${ada.name} (E100) lives with Number${'d'}`,
        what: {
          id: 'household-1',
          explanation: { kind: 'household', people: [ada.id, bo.id], detections: [] },
        },
      },
      now,
    );
    await decide(
      lake,
      {
        kind: 'explanation.confirm',
        by: 'Kim',
        reason: 'is ill and sits at her sister’s',
        what: {
          id: 'accommodation-1',
          explanation: { kind: 'accommodation', people: [ada.id], detections: [], value: ada.phone },
        },
      },
      now,
    );
    const rows = async () =>
      (await readdir(join(lake, 'data'), { recursive: true }))
        .filter((name) => name.endsWith('.parquet'))
        .sort();
    const held = await rows();
    const would = await forget({ lake, people: [ada.id], now, dryRun: true });
    expect(await rows()).toEqual(held);
    const told = await forget({ lake, people: [ada.id], now });
    expect(told).toEqual(would);
    expect(told.people).toEqual([{ id: ada.id, because: 'asked' }]);
    expect(told.rows).toMatchObject({ people: 1, events: 7 });
    expect(await where(lake, [...valuesOf(ada), 'sister', 'quillfeather'])).toEqual([]);
    // What they shared with somebody who is still there is that person's.
    expect(await where(lake, [bo.street])).not.toEqual([]);
    const decisions = await readDecisions(lake);
    expect(decisions).toHaveLength(2);
    expect(decisions[0]).toMatchObject({
      what: { explanation: { people: [expect.stringMatching(/^forgotten-/), bo.id] } },
    });

    const again = await read({ folder: all, lake, content, policy, now, threads: 1 });
    expect(again?.files.map((file) => file.kept)).toEqual(again?.files.map(() => 0));
    expect(again?.files.every((file) => file.read === file.duplicate)).toBe(true);
    expect(await where(lake, valuesOf(ada))).toEqual([]);
    await rm(join(lake, 'decisions.jsonl'));
    await rm(join(lake, 'rings.jsonl'), { force: true });
    const fresh = await scanned(join(base, 'never'), without);
    expect(concluded(await scanned(lake))).toBe(concluded(fresh));
    expect(await where(lake, valuesOf(ada))).toEqual([]);
    await expect(forget({ lake, people: [ada.id], now })).rejects.toThrow(
      'nobody in the lake has the id E100',
    );
  }, 60_000);

  it('refuses what is held, who is unknown, and a folder without a lake', async () => {
    const lake = join(base, 'lake');
    await expect(forget({ lake, people: ['E101'], held: ['E101'], now })).rejects.toThrow('open case');
    await expect(forget({ lake, people: ['E101', 'X'], now })).rejects.toThrow('the id X');
    await expect(forget({ lake: join(base, 'nowhere'), people: ['X'], now })).rejects.toMatchObject({
      code: 'LAKE_MISSING',
    });
  });
});

describe('somebody else’s rows', () => {
  /** How many sign-ins are tied to whom. */
  const tied = async (lake: string) => {
    const { events } = JSON.parse(await resolved(lake)) as {
      events: { person_id: string | null; source: string }[];
    };
    const counts = new Map<string | null, number>();
    for (const { person_id, source } of events)
      if (source === 'okta-system-log') counts.set(person_id, (counts.get(person_id) ?? 0) + 1);
    return counts;
  };

  it('never become those of the one who shared an account with who is gone', async () => {
    // Both say that the account is theirs: it is nobody's. Once one is gone it would be the other's, with all that was done.
    const folder = await exportsOf(join(base, 'shared'), others);
    const [first, second] = others as [Somebody, Somebody];
    await writeFile(
      join(folder, 'accounts.csv'),
      `Account,Employee ID\nshared@example.com,${first.id}\nshared@example.com,${second.id}\n`,
    );
    await writeFile(
      join(folder, 'shared.ndjson'),
      `${signIn({ ...first, account: 'shared@example.com' }, '2026-05-05', 1)}\n`,
    );
    const lake = join(base, 'shared-lake');
    await read({ folder, lake, content, policy, now, threads: 1 });
    const before = await tied(lake);
    expect(before.get(null)).toBe(1);
    for (const made of ['view', 'known', 'sigma']) await mkdir(join(lake, made));
    for (const made of ['view/events.parquet', 'known/people.json', 'known/indexed.parquet', 'sigma/x.json'])
      await writeFile(join(lake, made), '');
    // Where a scan follows, what pages look into stays until it is done; the index is made anew by it.
    await forget({ lake, people: [first.id], now, scanFollows: true });
    const left = await readdir(lake, { recursive: true });
    expect(left).toEqual(
      expect.arrayContaining([join('view', 'events.parquet'), join('known', 'people.json')]),
    );
    expect(left.filter((name) => /sigma|indexed/.test(name))).toEqual([]);
    const after = await tied(lake);
    expect(after.get(second.id)).toBe(before.get(second.id));
    expect(after.has(null)).toBe(false);
  }, 60_000);
});

describe('by age', () => {
  const ages = { logs_days: 60, leavers_days: 60 };

  it('removes logs and people who left, counted from now, and reads neither again', async () => {
    const all = join(base, 'all');
    const lake = join(base, 'old');
    await read({ folder: all, lake, content, policy, now, threads: 1 });
    const young = await forget({ lake, ages: { logs_days: 91, leavers_days: 93, applicants_days: 1 }, now });
    // 2 March lies 91 days before 1 June, and the day of 2 March is not over 91 days ago.
    expect(young).toEqual({ people: [], held: [], rows: {}, logs: { before: '2026-03-02', rows: {} } });
    const told = await forget({ lake, ages, now });
    expect(told.people).toEqual([{ id: 'E101', because: 'leaver' }]);
    expect(told.logs).toEqual({ before: '2026-04-02', rows: { events: 24 } });
    const again = await read({ folder: all, lake, content, policy, now, threads: 1 });
    expect(again?.files.map((file) => file.kept)).toEqual(again?.files.map(() => 0));
    // What people stated is no log: the check of 20 February is there.
    const { people } = JSON.parse(await resolved(lake)) as { people: unknown[] };
    expect(people).toHaveLength(11);
    expect(await where(lake, ['2026-03-02T09'])).toEqual([]);
    expect((await where(lake, ['spot check'])).length).toBeGreaterThan(0);
    // Late records of a time that is not kept are not taken in; those of a time that is are.
    const late = join(base, 'late');
    await mkdir(late, { recursive: true });
    await writeFile(
      join(late, 'okta.ndjson'),
      `${[signIn(ada, '2026-03-09', 7), signIn(ada, '2026-05-09', 7)].join('\n')}\n`,
    );
    const came = await read({ folder: late, lake, content, policy, now, threads: 1 });
    expect(came?.files[0]).toMatchObject({ read: 2, kept: 1, duplicate: 1, rejected: 0 });
  }, 60_000);

  it('gives the same whether exports are read before or after, at once or in parts', async () => {
    const one = join(base, 'old');
    const parts = join(base, 'parts');
    for (const part of [['okta.ndjson'], ['checks.csv', 'pay.csv', 'shipments.csv'], ['people.csv']]) {
      const folder = join(base, `part-${part[0]}`);
      await mkdir(folder, { recursive: true });
      for (const file of part) await cp(join(base, 'all', file), join(folder, file));
      await read({ folder, lake: parts, content, policy, now, threads: 1 });
      await forget({ lake: parts, ages, now });
    }
    await read({ folder: join(base, 'late'), lake: parts, content, policy, now, threads: 1 });
    expect(await resolved(parts)).toBe(await resolved(one));
  }, 60_000);

  it('keeps everything of whom somebody is looking into', async () => {
    const lake = join(base, 'held');
    await read({ folder: join(base, 'all'), lake, content, policy, now, threads: 1 });
    const told = await forget({ lake, ages, held: ['E101'], now });
    expect(told).toMatchObject({ people: [], held: ['E101'], logs: { rows: { events: 22 } } });
  }, 60_000);
});

describe('a process that is killed', () => {
  it('before the lake changed leaves it as it was; after that the next call takes out what is left', async () => {
    const lake = join(base, 'killed');
    await read({ folder: join(base, 'all'), lake, content, policy, now, threads: 1 });
    await writeFile(
      join(lake, 'decisions.jsonl'),
      `${JSON.stringify({ id: 1, time: now.toISOString(), by: 'Kim', reason: 'as Ada Quillfeather said', kind: 'ring.split', what: { ring: 'R-1', people: ['E100'] } })}\n`,
    );
    await writeFile(
      join(lake, 'rings.jsonl'),
      `${JSON.stringify({ time: now.toISOString(), ring: 'R-1', event: 'formed', members: ['E100', 'E104'], reason: 'E100 and E104 share an address.' })}\n`,
    );
    const copy = join(base, 'killed-before');
    await cp(lake, copy, { recursive: true });
    await forget({ lake, people: [ada.id], now });
    const decisions = await readFile(join(copy, 'decisions.jsonl'), 'utf8');
    const rings = await readFile(join(copy, 'rings.jsonl'), 'utf8');
    const note = { people: [['E100', 'forgotten-0']], values: [ada.name], words: ['Ada'] };
    // Killed before: the note is there, the lake has everything, and what was decided stays.
    await writeFile(join(copy, 'forgetting.json'), JSON.stringify({ mark: 'ab'.repeat(16), ...note }));
    await forget({ lake: copy, ages: { logs_days: 3000 }, now });
    expect(await readFile(join(copy, 'decisions.jsonl'), 'utf8')).toBe(decisions);
    expect((await readdir(copy)).includes('forgetting.json')).toBe(false);
    // Killed after: the lake has changed, what was decided has not.
    await writeFile(join(lake, 'decisions.jsonl'), decisions);
    await writeFile(join(lake, 'rings.jsonl'), rings);
    const database = await Database.open({ threads: 1 });
    const [batch] = (await readdir(join(lake, 'data'))).slice(-1);
    const [row] = await database.rows(
      `SELECT lower(hex(mark)) AS mark FROM read_parquet(${literal(join(lake, 'data', String(batch), 'forgotten-marks-00001.parquet'))}) WHERE mark IS NOT NULL LIMIT 1`,
    );
    database.close();
    await writeFile(join(lake, 'forgetting.json'), JSON.stringify({ mark: row?.mark, ...note }));
    const told = await forget({ lake, people: [ada.id], now });
    expect(told.people).toEqual([]);
    expect(await where(lake, ['quillfeather', 'E100'])).toEqual([]);
  }, 60_000);
});

describe('words', () => {
  const change = cleared({
    people: [['12', 'forgotten-a']],
    values: ['Bo Example', 'bo@example.org'],
    words: ['Bo', 'Example'],
  });

  it('lose names where somebody is named, and numbers only where a person is meant', () => {
    const line = (reason: string, people: string[]) =>
      JSON.stringify({ kind: 'ring.split', time: '2012-12-12', by: 'Bo Example', reason, what: { people } });
    expect(change(line('12 sofas, 2012, Bo asked', ['7']))).toBe(line('12 sofas, 2012, Bo asked', ['7']));
    expect(change(line('12 and Bo, in 2012', ['12']))).toBe(
      line('[removed] and [removed], in 2012', ['forgotten-a']),
    );
    expect(change(line('BO EXAMPLE wrote from bo@example.org.', ['7']))).toBe(
      line('[removed] wrote from [removed].', ['7']),
    );
    expect(change('not json 12')).toBe('not json 12');
  });
});
