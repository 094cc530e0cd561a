import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../console/fixtures/sample-result.js';
import { makeKeys } from '../keys.js';
import { makeLive } from '../live.js';
import { type OpenResults, openResults } from './results.js';
import { rowOf } from './rows.js';

const keys = makeKeys(
  Buffer.alloc(32, 7),
  Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
);
let folder: string;
let results: OpenResults | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-results-'));
});
afterEach(async () => {
  await results?.close();
  await rm(folder, { recursive: true, force: true });
});

/** As the process of a scan leaves it. */
async function leave(number: number, current = true): Promise<void> {
  const place = join(folder, String(number));
  await mkdir(place);
  const { people, ...head } = sampleResult;
  let at = 0;
  const rows: string[] = [];
  const found: string[] = [];
  for (const person of people) {
    const text = JSON.stringify({ ...person, next: [`of result ${number}`] });
    const bytes = Buffer.byteLength(text);
    const { handle: _, ...row } = rowOf(person, () => '');
    rows.push(JSON.stringify({ ...row, at: [at, bytes] }));
    found.push(text);
    at += bytes + 1;
  }
  rows.push(
    JSON.stringify({
      id: 'E-quiet',
      name: 'Quiet Example',
      stage: 'employed',
      engagement: 'employee',
      band: 'clear',
      bits: -10,
      facets: 0,
      signals: 0,
    }),
  );
  await writeFile(join(place, 'head.json'), JSON.stringify({ ...head, people: [] }));
  await writeFile(join(place, 'rows.ndjson'), `${rows.join('\n')}\n`);
  await writeFile(join(place, 'people.ndjson'), `${found.join('\n')}\n`);
  if (current)
    await writeFile(
      join(folder, 'current.json'),
      JSON.stringify({ number, asOf: sampleResult.asOf, finishedAt: '2026-06-01T09:00:00Z' }),
    );
}

describe('results', () => {
  it('are none before the first scan', async () => {
    results = await openResults(folder, keys);
    expect(results.current()).toBeUndefined();
  });

  it('hold a row of everybody, and everything about those of whom something was found', async () => {
    await leave(1);
    results = await openResults(folder, keys);
    const current = results.current();
    expect(current?.people.map((row) => row.id).sort()).toEqual(
      [...sampleResult.people.map((person) => person.id), 'E-quiet'].sort(),
    );
    // Most pressing first.
    const bits = current?.people.filter((row) => row.band === 'clear').map((row) => row.bits) ?? [];
    expect(bits).toEqual([...bits].sort((a, b) => b - a));
    for (const person of sampleResult.people) {
      expect(current?.row(keys.handle(person.id))?.id).toBe(person.id);
      expect(await current?.person(person.id)).toEqual({ ...person, next: ['of result 1'] });
    }
    expect(await current?.person('E-quiet')).toBeUndefined();
    expect(await current?.person('nobody')).toBeUndefined();
    expect(current?.ring(sampleResult.rings[0]?.id ?? '')).toEqual(sampleResult.rings[0]);
  });

  it('say with whom an address was seen, and nobody where that was not kept', async () => {
    await leave(1);
    results = await openResults(folder, keys);
    const asked = (address: string) => results?.current()?.withMail?.(address);
    expect(await asked('ada@mail.example.net')).toEqual([]);
    await writeFile(
      join(folder, '1', 'mails.ndjson'),
      '["ada@mail.example.net","E-1"]\n["ada@mail.example.net","E-2"]\n["ada@mail.example.net.example.org","E-3"]\n',
    );
    expect(await asked('ada@mail.example.net')).toEqual(['E-1', 'E-2']);
    expect(await asked('ada@mail.example.ne')).toEqual([]);
    expect(await asked('","E-3"]')).toEqual([]);
  });

  it('say who shares something with those of whom no page says it, and nobody where that was not kept', async () => {
    await leave(1);
    results = await openResults(folder, keys);
    const asked = (person: string) => results?.current()?.sharing?.(person);
    expect(await asked('E-quiet')).toEqual([]);
    await writeFile(
      join(folder, '1', 'sharing.ndjson'),
      '["E-quiet","E-1",["phone","passage"]]\n["E-quiet-2","E-3",["email"]]\n["E-quiet","E-2",["email"]]\n',
    );
    expect(await asked('E-quiet')).toEqual([
      { person: 'E-1', kinds: ['phone', 'passage'] },
      { person: 'E-2', kinds: ['email'] },
    ]);
    expect(await asked('E-quie')).toEqual([]);
  });

  it('change at once, tell open pages, and let those who still read the one before do so', async () => {
    await leave(1);
    const heard: string[] = [];
    const live = makeLive();
    live.subscribe((topic) => heard.push(topic));
    results = await openResults(folder, keys, live);
    const before = results.current();
    heard.length = 0;
    await leave(2, false);
    await results.load();
    expect(results.current()?.number).toBe(1);
    expect(heard).toEqual([]);
    await leave(3);
    await results.load();
    expect(results.current()?.number).toBe(3);
    expect(heard).toContain('people');
    const [first] = sampleResult.people;
    expect((await before?.person(first?.id ?? ''))?.next).toEqual(['of result 1']);
    expect((await results.current()?.person(first?.id ?? ''))?.next).toEqual(['of result 3']);
    expect([1, 2, 3].map((number) => existsSync(join(folder, String(number))))).toEqual([false, true, true]);
  });
});
