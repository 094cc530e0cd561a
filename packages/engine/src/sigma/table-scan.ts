import { type PlannedRule, SigmaError } from '@rollcall/sigma';
import { conditionSql, type FieldSource, rulesSql, type TableSource } from '@rollcall/sigma/sql';
import type { Connector } from '../content/connector.js';
import { message } from '../lake/bytes.js';
import { type Database, identifier, literal } from '../lake/duckdb.js';
import { columnOf, FieldColumns, fieldMacros, type PathForms, readingsOf } from './columns.js';
import { type FieldMap, type Log, logSourceText } from './field-map.js';
import { type Keep, KeptHits } from './kept-hits.js';
import { fieldsOf, isAlways, lacking, possible, weaken } from './prefilter.js';
import type { Refusal } from './rules.js';
import { addConnector, addPath, addRecords, emptyShape, type Shape, spellings } from './shape.js';

/** A rule that reads logs of one map. */
export interface MappedRule {
  /** Its number among all rules. */
  readonly number: number;
  readonly rule: PlannedRule;
  readonly logs: readonly Log[];
  /** Fields correlations group or count by: kept beside its hits. */
  readonly held: readonly string[];
}

export interface TableScan {
  readonly database: Database;
  readonly map: FieldMap;
  readonly connector: Connector | undefined;
  readonly rules: readonly MappedRule[];
  /** Column of `sigma_all` of each field that correlations group or count by. */
  readonly held: ReadonlyMap<string, string>;
  /** Nothing later is looked at; SQL. */
  readonly cut: string;
  /** Where hits are kept from scan to scan; absent: every event is asked anew. */
  readonly keep?: Keep;
}

/** Up to so many rules are quicker asked of every row than found by the texts they need. */
const fewRules = 40;

export interface TableHits {
  /** Why some of the rules could not say anything, by number. */
  readonly refusals: Map<number, Refusal>;
  /** What selects `source, file, uid, time, rules` and the columns of fields: the hits of the others, later ones too. */
  readonly hits?: string;
  /** Digest of what was asked, where hits are kept. */
  readonly asked?: string;
}

