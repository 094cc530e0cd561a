import type { FieldMap as SqlFields } from '@rollcall/sigma/sql';
import { type Database, identifier, literal } from '../lake/duckdb.js';
import type { FieldMap, Reading } from './field-map.js';
import { literalSpellings, type Shape, type Step, spellings, wasSeen } from './shape.js';

/**
 * The fields that rules of one map ask for, as columns of one query: every record is parsed once, whatever the number
 * of rules. The meaning is Sigma's (`readField` of the sigma package): a name spelled as one key before the name as a
 * path, lists element by element, numbers as JavaScript writes them.
 */
export class FieldColumns {
  readonly #map: FieldMap;
  readonly #shape: Shape;
  readonly #paths: string[] = [];
  readonly #byName = new Map<string, Readable>();
  readonly #stated = new Set<Readable>();
  /** What records hold at each path; absent until they were looked at. */
  #seen: readonly PathForms[] | undefined;

  constructor(map: FieldMap, shape: Shape) {
    this.#map = map;
    this.#shape = shape;
  }

  /** Asks for a field. `state`: rules also ask whether it is there. */
  need(field: string, state: boolean): void {
    const key = field.toLowerCase();
    let readable = this.#byName.get(key);
    if (readable === undefined) {
      readable = { name: `f${this.#byName.size}`, terminals: this.#terminals(field) };
      this.#byName.set(key, readable);
    }
    if (state) this.#stated.add(readable);
  }

  /** The fields as the columns of `select`. */
  get fields(): SqlFields {
    return (field) => {
      const readable = this.#byName.get(field.toLowerCase());
      if (readable === undefined) return undefined;
      const { values } = this.#values(readable);
      if (values.length === 0) return undefined;
      const { name } = readable;
      return {
        ...(values.some(({ text }) => text !== undefined) ? { text: name } : {}),
        ...(values.some(({ list }) => list !== undefined) ? { list: `${name}_list` } : {}),
        ...(this.#stated.has(readable) ? { present: `${name}_present`, absent: `${name}_absent` } : {}),
      };
    };
  }

  /** Whether the record itself has to be opened. */
  get opens(): boolean {
    return this.#paths.length > 0;
  }

  /** The expression that opens a record: `v` of the expressions below. */
  opened(record: string): string {
    return `json_extract(${record}, [${this.#paths.map(literal).join(', ')}])`;
  }

  /** Looks at what the records of a table with `v` hold at each path. */
  async look(database: Database, table: string): Promise<readonly PathForms[]> {
    const rows = await database.rows(
      `SELECT i, count(j) AS filled, count(*) FILTER (left(j, 1) = '[') AS lists, count(*) FILTER (left(j, 1) = '{') AS objects
       FROM (SELECT generate_subscripts(v, 1) AS i, CAST(unnest(v) AS VARCHAR) AS j FROM ${table}) WHERE j IS NOT NULL GROUP BY i`,
    );
    const byPath = new Map(rows.map((row) => [Number(row.i) - 1, row]));
    return this.#paths.map((_, i) => {
      const row = byPath.get(i);
      return {
        any: Number(row?.filled ?? 0) > 0,
        lists: Number(row?.lists ?? 0) > 0,
        objects: Number(row?.objects ?? 0) > 0,
      };
    });
  }

  /** From now on what no record holds is left out. */
  learn(forms: readonly PathForms[]): void {
    this.#seen = forms;
  }

  /** `expression AS column` for every field, over the columns of the events table and `v`. */
  select(): string[] {
    const out: string[] = [];
    for (const readable of this.#byName.values()) {
      const { values, terminals } = this.#values(readable);
      const { name } = readable;
      const text = chosen(values, 'text');
      if (text !== undefined) out.push(`${text} AS ${name}`);
      const list = chosen(values, 'list');
      if (list !== undefined) out.push(`${list} AS ${name}_list`);
      if (this.#stated.has(readable) && terminals.length > 0) {
        out.push(`(${terminals.map(presentOf).join(' OR ')}) AS ${name}_present`);
        out.push(`NOT (${terminals.map(filledOf).join(' OR ')}) AS ${name}_absent`);
      }
    }
    return out;
  }

