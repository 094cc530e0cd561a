/** Runs a rule set over records in DuckDB: records into a table batch by batch, rules as SQL over it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { eventTime } from '../correlate/time.js';
import { type Problem, SigmaError } from '../errors.js';
import type { Event } from '../event.js';
import { type ReadRecord, readBatches } from '../files.js';
import {
  correlationFields,
  isCorrelation,
  type Plan,
  type PlannedCorrelation,
  type PlannedRule,
  type RuleSet,
} from '../plan.js';
import type { RuleTestTarget } from '../rule-tests/index.js';
import type { Hit, RunOptions } from '../run.js';
import { type CorrelationSql, checkCorrelationSql, correlationsSql } from '../sql/correlation.js';
import type { TableSource } from '../sql/fields.js';
import { conditionSql } from '../sql/plan.js';
import { rulesSql } from '../sql/rules.js';
import { identifier, integer } from '../sql/text.js';
import { windowsEvent } from '../windows-event.js';
import type { FieldNeed } from './columns.js';
import { RecordTable } from './table.js';

export interface SqlRunOptions extends RunOptions {
  /** Memory of the database, such as `1GB` (the default). */
  readonly memory?: string;
  readonly threads?: number;
  /** Called for every match as soon as its batch is done; without it matches are in the answer. */
  readonly onMatch?: (hit: Hit & { kind: 'match' }) => void;
}

export interface SqlRunResult {
  /** Matches by line (unless `onMatch` took them), then correlations in order of time. */
  readonly hits: readonly Hit[];
  /** Lines that are no records. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
  readonly records: number;
  /** Records without a time, when there are correlations. */
  readonly timeless: number;
}

/** Records kept in the table before rules run over them; and characters of their fields. */
const batchRows = 100_000;
const batchCharacters = 200_000_000;

/** Runs rules over a file of records (see `readRecords`). Windows events get Sigma's names. */
export async function matchFile(
  set: RuleSet,
  file: string,
  options: SqlRunOptions = {},
): Promise<SqlRunResult> {
  return matchBatches(set, readBatches(file), options);
}

/** The same over records from anywhere. */
export async function matchBatches(
  set: RuleSet,
  batches: AsyncIterable<readonly ReadRecord[]> | Iterable<readonly ReadRecord[]>,
  options: SqlRunOptions = {},
): Promise<SqlRunResult> {
  // What does not fit in memory goes to a folder of its own, not to where the process was started.
  const spill = await mkdtemp(join(tmpdir(), 'sigma-'));
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: options.memory ?? '1GB',
    temp_directory: spill,
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    return await new SqlRun(set, connection, options).run(batches);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(spill, { recursive: true, force: true });
  }
}

class SqlRun {
  readonly #set: RuleSet;
  readonly #connection: DuckDBConnection;
  readonly #options: SqlRunOptions;
  readonly #table: RecordTable;
  readonly #fields: readonly string[];
  /** Numbers of the rules correlations read. */
  readonly #feeding: ReadonlySet<number>;
  readonly #hits: Hit[] = [];
  readonly #problems: { line: number; message: string }[] = [];
  #statements: { source: TableSource; list: readonly string[] } | undefined;
  #records = 0;
  #timeless = 0;
  #last = 0;

