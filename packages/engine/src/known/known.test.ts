import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../lake/duckdb.js';
import { createResolvedTables } from '../lake/resolve.js';
import { ensureSharedValues } from '../links/shared-values.js';
import { policySchema } from '../model/policy.js';
import { Known } from './known.js';
import { knownFolder, updateKnown } from './update.js';

let lake: string;
let database: Database;
beforeEach(async () => {
  lake = await mkdtemp(join(tmpdir(), 'rollcall-known-'));
  database = await Database.open({ threads: 1 });
  await createResolvedTables(database);
  for (let i = 0; i < 40; i++) {
    await person(`p${i}`, `Person Number${i}`);
    await holds(`p${i}`, 'email', `person${i}@example.net`);
  }
});
afterEach(async () => {
  database.close();
  await rm(lake, { recursive: true, force: true });
});

const person = (id: string, name: string) =>
  database.run("INSERT INTO people (person_id, name, stage) VALUES ($id, $name, 'applicant')", { id, name });
const holds = (id: string, kind: string, value: string) =>
  database.run(
    "INSERT INTO identifiers (person_id, kind, value, label, context) VALUES ($id, $kind, $value, $value, 'application')",
    { id, kind, value },
  );
const sent = (id: string, document: string, text: string) =>
  database.run(
    "INSERT INTO documents (person_id, document, file, format, text) VALUES ($id, $document, 'cv.txt', 'text', $text)",
    { id, document, text },
  );
async function update(): Promise<void> {
  for (const table of ['sharing_kinds', 'shared_values', 'holdings'])
    await database.run(`DROP TABLE IF EXISTS ${table}`);
  await ensureSharedValues(database, policySchema.parse({}));
  await updateKnown(database, lake);
}
async function asking<T>(question: (known: Known) => T): Promise<T> {
  const known = await Known.open(join(lake, knownFolder));
  try {
    return question(known);
  } finally {
    known.close();
  }
}
const phone = { kind: 'phone' as const, value: '+16145550101', label: '+16145550101' };
const rare =
  'Taught the night ledger to count fishing boats twice, once by weight and once by name, and to ring a bell';

describe('a newcomer against everybody known', () => {
  it('is told who shares a value, how rare it is, and who has what many have', async () => {
    await holds('p3', 'phone', phone.value);
    for (let i = 0; i < 30; i++) await holds(`p${i}`, 'reference_contact', 'office@example.org');
    await update();
    const answer = await asking((known) =>
      known.check({
        values: [phone, { kind: 'reference_contact', value: 'office@example.org', label: 'the office' }],
      }),
    );
    expect(answer.hits).toMatchObject([
      {
        person: { id: 'p3', name: 'Person Number3' },
        values: [{ kind: 'phone', holders: 1, context: 'application' }],
      },
    ]);
    expect(answer.hits[0]?.bits).toBeGreaterThan(5);
    expect(answer.common).toEqual([{ kind: 'reference_contact', label: 'the office', holders: 30 }]);
  });

  it('is not set against their own earlier record', async () => {
    await holds('p3', 'phone', phone.value);
    await update();
    const mailbox = { kind: 'email' as const, value: 'person3@example.net', label: 'person3@example.net' };
    const own = (name: string) =>
      asking((known) => known.check({ name, values: [mailbox, phone] }).hits.map((hit) => hit.own));
    expect(await own('person number3 ')).toEqual([true]);
    expect(await own('Somebody Else')).toEqual([false]);
  });

  it('is shown the wording a known résumé has, of everybody who handed it in', async () => {
    await sent('p4', 'd4', `Person Number4\n\n${rare}.\n\nOiled hinges in the lighthouse.`);
    await sent('p5', 'd4', `Person Number4\n\n${rare}.\n\nOiled hinges in the lighthouse.`);
    await update();
    const { hits } = await asking((known) =>
      known.check({ values: [], text: `Somebody Else\n\n${rare.replace('bell', 'horn')}.` }),
    );
    expect(hits.map((hit) => hit.person.id)).toEqual(['p4', 'p5']);
    expect(hits[0]?.passages[0]).toMatchObject({
      text: expect.stringContaining('horn'),
      otherText: expect.stringContaining('bell'),
    });
  });

  it('learns how records of one human being differ, and says who may have applied before', async () => {
    for (let i = 40; i < 260; i++) {
      const name = `${['Ana', 'Bo', 'Cy', 'Di', 'Eli', 'Fay', 'Gus'][i % 7]} ${['Alder', 'Birch', 'Cedar', 'Dogwood', 'Elm'][i % 5]}${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + ((i * 7) % 26))}`;
      await person(`p${i}`, name);
      await holds(`p${i}`, 'email', `${name.toLowerCase().replace(' ', '.')}.${i}@example.net`);
      await holds(`p${i}`, 'phone', `+1614555${String(i).padStart(4, '0')}`);
    }
    await person('again', 'Ottilie Quicksand');
    await holds('again', 'phone', phone.value);
    await holds('again', 'email', 'ottilie.quicksand@example.net');
    await update();
    const same = (name: string, values: Parameters<Known['check']>[0]['values']) =>
      asking((known) =>
        known.check({ name, values }).hits.flatMap((hit) => (hit.samePerson ? [hit.person.id] : [])),
      );
    expect(await same('Ottlie Quicksand', [phone])).toEqual(['again']);
    // One phone in a home, another name: somebody else.
    expect(await same('Humphrey Marlow', [phone])).toEqual([]);
  });
});

