/**
 * Rows and the values of fields that hold several: one row for each combination, at most 64, the last field
 * changing fastest, equal values taken once. The meaning of `combinations` in `correlate/fields.ts`.
 */

/** At most so many combinations are looked at. */
export const maxCombinations = 64;

/** The relations of one statement. */
export class Relations {
  readonly #list: string[] = [];

  /** Adds a relation and returns its name. */
  add(name: string, select: string): string {
    this.#list.push(`${name} AS (${select})`);
    return name;
  }

  /** The statement that ends in this select. */
  statement(select: string): string {
    return `WITH ${this.#list.join(',\n')}\n${select}`;
  }
}

export interface Expansion {
  /** Name of the relation to expand, and of those made on the way. */
  readonly name: string;
  /** Columns to keep. */
  readonly kept: readonly string[];
  /** Columns that hold lists (never NULL), and what a column of their values is called. */
  readonly lists: readonly { readonly list: string; readonly value: string }[];
  /** Columns among `kept` that tell the rows of `name` apart; never NULL. */
  readonly identity: readonly string[];
}

/** Select of `kept` and a column for each list. A row with an empty list gives none. */
export function expand(relations: Relations, { name, kept, lists, identity }: Expansion): string {
  if (lists.length === 0) return `SELECT ${kept.join(', ')} FROM ${name}`;
  const columns = (names: readonly string[], alias: string) =>
    names.map((one) => `${alias}.${one}`).join(', ');
  // Nearly all rows hold one value of each field.
  const single = lists.map(({ list }) => `array_length(q.${list}) <= 1`).join(' AND ');
  const opened = lists.map(({ list }, j) => ` CROSS JOIN UNNEST(q.${list}) AS u${j}(x)`).join('');
  const values = lists.map(({ value }, j) => `u${j}.x AS ${value}`).join(', ');
  const quick =
    `SELECT ${columns(kept, 'q')}, ${values} ` +
    `FROM (SELECT * FROM ${name} q WHERE ${single}) AS q${opened}`;
  // The others: the first different values of each field, joined field by field. The lists themselves are
  // left behind at once, and no step makes more than 64 times 64 rows of one.
  const many = `(SELECT * FROM ${name} q WHERE NOT (${single}))`;
  const rows = columns(identity, 'q');
  let step = `SELECT ${columns(kept, 'q')} FROM ${many} AS q`;
  const held = [...kept];
  const places: string[] = [];
  lists.forEach(({ list, value }, j) => {
    const different =
      `SELECT ${rows}, u.x, min(u.n) AS n FROM ${many} AS q ` +
      `CROSS JOIN UNNEST(q.${list}) WITH ORDINALITY AS u(x, n) GROUP BY ${rows}, u.x`;
    const numbered = `SELECT ${rows}, q.x, row_number() OVER (PARTITION BY ${rows} ORDER BY q.n) AS place FROM (${different}) AS q`;
    const first = relations.add(
      `${name}_values_${j}`,
      `SELECT * FROM (${numbered}) AS q WHERE q.place <= ${maxCombinations}`,
    );
    const same = identity.map((column) => `w.${column} = q.${column}`).join(' AND ');
    const joined = `SELECT ${columns(held, 'q')}, w.x AS ${value}, w.place AS place_${j} FROM (${step}) AS q JOIN ${first} w ON ${same}`;
    held.push(value, `place_${j}`);
    places.push(`place_${j}`);
    const ranked =
      `SELECT ${columns(held, 'q')}, row_number() OVER (PARTITION BY ${rows} ORDER BY ${columns(places, 'q')}) AS combination ` +
      `FROM (${joined}) AS q`;
    step = `SELECT ${columns(held, 'q')} FROM (${ranked}) AS q WHERE q.combination <= ${maxCombinations}`;
  });
  const wanted = [...kept, ...lists.map(({ value }) => value)];
  return `${quick} UNION ALL SELECT ${columns(wanted, 'q')} FROM (${step}) AS q`;
}
