/**
 * Functions a detection may use once it is translated to Trino: all of them exist there. A translation that succeeds but
 * leaves a DuckDB name behind would only fail on the cluster.
 */
const trinoFunctions = new Set(
  `abs acos approx_distinct arbitrary any_value array_agg array_distinct array_intersect array_join array_max array_min array_sort arrays_overlap asin atan atan2
   avg bool_and bool_or cardinality cast ceil ceiling coalesce concat concat_ws contains corr cos count count_if date date_add date_diff date_format date_trunc day
   day_of_week day_of_year degrees dense_rank element_at every exists exp extract first_value flatten floor from_unixtime greatest hour if in json_extract_scalar lag
   last_value lead least length listagg ln log log10 log2 lower lpad ltrim max max_by min min_by minute mod month nth_value ntile nullif now percent_rank position pow power
   radians rank regexp_extract regexp_like regexp_replace replace reverse round row_number rpad rtrim second sequence sign sin split split_part sqrt starts_with
   stddev strpos substr substring sum tan timestamp to_unixtime transform trim try_cast unnest upper week year filter over within_group`.split(
    /\s+/,
  ),
);
const keywordsBeforeParenthesis = new Set(
  `and or not in on as from join where by over then else when select union all except intersect using values with partition between like is having set filter left right
   inner outer cross full distinct within group order array row interval exists lateral recursive materialized any some varchar decimal char timestamp limit end`.split(
    /\s+/,
  ),
);

/** What in a translated query Trino would not know. */
export function trinoProblems(sql: string): string[] {
  const problems = new Set<string>();
  // Comments first: an apostrophe in one would open a text.
  const bare = sql
    .replace(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, (part) => (part.startsWith("'") ? "''" : ' '))
    .replace(/"(?:[^"]|"")*"/g, 'q');
  for (const match of bare.matchAll(/([A-Za-z_][A-Za-z0-9_]*)\s*\(/g)) {
    const name = (match[1] as string).toLowerCase();
    // A name after AS or WITH, or before AS, is a table expression's own.
    const before = bare.slice(0, match.index).trimEnd();
    if (
      /(\bWITH|,|\bAS)$/i.test(before) &&
      /^\s*\([^()]*\)\s+AS\s*\(/i.test(bare.slice((match.index ?? 0) + (match[1] as string).length))
    )
      continue;
    if (!trinoFunctions.has(name) && !keywordsBeforeParenthesis.has(name))
      problems.add(`no function ${name}`);
  }
  if (/::/.test(bare)) problems.add('a :: cast is left');
  if (/\bQUALIFY\b/i.test(bare)) problems.add('QUALIFY is left');
  if (/\[\s*[^\]]*\]/.test(bare.replace(/ARRAY\s*\[[^\]]*\]/gi, '')))
    problems.add('a bracket expression is left');
  return [...problems];
}
