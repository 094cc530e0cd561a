import type { PersonResult, TimelineEntry } from '@rollcall/engine/model/result.js';
import { expect, it } from 'vitest';
import { sampleResult } from '../../fixtures/sample-result.js';
import { defaultPeriod, windowOf } from './periods.js';

const asOf = '2026-09-30T00:00:00Z';

function person(times: [string, number[]][]): PersonResult {
  const [first] = sampleResult.people;
  if (!first) throw new Error('the sample has people');
  const timeline = times.map(
    ([time, signals]): TimelineEntry => ({ time, kind: 'signin', label: '', source: '', signals, count: 1 }),
  );
  return { ...first, timeline };
}

it('is not stretched by a date that no log can have', () => {
  const { start, end } = windowOf(
    person([
      ['0001-01-01T00:00:00Z', []],
      ['9999-12-31T00:00:00Z', []],
      ['2026-09-01T00:00:00Z', []],
    ]),
    asOf,
    'all',
  );
  expect(new Date(start).getUTCFullYear()).toBe(2026);
  expect(end).toBeLessThanOrEqual(Date.parse('2026-10-01T00:00:00Z'));
});

it('shows the last days first only where all the evidence lies in them', () => {
  expect(
    defaultPeriod(
      person([
        ['2023-01-01T00:00:00Z', []],
        ['2026-09-20T00:00:00Z', [0]],
      ]),
      asOf,
    ),
  ).toBe('last');
  expect(
    defaultPeriod(
      person([
        ['2023-01-01T00:00:00Z', [1]],
        ['2026-09-20T00:00:00Z', [0]],
      ]),
      asOf,
    ),
  ).toBe('all');
  expect(
    defaultPeriod(
      person([
        ['2026-06-01T00:00:00Z', []],
        ['2026-09-20T00:00:00Z', [0]],
      ]),
      asOf,
    ),
  ).toBe('all');
  expect(defaultPeriod(person([]), asOf)).toBe('all');
});
