import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assess } from './assess/weight.js';
import { type Content, loadContent } from './content/load.js';
import { clearPerson, readDecisions, snoozeFinding, undoDecision } from './links/index.js';
import { policySchema } from './model/policy.js';
import type { PersonResult, ScanResult } from './model/result.js';
import { scan } from './pipeline.js';
import type { DetectionRun } from './signals/run.js';

const roster = `Employee ID,Legal Name,Work Email,Home Phone,Home Address Line 1,Home City,Home State,Home Postal Code,Home Country,Hire Date,Worker Type,Business Title,Work Arrangement
E100,Ada Example,ada@example.com,(614) 555-0101,12 Birch Street,Columbus,OH,43004,US,2026-01-01,Regular,Engineer,Remote
E101,Bo Sample,bo@example.com,(614) 555-0102,9 Oak Ave,Columbus,OH,43004,US,2026-01-15,Regular,Designer,Remote
E102,Cy Muster,cy@example.com,(614) 555-0103,10 Elm Ave,Columbus,OH,43004,US,2025-03-15,Regular,Designer,Remote
`;
const payHead =
  'Employee ID,Effective Date,Changed On,Routing Number,Account Number,Account Holder,Bank Name,Changed By\n';
const account = (id: string, day: string, number: string) =>
  `${id},${day},${day} 09:00:00,000000019,${number},,Example Bank,Payroll\n`;
const checksHead = 'employee_id,check,date,outcome,by,note\n';

