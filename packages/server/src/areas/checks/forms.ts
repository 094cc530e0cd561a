/** The forms of `content/checks`, read once; how answers to them are checked, and what they are worth. */
import {
  answersOf,
  type CheckForm,
  type CheckOutcome,
  type CheckTrigger,
  loadChecks,
} from '@rollcall/engine/content/checks.js';
import { notFound, Refusal } from '../../model/refusal.js';
import type { Services } from '../../model/services.js';
import type { Form } from './words.js';

const loaded = new Map<string, Promise<CheckForm[]>>();

export function formsOf(services: Services): Promise<CheckForm[]> {
  const { folder } = services.content;
  const known = loaded.get(folder);
  if (known) return known;
  const made = loadChecks(folder);
  loaded.set(folder, made);
  return made;
}

export async function formOf(id: string, services: Services): Promise<CheckForm> {
  const form = (await formsOf(services)).find((one) => one.id === id);
  if (!form) throw notFound('the form of this check');
  return form;
}

export type Answers = Record<string, string | number>;

/** The answers as they are kept: only what the form asks, each of its kind; what is not asked is left out. */
export function readAnswers(form: CheckForm, given: Readonly<Record<string, unknown>>): Answers {
  const bad = (label: string, why: string) => new Refusal(422, 'ANSWER_INVALID', `“${label}” ${why}`);
  const unknown = Object.keys(given).find((id) => !form.fields.some((field) => field.id === id));
  if (unknown !== undefined)
    throw new Refusal(422, 'ANSWER_INVALID', 'an answer to a question the form does not ask');
  const answers: Answers = {};
  for (const field of form.fields) {
    const asked = !field.only || field.only.is.includes(String(answers[field.only.field] ?? ''));
    const value = given[field.id];
    const empty = value === undefined || (typeof value === 'string' && value.trim() === '');
    if (!asked) continue;
    if (empty) {
      if (field.optional) continue;
      throw bad(field.label, 'is not answered yet');
    }
    const text = String(value).trim();
    switch (field.kind) {
      case 'choice':
      case 'yes-no-unsure':
        if (!answersOf(field).includes(text)) throw bad(field.label, 'has no such answer');
        answers[field.id] = text;
        break;
      case 'date':
        if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text)))
          throw bad(field.label, 'wants a day, as in 2026-06-30');
        answers[field.id] = text;
        break;
      case 'number': {
        const number = Number(text);
        if (!Number.isFinite(number) || number < 0 || number > 1e9)
          throw bad(field.label, 'wants a number of nought or more');
        answers[field.id] = number;
        break;
      }
      case 'hash':
        if (!/^[0-9a-f]{64}$/i.test(text))
          throw bad(field.label, 'wants a SHA-256: 64 digits and letters a to f');
        answers[field.id] = text.toLowerCase();
        break;
      default:
        if (text.length > 200) throw bad(field.label, 'is longer than 200 characters');
        answers[field.id] = text.replace(/\p{Cc}+/gu, ' ');
    }
  }
  return answers;
}

export type Worth = Exclude<CheckOutcome, 'nothing'> | 'accommodated';
export interface Row {
  check?: string;
  outcome: Worth;
  note?: string;
}

/** Of these, what would speak against somebody is taken back where another way was agreed. */
const takenBack = new Set([
  'camera',
  'liveness',
  'own_work',
  'soft_questions',
  'interview_step',
  'reachable',
]);

/** What the answers are worth, one row for each that is worth something. */
export function worthOf(form: CheckForm, answers: Answers, otherWay: boolean): Row[] {
  return form.records.flatMap((record) => {
    const value = answers[record.field];
    if (value === undefined) return [];
    const plain = record.outcomes[String(value)];
    if (plain === undefined || plain === 'nothing') return [];
    const soft = plain !== 'failed' || takenBack.has(record.check ?? '');
    const outcome: Worth = otherWay && plain !== 'passed' && soft ? 'accommodated' : plain;
    const note = record.note?.says[String(answers[record.note.field] ?? '')];
    return [{ ...(record.check ? { check: record.check } : {}), outcome, ...(note ? { note } : {}) }];
  });
}

export type Outcome = 'success' | 'failure' | 'unknown';

