/** Whether translated SQL names anything Trino does not know. */
import { Dialect, transpile } from '@polyglot-sql/sdk';

const known = new Set(
  `abs arbitrary array array_agg array_distinct array_max array_min array_position array_sort avg bool_and bool_or count_if date_add
   date_trunc extract first_value from_iso8601_date last_value max_by min_by reduce zip_with cardinality cast ceil chr coalesce concat contains count date_diff date_parse day
   day_of_week dense_rank element_at filter any_match floor from_iso8601_timestamp from_unixtime greatest hour if lag lead least length
   lower lpad rpad max min minute mod month nullif regexp_like replace round row_number sequence slice split sqrt starts_with strpos substr
   substring sum to_unixtime translate transform trim try_cast unnest upper week year yow codepoint array_join reverse position
   regexp_extract regexp_replace bitwise_and from_base power varchar decimal timestamp row with_timezone at_timezone format`.split(
    /\s+/,
  ),
);
const words = new Set(
  `and or not in on as from join where by over then else when case select union all distinct except intersect using values with
   partition order group between like is having exists lateral within end limit interval escape range rows preceding following
   ordinality`.split(/\s+/),
);

/** The SQL of DuckDB as Trino's, and what is wrong with it. */
export function toTrino(sql: string): { sql: string; problems: string[] } {
  const result = transpile(sql, Dialect.DuckDB, Dialect.Trino);
  const translated = result.sql?.join(';\n') ?? '';
  if (!result.success || translated === '') return { sql: '', problems: [result.error ?? 'not translated'] };
  const bare = translated.replace(/'(?:[^']|'')*'/g, "''").replace(/"(?:[^"]|"")*"/g, 'q');
  const problems = new Set<string>();
  // A name with columns after AS or WITH is a table expression's own.
  const calls = bare.replace(/\b(?:AS|WITH)\s+[a-z_]\w*\s*\((?=[^()]*\))/gi, '');
  for (const [, name = ''] of calls.matchAll(/\b([a-z_]\w*)\s*\(/gi)) {
    const lower = name.toLowerCase();
    if (!known.has(lower) && !words.has(lower)) problems.add(`no function ${lower}`);
  }
  if (/::/.test(bare)) problems.add('a :: cast is left');
  if (/\[/.test(bare.replace(/ARRAY\s*\[/gi, ''))) problems.add('a bracket is left');
  return { sql: translated, problems: [...problems] };
}
