/** The parts that stand by themselves; Today and Exposure gather from them. */
import { area as access } from './access/index.js';
import { area as applicants } from './applicants/index.js';
import type { Area } from './area.js';
import { area as audit } from './audit/index.js';
import { area as cases } from './cases/index.js';
import { area as checks } from './checks/index.js';
import { area as detections } from './detections/index.js';
import { area as facts } from './facts/index.js';
import { area as fairness } from './fairness/index.js';
import { area as people } from './people/index.js';
import { area as removals } from './removals/index.js';
import { area as response } from './response/index.js';
import { area as rings } from './rings/index.js';
import { area as sources } from './sources/index.js';
import { area as training } from './training/index.js';
import { area as vendors } from './vendors/index.js';

export const parts: readonly Area[] = [
  people,
  rings,
  applicants,
  checks,
  vendors,
  training,
  cases,
  response,
  detections,
  facts,
  sources,
  fairness,
  removals,
  audit,
  access,
];
