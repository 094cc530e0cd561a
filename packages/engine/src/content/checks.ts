/**
 * A check as content: one file, `content/checks/<id>.yml`. People carry it out, in the same words for everybody in the
 * same situation; what they answer becomes evidence in both directions by the rows of `records`.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RollcallError } from '../model/errors.js';
import { contentFolder, parseYaml } from './load.js';
import { wallProblems } from './wall.js';

/** Who carries checks out. Names of roles of the console. */
export const checkRoles = ['recruiter', 'hr', 'it', 'analyst'] as const;
export type CheckRole = (typeof checkRoles)[number];

/** The kinds that the connector `checks` tells apart. */
export const checkKinds = [
  'spot_check',
  'same_person',
  'camera',
  'name_in_call',
  'liveness',
  'shared_screen',
  'own_work',
  'soft_questions',
  'interview_step',
  'identity_document',
  'identity_match',
  'identity_session',
  'reference',
  'employment',
  'education',
  'background',
  'work_authorisation',
  'sanctions',
  'phone',
  'phone_line',
  'contact_known',
  'address',
  'address_kind',
  'open_web',
  'profile',
  'delivery',
  'device_return',
  'device_location',
  'payroll_holder',
  'tax_form',
  'in_person',
  'exit_interview',
  'reachable',
] as const;

/** What an answer is worth. `unsure` and `no answer` count for nothing; of `nothing` not even a row is written. */
export const checkOutcomes = [
  'passed',
  'failed',
  'unsure',
  'no answer',
  'declined',
  'missed',
  'rescheduled',
  'nothing',
] as const;
export type CheckOutcome = (typeof checkOutcomes)[number];

const id = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'lower-case letters, digits and hyphens');
const sentence = z.string().trim().min(3).max(600);

const fieldSchema = z
  .strictObject({
    id,
    label: z.string().min(3).max(200),
    /** `yes-no-unsure` is a choice of yes, no and unsure. Files are never handed in: a hash says which one was seen. */
    kind: z.enum(['choice', 'yes-no-unsure', 'text', 'date', 'number', 'hash']),
    /** What each choice means, for a choice. */
    choices: z.record(id, z.string().min(3).max(240)).optional(),
    /** What each answer means, for yes, no and unsure. */
    means: z.strictObject({ yes: sentence, no: sentence, unsure: sentence.optional() }).optional(),
    help: z.string().min(3).max(400).optional(),
    /** For a number: its unit. */
    unit: z.string().min(1).max(20).optional(),
    /** Asked only where another field has one of these answers. */
    only: z.strictObject({ field: id, is: z.array(id).min(1) }).optional(),
    optional: z.boolean().default(false),
  })
  .superRefine((field, context) => {
    const problem = (message: string) => context.addIssue({ code: 'custom', message, input: field });
    if (field.kind === 'choice' && Object.keys(field.choices ?? {}).length < 2)
      problem('a choice has two choices or more, each with what it means');
    if (field.kind !== 'choice' && field.choices) problem(`${field.kind} has no choices`);
    if ((field.kind === 'yes-no-unsure') !== (field.means !== undefined))
      problem('yes-no-unsure, and nothing else, says in `means` what each answer means');
    if (field.kind === 'number' && !field.unit) problem('a number has a unit');
    for (const text of [field.label, ...Object.values(field.choices ?? {})])
      for (const reason of wallProblems(`SELECT '${text.replaceAll("'", "''")}'`)) problem(reason);
  });
export type CheckField = z.infer<typeof fieldSchema>;

const whenSchema = z.discriminatedUnion('trigger', [
  /** While at this stage. */
  z.strictObject({
    trigger: z.literal('stage'),
    stages: z.array(z.enum(['applicant', 'offer', 'onboarding', 'employed'])).min(1),
    remote: z.boolean().default(false),
    within: z.number().int().min(0).max(365),
  }),
  /** So many days after the first day at work. */
  z.strictObject({
    trigger: z.literal('start'),
    day: z.number().int().min(-30).max(365),
    remote: z.boolean().default(true),
    within: z.number().int().min(0).max(90),
  }),
  /** When one of these detections finds something that nobody has accounted for. */
  z.strictObject({
    trigger: z.literal('finding'),
    detections: z.array(z.string()).min(1),
    within: z.number().int().min(0).max(90),
  }),
  /** At random, so many times a year for everybody who works from afar. */
  z.strictObject({
    trigger: z.literal('draw'),
    times: z.literal(2),
    within: z.number().int().min(0).max(14),
  }),
  /** Again and again, about the company. */
  z.strictObject({
    trigger: z.literal('every'),
    months: z.union([z.literal(1), z.literal(3), z.literal(6), z.literal(12)]),
    within: z.number().int().min(0).max(90),
  }),
  /** Whenever somebody asks for it. */
  z.strictObject({ trigger: z.literal('request'), within: z.number().int().min(0).max(90) }),
]);
export type CheckTrigger = z.infer<typeof whenSchema>;

