import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RollcallError } from '../model/errors.js';
import { parseYaml } from './load.js';

/**
 * What people do once somebody is looked into, as content: `content/playbooks`.
 *
 * - `<id>.yml`: a playbook, its steps in the order in which they are done.
 * - `reach/<id>.yml`: a kind of thing a person can reach or do, and what in the lake tells of it.
 * - `containment/<id>.yml`: what closes the access to one vendor's product, as commands that people copy.
 * - `letters/<id>.yml`: a report, letter or form, with gaps for what the case holds.
 *
 * Nothing here is carried out by software.
 */

/** Who does a step; the words are those of the roles of the server. */
export const stepRoles = ['analyst', 'recruiter', 'hr', 'it', 'counsel'] as const;
export type StepRole = (typeof stepRoles)[number];

/** Controls of the response, with what each asks for. */
export const responseControls = {
  C25: 'One channel between HR and security, and who decides what',
  C26: 'Hypotheses, innocent ones included; only who needs to know',
  C27: 'Containment planned in silence, done at once',
  C28: 'Evidence kept before anybody is warned',
  C29: 'Pay stopped through counsel; sanctions looked at',
  C30: 'Search for linked people',
  C31: 'Review of the code and systems they changed',
  C32: 'Extortion: no payment without counsel, proof asked for',
  C33: 'Reports to the authorities and to whose identity it is',
  C34: 'Sharing with others, without protected traits and victims',
  C35: 'Clearing the innocent, everywhere',
  C36: 'Watching whom flags and outcomes fall on',
  C37: 'Return of devices, with a chain of custody',
} as const;
export type ResponseControl = keyof typeof responseControls;

const id = z.string().regex(/^[a-z][a-z0-9-]*$/, 'small letters, digits and hyphens');
const controls = z
  .array(z.enum(Object.keys(responseControls) as [ResponseControl, ...ResponseControl[]]))
  .min(1);
const link = z.strictObject({ title: z.string().min(3), url: z.url({ protocol: /^https$/ }) });

const stepSchema = z.strictObject({
  id,
  title: z.string().min(5).max(120),
  /** What to do, in plain words. */
  say: z.string().min(20),
  role: z.enum(stepRoles),
  /** Steps that come before it, by id. */
  after: z.array(id).default([]),
  controls,
  /** When it is done. */
  done: z.string().min(8),
  kind: z.enum(['task', 'containment', 'report', 'letter']).default('task'),
  /** The person can notice it. Such a step comes after evidence was kept. */
  warns: z.boolean().default(false),
  /** The letter or form that goes with it. */
  letter: id.optional(),
  links: z.array(link).default([]),
});

const playbookSchema = z.strictObject({
  title: z.string().min(5),
  /** What kind of case it is for; `any`: it may be added to every case. */
  for: z.array(z.enum(['applicant', 'employee', 'contractor', 'vendor', 'any'])).min(1),
  why: z.string().min(20),
  /** Tags of docs/sources.md. */
  sources: z.array(z.string()).min(1),
  steps: z.array(stepSchema).min(1),
  /** Playbooks that often follow. */
  also: z.array(id).default([]),
});

export type PlaybookStep = z.infer<typeof stepSchema>;
export type Playbook = z.infer<typeof playbookSchema> & { id: string; file: string };

const reachSchema = z.strictObject({
  title: z.string().min(3),
  /** The sentence: `{count time times}` and `{targets file files}` become `1 time`, `12 files`. */
  says: z.string().regex(/\{(?:count|targets) \S+ \S+\}/, 'a sentence with {count …} or {targets …}'),
  /** Said where nothing was seen although it would have been. */
  none: z.string().min(8),
  /** Which records tell of it: actions of the vocabulary, or vendors' own names in lower case. */
  actions: z.array(z.string()).default([]),
  /** Inventory that tells of it, instead of actions. */
  inventory: z.array(z.string()).default([]),
  /** `each`: every record is a row. `target`: one row for each thing acted upon. */
  rows: z.enum(['each', 'target']).default('target'),
  /** Connectors that bring such records. Where none of them is in the lake, it cannot be known. */
  sources: z.array(z.string()).min(1),
  /** What a reader should do with it. */
  look: z.string().min(8),
  /** Shown in this order. */
  order: z.int(),
});
export type ReachKind = z.infer<typeof reachSchema> & { id: string; file: string };

export const containmentPhases = ['preserve', 'prepare', 'at-once', 'after'] as const;
export type ContainmentPhase = (typeof containmentPhases)[number];

/** What a command may name, besides settings in capitals: filled by us, always quoted. */
export const commandValues = ['account', 'account_url', 'serial', 'serial_url', 'hostname', 'since'] as const;

