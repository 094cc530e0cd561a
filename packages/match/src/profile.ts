import { date } from './canonical.js';
import type { Database } from './database.js';

/** What the values of a column look like. Shares are of the filled values, 0 to 1. */
export interface Profile {
  column: string;
  filled: number;
  distinct: number;
  averageLength: number;
  averageWords: number;
  emails: number;
  dates: number;
  /** Of the dates with the year last: how many say day or month above 12 first, and second. */
  above12First: number;
  above12Second: number;
  /** Digits, perhaps with separators, a sign or a currency, but no letters. */
  numeric: number;
  /** Numbers with a fraction or a currency: something measured. */
  measured: number;
  /** Digits with + or brackets or three groups: as only phones are written. */
  phones: number;
  letters: number;
}

/** Rows looked at for a column's shape; the counts of filled and distinct values are of all rows. */
const sampled = 20_000;

/** Profiles of the columns of `raw`, in order. */
export async function profile(database: Database, columns: readonly string[]): Promise<Profile[]> {
  const profiles: Profile[] = [];
  for (const [i, column] of columns.entries()) {
    const value = `trim(c${i})`;
    const [filled = 0, distinct = 0] = await database.numbers(
      `SELECT count(w${i}), count(DISTINCT w${i}) FROM raw`,
    );
    const share = (condition: string) => `coalesce(avg(coalesce(${condition}, false)::INTEGER), 0)`;
    const shape = await database.numbers(
      `SELECT coalesce(avg(len(v)), 0), coalesce(avg(len(string_split(w, ' '))), 0),
          ${share(`regexp_matches(v, '^[^@\\s]+@[^@\\s]+$')`)},
          ${share(`CASE WHEN len(v) > 30 THEN false WHEN regexp_matches(v, '^[0-9]+$')
            THEN regexp_matches(v, '^(1[789]|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]$') ELSE ${date('v', 'dmy')} IS NOT NULL END`)},
          ${share(`regexp_matches(v, '^(1[3-9]|2[0-9]|3[01])[-/. ]')`)},
          ${share(`regexp_matches(v, '^[0-9]{1,2}[-/. ](1[3-9]|2[0-9]|3[01])[-/. ]')`)},
          ${share(`regexp_matches(v, '^[^\\p{L}]*[0-9][^\\p{L}]*$')`)},
          ${share(`regexp_matches(v, '^[-+]?[$€£]?\\s?[0-9][0-9,]*\\.[0-9]+\\s?%?$|^[$€£]\\s?[0-9]|[0-9]\\s?%$')`)},
          ${share(`regexp_matches(v, '^[+(]?[0-9][-0-9 ()./]{6,19}$') AND (regexp_matches(v, '^[+(]') OR
            regexp_matches(v, '^[0-9]{2,5}[-/. ]+[0-9]{3,4}[-. ]+[0-9]{3,4}$')) AND len(regexp_replace(v, '[^0-9]', '', 'g')) >= 8`)},
          ${share(`regexp_matches(v, '\\p{L}')`)}
         FROM (SELECT left(${value}, 200) AS v, w${i} AS w FROM raw
               WHERE w${i} IS NOT NULL ORDER BY rid * 7919 % 1000003, rid LIMIT ${sampled})`,
    );
    const at = (index: number) => shape[index] ?? 0;
    profiles.push({
      column,
      filled,
      distinct,
      averageLength: at(0),
      averageWords: at(1),
      emails: at(2),
      dates: at(3),
      above12First: at(4),
      above12Second: at(5),
      numeric: at(6),
      measured: at(7),
      phones: at(8),
      letters: at(9),
    });
  }
  return profiles;
}