  /** The expressions of a field that can give something, in order of preference. */
  #values(readable: Readable): { values: Value[]; terminals: readonly Terminal[] } {
    const terminals = readable.terminals.filter(
      (terminal) => terminal.kind === 'column' || this.#forms(terminal).any,
    );
    const values = terminals.map((terminal): Value => {
      if (terminal.kind === 'column') return { text: terminal.sql };
      const forms = this.#forms(terminal);
      const ends = terminal.rest.length === 0;
      return {
        ...(ends || forms.objects ? { text: terminal.affix(`sigma_text(${plain(terminal)})`) } : {}),
        ...(forms.lists || (!ends && forms.objects) ? { list: listOf(terminal) } : {}),
      };
    });
    return { values, terminals };
  }

  #forms(terminal: Extract<Terminal, { kind: 'path' }>): PathForms {
    return this.#seen?.[terminal.path] ?? { any: true, lists: true, objects: true };
  }

  #terminals(field: string): Terminal[] {
    return readingsOf(this.#map, field).flatMap((reading): Terminal[] => {
      if (typeof reading === 'object' && 'column' in reading) {
        return [{ kind: 'column', sql: columnText(reading) }];
      }
      const { path, prefix, suffix } =
        typeof reading === 'string' ? { path: reading, prefix: '', suffix: '' } : reading;
      const known = spellings(this.#shape, path);
      return (known.length > 0 ? known : this.#unknown(path))
        .filter((steps) => steps.every(({ key }) => !unreadable.test(key)))
        .map((steps) => this.#terminal(steps, prefix, suffix));
    });
  }

  /** A path nobody has seen: as it is written, unless records of the lake have nothing where it leads. */
  #unknown(path: string): readonly (readonly Step[])[] {
    const template = this.#map.default.find(
      (entry) => entry.indexOf('*') > 1 && path.startsWith(entry.slice(0, entry.indexOf('*'))),
    );
    const container = template?.slice(0, template.indexOf('*')).replace(/\.$/, '');
    return container === undefined || wasSeen(this.#shape, container) ? literalSpellings(path) : [];
  }

  #terminal(steps: readonly Step[], prefix: string, suffix: string): Terminal {
    // Up to the first list the path is followed for all fields together; the rest in each element.
    const at = steps.findIndex((step, i) => step.list && i < steps.length - 1);
    const base = at < 0 ? steps : steps.slice(0, at + 1);
    const rest = at < 0 ? [] : steps.slice(at + 1);
    const path = jsonPath(base);
    let index = this.#paths.indexOf(path);
    if (index < 0) index = this.#paths.push(path) - 1;
    const affix = (text: string) =>
      prefix === '' && suffix === '' ? text : `${literal(prefix)} || ${text} || ${literal(suffix)}`;
    return { kind: 'path', path: index, json: `v[${index + 1}]`, rest, affix };
  }
}

/** What records hold at a path: something, lists among it, objects among it. */
export interface PathForms {
  readonly any: boolean;
  readonly lists: boolean;
  readonly objects: boolean;
}

/** One reading of a field: a row with one value has it in `text`, a row with several in `list`. */
interface Value {
  readonly text?: string;
  readonly list?: string;
}

/** The text, or the list, of the first reading that holds something; NULL where that holds the other. */
function chosen(values: readonly Value[], kind: 'text' | 'list'): string | undefined {
  const wanted = values.flatMap((value) => value[kind] ?? []);
  if (wanted.length === 0) return undefined;
  const other = kind === 'text' ? 'list' : 'text';
  // Of one value text and list are never both filled.
  if (values.length === 1 || values.every((value) => value[other] === undefined))
    return wanted.length === 1 ? wanted[0] : `coalesce(${wanted.join(', ')})`;
  const cases = values.flatMap((value) => [
    ...(value[kind] === undefined ? [] : [`WHEN ${value[kind]} IS NOT NULL THEN ${value[kind]}`]),
    ...(value[other] === undefined ? [] : [`WHEN ${value[other]} IS NOT NULL THEN NULL`]),
  ]);
  return `CASE ${cases.join(' ')} END`;
}

