import type { WaterfallStep } from '@rollcall/engine/model/result.js';
import { describe, expect, it } from 'vitest';
import { sampleResult } from '../../fixtures/sample-result.js';
import { waterfallOrder, waterfallParts } from './waterfall-order.js';

const prior: WaterfallStep = { kind: 'prior', label: 'prior', bits: -10 };
const against = (bits: number, fullBits?: number): WaterfallStep => ({
  kind: 'signal',
  label: 'seen',
  bits,
  ...(fullBits === undefined ? {} : { fullBits }),
});
const speaksFor = (bits: number, fullBits?: number): WaterfallStep => ({
  ...against(bits, fullBits),
  kind: 'check',
});
const explained: WaterfallStep = { kind: 'explained', label: 'explained', bits: 0, fullBits: 6 };

describe('the order of a waterfall', () => {
  it('tells first what counts most, and puts what is small in one line, each direction by itself', () => {
    const steps = [
      prior,
      against(8),
      against(0.9, 6),
      against(0.54, 3.6),
      against(5),
      against(0, 1.4),
      against(0.2),
      explained,
      speaksFor(-0.1, -0.7),
      speaksFor(-1.8),
      speaksFor(-0.1),
      speaksFor(0, -0.4),
    ];
    expect(waterfallParts(steps)).toEqual([
      ...[0, 1, 4, 2].map((index) => ({ kind: 'step', index })),
      { kind: 'fold', side: 'against', indices: [3, 6, 5], bits: expect.closeTo(0.74) },
      { kind: 'step', index: 7 },
      { kind: 'step', index: 9 },
      { kind: 'fold', side: 'for', indices: [8, 10, 11], bits: expect.closeTo(-0.2) },
    ]);
  });

  it('folds neither two small ones, nor what counts more than half a bit', () => {
    const steps = [prior, against(0.1), against(0.6), against(0.5)];
    expect(waterfallParts(steps).map((part) => part.kind)).toEqual(['step', 'step', 'step', 'step']);
  });

  it('leaves no step out, and none twice', () => {
    for (const { waterfall } of sampleResult.people)
      expect(waterfallOrder(waterfall).sort((a, b) => a - b)).toEqual(waterfall.map((_, index) => index));
  });
});
