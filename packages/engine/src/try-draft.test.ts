import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Content, loadContent } from './content/load.js';
import { policySchema } from './model/policy.js';
import { scan } from './pipeline.js';
import { checkDraft, type TriedDraft, tryDraft } from './try-draft.js';

const roster = `Employee ID,Legal Name,Work Email,Home Phone,Home Address Line 1,Home City,Home State,Home Postal Code,Home Country,Hire Date,Worker Type,Business Title,Work Arrangement
E100,Ada Example,ada@example.com,(614) 555-0101,12 Birch Street,Columbus,OH,43004,US,2026-01-01,Regular,Engineer,Remote
E101,Bo Sample,bo@example.com,(614) 555-0102,9 Oak Ave,Columbus,OH,43004,US,2026-01-15,Regular,Designer,Remote
E102,Cy Muster,cy@example.com,(614) 555-0103,10 Elm Ave,Columbus,OH,43004,US,2025-03-15,Regular,Designer,Remote
`;

/** A draft that asks this; its tests fit people who are remote. */
const draft = (query: string, more = '') => `title: Works from home
why: Only a test.
sources: [ROLLCALL]
about: person
facet: test-facet
needs: [people]
query: |
${query
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
says: "Works from home."
weight: { if_not: [0.5, 0.9], if_honest: 0.05, source: test }
innocent: [many do]
fairness: none
next: [nothing]
${more}tests:
  - name: remote
    people: [{ person_id: p1, remote: true }]
    expect: [{ person_id: p1 }]
  - name: at the office
    people: [{ person_id: p1, remote: false }]
    expect: []
`;
const remote = 'SELECT person_id FROM people WHERE remote';

