import type { Connector } from '../content/connector.js';
import type { Detection } from '../content/detection.js';
import type { Database } from '../lake/duckdb.js';
import { claimKinds, traceKinds } from '../model/vocabulary.js';

/** What the lake holds, in the words of `needs`. */
export async function available(database: Database): Promise<Set<string>> {
  const rows = await database.rows(
    `SELECT 'events.' || action AS need FROM events GROUP BY ALL
     UNION ALL SELECT 'records.' || source FROM events WHERE source IS NOT NULL GROUP BY ALL
     UNION ALL SELECT 'identifiers.' || kind FROM identifiers GROUP BY ALL
     UNION ALL SELECT 'inventory.' || kind FROM inventory GROUP BY ALL
     UNION ALL SELECT 'claims.' || kind FROM claims GROUP BY ALL
     UNION ALL SELECT 'traces.' || kind FROM traces GROUP BY ALL
     UNION ALL SELECT 'documents' FROM documents HAVING count(*) > 0
     UNION ALL SELECT 'passages' FROM passages HAVING count(*) > 0
     UNION ALL SELECT 'people' FROM people HAVING count(*) > 0
     UNION ALL SELECT 'devices' FROM devices HAVING count(*) > 0
     UNION ALL SELECT 'accounts' FROM accounts HAVING count(*) > 0
     UNION ALL SELECT 'facts.' || table_name FROM duckdb_tables() WHERE schema_name = 'facts' AND estimated_size > 0`,
  );
  const found = new Set(rows.map((row) => String(row.need)));
  // Files were looked at for all of these: that none shows one is an answer, and no lack of data.
  if ((await database.number("SELECT count(*) FROM documents WHERE format <> 'json-resume'")) > 0) {
    for (const kind of traceKinds) found.add(`traces.${kind}`);
    for (const kind of claimKinds) found.add(`claims.${kind}`);
    for (const kind of ['file_hash', 'file_origin', 'image_hash']) found.add(`identifiers.${kind}`);
    found.add('passages');
  }
  for (const table of ['people', 'devices'] as const) {
    const columns = await database.describe(`SELECT * FROM ${table}`);
    const counts = await database.rows(
      `SELECT ${columns.map((c) => `count("${c.name}") AS "${c.name}"`).join(', ')} FROM ${table}`,
    );
    for (const column of columns)
      if (Number(counts[0]?.[column.name] ?? 0) > 0) found.add(`${table}.${column.name}`);
  }
  return found;
}

/** A need that several kinds of data can meet, `a or b`, as these. */
const ways = (need: string): string[] => need.split(' or ');

export function missing(detection: Detection, has: ReadonlySet<string>): string[] {
  return detection.needs.filter((need) => !ways(need).some((way) => has.has(way)));
}

/** Titles of the connectors that would bring what is missing. */
export function enabledBy(needs: readonly string[], connectors: readonly Connector[]): string[] {
  const titles = connectors
    .filter((connector) => needs.flatMap(ways).some((need) => gives(connector, need)))
    .map((connector) => connector.title);
  return [...new Set(titles)].sort();
}

function gives(connector: Connector, need: string): boolean {
  const dot = need.indexOf('.');
  const table = dot < 0 ? need : need.slice(0, dot);
  const word = dot < 0 ? undefined : need.slice(dot + 1);
  if (table === 'records') return connector.id === word;
  // Wording that two résumés share is found in the files themselves.
  if (table === 'passages') return gives(connector, 'documents');
  const own = connector.mappings.filter((mapping) => mapping.table === table);
  if (!word) return own.length > 0;
  if (table === 'people' || table === 'devices')
    return own.some((mapping) => new RegExp(`\\bAS ${word}\\b`, 'i').test(mapping.sql));
  return connector.yields.includes(word) || own.some((mapping) => mapping.sql.includes(`'${word}'`));
}

/** A need in plain words. */
export function needInWords(need: string): string {
  return ways(need).map(wayInWords).join(' or ');
}

function wayInWords(need: string): string {
  const [table, ...rest] = need.split('.');
  const word = rest.join('.').replaceAll('_', ' ').replaceAll('.', ' ');
  switch (table) {
    case 'events':
      return `${word} events`;
    case 'records':
      return `${word.replaceAll('-', ' ')} records`;
    case 'identifiers':
      return `${word} values`;
    case 'inventory':
      return `${word} inventory`;
    case 'claims':
      return `claims of ${word}`;
    case 'traces':
      return `files that show ${word}`;
    case 'documents':
    case 'passages':
      return 'résumé files';
    case 'facts':
      return `reference data: ${word}`;
    case 'people':
      return word ? `the ${word} of people` : 'a list of people';
    case 'devices':
      return word ? `whether devices are ${word}` : 'a device inventory';
    default:
      return need;
  }
}
