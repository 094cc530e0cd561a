export { explain, explainText, type Step } from './explain.js';
export { type MatchResult, type Member, type Model, matchRecords, type Pair } from './match.js';
export type { Kind, MatchSettings, Source, Table } from './settings.js';