const actionSchema = z.strictObject({
  id,
  title: z.string().min(5),
  phase: z.enum(containmentPhases),
  /** Once for each account, each device, or once in all. */
  for: z.enum(['account', 'device', 'once']),
  does: z.string().min(10),
  /** How it is taken back, or that it cannot be. */
  undo: z.string().min(3),
  /** Lines for bash. Values come as variables of `commandValues`, in double quotes. */
  command: z.string().min(3).optional(),
  /** Where there is no command: what to do by hand. */
  by_hand: z.string().min(10).optional(),
  /** Access or settings it needs. */
  needs: z.string().min(3),
  docs: z.url({ protocol: /^https$/ }).optional(),
  /** The day on which the command was last compared with that page; absent where it was not. */
  checked: z.iso.date().optional(),
  /** The person can notice it. */
  warns: z.boolean().default(false),
});

const containmentSchema = z.strictObject({
  title: z.string().min(2),
  /** Connectors whose accounts or devices are this product's; `*`: always. */
  sources: z.array(z.string()).min(1),
  /** What to set before commands are pasted. */
  setup: z
    .array(z.strictObject({ name: z.string().regex(/^[A-Z][A-Z0-9_]*$/), what: z.string() }))
    .default([]),
  /** Shown in this order within a phase. */
  order: z.int(),
  actions: z.array(actionSchema).min(1),
});
export type ContainmentAction = z.infer<typeof actionSchema>;
export type Containment = z.infer<typeof containmentSchema> & { id: string; file: string };

/** What a letter may have filled in. Those of identity are left out of whatever is shared with others. */
export const letterGaps = {
  'case.number': 'number of the case',
  'case.opened': 'day it was opened',
  'case.findings': 'findings, as sentences',
  'case.innocent': 'innocent readings that were considered',
  'case.verdict': 'how it ended, if it has',
  'reach.sentences': 'what the person could reach and did',
  'reach.missing': 'what could not be known',
  'reach.devices': 'company devices',
  'person.pseudonym': 'pseudonym',
  'person.role': 'title, engagement, department',
  'person.dates': 'applied, started, left',
  'person.name': 'name given',
  'person.contacts': 'e-mail addresses, phone numbers and addresses given',
  'person.network': 'internet addresses seen',
  'person.payment': 'accounts pay went to, masked',
  'victim.note': 'who may be a victim, in words that name nobody',
  'pay.changes': 'changes of where pay goes',
  today: 'day it is written',
} as const;
export type LetterGap = keyof typeof letterGaps;

/** Gaps that may say who somebody is: allowed only where `identity` is. */
export const identityGaps: readonly LetterGap[] = [
  'person.name',
  'person.contacts',
  'person.network',
  'person.payment',
  'reach.devices',
];

const letterSchema = z.strictObject({
  title: z.string().min(5),
  for: z.string().min(5),
  kind: z.enum(['report', 'letter', 'memo', 'form']),
  controls,
  /** Whether it may say who the person says they are. Never where it goes to peers. */
  identity: z.boolean(),
  /** Counsel must release it before it leaves the house. Forms for inside use need not be. */
  counsel: z.boolean(),
  sources: z.array(z.string()).default([]),
  links: z.array(link).default([]),
  text: z.string().min(40),
});
export type Letter = z.infer<typeof letterSchema> & { id: string; file: string };

export interface Playbooks {
  playbooks: Playbook[];
  reach: ReachKind[];
  containment: Containment[];
  letters: Letter[];
}

/** Reads and checks `content/playbooks`. Every problem is reported, with its file and line. */
export async function loadPlaybooks(contentFolder: string): Promise<Playbooks> {
  const root = join(contentFolder, 'playbooks');
  const problems: string[] = [];
  const read = async <T extends object>(folder: string, schema: z.ZodType<T>) => {
    const found: (T & { id: string; file: string; lines: string[] })[] = [];
    for (const name of existsSync(folder) ? (await readdir(folder)).sort() : []) {
      if (!name.endsWith('.yml')) continue;
      const file = join(folder, name);
      const text = await readFile(file, 'utf8');
      const parsed = parseYaml(file, text, schema, problems);
      if (parsed) found.push({ ...parsed, id: name.slice(0, -4), file, lines: text.split('\n') });
    }
    return found;
  };
  const playbooks = await read(root, playbookSchema);
  const reach = await read(join(root, 'reach'), reachSchema);
  const containment = await read(join(root, 'containment'), containmentSchema);
  const letters = await read(join(root, 'letters'), letterSchema);
  const place = (one: { file: string; lines: string[] }, word: string) =>
    `${one.file}:${Math.max(1, one.lines.findIndex((line) => line.includes(word)) + 1)}`;

  for (const playbook of playbooks) {
    for (const other of playbook.also)
      if (!playbooks.some((one) => one.id === other))
        problems.push(`${place(playbook, other)}: also: no playbook "${other}"`);
    problems.push(
      ...stepProblems(playbook.steps).map(([step, text]) => `${place(playbook, `id: ${step}`)}: ${text}`),
    );
    for (const step of playbook.steps)
      if (step.letter && !letters.some((one) => one.id === step.letter))
        problems.push(`${place(playbook, `letter: ${step.letter}`)}: no letter "${step.letter}"`);
  }
  for (const kind of reach)
    if (kind.actions.length > 0 === kind.inventory.length > 0)
      problems.push(`${kind.file}:1: give either actions or inventory`);
  for (const one of containment)
    for (const action of one.actions) {
      const at = place(one, `id: ${action.id}`);
      if (one.actions.filter((other) => other.id === action.id).length > 1)
        problems.push(`${at}: two actions are called "${action.id}"`);
      if ((action.command === undefined) === (action.by_hand === undefined))
        problems.push(`${at}: give either command or by_hand`);
      if (action.warns && (action.phase === 'preserve' || action.phase === 'prepare'))
        problems.push(`${at}: what warns comes at once or after, not before`);
      if (action.command !== undefined) {
        if (action.docs === undefined) problems.push(`${at}: a command needs the page it is documented on`);
        const settings = one.setup.map(({ name }) => name);
        problems.push(
          ...commandProblems(action.command, action.for, settings).map((text) => `${at}: ${text}`),
        );
      }
    }
  for (const letter of letters)
    for (const [, gap = ''] of letter.text.matchAll(/\{([^{}]*)\}/g)) {
      const at = place(letter, `{${gap}}`);
      if (!(gap in letterGaps)) problems.push(`${at}: nothing fills {${gap}}`);
      else if (!letter.identity && identityGaps.includes(gap as LetterGap))
        problems.push(`${at}: {${gap}} may say who somebody is, and this letter must not`);
    }
  if (problems.length > 0) throw new RollcallError('CONTENT_INVALID', problems.join('\n'));
  const plain = <T extends { lines: string[] }>({ lines: _, ...rest }: T) => rest;
  return {
    playbooks: playbooks.map(plain),
    reach: reach.map(plain).sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1)),
    containment: containment.map(plain).sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1)),
    letters: letters.map(plain),
  };
}

