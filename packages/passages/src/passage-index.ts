import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Aligner } from './compare/align.js';
import { CommonWording } from './compare/common-wording.js';
import { PassageError } from './errors.js';
import { Candidates, type Listed } from './find/candidates.js';
import { type Collection, judge } from './find/judge.js';
import {
  closePart,
  idKey,
  listedDocuments,
  mergeParts,
  openPart,
  ownerHash,
  ownerKey,
  type Part,
  type PartInfo,
  PartWriter,
  removePart,
} from './find/part.js';
import type { StoredDocument } from './find/text-file.js';
import { findIn } from './postings/postings.js';
import { partsToMerge } from './postings/tiers.js';
import { replaceFile } from './replace-file.js';
import { defaultMostOwners, type PassageDocument } from './shared-passages.js';
import { pairKey, readFeatures, wordKey } from './words/features.js';
import { placeOf } from './words/place.js';
import { readWords } from './words/read-words.js';

export interface PassageIndexOptions {
  /** Texts whose wording counts for nothing: job adverts, templates, stock phrases. May change at each opening. */
  common?: readonly string[];
  /** Wording that more owners have is common. Default: twice the fourth root of the number of owners, at least 4. */
  mostOwners?: number;
  /** How many known documents a text is compared with, the likeliest first. Default 50. */
  mostCandidates?: number;
  /** Nothing on disk is touched: for those who read while another process may be writing. */
  readOnly?: boolean;
}

/** Wording that a text shares with a known document. See `SharedPassage`. */
export interface KnownPassage {
  /** Where it is in the text that was checked, in UTF-16 units. */
  start: number;
  end: number;
  /** Where it is in the known document. */
  knownStart: number;
  knownEnd: number;
  similarity: number;
  words: number;
  owners: number;
  bits: number;
  key: string;
}

/** A known document that shares passages with a text. */
export interface DocumentMatch {
  id: string;
  owner: string;
  /** Of all passages together, in bits; no more than the number of known people allows. */
  bits: number;
  /** In the order of the text that was checked. */
  passages: KnownPassage[];
}

export interface CheckResult {
  /** The strongest first. */
  matches: DocumentMatch[];
  /** Known documents that were compared. */
  compared: number;
  /** The text is longer than what is read of one. */
  cut: boolean;
  /** There were more documents to compare than `mostCandidates`. */
  crowded: boolean;
}

interface Manifest {
  format: 1;
  /** Number of the next part. */
  next: number;
  /** Owners of documents. */
  people: number;
  parts: PartInfo[];
}

/** A part is written when it has gathered so many entries. */
const partEntries = 6_000_000;
const leastPopulation = 1024;

/**
 * Known documents on disk, to check new texts against. Opening reads directories only: about 20 bytes for each document. What `add` was given is there as a whole or not at all: the manifest is replaced in
 * one rename. One process may write at a time; others that have it open see what was there when they opened it.
 */
