import type { Database, Row } from '../lake/duckdb.js';
import type { PersonDocument, PersonPassage } from '../model/result.js';
import type { ClaimKind, TraceKind } from '../model/vocabulary.js';

/** Characters of a résumé a report holds. */
export const documentCharacters = 20_000;
/** Files and passages of one person a report holds; the latest and the weightiest. */
const mostDocuments = 4;
const mostPassages = 40;

export interface DocumentDetails {
  documents: Map<string, PersonDocument[]>;
  passages: Map<string, PersonPassage[]>;
}

/** The résumés of some people, and what they share; reads table `chosen` (person_id), as the other details do. */
export async function documentDetails(
  database: Database,
  nameOf: (id: string) => string,
): Promise<DocumentDetails> {
  const details: DocumentDetails = { documents: new Map(), passages: new Map() };
  const files = await database.rows(
    `SELECT person_id, document, min(file) AS file, any_value(format) AS format, any_value(pages) AS pages,
       left(any_value(text), ${documentCharacters}) AS text, length(any_value(text)) > ${documentCharacters} AS cut
     FROM documents SEMI JOIN chosen USING (person_id) GROUP BY person_id, document
     QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY max(seen_at) DESC NULLS LAST, min(file), document) <= ${mostDocuments}
     ORDER BY person_id, file, document`,
  );
  const claims = grouped(
    await database.rows(
      'SELECT DISTINCT person_id, document, kind, subject, detail, years, since, until, current, precision FROM claims SEMI JOIN chosen USING (person_id) ORDER BY ALL',
    ),
  );
  const traces = grouped(
    await database.rows(
      'SELECT DISTINCT person_id, document, kind, value, detail FROM traces SEMI JOIN chosen USING (person_id) ORDER BY ALL',
    ),
  );
  for (const row of files) {
    const key = keyOf(row);
    put(details.documents, String(row.person_id), {
      document: String(row.document),
      file: String(row.file ?? ''),
      format: String(row.format ?? ''),
      ...(row.pages == null ? {} : { pages: Number(row.pages) }),
      text: String(row.text ?? ''),
      cut: row.cut === true,
      claims: (claims.get(key) ?? []).map((claim) => ({
        kind: claim.kind as ClaimKind,
        ...words(claim, ['subject', 'detail', 'precision']),
        ...(claim.years == null ? {} : { years: Number(claim.years) }),
        ...(claim.since == null ? {} : { since: String(claim.since).slice(0, 10) }),
        ...(claim.until == null ? {} : { until: String(claim.until).slice(0, 10) }),
        ...(claim.current === true ? { current: true } : {}),
      })),
      traces: (traces.get(key) ?? []).map((trace) => ({
        kind: trace.kind as TraceKind,
        value: String(trace.value ?? ''),
        ...words(trace, ['detail']),
      })),
    });
  }
  const passages = await database.rows(
    `SELECT p.*, f.file AS other_file FROM passages p SEMI JOIN chosen USING (person_id)
     LEFT JOIN (SELECT person_id, document, min(file) AS file FROM documents GROUP BY ALL) f ON f.person_id = p.other AND f.document = p.other_document
     QUALIFY row_number() OVER (PARTITION BY p.person_id ORDER BY p.bits DESC, p.words DESC, p.other, p.document, p.other_document, p.text, p.other_text) <= ${mostPassages}
     ORDER BY p.person_id, p.bits DESC, p.words DESC, p.other, p.document, p.other_document, p.text, p.other_text`,
  );
  for (const row of passages) {
    put(details.passages, String(row.person_id), {
      passage: String(row.passage),
      other: { id: String(row.other), name: nameOf(String(row.other)) },
      document: String(row.document),
      otherDocument: String(row.other_document),
      otherFile: String(row.other_file ?? ''),
      text: String(row.text),
      otherText: String(row.other_text),
      similarity: Number(row.similarity),
      words: Number(row.words),
      people: Number(row.people),
      bits: Number(row.bits),
    });
  }
  return details;
}

const keyOf = (row: Row): string => `${row.person_id}\u0000${row.document}`;

function grouped(rows: readonly Row[]): Map<string, Row[]> {
  const map = new Map<string, Row[]>();
  for (const row of rows) put(map, keyOf(row), row);
  return map;
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function words<Name extends string>(row: Row, names: readonly Name[]): { [name in Name]?: string } {
  const found: { [name in Name]?: string } = {};
  for (const name of names) if (row[name] != null && row[name] !== '') found[name] = String(row[name]);
  return found;
}
