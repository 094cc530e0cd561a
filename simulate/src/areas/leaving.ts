import type { Area } from './area.js';

export const leaving: Area = { name: 'leaving' };
