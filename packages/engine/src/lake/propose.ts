import { basename } from 'node:path';
import { stringify } from 'yaml';
import type { Connector, TableConnector } from '../content/connector.js';
import { RollcallError } from '../model/errors.js';
import { look, mappingSuffix, sampleRecords } from './discover.js';
import { headerKey, matchColumns } from './recognise.js';
import { type Shape, splitRow } from './shape.js';

/** Rows looked at for what the values of a column are. */
const rowsLookedAt = 50;

interface Column {
  header: string;
  values: string[];
}

interface Guess {
  column: string;
  header: string;
  likeness: number;
  reason: string;
}

interface Proposal {
  connector: TableConnector & { id: string };
  guesses: Guess[];
  score: number;
}

/**
 * The text of a mapping file (`<file>.rollcall.yml`) for a table or flat JSON: the connector that fits best, and for each
 * of its columns the header that is most like it by name and by what its values look like. What is left over on either
 * side stands beside it as comments, with sample values, for the user to sort out. Pass one connector to settle which.
 */
export async function proposeMapping(path: string, connectors: readonly Connector[]): Promise<string> {
  const tables = connectors.filter((connector) => connector.format === 'table');
  const columns = await columnsOf(path, tables);
  const proposals = tables
    .map((connector) => propose(columns, connector))
    .sort((a, b) => b.score - a.score || a.connector.id.localeCompare(b.connector.id));
  const best = proposals[0];
  if (!best || best.guesses.length < 2) {
    throw new RollcallError(
      'MAPPING_INVALID',
      `${path}: none of its columns is like one Rollcall knows: ${columns
        .map((c) => c.header)
        .slice(0, 12)
        .join(', ')}`,
    );
  }
  return written(
    basename(path),
    best,
    columns,
    proposals.slice(1, 4).filter((other) => other.score > best.score / 2),
  );
}

/** The columns of a file with sample values. */
async function columnsOf(path: string, connectors: readonly Connector[]): Promise<Column[]> {
  const { head, shape } = await look(path, basename(path), connectors);
  if (shape.kind === 'table') return tableColumns(shape);
  if (shape.kind === 'empty' || shape.kind === 'text' || shape.kind === 'zeek') {
    const why =
      shape.kind === 'empty'
        ? 'it is empty'
        : shape.kind === 'zeek'
          ? 'Zeek logs need no mapping'
          : shape.why;
    throw new RollcallError('MAPPING_INVALID', `${path}: a mapping is for tables and flat JSON: ${why}`);
  }
  const found = new Map<string, string[]>();
  const note = (key: string, value: unknown) => {
    const values = found.get(key) ?? [];
    found.set(key, values);
    if (value !== null && value !== undefined && String(value).trim()) values.push(String(value).trim());
  };
  for (const record of sampleRecords(head.text, shape)) {
    for (const [key, value] of Object.entries(record as object)) {
      if (value === null || typeof value !== 'object') note(key, value);
      else if (!Array.isArray(value))
        for (const [inner, deep] of Object.entries(value))
          if (deep === null || typeof deep !== 'object') note(`${key}.${inner}`, deep);
    }
  }
  if (found.size === 0) throw new RollcallError('MAPPING_INVALID', `${path}: no JSON record was found in it`);
  return [...found].map(([header, values]) => ({ header, values }));
}

/** The header is the first row as wide as most rows are. */
function tableColumns(shape: Extract<Shape, { kind: 'table' }>): Column[] {
  const rows = shape.lines.filter((line) => line.trim()).map((line) => splitRow(line, shape.delimiter));
  const widths = new Map<number, number>();
  for (const row of rows.slice(0, rowsLookedAt)) widths.set(row.length, (widths.get(row.length) ?? 0) + 1);
  const usual = [...widths].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 1;
  const at = rows.findIndex((row) => row.length === usual && row.filter(Boolean).length > 1);
  const header = rows[Math.max(at, 0)] ?? [];
  const body = rows.slice(at + 1, at + 1 + rowsLookedAt);
  return header
    .map((cell, i) => ({
      header: cell,
      values: body.map((row) => row[i] ?? '').filter((value) => value.trim()),
    }))
    .filter((column) => column.header);
}

