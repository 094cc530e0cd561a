/** Evidence as it was on a day: kept as canonical JSON with its hash, so that nobody has to trust a later scan. */
import { createHash, randomUUID } from 'node:crypto';
import type { PersonResult, SignalResult } from '@rollcall/engine/model/result.js';
import { eq, inArray } from 'drizzle-orm';
import { canonical } from '../../audit/audit.js';
import type { User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { caseFrozen, caseHypotheses, caseItems } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { happened, held, sourcesOf } from './scope.js';

export const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

/** What a finding's piece of evidence holds besides its sentence. */
export interface FindingData extends Record<string, unknown> {
  frozen: string;
  /** Place in the frozen signals. */
  index: number;
  detection: string;
  title: string;
  facet: string;
  bits: number;
  first: string;
  last: string;
  explained: boolean;
  conclusive: boolean;
}

export type FrozenRow = typeof caseFrozen.$inferSelect;

/** Freezes what the last scan says of somebody. Says the hash; nothing is added where nothing changed. */
export async function freeze(
  db: Db,
  services: Services,
  user: Pick<User, 'id'>,
  caseId: string,
  person: string,
): Promise<{ id: string; sha256: string; again: boolean } | undefined> {
  const snapshot = services.results.current();
  const row = snapshot?.row(person);
  if (!snapshot || !row) return undefined;
  const result = await snapshot.person(person);
  // Of whom nothing was found there is only who they are: that, too, is worth keeping.
  const json = canonical(result ?? { id: row.id, name: row.name, signals: [], nothingFound: true });
  const hash = sha256(json);
  const sources = await sourcesOf(db, caseId);
  const earlier = (await held(db, caseFrozen, sources)).filter((one) => one.person === person);
  const same = earlier.find((one) => one.sha256 === hash);
  if (same) return { id: same.id, sha256: hash, again: true };
  const id = randomUUID();
  const at = services.now();
  await db.insert(caseFrozen).values({
    id,
    case: caseId,
    person,
    snapshot: snapshot.number,
    asOf: snapshot.asOf,
    content: snapshot.head.rollcall.content,
    json,
    sha256: hash,
    by: user.id,
    at,
  });
  const signals = result?.signals ?? [];
  await keepFindings(db, services, user, caseId, person, id, signals);
  await keepReadings(db, services, user, caseId, person, signals);
  await happened(db, {
    case: caseId,
    by: user.id,
    at,
    kind: 'evidence.frozen',
    says: `The evidence of ${snapshot.asOf.slice(0, 10)} was frozen (SHA-256 ${hash.slice(0, 12)}…).`,
    person,
  });
  return { id, sha256: hash, again: false };
}

async function keepFindings(
  db: Db,
  services: Services,
  user: Pick<User, 'id'>,
  caseId: string,
  person: string,
  frozen: string,
  signals: readonly SignalResult[],
): Promise<void> {
  // One finding is enough to act on only where the world agrees that it is: not for what was written here.
  const conclusive = new Set(
    services.content.detections.filter((one) => one.weight?.conclusive && !one.own).map((one) => one.id),
  );
  const sources = await sourcesOf(db, caseId);
  const before = (await held(db, caseItems, sources)).filter(
    (item) => item.person === person && item.kind === 'finding' && item.state === 'held',
  );
  const hashes = signals.map((signal) => sha256(canonical(signal)));
  const found = new Set(signals.map((signal) => signal.detection));
  const replaced = before.filter(
    (item) => !hashes.includes(item.sha256) && found.has((item.data as FindingData).detection),
  );
  if (replaced.length > 0)
    await db
      .update(caseItems)
      .set({ state: 'replaced' })
      .where(
        inArray(
          caseItems.id,
          replaced.map((item) => item.id),
        ),
      );
  const known = new Set(before.map((item) => item.sha256));
  const rows = signals.flatMap((signal, index) => {
    const hash = hashes[index] as string;
    if (known.has(hash)) return [];
    known.add(hash);
    const data: FindingData = {
      frozen,
      index,
      detection: signal.detection,
      title: signal.title,
      facet: signal.facet,
      bits: signal.bits,
      first: signal.first,
      last: signal.last,
      explained: signal.explained !== undefined,
      conclusive: conclusive.has(signal.detection),
    };
    // Looked at again, a record that was found wrong is still wrong.
    const aside = replaced.find(
      (item) => item.setAside && (item.data as FindingData).detection === signal.detection,
    )?.setAside;
    return [
      {
        id: randomUUID(),
        case: caseId,
        person,
        kind: 'finding' as const,
        says: signal.says,
        data,
        sha256: hash,
        state: 'held' as const,
        by: user.id,
        at: services.now(),
        setAside: aside ?? null,
      },
    ];
  });
  if (rows.length > 0) await db.insert(caseItems).values(rows);
}

/** The innocent readings of what was found, each once, beside those that every case begins with. */
async function keepReadings(
  db: Db,
  services: Services,
  user: Pick<User, 'id'>,
  caseId: string,
  person: string,
  signals: readonly SignalResult[],
): Promise<void> {
  const sources = await sourcesOf(db, caseId);
  const known = (await held(db, caseHypotheses, sources)).filter((one) => one.person === person);
  const wanted = new Map<string, Set<string>>();
  for (const signal of signals) {
    if (signal.explained || signal.bits <= 0) continue;
    for (const reading of signal.innocent) {
      const text = reading.trim();
      const detections = wanted.get(text) ?? new Set();
      detections.add(signal.detection);
      wanted.set(text, detections);
    }
  }
  const base = { case: caseId, person, state: 'open' as const, by: user.id, at: services.now() };
  const rows: (typeof caseHypotheses.$inferInsert)[] = [];
  for (const [kind, says] of first)
    if (!known.some((one) => one.kind === kind))
      rows.push({ ...base, id: randomUUID(), kind, says, detections: [] });
  for (const [says, detections] of wanted) {
    const there = known.find((one) => one.kind === 'innocent' && one.says === says);
    const all = [...new Set([...(there?.detections ?? []), ...detections])].sort();
    if (!there) rows.push({ ...base, id: randomUUID(), kind: 'innocent', says, detections: all });
    // It is now said of a further finding: whoever answered it looks again.
    else if (all.length > there.detections.length)
      await db
        .update(caseHypotheses)
        .set({ detections: all, state: 'open' })
        .where(eq(caseHypotheses.id, there.id));
  }
  if (rows.length > 0) await db.insert(caseHypotheses).values(rows);
}

const first = [
  ['false', 'They are not who they claim to be.'],
  ['mistake', 'A record is wrong, or is about somebody else.'],
  ['victim', 'They are a victim: somebody else used their identity.'],
] as const;

/** Whether what is stored is what was frozen. */
export function intact(row: Pick<FrozenRow, 'json' | 'sha256'>): boolean {
  return sha256(row.json) === row.sha256;
}

/** A finding as it was frozen; absent where what is stored does not agree with its hash. */
export function frozenSignal(
  row: Pick<FrozenRow, 'json' | 'sha256'>,
  item: { sha256: string; data: Record<string, unknown> },
): SignalResult | undefined {
  if (!intact(row)) return undefined;
  const signal = (JSON.parse(row.json) as Partial<PersonResult>).signals?.[(item.data as FindingData).index];
  return signal && sha256(canonical(signal)) === item.sha256 ? signal : undefined;
}
