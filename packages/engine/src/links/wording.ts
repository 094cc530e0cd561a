import { type SharedPassage, sharedPassages } from '@rollcall/passages';
import type { Database } from '../lake/duckdb.js';
import { columnList, derivedTables } from '../model/tables.js';
import { hasTable } from './reference.js';
import { telling } from './telling.js';

/**
 * Finds wording that résumés of two persons share and hardly anyone else's has. Fills table `passages`, both directions,
 * and gives each person the identifier of kind `passage`; of pairs with nothing telling in common nothing is kept. Stock phrases (facts) and adverts (documents of nobody) never
 * count: what they say, anybody may say.
 */
export async function findWording(database: Database): Promise<void> {
  await database.run(`CREATE OR REPLACE TABLE passages (${columnList(derivedTables.passages)})`);
  const documents = await database.rows(
    `SELECT person_id AS owner, document AS id, any_value(text) AS text FROM documents WHERE text IS NOT NULL
     GROUP BY ALL ORDER BY ALL`,
  );
  if (documents.length < 2) return;
  // One file handed in by two people is one document of each.
  const key = (owner: unknown, document: unknown) => `${document}\u0000${owner}`;
  const texts = new Map(documents.map(({ owner, id, text }) => [key(owner, id), String(text)]));
  const found = sharedPassages(
    documents.map(({ owner, id, text }) => ({
      id: key(owner, id),
      owner: String(owner),
      text: String(text),
    })),
    { common: await commonWording(database) },
  );
  const rows: (string | number)[][] = [];
  for (const { a, b, aStart, aEnd, bStart, bEnd, key: passage, similarity, words, owners, bits } of tellingOf(
    found,
  )) {
    const [mine, theirs] = [
      { id: a, text: texts.get(a)?.slice(aStart, aEnd) ?? '' },
      { id: b, text: texts.get(b)?.slice(bStart, bEnd) ?? '' },
    ];
    for (const [one, other] of [
      [mine, theirs],
      [theirs, mine],
    ] as const) {
      const [document = '', person = ''] = one.id.split('\u0000');
      const [otherDocument = '', otherPerson = ''] = other.id.split('\u0000');
      rows.push([
        person,
        otherPerson,
        passage,
        document,
        otherDocument,
        one.text,
        other.text,
        Math.round(similarity * 1000) / 1000,
        words,
        owners,
        Math.round(bits * 100) / 100,
      ]);
    }
  }
  const columns = Object.entries(derivedTables.passages);
  for (let from = 0; from < rows.length; from += 5_000) {
    await database.run(
      `INSERT INTO passages SELECT ${columns.map(([, type], i) => `CAST(j ->> ${i} AS ${type})`).join(', ')}
       FROM (SELECT unnest(CAST($rows AS JSON[])) AS j)`,
      { rows: JSON.stringify(rows.slice(from, from + 5_000)) },
    );
  }
  await database.run(
    `INSERT INTO identifiers (person_id, kind, value, label, context, source)
     SELECT person_id, 'passage', passage,
       arg_min(CASE WHEN length(line) <= 90 THEN line ELSE regexp_replace(left(line, 90), '\\s\\S*$', '') || ' …' END, (document, text)), 'résumé', 'resume-files'
     FROM (SELECT *, regexp_replace(text, '\\s+', ' ', 'g') AS line FROM passages) GROUP BY person_id, passage ORDER BY ALL`,
  );
}

/** Passages of pairs of documents that have something telling in common. */
function tellingOf(found: readonly SharedPassage[]): SharedPassage[] {
  const pairs = new Map<string, SharedPassage[]>();
  for (const passage of found) {
    const key = `${passage.a}\u0001${passage.b}`;
    const list = pairs.get(key);
    if (list) list.push(passage);
    else pairs.set(key, [passage]);
  }
  return [...pairs.values()].flatMap((passages) =>
    telling(passages.map((passage) => ({ ...passage, people: passage.owners }))),
  );
}

/** How references of adverts begin: documents of nobody, whose wording joins nobody. */
export const advertRef = 'advert:';

/** Texts whose wording joins nobody. */
export async function commonWording(database: Database): Promise<string[]> {
  const rows = [
    ...((await hasTable(database, 'facts', 'stock_phrases'))
      ? await database.rows('SELECT phrase AS text FROM facts.stock_phrases ORDER BY phrase')
      : []),
    ...((await hasTable(database, 'main', 'stored_documents'))
      ? await database.rows(
          `SELECT DISTINCT text FROM stored_documents WHERE starts_with(person_ref, '${advertRef}') AND text IS NOT NULL ORDER BY text`,
        )
      : []),
  ];
  return rows.map((row) => String(row.text));
}