/** What is wrong with the order of steps: names nobody has, steps that wait for later ones, warnings before evidence. */
export function stepProblems(
  steps: readonly Pick<PlaybookStep, 'id' | 'after' | 'controls' | 'warns' | 'kind'>[],
): [step: string, problem: string][] {
  const problems: [string, string][] = [];
  /** All that comes before a step, however far. */
  const before = new Map<string, Set<string>>();
  for (const step of steps) {
    if (before.has(step.id)) problems.push([step.id, `two steps are called "${step.id}"`]);
    const mine = new Set<string>();
    for (const earlier of step.after) {
      const further = before.get(earlier);
      if (!further) problems.push([step.id, `after: no earlier step "${earlier}"`]);
      else for (const one of [earlier, ...further]) mine.add(one);
    }
    before.set(step.id, mine);
    const preserved = steps.some((one) => one.controls.includes('C28') && mine.has(one.id));
    if ((step.warns || step.kind === 'containment') && !preserved)
      problems.push([
        step.id,
        `"${step.id}" can be noticed, and does not come after evidence was kept (C28)`,
      ]);
  }
  return problems;
}

/**
 * What is wrong with a command: a value outside double quotes, or one nobody sets. Values are hostile; in double quotes
 * bash takes them as they are.
 */
export function commandProblems(
  command: string,
  per: 'account' | 'device' | 'once',
  settings: readonly string[],
): string[] {
  const problems: string[] = [];
  const given: readonly string[] =
    per === 'account'
      ? ['account', 'account_url', 'since']
      : per === 'device'
        ? ['serial', 'serial_url', 'hostname', 'since']
        : ['since'];
  // Set by the command itself: by assignment, by `for`, by `read`.
  const own = [...command.matchAll(/(?:^\s*|\bfor |\bread -r )([a-z_]+)(?==| in |;)/gm)].map(
    (match) => match[1] as string,
  );
  // Within `$(…)` quotes begin anew.
  const outside: string[] = [];
  let quote = '';
  for (let i = 0; i < command.length; i++) {
    const char = command[i] as string;
    if (quote === "'") {
      if (char === "'") quote = '';
      continue;
    }
    if (char === '\\') {
      i++;
      continue;
    }
    if (char === '`') problems.push('`…` is not used: write $(…)');
    if (char === '"') quote = quote ? '' : '"';
    else if (char === "'" && !quote) quote = "'";
    else if (char === '$' && command[i + 1] === '(') {
      outside.push(quote);
      quote = '';
      i++;
    } else if (char === ')' && !quote && outside.length > 0) quote = outside.pop() as string;
    else if (char === '$') {
      const name = /^\$\{?([A-Za-z_][A-Za-z0-9_]*)/.exec(command.slice(i))?.[1];
      if (name === undefined) problems.push(`"$" at ${i} names nothing`);
      else {
        if (quote !== '"') problems.push(`$${name} stands outside double quotes`);
        if (![...given, ...settings, ...own].includes(name)) problems.push(`nothing sets $${name}`);
      }
    }
  }
  if (quote || outside.length > 0) problems.push('a quote is not closed');
  if (/\beval\b/.test(command)) problems.push('eval is not used');
  return problems;
}
