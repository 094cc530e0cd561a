import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../simulate.js';
import type { Behaviour, Truth, TruthPerson } from '../truth.js';

const folder = mkdtempSync(join(tmpdir(), 'identity-'));
const out = join(folder, 'company');
let truth: Truth;

beforeAll(async () => {
  truth = await simulate({ people: 300, seed: 5, ringMembers: 26, days: 14, out });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what rings show when they are looked at is in the exports', () => {
  const shows: Partial<Record<Behaviour, (person: TruthPerson) => boolean>> = {
    'VE-01': (person) => /"name":"id_inquiry_comparison","status":"failed"/.test(service(person)),
    'VE-02': (person) => /"name":"id_image_tampering_detection","status":"failed"/.test(service(person)),
    'VE-03': (person) => /"threat-level":"high"/.test(service(person)),
    'VE-04': (person) =>
      references(person).some(
        (mine) =>
          text('recruiting/references.csv').split(mine).length > 2 ||
          text('greenhouse/candidates.json').toLowerCase().includes(mine.toLowerCase()),
      ),
    'VE-05': (person) => checks(person).some((line) => /,employment,.*,failed,/.test(line)),
    'VE-06': (person) => text('people-ops/letters.csv').includes(`,${person.id},`),
    'VE-07': (person) => {
      const [mine = ''] = lines('people-ops/tax-ids.csv', person.id).map((line) => line.split(',')[1] ?? '');
      return mine !== '' && text('people-ops/tax-ids.csv').split(mine).length > 2;
    },
    'VE-09': (person) => checks(person).some((line) => /,sanctions,.*,match,/.test(line)),
  };

  for (const [id, fits] of Object.entries(shows)) {
    it(id, () => {
      for (const person of truth.people) {
        const at = person.planted?.find((each) => each.id === id)?.firstVisible;
        if (at !== undefined && at < truth.simulation.asOf)
          expect(fits?.(person), `${id} of ${person.name} (${person.id})`).toBe(true);
      }
    });
  }

  it('in most kinds somebody does it', () => {
    const planted = new Set(truth.people.flatMap((one) => one.planted?.map((each) => each.id) ?? []));
    for (const id of ['VE-01', 'VE-02', 'VE-03', 'VE-04', 'VE-05']) expect(planted, id).toContain(id);
  });
});

it('honest people have former names, refused papers and names on lists', () => {
  const honest = truth.people.filter((one) => one.label === 'honest');
  expect(honest.some((one) => /"name":"id_inquiry_comparison","status":"failed"/.test(service(one)))).toBe(
    true,
  );
  expect(honest.some((one) => one.lookalikes.includes('papers-refused-by-a-machine'))).toBe(true);
  expect(text('people-ops/identity-checks.csv')).toContain('no match');
});

it('the exports do not say who is who', () => {
  const all = [
    'recruiting/references.csv',
    'recruiting/identity-service.ndjson',
    'recruiting/background-service.ndjson',
    'people-ops/identity-checks.csv',
    'people-ops/tax-ids.csv',
  ]
    .map(text)
    .join('');
  expect(/\bring\b|honest|lookalike|careless|careful|impost|planted/i.exec(all)?.[0]).toBeUndefined();
});

function text(file: string): string {
  return readFileSync(join(out, 'exports', file), 'utf8');
}

function lines(file: string, id: string): string[] {
  return text(file)
    .split('\n')
    .filter((line) => line.startsWith(`${id},`));
}

const checks = (person: TruthPerson): string[] => lines('people-ops/identity-checks.csv', person.id);

function service(person: TruthPerson): string {
  return text('recruiting/identity-service.ndjson')
    .split('\n')
    .filter((line) => line.includes(`"reference-id":"${person.candidateId ?? person.id}"`))
    .join('\n');
}

/** The mailboxes of somebody's references. */
function references(person: TruthPerson): string[] {
  return lines('recruiting/references.csv', person.candidateId ?? person.id).map(
    (line) => line.split(',')[2] ?? '',
  );
}
