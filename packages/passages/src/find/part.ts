import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Entries } from '../postings/entries.js';
import { mergeGroups } from '../postings/merge.js';
import { Segment, writeSegment } from '../postings/segment.js';
import { readFeatures, textKey, wordKey } from '../words/features.js';
import { hashText } from '../words/hash.js';
import { readWords } from '../words/read-words.js';
import { type StoredDocument, TextFile, TextFileWriter } from './text-file.js';

/** A feature with more documents than this keeps only their number. */
export const listedDocuments = 1024;

const idSeed = 0x1d0c5e;
const ownerSeed = 0x0a11e5;

export function idKey(id: string): number {
  return textKey(id, idSeed);
}

export function ownerKey(owner: string): number {
  return textKey(owner, ownerSeed);
}

export function ownerHash(owner: string): number {
  return hashText(owner, ownerSeed);
}

/** Documents of one add, or of several that were merged: their features and their texts. */
export interface PartInfo {
  name: string;
  documents: number;
  entries: number;
}

export interface Part extends PartInfo {
  segment: Segment;
  texts: TextFile;
  /** Number of its first document in the whole index. */
  first: number;
}

export function openPart(folder: string, info: PartInfo, first: number): Part {
  const segment = new Segment(join(folder, `${info.name}.postings`));
  try {
    return { ...info, segment, texts: new TextFile(join(folder, `${info.name}.texts`)), first };
  } catch (error) {
    segment.close();
    throw error;
  }
}

export function closePart(part: Part): void {
  part.segment.close();
  part.texts.close();
}

export async function removePart(folder: string, name: string): Promise<void> {
  await rm(join(folder, `${name}.postings`), { force: true });
  await rm(join(folder, `${name}.texts`), { force: true });
}

/** Gathers documents and writes them as a part. */
export class PartWriter {
  readonly #folder: string;
  readonly #first: number;
  readonly #entries = new Entries(1 << 16);
  readonly #texts: TextFileWriter;
  readonly #name: string;
  #documents = 0;

  constructor(folder: string, name: string, first: number) {
    this.#folder = folder;
    this.#first = first;
    this.#name = name;
    this.#texts = new TextFileWriter(join(folder, `${this.#name}.texts`));
  }

  get entries(): number {
    return this.#entries.count;
  }

  add(document: StoredDocument): void {
    const number = this.#first + this.#documents;
    const words = readWords(document.text);
    const add = (key: number) => this.#entries.add(Math.floor(key / 256), key % 256, number);
    add(idKey(document.id));
    add(ownerKey(document.owner));
    const stems = words.stems.slice().sort();
    for (let at = 0; at < stems.length; at++)
      if (stems[at] !== stems[at - 1]) add(wordKey(stems[at] as number));
    const { high, low, count } = readFeatures(words);
    for (let i = 0; i < count; i++) this.#entries.add(high[i] as number, low[i] as number, number);
    this.#texts.add(document, ownerHash(document.owner));
    this.#documents += 1;
  }

  /** Puts the part on disk. It belongs to nothing until a manifest names it. */
  end(): PartInfo {
    this.#texts.end();
    const entries = writeSegment(
      join(this.#folder, `${this.#name}.postings`),
      this.#entries.groups(listedDocuments),
    );
    return { name: this.#name, documents: this.#documents, entries };
  }
}

/** Makes one part of several neighbours. */
export function mergeParts(folder: string, parts: readonly Part[], name: string): PartInfo {
  const groups = mergeGroups(
    parts.map((part) => part.segment.groups()),
    listedDocuments,
  );
  const entries = writeSegment(join(folder, `${name}.postings`), groups);
  const texts = new TextFileWriter(join(folder, `${name}.texts`));
  for (const part of parts) texts.append(part.texts);
  texts.end();
  return { name, documents: parts.reduce((sum, part) => sum + part.documents, 0), entries };
}
