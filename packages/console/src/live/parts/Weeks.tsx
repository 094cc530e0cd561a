import { countOf, day } from '../../format.js';

const width = 96;
const height = 18;

/** Findings by week up to a day, as small columns. */
export function Weeks({ weeks, asOf }: { weeks: readonly number[]; asOf: string }) {
  const most = Math.max(1, ...weeks);
  const total = weeks.reduce((sum, one) => sum + one, 0);
  const step = width / Math.max(1, weeks.length);
  const label = `${countOf(total, 'finding', 'findings')} began in the ${weeks.length} weeks to ${day(asOf)}${total ? `, at most ${most} in one week` : ''}`;
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
      {weeks.map((value, index) =>
        value === 0 ? null : (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a week is its place
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
