/**
 * What came in between two scans: a numbered folder.
 *
 * `journal.ndjson` has a line for every delivery that was acknowledged; `data/records/` the records, `data/files/` the
 * files. A folder with a later one beside it is closed. `read.json` is there once its records are in the lake, `done.json`
 * once they are concluded from.
 */
import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, open, readdir, readFile, rename, rm, stat, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeFolder, syncFile, syncFolder, writeWhole } from '../files.js';
import { type Reading, together } from './read-records.js';

/** A line of the journal. */
export interface Entry {
  id: string;
  source: string;
  /** Below `data`: the segment the records stand in, or the file. */
  path: string;
  offset: number;
  /** On disk, from `offset`. */
  length: number;
  records: number;
  /** Of what was sent. */
  bytes: number;
  sha256: string;
  at: string;
  key?: string;
  reading?: Reading;
  /** The name a file was handed in by. */
  file?: string;
}

interface Segment {
  path: string;
  source: string;
  reading: Reading;
  size: number;
  handle?: FileHandle;
}

/** Something to be taken over. */
export type Arrival =
  | { entry: Omit<Entry, 'path' | 'offset' | 'length'>; text: Buffer; reading: Reading }
  | { entry: Omit<Entry, 'path' | 'offset' | 'length'>; from: string; size: number };

const recordsFolder = 'records';

export class Generation {
  private readonly segments = new Map<string, Segment[]>();
  private readonly names = new Set<string>();
  private journal: FileHandle | undefined;
  private journalSize = 0;
  readonly entries: Entry[] = [];
  /** Bytes on disk that a scan has to read, and what they are. */
  bytes = 0;
  records = 0;
  files = 0;

  private constructor(
    readonly number: number,
    readonly folder: string,
  ) {}

  get data(): string {
    return join(this.folder, 'data');
  }

  get empty(): boolean {
    return this.entries.length === 0;
  }

  get done(): boolean {
    return existsSync(join(this.folder, 'done.json'));
  }

  static async make(intake: string, number: number): Promise<Generation> {
    const generation = new Generation(number, join(intake, String(number).padStart(6, '0')));
    await makeFolder(join(generation.data, recordsFolder));
    await syncFolder(generation.data);
    await syncFolder(generation.folder);
    await syncFolder(intake);
    return generation;
  }

  /**
   * After a stop of any kind: what was acknowledged is in the journal, and only that is kept of the segments. A file that
   * lies there whole without a line is taken: it was moved there in one step. Says how many bytes are missing.
   */
  static async recover(
    intake: string,
    number: number,
    now: Date,
  ): Promise<{ generation: Generation; missing: number }> {
    const generation = await Generation.make(intake, number);
    const missing = await generation.recover(now);
    return { generation, missing };
  }

  private async recover(now: Date): Promise<number> {
    const path = join(this.folder, 'journal.ndjson');
    const text = await readFile(path).catch(() => Buffer.alloc(0));
    let whole = 0;
    for (let from = 0; from < text.length; ) {
      const to = text.indexOf(10, from);
      const entry = to < 0 ? undefined : parse(text.subarray(from, to));
      if (!entry) break;
      this.count(entry);
      whole = to + 1;
      from = whole;
    }
    if (whole < text.length) await truncate(path, whole);
    this.journalSize = whole;
    let missing = 0;
    const found = await readdir(join(this.data, recordsFolder));
    for (const name of found.filter((one) => one.endsWith('.ndjson'))) {
      const at = join(this.data, recordsFolder, name);
      const segment = [...this.segments.values()]
        .flat()
        .find((one) => one.path === `${recordsFolder}/${name}`);
      const { size } = await stat(at);
      if (!segment) await rm(at);
      else if (size > segment.size) await truncate(at, segment.size);
      else missing += segment.size - size;
    }
    for (const one of [...this.segments.values()].flat())
      if (!found.includes(one.path.slice(recordsFolder.length + 1))) missing += one.size;
      else await syncFile(join(this.data, one.path));
    // What a process wrote that was killed before it had waited for the disk: from here on it is told of as taken.
    await syncFolder(join(this.data, recordsFolder));
    if (whole > 0) await syncFile(path);
    await syncFolder(this.folder);
    for (const path of await filesBelow(this.data)) {
      if (path.startsWith(`${recordsFolder}/`) || this.names.has(path)) continue;
      const { size } = await stat(join(this.data, path));
      const name = path.slice(path.indexOf('/') + 1);
      await this.add([
        {
          entry: {
            id: `adopted-${this.number}-${this.entries.length}`,
            source: 'file',
            records: 0,
            bytes: size,
            sha256: '',
            at: now.toISOString(),
            file: name,
          },
          from: join(this.data, path),
          size,
        },
      ]);
    }
    return missing;
  }

