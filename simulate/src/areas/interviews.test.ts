import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../simulate.js';
import type { Behaviour, Truth, TruthPerson } from '../truth.js';

const folder = mkdtempSync(join(tmpdir(), 'interviews-'));
const out = join(folder, 'company');
let truth: Truth;

beforeAll(async () => {
  truth = await simulate({ people: 300, seed: 5, ringMembers: 26, days: 14, out });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what rings do in interviews is in the exports', () => {
  const count = (person: TruthPerson, fits: (row: Record<string, string>) => boolean) =>
    new Set(
      rows('interviews.csv', 'candidate_id', person)
        .filter(fits)
        .map((row) => row.held_at),
    ).size;
  const shows: Partial<Record<Behaviour, (person: TruthPerson) => boolean>> = {
    'IN-01': (person) => count(person, (row) => row.camera === 'off' && row.accommodation === '') >= 2,
    'IN-02': (person) => count(person, (row) => row.same_person_as_before === 'no') >= 1,
    'IN-04': (person) => latencies(person).filter((one) => one > 300).length >= 2,
    'IN-05': (person) => /OBS|ManyCam/.test(meetings(person)),
    'IN-07': (person) => count(person, (row) => row.joined_under_own_name === 'no') >= 1,
    'IN-08': (person) => count(person, (row) => row.shared_screen === 'another identity') >= 1,
    'IN-09': (person) =>
      count(person, (row) => row.live_request === 'failed') >= 1 ||
      count(person, (row) => row.live_request === 'declined') >= 2,
    'IN-10': (person) => count(person, (row) => row.fixed_questions === '0') >= 2,
    'IN-12': (person) =>
      count(person, (row) => row.explained_own_work === 'failed') >= 1 ||
      rows('coding-tests.csv', 'Candidate ID', person).some(
        (row) => !meetings(person).includes(row['Candidate IPs'] as string),
      ),
    'IN-14': (person) =>
      text('signed-offers.ndjson').includes(`"value":"${person.candidateId ?? person.id}"`),
    'IN-15': (person) => count(person, (row) => /declined|missed/.test(row.took_place as string)) >= 2,
  };

  for (const [id, fits] of Object.entries(shows)) {
    it(id, () => {
      const people = truth.people.filter((one) => one.planted?.some((each) => each.id === id));
      for (const person of people)
        expect(fits?.(person), `${id} of ${person.name} (${person.id})`).toBe(true);
    });
  }

  it('in most kinds somebody does it', () => {
    const planted = new Set(truth.people.flatMap((one) => one.planted?.map((each) => each.id) ?? []));
    for (const id of ['IN-01', 'IN-03', 'IN-04', 'IN-05', 'IN-10', 'IN-12', 'IN-15'])
      expect(planted, id).toContain(id);
  });
});

describe('honest candidates', () => {
  it('are most of those in the form, and have cameras off, moved appointments and agreed ways', () => {
    const honest = new Set(
      truth.people.filter((one) => one.label === 'honest').map((one) => one.candidateId ?? one.id),
    );
    const form = table('interviews.csv').filter((row) => honest.has(row.candidate_id as string));
    expect(form.length).toBeGreaterThan(table('interviews.csv').length / 2);
    expect(form.some((row) => row.camera === 'off' && row.accommodation === 'agreed')).toBe(true);
    expect(form.some((row) => row.took_place === 'rescheduled')).toBe(true);
    const twice = truth.people.filter((one) => one.lookalikes.includes('camera-kept-off'));
    expect(twice.length).toBeGreaterThan(0);
  });
});

it('the exports do not say who is who', () => {
  const all = ['interviews.csv', 'coding-tests.csv', 'interview-meetings.ndjson', 'signed-offers.ndjson']
    .map(text)
    .join('');
  expect(/\bring\b|honest|lookalike|careless|careful|impost|planted|pair-/i.exec(all)?.[0]).toBeUndefined();
});

function text(file: string): string {
  return readFileSync(join(out, 'exports', 'recruiting', file), 'utf8');
}

function table(file: string): Record<string, string>[] {
  const [header = '', ...lines] = text(file).trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = [...line.matchAll(/("([^"]|"")*"|[^,]*)(,|$)/g)].map((one) =>
      (one[1] ?? '').replaceAll('"', ''),
    );
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

function rows(file: string, column: string, person: TruthPerson): Record<string, string>[] {
  return table(file).filter((row) => row[column] === (person.candidateId ?? person.id));
}

/** The notices of somebody's meetings; they name the address the candidate registered with. */
function meetings(person: TruthPerson): string {
  const [mail] = rows('interviews.csv', 'candidate_id', person).map((row) => row.candidate_email);
  return text('interview-meetings.ndjson')
    .split('\n')
    .filter((line) => mail !== undefined && line.includes(`"${mail}"`))
    .join('\n');
}

function latencies(person: TruthPerson): number[] {
  return [...meetings(person).matchAll(/"type":"video_input","details":\{"avg_latency":"(\d+) ms"/g)].map(
    (one) => Number(one[1]),
  );
}
