/** `rollcall explanations`: innocent reasons: what the data proposes, what people put on record, and what each silences. */
import { loadContent, query } from '@rollcall/engine';
import {
  addExplanation,
  confirmExplanation,
  confirmed,
  doubtsAbout,
  explanationsOnRecord,
  groupInWords,
  holds,
  isOfPerson,
  type OnRecord,
  readDecisions,
  readProposals,
  withdrawExplanation,
} from '@rollcall/engine/links/index.js';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import type { Explanation, ExplanationKind } from '@rollcall/engine/model/policy.js';
import type { Proposal } from '@rollcall/engine/model/result.js';
import { bold, count, dim, safe } from '../terminal.js';
import { type DecideFlags, told } from './rings.js';

/** Findings printed of one explanation in the list; `show` and `--json` give all. */
const findingsShown = 3;

/** Lists what is proposed, with what speaks against it, and what is on record, with what it silenced at the last scan. */
export async function listExplanations({
  lake,
  ...flags
}: {
  lake: string;
  json?: boolean;
}): Promise<number> {
  const decisions = await readDecisions(lake);
  const recorded = confirmed(decisions);
  const now = new Date();
  const known = new Set(recorded.filter((one) => holds(one.explanation, now)).map((one) => one.id));
  const proposed = (await readProposals(lake)).filter((one) => !known.has(one.id));
  const onRecord = await explanationsOnRecord(lake, now);
  if (flags.json) {
    process.stdout.write(
      `${JSON.stringify({ proposed, confirmed: recorded, explanations: onRecord }, null, 1)}\n`,
    );
    return 0;
  }
  console.log(bold(`Proposed (${proposed.length}); none counts until somebody confirms it`));
  for (const one of proposed) printProposal(one);
  for (const state of ['in force', 'not yet', 'over', 'withdrawn'] as const) {
    const list = onRecord.filter((one) => one.state === state);
    if (list.length === 0 && state !== 'in force') continue;
    console.log(`\n${bold(`${stateWords[state]} (${list.length})`)}`);
    for (const one of list) printRecord(one, findingsShown);
  }
  return 0;
}

const stateWords = {
  'in force': 'In force',
  'not yet': 'Not yet: they begin later',
  over: 'Over: what they were about counts again',
  withdrawn: 'Withdrawn',
} as const;

