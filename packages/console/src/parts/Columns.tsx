const width = 96;
const height = 18;

/** Numbers side by side as small columns, the largest at full height; `label` says what they show. */
export function Columns({ values, label }: { values: readonly number[]; label: string }) {
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
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
      {values.map((value, index) =>
        value === 0 ? null : (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
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

/** `12 signals began in the 26 weeks to 30 Sep 2026, at most 3 in one week`. */
export function weeksSaid(total: string, weeks: readonly number[], until: string): string {
  const most = Math.max(0, ...weeks);
  return `${total} began in the ${weeks.length} weeks to ${until}${most > 0 ? `, at most ${most} in one week` : ''}`;
}
