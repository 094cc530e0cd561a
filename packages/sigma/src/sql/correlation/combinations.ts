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
  /** Columns among `kept` that tell the rows of `name` apart. */
  readonly identity: readonly string[];
}

/** Select of `kept` and a column for each list. A row with an empty list gives none. */
export function expand(relations: Relations, { name, kept, lists, identity }: Expansion): string {
  const values = lists.map(({ value }) => value);
  if (lists.length === 0) return `SELECT ${kept.join(', ')} FROM ${name}`;
  const qualified = kept.map((column) => `q.${column}`);
  // Nearly all rows hold one value of each field.
  const single = lists.map(({ list }) => `array_length(q.${list}) <= 1`).join(' AND ');
  const unnested = lists.map(({ list }, j) => ` CROSS JOIN UNNEST(q.${list}) AS u${j}(x)`).join('');
  const quick =
    `SELECT ${[...qualified, ...values.map((value, j) => `u${j}.x AS ${value}`)].join(', ')} ` +
    `FROM (SELECT * FROM ${name} q WHERE ${single}) AS q${unnested}`;
  let from = `(SELECT * FROM ${name} q WHERE NOT (${single}))`;
  const places: string[] = [];
  const done: string[] = [];
  lists.forEach(({ list, value }, j) => {
    const before = [
      ...qualified,
      ...done.map((column) => `q.${column}`),
      ...places.map((place) => `q.${place}`),
    ];
    const rest = lists.slice(j + 1).map((later) => `q.${later.list}`);
    const opened = `SELECT ${[...before, ...rest].join(', ')}, u.x AS ${value}, u.n AS place_${j} FROM ${from} AS q CROSS JOIN UNNEST(q.${list}) WITH ORDINALITY AS u(x, n)`;
    done.push(value);
    places.push(`place_${j}`);
    const rows = identity.map((column) => `q.${column}`);
    const first = [...rows, ...places.slice(0, -1).map((place) => `q.${place}`), `q.${value}`].join(', ');
    const columns = [...qualified, ...rest, ...[...done, ...places].map((column) => `q.${column}`)].join(
      ', ',
    );
    const once =
      `SELECT ${columns}, row_number() OVER (PARTITION BY ${first} ORDER BY q.place_${j}) AS again ` +
      `FROM (${opened}) AS q`;
    // Cut after each field: no more rows than this can still be among the first combinations.
    const cut =
      `SELECT ${columns}, row_number() OVER (PARTITION BY ${rows.join(', ')} ` +
      `ORDER BY ${places.map((place) => `q.${place}`).join(', ')}) AS combination FROM (${once}) AS q WHERE q.again = 1`;
    const step = relations.add(
      `${name}_${j}`,
      `SELECT ${columns} FROM (${cut}) AS q WHERE q.combination <= ${maxCombinations}`,
    );
    from = step;
  });
  return `${quick} UNION ALL SELECT ${[...qualified, ...values.map((value) => `q.${value}`)].join(', ')} FROM ${from} AS q`;
}
