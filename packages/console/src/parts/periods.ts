/** The stretch of time a timeline shows, and which of a person's entries fall into it. */
import type { PersonResult, TimelineEntry } from '@rollcall/engine/model/result.js';
import { instant } from '../format.js';

const day = 86_400_000;
export const periods = ['all', 'first', 'last'] as const;
export type Period = (typeof periods)[number];

export const periodWords: Record<Period, string> = {
  all: 'Everything',
  first: 'First 60 days',
  last: 'Last 90 days',
};

export interface Window {
  start: number;
  end: number;
}

/** Dates a log cannot have (before this, or after the assessment) are listed, but never stretch the axis. */
const earliest = Date.UTC(1995, 0);

export function windowOf(person: PersonResult, asOf: string, period: Period): Window {
  const end = (instant(asOf) ?? 0) + day;
  const times = person.timeline
    .map((entry) => instant(entry.time))
    .filter((time) => time !== undefined && time >= earliest && time <= end) as number[];
  const last = { start: end - 90 * day, end };
  if (period === 'last') return last;
  const started = instant(person.startedAt);
  if (period === 'first' && started !== undefined)
    return { start: started - 5 * day, end: started + 60 * day };
  if (times.length === 0) return last;
  const from = Math.min(...times);
  const to = Math.max(...times);
  const margin = Math.max(day, (to - from) * 0.02);
  return { start: from - margin, end: Math.min(end, to + margin) };
}

/** Unless asked otherwise: the shortest period that holds everything that is evidence. */
export function defaultPeriod(person: PersonResult, asOf: string): Period {
  const all = windowOf(person, asOf, 'all');
  if (all.end - all.start < 200 * day) return 'all';
  const evidence = person.timeline.filter((entry) => entry.signals.length > 0);
  const last = windowOf(person, asOf, 'last');
  const inLast = (entry: TimelineEntry) => (instant(entry.time) ?? 0) >= last.start;
  return evidence.every(inLast) && person.timeline.some(inLast) ? 'last' : 'all';
}
