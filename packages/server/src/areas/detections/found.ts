/** Which detection found whom, gathered once for each scan from what was concluded of everybody. */
import type { Services, Snapshot } from '../../model/services.js';

export interface Found {
  person: string;
  /** Position among the findings of the person. */
  at: number;
  first: string;
  bits: number;
  explained: boolean;
}

export type FoundBy = ReadonlyMap<string, readonly Found[]>;

const gathered = new WeakMap<Snapshot, Promise<FoundBy>>();
const weeks = 26;
const week = 7 * 86_400_000;
/** People read before others have their turn. */
const atOnce = 200;

/** Everybody a detection found, most pressing first; the same promise while it is gathered. */
export function foundBy(snapshot: Snapshot): Promise<FoundBy> {
  const known = gathered.get(snapshot);
  if (known) return known;
  const made = gather(snapshot);
  gathered.set(snapshot, made);
  // A failure is not kept: the next who asks tries again.
  made.catch(() => gathered.delete(snapshot));
  return made;
}

async function gather(snapshot: Snapshot): Promise<FoundBy> {
  const found = new Map<string, Found[]>();
  let read = 0;
  for (const row of snapshot.people) {
    if (row.signals === 0) continue;
    const person = await snapshot.person(row.id);
    person?.signals.forEach((signal, at) => {
      const one: Found = {
        person: row.id,
        at,
        first: signal.first,
        bits: signal.bits,
        explained: signal.explained !== undefined,
      };
      const list = found.get(signal.detection);
      if (list) list.push(one);
      else found.set(signal.detection, [one]);
    });
    if (++read % atOnce === 0) await new Promise((done) => setImmediate(done));
  }
  return found;
}

/** The same if it is there within a moment; pages that only adorn themselves with it do not wait for it. */
export async function foundSoon(services: Services, snapshot: Snapshot): Promise<FoundBy | undefined> {
  const gathering = foundBy(snapshot);
  let late = false;
  const clock = new Promise<undefined>((done) => {
    setTimeout(() => {
      late = true;
      done(undefined);
    }, 400).unref();
  });
  gathering.then(
    () => {
      if (late) services.live.publish('detections');
    },
    () => undefined,
  );
  return Promise.race([gathering, clock]);
}

/** Findings that began in each of the 26 weeks to a day. */
export function weekly(times: readonly string[], asOf: string): number[] {
  const end = Date.parse(asOf) + 86_400_000;
  const bins = new Array<number>(weeks).fill(0);
  for (const time of times) {
    const value = Date.parse(time);
    if (Number.isNaN(value)) continue;
    const bin = weeks - 1 - Math.floor((end - value) / week);
    if (bin >= 0 && bin < weeks) bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}
