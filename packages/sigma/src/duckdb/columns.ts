/** Fields of records as columns: the meaning of `readField`, with the usual cases read quickly. */
import { allScalars, type Event, parsePath, readField, type Scalar, scalarText } from '../event.js';

/** What a column store needs of one field. */
export interface FieldNeed {
  readonly field: string;
  /** Rules ask whether the field is there, so missing, null and filled must be told apart. */
  readonly state: boolean;
}

/** How a field stands in a record. */
export const states = { missing: 0, null: 1, filled: 2 } as const;

/** Rows read before they are handed on. */
export const chunkRows = 2048;

/** The values of one field in the rows of a chunk. */
export class FieldColumn {
  readonly need: FieldNeed;
  /** Rows with one value. */
  readonly texts = new Array<string | null>(chunkRows).fill(null);
  /** Rows with several. */
  readonly lists = new Array<readonly string[] | null>(chunkRows).fill(null);
  readonly states = new Array<number>(chunkRows).fill(states.missing);
  hasTexts = false;
  hasLists = false;
  hasStates = false;

  constructor(need: FieldNeed) {
    this.need = need;
  }

  clear(): void {
    if (this.hasTexts) this.texts.fill(null);
    if (this.hasLists) this.lists.fill(null);
    if (this.hasStates) this.states.fill(states.missing);
    this.hasTexts = this.hasLists = this.hasStates = false;
  }
}

interface Slot {
  readonly column: FieldColumn;
  /** The key is only the first step of the field's path. */
  readonly step: boolean;
}

/** Puts records into columns, one chunk after the other. */
export class ColumnReader {
  readonly columns: readonly FieldColumn[];
  readonly #byKey = new Map<string, Slot[]>();

  constructor(needs: readonly FieldNeed[]) {
    this.columns = needs.map((need) => new FieldColumn(need));
    for (const column of this.columns) {
      const { field } = column.need;
      this.#add(field, { column, step: false });
      const first = parsePath(field)?.[0];
      if (typeof first === 'string' && first !== field) this.#add(first, { column, step: true });
    }
  }

  clear(): void {
    for (const column of this.columns) column.clear();
  }

  #add(key: string, slot: Slot): void {
    const slots = this.#byKey.get(key);
    if (slots === undefined) this.#byKey.set(key, [slot]);
    else slots.push(slot);
  }

  /** Reads one record into a row. Returns how many characters were kept. */
  read(event: Event, row: number): number {
    let size = 0;
    for (const key of Object.keys(event)) {
      const slots = this.#byKey.get(key);
      if (slots === undefined) continue;
      for (const { column, step } of slots) {
        // A key spelled like the whole field wins, and is met on its own.
        if (step && Object.hasOwn(event, column.need.field)) continue;
        size += step ? readInto(column, event, row) : readKey(column, event, event[key], row);
      }
    }
    return size;
  }
}

function readKey(column: FieldColumn, event: Event, value: unknown, row: number): number {
  if (!isScalar(value)) return readInto(column, event, row);
  const text = storedText(value);
  column.texts[row] = text;
  column.hasTexts = true;
  if (column.need.state) {
    column.states[row] = states.filled;
    column.hasStates = true;
  }
  return text.length;
}

function readInto(column: FieldColumn, event: Event, row: number): number {
  const { present, empty, values } = readField(event, column.need.field);
  if (column.need.state && present) {
    column.states[row] = empty ? states.null : states.filled;
    column.hasStates = true;
  }
  if (values.length === 0) return 0;
  const texts = values.map(storedText);
  if (texts.length === 1) {
    column.texts[row] = texts[0] as string;
    column.hasTexts = true;
  } else {
    column.lists[row] = texts;
    column.hasLists = true;
  }
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** The texts of every scalar of a record, for keywords. */
export function keywordTexts(event: Event): string[] {
  return allScalars(event).map(storedText);
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

const surrogate = /[\ud800-\udfff]/;
const halfPair = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text of a value as a database can hold it: half a surrogate pair becomes U+FFFD. */
export function storedText(value: Scalar): string {
  const text = scalarText(value);
  return surrogate.test(text) ? text.replace(halfPair, '\ufffd') : text;
}