  constructor(set: RuleSet, connection: DuckDBConnection, options: SqlRunOptions) {
    this.#set = set;
    this.#connection = connection;
    this.#options = options;
    this.#fields = correlationFields(set.correlations);
    const numbers = new Map(set.rules.map((rule, i) => [rule, i]));
    this.#feeding = new Set(
      set.correlations.flatMap(({ inputs }) =>
        inputs.flatMap((input) => (isCorrelation(input) ? [] : [numbers.get(input) as number])),
      ),
    );
    this.#table = new RecordTable(connection, 'records', needsOf(set.rules, this.#fields));
  }

  async run(
    batches: AsyncIterable<readonly ReadRecord[]> | Iterable<readonly ReadRecord[]>,
  ): Promise<SqlRunResult> {
    if (this.#set.correlations.length > 0) await this.#prepare();
    for await (const batch of batches) {
      for (const record of batch) {
        if ('problem' in record) this.#problems.push({ line: record.line, message: record.problem });
        else await this.#add(windowsEvent(record.event), record.line);
      }
    }
    await this.#store();
    await this.#process();
    const fired = this.#set.correlations.length === 0 ? [] : await this.#correlate();
    return {
      hits: [...this.#hits, ...fired],
      problems: this.#problems,
      records: this.#records,
      timeless: this.#set.correlations.length === 0 ? 0 : this.#timeless,
    };
  }

  async #add(event: Event, line: number): Promise<void> {
    if (this.#table.isChunkFull) await this.#store();
    this.#records++;
    const own = eventTime(event, this.#options.timeFields);
    if (own === undefined) this.#timeless++;
    else this.#last = own;
    const time = own ?? (this.#options.timeless === 'skip' ? undefined : this.#last);
    this.#table.add({ line, time, origin: this.#options.source?.(event), event });
  }

  /** Writes the rows at hand to the table; first empties it when it is full or lacks columns for them. */
  async #store(): Promise<void> {
    const full = this.#table.rows >= batchRows || this.#table.characters >= batchCharacters;
    if (this.#table.rows > 0 && (full || this.#table.needsColumns)) {
      await this.#process();
      await this.#table.clear();
    }
    await this.#table.store();
  }

  /** Runs every rule over the table. */
  async #process(): Promise<void> {
    if (this.#table.rows === 0) return;
    const { source } = this.#table;
    if (this.#statements?.source !== source) {
      this.#statements = { source, list: rulesSql(this.#set.rules, source) };
    }
    await this.#connection.run('CREATE OR REPLACE TEMP TABLE pairs (row_key BIGINT, rule INTEGER)');
    for (const statement of this.#statements.list)
      await this.#connection.run(`INSERT INTO pairs ${statement}`);
    const result = await this.#connection.runAndReadAll(
      'SELECT row_key, rule FROM pairs ORDER BY row_key, rule',
    );
    for (const [line, number] of result.getRows()) {
      const rule = this.#set.rules[Number(number)] as PlannedRule;
      if (this.#set.silent.has(rule)) continue;
      const hit = { kind: 'match', rule, line: Number(line) } as const;
      if (this.#options.onMatch === undefined) this.#hits.push(hit);
      else this.#options.onMatch(hit);
    }
    if (this.#feeding.size > 0) await this.#keep(source);
  }

  async #prepare(): Promise<void> {
    const columns = this.#fields.map((_, i) => `f${i} VARCHAR[]`);
    await this.#connection.run(
      `CREATE TABLE kept (${['row_key BIGINT', 'time_ms BIGINT', ...columns].join(', ')})`,
    );
    await this.#connection.run('CREATE TABLE kept_pairs (row_key BIGINT, rule INTEGER)');
  }

  /** Keeps what correlations need of the records that matched their rules. */
  async #keep(source: TableSource): Promise<void> {
    const feeding = [...this.#feeding].map(integer).join(', ');
    const lists = this.#fields.map((field) => {
      const found = source.fields(field);
      const text = found?.text;
      const list = found?.list;
      const one =
        text === undefined
          ? 'ARRAY[]::VARCHAR[]'
          : `CASE WHEN ${text} IS NULL THEN ARRAY[]::VARCHAR[] ELSE ARRAY[${text}] END`;
      return list === undefined ? one : `CASE WHEN ${list} IS NULL THEN ${one} ELSE ${list} END`;
    });
    await this.#connection.run(
      `INSERT INTO kept_pairs SELECT p.row_key, p.rule FROM pairs p JOIN ${source.relation} t ON t.${source.key} = p.row_key
       WHERE p.rule IN (${feeding}) AND t.${source.time as string} IS NOT NULL`,
    );
    await this.#connection.run(
      `INSERT INTO kept SELECT ${[source.key, source.time as string, ...lists].join(', ')} FROM ${source.relation}
       WHERE ${source.time as string} IS NOT NULL AND ${source.key} IN (SELECT row_key FROM pairs WHERE rule IN (${feeding}))`,
    );
  }

  async #correlate(): Promise<Hit[]> {
    const numbers = new Map(this.#set.rules.map((rule, i) => [rule, i]));
    const columns = new Map(this.#fields.map((field, i) => [field, `r.f${i}`]));
    const queries = correlationsSql(
      this.#set.correlations,
      {
        hits: 'kept_pairs',
        records: 'kept',
        texts: (field) => columns.get(field) as string,
        ruleNumber: (rule) => numbers.get(rule) as number,
      },
      { report: this.#options.report ?? 'each' },
    );
    const found: { hit: Hit; order: number }[] = [];
    for (const [order, query] of queries.entries()) {
      for (const hit of await this.#fire(query)) found.push({ hit, order });
    }
    return found
      .sort((a, b) => timeOf(a.hit) - timeOf(b.hit) || a.hit.line - b.hit.line || a.order - b.order)
      .map(({ hit }) => hit);
  }

  async #fire({ correlation, relation, query }: CorrelationSql): Promise<Hit[]> {
    await this.#connection.run(`CREATE TABLE ${identifier(relation)} AS ${query}`);
    if (this.#set.silent.has(correlation)) return [];
    const fields = correlation.rule.groupBy;
    const groups = fields.map((_, i) => `g${i}`);
    const result = await this.#connection.runAndReadAll(
      `SELECT ${['row_key', 'time_ms', 'value', ...groups].join(', ')} FROM ${identifier(relation)} WHERE onset ORDER BY ${['time_ms', 'row_key', ...groups].join(', ')}`,
    );
    return result.getRows().map(
      ([line, time, value, ...texts]): Hit => ({
        kind: 'correlation',
        rule: correlation,
        line: Number(line),
        group: fields.map((field, i) => ({ field, value: String(texts[i]) })),
        time: Number(time),
        value: Number(value),
      }),
    );
  }
}

function timeOf(hit: Hit): number {
  return hit.kind === 'correlation' ? hit.time : 0;
}

/** What the table has to hold of records. */
function needsOf(
  rules: readonly PlannedRule[],
  correlated: readonly string[],
): { fields: FieldNeed[]; keywords: boolean } {
  const states = new Map<string, boolean>(correlated.map((field) => [field, false]));
  let keywords = false;
  const need = (field: string, state: boolean) => states.set(field, state || states.get(field) === true);
  const visit = (plan: Plan): void => {
    switch (plan.op) {
      case 'and':
      case 'or':
        for (const arg of plan.args) visit(arg);
        return;
      case 'not':
        visit(plan.arg);
        return;
      case 'keyword':
        keywords = true;
        return;
      case 'test':
        need(plan.field, plan.test.kind === 'exists' || plan.test.kind === 'absent');
        if (plan.test.kind === 'field') need(plan.test.other, false);
    }
  };
  for (const { plan } of rules) visit(plan);
  return { fields: [...states].map(([field, state]) => ({ field, state })), keywords };
}

/** Why a rule or correlation cannot be written as SQL; empty when it can. */
export function checkSql(planned: PlannedRule | PlannedCorrelation): readonly Problem[] {
  try {
    if (isCorrelation(planned)) checkCorrelationSql(planned);
    else {
      const source: TableSource = {
        relation: 't',
        key: 'k',
        fields: () => ({ text: 'v', list: 'l' }),
        keywordText: 'w',
        keywordList: 'wl',
      };
      conditionSql(planned.plan, source, planned.rule.at);
    }
    return [];
  } catch (error) {
    if (error instanceof SigmaError) return error.problems;
    throw error;
  }
}

/** Runs the cases of rule tests through SQL. */
export const sqlTarget: RuleTestTarget = {
  name: 'sql',
  async run(set, records) {
    const batch = records.map((event, i): ReadRecord => ({ line: i + 1, event }));
    return (await matchBatches(set, [batch], { report: 'each' })).hits;
  },
};