  /** Takes arrivals over, all of them or none; they are on disk, and in the journal, when this returns. */
  async add(arrivals: readonly Arrival[]): Promise<Entry[]> {
    const entries: Entry[] = [];
    const texts = new Map<Segment, { at: number; parts: Buffer[] }>();
    const sizes = new Map<Segment, number>();
    const moved: { from: string; to: string }[] = [];
    const before = this.journalSize;
    try {
      for (const arrival of arrivals) {
        if ('text' in arrival) {
          const segment = this.segmentFor(arrival.entry.source, arrival.reading);
          const write = texts.get(segment) ?? { at: segment.size, parts: [] };
          if (!texts.has(segment)) {
            texts.set(segment, write);
            sizes.set(segment, segment.size);
          }
          write.parts.push(arrival.text);
          entries.push({
            ...arrival.entry,
            path: segment.path,
            offset: segment.size,
            length: arrival.text.length,
            reading: arrival.reading,
          });
          segment.size += arrival.text.length;
        } else {
          const path = this.freeName(arrival);
          const to = join(this.data, path);
          if (to !== arrival.from) {
            await makeFolder(dirname(to));
            await rename(arrival.from, to);
            moved.push({ from: arrival.from, to });
            for (let folder = dirname(to); folder.length >= this.data.length; folder = dirname(folder))
              await syncFolder(folder);
          }
          this.names.add(path);
          entries.push({ ...arrival.entry, path, offset: 0, length: arrival.size });
        }
      }
      await Promise.all([...texts].map(([segment, write]) => this.append(segment, write.at, write.parts)));
      const fresh = this.journal === undefined;
      this.journal ??= await open(join(this.folder, 'journal.ndjson'), 'a', 0o600);
      const lines = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      await this.journal.appendFile(lines);
      await this.journal.datasync();
      if (fresh) await syncFolder(this.folder);
      this.journalSize += lines.length;
    } catch (error) {
      // Nothing of it was acknowledged: what was written of it is taken back.
      for (const [segment, size] of sizes) {
        segment.size = size;
        await segment.handle?.truncate(size);
      }
      await this.journal?.truncate(before);
      for (const { from, to } of moved.reverse()) {
        await rename(to, from);
        this.names.delete(to.slice(this.data.length + 1));
      }
      throw error;
    }
    for (const entry of entries) this.tally(entry);
    return entries;
  }

  private async append(segment: Segment, at: number, parts: Buffer[]): Promise<void> {
    const fresh = !segment.handle;
    segment.handle ??= await open(
      join(this.data, segment.path),
      existsSync(join(this.data, segment.path)) ? 'r+' : 'w+',
      0o600,
    );
    const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await segment.handle.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
    await segment.handle.datasync();
    if (fresh) await syncFolder(dirname(join(this.data, segment.path)));
  }

  /** The segment of a source whose records are read in the same way, or a new one. */
  private segmentFor(source: string, reading: Reading): Segment {
    const own = this.segments.get(source) ?? [];
    for (const segment of own) {
      const both = together(segment.reading, reading);
      if (both) {
        segment.reading = both;
        return segment;
      }
    }
    const nth = own.length === 0 ? '' : `-${own.length + 1}`;
    const segment = { path: `${recordsFolder}/${source}${nth}.ndjson`, source, reading, size: 0 };
    this.segments.set(source, [...own, segment]);
    return segment;
  }

  private freeName(arrival: { entry: { file?: string }; from: string }): string {
    const own = `${this.data}/`;
    if (arrival.from.startsWith(own)) return arrival.from.slice(own.length);
    for (let nth = 1; ; nth++) {
      const path = `files${nth === 1 ? '' : `-${nth}`}/${arrival.entry.file}`;
      if (!this.names.has(path) && !existsSync(join(this.data, path)) && !this.underFile(path)) return path;
    }
  }

  /** A file of the name of a folder that is needed is in the way. */
  private underFile(path: string): boolean {
    const parts = path.split('/');
    return parts.slice(1, -1).some((_, index) => this.names.has(parts.slice(0, index + 2).join('/')));
  }

  private count(entry: Entry): void {
    if (entry.reading) {
      const own = this.segments.get(entry.source) ?? [];
      let segment = own.find((one) => one.path === entry.path);
      if (!segment) {
        segment = { path: entry.path, source: entry.source, reading: entry.reading, size: 0 };
        this.segments.set(entry.source, [...own, segment]);
      }
      segment.reading = together(segment.reading, entry.reading) ?? segment.reading;
      segment.size = Math.max(segment.size, entry.offset + entry.length);
    } else this.names.add(entry.path);
    this.tally(entry);
  }

  private tally(entry: Entry): void {
    this.entries.push(entry);
    this.bytes += entry.length;
    this.records += entry.records;
    if (!entry.reading) this.files++;
  }

  /** No more is added; beside each segment it is said how it is to be read. */
  async close(): Promise<void> {
    for (const segment of [...this.segments.values()].flat()) {
      await segment.handle?.close();
      delete segment.handle;
    }
    await this.journal?.close();
    this.journal = undefined;
  }

  async describe(): Promise<void> {
    for (const segment of [...this.segments.values()].flat())
      await writeWhole(
        join(this.data, `${segment.path}.rollcall.yml`),
        JSON.stringify({ connector: segment.source, ...segment.reading }),
      );
  }
}

function parse(line: Buffer): Entry | undefined {
  try {
    const entry = JSON.parse(line.toString('utf8')) as Entry;
    return typeof entry.path === 'string' && typeof entry.length === 'number' ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** Lines of a journal that is not open any more. */
export async function* journalOf(folder: string): AsyncGenerator<Entry> {
  const path = join(folder, 'journal.ndjson');
  if (!existsSync(path)) return;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const entry = parse(Buffer.from(line));
    if (entry) yield entry;
  }
}

async function filesBelow(folder: string, below = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (entry.isDirectory()) found.push(...(await filesBelow(folder, path)));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}
