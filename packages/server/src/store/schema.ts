export * from './tables/audit.js';
export * from './tables/cases.js';
export * from './tables/checks.js';
export * from './tables/queue.js';
export * from './tables/settings.js';
