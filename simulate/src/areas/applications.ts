import type { Area } from './area.js';

export const applications: Area = { name: 'applications' };
