/** Detections people write here: tried on what is on record, switched on by a second person, one file each in the folder. */
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Detection } from '@rollcall/engine/content/detection.js';
import { withOwnFacts } from '@rollcall/engine/facts/own.js';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { checkDraft, type TriedDraft, tryDraft } from '@rollcall/engine/try-draft.js';
import { desc, eq } from 'drizzle-orm';
import { makeFolder, removeForGood, writeWhole } from '../../files.js';
import { notFound, Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { Services, Snapshot } from '../../model/services.js';
import { detectionDrafts } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { shown } from '../fairness/counting.js';
import { dimensionNames, dimensions, groupOf } from '../fairness/dimensions.js';
import { foundBy, weekly } from './found.js';
import { latestScan } from './list.js';
import type { Draft, Trial } from './words.js';

type Row = typeof detectionDrafts.$inferSelect;

/** Where the company's own detections lie: `<stage>/<id>.yml` below it. */
export const ownDetections = (folder: string): string => join(folder, 'content-own', 'detections');

export const textMost = 200_000;
const listed = 200;

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Content without what this draft itself put there: it may replace its own earlier wording. */
function others(services: Services, draft: Pick<Row, 'name' | 'state'>) {
  const { content } = services;
  return draft.state !== 'on'
    ? content
    : { ...content, detections: content.detections.filter((one) => one.id !== draft.name || !one.own) };
}

export function check(services: Services, draft: Pick<Row, 'text' | 'name' | 'stage' | 'state'>) {
  return checkDraft(draft.text, { id: draft.name, stage: draft.stage }, others(services, draft));
}

/** Held until the transaction ends: what is switched on is what was read. */
export async function draftOf(db: Db, id: string): Promise<Row> {
  const [row] = await db.select().from(detectionDrafts).where(eq(detectionDrafts.id, id)).for('update');
  if (!row) throw notFound('the draft');
  return row;
}

export async function listDrafts(db: Db, services: Services): Promise<Draft[]> {
  const rows = await db.select().from(detectionDrafts).orderBy(desc(detectionDrafts.changedAt));
  const names = await accountNames(services);
  return rows.map((row) => told(row, services, names));
}

export async function tellDraft(row: Row, services: Services): Promise<Draft> {
  return told(row, services, await accountNames(services));
}

async function accountNames(services: Services): Promise<ReadonlyMap<string, string>> {
  return new Map((await services.accounts.list()).map((one) => [one.id, one.name]));
}

function told(row: Row, services: Services, names: ReadonlyMap<string, string>): Draft {
  const title = /^title:[ \t]*(.{1,200})$/m.exec(row.text)?.[1]?.replace(/^["']|["']$/g, '');
  return {
    id: row.id,
    name: row.name,
    stage: row.stage,
    title: title ?? row.name,
    text: row.text,
    state: row.state,
    author: row.author,
    authorName: names.get(row.author) ?? row.author,
    createdAt: row.createdAt.toISOString(),
    changedAt: row.changedAt.toISOString(),
    tried: row.triedText === sha256(row.text),
    sha256: sha256(row.text),
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.decidedBy === null ? {} : { decidedBy: names.get(row.decidedBy) ?? row.decidedBy }),
    ...(row.decidedAt === null ? {} : { decidedAt: row.decidedAt.toISOString() }),
    problems: row.state === 'off' ? [] : check(services, row).problems,
  };
}

export async function makeDraft(
  db: Db,
  services: Services,
  user: User,
  given: { name: string; stage: string; text: string },
): Promise<Row> {
  const now = services.now();
  const [row] = await db
    .insert(detectionDrafts)
    .values({
      id: randomUUID(),
      ...given,
      state: 'draft',
      author: user.id,
      createdAt: now,
      changedAt: now,
    })
    .returning();
  return row as Row;
}

export async function changeDraft(
  db: Db,
  services: Services,
  user: User,
  id: string,
  given: { name: string; stage: string; text: string },
): Promise<Row> {
  const row = await draftOf(db, id);
  if (row.state === 'on')
    throw new Refusal(409, 'IN_USE', 'it is switched on: switch it off, or begin a new draft from it');
  // Whoever changes it last is its author: the second person must not have written a word of it.
  const [changed] = await db
    .update(detectionDrafts)
    .set({ ...given, state: 'draft', author: user.id, changedAt: services.now(), reason: null })
    .where(eq(detectionDrafts.id, id))
    .returning();
  return changed as Row;
}

let busy = 0;
let turn: Promise<unknown> = Promise.resolve();

/** One at a time, and not many waiting: each takes a core and a gigabyte. */
async function alone<T>(run: () => Promise<T>): Promise<T> {
  if (busy >= 4)
    throw new Refusal(429, 'BUSY', 'several drafts are being tried; try again in a minute', {
      'retry-after': '60',
    });
  busy++;
  const mine = turn.then(run, run);
  turn = mine.catch(() => undefined);
  try {
    return await mine;
  } finally {
    busy--;
  }
}

/** Asks a draft of what is on record. Nothing is changed but that it was tried. */
export async function tryOut(services: Services, user: User, id: string): Promise<Trial> {
  const row = await draftOf(services.store.db, id);
  const snapshot = latestScan(services);
  const { detection, problems } = check(services, row);
  if (!detection) {
    const [first] = problems;
    throw new Refusal(
      422,
      'DRAFT_INVALID',
      `${first?.line === undefined ? '' : `line ${first.line}: `}${first?.says ?? 'it cannot be read'}`,
    );
  }
  const tried = await alone(async () => {
    const policy = await services.policy();
    const content = policy.facts.directory
      ? await withOwnFacts(
          services.content,
          policy.facts.directory,
          join(services.folder, 'facts-for-drafts'),
        )
      : services.content;
    return tryDraft({ detection, content, policy, lake: services.lake }).catch((error: unknown) => {
      if (error instanceof RollcallError && error.code === 'LAKE_MISSING')
        throw new Refusal(409, 'NO_SCAN', error.message);
      throw error;
    });
  });
  const trial = await trialOf(services, user, detection, tried, snapshot);
  if (trial.sound)
    await services.store.db
      .update(detectionDrafts)
      .set({ triedText: sha256(row.text), triedScan: snapshot.number })
      .where(eq(detectionDrafts.id, id));
  return trial;
}

async function trialOf(
  services: Services,
  user: User,
  detection: Detection,
  tried: TriedDraft,
  snapshot: Snapshot,
): Promise<Trial> {
  const known = tried.findings.flatMap((finding) => {
    const row = snapshot.row(finding.person);
    return row ? [{ finding, row }] : [];
  });
  const counting = known.filter(({ finding }) => !finding.explained);
  const showing = new Set(counting.map(({ row }) => row.id));
  const opened = await services.sight.open(user);
  const order = new Map(snapshot.people.map((row, i) => [row.id, i]));
  return {
    asOf: tried.asOf,
    about: detection.about,
    milliseconds: tried.milliseconds,
    tests: tried.tests.map(({ name, problem }) => ({ name, ...(problem === undefined ? {} : { problem }) })),
    missing: tried.missing,
    enabledBy: tried.enabledBy,
    ...(tried.problem === undefined ? {} : { problem: tried.problem }),
    people: showing.size,
    explained: known.length - counting.length,
    rows: tried.rows,
    rates: tried.rates,
    ...(tried.ownBits === undefined ? {} : { ownBits: tried.ownBits }),
    weeks: weekly(
      counting.map(({ finding }) => finding.first),
      snapshot.asOf,
    ),
    overlap: await overlapOf(showing, snapshot),
    groups:
      detection.about === 'person'
        ? dimensionNames.map((dimension) => {
            const counts = new Map<string, { group: string; of: number; counted: number }>();
            for (const row of snapshot.people) {
              const group = groupOf(dimension, row, snapshot.asOf);
              const one = counts.get(group) ?? { group, of: 0, counted: 0 };
              one.of++;
              if (showing.has(row.id)) one.counted++;
              counts.set(group, one);
            }
            const seen = shown([...counts.values()], {
              discreet: false,
              what: dimensions[dimension],
              flagged: 'found by it',
            });
            return {
              title: dimensions[dimension],
              says: seen.says,
              rows: seen.groups.map(({ group, of, counted, share, low, high, result }) => ({
                group,
                ...(of === undefined ? {} : { of }),
                ...(counted === undefined ? {} : { counted }),
                ...(share === undefined ? {} : { share }),
                ...(low === undefined ? {} : { low }),
                ...(high === undefined ? {} : { high }),
                ...(result === undefined ? {} : { result }),
              })),
            };
          })
        : [],
    who: known
      .sort((a, b) => (order.get(a.row.id) ?? 0) - (order.get(b.row.id) ?? 0))
      .slice(0, listed)
      .map(({ finding, row }) => ({
        handle: row.handle,
        name: services.sight.called(row, opened.has(row.id)),
        stage: row.stage,
        band: row.band,
        first: finding.first,
        rows: finding.rows,
        explained: finding.explained,
      })),
    sound: tried.problem === undefined && tried.tests.length > 0 && tried.tests.every((one) => !one.problem),
  };
}

async function overlapOf(showing: ReadonlySet<string>, snapshot: Snapshot): Promise<Trial['overlap']> {
  const titles = new Map(snapshot.head.detections.map((one) => [one.id, one.title]));
  const list: Trial['overlap'] = [];
  for (const [id, found] of await foundBy(snapshot)) {
    const people = new Set(found.filter((one) => !one.explained && one.bits > 0).map((one) => one.person));
    const both = [...people].filter((person) => showing.has(person)).length;
    if (both > 0) list.push({ id, title: titles.get(id) ?? id, both, people: people.size });
  }
  return list.sort((a, b) => b.both - a.both || a.people - b.people || (a.id < b.id ? -1 : 1)).slice(0, 15);
}

/** Its author asks for a second pair of eyes. */
export async function proposeDraft(
  db: Db,
  services: Services,
  user: User,
  id: string,
  reason: string,
): Promise<Row> {
  const row = await draftOf(db, id);
  if (row.author !== user.id)
    throw new Refusal(403, 'NOT_AUTHOR', 'only who wrote it last can ask for it to be switched on');
  if (row.state === 'on') throw new Refusal(409, 'IN_USE', 'it is switched on already');
  if (row.triedText !== sha256(row.text) || check(services, row).problems.length > 0)
    throw new Refusal(409, 'NOT_TRIED', 'try it first as it stands now: its tests must pass and it must run');
  return set(db, id, { state: 'asked', reason });
}

/** A second person has looked at it: from the next scan on it looks at everybody. */
export async function switchOn(
  db: Db,
  services: Services,
  user: User,
  id: string,
  given: { reason: string; sha256: string },
): Promise<Row> {
  const row = await draftOf(db, id);
  if (row.state !== 'asked')
    throw new Refusal(409, 'NOT_ASKED', 'its author has to ask for it to be switched on first');
  if (row.author === user.id)
    throw new Refusal(
      403,
      'FOUR_EYES',
      'a second person switches it on: whoever wrote a detection does not decide on it alone',
    );
  if (given.sha256 !== sha256(row.text))
    throw new Refusal(409, 'CHANGED', 'it was changed after you opened it: read it again');
  const { detection, problems } = check(services, row);
  if (!detection)
    throw new Refusal(
      409,
      'DRAFT_INVALID',
      `it no longer fits what is here: ${problems[0]?.says ?? 'it cannot be read'}`,
    );
  const folder = join(ownDetections(services.folder), row.stage);
  const file = join(folder, `${row.name}.yml`);
  await makeFolder(folder);
  await writeWhole(file, row.text);
  const { tests: _, ...rest } = detection;
  const { detections } = services.content;
  // The folder may have been read again meanwhile.
  if (!detections.some((one) => one.id === row.name)) detections.push({ ...rest, tests: [], file });
  return set(db, id, {
    state: 'on',
    reason: given.reason,
    decidedBy: user.id,
    decidedAt: services.now(),
  });
}

/** Back to its author, with what is to be changed. */
export async function sendBack(
  db: Db,
  services: Services,
  user: User,
  id: string,
  reason: string,
): Promise<Row> {
  const row = await draftOf(db, id);
  if (row.state !== 'asked') throw new Refusal(409, 'NOT_ASKED', 'nobody asked for it to be switched on');
  return set(db, id, { state: 'draft', reason, decidedBy: user.id, decidedAt: services.now() });
}

/** From the next scan on it looks at nobody. One person is enough for that. */
export async function switchOff(
  db: Db,
  services: Services,
  user: User,
  id: string,
  reason: string,
): Promise<Row> {
  const row = await draftOf(db, id);
  if (row.state !== 'on') throw new Refusal(409, 'NOT_ON', 'it is not switched on');
  await removeForGood(join(ownDetections(services.folder), row.stage, `${row.name}.yml`));
  const { detections } = services.content;
  const at = detections.findIndex((one) => one.id === row.name && one.own);
  if (at >= 0) detections.splice(at, 1);
  return set(db, id, { state: 'off', reason, decidedBy: user.id, decidedAt: services.now() });
}

export async function discard(db: Db, user: User, id: string): Promise<Row> {
  const row = await draftOf(db, id);
  if (row.state === 'on') throw new Refusal(409, 'IN_USE', 'it is switched on: switch it off first');
  if (row.author !== user.id) throw new Refusal(403, 'NOT_AUTHOR', 'only who wrote it last can discard it');
  await db.delete(detectionDrafts).where(eq(detectionDrafts.id, id));
  return row;
}

async function set(db: Db, id: string, change: Partial<Row>): Promise<Row> {
  const [row] = await db.update(detectionDrafts).set(change).where(eq(detectionDrafts.id, id)).returning();
  return row as Row;
}
