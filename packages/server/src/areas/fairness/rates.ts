/** How often people of each group of work are flagged, looked into, or met with a step. */
import { eq, inArray } from 'drizzle-orm';
import { Refusal } from '../../model/refusal.js';
import type { PersonRow, Services, Snapshot } from '../../model/services.js';
import { caseDecisions, casePeople, cases, checks, fairnessCounts } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { atOnce, inSlices, pauses, type Steps } from '../../work/slices.js';
import { type Counted, shown } from './counting.js';
import { type Dimension, dimensionNames, dimensions, groupOf } from './dimensions.js';
import { type Division, type Fairness, type Measure, measures } from './words.js';

export const flaggedAs: Record<Measure, string> = {
  watch: 'at watch or above',
  review: 'at review or above',
  case: 'the subject of a case',
  check: 'asked for a check',
  adverse: 'met with an adverse step',
};

/** What only members of a case know of, and must not be had from a count. */
const discreet: ReadonlySet<Measure> = new Set(['case', 'adverse', 'check']);

export function latestScan(services: Services): Snapshot {
  const snapshot = services.results.current();
  if (!snapshot)
    throw new Refusal(
      409,
      'NO_SCAN',
      'nobody was looked at yet: hand in exports under Sources, and wait for the first scan',
    );
  return snapshot;
}

/** Whom a measure counts. */
export async function flagged(measure: Measure, db: Db): Promise<(row: PersonRow) => boolean> {
  switch (measure) {
    case 'watch':
      return (row) => row.band !== 'clear';
    case 'review':
      return (row) => row.band === 'review' || row.band === 'urgent';
    case 'case': {
      const rows = await db
        .selectDistinct({ person: casePeople.person })
        .from(casePeople)
        .innerJoin(cases, eq(cases.id, casePeople.case))
        .where(inArray(cases.state, ['open', 'closed', 'merged']));
      return among(rows);
    }
    case 'check':
      return among(
        await db
          .selectDistinct({ person: checks.person })
          .from(checks)
          .where(inArray(checks.state, ['asked', 'done'])),
      );
    case 'adverse':
      return among(
        await db
          .selectDistinct({ person: caseDecisions.person })
          .from(caseDecisions)
          .where(eq(caseDecisions.kind, 'step')),
      );
  }
}

function among(rows: readonly { person: string }[]): (row: PersonRow) => boolean {
  const people = new Set(rows.map((row) => row.person));
  return (row) => people.has(row.id);
}

export function count(
  snapshot: Snapshot,
  dimension: Dimension,
  isFlagged: (row: PersonRow) => boolean,
): Counted[] {
  const { names, of } = made.get(snapshot)?.get(dimension) ?? atOnce(grouping(snapshot, dimension));
  const counts = names.map((group): Counted => ({ group, of: 0, counted: 0 }));
  for (let place = 0; place < of.length; place++) {
    const one = counts[of[place] as number] as Counted;
    one.of++;
    if (isFlagged(snapshot.people[place] as PersonRow)) one.counted++;
  }
  return counts;
}

/** The groups of a dimension, and by place in the snapshot's people in which of them each is. */
interface Groups {
  names: string[];
  of: Uint32Array;
}

const made = new WeakMap<Snapshot, Map<Dimension, Groups>>();

function* grouping(snapshot: Snapshot, dimension: Dimension): Steps<Groups> {
  const numbers = new Map<string, number>();
  const of = new Uint32Array(snapshot.people.length);
  for (const [place, row] of snapshot.people.entries()) {
    if (place % 500 === 499) yield;
    const name = groupOf(dimension, row, snapshot.asOf);
    const number = numbers.get(name) ?? numbers.size;
    if (number === numbers.size) numbers.set(name, number);
    of[place] = number;
  }
  const groups = { names: [...numbers.keys()], of };
  made.set(snapshot, (made.get(snapshot) ?? new Map<Dimension, Groups>()).set(dimension, groups));
  return groups;
}

export async function rates(services: Services, db: Db, measure: Measure): Promise<Fairness> {
  const snapshot = latestScan(services);
  const isFlagged = await flagged(measure, db);
  return {
    asOf: snapshot.asOf,
    people: snapshot.people.length,
    measure,
    divisions: dimensionNames.map((dimension): Division => {
      const seen = shown(count(snapshot, dimension, isFlagged), {
        discreet: discreet.has(measure),
        what: dimensions[dimension],
        flagged: flaggedAs[measure],
      });
      return { dimension, title: dimensions[dimension], measure, ...seen };
    }),
    trend: await trend(db, measure),
  };
}

/** `2026 Q2`, in UTC. */
export function quarterOf(time: string): string {
  const date = new Date(time);
  return `${date.getUTCFullYear()} Q${Math.floor(date.getUTCMonth() / 3) + 1}`;
}

/** Keeps how things stand, by the quarter of the scan: its last scan is what the trend shows. */
export async function keepQuarter(services: Services): Promise<void> {
  const snapshot = services.results.current();
  if (!snapshot) return;
  const at = services.now();
  const quarter = quarterOf(snapshot.asOf);
  const rows: (typeof fairnessCounts.$inferInsert)[] = [];
  const pause = pauses();
  for (const dimension of dimensionNames) await inSlices(grouping(snapshot, dimension));
  for (const measure of measures) {
    const isFlagged = await flagged(measure, services.store.db);
    for (const dimension of dimensionNames) {
      await pause();
      for (const one of count(snapshot, dimension, isFlagged))
        rows.push({ quarter, dimension, measure, at, group: one.group, of: one.of, counted: one.counted });
    }
  }
  await services.store.transaction(async (db) => {
    await db.delete(fairnessCounts).where(eq(fairnessCounts.quarter, quarter));
    for (let i = 0; i < rows.length; i += 500) await db.insert(fairnessCounts).values(rows.slice(i, i + 500));
  });
}

async function trend(db: Db, measure: Measure): Promise<Fairness['trend']> {
  const rows = await db.select().from(fairnessCounts).where(eq(fairnessCounts.measure, measure));
  const parts = new Map<string, (typeof rows)[number][]>();
  for (const row of rows) {
    const key = `${row.quarter}\u0000${row.dimension}`;
    const part = parts.get(key);
    if (part) part.push(row);
    else parts.set(key, [row]);
  }
  return [...parts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, part]) => {
      const [quarter = '', dimension = ''] = key.split('\u0000');
      const seen = shown(part, {
        discreet: discreet.has(measure),
        what: dimension,
        flagged: flaggedAs[measure],
      });
      return seen.groups.map(({ group, of, counted, share, low, high, hidden }) => ({
        quarter,
        dimension,
        group,
        cell: {
          ...(of === undefined ? {} : { of }),
          ...(counted === undefined ? {} : { counted }),
          ...(share === undefined ? {} : { share }),
          ...(low === undefined ? {} : { low }),
          ...(high === undefined ? {} : { high }),
          hidden,
        },
      }));
    });
}
