import { z } from 'zod';
import { claimKinds } from '../model/vocabulary.js';
import { wallProblems } from './wall.js';

/**
 * A question as content: one file, `content/questions/<id>.yml`. A person asks it of every finalist for a role in the same
 * words; only the claim put into the gaps differs. The answer is for a human to judge and to verify; nothing scores it.
 */

/** What a question can be about: a kind of claim, or the contacts everybody gives. */
export const questionKinds = [...claimKinds, 'contact'] as const;
export type QuestionKind = (typeof questionKinds)[number];

/**
 * Gaps that each kind can fill. Dates only of jobs: the years of a school tell how old somebody is. A name fills no gap,
 * so that no question can be about one.
 */
const gaps: Record<QuestionKind, readonly string[]> = {
  employment: ['employer', 'since', 'until'],
  education: ['school'],
  skill: ['technology', 'years'],
  location: ['place'],
  name: [],
  contact: [],
};

/** One of these is in every question about such a claim, else nobody would know which is meant. */
const about: Partial<Record<QuestionKind, string>> = {
  employment: 'employer',
  education: 'school',
  skill: 'technology',
  location: 'place',
};

/** Asked of nobody, though the wall for queries lets such words pass. Local trivia only tests how long somebody has lived there. */
const unfair = new Set(
  `family families married marriage spouse wife husband partner children kids parents pregnant church mosque temple synagogue holiday holidays native
   hometown homeland country countries born citizen citizens nation national permit grew grow raised origin origins immigrant immigrate immigrated health healthy ill illness disability disabled medication union
   politics political vote landmark landmarks mayor restaurant restaurants supermarket weather sports neighbours neighbors photo photograph
   insult leader leaders regime loyal loyalty allegiance headphones accent
   graduate graduated graduation old young older younger speak spoken fluent`.split(/\s+/),
);

const gap = /\{([a-z]+)\}/g;
const gapsIn = (text: string): string[] => [...text.matchAll(gap)].map((match) => match[1] as string);

export const questionSchema = z
  .strictObject({
    title: z.string().min(1).max(120),
    /** What is said, with gaps such as `{employer}`. */
    asks: z.string().min(10).max(400),
    for: z.enum(questionKinds),
    /** Why it is asked, for the person who asks. */
    why: z.string().min(1),
    /** What a good answer settles, and how it is verified. */
    settles: z.string().min(1),
    /** Whom it could disadvantage, and what is done about it. */
    fairness: z.string().min(1),
    /** What is not asked or held against anybody beside it. */
    never: z.array(z.string().min(1)).min(1),
  })
  .superRefine((question, context) => {
    const problem = (message: string) =>
      context.addIssue({ code: 'custom', path: ['asks'], message, input: question });
    const found = gapsIn(question.asks);
    for (const name of found)
      if (!gaps[question.for].includes(name))
        problem(`a question about ${question.for} has no gap {${name}}`);
    const needed = about[question.for];
    if (needed && !found.includes(needed)) problem(`does not say which: {${needed}} is missing`);
    if (/[{}]/.test(question.asks.replace(gap, ''))) problem('a brace is left over');
    for (const text of [question.asks, question.title]) for (const reason of unfairIn(text)) problem(reason);
  });

/** Why a text may not be asked: what is behind the wall, and what is private or trivia. */
function unfairIn(text: string): string[] {
  const plain = text.replace(gap, ' ');
  const found = (plain.toLowerCase().match(/\p{L}+/gu) ?? []).filter((word) => unfair.has(word));
  return [
    ...wallProblems(`SELECT '${plain.replaceAll("'", "''")}'`),
    ...found.map((word) => `asks about "${word}": private, or nothing a newcomer would know`),
  ];
}

export type Question = z.infer<typeof questionSchema> & {
  /** File name without ending. */
  id: string;
  file: string;
};

/** What somebody says of themselves, as in the table `claims`. Dates are `YYYY-MM-DD`. */
export interface QuestionClaim {
  kind: string;
  subject?: string | null;
  years?: number | null;
  since?: string | null;
  until?: string | null;
  precision?: string | null;
}

/** A signal as in a scan's result; only its rows are looked at, for claims they name. */
export interface QuestionSignal {
  detection: string;
  evidence: { rows: readonly (readonly (string | number | boolean | null)[])[] };
}

export interface AskedQuestion {
  /** Id of the question. */
  id: string;
  kind: QuestionKind;
  /** Ready to be said. */
  question: string;
  /** The employer, school, place or technology it is about; empty where it is about none. */
  about: string;
  why: string;
  settles: string;
  never: string[];
  /** Ids of detections whose rows name the claim, sorted. For the analyst, not for the finalist. */
  follows: string[];
}

