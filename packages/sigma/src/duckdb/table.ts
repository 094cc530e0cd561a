/** Records in a DuckDB table: columns for the fields rules read, as far as the records hold them. */
import {
  BIGINT,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import type { Event } from '../event.js';
import { type FieldSource, keywordSeparator, type TableSource } from '../sql/fields.js';
import { identifier } from '../sql/text.js';
import {
  ColumnReader,
  chunkRows,
  type FieldColumn,
  type FieldNeed,
  keywordTexts,
  states,
} from './columns.js';

export interface TableNeeds {
  readonly fields: readonly FieldNeed[];
  /** Some rule seeks keywords. */
  readonly keywords: boolean;
}

/** What the log a record came from is called. */
export interface RecordOrigin {
  readonly product?: string | undefined;
  readonly category?: string | undefined;
  readonly service?: string | undefined;
}

export interface StoredRecord {
  readonly line: number;
  /** Milliseconds since 1970. */
  readonly time: number | undefined;
  readonly origin: RecordOrigin | undefined;
  readonly event: Event;
}

const originKeys = ['product', 'category', 'service'] as const;

interface Column {
  readonly name: string;
  readonly type: DuckDBType;
  readonly values: () => readonly DuckDBValue[];
}

/**
 * One table that is filled chunk by chunk, read, and emptied. A column is made when a chunk first holds a
 * value for it. That can only be done while the table is empty, and makes {@link RecordTable.source} a new
 * one: queries made for the old one are void.
 */
export class RecordTable {
  readonly #connection: DuckDBConnection;
  readonly #table: string;
  /** The same, quoted. */
  readonly #name: string;
  readonly #reader: ColumnReader;
  readonly #keywords: boolean;
  /** Columns of the table that hold texts, lists and states of fields. */
  readonly #stored = new Set<string>();
  #source: TableSource | undefined;
  #chunk = 0;
  #rows = 0;
  #characters = 0;
  readonly #lines = new Array<bigint>(chunkRows).fill(0n);
  readonly #times = new Array<bigint | null>(chunkRows).fill(null);
  readonly #keywordLists = new Array<DuckDBValue>(chunkRows).fill(null);
  readonly #keywordTexts = new Array<string | null>(chunkRows).fill(null);
  readonly #origins = originKeys.map(() => new Array<string | null>(chunkRows).fill(null));

  /** The table is called `name` and is replaced if there is one. */
  constructor(connection: DuckDBConnection, name: string, needs: TableNeeds) {
    this.#connection = connection;
    this.#table = name;
    this.#name = identifier(name);
    this.#reader = new ColumnReader(needs.fields);
    this.#keywords = needs.keywords;
  }

  /** Rows in the table; those of the chunk at hand are not yet. */
  get rows(): number {
    return this.#rows;
  }

  /** Characters kept in the table and the chunk at hand. */
  get characters(): number {
    return this.#characters;
  }

  /** No record fits into the chunk at hand any more: it has to be stored. */
  get isChunkFull(): boolean {
    return this.#chunk === chunkRows;
  }

  /** The chunk at hand needs columns the table has not, so the table has to be emptied before it is stored. */
  get needsColumns(): boolean {
    return this.#source === undefined || this.#heldColumns().some(({ name }) => !this.#stored.has(name));
  }

  /** How the stored rows are read. */
  get source(): TableSource {
    if (this.#source === undefined) throw new Error('nothing is stored yet');
    return this.#source;
  }

  /** Puts a record into the chunk at hand, which must not be full. */
  add({ line, time, origin, event }: StoredRecord): void {
    const row = this.#chunk++;
    this.#lines[row] = BigInt(line);
    this.#times[row] = time === undefined ? null : BigInt(time);
    originKeys.forEach((key, i) => {
      (this.#origins[i] as (string | null)[])[row] = origin?.[key] ?? null;
    });
    this.#characters += this.#reader.read(event, row);
    if (!this.#keywords) return;
    const texts = keywordTexts(event);
    this.#keywordLists[row] = listValue(texts);
    const joined = texts.join(keywordSeparator);
    this.#keywordTexts[row] = joined;
    this.#characters += joined.length * 2;
  }

  /** Writes the chunk at hand to the table. */
  async store(): Promise<void> {
    if (this.#chunk === 0) return;
    if (this.needsColumns) await this.#create();
    const columns = this.#columns();
    const chunk = DuckDBDataChunk.create(
      columns.map(({ type }) => type),
      this.#chunk,
    );
    columns.forEach(({ values }, i) => {
      chunk.setColumnValues(i, values().slice(0, this.#chunk));
    });
    const appender = await this.#connection.createAppender(this.#table);
    appender.appendDataChunk(chunk);
    appender.closeSync();
    this.#rows += this.#chunk;
    this.#chunk = 0;
    this.#reader.clear();
  }

  /** Empties the table. */
  async clear(): Promise<void> {
    await this.#connection.run(`TRUNCATE ${this.#name}`);
    this.#rows = 0;
    this.#characters = 0;
  }

  async #create(): Promise<void> {
    if (this.#rows > 0) throw new Error('columns can only be added to an empty table');
    for (const { name } of this.#heldColumns()) this.#stored.add(name);
    const columns = this.#columns().map(({ name, type }) => `${name} ${type}`);
    await this.#connection.run(`CREATE OR REPLACE TABLE ${this.#name} (${columns.join(', ')})`);
    this.#source = this.#describe();
  }

  /** Columns every table has, then those of fields. */
  #columns(): Column[] {
    const fixed: Column[] = [
      { name: 'line', type: BIGINT, values: () => this.#lines },
      { name: 'time_ms', type: BIGINT, values: () => this.#times },
      ...originKeys.map((name, i) => ({
        name,
        type: VARCHAR,
        values: () => this.#origins[i] as DuckDBValue[],
      })),
    ];
    if (this.#keywords) {
      fixed.push({ name: 'keyword_text', type: VARCHAR, values: () => this.#keywordTexts });
      fixed.push({ name: 'keyword_list', type: LIST(VARCHAR), values: () => this.#keywordLists });
    }
    const fields = this.#reader.columns.flatMap((column, number) =>
      columnsOf(column, number).filter(({ name }) => this.#stored.has(name)),
    );
    return [...fixed, ...fields];
  }

  /** Columns the chunk at hand has values for. */
  #heldColumns(): Column[] {
    return this.#reader.columns.flatMap((column, number) =>
      columnsOf(column, number).filter(({ held }) => held),
    );
  }

  #describe(): TableSource {
    const fields = new Map<string, FieldSource>();
    this.#reader.columns.forEach((column, number) => {
      const [text, list, state] = columnsOf(column, number).map(({ name }) =>
        this.#stored.has(name) ? name : undefined,
      );
      if (text === undefined && list === undefined && state === undefined) return;
      fields.set(column.need.field, {
        ...(text === undefined ? {} : { text }),
        ...(list === undefined ? {} : { list }),
        ...(state === undefined
          ? {}
          : { present: `${state} <> ${states.missing}`, absent: `${state} <> ${states.filled}` }),
      });
    });
    return {
      relation: this.#name,
      fields: (field) => fields.get(field),
      key: 'line',
      time: 'time_ms',
      origin: { product: 'product', category: 'category', service: 'service' },
      ...(this.#keywords ? { keywordText: 'keyword_text', keywordList: 'keyword_list' } : {}),
    };
  }
}

/** The columns a field may fill: text, list and state, in this order. */
function columnsOf(column: FieldColumn, number: number): (Column & { readonly held: boolean })[] {
  return [
    { name: `t${number}`, type: VARCHAR, values: () => column.texts, held: column.hasTexts },
    {
      name: `l${number}`,
      type: LIST(VARCHAR),
      values: () => column.lists.map((texts) => (texts === null ? null : listValue(texts))),
      held: column.hasLists,
    },
    { name: `s${number}`, type: UTINYINT, values: () => column.states, held: column.hasStates },
  ];
}
