import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../simulate.js';
import type { Behaviour, Truth, TruthPerson } from '../truth.js';
import { leaving } from './leaving.js';
import { onboarding } from './onboarding.js';
import { vendors } from './vendors.js';

/** Onboarding, staffing firms and leaving, over one company whose rings come through firms, stay or are dismissed. */
const folder = mkdtempSync(join(tmpdir(), 'onboarding-'));
const companies: { truth: Truth; out: string }[] = [];

beforeAll(async () => {
  for (const scenario of ['mixed', 'exfiltration'] as const) {
    const out = join(folder, scenario);
    companies.push({
      truth: await simulate({ people: 260, seed: 4, ringMembers: 26, days: 60, out, scenario }),
      out,
    });
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files = [
  'people-ops/onboarding-checks.csv',
  'people-ops/staffing-evidence.csv',
  'people-ops/leaving-checks.csv',
  'people-ops/reports.csv',
  'it/requests.csv',
  'it/first-reports.csv',
  'it/returns.csv',
  'vendors/contracts.csv',
];

type Row = Record<string, string>;

function table(out: string, file: string): Row[] {
  const [header = '', ...lines] = readFileSync(join(out, 'exports', file), 'utf8')
    .trimEnd()
    .split('\n');
  const cells = (line: string) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((one) => (one[1] ?? '').replace(/^"|"$/g, ''));
  const names = cells(header);
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i] ?? '', cell])));
}

describe('planted behaviours are in the exports', () => {
  const check = (out: string, id: string, kind: string, file = 'people-ops/onboarding-checks.csv') =>
    table(out, file).filter((row) => row.employee_id === id && row.check === kind);
  const asked = (out: string, id: string, words: RegExp) =>
    table(out, 'it/requests.csv').some(
      (row) => row['Requester ID'] === id && words.test(row['Short Description'] ?? ''),
    );
  const told = (out: string, id: string, kind: RegExp) =>
    table(out, 'people-ops/reports.csv').some((row) => row['About ID'] === id && kind.test(row.Kind ?? ''));
  const firm = (out: string, id: string) => {
    const worker = table(out, 'hris/workers.csv').find((row) => row['Employee ID'] === id);
    return table(out, 'vendors/contracts.csv').find((row) => row.Vendor === worker?.['Staffing Vendor']);
  };
  const failed = (rows: Row[]) => rows.some((row) => row.outcome === 'failed');

  const shows: Partial<Record<Behaviour, (person: TruthPerson, out: string) => boolean>> = {
    'ON-04': (p, out) => failed(check(out, p.id, 'address_kind')),
    'ON-05': (p, out) => failed(check(out, p.id, 'delivery')),
    'ON-06': (p, out) => {
      const serials = table(out, 'it/shipments.csv')
        .filter((row) => row['Requested For ID'] === p.id)
        .map((row) => row['Serial Number']);
      return table(out, 'it/first-reports.csv').some((row) => serials.includes(row['Serial Number'] ?? ''));
    },
    'ON-07': (p, out) => asked(out, p.id, /own laptop|virtual machine|computer at home/),
    'ON-11': (p, out) => asked(out, p.id, /cousin|friend|USDT|prepaid/),
    'ON-13': (p, out) => failed(check(out, p.id, 'tax_form')),
    'ON-15': (p, out) =>
      check(out, p.id, 'same_person').filter((row) => /missed|declined/.test(row.outcome ?? '')).length >= 2,
    'TP-01': (p, out) =>
      check(out, p.id, 'vendor_evidence', 'people-ops/staffing-evidence.csv').some((row) =>
        /failed|pending/.test(row.outcome ?? ''),
      ),
    'TP-02': (p, out) => firm(out, p.id) !== undefined,
    'TP-03': (p, out) => /^Match/.test(firm(out, p.id)?.['Sanctions Screening'] ?? ''),
    'TP-05': (p, out) => failed(check(out, p.id, 'same_person', 'people-ops/staffing-evidence.csv')),
    'TP-06': (p, out) => !firm(out, p.id)?.Payee?.startsWith(firm(out, p.id)?.Vendor ?? ''),
    'OX-01': (p, out) => {
      const back = table(out, 'it/returns.csv').filter((row) => row['Employee ID'] === p.id);
      return back.length === 0 || back.some((row) => (row['Return From Street'] ?? '').includes('counter'));
    },
    'OX-02': (p, out) => failed(check(out, p.id, 'device_return', 'people-ops/leaving-checks.csv')),
    'OX-05': (p, out) => told(out, p.id, /extortion/),
    'OX-06': (p, out) => told(out, p.id, /code_in_public/),
    'OX-07': (p, out) =>
      check(out, p.id, 'exit_interview', 'people-ops/leaving-checks.csv').some(
        (row) => row.outcome === 'missed',
      ),
    'OX-09': (p, out) => told(out, p.id, /law_enforcement|identity_victim/),
  };

  for (const [id, show] of Object.entries(shows)) {
    it(id, () => {
      for (const { truth, out } of companies)
        for (const person of truth.people.filter((one) => one.planted?.some((each) => each.id === id)))
          expect(show?.(person, out), `${id} of ${person.id}`).toBe(true);
    });
  }

  it('and nearly all of them are planted somewhere', () => {
    const planted = new Set(
      companies.flatMap(({ truth }) =>
        truth.people.flatMap((one) => (one.planted ?? []).map((each) => each.id)),
      ),
    );
    const wanted = [...Object.keys(shows), 'OX-03', 'OX-04', 'OX-08'] as Behaviour[];
    // The rarest may be absent from one seed.
    expect(wanted.filter((id) => !planted.has(id)).length).toBeLessThanOrEqual(3);
  });
});