describe('a cleared person', () => {
  let folder: string;
  let content: Content;
  let clock = new Date('2026-05-02T12:00:00Z');
  const policy = policySchema.parse({});
  const lake = () => join(folder, 'lake');
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-clear-'));
    content = await loadContent(undefined, { withoutTests: true });
    await mkdir(join(folder, 'a'));
    await writeFile(join(folder, 'a', 'people.csv'), roster);
    await writeFile(
      join(folder, 'a', 'pay.csv'),
      payHead + account('E100', '2026-04-01', '1234509876') + account('E101', '2026-04-05', '1234509876'),
    );
    await writeFile(
      join(folder, 'a', 'checks.csv'),
      `${checksHead}E100,Spot check,2026-04-10,passed,M. Lead,\n`,
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (exports?: string, asOf = clock): Promise<ScanResult> =>
    scan({
      ...(exports ? { folder: join(folder, exports) } : {}),
      lake: lake(),
      content,
      policy,
      asOf,
      now: clock,
      threads: 1,
    });
  const person = (result: ScanResult, id: string) =>
    result.people.find((one) => one.id === id) as PersonResult;
  const against = (result: ScanResult, id: string) =>
    (person(result, id)?.signals ?? []).filter((one) => one.bits > 0).map((one) => one.detection);

  it('is cleared everywhere up to that day, keeps what speaks for them, and what comes later counts', async () => {
    const before = await run('a');
    expect(against(before, 'E100')).toContain('two-people-paid-into-one-account');
    const decision = await clearPerson(lake(), 'E100', {
      by: 'user-1',
      reason: 'one household, seen',
      day: '2026-05-02',
      now: clock,
    });
    const again = await clearPerson(lake(), 'E100', {
      by: 'user-1',
      reason: 'one household, seen',
      day: '2026-05-02',
      now: clock,
    });
    expect(again.id).toBe(decision.id);
    expect(await readDecisions(lake())).toHaveLength(1);

    const after = await run();
    expect(against(after, 'E100')).toEqual([]);
    // The detection names no explanation of this kind, and the finding names somebody who was not cleared.
    const finding = person(after, 'E100').signals.find(
      (one) => one.detection === 'two-people-paid-into-one-account',
    );
    expect(finding?.explained).toMatchObject({ kind: 'inquiry', by: 'user-1' });
    // Whoever was not looked into is not cleared with them.
    expect(against(after, 'E101')).toContain('two-people-paid-into-one-account');
    expect(after.rings.flatMap((ring) => ring.members.map((one) => one.id))).not.toContain('E100');
    // A passed check still counts for them.
    expect(person(after, 'E100').signals.some((one) => one.bits < 0)).toBe(true);
    expect(after.explanations.find((one) => one.kind === 'inquiry')).toMatchObject({
      state: 'in force',
      people: [{ id: 'E100', name: 'Ada Example' }],
      to: '2026-05-02',
    });

    // New evidence, dated later: an account shared with a third person.
    await mkdir(join(folder, 'b'));
    await writeFile(
      join(folder, 'b', 'pay.csv'),
      payHead + account('E100', '2026-06-01', '5555000011') + account('E102', '2026-06-03', '5555000011'),
    );
    clock = new Date('2026-06-10T12:00:00Z');
    const later = await run('b');
    const found = person(later, 'E100').signals.find(
      (one) => one.detection === 'two-people-paid-into-one-account',
    );
    expect(found?.explained).toBeUndefined();
    expect(found?.others).toEqual(['E102']);

    await undoDecision(lake(), decision.id, { by: 'user-2', reason: 'wrong person', now: clock });
    const undone = person(await run(), 'E100').signals.find(
      (one) => one.detection === 'two-people-paid-into-one-account',
    );
    expect([...(undone?.others ?? [])].sort()).toEqual(['E101', 'E102']);
  });

  it('is so no longer when a later inquiry confirms the suspicion, and is then no measure of honest people', async () => {
    await clearPerson(lake(), 'E101', {
      by: 'user-1',
      reason: 'seen',
      day: '2026-06-10',
      now: clock,
    });
    expect(against(await run(), 'E101')).toEqual([]);
    await mkdir(join(folder, 'c'));
    await writeFile(
      join(folder, 'c', 'checks.csv'),
      `${checksHead}E101,confirmed false,2026-06-20 10:00:00,failed,HR,somebody else at work\n`,
    );
    clock = new Date('2026-06-25T12:00:00Z');
    const result = await run('c');
    expect(against(result, 'E101')).toEqual(
      expect.arrayContaining(['confirmed-not-who-they-claimed', 'two-people-paid-into-one-account']),
    );
    expect(person(result, 'E101').band).not.toBe('clear');
    expect(result.explanations.find((one) => one.people.some(({ id }) => id === 'E101'))?.state).toBe('over');
    const rate = result.detections
      .find((one) => one.id === 'confirmed-not-who-they-claimed')
      ?.rates.find((one) => one.population === 'workers');
    expect(rate).toMatchObject({ seenIn: 0, outOf: 2 });
  });

  it('is one person at least, up to a day: never everybody', async () => {
    const given = { by: 'user-1', reason: 'x', now: clock };
    await expect(clearPerson(lake(), 'E102', { ...given, day: 'some day' })).rejects.toThrow(/day/);
    const everybody = policySchema.parse({
      explanations: [{ kind: 'inquiry', people: [], to: '2027-01-01', reason: 'all fine', by: 'x' }],
    });
    const result = await scan({
      lake: lake(),
      content,
      policy: everybody,
      asOf: clock,
      now: clock,
      threads: 1,
    });
    expect(against(result, 'E102')).toContain('two-people-paid-into-one-account');
    expect(result.explanations.find((one) => one.people.length === 0)?.doubts.join(' ')).toContain(
      'accounts for nothing',
    );
  });

  it('has one finding set aside by a snooze, for some weeks, and never one that is enough by itself', async () => {
    const given = { by: 'user-1', reason: 'asked payroll', now: clock };
    const id = 'two-people-paid-into-one-account';
    await expect(snoozeFinding(lake(), 'E102', id, { ...given, until: '2027-06-25' })).rejects.toThrow(
      /90 days/,
    );
    await snoozeFinding(lake(), 'E102', id, { ...given, until: '2026-07-20' });
    await snoozeFinding(lake(), 'E101', 'confirmed-not-who-they-claimed', { ...given, until: '2026-07-20' });
    const result = await run();
    expect(against(result, 'E102')).not.toContain(id);
    expect(against(result, 'E100')).toContain(id);
    expect(against(result, 'E101')).toContain('confirmed-not-who-they-claimed');
    clock = new Date('2026-07-21T12:00:00Z');
    expect(against(await run(), 'E102')).toContain(id);
  });
});

it('measures honest people without those confirmed not to be who they claimed', () => {
  const stages = new Map(Array.from({ length: 1000 }, (_, i) => [`p${i}`, 'employed']));
  const detection = {
    id: 'd',
    facet: 'f',
    explained_by: [],
    weight: { if_not: [0.5, 0.9], if_honest: 0.05, source: 'test' },
  };
  const shown = Array.from({ length: 100 }, (_, i) => `p${i}`);
  const signals = shown.map((person) => ({ detection, person, rows: [], others: [] }));
  const given = [{ detection, missing: [], signals, rows: [], total: 0 }] as unknown as DetectionRun[];
  const policy = policySchema.parse({});
  const weighed = (confirmed: string[]) =>
    assess(given, stages, policy, new Set(confirmed)).get('p99')?.weighed[0];
  expect(weighed([])).toMatchObject({ seenIn: 99, outOf: 999 });
  // Half of those who show it are known to be false: it weighs more with the others, and less of nobody else changes.
  expect(weighed(shown.slice(0, 50))).toMatchObject({ seenIn: 49, outOf: 949 });
  expect(weighed(shown.slice(0, 50))?.bits).toBeGreaterThan(weighed([])?.bits as number);
});