describe('a draft', () => {
  let folder: string;
  let content: Content;
  const policy = policySchema.parse({});
  const now = new Date('2026-06-01T12:00:00Z');
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-draft-'));
    content = await loadContent();
    await mkdir(join(folder, 'exports'));
    await writeFile(join(folder, 'exports', 'people.csv'), roster);
    await scan({
      folder: join(folder, 'exports'),
      lake: join(folder, 'lake'),
      content,
      policy,
      now,
      threads: 1,
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const named = { id: 'works-from-home', stage: 'employed' };
  const check = (text: string, name = named) => checkDraft(text, name, content);
  const tried = async (query: string, more: { milliseconds?: number } = {}): Promise<TriedDraft> => {
    const { detection, problems } = check(draft(query));
    if (!detection) throw new Error(problems.map(({ says }) => says).join('; '));
    return tryDraft({ detection, content, policy, lake: join(folder, 'lake'), ...more });
  };

  it('is asked of the last scan: who shows it, how often, what it would weigh, and its own tests', async () => {
    const result = await tried(remote);
    expect(result.problem).toBeUndefined();
    expect(result.findings.map(({ person }) => person)).toEqual(['E100', 'E101', 'E102']);
    expect(result.tests).toEqual([
      { content: 'works-from-home', name: 'remote' },
      { content: 'works-from-home', name: 'at the office' },
    ]);
    expect(result.rates).toMatchObject([{ population: 'workers', seenIn: 3, outOf: 3, own: 0.05 }]);
    expect(result.ownBits).toBeCloseTo(Math.log2(Math.sqrt(0.45) / 0.05), 5);
    expect(await tried(remote)).toEqual({ ...result, milliseconds: expect.any(Number) });
  });

  it('says what of its own tests fails', async () => {
    const result = await tried('SELECT person_id FROM people');
    expect(result.tests.find(({ name }) => name === 'at the office')?.problem).toContain('unexpected row');
  });

  it('is checked like what ships, with lines', () => {
    expect(check('title: [').problems[0]?.line).toBeGreaterThan(0);
    expect(check(draft(remote).replace('facet: test-facet', 'facet: 7')).problems).toEqual([
      { line: 5, says: expect.stringContaining('facet') },
    ]);
    const says = (text: string, name = named) =>
      check(text, name)
        .problems.map((one) => one.says)
        .join('; ');
    expect(says(draft("SELECT person_id FROM people WHERE name LIKE '%Kim%'"))).toContain('name');
    expect(says(draft('SELECT person_id, nationality FROM people'))).toContain('behind the wall');
    expect(says(draft(remote), { ...named, id: 'two-people-paid-into-one-account' })).toContain('already');
    expect(says(draft(remote), { ...named, id: '../../evil' })).toContain('small letters');
    expect(says(draft(remote), { ...named, stage: '../..' })).toContain('no such stage');
    expect(says(`${draft(remote)}attack: [T1078]\n`)).toContain('tests stand last');
    expect(check(draft(remote)).problems).toEqual([]);
  });

  it('reaches no file, no network and no other table, and changes nothing', async () => {
    const files = () => readdir(join(folder, 'lake', 'view'));
    const before = await files();
    const target = join(folder, 'stolen.csv');
    for (const [query, why] of [
      [
        `SELECT content AS person_id FROM read_text('${join(folder, 'exports', 'people.csv')}')`,
        /disabled|ermission/,
      ],
      [`SELECT * FROM read_csv('${join(folder, 'exports', 'people.csv')}')`, /disabled|ermission/],
      [`SELECT 1; COPY (SELECT 1) TO '${target}'`, /one query at a time/],
      [`COPY (SELECT 1) TO '${target}'`, /./],
      ["SELECT person_id FROM 'https://example.com/x.parquet'", /./],
      ['SELECT person_id FROM people); DROP VIEW people; SELECT * FROM (SELECT 1', /./],
      ["ATTACH 'x.db'", /./],
      ['SELECT person_id FROM vault', /vault/],
    ] as const) {
      const { detection, problems } = check(draft(query));
      if (!detection) {
        expect(problems).not.toEqual([]);
        continue;
      }
      const result = await tryDraft({ detection, content, policy, lake: join(folder, 'lake') });
      expect(result.problem, query).toMatch(why);
      expect(result.findings).toEqual([]);
      expect(JSON.stringify(result.tests), query).not.toContain('Birch');
    }
    expect(await files()).toEqual(before);
    expect(await readdir(folder)).not.toContain('stolen.csv');
  });

  it('tells no values of the lake in a complaint', async () => {
    const { problem } = await tried('SELECT person_id, CAST(work_email AS INTEGER) AS n FROM people');
    expect(problem).toContain('Conversion');
    expect(problem).not.toContain('example.com');
  });

  it('is stopped when it takes too long, or answers with too much', async () => {
    const slow = await tried(
      'SELECT a.person_id FROM people a, range(10000000000) r WHERE r.range % 7 = 9 AND a.remote',
      { milliseconds: 1500 },
    );
    expect(slow.problem).toContain('stopped');
    const large = await tried('SELECT a.person_id FROM people a, range(200000) r');
    expect(large.problem).toContain('100,000 rows');
    expect(large.findings).toEqual([]);
  });

  it('stands beside ours once it is in the own folder; what is wrong there is left out and said', async () => {
    const own = join(folder, 'content-own');
    await mkdir(join(own, 'employed'), { recursive: true });
    await writeFile(join(own, 'employed', 'works-from-home.yml'), draft(remote));
    await writeFile(join(own, 'employed', 'broken.yml'), 'title: [');
    await writeFile(join(own, 'employed', 'two-people-paid-into-one-account.yml'), draft(remote));
    const both = await loadContent(undefined, { withoutTests: true, own });
    expect(both.detections.length).toBe(content.detections.length + 1);
    expect(both.own?.problems).toHaveLength(2);
    expect(both.version).not.toBe((await loadContent(undefined, { withoutTests: true })).version);
    const result = await scan({ lake: join(folder, 'lake'), content: both, policy, now, threads: 1 });
    expect(result.detections.find((one) => one.id === 'works-from-home')).toMatchObject({ people: 3 });
    expect((await loadContent(undefined, { withoutTests: true, own: join(folder, 'none') })).own).toEqual({
      folder: join(folder, 'none'),
      problems: [],
    });
  });
});
