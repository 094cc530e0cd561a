/** What the last scan concluded: rows of everybody in memory, single people read from disk. */
import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PersonResult, ScanResult } from '@rollcall/engine/model/result.js';
import { makeFolder } from '../files.js';
import type { Keys, Live, PersonRow, Results, Snapshot } from '../model/services.js';
import { inSlices, type Steps } from '../work/slices.js';
import { snapshotFrom } from './rows.js';
import type { SharingLine, StoredRow } from './write.js';

export interface OpenResults extends Results {
  /** Takes up the result that `current.json` names, if it is another than the one held. */
  load(): Promise<void>;
  close(): Promise<void>;
}

/** Requests that began with the result before may still read people of it. */
const grace = 60_000;

export async function openResults(
  folder: string,
  keys: Pick<Keys, 'handle'>,
  live?: Live,
  /** What pages will ask of every result, made before it is shown. */
  ahead: (snapshot: Snapshot) => readonly Steps<unknown>[] = () => [],
): Promise<OpenResults> {
  await makeFolder(folder);
  let held: { snapshot: Snapshot; file: FileHandle } | undefined;
  const leaving = new Map<FileHandle, NodeJS.Timeout>();
  const leave = async (file: FileHandle) => {
    clearTimeout(leaving.get(file));
    leaving.delete(file);
    await file.close();
  };
  const results: OpenResults = {
    current: () => held?.snapshot,
    load: async () => {
      const text = await readFile(join(folder, 'current.json'), 'utf8').catch(() => undefined);
      if (text === undefined) return;
      const { number, asOf, finishedAt } = JSON.parse(text) as Pick<
        Snapshot,
        'number' | 'asOf' | 'finishedAt'
      >;
      if (held?.snapshot.number === number) return;
      const before = held;
      const next = await read(join(folder, String(number)), { number, asOf, finishedAt }, keys);
      for (const steps of ahead(next.snapshot)) await inSlices(steps);
      held = next;
      if (before) {
        const { file } = before;
        leaving.set(file, setTimeout(() => void leave(file), grace).unref());
      }
      for (const name of await readdir(folder)) {
        const other = Number.parseInt(name, 10);
        if (
          /^\d+(\.part)?$/.test(name) &&
          (other < number - 1 || (name.endsWith('.part') && other <= number))
        )
          await rm(join(folder, name), { recursive: true, force: true });
      }
      for (const topic of ['people', 'rings', 'sources', 'detections', 'today']) live?.publish(topic);
    },
    close: async () => {
      for (const file of [...leaving.keys()]) await leave(file);
      await held?.file.close();
      held = undefined;
    },
  };
  await results.load();
  return results;
}

async function read(
  place: string,
  about: Pick<Snapshot, 'number' | 'asOf' | 'finishedAt'>,
  keys: Pick<Keys, 'handle'>,
): Promise<{ snapshot: Snapshot; file: FileHandle }> {
  const head = JSON.parse(await readFile(join(place, 'head.json'), 'utf8')) as ScanResult;
  const where = new Map<string, [number, number]>();
  // The same few words stand in a hundred thousand rows: one copy of each is kept.
  const words = new Map<string, string>();
  const once = (text: string | undefined) => {
    if (text === undefined) return undefined;
    const known = words.get(text);
    if (known !== undefined) return known;
    if (words.size < 50_000) words.set(text, text);
    return text;
  };
  const people: PersonRow[] = [];
  const rows = await open(join(place, 'rows.ndjson'));
  try {
    for await (const line of rows.readLines()) {
      if (!line) continue;
      const { at, ...row } = JSON.parse(line) as StoredRow;
      if (at) where.set(row.id, at);
      const repeated: Record<string, unknown> = {};
      for (const key of [
        'stage',
        'engagement',
        'title',
        'department',
        'manager',
        'vendor',
        'location',
      ] as const)
        if (row[key] !== undefined) repeated[key] = once(row[key]);
      people.push({ ...row, ...repeated, handle: keys.handle(row.id) });
    }
  } finally {
    await rows.close().catch(() => undefined);
  }
  const file = await open(join(place, 'people.ndjson'));
  const snapshot = snapshotFrom({
    ...about,
    head,
    people,
    person: async (id) => {
      const at = where.get(id);
      if (!at) return undefined;
      const buffer = Buffer.allocUnsafe(at[1]);
      await file.read(buffer, 0, at[1], at[0]);
      return JSON.parse(buffer.toString('utf8')) as PersonResult;
    },
    withMail: (address) => withMail(join(place, 'mails.ndjson'), address),
    sharing: (person) => sharing(join(place, 'sharing.ndjson'), person),
  });
  return { snapshot, file };
}

/** Read from disk each time: it is asked once for an account and a result. */
async function withMail(file: string, address: string): Promise<string[]> {
  const found = await beginning(file, `[${JSON.stringify(address)},`);
  return found.map((line) => (JSON.parse(line) as [string, string])[1]);
}

async function sharing(file: string, person: string): Promise<{ person: string; kinds: string[] }[]> {
  const found = await beginning(file, `[${JSON.stringify(person)},`);
  return found.map((line) => {
    const [, other, kinds] = JSON.parse(line) as SharingLine;
    return { person: other, kinds };
  });
}

/** Lines that begin so; none in a result of before the file was kept. */
async function beginning(path: string, start: string): Promise<string[]> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const found: string[] = [];
  if (!file) return found;
  try {
    for await (const line of file.readLines()) if (line.startsWith(start)) found.push(line);
  } finally {
    await file.close().catch(() => undefined);
  }
  return found;
}
