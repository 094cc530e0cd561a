import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadContent } from './load.js';
import {
  type Question,
  type QuestionClaim,
  questionKinds,
  questionSchema,
  questionsFor,
} from './questions.js';

const { questions } = await loadContent();

const claims: QuestionClaim[] = [
  {
    kind: 'employment',
    subject: 'Example Freight',
    since: '2015-03-01',
    until: '2018-05-31',
    precision: 'month',
  },
  { kind: 'employment', subject: 'Example Air', since: '2019-01-01', until: null, precision: 'year' },
  { kind: 'education', subject: 'Example College', since: '2001-09-01', until: '2005-06-30' },
  { kind: 'skill', subject: 'Kubernetes', years: 8 },
  { kind: 'location', subject: 'Springfield, IL' },
  { kind: 'name', subject: 'Ana Sample' },
];

/** A question that is fair, with another sentence. */
const asking = (asks: string, kind: Question['for'] = 'employment') =>
  questionSchema.safeParse({
    title: 'A title',
    asks,
    for: kind,
    why: 'w',
    settles: 's',
    fairness: 'f',
    never: ['n'],
  });

describe('questions', () => {
  it('come for every kind of claim, with the claims put in', () => {
    const asked = questionsFor(questions, claims);
    expect([...new Set(asked.map(({ kind }) => kind))]).toEqual([...questionKinds]);
    expect(asked.find(({ id }) => id === 'employer-dates')?.question).toBe(
      'You give 2019 as the beginning at Example Air. Which month did you start and leave, and did other work run beside it?',
    );
    expect(asked.find(({ id }) => id === 'school-transcript')?.question).toContain('Example College');
    expect(asked.map(({ question }) => question).join('\n')).not.toMatch(/[{}]/);
  });

  it('are the same whatever the order of questions and claims', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(claims, { minLength: claims.length }),
        fc.shuffledSubarray(questions, { minLength: questions.length }),
        (someClaims, someQuestions) => {
          expect(questionsFor(someQuestions, someClaims)).toEqual(questionsFor(questions, claims));
        },
      ),
    );
  });

  it('ask about the latest job first, unless a signal names another', () => {
    const first = (signals: Parameters<typeof questionsFor>[2]) =>
      questionsFor(questions, claims, signals, { most: 1 }).find(({ kind }) => kind === 'employment');
    expect(first([])).toMatchObject({ about: 'Example Air', follows: [] });
    const rows = [[null, 3, 'example freight', 'Kubernetes']];
    expect(
      first([
        { detection: 'b', evidence: { rows } },
        { detection: 'a', evidence: { rows } },
      ]),
    ).toMatchObject({
      about: 'Example Freight',
      follows: ['a', 'b'],
    });
  });

  it('are the same in words for everybody: a signal changes only which claim is asked about first', () => {
    const rows = [['Example Freight', 'Example College', 'Springfield, IL']];
    const without = questionsFor(questions, claims, [], { most: 99 });
    const with_ = questionsFor(questions, claims, [{ detection: 'a', evidence: { rows } }], { most: 99 });
    const said = (asked: typeof without) => asked.map(({ question }) => question).sort();
    expect(said(with_)).toEqual(said(without));
  });

  it('are asked once where a claim stands twice, and left out where it does not say what is needed', () => {
    const asked = questionsFor(questions, [
      { kind: 'employment', subject: 'Example Air' },
      { kind: 'employment', subject: ' example air ' },
      { kind: 'employment', subject: '···' },
      { kind: 'employment' },
      { kind: 'hobby', subject: 'Chess' },
    ]).filter(({ kind }) => kind === 'employment');
    expect(asked.map(({ about }) => about)).toEqual(['Example Air', 'Example Air', 'Example Air']);
    expect(asked.map(({ id }) => id)).not.toContain('employer-dates');
  });

  it('never carry the dates of a school', () => {
    expect(
      JSON.stringify(questionsFor(questions, claims).filter(({ kind }) => kind === 'education')),
    ).not.toMatch(/200[15]/);
  });

  it('stay one line, bounded and few, whatever a file claims', () => {
    const kind = fc.constantFrom('employment', 'education', 'skill', 'location', 'name', 'other');
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc.constantFrom('{employer}', '$& {since}', 'a\nIgnore this\u0000', '\u202eabc', 'x'.repeat(100_000)),
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ kind, subject: hostile, since: hostile, until: hostile, years: fc.double() })),
        fc.integer({ min: 0, max: 6 }),
        (someClaims, most) => {
          const asked = questionsFor(questions, someClaims, [], { most });
          expect(asked.length).toBeLessThanOrEqual(most * questionKinds.length);
          for (const { question } of asked) {
            expect(question).not.toMatch(/[{}\n\p{C}]/u);
            expect(question.length).toBeLessThanOrEqual(400 + 3 * 80);
          }
        },
      ),
    );
  });
});

describe('a question is refused', () => {
  it.each([
    ['Where did you go to school before {employer}, and in which country?', 'private'],
    ['What is your nationality, as known to {employer}?', 'behind the wall'],
    ['How old were you when you began at {employer}?', 'private'],
    ['What was your age at {employer}?', 'behind the wall'],
    ['Which language did you speak at {employer}?', 'behind the wall'],
    ['Were you in Nigeria while at {employer}?', 'names the country'],
    ['Did you speak Korean at {employer}?', 'people or language'],
    ['Were you married while at {employer}?', 'private'],
    ['Would you insult the leader of a state, as {employer} asked?', 'private'],
    ['Were you loyal to {employer} or to a government?', 'private'],
    ['Which headphones did you wear at {employer}?', 'behind the wall'],
    ['How did you get on at the firm?', '{employer} is missing'],
    ['What did you do at {employer} in {place}?', 'no gap {place}'],
    ['What did you do at {employer} and {?', 'a brace is left over'],
  ])('%s', (asks, reason) => {
    expect(
      asking(asks)
        .error?.issues.map(({ message }) => message)
        .join('; '),
    ).toContain(reason);
  });

  it.each([
    ['education', 'In which year did you graduate from {school}?', 'private'],
    ['education', 'You were at {school} from {since}; what did you do there?', 'no gap {since}'],
    ['location', 'Which landmark is nearest to your home in {place}?', 'private'],
    ['location', 'How is the weather in {place} at this moment?', 'private'],
    ['location', 'Is {place} your hometown, and who lives there with you?', 'private'],
    ['name', 'Where does the name {name} come from?', 'no gap {name}'],
  ] as const)('about %s: %s', (kind, asks, reason) => {
    expect(
      asking(asks, kind)
        .error?.issues.map(({ message }) => message)
        .join('; '),
    ).toContain(reason);
  });

  it('with its file and line, when content is loaded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-questions-'));
    try {
      await mkdir(join(folder, 'questions'));
      await writeFile(
        join(folder, 'questions', 'unfair.yml'),
        'title: A title\nasks: How old were you at {employer}?\nfor: employment\nwhy: w\nsettles: s\nfairness: f\nnever: [n]\n',
      );
      await writeFile(join(folder, 'questions', 'notes.txt'), 'a note');
      await expect(loadContent(folder)).rejects.toThrow(/unfair\.yml:2: asks: asks about "old"/);
      await expect(loadContent(folder)).rejects.toThrow(/notes\.txt: a question is a \.yml file/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
