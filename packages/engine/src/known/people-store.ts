import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { RollcallError } from '../model/errors.js';
import type { IdentifierKind, Stage } from '../model/vocabulary.js';

/** Somebody who is known, as a check shows them and compares with them. */
export interface KnownPerson {
  id: string;
  name: string;
  stage: Stage;
  values: KnownValue[];
  /** SHA-256 of their résumés. */
  documents: string[];
}

export interface KnownValue {
  kind: IdentifierKind;
  /** Canonical. */
  value: string;
  label: string;
  context: string;
}

interface Manifest {
  format: 2;
  /** Files in order, with how many people each holds. */
  parts: { name: string; people: number }[];
  next: number;
  /** Numbers of people who have changed or gone: they are passed over. */
  gone: number[];
}

interface Part {
  first: number;
  people: number;
  texts: number;
  /** Size of `texts`. */
  bytes: number;
  offsets: number;
}

/** Of each person: where the text begins (bytes), and its checksum; at the end where the last one ends. */
const rowBytes = 16;

/**
 * People on disk by number, in the order they were added. Opening reads one small file; a person is read by two reads
 * from the disk. What `add` wrote counts once `commit` has replaced the manifest.
 */
export class PeopleStore {
  readonly #folder: string;
  #manifest: Manifest;
  #parts: Part[] = [];
  #gone: Set<number>;

  private constructor(folder: string, manifest: Manifest) {
    this.#folder = folder;
    this.#manifest = manifest;
    this.#gone = new Set(manifest.gone);
    this.#open();
  }

  static async open(folder: string, readOnly = false): Promise<PeopleStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, 'people.json');
    const text = await readFile(path, 'utf8').catch(() => undefined);
    const manifest =
      text === undefined ? { format: 2 as const, parts: [], next: 0, gone: [] } : parsed(path, text);
    const named = new Set(manifest.parts.flatMap(({ name }) => [`${name}.texts`, `${name}.offsets`]));
    for (const file of readOnly ? [] : await readdir(folder))
      if (/^people-\d+\.(texts|offsets)$/.test(file) && !named.has(file)) await rm(join(folder, file));
    return new PeopleStore(folder, manifest);
  }

  /** How many numbers are in use, those of people who are gone included. */
  get size(): number {
    return this.#manifest.parts.reduce((sum, part) => sum + part.people, 0);
  }

  /** How many people can be found. */
  get people(): number {
    return this.size - this.#gone.size;
  }

  /** Writes people into a file of their own; they are numbered on from `size`. Follow with `commit`. */
  add(people: readonly KnownPerson[]): void {
    if (people.length === 0) return;
    const name = `people-${this.#manifest.next}`;
    const offsets = new BigUint64Array(2 * people.length + 1);
    const texts = openSync(join(this.#folder, `${name}.texts`), 'w', 0o600);
    let at = 0;
    let chunk: Buffer[] = [];
    let held = 0;
    const flush = () => {
      for (const buffer of chunk) writeSync(texts, buffer);
      chunk = [];
      held = 0;
    };
    people.forEach((person, i) => {
      const buffer = Buffer.from(JSON.stringify(person));
      offsets[2 * i] = BigInt(at);
      offsets[2 * i + 1] = BigInt(crc32(buffer));
      chunk.push(buffer);
      at += buffer.length;
      held += buffer.length;
      if (held > 1 << 22) flush();
    });
    flush();
    offsets[2 * people.length] = BigInt(at);
    closeSync(texts);
    const table = openSync(join(this.#folder, `${name}.offsets`), 'w', 0o600);
    writeSync(table, new Uint8Array(offsets.buffer));
    closeSync(table);
    this.#manifest = {
      ...this.#manifest,
      next: this.#manifest.next + 1,
      parts: [...this.#manifest.parts, { name, people: people.length }],
    };
    this.close();
    this.#open();
  }

  /** Passes over these numbers from now on. Follow with `commit`. */
  remove(numbers: Iterable<number>): void {
    for (const number of numbers) this.#gone.add(number);
  }

  async commit(): Promise<void> {
    this.#manifest = { ...this.#manifest, gone: [...this.#gone].sort((a, b) => a - b) };
    const path = join(this.#folder, 'people.json');
    await writeFile(`${path}.new`, `${JSON.stringify(this.#manifest)}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  /**
   * The person of a number; undefined where they are gone.
   *
   * @throws RollcallError LAKE_DAMAGED
   */
  get(number: number): KnownPerson | undefined {
    if (this.#gone.has(number)) return undefined;
    const part = this.#parts.findLast(({ first }) => first <= number);
    if (!part || number >= part.first + part.people) return undefined;
    const row = Buffer.alloc(rowBytes + 8);
    readSync(part.offsets, row, 0, row.length, (number - part.first) * rowBytes);
    const start = Number(row.readBigUInt64LE(0));
    const length = Number(row.readBigUInt64LE(rowBytes)) - start;
    if (length <= 0 || start + length > part.bytes) throw damaged(this.#folder);
    const text = Buffer.alloc(length);
    readSync(part.texts, text, 0, length, start);
    if (BigInt(crc32(text)) !== row.readBigUInt64LE(8)) throw damaged(this.#folder);
    return JSON.parse(text.toString('utf8')) as KnownPerson;
  }

  close(): void {
    for (const part of this.#parts) {
      closeSync(part.texts);
      closeSync(part.offsets);
    }
    this.#parts = [];
  }

  #open(): void {
    let first = 0;
    this.#parts = this.#manifest.parts.map(({ name, people }) => {
      const texts = openSync(join(this.#folder, `${name}.texts`), 'r');
      const part = {
        first,
        people,
        texts,
        bytes: fstatSync(texts).size,
        offsets: openSync(join(this.#folder, `${name}.offsets`), 'r'),
      };
      first += people;
      return part;
    });
  }
}

function parsed(path: string, text: string): Manifest {
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.format === 2 && Array.isArray(manifest.parts) && Array.isArray(manifest.gone))
      return manifest;
  } catch {
    // falls through to the one error below
  }
  throw damaged(path);
}

/** Of the index of everybody known: it is made of what the lake holds, so nothing is lost with it. */
export const damaged = (path: string): RollcallError =>
  new RollcallError(
    'LAKE_DAMAGED',
    `${path} is damaged or of another version; remove the folder "known" of the lake and scan again`,
  );
