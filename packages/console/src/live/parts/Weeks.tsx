import { countOf, day } from '../../format.js';
import { Columns, weeksSaid } from '../../parts/Columns.js';

/** Findings by week up to a day. */
export function Weeks({ weeks, asOf }: { weeks: readonly number[]; asOf: string }) {
  const total = weeks.reduce((sum, one) => sum + one, 0);
  return (
    <Columns values={weeks} label={weeksSaid(countOf(total, 'finding', 'findings'), weeks, day(asOf))} />
  );
}
