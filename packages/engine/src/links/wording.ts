import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SharedPassage, sharedPassages } from '@rollcall/passages';
import { z } from 'zod';
import type { Database } from '../lake/duckdb.js';
import { columnList, derivedTables } from '../model/tables.js';
import { hasTable } from './reference.js';
import { telling } from './telling.js';

type WordingRow = (string | number)[];

/**
 * Finds wording that résumés of two persons share and hardly anyone else's has. Fills table `passages`, both directions,
 * and gives each person the identifier of kind `passage`; of pairs with nothing telling in common nothing is kept. Stock
 * phrases (facts) and adverts (documents of nobody) never count: what they say, anybody may say. What was found is kept
 * in the lake, where one is given, and taken from there while no text has changed.
 */
export async function findWording(database: Database, lake?: string): Promise<void> {
  await database.run(`CREATE OR REPLACE TABLE passages (${columnList(derivedTables.passages)})`);
  const documents = (
    await database.rows(
      `SELECT person_id AS owner, document AS id, any_value(text) AS text FROM documents WHERE text IS NOT NULL
       GROUP BY ALL ORDER BY ALL`,
    )
  ).map(({ owner, id, text }) => ({ owner: String(owner), id: String(id), text: String(text) }));
  if (documents.length < 2) return;
  const common = await commonWording(database);
  const file = lake === undefined ? undefined : join(lake, wordingFile);
  const texts = digestOf(documents, common);
  const kept = file === undefined ? undefined : await keptRows(file, texts);
  const rows = kept ?? sharedRows(documents, common);
  if (file !== undefined && kept === undefined) {
    await writeFile(`${file}.new`, JSON.stringify({ version: 1, texts, rows }), { mode: 0o600 });
    await rename(`${file}.new`, file);
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

interface OwnedText {
  readonly owner: string;
  readonly id: string;
  readonly text: string;
}

/** Rows of table `passages`. */
function sharedRows(documents: readonly OwnedText[], common: readonly string[]): WordingRow[] {
  // One file handed in by two people is one document of each.
  const key = ({ owner, id }: OwnedText) => `${id}\u0000${owner}`;
  const texts = new Map(documents.map((document) => [key(document), document.text]));
  const found = sharedPassages(
    documents.map((document) => ({ id: key(document), owner: document.owner, text: document.text })),
    { common },
  );
  const rows: WordingRow[] = [];
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
  return rows;
}

/** Raised when other passages would be found in the same texts. */
const method = 1;
const wordingFile = 'wording.json';
const wordingSchema = z.object({
  version: z.literal(1),
  texts: z.string(),
  rows: z.array(
    z.array(z.union([z.string(), z.number()])).length(Object.keys(derivedTables.passages).length),
  ),
});

function digestOf(documents: readonly OwnedText[], common: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([method, common]));
  for (const { owner, id, text } of documents) hash.update(JSON.stringify([owner, id, text]));
  return hash.digest('hex');
}

/** What was found in the same texts before; `undefined` where it was in others, or cannot be read. */
async function keptRows(file: string, texts: string): Promise<WordingRow[] | undefined> {
  try {
    const kept = wordingSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return kept.texts === texts ? kept.rows : undefined;
  } catch {
    return undefined;
  }
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
