import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { removeForGood, writeWhole } from '../disk/durable.js';
import { type Database, literal, parquet } from '../lake/duckdb.js';
import { markIn, personMark } from '../lake/forgotten.js';
import type { Store, StoredName } from '../lake/store.js';
import { changeDecisions } from '../links/decisions.js';
import { changeRingLog } from '../links/ring-log.js';
import { sensitiveKinds } from '../model/vocabulary.js';
import { placeOf, relation } from './rows.js';

/**
 * What people decided, and what became of rings, is kept for those who are still there. In it whoever is gone is a number
 * that says nothing, and what would tell who they were is taken out of the words.
 *
 * What is to be taken out lies in a note from before the lake changes until it is done, so that nothing is forgotten
 * halfway by a process that was killed.
 */
const noteFile = 'forgetting.json';
const noteSchema = z.object({
  /** The mark of one record that went: where the lake knows it, the lake has changed. */
  mark: z.string().regex(/^[0-9a-f]{32}$/),
  people: z.array(z.tuple([z.string(), z.string()])),
  values: z.array(z.string()),
  /** Words of their names: taken out only where a text names them. */
  words: z.array(z.string()),
});
type Note = z.infer<typeof noteSchema>;

/** What stands in place of what is taken out. */
const removed = '[removed]';
const removedReason = 'Removed with the person it was about.';
/** Shorter values are part of too many words. */
const shortest = 4;

/** Notes what is to be taken out; tables `going` and `marks`, and views `stored_<table>` without what goes, are there. */
export async function noteTexts(database: Database, store: Store, people: readonly string[]): Promise<void> {
  if (people.length === 0) return;
  const own = (table: StoredName, columns: readonly string[], where = 'true') => {
    const files = store.files(table);
    return files.length === 0
      ? []
      : [
          `SELECT unnest([${columns.map((name) => `t.${name}`).join(', ')}]) AS value FROM ${relation(files)} AS t JOIN going g
             ON g.tab = ${literal(table)} AND g.n = t.file_row_number AND g.file = ${placeOf(files)} AND g.why = 'people' WHERE ${where}`,
        ];
  };
  const plain = `t.kind NOT IN (${sensitiveKinds.map(literal).join(', ')})`;
  const held = [
    'SELECT unnest([name, work_email, personal_email, person_ref]) AS value FROM stored_people',
    'SELECT unnest([value, label]) FROM stored_identifiers',
    'SELECT unnest([account, email, display_name]) FROM stored_accounts',
    'SELECT unnest([serial, hostname, device_ref]) FROM stored_devices',
  ];
  const values = await database.rows(
    `SELECT DISTINCT value FROM (
       ${[
         ...own('people', ['name', 'work_email', 'personal_email']),
         ...own('identifiers', ['value', 'label'], plain),
         ...own('accounts', ['account', 'email', 'display_name']),
         ...own('devices', ['serial', 'hostname', 'device_ref']),
       ].join(' UNION ALL ')})
     WHERE length(value) >= ${shortest} AND value NOT IN (SELECT value FROM (${held.join(' UNION ALL ')}) WHERE value IS NOT NULL) ORDER BY value`,
  );
  const names = await database.rows(
    `SELECT DISTINCT value FROM (${own('people', ['name']).join('')}) WHERE value IS NOT NULL ORDER BY value`,
  );
  const [mark] = await database.rows(
    "SELECT lower(hex(mark)) AS mark FROM marks WHERE uid IN (SELECT split_part(uid, '~', 1) FROM going WHERE why = 'people') ORDER BY mark LIMIT 1",
  );
  const note: Note = {
    mark: String(mark?.mark),
    people: people.map((id) => [id, standIn(store.key, id)]),
    values: values.map((row) => String(row.value)),
    words: [...new Set(names.flatMap((row) => String(row.value).split(/[^\p{L}\p{M}]+/u)))].filter(
      (word) => word.length > 2,
    ),
  };
  await writeWhole(join(store.folder, noteFile), JSON.stringify(note));
}

