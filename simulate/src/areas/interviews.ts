import type { Area } from './area.js';

export const interviews: Area = { name: 'interviews' };
