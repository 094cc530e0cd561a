import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { appendWhole } from '../disk/durable.js';
import { RollcallError } from '../model/errors.js';
import { type Explanation, explanationSchema } from '../model/policy.js';
import { changeLines } from './ring-log.js';

/** File of what people decided, in the lake's folder. Lines are only ever added. */
export const decisionsFile = 'decisions.jsonl';

const head = {
  /** From 1, in the order in which things were decided. */
  id: z.number().int().positive(),
  time: z.string(),
  by: z.string().min(1),
  reason: z.string().min(1),
};
const ring = z.string().min(1);
const decisionSchema = z.discriminatedUnion('kind', [
  /** Two rings are one. */
  z.strictObject({
    ...head,
    kind: z.literal('ring.merge'),
    what: z.strictObject({ rings: z.tuple([ring, ring]) }),
  }),
  /** These people are a ring of their own; one person alone is in none. */
  z.strictObject({
    ...head,
    kind: z.literal('ring.split'),
    what: z.strictObject({ ring, people: z.array(z.string()).min(1) }),
  }),
  z.strictObject({
    ...head,
    kind: z.literal('explanation.confirm'),
    /** The proposal's id, and what is explained from then on. */
    what: z.strictObject({
      id: z.string().min(1),
      explanation: explanationSchema.omit({ by: true, reason: true }),
    }),
  }),
  z.strictObject({
    ...head,
    kind: z.literal('explanation.withdraw'),
    what: z.strictObject({ id: z.string().min(1) }),
  }),
  /** An earlier decision no longer counts. An undo can be undone. */
  z.strictObject({ ...head, kind: z.literal('undo'), undoes: z.number().int().positive() }),
]);
export type Decision = z.infer<typeof decisionSchema>;

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** A decision before it is written down. */
export type NewDecision = Without<Decision, 'id' | 'time'>;

/** Everything decided, in order. A line that cannot be read is an error that names file and line. */
export async function readDecisions(lake: string): Promise<Decision[]> {
  const path = join(lake, decisionsFile);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const decisions: Decision[] = [];
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    const parsed = decisionSchema.safeParse(json(line));
    const problem = parsed.success
      ? parsed.data.id !== decisions.length + 1
        ? `its id is ${parsed.data.id}, where ${decisions.length + 1} is next`
        : parsed.data.kind === 'undo' && parsed.data.undoes >= parsed.data.id
          ? 'it undoes what was not yet decided'
          : undefined
      : (parsed.error.issues[0]?.message ?? 'not a decision');
    if (!parsed.success || problem)
      throw new RollcallError(
        'LAKE_DAMAGED',
        `${path}:${i + 1}: ${problem}; nothing was changed, put the line right or restore the file`,
      );
    decisions.push(parsed.data);
  });
  return decisions;
}

/** Writes a decision down, and returns it with its id. Two at once wait for each other. */
export async function decide(lake: string, decision: NewDecision, now: Date): Promise<Decision> {
  return alone(lake, async () => {
    const before = await readDecisions(lake);
    const path = join(lake, decisionsFile);
    const made = decisionSchema.parse({
      id: before.length + 1,
      time: now.toISOString(),
      ...decision,
    });
    const whole = await readFile(path, 'utf8').catch(() => '');
    await appendWhole(path, `${whole !== '' && !whole.endsWith('\n') ? '\n' : ''}${JSON.stringify(made)}\n`);
    return made;
  });
}

/** Writes every line anew, in its place; for taking out of them who is forgotten. */
export async function changeDecisions(lake: string, change: (line: string) => string): Promise<void> {
  await alone(lake, () => changeLines(join(lake, decisionsFile), change));
}

/** The decisions that count: those not undone, and those whose undoing was undone. */
export function inForce(decisions: readonly Decision[]): Decision[] {
  const gone = new Set<number>();
  // The last word counts, so it is read from the end: an undo that is itself undone does nothing.
  for (const decision of [...decisions].reverse())
    if (decision.kind === 'undo' && !gone.has(decision.id)) gone.add(decision.undoes);
  return decisions.filter((decision) => decision.kind !== 'undo' && !gone.has(decision.id));
}

/** An explanation that a person confirmed. */
export interface Confirmed {
  /** The proposal's id. */
  id: string;
  /** The decision's. */
  decision: number;
  time: string;
  explanation: Explanation;
}

export function confirmed(decisions: readonly Decision[]): Confirmed[] {
  return everConfirmed(decisions).filter((one) => !one.withdrawn);
}

/** Explanations that were ever recorded, and of those that were taken back, by whom and why. */
export function everConfirmed(
  decisions: readonly Decision[],
): (Confirmed & { withdrawn?: { by: string; time: string; reason: string } })[] {
  const list = new Map<string, ReturnType<typeof everConfirmed>[number]>();
  const counts = new Set(inForce(decisions).map((decision) => decision.id));
  for (const decision of decisions) {
    const { by, time, reason } = decision;
    if (decision.kind === 'explanation.confirm') {
      const { id, explanation } = decision.what;
      // One that was undone does not take the place of an earlier one that counts.
      if (counts.has(decision.id) || !list.has(id))
        list.set(id, {
          id,
          decision: decision.id,
          time,
          explanation: { ...explanation, id, reason, by },
        });
    }
    if (decision.kind === 'explanation.withdraw' && counts.has(decision.id)) {
      const one = list.get(decision.what.id);
      if (one) one.withdrawn = { by, time, reason };
    }
  }
  for (const one of list.values()) {
    if (one.withdrawn || counts.has(one.decision)) continue;
    const undo = decisions.find((decision) => decision.kind === 'undo' && decision.undoes === one.decision);
    one.withdrawn = { by: undo?.by ?? '', time: undo?.time ?? '', reason: undo?.reason ?? '' };
  }
  return [...list.values()];
}

/** The explanations recorded in a lake, to be added to those of the policy. None is ever applied that nobody confirmed. */
export async function recordedExplanations(lake: string): Promise<Explanation[]> {
  return confirmed(await readDecisions(lake)).map((one) => one.explanation);
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Runs something while no other process decides. */
async function alone<T>(lake: string, run: () => Promise<T>): Promise<T> {
  const path = join(lake, 'decisions.lock');
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(path, 'wx', 0o600);
      await handle.writeFile(`${process.pid}\n`);
      await handle.close();
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT')
        throw new RollcallError(
          'LAKE_MISSING',
          `${lake} holds no scan yet; run "rollcall scan FOLDER" first`,
        );
      if (code !== 'EEXIST') throw error;
    }
    const owner = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
    if (Number.isInteger(owner) && !alive(owner)) await rm(path, { force: true });
    else if (attempt === 100)
      throw new RollcallError(
        'LAKE_LOCKED',
        `another process (${owner}) is deciding in ${lake}; remove ${path} if it is not`,
      );
    else await new Promise((done) => setTimeout(done, 20));
  }
  try {
    return await run();
  } finally {
    await rm(path, { force: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
