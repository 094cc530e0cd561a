/** Every part there is. */
import type { Area } from './area.js';
import { area as exposure } from './exposure/index.js';
import { parts } from './parts.js';
import { area as reminders } from './reminders/index.js';
import { area as today } from './today/index.js';

export const areas: readonly Area[] = [today, exposure, reminders, ...parts];
