import type { Area } from './area.js';

export const verification: Area = { name: 'identity' };
