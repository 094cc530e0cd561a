import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../simulate.js';
import type { Behaviour, Truth, TruthPerson } from '../truth.js';

/** Sign-ins, code and ways of working: what is planted there is in the exports, and the exports do not say of whom. */
const folder = mkdtempSync(join(tmpdir(), 'sign-ins-'));
const out = join(folder, 'company');
let truth: Truth;
let okta: Okta[];
let code: Record<string, unknown>[];
let mail: Map<string, string>;

beforeAll(async () => {
  truth = await simulate({ people: 300, seed: 3, ringMembers: 30, days: 90, out });
  okta = lines('okta');
  code = lines('github');
  const [head = [], ...rows] = textOf('hris/workers.csv')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(/[,;]/));
  const at = (name: string) => head.findIndex((one) => one.replace(/^\uFEFF/, '') === name);
  mail = new Map(
    rows.map((row) => [row[at('Employee ID')] ?? '', (row[at('Work Email')] ?? '').toLowerCase()]),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what ring members do is in the exports', () => {
  it('SI-14: an alert names them', () => {
    const alerts = JSON.parse(textOf('microsoft/alerts.json')) as {
      value: { title: string; evidence: { userAccount: { userPrincipalName: string } }[] }[];
    };
    const named = alerts.value
      .filter((one) => one.title.includes('Jasper Sleet'))
      .map((one) => one.evidence[0]?.userAccount.userPrincipalName);
    shown('SI-14', (_, email) => expect(named).toContain(email));
    expect(alerts.value.length).toBeGreaterThan(named.length);
  });

  it('SI-09: a machine that is not managed signs in as them', () => {
    shown('SI-09', (_, email) => {
      const days = new Set(
        okta.filter((one) => one.device?.managed === false && actor(one) === email).map(day),
      );
      expect(days.size).toBeGreaterThanOrEqual(3);
    });
  });

  it('SI-11 and WP-03: at work for long without a rest of five hours', () => {
    const longest = (email: string) => {
      const times = okta
        .filter((one) => actor(one) === email && one.outcome.result === 'SUCCESS')
        .map((one) => Date.parse(one.published))
        .sort((a, b) => a - b);
      let best = 0;
      let start = times[0] ?? 0;
      times.forEach((time, i) => {
        if (i > 0 && time - (times[i - 1] as number) >= 5 * 3_600_000) start = time;
        best = Math.max(best, time - start);
      });
      return best / 3_600_000;
    };
    shown('SI-11', (_, email) => expect(longest(email)).toBeGreaterThanOrEqual(24));
    shown('WP-03', (_, email) => expect(longest(email)).toBeGreaterThanOrEqual(96));
  });

  it('CH-07, CH-08 and CH-09: builds, protections and guests', () => {
    const acts = (action: string) =>
      code.filter((one) => one.action === action).map((one) => one.external_identity_nameid);
    shown('CH-07', (_, email) => tied(acts('repo.register_self_hosted_runner'), email));
    shown('CH-08', (_, email) => tied(acts('repository_secret_scanning.disable'), email));
    shown('CH-09', (_, email) => tied(acts('repo.add_member'), email));
  });

  it('CH-03: Git is told of another account', () => {
    const commands = textOf('windows/git-commands.ndjson');
    const sent = commands.split('\n').filter((line) => / remote add backup /.test(line));
    expect(sent.length).toBeGreaterThanOrEqual(planted('CH-03').length);
    expect(planted('CH-03').length).toBeGreaterThan(0);
  });

  it('SA-01 and SA-03: files, in minutes and to their own mailbox', () => {
    const drive = lines('google-workspace') as unknown as Drive[];
    shown('SA-01', (_, email) => {
      const times = drive
        .filter((one) => one.actor?.email.toLowerCase() === email && one.events[0]?.name === 'download')
        .map((one) => Date.parse(one.id.time))
        .sort((a, b) => a - b);
      expect(times.some((time, i) => (times[i + 24] ?? Number.POSITIVE_INFINITY) - time <= 180_000)).toBe(
        true,
      );
    });
    shown('SA-03', (_, email) =>
      expect(
        drive.filter(
          (one) => one.actor?.email.toLowerCase() === email && one.events[0]?.name === 'change_user_access',
        ).length,
      ).toBeGreaterThanOrEqual(5),
    );
  });

  it('SA-04 and WP-05: requests for access, and notes of managers', () => {
    const asked = textOf('it/access-requests.csv').split('\n');
    shown('SA-04', (_, email) =>
      expect(asked.filter((line) => line.toLowerCase().includes(email)).length).toBeGreaterThanOrEqual(3),
    );
    const notes = textOf('people-ops/reachability.csv').split('\n');
    shown('WP-05', (person) =>
      expect(
        notes.filter((line) => line.startsWith(`${person.id},`) && line.includes('failed')).length,
      ).toBeGreaterThanOrEqual(3),
    );
  });
});