describe('what somebody did before the logs begin', () => {
  it('is not said to be seen, and is in no log', async () => {
    const out = join(folder, 'short');
    const { people } = await simulate({ people: 260, seed: 4, ringMembers: 26, days: 14, out });
    const left = people.filter((one) => one.label === 'ring' && one.stage === 'left');
    expect(left.length).toBeGreaterThan(0);
    const noted = left.flatMap((one) => one.planted ?? []).filter((one) => /^OX-0[34]$/.test(one.id));
    expect(noted.filter((one) => one.firstVisible < '2026-09-16')).toEqual([]);
  }, 60_000);
});

describe('honest people', () => {
  it('meet with every circumstance of these areas that can befall anybody here', () => {
    const kinds = [onboarding, vendors, leaving].flatMap((area) =>
      (area.makers ?? []).map((one) => one.kind),
    );
    const met = new Set(companies.flatMap(({ truth }) => truth.people.flatMap((one) => one.lookalikes)));
    expect(kinds.filter((kind) => !met.has(kind)).length).toBeLessThanOrEqual(2);
  });

  it('have mostly passed what was checked', () => {
    for (const { truth, out } of companies) {
      const honest = new Set(truth.people.filter((one) => one.label === 'honest').map((one) => one.id));
      const rows = files
        .slice(0, 3)
        .flatMap((file) => table(out, file))
        .filter((row) => honest.has(row.employee_id ?? ''));
      expect(rows.filter((row) => row.outcome === 'passed').length / rows.length).toBeGreaterThan(0.8);
    }
  });

  it('and the rest have a laptop that was sent to somebody and tells where it was set up', () => {
    for (const { out } of companies) {
      const sent = new Set(table(out, 'it/shipments.csv').map((row) => row['Serial Number']));
      const reports = table(out, 'it/first-reports.csv');
      expect(reports.length).toBeGreaterThan(10);
      for (const row of reports) {
        expect(sent.has(row['Serial Number'])).toBe(true);
        expect(Math.abs(Number(row.Latitude))).toBeLessThan(80);
      }
    }
  });
});

describe('the exports', () => {
  it('do not say who is who', () => {
    const words =
      /\b(rings?|careless|ordinary|careful|honest|dishonest|lookalikes?|planted|sophistication|simulat\w*|fake|rollcall|couple|room-mates|facilitator|farm)\b|\b(ON|TP|OX)-\d\d\b/i;
    for (const { out } of companies)
      for (const file of files)
        expect(words.exec(readFileSync(join(out, 'exports', file), 'utf8'))?.[0], file).toBeUndefined();
  });

  it('end with the last day', () => {
    for (const { out } of companies) {
      for (const file of files.slice(0, 3))
        for (const row of table(out, file)) expect((row.date ?? '') <= '2026-09-30', file).toBe(true);
      for (const row of table(out, 'it/requests.csv')) expect((row.Opened ?? '') < '2026-10-01').toBe(true);
    }
  });
});
