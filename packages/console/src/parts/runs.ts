/** Days that were all alike, told once: "1 Jul – 28 Sep, on 62 days" instead of 62 rows. */
import type { TimelineEntry } from '@rollcall/engine/model/result.js';
import { instant } from '../format.js';

export interface Run {
  /** Indexes into the timeline, in order of time. */
  entries: number[];
  events: number;
  days: number;
}

function alike(entry: TimelineEntry): string {
  return [
    entry.kind,
    entry.label,
    entry.place?.label,
    entry.network,
    entry.source,
    entry.signals.join('.'),
  ].join('\n');
}

/** Folds neighbours that differ in nothing but their time. `order` holds timeline indexes in order of time. */
export function runsOf(timeline: readonly TimelineEntry[], order: readonly number[]): Run[] {
  const runs: Run[] = [];
  let previous: string | undefined;
  let seen = new Set<number>();
  for (const index of order) {
    const entry = timeline[index];
    if (!entry) continue;
    const key = alike(entry);
    const day = Math.floor((instant(entry.time) ?? 0) / 86_400_000);
    const run = runs.at(-1);
    if (run && key === previous) {
      run.entries.push(index);
      run.events += entry.count;
      seen.add(day);
      run.days = seen.size;
    } else {
      seen = new Set([day]);
      runs.push({ entries: [index], events: entry.count, days: 1 });
    }
    previous = key;
  }
  return runs;
}
