/** Where the bars of a waterfall stand, in percent of the width. Apart from the drawing, so that it can be tested. */
import type { WaterfallStep } from '@rollcall/engine/model/result.js';

export interface WaterfallBar {
  /** Bits before and after this step. */
  from: number;
  to: number;
  /** Where the step would have ended had it counted in full. */
  full?: number;
}

export interface WaterfallScale {
  min: number;
  max: number;
  ticks: number[];
  bars: WaterfallBar[];
  total: number;
  /** Bits to percent of the width. */
  x(bits: number): number;
}

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : 0);

/** A first step of kind `prior` starts at zero and is drawn as a place, not as a change. */
export function waterfallScale(steps: readonly WaterfallStep[], marks: readonly number[]): WaterfallScale {
  let running = 0;
  const bars = steps.map((step): WaterfallBar => {
    const from = step.kind === 'prior' ? finite(step.bits) : running;
    running += finite(step.bits);
    const bar = { from, to: running };
    if (step.fullBits === undefined || Math.abs(finite(step.fullBits) - finite(step.bits)) < 0.05) return bar;
    return { ...bar, full: from + finite(step.fullBits) };
  });
  const all = [0, ...marks.map(finite), ...bars.flatMap((bar) => [bar.from, bar.to, bar.full ?? bar.to])];
  const low = Math.min(...all);
  const high = Math.max(...all);
  const spacing = [1, 2, 5, 10, 20, 50, 100].find((one) => (high - low) / one <= 8) ?? 200;
  const margin = Math.max(0.5, (high - low) * 0.04);
  const min = low - margin;
  const max = high + margin;
  const ticks: number[] = [];
  for (let tick = Math.ceil(min / spacing) * spacing; tick <= max; tick += spacing)
    ticks.push(tick === 0 ? 0 : tick);
  return { min, max, ticks, bars, total: running, x: (bits) => ((finite(bits) - min) / (max - min)) * 100 };
}