export interface QuestionOptions {
  /** At most so many of each kind. */
  most?: number;
}

/**
 * The questions for one person: the same for everybody, filled with what the person claims. What a signal names comes
 * first; otherwise the latest job, and schools, places and technologies by their letters. The same claims in any order
 * give the same questions.
 */
export function questionsFor(
  questions: readonly Question[],
  claims: readonly QuestionClaim[],
  signals: readonly QuestionSignal[] = [],
  options: QuestionOptions = {},
): AskedQuestion[] {
  const most = options.most ?? 4;
  const named = detectionsByText(signals);
  const inOrder = [...questions].sort((a, b) => compare(a.id, b.id));
  return questionKinds.flatMap((kind) => {
    const own = inOrder.filter((question) => question.for === kind);
    const asked: AskedQuestion[] = [];
    for (const claim of claimsOf(kind, claims, named)) {
      for (const question of own) {
        const text = filled(question, claim);
        if (text === undefined || asked.length >= most) continue;
        const { id, why, settles, never } = question;
        asked.push({
          id,
          kind,
          question: text,
          about: claim.subject,
          why,
          settles,
          never,
          follows: claim.follows,
        });
      }
    }
    return asked;
  });
}

interface Asked {
  subject: string;
  years?: number;
  since?: string;
  until?: string;
  follows: string[];
}

/** Claims of a kind, each subject once, in the order in which they are asked about. Kinds without gaps are asked once. */
function claimsOf(
  kind: QuestionKind,
  claims: readonly QuestionClaim[],
  named: ReadonlyMap<string, readonly string[]>,
): Asked[] {
  if (about[kind] === undefined) return [{ subject: '', follows: [] }];
  const dated = kind === 'employment';
  const found = claims
    .filter((claim) => claim.kind === kind)
    .map((claim) => {
      const subject = spoken(claim.subject ?? '');
      const since = dated ? day(claim.since) : undefined;
      const until = dated ? day(claim.until) : undefined;
      return {
        subject,
        follows: [...(named.get(subject.toLowerCase()) ?? [])],
        begins: since ?? '',
        ...(since && { since: month(since, claim.precision) }),
        ...(until && { until: month(until, claim.precision) }),
        ...(typeof claim.years === 'number' && claim.years > 0 && { years: claim.years }),
      };
    })
    .filter(({ subject }) => /[\p{L}\p{N}]/u.test(subject))
    .sort(
      (a, b) =>
        Number(b.follows.length > 0) - Number(a.follows.length > 0) ||
        compare(b.begins, a.begins) ||
        compare(a.subject.toLowerCase(), b.subject.toLowerCase()) ||
        compare(a.subject, b.subject) ||
        compare(a.until ?? '', b.until ?? '') ||
        (a.years ?? 0) - (b.years ?? 0),
    );
  const seen = new Set<string>();
  return found.filter(({ subject }) => {
    const key = subject.toLowerCase();
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** The text with its gaps filled, or undefined where the claim does not say what one of them needs. */
function filled(question: Question, claim: Asked): string | undefined {
  const values: Record<string, string | undefined> = {
    employer: claim.subject,
    school: claim.subject,
    technology: claim.subject,
    place: claim.subject,
    years: claim.years?.toString(),
    since: claim.since,
    until: claim.until,
  };
  if (gapsIn(question.asks).some((name) => !values[name])) return undefined;
  return question.asks.replace(gap, (_, name: string) => values[name] ?? '').trim();
}

function detectionsByText(signals: readonly QuestionSignal[]): Map<string, string[]> {
  const named = new Map<string, Set<string>>();
  for (const { detection, evidence } of signals)
    for (const row of evidence.rows)
      for (const cell of row) {
        if (typeof cell !== 'string') continue;
        const key = spoken(cell).toLowerCase();
        if (key !== '') named.set(key, (named.get(key) ?? new Set()).add(detection));
      }
  return new Map([...named].map(([key, ids]) => [key, [...ids].sort(compare)]));
}

/** A claim comes from somebody's file: one line, no control characters, no braces, not endless. */
const spoken = (text: string): string =>
  text
    .slice(0, 400)
    .replace(/[\p{C}{}\s]+/gu, ' ')
    .trim()
    .slice(0, 80)
    .trim();

const day = (text: string | null | undefined): string | undefined => /^\d{4}-\d\d-\d\d/.exec(text ?? '')?.[0];

const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** `March 2019`, or the year where nothing finer was stated. */
function month(date: string, precision: string | null | undefined): string {
  const name = months[Number(date.slice(5, 7)) - 1];
  return precision === 'year' || name === undefined ? date.slice(0, 4) : `${name} ${date.slice(0, 4)}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
