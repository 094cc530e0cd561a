import type { Area } from '../area.js';

export const area: Area = { name: 'training', routes() {} };