function propose(columns: readonly Column[], connector: TableConnector & { id: string }): Proposal {
  const exact = matchColumns(
    columns.map((column) => column.header),
    connector,
  );
  const guesses: Guess[] = Object.entries(exact.columns).map(([column, header]) => ({
    column,
    header,
    likeness: 1,
    reason: '',
  }));
  const candidates: Guess[] = [];
  for (const [column, definition] of Object.entries(connector.columns)) {
    if (column in exact.columns) continue;
    for (const { header, values } of columns) {
      if (Object.values(exact.columns).includes(header)) continue;
      const byName = Math.max(...[column, ...definition.names].map((name) => likeness(name, header)));
      const fits = fitting(column, values);
      if (fits === 'no' || byName < (fits === 'yes' ? 0.4 : 0.65)) continue;
      const reason =
        fits === 'yes'
          ? `its name is like it, and its values are ${looksLike(column)}`
          : 'its name is like it';
      candidates.push({ column, header, likeness: byName + (fits === 'yes' ? 0.3 : 0), reason });
    }
  }
  candidates.sort(
    (a, b) =>
      b.likeness - a.likeness ||
      order(connector, a) - order(connector, b) ||
      a.header.localeCompare(b.header),
  );
  const place = (guess: Guess) => {
    if (guesses.some((other) => other.column === guess.column || other.header === guess.header)) return;
    guesses.push(guess);
  };
  candidates.forEach(place);
  // Last, a column that alone holds values of a kind, for a kind that only one free column wants.
  for (const [column] of Object.entries(connector.columns)) {
    const kind = kindOf(column);
    if (!kind || kind === 'date') continue;
    const free = columns.filter(
      (c) => !guesses.some((guess) => guess.header === c.header) && share(kind, c.values) > 0.8,
    );
    if (free.length === 1)
      place({
        column,
        header: (free[0] as Column).header,
        likeness: 0.3,
        reason: `its values are ${looksLike(column)}`,
      });
  }
  guesses.sort((a, b) => order(connector, a) - order(connector, b));
  const has = (column: string) => guesses.some((guess) => guess.column === column);
  const lacking =
    Object.entries(connector.columns).filter(([column, definition]) => definition.required && !has(column))
      .length + connector.one_of.filter((group) => !group.some(has)).length;
  const weight = guesses.reduce(
    (sum, guess) => sum + guess.likeness * (connector.columns[guess.column]?.telling ? 2 : 1),
    0,
  );
  const score = (weight / (1 + lacking)) * (exact.barred ? 0.5 : 1);
  return { connector, guesses, score };
}

function order(connector: TableConnector, guess: Guess): number {
  return Object.keys(connector.columns).indexOf(guess.column);
}

/** How alike two headers are, 0 to 1: by shared words, and by shared pairs of letters for abbreviations and typos. */
export function likeness(a: string, b: string): number {
  const [keyA, keyB] = [headerKey(a), headerKey(b)];
  if (!keyA || !keyB) return 0;
  if (keyA === keyB) return 1;
  const [wordsA, wordsB] = [words(a), words(b)];
  const common = wordsA.filter((word) => wordsB.includes(word)).length;
  const byWords = (2 * common) / (wordsA.length + wordsB.length);
  return Math.min(0.95, Math.max(byWords, dice(keyA, keyB)));
}

/** Words that headers use for one another, in the languages HR systems are most often exported in. */
const synonyms = new Map(
  Object.entries({
    employee: 'emp ee staff worker associate pers personal mitarbeiter empleado employé',
    number: 'no num nr id identifier code nummer numéro numero',
    phone: 'tel telephone mobile cell telefon téléphone teléfono handy',
    email: 'mail courriel correo',
    date: 'dt on at when datum fecha',
    start: 'begin begins began started eintritt début inicio',
    end: 'ended leaving austritt fin',
    account: 'acct konto compte cuenta',
    address: 'addr adresse dirección',
    street: 'strasse straße rue calle',
    city: 'ort stadt ville ciudad',
    country: 'land pays país',
    postal: 'postcode zip plz',
    department: 'dept abteilung',
    manager: 'mgr vorgesetzter',
    serial: 'ser seriennummer',
    last: 'surname family nachname nom apellido apellidos',
    first: 'forename given vorname prénom nombre',
  }).flatMap(([word, others]) => others.split(' ').map((other) => [other, word] as const)),
);

function words(text: string): string[] {
  const found = text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  return found.map((word) => synonyms.get(word) ?? word);
}

function dice(a: string, b: string): number {
  const pairs = (text: string) =>
    Array.from({ length: Math.max(text.length - 1, 0) }, (_, i) => text.slice(i, i + 2));
  const left = pairs(a);
  const right = pairs(b);
  let common = 0;
  for (const pair of left) {
    const at = right.indexOf(pair);
    if (at >= 0) {
      common++;
      right.splice(at, 1);
    }
  }
  return (2 * common) / Math.max(1, left.length + pairs(b).length);
}

const kinds = {
  email: { looks: 'e-mail addresses', test: /^[^@\s]+@[^@\s]+\.[^@\s]+$/ },
  date: {
    looks: 'dates',
    test: /^(\d{4}[-/]\d\d?[-/]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4}|\d\d?[- ][A-Za-z]{3,9}[- ]\d{4}|[A-Za-z]{3,9} \d\d?, \d{4}|\d{10}(\d{3})?$)/,
  },
  phone: { looks: 'phone numbers', test: /^[+(]?\d[\d\s().-]{7,18}$/ },
  ip: { looks: 'network addresses', test: /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]+)$/i },
  country: { looks: 'country codes', test: /^[A-Z]{2,3}$/ },
  postal: {
    looks: 'postal codes',
    test: /^(\d{4,6}(-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})$/i,
  },
  serial: { looks: 'serial numbers', test: /^(?=.*\d)(?=.*[A-Z])[A-Z0-9-]{7,20}$/ },
  address: { looks: 'street addresses', test: /^\d+\S*\s+\p{L}.*|\p{L}.*\s\d+\S*$/u },
} as const;
type Kind = keyof typeof kinds;

