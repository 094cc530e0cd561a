import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PassageError } from '../errors.js';
import { replaceFile } from '../replace-file.js';
import { Entries } from './entries.js';
import { mergeGroups } from './merge.js';
import { Segment, Values, writeSegment } from './segment.js';
import { partsToMerge } from './tiers.js';

export interface PostingsOptions {
  /** A key with more values than this keeps only their number. Default 1,024. Must stay the same for a folder. */
  mostEntries?: number;
  /** Nothing on disk is touched: for those who read while another process may be writing. */
  readOnly?: boolean;
}

/** What is known of a key. */
export interface Found {
  /** How many values it has. */
  count: number;
  /** The values, ascending; absent where there are more than `mostEntries`. */
  values?: Uint32Array;
}

interface Manifest {
  format: 1;
  mostEntries: number;
  /** Number of the next segment. */
  next: number;
  segments: { name: string; entries: number }[];
}

/** Largest key, plus one. */
const keyRange = 2 ** 40;
const flushAt = 4_000_000;

/**
 * Numbers listed under keys, on disk: key (a hash of up to 40 bits) to values (whole numbers below 2^32). Opening reads
 * a directory only. What was added since the last `commit` is lost when the process ends; what was committed stays, as
 * the manifest is replaced in one rename. One process may write at a time.
 *
 * Keys are hashes: two different things may, rarely, share one. Compare the thing itself before you rely on it.
 */
export class Postings {
  readonly #folder: string;
  #manifest: Manifest;
  #segments: Segment[];
  #entries = new Entries();
  #lastCommit: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(folder: string, manifest: Manifest, segments: Segment[]) {
    this.#folder = folder;
    this.#manifest = manifest;
    this.#segments = segments;
  }

  /** Opens a folder, or begins one. Files that no commit knows are removed. */
  static async open(folder: string, options: PostingsOptions = {}): Promise<Postings> {
    await mkdir(folder, { recursive: true });
    const path = join(folder, 'manifest.json');
    let manifest: Manifest = { format: 1, mostEntries: options.mostEntries ?? 1024, next: 0, segments: [] };
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) {
      try {
        manifest = JSON.parse(text) as Manifest;
      } catch {
        throw new PassageError('INDEX_DAMAGED', `${path}: not JSON`);
      }
      if (manifest.format !== 1 || !Array.isArray(manifest.segments)) {
        throw new PassageError('INDEX_DAMAGED', `${path}: not a manifest of this version`);
      }
      if (options.mostEntries !== undefined && options.mostEntries !== manifest.mostEntries) {
        throw new PassageError('ARGUMENT_INVALID', `${path}: made with mostEntries ${manifest.mostEntries}`);
      }
    }
    const known = new Set(manifest.segments.map((segment) => segment.name));
    for (const name of await readdir(folder)) {
      if (!options.readOnly && name.endsWith('.postings') && !known.has(name)) await rm(join(folder, name));
    }
    return new Postings(folder, manifest, openSegments(folder, manifest));
  }

  /** Entries committed, counted once for each segment that has them. */
  get entries(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.entries, 0);
  }

  /** Lists a value under a key. The same pair twice counts once. It can be found after `commit`. */
  add(key: number, value: number): void {
    this.#mustBeOpen();
    if (!Number.isInteger(key) || key < 0 || key >= keyRange) {
      throw new PassageError('ARGUMENT_INVALID', `a key is a whole number from 0 to 2^40: ${key}`);
    }
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
      throw new PassageError('ARGUMENT_INVALID', `a value is a whole number from 0 to 2^32: ${value}`);
    }
    if (this.#entries.count >= flushAt || !this.#entries.takes(value)) this.#flush();
    this.#entries.add(Math.floor(key / 256), key % 256, value);
  }

  /** Puts on disk what was added, and merges small segments. Calls wait for one another; await the last before `close`. */
  commit(): Promise<void> {
    const committed = this.#lastCommit.then(() => this.#commit());
    this.#lastCommit = committed.catch(() => undefined);
    return committed;
  }

  async #commit(): Promise<void> {
    this.#mustBeOpen();
    this.#flush();
    const obsolete: string[] = [];
    for (;;) {
      const run = partsToMerge(this.#manifest.segments.map((segment) => segment.entries));
      if (run === undefined) break;
      const old = this.#segments.slice(run.from, run.to);
      const name = `${this.#manifest.next}.postings`;
      this.#manifest.next += 1;
      const groups = mergeGroups(
        old.map((segment) => segment.groups()),
        this.#manifest.mostEntries,
      );
      const entries = writeSegment(join(this.#folder, name), groups);
      for (const segment of old) segment.close();
      obsolete.push(...this.#manifest.segments.slice(run.from, run.to).map((segment) => segment.name));
      this.#manifest.segments.splice(run.from, run.to - run.from, { name, entries });
      this.#segments.splice(run.from, run.to - run.from, new Segment(join(this.#folder, name)));
    }
    await replaceFile(join(this.#folder, 'manifest.json'), `${JSON.stringify(this.#manifest)}\n`);
    for (const name of obsolete) await rm(join(this.#folder, name), { force: true });
  }

  /** The values of a key, among what is committed. */
  get(key: number): Found {
    this.#mustBeOpen();
    return findIn(this.#segments, key, this.#manifest.mostEntries);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const segment of this.#segments) segment.close();
  }

  #flush(): void {
    if (this.#entries.count === 0) return;
    const name = `${this.#manifest.next}.postings`;
    this.#manifest.next += 1;
    const entries = writeSegment(join(this.#folder, name), this.#entries.groups(this.#manifest.mostEntries));
    this.#manifest.segments.push({ name, entries });
    this.#segments.push(new Segment(join(this.#folder, name)));
    this.#entries.clear();
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new PassageError('CLOSED', `${this.#folder}: closed`);
  }
}

function openSegments(folder: string, manifest: Manifest): Segment[] {
  const segments: Segment[] = [];
  try {
    for (const { name } of manifest.segments) segments.push(new Segment(join(folder, name)));
  } catch (error) {
    for (const segment of segments) segment.close();
    throw error;
  }
  return segments;
}

const found = new Values();

/** The values of a key in all segments together. */
export function findIn(segments: readonly Segment[], key: number, mostEntries: number): Found {
  found.clear();
  let unlisted = 0;
  for (const segment of segments) unlisted += segment.get(key, found);
  if (unlisted > 0) return { count: found.count + unlisted };
  const values = found.sorted();
  return values.length > mostEntries ? { count: values.length } : { count: values.length, values };
}