/** Runs every rule of one map in one pass over the source's events that are not kept as asked. */
export async function scanTable(all: TableScan): Promise<TableHits> {
  const refusals = new Map<number, Refusal>();
  const { database, map } = all;
  const scan = { ...all, rules: await withEvents(all, refusals) };
  if (scan.rules.length === 0) return { refusals };
  const shape = await shapeOf(scan);
  const columns = new FieldColumns(map, shape);
  let keywords = false;
  for (const { rule, held } of scan.rules) {
    const asked = fieldsOf(rule.plan);
    keywords ||= asked.keywords;
    for (const [field, state] of asked.fields) columns.need(field, state);
    for (const field of held) columns.need(field, false);
  }
  const wheres = new Wheres();
  const table: TableSource = {
    relation: 'sigma_rows',
    fields: columns.fields,
    key: 'uid',
    ...(keywords ? { keywordList: 'scalars' } : {}),
  };
  // Rules about the same log see only its events.
  const groups = new Map<string, MappedRule[]>();
  const rules = scan.rules.filter((mapped) => {
    try {
      conditionSql(mapped.rule.plan, table, mapped.rule.rule.at);
    } catch (error) {
      if (!(error instanceof SigmaError)) throw error;
      const why = error.problems.map((problem) => problem.message).join('; ');
      refusals.set(mapped.number, { reason: 'failed', why });
      return false;
    }
    const condition = [...new Set(mapped.logs.map((log) => wheres.name(log)))].sort().join(' OR ');
    const group = groups.get(condition);
    if (group) group.push(mapped);
    else groups.set(condition, [mapped]);
    return true;
  });
  if (rules.length === 0) return { refusals };

  const unsure = unknownFields(map, shape, rules);
  const opens = columns.opens || keywords;
  const held = [...new Set(rules.flatMap((rule) => rule.held))].map(
    (field) => [field, scan.held.get(field) as string] as const,
  );
  const cells = held.map(([, column]) => `, ${column}`).join('');
  const statements = () =>
    [...groups].flatMap(([condition, group]) => {
      const numbers = group.map(({ number }) => number).join(', ');
      return rulesSql(
        group.map(({ rule }) => rule),
        { ...table, relation: `(SELECT * FROM sigma_rows WHERE ${condition})` },
        { strategy: group.length > fewRules ? 'anchors' : 'plain' },
      ).map(
        (statement) =>
          `INSERT INTO sigma_fresh
           SELECT file, uid, time, rules${held.map(([field]) => `, ${heldSql(field, columns)}`).join('')}
           FROM (SELECT row_key, list([${numbers}][rule + 1]) AS rules FROM (${statement}) GROUP BY row_key) JOIN sigma_rows ON uid = row_key`,
      );
    });
  const opening = (record: string) =>
    `* REPLACE (${keywords ? record : 'NULL'} AS raw)${columns.opens ? `, ${columns.opened(record)} AS v` : ''}`;
  const rowsOf = () => [
    'file',
    'uid',
    'time',
    ...wheres.columns(),
    ...columns.select(),
    ...(keywords ? ['sigma_scalars(raw) AS scalars'] : []),
  ];
  const looked = `source = ${literal(map.source)} AND (${prefilter(map, rules)})`;

  /** Fills `sigma_fresh` from events, and says what their records hold. */
  const attempt = async (record: string, events: string): Promise<readonly PathForms[]> => {
    await database.run(
      `CREATE OR REPLACE TEMP TABLE sigma_fresh (file VARCHAR, uid VARCHAR, time TIMESTAMP, rules INTEGER[]${held.map(([, column]) => `, ${column} VARCHAR[]`).join('')})`,
    );
    // Tables of their own: within one query the database would write every field's expression out at every use.
    await database.run(
      `CREATE OR REPLACE TEMP TABLE sigma_open AS
       SELECT ${opening(record)} FROM (SELECT ${opens ? '*' : '* REPLACE (CAST(NULL AS VARCHAR) AS raw)'} FROM ${events} WHERE ${looked})`,
    );
    const forms = columns.opens ? await columns.look(database, 'sigma_open') : [];
    if (columns.opens) columns.learn(forms);
    await database.run(
      `CREATE OR REPLACE TEMP TABLE sigma_rows AS SELECT ${rowsOf().join(',\n  ')} FROM sigma_open`,
    );
    for (const statement of statements()) await database.run(statement);
    return forms;
  };
  const ask = async (events: string): Promise<readonly PathForms[]> => {
    try {
      return await attempt('raw', events);
    } catch (error) {
      if (!/malformed json/i.test(message(error))) throw error;
      return attempt('CASE WHEN json_valid(raw) THEN raw END', events);
    }
  };
  const hitsOf = (relation: string) =>
    `SELECT ${literal(map.source)} AS source, file, uid, time, rules${cells} FROM ${relation}`;
  let hits: string | undefined;
  let keptAs: string | undefined;
  try {
    if (scan.keep) {
      // Before anything is learnt of the records: what is asked, and not how it is best asked of these.
      const engine = String((await database.rows('SELECT version() AS version'))[0]?.version);
      const asked = [engine, ...fieldMacros, looked, opening('raw'), ...rowsOf(), ...statements()];
      const kept = await KeptHits.open(scan.keep, map.id, asked);
      if (kept.missing.length > 0) await kept.add(database, 'sigma_fresh', await ask(eventsOf(kept.missing)));
      if (columns.opens) columns.learn(kept.forms);
      if (!kept.empty) hits = hitsOf(`(${kept.hits})`);
      keptAs = kept.digest;
    } else {
      await ask(`(SELECT *, CAST(NULL AS VARCHAR) AS file FROM stored_events WHERE time <= ${scan.cut})`);
      const table = identifier(`sigma_hits_${map.id}`);
      await database.run(`CREATE OR REPLACE TABLE ${table} AS SELECT * FROM sigma_fresh`);
      hits = hitsOf(table);
    }
    const empty = new Set([...unsure].filter((field) => columns.fields(field) === undefined));
    for (const { number, rule } of rules) {
      const holds = (field: string) => !empty.has(field.toLowerCase());
      if (possible(rule.plan, holds)) continue;
      const fields = lacking(rule.plan, holds).slice(0, 6).join(', ');
      refusals.set(number, {
        reason: 'field',
        why: `no record of ${map.title} has ${fields}`,
        lacks: `${fields} in the records of ${map.title}`,
      });
    }
  } catch (error) {
    const why = message(error).split('\n')[0]?.slice(0, 300) ?? 'failed';
    for (const { number } of rules) refusals.set(number, { reason: 'failed', why });
    hits = undefined;
  } finally {
    await database.run('DROP TABLE IF EXISTS sigma_fresh');
    await database.run('DROP TABLE IF EXISTS sigma_open');
    await database.run('DROP TABLE IF EXISTS sigma_rows');
  }
  return {
    refusals,
    ...(hits === undefined ? {} : { hits }),
    ...(keptAs === undefined ? {} : { asked: keptAs }),
  };
}

