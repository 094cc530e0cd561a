import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Content, contentFolder, loadContent } from '../content/load.js';
import { detectionTestDatabase, testDetection } from '../content-tests.js';
import { policySchema } from '../model/policy.js';
import type { ScanResult } from '../model/result.js';
import { scan } from '../pipeline.js';
import { ownClashes } from './own.js';

let base = '';
let turn = 0;
let shipped: Content;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'rollcall-own-'));
  shipped = await loadContent();
}, 60_000);
afterAll(() => rm(base, { recursive: true, force: true }));

const fixed = `title: Made up
why: For a test.
sources: [ROLLCALL]
about: person
facet: factor
says: "{n}"
weight: { if_not: [0.02, 0.04], if_honest: 0.01, source: Our estimate }
innocent: [A test]
fairness: none
next: [Nothing]
`;

const rule = (name: string, selection = 'eventType: user.session.start', more = '') =>
  `title: ${name}
name: ${name}
logsource: { product: okta, service: okta }
${more}detection:
  selection:
    ${selection}
  condition: selection
`;

const signIn = {
  uuid: 'u1',
  published: '2026-05-04T09:00:00.000Z',
  eventType: 'user.session.start',
  actor: { id: '00u1', type: 'User', alternateId: 'worker0@example.com' },
  outcome: { result: 'SUCCESS' },
};

const tests = `tests:
  - name: one
    records:
      - { source: okta-system-log, person: p1, record: ${JSON.stringify(signIn)} }
    expect: [{ person_id: p1, source: okta-system-log, activity: user.session.start, times: 1 }]
  - name: none
    records:
      - { source: okta-system-log, person: p1, record: ${JSON.stringify({ ...signIn, eventType: 'user.session.end' })} }
    expect: []
`;

const block = (text: string) => `sigma: |\n${text.replace(/^(?=.)/gm, '  ')}`;

/** A content folder with one detection, the Okta connector and its field map. */
async function load(text: string): Promise<Content> {
  const folder = join(base, `content-${turn++}`);
  await mkdir(join(folder, 'detections', 'employed'), { recursive: true });
  await cp(
    join(contentFolder, 'connectors', 'okta-system-log'),
    join(folder, 'connectors', 'okta-system-log'),
    { recursive: true },
  );
  await mkdir(join(folder, 'sigma', 'fields'), { recursive: true });
  await cp(join(contentFolder, 'sigma', 'fields', 'okta.yml'), join(folder, 'sigma', 'fields', 'okta.yml'));
  await writeFile(join(folder, 'detections', 'employed', 'made-up.yml'), text);
  return loadContent(folder);
}

const problem = (text: string) =>
  load(text).then(
    () => '',
    (error: Error) => error.message.replaceAll(/^.*\/(?=made-up)/gm, ''),
  );