describe('honest people', () => {
  it('do the same things, each in some number', () => {
    const kinds = new Set(
      truth.people.filter((one) => one.label === 'honest').flatMap((one) => one.lookalikes),
    );
    for (const kind of [
      'prefers-own-machine',
      'two-computers',
      'incident-night',
      'page-that-signs-in',
      'vpn-router',
      'new-phone',
      'old-address-on-record',
      'second-desk',
      'two-logins',
      'looks-after-builds',
      'invites-a-partner',
      'many-keys',
      'works-across-all-code',
      'worked-as-a-pair',
      'folder-for-a-trip',
      'own-papers',
      'access-set-up-late',
      'hard-to-reach',
    ])
      expect(kinds, kind).toContain(kind);
  });
});

describe('the exports', () => {
  it('do not say who is who', () => {
    for (const file of [
      'microsoft/alerts.json',
      'microsoft/risk-detections.ndjson',
      'github/commits.csv',
      'windows/git-commands.ndjson',
      'it/access-requests.csv',
      'people-ops/reachability.csv',
    ]) {
      const text = textOf(file);
      expect(text.length, file).toBeGreaterThan(100);
      expect(text, file).not.toMatch(/\bring\b|careless|sophisticat|lookalike|planted|honest/i);
    }
  });
});

interface Okta {
  published: string;
  actor: { alternateId: string };
  outcome: { result: string };
  device?: { managed: boolean } | null;
}
interface Drive {
  id: { time: string };
  actor?: { email: string };
  events: { name: string }[];
}

const actor = (one: Okta) => one.actor.alternateId.toLowerCase();
const day = (one: Okta) => one.published.slice(0, 10);

function planted(id: Behaviour): TruthPerson[] {
  return truth.people.filter((one) => one.planted?.some((each) => each.id === id));
}

/** Each of those it was planted in, of whom there must be some. */
function shown(id: Behaviour, check: (person: TruthPerson, email: string) => void): void {
  const people = planted(id);
  expect(people.length, id).toBeGreaterThan(0);
  for (const person of people) check(person, mail.get(person.id) ?? '');
}

/** Accounts that were never joined to a sign-on identity carry no mailbox. */
function tied(found: readonly unknown[], email: string): void {
  expect(found.some((one) => one === undefined || String(one).toLowerCase() === email)).toBe(true);
}

function textOf(path: string): string {
  return readFileSync(join(out, 'exports', path), 'utf8');
}

function lines<Line = Record<string, unknown>>(system: string): Line[] {
  const at = join(out, 'exports', system);
  return readdirSync(at)
    .filter((name) => /\.ndjson(\.gz)?$/.test(name) && statSync(join(at, name)).isFile())
    .flatMap((name) => {
      const bytes = readFileSync(join(at, name));
      const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
      return text.split('\n').flatMap((line) => {
        try {
          return line ? [JSON.parse(line) as Line] : [];
        } catch {
          return [];
        }
      });
    });
}
