/**
 * A person's events as a story: what is notable stands alone, and the ordinary days between two notable events are
 * told once ("Sign-ins from one place × 42, on 9 days") instead of in forty-two rows.
 */
import type { TimelineEntry } from '@rollcall/engine/model/result.js';
import { instant } from '../format.js';

export interface Run {
  /** Indexes into the timeline, in order of time. */
  entries: number[];
  events: number;
  /** How many different days it covers. */
  days: number;
  /** The different things that happened, in order of first appearance. */
  labels: string[];
  sources: string[];
}

const routineKinds: ReadonlySet<TimelineEntry['kind']> = new Set(['signin', 'meeting', 'code', 'file']);

/** Two entries that may be told together: the same kind at the same place over the same network, for the same signals. */
function groupOf(entry: TimelineEntry): string {
  return [entry.kind, entry.place?.label, entry.network, entry.signals.join('.')].join('\n');
}

/** Folds a timeline. `order` holds timeline indexes in order of time; `each` leaves every event by itself. */
export function runsOf(timeline: readonly TimelineEntry[], order: readonly number[], each = false): Run[] {
  const runs: Run[] = [];
  let open = new Map<string, Run & { seen: Set<number> }>();
  let previous: string | undefined;
  for (const index of order) {
    const entry = timeline[index];
    if (!entry) continue;
    const key = groupOf(entry);
    const routine = routineKinds.has(entry.kind) && !each;
    const notable = entry.signals.length > 0 || !routine;
    // A notable event ends the stretch before it, unless it only repeats the one just told.
    if (notable && (key !== previous || !routine)) open = new Map();
    previous = key;
    let run = routine ? open.get(key) : undefined;
    if (!run) {
      run = { entries: [], events: 0, days: 0, labels: [], sources: [], seen: new Set() };
      runs.push(run);
      if (routine) open.set(key, run);
    }
    run.entries.push(index);
    run.events += entry.count;
    run.seen.add(Math.floor((instant(entry.time) ?? 0) / 86_400_000));
    run.days = run.seen.size;
    if (!run.labels.includes(entry.label)) run.labels.push(entry.label);
    if (!run.sources.includes(entry.source)) run.sources.push(entry.source);
  }
  return runs.map(({ entries, events, days, labels, sources }) => ({
    entries,
    events,
    days,
    labels,
    sources,
  }));
}