describe('a detection in Sigma, as content', () => {
  it('takes the logs its rules read for what it needs', async () => {
    const { detections } = await load(fixed + block(rule('a')) + tests);
    expect(detections.map(({ needs, query }) => ({ needs, query }))).toEqual([
      { needs: ['records.okta-system-log'], query: '' },
    ]);
  });

  it('asks in one language, with tests of its kind', async () => {
    const query = 'query: SELECT person_id FROM people\n';
    expect(await problem(fixed + tests)).toContain(
      'made-up.yml:1: (top): it has neither `query` nor `sigma`',
    );
    expect(await problem(fixed + query + block(rule('a')) + tests)).toMatch(
      /made-up\.yml:12: sigma: it has both/,
    );
    expect(await problem(fixed + query + tests)).toMatch(/:1: needs: a query says what must be there/);
    expect(await problem(`${fixed}needs: [people]\n${query}${tests}`)).toMatch(
      /:16: tests\.0\.records: are for a detection in Sigma/,
    );
    const events = tests.replace(/records:\n.*$/m, 'events: [{ action: signin }]');
    expect(await problem(fixed + block(rule('a')) + events)).toMatch(/tests\.0\.events: are for a query/);
    expect(await problem(`${fixed}needs: [people]\ninstead_of: [x]\n${query}${tests}`)).toContain(
      'instead_of: is for a detection in Sigma',
    );
  });

  it('says on which line of the file a rule is wrong', async () => {
    const at = async (text: string) => problem(fixed + block(text) + tests);
    expect(await at(rule('a').replace('condition: selection', 'condition: nothing'))).toMatch(
      /^made-up\.yml:18: .*nothing/m,
    );
    expect(await at(`${rule('a')}---\n${rule('b')}`)).toMatch(
      /^made-up\.yml:20: “a” and “b” report: exactly one does/m,
    );
    expect(await at(rule('a').replace('okta, service: okta', 'aws'))).toMatch(
      /^made-up\.yml:12: no field map for aws/m,
    );
    expect(await at('title: x\n  y: [')).toMatch(/^made-up\.yml:\d+: /m);
    expect(await problem(`${fixed}sigma: ${JSON.stringify(rule('a'))}\n${tests}`)).toContain(
      'write it as a block, `sigma: |`',
    );
  });

  it('is held to the wall', async () => {
    const at = async (text: string) => problem(fixed + block(text) + tests);
    expect(await at(rule('a', 'actor.gender: x'))).toMatch(/^made-up\.yml:12: reads "actor\.gender"/m);
    expect(await at(rule('a', 'client.geographicalContext.country: Germany'))).toMatch(/compares the place/);
  });

  it('knows the rules it stands for', async () => {
    expect(await problem(`${fixed}instead_of: [no-such-rule]\n${block(rule('a'))}${tests}`)).toContain(
      'no rule that ships has the id no-such-rule',
    );
  });

  it('gives its rules names that no pack has', () => {
    const [detection] = shipped.detections.filter(({ sigma }) => sigma !== undefined);
    const sigma = rule('okta_push_failed');
    expect(detection && ownClashes([{ ...detection, file: 'x.yml', sigma }], shipped.packs)).toEqual([
      'x.yml:1: a rule of okta_push_refused_then_accepted.yml is called "okta_push_failed" too',
    ]);
  });

  it('runs its tests over records as the connector reads them', async () => {
    const content = await load(fixed + block(rule('a')) + tests);
    const database = await detectionTestDatabase([]);
    const outcome = async (change: (text: string) => string) => {
      const [detection] = (await load(change(fixed + block(rule('a')) + tests))).detections;
      return detection ? (await testDetection(detection, database, content)).map((test) => test.problem) : [];
    };
    expect(await outcome((text) => text)).toEqual([undefined, undefined]);
    expect((await outcome((text) => text.replace('times: 1', 'times: 2')))[0]).toContain('no row');
    expect((await outcome((text) => text.replace('2026-05-04T09', 'yesterday')))[0]).toContain(
      '1 of 1 records of okta-system-log were rejected',
    );
    expect((await outcome((text) => text.replace('"uuid":"u1",', '')))[0]).toContain('were taken for');
    // Silence of a rule that did not run proves nothing.
    expect((await outcome((text) => text.replace('eventType: user', 'notThere.atAll: user')))[1]).toContain(
      'could not run: there are no notThere.atAll in the records of Okta System Log',
    );
    database.close();
  });
});

const minute = (n: number) => new Date(Date.UTC(2026, 4, 4, 9, n)).toISOString();

const push = (n: number, result: string) => ({
  ...signIn,
  uuid: `p${n}`,
  published: minute(n),
  eventType: 'user.authentication.auth_via_mfa',
  outcome: { result },
  debugContext: { debugData: { factor: 'OKTA_VERIFY_PUSH' } },
});

const pushes = [...[0, 1, 2, 3, 4].map((n) => push(n, 'FAILURE')), push(6, 'SUCCESS')];
const id = 'push-refused-again-and-again-then-accepted';

/** Scans twelve workers and a log. */
async function run(
  records: readonly unknown[],
  content: Pick<Content, 'detections' | 'packs'>,
  sigma: unknown = {},
  rules?: string,
): Promise<ScanResult> {
  const folder = join(base, `exports-${turn++}`);
  await mkdir(folder);
  await writeFile(
    join(folder, 'workers.csv'),
    `Employee ID,Legal Name,Work Email,Home Country,Hire Date,Worker Type\n${Array.from(
      { length: 12 },
      (_, n) => `E${100 + n},Worker ${n},worker${n}@example.com,US,2024-02-01,Regular\n`,
    ).join('')}`,
  );
  if (records.length > 0)
    await writeFile(
      join(folder, 'okta.ndjson'),
      records.map((record) => `${JSON.stringify(record)}\n`).join(''),
    );
  const own = join(base, `rules-${turn}`);
  await mkdir(own);
  if (rules) await writeFile(join(own, 'a.yml'), rules);
  return scan({
    folder,
    lake: join(base, `lake-${turn}`),
    content: { ...shipped, ...content },
    policy: policySchema.parse({ sigma }),
    ...(rules ? { sigma: [own] } : {}),
    now: new Date('2026-05-06T00:00:00Z'),
    threads: 1,
  });
}

const signals = (result: ScanResult) =>
  result.people.flatMap((person) =>
    person.signals.map((signal) => [person.id, signal.detection, signal.facet]),
  );
const state = (result: ScanResult, of: string) => {
  const found = result.detections.find((detection) => detection.id === of);
  return { state: found?.state, missing: found?.missing, enabledBy: found?.enabledBy };
};

