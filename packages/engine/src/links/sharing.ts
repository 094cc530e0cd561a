import type { Cell, Database } from '../lake/duckdb.js';
import type { Sharing } from './groups.js';
import type { Link } from './links.js';

/** The facets as numbers, in a fixed order. */
class FacetNumbers {
  private readonly numbers = new Map<string, number>();

  of(facet: string): number {
    const known = this.numbers.get(facet);
    if (known !== undefined) return known;
    this.numbers.set(facet, this.numbers.size);
    return this.numbers.size - 1;
  }
}

/**
 * What links say of groups: of each value the people whom its links hold together. Where an explanation took links out,
 * one value may hold together several groups that have nothing to do with each other.
 */
export function sharingOf(links: readonly Link[]): { sharing: Sharing; people: string[] } {
  const people = [...new Set(links.flatMap((link) => [link.a, link.b]))].sort();
  const numberOf = new Map(people.map((person, i) => [person, i] as const));
  const byValue = new Map<string, Link[]>();
  for (const link of links) {
    // Wording has bits of its own for each pair.
    const key = `${link.kind}\u0000${link.value}${link.kind === 'passage' ? `\u0000${link.a}\u0000${link.b}` : ''}`;
    const list = byValue.get(key);
    if (list) list.push(link);
    else byValue.set(key, [link]);
  }
  const facets = new FacetNumbers();
  const values: { key: string; bits: number; facet: number; holders: number[] }[] = [];
  for (const [key, own] of [...byValue].sort(([x], [y]) => (x < y ? -1 : 1))) {
    const lead = own[0] as Link;
    for (const holders of held(own))
      values.push({
        key,
        bits: lead.bits,
        facet: facets.of(lead.facet),
        holders: holders.map((person) => numberOf.get(person) as number).sort((x, y) => x - y),
      });
  }
  values.sort(
    (x, y) =>
      y.bits - x.bits ||
      (x.key < y.key ? -1 : x.key > y.key ? 1 : (x.holders[0] as number) - (y.holders[0] as number)),
  );
  const starts = new Int32Array(values.length + 1);
  values.forEach((value, i) => {
    starts[i + 1] = (starts[i] as number) + value.holders.length;
  });
  return {
    people,
    sharing: {
      people: people.length,
      starts,
      holders: Int32Array.from(values.flatMap((value) => value.holders)),
      bits: Float32Array.from(values, (value) => value.bits),
      facets: Uint8Array.from(values, (value) => value.facet),
    },
  };
}

/** The people that the links of one value hold together. */
function held(links: readonly Link[]): string[][] {
  const near = new Map<string, Set<string>>();
  for (const { a, b } of links) {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const set = near.get(one);
      if (set) set.add(other);
      else near.set(one, new Set([other]));
    }
  }
  const seen = new Set<string>();
  const groups: string[][] = [];
  for (const start of [...near.keys()].sort()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const group = [start];
    for (const person of group)
      for (const other of near.get(person) ?? [])
        if (!seen.has(other)) {
          seen.add(other);
          group.push(other);
        }
    groups.push(group);
  }
  return groups;
}

/** Rows of a table that are brought over at once. */
const page = 200_000;

/** Everyone's sharing, as numbers, from the tables of `ensureSharedValues`; `ids` gives the persons behind numbers. */
export async function readSharing(database: Database): Promise<{
  sharing: Sharing;
  ids: (people: readonly number[]) => Promise<Map<number, string>>;
}> {
  await database.run(
    `CREATE OR REPLACE TEMP TABLE ring_values AS
       -- In a large lake most values of two holders weigh the same: of those, kinds that fewer people share with anybody go first.
       SELECT row_number() OVER (ORDER BY v.bits DESC, k.pairs / greatest(k.people, 1), v.id) - 1 AS n, v.id AS value_id, v.bits, v.facet
       FROM shared_values v JOIN sharing_kinds k USING (kind) WHERE NOT v.common AND v.bits > 0`,
  );
  await database.run(
    `CREATE OR REPLACE TEMP TABLE ring_people AS
       SELECT row_number() OVER (ORDER BY person_id) - 1 AS n, person_id
       FROM (SELECT DISTINCT person_id FROM holdings SEMI JOIN ring_values USING (value_id) WHERE lasting) ORDER BY n`,
  );
  await database.run(
    `CREATE OR REPLACE TEMP TABLE ring_holdings AS
       SELECT v.n AS value, p.n AS person FROM holdings h JOIN ring_values v USING (value_id) JOIN ring_people p USING (person_id)
       WHERE h.lasting ORDER BY value, person`,
  );
  const people = await database.number('SELECT count(*) FROM ring_people');
  const values = await database.number('SELECT count(*) FROM ring_values');
  const total = await database.number('SELECT count(*) FROM ring_holdings');
  const sharing: Sharing = {
    people,
    starts: new Int32Array(values + 1),
    holders: new Int32Array(total),
    bits: new Float32Array(values),
    facets: new Uint8Array(values),
  };
  const facets = new FacetNumbers();
  for (let from = 0; from < values; from += page) {
    const [row] = await database.rows(
      'SELECT list(bits ORDER BY n) AS bits, list(facet ORDER BY n) AS facets FROM ring_values WHERE n >= $from AND n < $to',
      { from, to: from + page },
    );
    cells(row?.bits).forEach((bits, i) => {
      sharing.bits[from + i] = Number(bits);
    });
    cells(row?.facets).forEach((facet, i) => {
      sharing.facets[from + i] = facets.of(String(facet));
    });
  }
  for (let from = 0; from < total; from += page) {
    const [row] = await database.rows(
      'SELECT list(value ORDER BY rowid) AS values, list(person ORDER BY rowid) AS people FROM ring_holdings WHERE rowid >= $from AND rowid < $to',
      { from, to: from + page },
    );
    const holders = cells(row?.people);
    cells(row?.values).forEach((value, i) => {
      sharing.holders[from + i] = Number(holders[i]);
      // How many there are so far; what comes after is added below.
      sharing.starts[Number(value) + 1] = (sharing.starts[Number(value) + 1] as number) + 1;
    });
  }
  for (let value = 0; value < values; value++)
    sharing.starts[value + 1] = (sharing.starts[value + 1] as number) + (sharing.starts[value] as number);
  await database.run('DROP TABLE ring_holdings');
  return { sharing, ids: (wanted) => idsOf(database, wanted) };
}

function cells(value: Cell | undefined): Cell[] {
  return Array.isArray(value) ? value : [];
}

async function idsOf(database: Database, wanted: readonly number[]): Promise<Map<number, string>> {
  const ids = new Map<number, string>();
  const sorted = [...wanted].sort((x, y) => x - y);
  for (let from = 0; from < sorted.length; from += page) {
    const some = new Set(sorted.slice(from, from + page));
    const rows = await database.rows(
      'SELECT n, person_id FROM ring_people WHERE n >= $low AND n <= $high ORDER BY n',
      { low: sorted[from] as number, high: sorted[Math.min(from + page, sorted.length) - 1] as number },
    );
    for (const row of rows) if (some.has(Number(row.n))) ids.set(Number(row.n), String(row.person_id));
  }
  return ids;
}
