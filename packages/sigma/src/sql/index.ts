/** Rules as SQL: conditions over any table whose fields a {@link FieldMap} can name. */
export {
  type ColumnType,
  columnFields,
  type FieldMap,
  type FieldSource,
  keywordSeparator,
  type TableSource,
} from './fields.js';
export { conditionSql, planSql } from './plan.js';
export { type RulesOptions, rulesSql } from './rules.js';
