export { explain, explainText, type Step } from './explain.js';
export { blockingKeys, type Scored, scoreAgainst } from './incremental.js';
export { learnModel, type MatchResult, type Member, matchRecords, type Pair } from './match.js';
export type { Model, ModelColumn, SavedModel } from './model.js';
export type { Kind, MatchSettings, Row, Source, Table } from './settings.js';
