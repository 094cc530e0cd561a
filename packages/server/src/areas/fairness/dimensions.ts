/** Into which groups people are divided: by what the company's own records say of their work, never by who they are. */
import type { PersonRow } from '../../model/services.js';

export const dimensions = {
  stage: 'stage',
  engagement: 'engagement',
  remote: 'remote work',
  region: 'region of work',
  department: 'department',
  tenure: 'time with the company',
} as const;
export type Dimension = keyof typeof dimensions;
export const dimensionNames = Object.keys(dimensions) as Dimension[];

const year = 365.25 * 86_400_000;

export function groupOf(dimension: Dimension, row: PersonRow, asOf: string): string {
  switch (dimension) {
    case 'stage':
      return row.stage;
    case 'engagement':
      return row.engagement;
    case 'remote':
      return row.remote === undefined ? 'not on record' : row.remote ? 'remote' : 'not remote';
    case 'region':
      return regionOf(row.location);
    case 'department':
      return row.department ?? 'not on record';
    case 'tenure':
      return tenureOf(row, asOf);
  }
}

/** Country and state of the claimed place of work, without the town: `US, OH`. */
function regionOf(location: string | undefined): string {
  const parts = (location ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  if (parts.length === 0) return 'not on record';
  const country = parts.at(-1) as string;
  return parts.length >= 3 ? `${country}, ${parts.at(-2)}` : country;
}

function tenureOf(row: PersonRow, asOf: string): string {
  if (row.stage === 'applicant' || row.stage === 'offer') return 'not started';
  if (row.startedAt === undefined) return 'not on record';
  const until = row.leftAt && row.leftAt < asOf ? row.leftAt : asOf;
  const years = (Date.parse(until) - Date.parse(row.startedAt)) / year;
  if (!Number.isFinite(years)) return 'not on record';
  if (years < 0) return 'not started';
  if (years < 0.25) return 'under 3 months';
  if (years < 1) return '3 to 12 months';
  return years < 3 ? '1 to 3 years' : '3 years or more';
}