/** Everything about one: proposed or on record. */
export async function explanationShow(id: string, flags: { lake: string; json?: boolean }): Promise<number> {
  const now = new Date();
  const one = (await explanationsOnRecord(flags.lake, now)).find((explanation) => explanation.id === id);
  const proposal = (await readProposals(flags.lake)).find((other) => other.id === id);
  if (!one && !proposal)
    throw new RollcallError('ARGUMENT_INVALID', `no explanation ${id}; “rollcall explanations” lists them`);
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(one ?? { ...proposal, state: 'proposed' }, null, 1)}\n`);
    return 0;
  }
  if (one) {
    console.log(bold(`${stateWords[one.state]}`));
    printRecord(one, Number.POSITIVE_INFINITY);
  } else if (proposal) {
    console.log(bold('Proposed; it does not count until somebody confirms it'));
    printProposal(proposal);
  }
  return 0;
}

function printProposal(one: Proposal): void {
  console.log(`\n${bold(one.id)}`);
  console.log(`  ${safe(one.says, 400)}`);
  for (const row of one.evidence.rows.slice(0, 8))
    console.log(dim(`    ${safe(row.filter((cell) => cell !== null).join(' · '), 160)}`));
  for (const sentence of one.silences.slice(0, 6)) console.log(`  would silence  ${safe(sentence, 240)}`);
  for (const sentence of one.against) console.log(`  against it     ${safe(sentence, 240)}`);
  console.log(`  before that    ${safe(one.check, 240)}`);
  if (one.policy) console.log(`  then, in the policy file:\n${one.policy.replace(/^/gm, '    ')}`);
}

function printRecord(one: OnRecord, most: number): void {
  const about = [
    ...one.people
      .slice(0, 8)
      .map((person) => (person.name === person.id ? person.id : `${person.name} (${person.id})`)),
    ...(one.people.length > 8 ? [`${one.people.length - 8} more`] : []),
    ...one.groups.map(groupInWords),
  ];
  console.log(`  ${bold(one.id)}  ${one.kind}: ${safe(about.join(', ') || 'everybody', 300)}`);
  console.log(
    `    ${safe(one.reason, 300)} ${dim(`(${[safe(one.by, 60), until(one), source(one)].filter(Boolean).join('; ')})`)}`,
  );
  const scope = [
    one.value ? `only “${safe(one.value, 80)}”` : '',
    one.from || one.to
      ? `what happened ${one.from ? `from ${one.from}` : ''}${one.to ? ` to ${one.to}` : ''}`
      : '',
    one.detections.length > 0 ? `only ${one.detections.join(', ')}` : '',
  ].filter(Boolean);
  if (scope.length > 0) console.log(`    covers          ${scope.join('; ')}`);
  for (const doubt of one.doubts) console.log(`    note            ${safe(doubt, 240)}`);
  if (one.withdrawn)
    console.log(
      `    withdrawn       ${one.withdrawn.time.slice(0, 10)} by ${safe(one.withdrawn.by, 60)}: ${safe(one.withdrawn.reason, 200)}`,
    );
  if (one.state !== 'in force') return;
  if (!one.scanned) console.log('    It counts from the next scan on.');
  else if (one.accountsFor.length + one.joins.length === 0)
    console.log('    At the last scan it accounted for nothing.');
  for (const finding of one.accountsFor.slice(0, most))
    console.log(
      `    accounts for    ${finding.bits === 0 ? `${count(finding.rows)} of ${count(finding.of)} rows` : `${finding.bits > 0 ? '+' : ''}${finding.bits.toFixed(1)}`}  ${safe(`${finding.person.name}: ${finding.says}`, 240)}`,
    );
  if (one.accountsFor.length > most)
    console.log(
      dim(`                    … and ${one.accountsFor.length - most} more: explanations show ${one.id}`),
    );
  for (const link of one.joins.slice(0, most))
    console.log(`    joins nobody    ${link.bits.toFixed(1)}  ${safe(link.says, 240)}`);
  if (one.joins.length > most)
    console.log(dim(`                    … and ${one.joins.length - most} more values that join nobody`));
}

function until(one: OnRecord): string {
  return one.until ? `until ${one.until}` : 'no last day';
}

function source(one: OnRecord): string {
  if (one.source === 'decision') return `decision ${one.decision}`;
  return one.source === 'policy' ? 'policy file' : '';
}

export interface AddFlags extends DecideFlags {
  kind: ExplanationKind;
  people?: string[];
  department?: string[];
  vendor?: string[];
  value?: string;
  detections?: string[];
  from?: string;
  to?: string;
  until?: string;
}

/** Puts an innocent reason on record. Ids that nobody here has are refused: a slip would silence nothing. */
export async function explanationAdd(flags: AddFlags): Promise<number> {
  const { people = [], detections = [], department = [], vendor = [], value, from, to, until } = flags;
  await mustBeKnown(flags.lake, 'person_id', people, 'nobody here has the id');
  await mustBeKnown(flags.lake, 'department', department, 'nobody here is of the department');
  await mustBeKnown(flags.lake, 'vendor', vendor, 'nobody here comes through');
  if (detections.length > 0) {
    const there = new Map(
      (await loadContent(undefined, { withoutTests: true })).detections.map((one) => [one.id, one]),
    );
    for (const id of detections) {
      const detection = there.get(id);
      if (!detection) throw new RollcallError('ARGUMENT_INVALID', `there is no detection ${id}`);
      if (!isOfPerson(flags) && !detection.explained_by.includes(flags.kind))
        throw new RollcallError(
          'ARGUMENT_INVALID',
          `${flags.kind} does not explain ${id}; ${detection.explained_by.length > 0 ? `these do: ${detection.explained_by.join(', ')}` : 'nothing does'}`,
        );
    }
  }
  const groups = [
    ...department.map((name) => ({ department: name })),
    ...vendor.map((name) => ({ vendor: name })),
  ];
  const explanation: Omit<Explanation, 'id' | 'by' | 'reason'> = {
    kind: flags.kind,
    people,
    detections,
    ...(groups.length > 0 ? { groups } : {}),
    ...(value ? { value } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(until ? { until } : {}),
  };
  const decision = await addExplanation(flags.lake, explanation, {
    by: flags.by,
    reason: flags.reason,
    now: new Date(),
  });
  const code = told(decision);
  if (decision.kind === 'explanation.confirm')
    for (const doubt of doubtsAbout(
      { ...decision.what.explanation, by: flags.by, reason: flags.reason },
      new Date(),
    ))
      console.log(`Note: ${safe(doubt, 240)}`);
  return code;
}

async function mustBeKnown(
  lake: string,
  column: 'person_id' | 'department' | 'vendor',
  values: readonly string[],
  problem: string,
): Promise<void> {
  if (values.length === 0) return;
  const { rows } = await query(lake, `SELECT DISTINCT ${column} AS value FROM people`);
  // Ids are compared as they are, names of departments and vendors without case.
  const plain = (value: unknown) =>
    column === 'person_id' ? String(value) : String(value).trim().toLowerCase();
  const there = new Set(rows.map((row) => plain(row.value)));
  const strangers = values.filter((value) => !there.has(plain(value)));
  if (strangers.length > 0)
    throw new RollcallError('ARGUMENT_INVALID', `${problem} ${strangers.join(', ')} at the last scan`);
}

export async function explanationConfirm(id: string, flags: DecideFlags & { until?: Date }): Promise<number> {
  const { until, ...who } = flags;
  return told(
    await confirmExplanation(flags.lake, id, {
      ...who,
      ...(until ? { until: until.toISOString().slice(0, 10) } : {}),
      now: new Date(),
    }),
  );
}

export async function explanationWithdraw(id: string, flags: DecideFlags): Promise<number> {
  return told(await withdrawExplanation(flags.lake, id, { ...flags, now: new Date() }));
}