describe('the index of everybody known', () => {
  it('adds who is new, follows who changed, and passes over who is gone', async () => {
    await holds('p3', 'phone', phone.value);
    await update();
    const files = async () =>
      (await readdir(join(lake, knownFolder))).filter((name) => name.endsWith('.texts'));
    expect(await files()).toEqual(['people-0.texts']);
    await update();
    expect(await files()).toEqual(['people-0.texts']);
    await person('new', 'New Person');
    await holds('new', 'phone', phone.value);
    await database.run("UPDATE people SET name = 'Renamed Person' WHERE person_id = 'p3'");
    await database.run("DELETE FROM people WHERE person_id = 'p7'");
    await update();
    expect(await files()).toEqual(['people-0.texts', 'people-1.texts']);
    const { hits, size } = await asking((known) => ({
      ...known.check({ values: [phone] }),
      size: known.size,
    }));
    expect(hits.map((hit) => hit.person.name).sort()).toEqual(['New Person', 'Renamed Person']);
    expect(size).toBe(40);
    const gone = { kind: 'email' as const, value: 'person7@example.net', label: '' };
    expect((await asking((known) => known.check({ values: [gone] }))).hits).toEqual([]);
  });

  it('lists people by name who were known before there were enough to learn from', async () => {
    await person('early', 'Ottilie Quicksand');
    await holds('early', 'phone', phone.value);
    await holds('early', 'email', 'ottilie.quicksand@example.net');
    await update();
    for (let i = 40; i < 260; i++) {
      const name = `${['Ana', 'Bo', 'Cy', 'Di', 'Eli'][i % 5]} ${['Alder', 'Birch', 'Cedar'][i % 3]}${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + ((i * 7) % 26))}`;
      await person(`p${i}`, name);
      await holds(`p${i}`, 'email', `${name.toLowerCase().replace(' ', '.')}.${i}@example.net`);
      await holds(`p${i}`, 'phone', `+1614555${String(i).padStart(4, '0')}`);
    }
    await update();
    const { hits } = await asking((known) => known.check({ name: 'Ottlie Quicksand', values: [phone] }));
    expect(hits[0]).toMatchObject({
      person: { id: 'early' },
      samePerson: { probability: expect.any(Number) },
    });
  });

  it('is built anew where a change was written but not who has which number', async () => {
    await holds('p3', 'phone', phone.value);
    await update();
    const path = join(lake, knownFolder, 'indexed.parquet');
    const before = await readFile(path);
    await database.run("UPDATE people SET name = 'Renamed Person' WHERE person_id = 'p3'");
    await update();
    await writeFile(path, before);
    await update();
    const { hits, size } = await asking((known) => ({
      ...known.check({ values: [phone] }),
      size: known.size,
    }));
    expect(hits).toMatchObject([{ person: { id: 'p3' }, values: [{ holders: 1 }] }]);
    expect(size).toBe(40);
  });

  it('keeps ids with quotes, backslashes, line ends and half characters apart', async () => {
    const ids = ['a"b', "a'b", 'a\\b', 'a\nb', 'a,b', '[a]', 'NULL', '', ' a', '{"a":1}', '$ids'];
    for (const id of ids) {
      await person(id, `Person ${id}`);
      await holds(id, 'phone', `+1614555${String(ids.indexOf(id)).padStart(4, '0')}`);
    }
    await update();
    for (const id of ids) {
      const value = `+1614555${String(ids.indexOf(id)).padStart(4, '0')}`;
      const { hits } = await asking((known) => known.check({ values: [{ ...phone, value }] }));
      expect(hits.map((hit) => hit.person.id)).toEqual([id]);
    }
  });

  it('says so or is built anew where a file of it is cut or has changed, and never answers otherwise', async () => {
    await holds('p3', 'phone', phone.value);
    await sent('p4', 'd4', `Person Number4\n\n${rare}.\n\nOiled hinges in the lighthouse.`);
    await update();
    const newcomer = { values: [phone], text: `Somebody Else\n\n${rare}.` };
    const right = JSON.stringify(await asking((known) => known.check(newcomer)));
    const folder = join(lake, knownFolder);
    const copy = join(lake, 'whole');
    await cp(folder, copy, { recursive: true });
    const files = (await readdir(copy, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => relative(copy, join(entry.parentPath, entry.name)));
    expect(files.length).toBeGreaterThan(7);
    for (const file of files) {
      const whole = await readFile(join(copy, file));
      const flipped = Buffer.from(whole);
      const middle = whole.length >> 1;
      flipped[middle] = (flipped[middle] ?? 0) ^ 0x15;
      for (const bytes of [whole.subarray(0, middle), Buffer.alloc(0), flipped]) {
        await rm(folder, { recursive: true });
        await cp(copy, folder, { recursive: true });
        await writeFile(join(folder, file), bytes);
        const answer = await asking((known) => JSON.stringify(known.check(newcomer))).catch((error) => error);
        if (typeof answer === 'string') {
          for (const { person: found } of JSON.parse(answer).hits) expect(['p3', 'p4']).toContain(found.id);
        } else expect(answer).toMatchObject({ code: 'LAKE_DAMAGED' });
        await person('later', 'Later Person');
        await expect(update()).resolves.toBeUndefined();
        await database.run("DELETE FROM people WHERE person_id = 'later'");
      }
    }
    await rm(folder, { recursive: true });
    await update();
    expect(JSON.stringify(await asking((known) => known.check(newcomer)))).toBe(right);
  });

  it('is built anew where an update was cut off', async () => {
    await update();
    const path = join(lake, knownFolder, 'people.json');
    const manifest = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...manifest, parts: [] }));
    await update();
    expect(await asking((known) => known.size)).toBe(40);
  });
});