/** The kind of value a connector's column takes, by the column's own name. */
function kindOf(column: string): Kind | undefined {
  if (/email|mail/.test(column)) return 'email';
  if (/_at$/.test(column)) return 'date';
  if (/phone/.test(column)) return 'phone';
  if (/(^|_)ip$/.test(column)) return 'ip';
  if (/country/.test(column)) return 'country';
  if (/postal/.test(column)) return 'postal';
  if (/serial/.test(column)) return 'serial';
  if (/^(street|address_line)$/.test(column)) return 'address';
  return undefined;
}

function looksLike(column: string): string {
  const kind = kindOf(column);
  return kind ? kinds[kind].looks : 'like it';
}

function share(kind: Kind, values: readonly string[]): number {
  return values.length === 0
    ? 0
    : values.filter((value) => kinds[kind].test.test(value.trim())).length / values.length;
}

/** Whether a column's values may stand in a connector's column: yes, no, or nothing can be told. */
function fitting(column: string, values: readonly string[]): 'yes' | 'no' | 'unknown' {
  const kind = kindOf(column);
  if (values.length === 0) return 'unknown';
  if (!kind) {
    // An id is no e-mail, a name no date: other columns take no value of a plain kind.
    const plain = (['email', 'date', 'ip'] as const).some((other) => share(other, values) > 0.8);
    return plain &&
      !/^(person|assigned_to|account|worker|manager|changed_by|by|person_ref|reference_\d)$/.test(column)
      ? 'no'
      : 'unknown';
  }
  const part = share(kind, values);
  if (part > 0.6) return 'yes';
  // Countries are written out, serials and addresses take many forms: only e-mails, dates and IPs are told for certain.
  return kind === 'email' || kind === 'date' || kind === 'ip' ? 'no' : 'unknown';
}

function written(
  file: string,
  best: Proposal,
  columns: readonly Column[],
  others: readonly Proposal[],
): string {
  const { connector, guesses } = best;
  const out = [
    `# How Rollcall is to read ${oneLine(file)}. Keep this file beside it as ${oneLine(file)}${mappingSuffix}, correct what is wrong, and scan again.`,
    `# On the left Rollcall's columns, on the right the headers of your file. Lines behind a # are not read.`,
    '',
    `# ${connector.title}: ${oneLine(connector.about)}`,
    `connector: ${connector.id}`,
  ];
  if (others.length > 0)
    out.push(`# It could also be: ${others.map((other) => other.connector.id).join(', ')}`);
  out.push('columns:');
  for (const guess of guesses) {
    const column = columns.find((each) => each.header === guess.header);
    const doubt = guess.reason ? ` ? ${guess.reason};` : '';
    out.push(`  ${guess.column}: ${quoted(guess.header)} #${doubt} ${samplesOf(column)}`);
  }
  const open = Object.entries(connector.columns).filter(
    ([column]) => !guesses.some((guess) => guess.column === column),
  );
  if (open.length > 0) {
    out.push('', '  # Nothing was found for these; give a header where your file has one.');
    for (const [column, definition] of open) {
      const groups = connector.one_of.filter(
        (group) =>
          group.includes(column) && !group.some((name) => guesses.some((guess) => guess.column === name)),
      );
      const need = definition.required
        ? ' (needed)'
        : groups.length > 0
          ? ` (needed: one of ${groups[0]?.join(', ')})`
          : '';
      out.push(
        `  # ${column}:${need} ${oneLine(definition.about ?? `as in ${definition.names.slice(0, 3).join(', ')}`)}`,
      );
    }
  }
  const unused = columns.filter((column) => !guesses.some((guess) => guess.header === column.header));
  if (unused.length > 0) {
    out.push('', '# Columns of your file that are not used:');
    for (const column of unused) out.push(`#   ${quoted(column.header)} # ${samplesOf(column)}`);
  }
  return `${out.join('\n')}\n`;
}

/** A header as YAML on one line, whatever is in it. */
function quoted(header: string): string {
  return /^[\p{L}][\p{L}\p{N} _/().-]*$/u.test(header) &&
    !/^(true|false|null|yes|no|on|off|y|n)$/i.test(header) &&
    !header.endsWith(' ')
    ? header
    : stringify(header, { defaultStringType: 'QUOTE_DOUBLE', lineWidth: 0 }).trim();
}

/** Up to three different values, long runs of digits masked: a mapping file is passed around. */
function samplesOf(column: Column | undefined): string {
  const values = [...new Set(column?.values ?? [])]
    .slice(0, 3)
    .map((value) => oneLine(masked(value)).slice(0, 40));
  return values.length > 0 ? values.join(' | ') : '(empty)';
}

function masked(value: string): string {
  if (kinds.date.test.test(value) || kinds.ip.test.test(value)) return value;
  return value.replace(
    /\d(?:[ -]?\d){5,}/g,
    (digits) => `${'•'.repeat(4)}${digits.replace(/\D/g, '').slice(-2)}`,
  );
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}
