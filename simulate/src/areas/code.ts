import type { Area } from './area.js';

export const code: Area = { name: 'code' };
