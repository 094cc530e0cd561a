import type { Area } from './area.js';

export const work: Area = { name: 'work' };
