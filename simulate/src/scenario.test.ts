import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Scenario } from './scenario.js';
import { simulate } from './simulate.js';
import type { Truth, TruthPerson } from './truth.js';

const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function make(scenario: Scenario, days = 20): Promise<{ truth: Truth; ring: TruthPerson[] }> {
  // Without the areas, which have tests of their own and plant more.
  const options = { people: 140, seed: 3, ringMembers: 8, days, scenario, out: join(folder, scenario) };
  const truth = await simulate(options, []);
  return { truth, ring: truth.people.filter((one) => one.label === 'ring') };
}

function csv(scenario: Scenario, file: string): Record<string, string>[] {
  const [head = '', ...rows] = readFileSync(join(folder, scenario, 'exports', file), 'utf8')
    .replace('\ufeff', '')
    .trimEnd()
    .split(/\r?\n/);
  const cells = (line: string) =>
    (line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? []).map((one) =>
      one.replace(/,$/, '').replace(/^"|"$/g, ''),
    );
  const names = cells(head);
  return rows.map((row) => Object.fromEntries(cells(row).map((cell, i) => [names[i] ?? '', cell])));
}

const has = (person: TruthPerson, id: string) => person.planted?.some((one) => one.id === id) ?? false;

describe('scenarios', () => {
  it('farm: one ring, and every laptop goes to one town and house', async () => {
    const { truth, ring } = await make('farm');
    expect(truth.rings).toHaveLength(1);
    expect(ring.every((one) => one.sophistication !== 'careful' && has(one, 'ON-03'))).toBe(true);
    const ids = new Set(ring.map((one) => one.id));
    const towns = csv('farm', 'it/shipments.csv')
      .filter((row) => ids.has(row['Requested For ID'] ?? ''))
      .map((row) => `${row.City ?? row['Ship To City'] ?? ''}`.toLowerCase());
    expect(towns.length).toBeGreaterThanOrEqual(ring.length);
    expect(new Set(towns).size).toBe(1);
  });

  it('staffing-firm: all through one supplier, within a few weeks', async () => {
    const { ring } = await make('staffing-firm');
    const ids = new Set(ring.map((one) => one.id));
    const workers = csv('staffing-firm', 'hris/workers.csv').filter((row) =>
      ids.has(row['Employee ID'] ?? ''),
    );
    expect(new Set(workers.map((row) => row['Staffing Vendor'])).size).toBe(1);
    const days = ring
      .filter((one) => one.stage === 'employed')
      .map((one) => Date.parse(one.startedAt ?? '') / 86_400_000);
    expect(Math.max(...days) - Math.min(...days)).toBeLessThanOrEqual(28);
  });

  it('careful-single: nobody has anything in common with anybody', async () => {
    const { truth, ring } = await make('careful-single');
    expect(truth.rings.every((one) => one.members.length === 1)).toBe(true);
    for (const id of ['AP-01', 'AP-02', 'ON-03', 'ON-08', 'SI-05', 'SI-07', 'TP-04'])
      expect(
        ring.some((one) => has(one, id)),
        id,
      ).toBe(false);
    // One small thing each, and not the same of all.
    expect(
      new Set(ring.map((one) => (one.planted ?? []).map((each) => each.id).join(' '))).size,
    ).toBeGreaterThan(1);
  });

  it('several-operators: somebody is at work at every hour', async () => {
    const { ring } = await make('several-operators');
    const worked = ring.filter((one) => has(one, 'WP-03'));
    expect(worked.length).toBeGreaterThan(ring.length / 2);
  });

  it('exfiltration: copies in the last days, and then dismissed', async () => {
    const { truth, ring } = await make('exfiltration', 30);
    const left = ring.filter((one) => one.stage === 'left');
    expect(left.length).toBeGreaterThan(ring.length / 2);
    const copied = left.filter((one) => has(one, 'CH-01') || has(one, 'SA-02'));
    expect(copied.length).toBeGreaterThan(0);
    const workers = new Map(csv('exfiltration', 'hris/workers.csv').map((row) => [row['Employee ID'], row]));
    for (const person of copied) {
      const end = Object.entries(workers.get(person.id) ?? {}).find(([name]) =>
        /Termination|Last Day|End/.test(name),
      )?.[1];
      expect(end, person.id).toBeTruthy();
      for (const one of person.planted ?? [])
        expect(one.firstVisible <= truth.simulation.asOf, one.id).toBe(true);
    }
  });
});
