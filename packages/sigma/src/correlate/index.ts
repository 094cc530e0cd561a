export { Correlator, type CorrelatorState } from './correlator.js';
export type { CorrelationState } from './node.js';
export type { CorrelatorOptions } from './options.js';
export { eventTime, parseTime, timeFields } from './time.js';
export type { CorrelationRecord, Firing, GroupValue } from './types.js';