/** Events of some files, with the columns of all, and `file`. */
function eventsOf(files: readonly string[]): string {
  return `(SELECT *, CAST(NULL AS VARCHAR) AS file FROM stored_events WHERE false
    UNION ALL BY NAME SELECT * FROM read_parquet([${files.map(literal).join(', ')}], union_by_name = true, filename = 'file'))`;
}

/** The rules whose logs have events at all; the others are refused. */
async function withEvents(scan: TableScan, refusals: Map<number, Refusal>): Promise<MappedRule[]> {
  const { database, map } = scan;
  const wheres = new Wheres();
  for (const log of map.logs) wheres.name(log);
  const [row] = await database.rows(
    `SELECT ${wheres.counts().join(', ')} FROM stored_events WHERE source = ${literal(map.source)} AND time <= ${scan.cut}`,
  );
  return scan.rules.flatMap((mapped) => {
    const logs = mapped.logs.filter((log) => Number(row?.[wheres.name(log)] ?? 0) > 0);
    if (logs.length > 0) return [{ ...mapped, logs }];
    const why = `${map.title} of the lake hold no events for ${logSourceText(mapped.rule.rule.logsource)}`;
    const lacks = `${map.title} events for ${logSourceText(mapped.rule.rule.logsource)}`;
    refusals.set(mapped.number, { reason: 'data', why, lacks });
    return [];
  });
}

/** Conditions of logs on columns, each once. */
class Wheres {
  readonly #names = new Map<string, string>();

  name(log: Log): string {
    const sql = whereSql(log);
    let name = this.#names.get(sql);
    if (name === undefined) {
      name = `w${this.#names.size}`;
      this.#names.set(sql, name);
    }
    return name;
  }

