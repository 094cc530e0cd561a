import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../simulate.js';
import type { Behaviour, Truth, TruthPerson } from '../truth.js';

const folder = mkdtempSync(join(tmpdir(), 'applications-'));
const out = join(folder, 'company');
let truth: Truth;

beforeAll(async () => {
  truth = await simulate({ people: 300, seed: 3, ringMembers: 24, days: 20, out });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what rings do before they are hired is in the exports', () => {
  it('AP-16 and AP-17: the operator of the network a form was sent through', () => {
    for (const person of planted('AP-17'))
      expect(forms(person).some((one) => one['VPN Operator'] === 'ASTRILL_VPN')).toBe(true);
    for (const person of planted('AP-16'))
      expect(
        forms(person).some((one) => /^(NORD|PROTON|MULLVAD|EXPRESS|SURF)/.test(one['VPN Operator'] ?? '')),
      ).toBe(true);
  });

  it('AP-18: an ordinary line', () => {
    for (const person of planted('AP-18', false))
      expect(forms(person).some((one) => one['VPN Operator'] === '' && one['IP City'] !== '')).toBe(true);
  });

  it('AP-20: a form sent within seconds', () => {
    for (const person of planted('AP-20'))
      expect(forms(person).some((one) => Number(one['Form Seconds']) < 20)).toBe(true);
  });

  it('AP-04, AP-06, AP-07, AP-14, AP-28: what a recruiter found', () => {
    const kinds = [
      ['AP-04', 'phone_line', 'non-fixed voip'],
      ['AP-06', 'open_web', 'mismatch'],
      ['AP-07', 'profile', 'mismatch'],
      ['AP-14', 'background', 'discrepancy'],
      ['AP-28', 'contact_known', 'fail'],
    ] as const;
    for (const [id, check, outcome] of kinds)
      for (const person of planted(id))
        expect(checks(person).some((one) => one.Check === check && one.Outcome === outcome)).toBe(true);
  });

  it('AP-03: somebody with the same telephone', () => {
    for (const person of planted('AP-03', false)) {
      const [mine] = phones(person);
      expect(truth.people.some((one) => one.id !== person.id && phones(one).includes(mine ?? ''))).toBe(true);
    }
  });

  it('AP-08: an old profile with a late first contribution', () => {
    for (const person of planted('AP-08')) {
      const [profile] = profiles(person);
      const [made, first] = [profile?.created_at, profile?.first_contribution].map((one) =>
        Date.parse(one ?? ''),
      );
      expect((first ?? 0) - (made ?? 0)).toBeGreaterThan(5 * 365 * 86_400_000);
    }
  });

  it('AP-24: own commits years before the profile', () => {
    for (const person of planted('AP-24')) {
      const made = Date.parse(profiles(person)[0]?.created_at ?? '');
      const early = history(person).filter(
        (one) => Date.parse(one.authored_at ?? '') < made - 2 * 365 * 86_400_000,
      );
      expect(new Set(early.map((one) => one.repository)).size).toBeGreaterThanOrEqual(2);
    }
  });

  it('AP-25: commits that stand elsewhere as well', () => {
    const everywhere = tsv('recruiting/code-history.tsv');
    for (const person of planted('AP-25')) {
      const own = new Set(history(person).map((one) => one.commit_hash));
      const elsewhere = everywhere.filter(
        (one) => one.candidate_id !== person.candidateId && own.has(one.commit_hash),
      );
      expect(elsewhere.length).toBeGreaterThanOrEqual(10);
    }
  });

  it('AP-26: three names with one mailbox', () => {
    for (const person of planted('AP-26')) {
      const names = new Map<string, Set<string>>();
      for (const { author_email: mail = '', author_name: name = '' } of history(person))
        names.set(mail, (names.get(mail) ?? new Set()).add(name));
      expect(Math.max(...[...names.values()].map((one) => one.size))).toBeGreaterThanOrEqual(3);
    }
  });

  it('AP-30 and WP-06: a referral between two with one telephone', () => {
    const rows = csv('recruiting/referrals.csv');
    for (const person of planted('AP-30', false))
      expect(rows.some((one) => one['Candidate ID'] === person.candidateId)).toBe(true);
  });
});

describe('honest people', () => {
  it('show every circumstance that looks like it', () => {
    const shown = new Set(truth.people.flatMap((one) => one.lookalikes));
    for (const kind of [
      'form-filler',
      'applied-through-vpn',
      'applied-on-a-journey',
      'old-profile-revived',
      'moved-code',
      'shared-coursework',
      'keeps-mirrors',
      'untidy-git-settings',
      'internet-number',
      'nickname-online',
      'outdated-profile',
      'new-mailbox',
      'background-mix-up',
    ])
      expect(shown).toContain(kind);
  });

  it('are most of each export', () => {
    const ring = new Set(
      truth.people.filter((one) => one.label === 'ring').map((one) => one.candidateId ?? one.id),
    );
    const share = (ids: (string | undefined)[]) => ids.filter((id) => id && ring.has(id)).length / ids.length;
    expect(share(csv('career-site/submissions.csv').map((one) => one['Candidate ID']))).toBeLessThan(0.35);
    expect(share(json().map((one) => one.candidate_id))).toBeLessThan(0.5);
  });
});

it('nothing in the exports says who is who', () => {
  for (const file of [
    'career-site/submissions.csv',
    'recruiting/applicant-checks.csv',
    'recruiting/code-history.tsv',
    'recruiting/code-profiles.json',
    'recruiting/referrals.csv',
  ]) {
    const text = read(file);
    expect(text).not.toMatch(/careless|careful|\bring\b|honest|lookalike|planted|facilitator/i);
  }
});

function read(file: string): string {
  return readFileSync(join(out, 'exports', file), 'utf8');
}

function table(text: string, delimiter: string): Record<string, string>[] {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const cells = (line: string) =>
    delimiter === '\t'
      ? line.split('\t')
      : [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) =>
          cell.replace(/^"|"$/g, ''),
        );
  const names = cells(head);
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i] ?? '', cell])));
}

const csv = (file: string) => table(read(file), ',');
const tsv = (file: string) => table(read(file), '\t');
const json = () =>
  JSON.parse(read('recruiting/code-profiles.json')) as {
    candidate_id: string;
    created_at: string;
    first_contribution: string;
  }[];

function planted(id: Behaviour, some = true): TruthPerson[] {
  const people = truth.people.filter((one) => one.planted?.some((each) => each.id === id));
  if (some) expect(people.length).toBeGreaterThan(0);
  return people;
}

const forms = (person: TruthPerson) =>
  csv('career-site/submissions.csv').filter((one) => one['Candidate ID'] === person.candidateId);
const checks = (person: TruthPerson) =>
  csv('recruiting/applicant-checks.csv').filter((one) => one.Candidate?.endsWith(`(${person.candidateId})`));
const history = (person: TruthPerson) =>
  tsv('recruiting/code-history.tsv').filter((one) => one.candidate_id === person.candidateId);
const profiles = (person: TruthPerson) => json().filter((one) => one.candidate_id === person.candidateId);

let telephones: Map<string, string[]> | undefined;

function phones(person: TruthPerson): string[] {
  telephones ??= new Map(
    (
      JSON.parse(read('greenhouse/candidates.json')) as { id: number; phone_numbers: { value: string }[] }[]
    ).map((one) => [
      String(one.id),
      one.phone_numbers.map(({ value }) => value.replace(/\D/g, '').slice(-10)),
    ]),
  );
  return telephones.get(person.candidateId ?? person.id) ?? [];
}