/** Keys that a path of the database cannot name. */
const unreadable = /["\\*\p{Cc}]/u;

interface Readable {
  readonly name: string;
  readonly terminals: readonly Terminal[];
}

type Terminal =
  | { readonly kind: 'column'; readonly sql: string }
  | {
      readonly kind: 'path';
      /** Its place among the paths. */
      readonly path: number;
      /** JSON expression of the value, or of the list the rest of the path goes on in. */
      readonly json: string;
      readonly rest: readonly Step[];
      readonly affix: (text: string) => string;
    };

/** How a map says a field is read: its entry, else its default. Names are compared without case. */
export function readingsOf(map: FieldMap, field: string): readonly Reading[] {
  const low = field.toLowerCase();
  const own = Object.entries(map.fields).find(([name]) => name.toLowerCase() === low)?.[1];
  if (own !== undefined) return Array.isArray(own) ? own : [own];
  const names = Object.entries(map.names).find(([name]) => name.toLowerCase() === low)?.[1] ?? [field];
  return names.flatMap((name) => map.default.map((template) => template.replace('*', () => name)));
}

/** The field as a column of the events table alone; `undefined` where the record has to be opened. */
export function columnOf(map: FieldMap, field: string): string | undefined {
  const readings = readingsOf(map, field);
  const texts = readings.map((reading) =>
    typeof reading === 'object' && 'column' in reading ? columnText(reading) : undefined,
  );
  if (texts.length === 0 || texts.some((text) => text === undefined)) return undefined;
  return texts.length === 1 ? texts[0] : `coalesce(${texts.join(', ')})`;
}

function columnText(reading: Extract<Reading, { column: string }>): string {
  const own = identifier(reading.column);
  const text =
    reading.match === undefined ? own : `nullif(regexp_extract(${own}, ${literal(reading.match)}, 1), '')`;
  return reading.prefix === '' && reading.suffix === ''
    ? text
    : `${literal(reading.prefix)} || ${text} || ${literal(reading.suffix)}`;
}

function jsonPath(steps: readonly Step[]): string {
  let path = '$';
  for (const { key } of steps) {
    const index = /^(.*?)((?:\[-?\d{1,9}\])+)$/.exec(key);
    const name = index?.[1] ?? key;
    if (name !== '') path += `."${name}"`;
    for (const [, n] of (index?.[2] ?? '').matchAll(/\[(-?\d+)\]/g))
      path += Number(n) < 0 ? `[#${n}]` : `[${n}]`;
  }
  return path;
}

/**
 * The values in the elements of lists, as a list of JSON. What is a list in one record may be an object in another, or in
 * the next element: where lists lie within lists, each of them is looked at as both.
 */
function within(terminal: Extract<Terminal, { kind: 'path' }>): string {
  const from = (start: string) =>
    terminal.rest.reduce(
      (made, step, i) =>
        made.flatMap((path) => {
          const next = `${path}${jsonPath([step]).slice(1)}`;
          return step.list && i < terminal.rest.length - 1 ? [`${next}[*]`, next] : [next];
        }),
      [start],
    );
  const paths = [...from('$[*]'), ...from('$')].filter((path) => path.includes('[*]'));
  const each = paths.map((path) => `json_extract(${terminal.json}, ${literal(path)})`);
  return each.reduce((all, one) => `list_concat(${all}, ${one})`);
}

/** Whether lists may lie within what stands at a list's place. */
function isDeep({ rest }: Extract<Terminal, { kind: 'path' }>): boolean {
  return rest.slice(0, -1).some(({ list }) => list);
}

/** The value where no list is crossed. */
function plain(terminal: Extract<Terminal, { kind: 'path' }>): string {
  return terminal.rest.length === 0
    ? terminal.json
    : `json_extract(${terminal.json}, ${literal(jsonPath(terminal.rest))})`;
}

function listOf(terminal: Extract<Terminal, { kind: 'path' }>): string {
  const elements =
    terminal.rest.length === 0
      ? `CASE WHEN ${isList(terminal.json)} THEN json_extract(${terminal.json}, '$[*]') END`
      : `CASE WHEN ${isList(terminal.json)} THEN ${within(terminal)}
         WHEN ${isList(plain(terminal))} THEN json_extract(${plain(terminal)}, '$[*]')
         ${isDeep(terminal) ? `ELSE ${within(terminal)}` : ''} END`;
  const texts = `sigma_texts(${elements})`;
  const affixed = terminal.affix('x');
  return affixed === 'x' ? texts : `list_transform(${texts}, lambda x: ${affixed})`;
}

function isList(json: string): string {
  return `left(CAST(${json} AS VARCHAR), 1) = '['`;
}

function presentOf(terminal: Terminal): string {
  if (terminal.kind === 'column') return `${terminal.sql} IS NOT NULL`;
  if (terminal.rest.length === 0) return `${terminal.json} IS NOT NULL`;
  return `(${plain(terminal)} IS NOT NULL OR coalesce(len(${within(terminal)}) > 0, false))`;
}

function filledOf(terminal: Terminal): string {
  if (terminal.kind === 'column') return `${terminal.sql} IS NOT NULL`;
  const single = `coalesce(json_type(${plain(terminal)}) <> 'NULL', false)`;
  if (terminal.rest.length === 0) return single;
  return `(${single} OR coalesce(list_contains(list_transform(${within(terminal)}, lambda x: json_type(x) <> 'NULL'), true), false))`;
}

/** Functions the expressions use, for the connection that runs them. */
export const fieldMacros: readonly string[] = [
  // The text of one JSON value as JavaScript writes it; NULL for null, lists and objects. Its first character says what it is.
  `CREATE OR REPLACE TEMP MACRO sigma_text(j) AS CASE left(CAST(j AS VARCHAR), 1)
     WHEN '"' THEN CASE WHEN contains(CAST(j AS VARCHAR), '\\') THEN j ->> '$' ELSE substr(CAST(j AS VARCHAR), 2, length(CAST(j AS VARCHAR)) - 2) END
     WHEN '{' THEN NULL WHEN '[' THEN NULL WHEN 'n' THEN NULL
     ELSE CASE WHEN NOT regexp_matches(CAST(j AS VARCHAR), '[.eE]') OR left(CAST(j AS VARCHAR), 1) IN ('t', 'f') THEN CAST(j AS VARCHAR)
       WHEN CAST(j AS DOUBLE) = floor(CAST(j AS DOUBLE)) AND abs(CAST(j AS DOUBLE)) < 1e15 THEN CAST(CAST(CAST(j AS DOUBLE) AS BIGINT) AS VARCHAR)
       ELSE CAST(CAST(j AS DOUBLE) AS VARCHAR) END END`,
  // The texts of the scalars of a list of JSON values, lists in it opened once; NULL when there are none.
  `CREATE OR REPLACE TEMP MACRO sigma_texts(l) AS nullif(list_filter(list_transform(
     flatten(list_transform(l, lambda x: CASE WHEN json_type(x) = 'ARRAY' THEN json_extract(x, '$[*]') ELSE [x] END)),
     lambda y: sigma_text(y)), lambda z: z IS NOT NULL), [])`,
  // Every scalar of a record.
  `CREATE OR REPLACE TEMP MACRO sigma_scalars(r) AS (SELECT list(t.atom ->> '$') FROM json_tree(r) t WHERE t.atom IS NOT NULL)`,
];
