import type { TimelineEntry } from '@rollcall/engine/model/result.js';
import { expect, it } from 'vitest';
import { runsOf } from './runs.js';

let clock = 0;
function entry(kind: TimelineEntry['kind'], more: Partial<TimelineEntry> = {}): TimelineEntry {
  clock += 1;
  return {
    time: new Date(Date.UTC(2026, 5, 1) + clock * 43_200_000).toISOString(),
    kind,
    label: kind,
    source: 'log',
    signals: [],
    count: 1,
    ...more,
  };
}

const all = (timeline: TimelineEntry[]) => timeline.map((_, index) => index);

it('tells ordinary days between two notable events once, by place and network', () => {
  const home = { label: 'home' };
  const timeline = [
    entry('signin', { place: home, label: 'Signed in', count: 2 }),
    entry('code'),
    entry('signin', { place: home, label: 'Second factor asked for', source: 'other log' }),
    entry('signin', { place: home, network: 'vpn:example' }),
    entry('delivery'),
    entry('signin', { place: home, label: 'Signed in' }),
  ];
  const runs = runsOf(timeline, all(timeline));
  expect(runs.map((run) => run.entries)).toEqual([[0, 2], [1], [3], [4], [5]]);
  expect(runs[0]).toMatchObject({
    events: 3,
    days: 2,
    labels: ['Signed in', 'Second factor asked for'],
    sources: ['log', 'other log'],
  });
});

it('never folds evidence into anything but more of the same evidence', () => {
  const timeline = [
    entry('signin'),
    entry('signin', { signals: [1] }),
    entry('signin', { signals: [1] }),
    entry('signin', { signals: [2] }),
    entry('signin'),
    entry('pay', { signals: [3] }),
    entry('pay', { signals: [3] }),
  ];
  expect(runsOf(timeline, all(timeline)).map((run) => run.entries)).toEqual([
    [0],
    [1, 2],
    [3],
    [4],
    [5],
    [6],
  ]);
});

it('loses nothing, folded or not', () => {
  const timeline = Array.from({ length: 60 }, (_, index) =>
    entry((['signin', 'code', 'meeting', 'pay'] as const)[index % 4] ?? 'other', {
      signals: index % 7 ? [] : [0],
      count: index,
    }),
  );
  for (const each of [false, true]) {
    const runs = runsOf(timeline, all(timeline), each);
    expect(runs.flatMap((run) => run.entries).sort((a, b) => a - b)).toEqual(all(timeline));
    expect(runs.reduce((sum, run) => sum + run.events, 0)).toBe(
      timeline.reduce((sum, one) => sum + one.count, 0),
    );
  }
  expect(runsOf(timeline, all(timeline), true)).toHaveLength(60);
});
