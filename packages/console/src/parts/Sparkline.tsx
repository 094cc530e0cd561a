import { countOf, day, instant } from '../format.js';
import { Columns, weeksSaid } from './Columns.js';

const weeks = 26;
const week = 7 * 86_400_000;

/** First times of a detection's signals by week, over the half year up to the day of the assessment. */
export function weekly(times: readonly string[], asOf: string): number[] {
  const end = (instant(asOf) ?? 0) + 86_400_000;
  const bins = new Array<number>(weeks).fill(0);
  for (const time of times) {
    const value = instant(time);
    if (value === undefined) continue;
    const bin = weeks - 1 - Math.floor((end - value) / week);
    if (bin >= 0 && bin < weeks) bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}

export function Sparkline({ times, asOf }: { times: readonly string[]; asOf: string }) {
  const bins = weekly(times, asOf);
  const total = bins.reduce((sum, one) => sum + one, 0);
  return <Columns values={bins} label={weeksSaid(countOf(total, 'signal', 'signals'), bins, day(asOf))} />;
}
