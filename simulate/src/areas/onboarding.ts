import type { Area } from './area.js';

export const onboarding: Area = { name: 'onboarding' };
