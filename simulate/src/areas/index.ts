import { applications } from './applications.js';
import type { Area } from './area.js';
import { code } from './code.js';
import { verification } from './identity.js';
import { interviews } from './interviews.js';
import { laptops } from './laptops.js';
import { leaving } from './leaving.js';
import { onboarding } from './onboarding.js';
import { signIns } from './sign-ins.js';
import { vendors } from './vendors.js';
import { work } from './work.js';

/** In the order of somebody's way through the company. */
export const areas: readonly Area[] = [
  applications,
  interviews,
  verification,
  onboarding,
  vendors,
  laptops,
  signIns,
  code,
  work,
  leaving,
];
