import type { Area } from './area.js';

export const laptops: Area = { name: 'laptops' };