/** What stands for somebody who is forgotten. */
export const standIn = (key: Buffer, person: string): string =>
  `forgotten-${markIn(key, personMark + person).slice(0, 16)}`;

/** Whether an earlier removal was killed before it had done all of it. */
export const isUnfinished = (lake: string): boolean => existsSync(join(lake, noteFile));

/** Does what an earlier removal that was killed had still to do. Whom it was about, where the lake had changed. */
export async function finishEarlier(database: Database, store: Store): Promise<string[]> {
  const path = join(store.folder, noteFile);
  const note = await readNote(path);
  if (!note) {
    await removeForGood(path);
    return [];
  }
  const files = store.files('forgotten');
  const done =
    files.length > 0 &&
    (await database.number(`SELECT count(*) FROM ${parquet(files)} WHERE mark = unhex($mark)`, {
      mark: note.mark,
    })) > 0;
  if (!done) {
    await removeForGood(path);
    return [];
  }
  await clearTexts(store);
  return note.people.map(([id]) => id);
}

/** Takes out what the note says, and the note. */
export async function clearTexts(store: Store): Promise<void> {
  const path = join(store.folder, noteFile);
  const note = await readNote(path);
  if (note) {
    const change = cleared(note);
    await changeDecisions(store.folder, change);
    await changeRingLog(store.folder, change);
  }
  await removeForGood(path);
}

async function readNote(path: string): Promise<Note | undefined> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** A line of a file of JSON lines without those who are gone. */
export function cleared(note: Omit<Note, 'mark'>): (line: string) => string {
  const ids = new Map(note.people);
  const anywhere = (texts: readonly string[]) =>
    texts.length === 0
      ? undefined
      : new RegExp(
          `(?<![\\p{L}\\p{N}])(?:${[...texts]
            .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
            .map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
            .join('|')})(?![\\p{L}\\p{N}])`,
          'giu',
        );
  const values = anywhere(note.values);
  const words = anywhere(note.words);
  const numbers = anywhere([...ids.keys()]);
  return (line) => {
    const value = parsed(line);
    if (value === undefined) return line;
    let named = false;
    const find = (one: unknown): void => {
      if (typeof one === 'string') named ||= ids.has(one);
      else if (typeof one === 'object' && one !== null) Object.values(one).forEach(find);
    };
    find(value);
    const explained = explanationOf(value);
    const alone = named && explained?.people.every((id) => ids.has(id) || id.startsWith('forgotten-'));
    const change = (one: unknown, key = ''): unknown => {
      if (Array.isArray(one)) return one.map((each) => change(each));
      if (typeof one === 'object' && one !== null)
        return Object.fromEntries(Object.entries(one).map(([name, each]) => [name, change(each, name)]));
      if (typeof one !== 'string' || untouched.has(key)) return one;
      const id = ids.get(one);
      if (id !== undefined) return id;
      if (alone && key === 'reason') return removedReason;
      if (alone && key === 'value') return removed;
      let text = values ? one.replace(values, removed) : one;
      if (named && words) text = text.replace(words, removed);
      // A company's own number may be any number: only where a person of it is meant.
      if (named && numbers) text = text.replace(numbers, removed);
      return text;
    };
    const changed = JSON.stringify(change(value));
    return changed === JSON.stringify(value) ? line : changed;
  };
}

/** What is nobody's: when, who decided, what kind of thing. */
const untouched = new Set(['time', 'by', 'kind', 'event', 'ring', 'into', 'from', 'to', 'until']);

function explanationOf(value: unknown): { people: string[] } | undefined {
  const explanation = (value as { what?: { explanation?: { people?: unknown } } } | null)?.what?.explanation;
  return Array.isArray(explanation?.people) && explanation.people.length > 0
    ? { people: explanation.people.map(String) }
    : undefined;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
