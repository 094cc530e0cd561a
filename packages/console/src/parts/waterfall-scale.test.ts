import type { WaterfallStep } from '@rollcall/engine/model/result.js';
import { expect, it } from 'vitest';
import { sampleResult } from '../../fixtures/sample-result.js';
import { waterfallScale } from './waterfall-scale.js';

const prior: WaterfallStep = { kind: 'prior', label: 'prior', bits: -9 };

it('begins every bar where the one before it ended, and ends at the sum', () => {
  for (const person of sampleResult.people) {
    const { bars, total } = waterfallScale(person.waterfall, [-4, 0, 6]);
    bars.slice(1).forEach((bar, index) => {
      expect(bar.from).toBeCloseTo(bars[index]?.to ?? Number.NaN);
    });
    expect(total).toBeCloseTo(person.bits);
  }
});

it('holds every bar, every mark and what a discount took away within its width', () => {
  const steps: WaterfallStep[] = [
    prior,
    { kind: 'signal', label: 'a', bits: 2, fullBits: 30 },
    { kind: 'check', label: 'b', bits: -60 },
  ];
  const { bars, ticks, x } = waterfallScale(steps, [-4, 0, 6]);
  for (const value of [
    ...bars.flatMap((bar) => [bar.from, bar.to, bar.full ?? bar.to]),
    ...ticks,
    -4,
    0,
    6,
  ]) {
    expect(x(value)).toBeGreaterThanOrEqual(0);
    expect(x(value)).toBeLessThanOrEqual(100);
  }
  expect(ticks).toContain(0);
  expect(ticks.length).toBeLessThanOrEqual(10);
});

it('draws nothing absurd from a number that is none', () => {
  const { bars, total, x } = waterfallScale(
    [prior, { kind: 'signal', label: 'a', bits: Number.NaN }],
    [Number.POSITIVE_INFINITY],
  );
  expect(total).toBe(-9);
  expect(bars.every((bar) => Number.isFinite(x(bar.to)))).toBe(true);
});
