import type { Area } from './area.js';

export const signIns: Area = { name: 'sign-ins' };