export class PassageIndex {
  readonly #folder: string;
  readonly #options: PassageIndexOptions;
  readonly #common: CommonWording;
  readonly #candidates = new Candidates();
  #manifest: Manifest;
  #parts: Part[];
  #lastAdd: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(folder: string, options: PassageIndexOptions, manifest: Manifest, parts: Part[]) {
    this.#folder = folder;
    this.#options = options;
    this.#common = new CommonWording(options.common ?? []);
    this.#manifest = manifest;
    this.#parts = parts;
  }

  /**
   * Opens the index in a folder, or begins one. Files that an interrupted `add` left are removed.
   *
   * @throws PassageError INDEX_DAMAGED
   */
  static async open(folder: string, options: PassageIndexOptions = {}): Promise<PassageIndex> {
    await mkdir(folder, { recursive: true });
    const path = join(folder, 'manifest.json');
    const text = await readFile(path, 'utf8').catch(() => undefined);
    const manifest: Manifest =
      text === undefined ? { format: 1, next: 0, people: 0, parts: [] } : parse(text, path);
    const known = new Set(manifest.parts.map((part) => part.name));
    for (const file of await readdir(folder)) {
      const name = /^(\d+)\.(?:postings|texts)$/.exec(file)?.[1];
      if (!options.readOnly && name !== undefined && !known.has(name)) await rm(join(folder, file));
    }
    return new PassageIndex(folder, options, manifest, openParts(folder, manifest));
  }

  /** How many documents it holds. */
  get documents(): number {
    return this.#parts.reduce((sum, part) => sum + part.documents, 0);
  }

  /** How many owners they have. */
  get people(): number {
    return this.#manifest.people;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#parts.reduce((sum, part) => sum + part.segment.bytes + part.texts.bytes, 0);
  }

  /**
   * Adds documents. One that is known already, with the same text, is left out. Documents of one call are sorted by id:
   * the same ones give the same bytes, in any order. Calls wait for one another; await the last one before `close`.
   *
   * @throws PassageError ARGUMENT_INVALID where an id is known with another text
   */
  add(documents: readonly PassageDocument[]): Promise<void> {
    const added = this.#lastAdd.then(() => this.#add(documents));
    this.#lastAdd = added.catch(() => undefined);
    return added;
  }

  async #add(documents: readonly PassageDocument[]): Promise<void> {
    this.#mustBeOpen();
    const fresh = this.#fresh(documents);
    if (fresh.length === 0) return;
    const next: Manifest = { ...this.#manifest, parts: [...this.#manifest.parts] };
    const parts = [...this.#parts];
    const obsolete: Part[] = [];
    next.people += this.#newOwners(fresh);
    let count = this.documents;
    let writer: PartWriter | undefined;
    const endPart = () => {
      if (writer === undefined) return;
      const info = writer.end();
      next.parts.push(info);
      parts.push(openPart(this.#folder, info, count - info.documents));
      writer = undefined;
      this.#merge(next, parts, obsolete);
    };
    for (const document of fresh) {
      writer ??= new PartWriter(this.#folder, String(next.next++), count);
      writer.add(document);
      count += 1;
      if (writer.entries >= partEntries) endPart();
    }
    endPart();
    await replaceFile(join(this.#folder, 'manifest.json'), `${JSON.stringify(next)}\n`);
    this.#manifest = next;
    this.#parts = parts;
    for (const part of obsolete) {
      closePart(part);
      await removePart(this.#folder, part.name);
    }
  }

  /**
   * Finds known documents that share passages with a text. Documents of `owner` are left out.
   */
  check(text: string, { owner }: { owner?: string } = {}): CheckResult {
    this.#mustBeOpen();
    const words = readWords(text);
    const features = readFeatures(words);
    const collection = this.#collection(owner);
    const own = owner === undefined ? undefined : ownerHash(owner);
    const { candidates, cut } = this.#candidates.rank(
      features,
      words.units,
      this.documents,
      this.documents,
      (at) => collection.list((features.high[at] as number) * 256 + (features.low[at] as number)),
      (document) => own === undefined || collection.owner(document) !== own,
      this.#options.mostCandidates ?? 50,
    );
    const mostOwners = this.#options.mostOwners ?? defaultMostOwners(this.people);
    const aligner = new Aligner(words);
    const side = { stems: words.stems, units: words.units.length - 1, covered: this.#common.cover(words) };
    const matches: DocumentMatch[] = [];
    const population = Math.log2(this.people + leastPopulation);
    for (const { document, units } of candidates) {
      const known = this.#document(document);
      const knownWords = readWords(known.text);
      const found = aligner.against(knownWords, units);
      if (found.length === 0) continue;
      const other = {
        stems: knownWords.stems,
        units: knownWords.units.length - 1,
        covered: this.#common.cover(knownWords),
      };
      const judged = judge(found, side, other, collection, mostOwners);
      if (judged.length === 0) continue;
      matches.push({
        id: known.id,
        owner: known.owner,
        bits: Math.min(
          population,
          judged.reduce((sum, one) => sum + one.bits, 0),
        ),
        passages: judged.map(({ match, words: agree, owners, bits, key }) => {
          const here = placeOf(words, match.aFrom, match.aTo);
          const there = placeOf(knownWords, match.bFrom, match.bTo);
          return {
            start: here.start,
            end: here.end,
            knownStart: there.start,
            knownEnd: there.end,
            similarity: match.similarity,
            words: agree,
            owners,
            bits,
            key,
          };
        }),
      });
    }
    matches.sort(
      (one, two) => two.bits - one.bits || wordsOf(two) - wordsOf(one) || (one.id < two.id ? -1 : 1),
    );
    return { matches, compared: candidates.length, cut: words.cut, crowded: cut };
  }

  /** Text of a document, or undefined where it is not known. Half surrogate pairs come back as U+FFFD. */
  text(documentId: string): string | undefined {
    this.#mustBeOpen();
    return this.#byId(documentId)?.text;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const part of this.#parts) closePart(part);
  }

  /** Looks things up in the parts, each once. Made anew for each check. */
  #collection(checked: string | undefined): Collection {
    const segments = this.#parts.map((part) => part.segment);
    const known = new Map<number, Listed>();
    const list = (key: number): Listed => {
      let listed = known.get(key);
      if (listed === undefined) {
        const { count, values } = findIn(segments, key, listedDocuments);
        listed = { count, values, from: 0, to: count };
        known.set(key, listed);
      }
      return listed;
    };
    const owner = (document: number) => {
      const part = this.#partOf(document);
      return part.texts.owners[document - part.first] as number;
    };
    const oneEach = this.people === this.documents;
    const counted = new Map<number, number>();
    const owners = (key: number) => {
      const { count, values } = list(key);
      if (oneEach || values === undefined) return count;
      let distinct = counted.get(key);
      if (distinct === undefined) {
        const seen = new Set<number>();
        for (const document of values) seen.add(owner(document));
        distinct = seen.size;
        counted.set(key, distinct);
      }
      return distinct;
    };
    return {
      people: this.people,
      included: checked !== undefined && list(ownerKey(checked)).count > 0 ? 2 : 1,
      list,
      owner,
      word: (stem) => owners(wordKey(stem)),
      pair: (one, other) => owners(pairKey(one, other)),
      wordings: new Map(),
    };
  }

  #partOf(document: number): Part {
    for (let at = this.#parts.length - 1; at >= 0; at--) {
      const part = this.#parts[at] as Part;
      if (document >= part.first) return part;
    }
    throw new PassageError('INDEX_DAMAGED', `${this.#folder}: no document ${document}`);
  }

  #document(document: number): StoredDocument {
    const part = this.#partOf(document);
    return part.texts.get(document - part.first);
  }

  #byId(id: string): StoredDocument | undefined {
    const { values } = findIn(
      this.#parts.map((part) => part.segment),
      idKey(id),
      listedDocuments,
    );
    for (const number of values ?? []) {
      const document = this.#document(number);
      if (document.id === id) return document;
    }
    return undefined;
  }

  /** Those that are not known yet, sorted by id. */
  #fresh(documents: readonly PassageDocument[]): PassageDocument[] {
    const sorted = [...documents].sort((one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0));
    return sorted.filter((document, at) => {
      const before = sorted[at - 1];
      const known = before?.id === document.id ? before : this.#byId(document.id);
      if (known === undefined) return true;
      if (known.text === Buffer.from(document.text).toString() && known.owner === document.owner)
        return false;
      throw new PassageError('ARGUMENT_INVALID', `the id ${document.id} is known with another text or owner`);
    });
  }

  #newOwners(documents: readonly PassageDocument[]): number {
    const segments = this.#parts.map((part) => part.segment);
    let fresh = 0;
    for (const owner of new Set(documents.map((document) => document.owner))) {
      if (findIn(segments, ownerKey(owner), listedDocuments).count === 0) fresh += 1;
    }
    return fresh;
  }

  #merge(manifest: Manifest, parts: Part[], obsolete: Part[]): void {
    for (;;) {
      const run = partsToMerge(parts.map((part) => part.entries));
      if (run === undefined) return;
      const old = parts.slice(run.from, run.to);
      const info = mergeParts(this.#folder, old, String(manifest.next++));
      const merged = openPart(this.#folder, info, (old[0] as Part).first);
      parts.splice(run.from, old.length, merged);
      manifest.parts.splice(run.from, old.length, info);
      obsolete.push(...old);
    }
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new PassageError('CLOSED', `${this.#folder}: closed`);
  }
}

function wordsOf(match: DocumentMatch): number {
  return match.passages.reduce((sum, passage) => sum + passage.words, 0);
}

function parse(text: string, path: string): Manifest {
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.format === 1 && Array.isArray(manifest.parts)) return manifest;
  } catch {
    throw new PassageError('INDEX_DAMAGED', `${path}: not JSON`);
  }
  throw new PassageError('INDEX_DAMAGED', `${path}: not a manifest of this version`);
}

function openParts(folder: string, manifest: Manifest): Part[] {
  const parts: Part[] = [];
  let first = 0;
  try {
    for (const info of manifest.parts) {
      parts.push(openPart(folder, info, first));
      first += info.documents;
    }
  } catch (error) {
    for (const part of parts) closePart(part);
    throw error;
  }
  return parts;
}
