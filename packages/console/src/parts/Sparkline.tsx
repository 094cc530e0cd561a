import { countOf, day, instant } from '../format.js';

const width = 96;
const height = 18;
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
  const most = Math.max(1, ...bins);
  const total = bins.reduce((sum, one) => sum + one, 0);
  const step = width / weeks;
  const label = `${countOf(total, 'signal', 'signals')} began in the 26 weeks to ${day(asOf)}${total ? `, at most ${most} in one week` : ''}`;
  return (
    <svg
      className="sparkline"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
      {bins.map((value, index) =>
        value === 0 ? null : (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
            key={index}
            x={index * step + 0.5}
            width={step - 1}
            y={height - 1 - (value / most) * (height - 3)}
            height={(value / most) * (height - 3)}
          />
        ),
      )}
    </svg>
  );
}
