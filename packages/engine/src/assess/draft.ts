import type { Row } from '../lake/duckdb.js';
import type { ExplanationKind, Group } from '../model/policy.js';
import type { Proposal } from '../model/result.js';

/** An innocent reason as records suggest it, before it is known what it would silence. */
export interface Draft {
  kind: ExplanationKind;
  people: string[];
  groups?: Group[];
  value?: NonNullable<Proposal['value']>;
  from?: string;
  to?: string;
  policy?: string;
  says: string;
  rows: (string | null)[][];
  against: string[];
  check: string;
  /** Rows it accounts for, where days and values do not say it. */
  covers?: (row: Row) => boolean;
  /** It is for the findings it accounts for today, and for no other. */
  onlyThese?: boolean;
  /** Only findings of detections that need this: what was agreed about checks says nothing of anything else. */
  needs?: string;
}
