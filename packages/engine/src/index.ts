export { findings } from './assess/findings.js';
export { reweigh } from './assess/without.js';
export type { Content } from './content/load.js';
export { loadContent } from './content/load.js';
export { loadPolicy } from './content/policy.js';
export type { Progress } from './lake/ingest.js';
export { RollcallError } from './model/errors.js';
export type { ScanResult } from './model/result.js';
export { query, read, scan, version } from './pipeline.js';