export const checkSchema = z
  .strictObject({
    title: z.string().min(3).max(80),
    /** Rows of the list of controls that this carries out. */
    controls: z.array(z.string().regex(/^C\d\d$/)).min(1),
    about: z.enum(['person', 'role', 'company']),
    why: sentence,
    /** Tags of docs/sources.md. */
    sources: z.array(z.string()).min(1),
    /** Who may do it; the first is asked where nobody is named. */
    who: z.array(z.enum(checkRoles)).min(1),
    /** Whose word it takes besides, by another account each. Absent: the word of one. */
    second: z.array(z.enum(checkRoles)).min(1).optional(),
    /** Something waits until both say that it may go on: a laptop, a change of pay. */
    hold: z.string().min(3).max(160).optional(),
    /** Of a hold: days that pass before it can be let go. A company's own number comes from its settings. */
    waits: z.number().int().min(1).max(60).optional(),
    when: z.array(whenSchema).min(1),
    /** What is said and done, the same for everybody. */
    script: z.array(sentence).min(1),
    /** One of these is picked at random. */
    challenges: z.array(z.strictObject({ id, says: sentence })).optional(),
    /** Which of the fixed questions (content/questions) stand beside the form. */
    questions: z.array(z.string()).optional(),
    fields: z.array(fieldSchema).min(1),
    /** What each answer is worth. With `check` it is written to the lake as evidence of that kind. */
    records: z
      .array(
        z.strictObject({
          check: z.enum(checkKinds).optional(),
          field: id,
          outcomes: z.record(id, z.enum(checkOutcomes)),
          /** Words that stand with the record, by the answer in another field: how a contact was found. */
          note: z.strictObject({ field: id, says: z.record(id, z.string().min(1).max(120)) }).optional(),
        }),
      )
      .min(1),
    /** The agreed other way. It counts as much, and nobody is asked for the reason. */
    accommodation: sentence,
    /** When it is done. */
    done: sentence,
    /** It counts for so many days. */
    days: z.number().int().min(1).max(3650),
    /** What is kept. */
    evidence: z.array(sentence).min(1),
    fairness: z.array(sentence).min(1),
    /** What is not asked, not looked at and not held against anybody. */
    never: z.array(sentence).min(1),
  })
  .superRefine((check, context) => {
    const problem = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message, input: check });
    const fields = new Map(check.fields.map((field) => [field.id, field]));
    if (fields.size !== check.fields.length) problem(['fields'], 'two fields have one id');
    for (const [index, record] of check.records.entries()) {
      const field = fields.get(record.field);
      if (!field) {
        problem(['records', index, 'field'], `no field "${record.field}"`);
        continue;
      }
      const values = answersOf(field);
      if (values.length === 0)
        problem(
          ['records', index, 'field'],
          `"${record.field}" is no choice: what it is worth cannot be told`,
        );
      for (const value of values)
        if (!(value in record.outcomes))
          problem(['records', index, 'outcomes'], `does not say what "${value}" is worth`);
      for (const value of Object.keys(record.outcomes))
        if (!values.includes(value)) problem(['records', index, 'outcomes'], `nobody can answer "${value}"`);
      if (record.check && check.about !== 'person')
        problem(['records', index, 'check'], 'only what is about a person is evidence on a person');
      if (record.note) {
        const noted = fields.get(record.note.field);
        if (noted?.kind !== 'choice')
          problem(['records', index, 'note'], `"${record.note.field}" is no field with choices`);
        for (const value of Object.keys(record.note.says))
          if (noted && !answersOf(noted).includes(value))
            problem(['records', index, 'note'], `nobody can answer "${value}"`);
      }
    }
    if (check.waits && !check.hold) problem(['waits'], 'only what is held waits');
    if (check.hold && !check.second)
      problem(['hold'], 'what is held is let go by two: `second` says who else');
    for (const [index, field] of check.fields.entries()) {
      if (!field.only) continue;
      const other = check.fields.slice(0, index).find((one) => one.id === field.only?.field);
      if (!other) problem(['fields', index, 'only'], `no field "${field.only.field}" before it`);
      else
        for (const value of field.only.is)
          if (!answersOf(other).includes(value))
            problem(['fields', index, 'only'], `nobody can answer "${value}" there`);
    }
    for (const [index, when] of check.when.entries()) {
      const company = when.trigger === 'every';
      if (company && check.about !== 'company')
        problem(['when', index], 'only checks of the company come again by the calendar');
      if (!company && when.trigger !== 'request' && check.about !== 'person')
        problem(['when', index], `a check of a ${check.about} comes on request or by the calendar`);
      if (when.trigger === 'draw' && (check.challenges?.length ?? 0) < 6)
        problem(
          ['challenges'],
          'what is drawn needs six challenges or more, so that nobody can prepare for one',
        );
    }
  });

export type CheckForm = z.infer<typeof checkSchema> & {
  /** File name without ending. */
  id: string;
  file: string;
};

/** The answers a field with choices can have; none where it has no choices. */
export function answersOf(field: CheckField): string[] {
  if (field.kind === 'choice') return Object.keys(field.choices ?? {});
  if (field.kind === 'yes-no-unsure') return ['yes', 'no', 'unsure'];
  return [];
}

/** The checks of a content folder, by name. Every problem is reported, with file and line. */
export async function loadChecks(folder: string = contentFolder): Promise<CheckForm[]> {
  const place = join(folder, 'checks');
  const names = await readdir(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const problems: string[] = [];
  const forms: CheckForm[] = [];
  for (const name of names.filter((one) => !one.startsWith('.')).sort()) {
    const path = join(place, name);
    if (!/^[a-z][a-z0-9-]*\.yml$/.test(name)) {
      problems.push(`${path}: a check is a .yml file, its name in lower case`);
      continue;
    }
    const read = parseYaml(path, await readFile(path, 'utf8'), checkSchema, problems);
    if (read) forms.push({ ...read, id: name.slice(0, -4), file: path });
  }
  if (problems.length > 0) throw new RollcallError('CONTENT_INVALID', problems.join('\n'));
  return forms;
}

/** What the answers come to: failed where anything failed, passed where something passed and nothing failed. */
export function outcomeOf(
  form: Pick<CheckForm, 'records'>,
  answers: Readonly<Record<string, unknown>>,
): 'success' | 'failure' | 'unknown' {
  const found = form.records.map((record) => record.outcomes[String(answers[record.field])]);
  if (found.includes('failed')) return 'failure';
  return found.includes('passed') ? 'success' : 'unknown';
}
