import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answersOf, checkKinds, checkSchema, loadChecks, outcomeOf } from './checks.js';
import { contentFolder, loadContent } from './load.js';

const forms = await loadChecks();
const { detections, questions } = await loadContent(undefined, { withoutTests: true });

describe('the checks that ship', () => {
  it('carry out every control that people carry out on a person, a role or the company', () => {
    const carried = new Set(forms.flatMap((form) => form.controls));
    for (let control = 1; control <= 21; control++)
      expect(carried, `C${control}`).toContain(`C${String(control).padStart(2, '0')}`);
  });

  it('name sources that docs/sources.md tells of, detections and questions there are', async () => {
    const text = await readFile(new URL('../../../../docs/sources.md', import.meta.url), 'utf8');
    const tags = [...text.matchAll(/^\| ([A-Z][A-Z0-9.-]+) +\|/gm)].map((match) => match[1] as string);
    for (const form of forms) {
      for (const tag of form.sources) expect(tags, form.id).toContain(tag);
      for (const id of form.questions ?? [])
        expect(
          questions.map((one) => one.id),
          form.id,
        ).toContain(id);
      for (const when of form.when)
        if (when.trigger === 'finding')
          for (const id of when.detections)
            expect(
              detections.map((one) => one.id),
              form.id,
            ).toContain(id);
    }
  });

  it('have evidence kinds the connector of checks tells apart', async () => {
    const mapping = await readFile(join(contentFolder, 'connectors', 'checks', 'mapping.sql'), 'utf8');
    const known = /\^\(([a-z_|]+)\)\$/.exec(mapping)?.[1]?.split('|') ?? [];
    expect(known.length).toBeGreaterThan(20);
    for (const kind of checkKinds) expect(known).toContain(kind);
  });

  it('can speak for somebody wherever they can speak against somebody', () => {
    for (const form of forms)
      for (const record of form.records)
        if (Object.values(record.outcomes).includes('failed'))
          expect(Object.values(record.outcomes), `${form.id}: ${record.field}`).toContain('passed');
  });

  it('have an answer that counts for nothing, so that nobody is forced to guess', () => {
    for (const form of forms)
      for (const record of form.records.filter((one) => one.check))
        expect(
          Object.values(record.outcomes).some((one) => !['passed', 'failed'].includes(one)),
          `${form.id}: ${record.field}`,
        ).toBe(true);
  });

  it('take what was failed before what was passed', () => {
    const form = forms.find(({ id }) => id === 'first-check-in');
    if (!form) throw new Error('no such form');
    expect(outcomeOf(form, { near: 'near' })).toBe('success');
    expect(outcomeOf(form, { near: 'far' })).toBe('failure');
    expect(outcomeOf(form, {})).toBe('unknown');
  });
});

describe('a check is refused', () => {
  const good = {
    title: 'A check',
    controls: ['C01'],
    about: 'person',
    why: 'because',
    sources: ['ROLLCALL'],
    who: ['hr'],
    when: [{ trigger: 'request', within: 3 }],
    script: ['Do this.'],
    fields: [
      { id: 'ok', label: 'Is it so?', kind: 'yes-no-unsure', means: { yes: 'It is.', no: 'It is not.' } },
    ],
    records: [{ check: 'address', field: 'ok', outcomes: { yes: 'passed', no: 'failed', unsure: 'unsure' } }],
    accommodation: 'Another way.',
    done: 'When done.',
    days: 10,
    evidence: ['This form.'],
    fairness: ['The same for all.'],
    never: ['Nothing else.'],
  };
  const problems = (change: object) =>
    checkSchema.safeParse({ ...good, ...change }).error?.issues.map((issue) => issue.message) ?? [];

  it('not when it is whole', () => {
    expect(problems({})).toEqual([]);
    expect(answersOf(checkSchema.parse(good).fields[0] as never)).toEqual(['yes', 'no', 'unsure']);
  });

  it.each([
    [
      'an answer of unknown worth',
      { records: [{ field: 'ok', outcomes: { yes: 'passed', no: 'failed' } }] },
      /unsure/,
    ],
    ['a field that is not there', { records: [{ field: 'x', outcomes: { yes: 'passed' } }] }, /no field "x"/],
    [
      'an unknown kind of evidence',
      { records: [{ check: 'vibe', field: 'ok', outcomes: {} }] },
      /Invalid option/,
    ],
    ['a hold that one lets go', { hold: 'No parcel leaves.' }, /let go by two/],
    ['a lot with too few requests', { when: [{ trigger: 'draw', times: 2, within: 2 }] }, /six challenges/],
    [
      'the calendar for a person',
      { when: [{ trigger: 'every', months: 3, within: 3 }] },
      /only checks of the company/,
    ],
    [
      'evidence on a person from a check of the company',
      { about: 'company', when: [{ trigger: 'every', months: 3, within: 3 }] },
      /only what is about a person/,
    ],
    [
      'a question behind the wall',
      { fields: [{ ...good.fields[0], label: 'What is their nationality?' }] },
      /wall|national/i,
    ],
    ['a word nobody knows', { mood: 'bright' }, /Unrecognized key/],
  ])('%s', (_, change, reason) => {
    expect(problems(change).join('\n')).toMatch(reason);
  });

  it('with its file and line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-checks-'));
    try {
      await mkdir(join(folder, 'checks'));
      await writeFile(join(folder, 'checks', 'odd.yml'), 'title: A check\nabout: person\ndays: many\n');
      await writeFile(join(folder, 'checks', 'notes.txt'), 'x');
      await expect(loadChecks(folder)).rejects.toThrow(/odd\.yml:3: days/);
      await expect(loadChecks(folder)).rejects.toThrow(/notes\.txt: a check is a \.yml file/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
