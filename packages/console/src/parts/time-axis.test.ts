import { expect, it } from 'vitest';
import { timeTicks } from './time-axis.js';

const at = (iso: string) => Date.parse(iso);

it.each([
  ['2026-06-01', '2026-06-03', 8],
  ['2026-06-01', '2026-09-30', 8],
  ['2024-02-10', '2026-09-30', 6],
  ['1996-01-01', '2026-09-30', 4],
  ['2026-06-01', '2026-06-01', 5],
])('marks %s to %s with at most %i ticks, in order, inside, the first naming its year', (from, to, most) => {
  const ticks = timeTicks(at(from), at(to), most);
  expect(ticks.length).toBeGreaterThan(0);
  expect(ticks.length).toBeLessThanOrEqual(most + 1);
  for (const tick of ticks) {
    expect(tick.at).toBeGreaterThanOrEqual(at(from));
    expect(tick.at).toBeLessThanOrEqual(at(to));
  }
  expect([...ticks].sort((a, b) => a.at - b.at)).toEqual(ticks);
  expect(ticks[0]?.label).toMatch(/\d{4}$/);
});