  columns(): string[] {
    return [...this.#names].map(([sql, name]) => `(${sql}) AS ${name}`);
  }

  counts(): string[] {
    return [...this.#names].map(([sql, name]) => `count(*) FILTER (WHERE ${sql}) AS ${name}`);
  }
}

function whereSql(log: Log): string {
  const parts = Object.entries(log.where).map(([column, values]) => {
    const subject = `lower(${identifier(column)})`;
    const low = values.map((value) => value.toLowerCase());
    const whole = low.filter((value) => !value.endsWith('*'));
    const tests = low
      .filter((value) => value.endsWith('*'))
      .map((value) => `starts_with(${subject}, ${literal(value.slice(0, -1))})`);
    if (whole.length > 0) tests.push(`${subject} IN (${whole.map(literal).join(', ')})`);
    return `coalesce(${tests.join(' OR ')}, false)`;
  });
  return parts.length === 0 ? 'true' : parts.join(' AND ');
}

/** What has to be so of an event's columns for any of the rules to fit; `true` where nothing can be said. */
function prefilter(map: FieldMap, rules: readonly MappedRule[]): string {
  const fields = (field: string): FieldSource | undefined => {
    const text = columnOf(map, field);
    return text === undefined ? undefined : { text };
  };
  const table: TableSource = { relation: 'stored_events', fields, key: 'uid' };
  const parts = new Set<string>();
  for (const { rule, logs } of rules) {
    const plan = weaken(rule.plan, (field) => columnOf(map, field) !== undefined);
    const own = isAlways(plan) ? 'true' : conditionSql(plan, table, rule.rule.at);
    for (const log of logs) {
      const where = whereSql(log);
      parts.add(where === 'true' ? own : own === 'true' ? where : `${where} AND (${own})`);
    }
  }
  return parts.has('true') ? 'true' : [...parts].map((part) => `(${part})`).join(' OR ');
}

/** The texts of a field beside a hit, for correlations; NULL where there are none. */
function heldSql(field: string, columns: FieldColumns): string {
  const source = columns.fields(field);
  if (source === undefined) return 'NULL';
  const one =
    source.text === undefined ? [] : [`CASE WHEN ${source.text} IS NOT NULL THEN [${source.text}] END`];
  const values = [...(source.list === undefined ? [] : [source.list]), ...one];
  return values.length === 1 ? (values[0] as string) : `coalesce(${values.join(', ')})`;
}

/** Fields of which neither connector, map nor records seen say that they are there. */
function unknownFields(map: FieldMap, shape: Shape, rules: readonly MappedRule[]): Set<string> {
  const unknown = new Set<string>();
  for (const { rule } of rules) {
    for (const field of fieldsOf(rule.plan).fields.keys()) {
      if (!isKnown(map, shape, field)) unknown.add(field.toLowerCase());
    }
  }
  return unknown;
}

function isKnown(map: FieldMap, shape: Shape, field: string): boolean {
  return readingsOf(map, field).some((reading) => {
    if (typeof reading === 'object' && 'column' in reading) return true;
    return spellings(shape, typeof reading === 'string' ? reading : reading.path).length > 0;
  });
}

/** What connector and map say of a source's records. */
export function declaredShape(map: FieldMap, connector: Connector | undefined): Shape {
  const shape = emptyShape();
  if (connector !== undefined) addConnector(shape, connector);
  for (const path of map.known) addPath(shape, path);
  return shape;
}

/** Kinds of event, and records of each, that are looked at to learn names; the smallest ids of each. */
const kindsSampled = 1000;
const recordsOfKind = 4;

/** Names as the vendor spells them. Records are read only where connector and map do not know every field asked for. */
async function shapeOf(scan: TableScan): Promise<Shape> {
  const { database, map, connector } = scan;
  const shape = declaredShape(map, connector);
  const asked = scan.rules.flatMap(({ rule, held }) => [...fieldsOf(rule.plan).fields.keys(), ...held]);
  if (asked.every((field) => isKnown(map, shape, field))) return shape;
  const rows = await database.rows(
    `WITH kinds AS (
       SELECT unnest(min(uid, ${recordsOfKind})) AS uid FROM (
         SELECT activity, uid FROM stored_events WHERE source = ${literal(map.source)} AND time <= ${scan.cut})
       GROUP BY activity ORDER BY min(uid) LIMIT ${kindsSampled * recordsOfKind})
     SELECT left(raw, 1000000) AS raw FROM stored_events WHERE source = ${literal(map.source)} AND uid IN (SELECT uid FROM kinds) ORDER BY uid`,
  );
  addRecords(
    shape,
    rows.flatMap((row) => {
      try {
        return [JSON.parse(String(row.raw)) as unknown];
      } catch {
        return [];
      }
    }),
  );
  return shape;
}
