/** The SQL target, run by DuckDB. Needs `@duckdb/node-api`. */
export * from '../sql/index.js';
export {
  checkSql,
  matchBatches,
  matchFile,
  type SqlRunOptions,
  type SqlRunResult,
  sqlTarget,
} from './run.js';
