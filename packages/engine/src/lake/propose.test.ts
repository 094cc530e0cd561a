import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadContent } from '../content/load.js';
import { mappingSuffix } from './discover.js';
import { Database, parquet } from './duckdb.js';
import { ingest } from './ingest.js';
import { likeness, proposeMapping } from './propose.js';
import { Store } from './store.js';

const { connectors } = await loadContent();
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-propose-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

let files = 0;
async function proposal(content: string, extension = 'csv') {
  const path = join(root, `file-${++files}.${extension}`);
  await writeFile(path, content);
  const text = await proposeMapping(path, connectors);
  return { path, text, ...(parse(text) as { connector: string; columns: Record<string, string> }) };
}

const crew = `Crew roll 2026;;;;;;;
Pers. Nr.;Nachname;Vorname;Geschäftliche Mail;Begin of contract;Tel.;Wohnort Land;SteuerNr
4711;Example;Ada;ada@example.com;01.02.2024;+1 614 555 0101;US;123456789012
4712;Example;Bo;bo@example.com;15.03.2025;+1 614 555 0102;DE;223456789012
`;

describe('a proposed mapping', () => {
  it('finds the kind of file and its columns by names that are only alike, and by what the values are', async () => {
    const { connector, columns } = await proposal(crew);
    expect(connector).toBe('people-roster');
    expect(columns).toEqual({
      person_ref: 'Pers. Nr.',
      first_name: 'Vorname',
      last_name: 'Nachname',
      work_email: 'Geschäftliche Mail',
      phone: 'Tel.',
      country: 'Wohnort Land',
      started_at: 'Begin of contract',
    });
  });

  it('lists what is left over on both sides, with samples in which long numbers are masked', async () => {
    const { text } = await proposal(crew);
    expect(text).toContain('#   SteuerNr # ••••12');
    expect(text).not.toMatch(/123456789012|6145550101|614 555/);
    expect(text).toContain('  # left_at: as in Termination Date');
    expect(text).toContain('ada@example.com | bo@example.com');
    expect(text).toContain('01.02.2024');
  });

  it('is read by the next scan as it stands', async () => {
    const { path, text } = await proposal(crew);
    await writeFile(`${path}${mappingSuffix}`, text);
    const store = await Store.open(join(root, 'lake'));
    const result = await ingest({
      folder: path,
      store,
      connectors,
      homeCountry: 'US',
      now: new Date('2026-09-30'),
    });
    expect(result.files).toMatchObject([{ connector: 'people-roster', read: 2, kept: 2 }]);
    const database = await Database.open({ threads: 1 });
    const people = await database.rows(
      `SELECT person_ref, name, work_email, started_at FROM ${parquet(store.files('people'))} ORDER BY 1`,
    );
    database.close();
    await store.close();
    expect(people).toEqual([
      {
        person_ref: '4711',
        name: 'Ada Example',
        work_email: 'ada@example.com',
        started_at: '2024-02-01T00:00:00Z',
      },
      {
        person_ref: '4712',
        name: 'Bo Example',
        work_email: 'bo@example.com',
        started_at: '2025-03-15T00:00:00Z',
      },
    ]);
  });

  it('gives the mapping of a file that is recognised anyway', async () => {
    const { connector, columns, text } = await proposal(
      'Employee ID,Changed On,Account Number,Account Holder\nE1,2026-01-02,000123456789,Ada Example\n',
    );
    expect(connector).toBe('pay-changes');
    expect(columns).toMatchObject({
      person_ref: 'Employee ID',
      changed_at: 'Changed On',
      account: 'Account Number',
      holder: 'Account Holder',
    });
    expect(text).toContain('account: Account Number # ••••89');
  });

  it('reads flat JSON, nested one level', async () => {
    const { connector, columns } = await proposal(
      `${JSON.stringify([{ asset: { serialNo: 'SN-EX-0001', modelName: 'ThinkPad' }, assignedPerson: 'ada@example.com', 'last contact date': '2026-02-03' }])}`,
      'json',
    );
    expect(connector).toBe('asset-register');
    expect(columns).toMatchObject({ serial: 'asset.serialNo', seen_at: 'last contact date' });
  });

  it('puts no column where its values cannot stand', async () => {
    const { columns } = await proposal(
      'Worker No,Legal Name,Work E-mail contact,Hired on,Job title\nE1,Ada Example,see directory,2024-02-01,Engineer\n',
    );
    expect(columns).toMatchObject({ person_ref: 'Worker No', started_at: 'Hired on' });
    expect(Object.values(columns)).not.toContain('Work E-mail contact');
  });

  it('survives headers and values made to break out of it', async () => {
    const evil =
      'Employee ID,"Legal Name: [x]\n",# Work Email,"Start Date"": {a: 1}",\u202EHire Date\n"1\nconnector: evil",Ada,ada@example.com,2024-02-01,2024-02-01\n';
    const { text, connector, columns } = await proposal(evil);
    expect(connectors.map((each) => each.id)).toContain(connector);
    for (const header of Object.values(columns)) expect(typeof header).toBe('string');
    expect(text.match(/^connector:/gm)).toHaveLength(1);
    expect(text).not.toContain('\u202E');
  });

  it.each([
    [
      'a table of something else',
      'Panel,Door,Firmware\nP-1,North,4.1\n',
      /none of its columns is like one Rollcall knows: Panel, Door, Firmware/,
    ],
    ['an empty file', '', /it is empty/],
    ['prose', 'Dear all,\nnothing attached\n', /tables and flat JSON|none of its columns/],
  ])('says so for %s', async (_, content, why) => {
    await expect(proposal(content)).rejects.toMatchObject({
      code: 'MAPPING_INVALID',
      message: expect.stringMatching(why),
    });
  });

  it('is the same every time', async () => {
    const [first, second] = [await proposal(crew), await proposal(crew)];
    expect(second.text.replaceAll(/file-\d+/g, '')).toBe(first.text.replaceAll(/file-\d+/g, ''));
  });
});

describe('likeness of headers', () => {
  it.each([
    ['Employee ID', 'employee_id', 1],
    ['Employee ID', 'Emp No', 0.9],
    ['Start Date', 'Begin date', 0.9],
    ['Serial Number', 'Serialnumer', 0.8],
  ])('%s and %s are alike', (a, b, least) => {
    expect(likeness(a, b)).toBeGreaterThanOrEqual(least);
  });
  it.each([
    ['Employee ID', 'Door'],
    ['Phone', 'Photo'],
    ['Employee ID', 'Badge colour'],
    ['', 'Anything'],
  ])('%s and %s are not', (a, b) => {
    expect(likeness(a, b)).toBeLessThan(0.75);
  });
});