describe('a detection in Sigma, in a scan', () => {
  const only = (detections: Content['detections']) => detections.filter((detection) => detection.id === id);

  it('reports as its file says, and the rule of the pack that sees the same does not', async () => {
    const result = await run(pushes, { detections: only(shipped.detections), packs: shipped.packs });
    expect(signals(result)).toEqual([['E100', id, 'factor']]);
    const [signal] = result.people[0]?.signals ?? [];
    expect(signal).toMatchObject({
      title: 'Push requests were refused again and again, then one was accepted',
      says: 'Five or more push requests to worker0@example.com were refused or ran out within minutes, then one was accepted: 1 time, first on 2026-05-04.',
      attack: ['T1621'],
    });
    expect(signal?.rule).toBeUndefined();
    expect(signal?.bits).toBeGreaterThan(1);
    expect(result.sigma?.rules.find(({ file }) => /push_refused/.test(file))).toMatchObject({
      state: 'not run',
      reason: 'off',
      why: `the detection “${id}” looks for the same`,
    });
    expect(result.sigma?.rules.some(({ pack }) => pack === 'detections')).toBe(false);
    expect(result.sigma?.packs.map((pack) => pack.id)).toEqual(['remote-employment-fraud']);
  });

  it('is on whatever the policy says of packs and rules, and without any', async () => {
    const sigma = {
      packs: { 'remote-employment-fraud': 'off' },
      rules: { 'Five Push Requests Failed, Then One Was Accepted': 'off' },
    };
    const off = await run(pushes, { detections: only(shipped.detections), packs: shipped.packs }, sigma);
    expect(signals(off)).toEqual([['E100', id, 'factor']]);
    const alone = await run(pushes, { detections: only(shipped.detections), packs: [] });
    expect(signals(alone)).toEqual([['E100', id, 'factor']]);
    expect(alone.sigma).toBeUndefined();
  });

  it('still reports where a rule of the company reads its own', async () => {
    const rules = `title: Twice\ncorrelation:\n  type: event_count\n  rules: [push_refused_again_and_again_then_accepted]\n  timespan: 1d\n  condition: { gte: 2 }\n`;
    const result = await run(pushes, { detections: only(shipped.detections), packs: [] }, {}, rules);
    expect(signals(result)).toEqual([['E100', id, 'factor']]);
    expect(result.sigma?.rules.map(({ title, state }) => [title, state])).toEqual([['Twice', 'ran']]);
  });

  it('is narrowed by a filter of the company', async () => {
    const rules = `title: Known\nlogsource: { product: okta, service: okta }\nfilter:\n  rules: [push_refused_or_unanswered]\n  known:\n    actor.alternateId: worker0@example.com\n  condition: not known\n`;
    const result = await run(pushes, { detections: only(shipped.detections), packs: [] }, {}, rules);
    expect(signals(result)).toEqual([]);
    expect(state(result, id).state).toBe('ran');
  });

  it('is reported as one that could not run where its log is not there, or lacks what it reads', async () => {
    const nothing = await run([], { detections: only(shipped.detections), packs: [] });
    expect(state(nothing, id)).toEqual({
      state: 'blocked',
      missing: ['mfa challenge events', 'okta system log records'],
      enabledBy: expect.arrayContaining(['Okta System Log']),
    });
    const { detections } = await load(fixed + block(rule('a', 'notThere.atAll: x')) + tests);
    const lacking = await run(pushes, { detections, packs: [] });
    expect(state(lacking, 'made-up')).toEqual({
      state: 'blocked',
      missing: ['notThere.atAll in the records of Okta System Log'],
      enabledBy: [],
    });
    expect(lacking.limits.join()).toContain('Could not look for “Made up”. Missing: notThere.atAll');
  });

  it('names the author of a rule that has one', async () => {
    const text = rule('a', undefined, 'author: A. Writer\nlicense: Made-up 1.0\n');
    const { detections } = await load(fixed + block(text) + tests);
    const result = await run([signIn], { detections, packs: [] });
    expect(signals(result)).toEqual([['E100', 'made-up', 'factor']]);
    expect(result.people[0]?.signals[0]?.rule).toMatchObject({ author: 'A. Writer', license: 'Made-up 1.0' });
  });

  it('about the company is an exposure without persons', async () => {
    const text = fixed.replace('about: person', 'about: company').replace(/^weight:.*\n/m, '');
    const { detections } = await load(
      text + block(rule('a')) + tests.replace('person_id: p1, source', 'source'),
    );
    const result = await run([signIn, ...pushes], { detections, packs: [] });
    expect(signals(result)).toEqual([]);
    expect(
      result.exposures.map(({ detection, count, evidence }) => [detection, count, evidence.columns]),
    ).toEqual([
      ['made-up', 1, ['time', 'source', 'activity', 'account', 'device', 'address', 'target', 'times']],
    ]);
  });
});