export function outcomeOf(rows: readonly Row[]): Outcome {
  if (rows.some((row) => row.outcome === 'failed')) return 'failure';
  return rows.some((row) => row.outcome === 'passed') ? 'success' : 'unknown';
}

/** Of two words: what both say; where one says yes and one no, nobody knows. */
export function together(words: readonly Outcome[]): Outcome {
  const [first = 'unknown'] = words;
  return words.every((word) => word === first) ? first : 'unknown';
}

/**
 * The rows that become evidence, for each word. Nothing counts against anybody by one word where the form asks for two:
 * it does when both say so, and is `unsure` otherwise.
 */
export function evidenceOf(
  form: CheckForm,
  words: readonly { answers: Answers; otherWay: boolean }[],
): Row[][] {
  const each = words.map((word) => worthOf(form, word.answers, word.otherWay).filter((row) => row.check));
  if (words.length < 2) return each;
  const said = (check: string, outcome: Worth) =>
    each.every((rows) => rows.some((row) => row.check === check && row.outcome === outcome));
  const contradicted = (check: string) =>
    ['passed', 'failed'].every((outcome) =>
      each.some((rows) => rows.some((row) => row.check === check && row.outcome === outcome)),
    );
  return each.map((rows) =>
    rows.map((row) => {
      const check = row.check as string;
      const doubted =
        contradicted(check) ||
        (['failed', 'declined', 'missed'].includes(row.outcome) && !said(check, row.outcome));
      return doubted ? { check, outcome: 'unsure' as const } : row;
    }),
  );
}

/** When a form is asked for, in words. */
export function whenSays(when: CheckTrigger): string {
  const days = (count: number) => (count === 1 ? 'a day' : `${count} days`);
  const within = when.within === 0 ? 'on the day' : `within ${days(when.within)}`;
  switch (when.trigger) {
    case 'stage':
      return `of everybody${when.remote ? ' who works from afar' : ''} at stage ${when.stages.join(' or ')}, ${within}`;
    case 'start':
      return `of everybody${when.remote ? ' who works from afar' : ''} ${
        when.day === 0 ? 'on the first day' : `on day ${when.day}`
      }, ${within}`;
    case 'finding':
      return `of everybody with a change on record that it is for, ${within}`;
    case 'draw':
      return `by lot, of everybody who works from afar, at least ${when.times} times a year, ${within} of the day drawn`;
    case 'every':
      return when.months === 1 ? `every month, ${within}` : `every ${when.months} months, ${within}`;
    default:
      return `whenever somebody asks for it, ${within}`;
  }
}

/** `2026-10` as people say it. */
function monthSays(month: string): string {
  const at = new Date(`${month}-01T00:00:00Z`);
  return Number.isNaN(at.getTime())
    ? month
    : at.toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}

export function occasionSays(occasion: string): string {
  const [kind = '', rest = ''] = occasion.split(/[:+](.*)/s);
  switch (kind) {
    case 'stage':
      return 'everybody at this stage';
    case 'start':
      return rest === '0' ? 'first day' : `day ${rest}`;
    case 'finding':
      return 'a change on record';
    case 'draw':
      return 'drawn by lot';
    case 'every':
      return `for the time from ${monthSays(rest)}`;
    default:
      return 'asked by a colleague';
  }
}

export function formWords(form: CheckForm): Form {
  return {
    id: form.id,
    title: form.title,
    controls: form.controls,
    about: form.about,
    why: form.why.trim(),
    sources: form.sources,
    who: form.who,
    ...(form.second ? { second: form.second } : {}),
    ...(form.hold ? { hold: form.hold } : {}),
    when: form.when.map(whenSays),
    script: form.script,
    fields: form.fields.map((field) => ({
      id: field.id,
      label: field.label,
      kind: field.kind,
      choices: answersOf(field).map((value) => ({
        value,
        means:
          field.choices?.[value] ??
          field.means?.[value as 'yes' | 'no' | 'unsure'] ??
          'It cannot be told, or nobody is sure.',
      })),
      ...(field.help ? { help: field.help } : {}),
      ...(field.unit ? { unit: field.unit } : {}),
      ...(field.only ? { only: field.only } : {}),
      optional: field.optional,
    })),
    accommodation: form.accommodation,
    done: form.done,
    days: form.days,
    evidence: form.evidence,
    fairness: form.fairness,
    never: form.never,
  };
}
