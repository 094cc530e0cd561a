import type { Area } from './area.js';

export const vendors: Area = { name: 'vendors' };
