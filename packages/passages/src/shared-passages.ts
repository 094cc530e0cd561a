import { Aligner } from './compare/align.js';
import { CommonWording } from './compare/common-wording.js';
import { PassageError } from './errors.js';
import { Candidates, type Listed } from './find/candidates.js';
import { CommonUnits } from './find/common-units.js';
import { type Collection, type Judged, judge, type Side } from './find/judge.js';
import { MemoryPostings } from './find/memory-postings.js';
import { WordCounts } from './find/word-counts.js';
import { pairKey, readFeatures } from './words/features.js';
import { placeOf } from './words/place.js';
import { readWords, type Words } from './words/read-words.js';

/** A text of a person. */
export interface PassageDocument {
  id: string;
  /** The person. Documents of one owner are never compared with each other. */
  owner: string;
  text: string;
}

/** Wording that two documents of different owners share, and almost nobody else has. */
export interface SharedPassage {
  /** Ids of the documents, `a` before `b`. */
  a: string;
  b: string;
  /** Where it is in each text, in UTF-16 units; the ends are behind the last. */
  aStart: number;
  aEnd: number;
  bStart: number;
  bEnd: number;
  /** Share of its content words that agree, 0 to 1. */
  similarity: number;
  /** Content words that agree and are not common wording. */
  words: number;
  /** How many owners have most of this wording, the two included; an estimate. */
  owners: number;
  /** How surprising it is that two people who know nothing of each other share it, in bits. */
  bits: number;
  /** The same for the same wording wherever it is found. Closely reworded copies may have another. */
  key: string;
}

export interface SharedPassagesOptions {
  /** Texts whose wording counts for nothing: job adverts, templates, stock phrases. */
  common?: readonly string[];
  /** Wording that more owners have is common. Default: twice the fourth root of the number of owners, at least 4. */
  mostOwners?: number;
  /** How many other documents one is compared with, the likeliest first. Default 50. */
  mostCandidates?: number;
}

/** What was found, and where a bound was reached. */
export interface SharedPassagesResult {
  passages: SharedPassage[];
  /** Ids of documents that are longer than what is read of one. */
  cut: string[];
  /** Ids of documents with more candidates than `mostCandidates`. */
  crowded: string[];
}

/** Wording that more owners have is common, unless the caller says otherwise. */
export function defaultMostOwners(people: number): number {
  return Math.max(4, Math.round(2 * people ** 0.25));
}

/** Most documents of one call: numbers of documents have 24 bits. */
const mostDocuments = 2 ** 24;

/** All passages that documents of different owners share, sorted by documents and place. See `findSharedPassages`. */
export function sharedPassages(
  documents: readonly PassageDocument[],
  options: SharedPassagesOptions = {},
): SharedPassage[] {
  return findSharedPassages(documents, options).passages;
}

/**
 * Compares everything with everything. The order of the documents changes nothing. Holds about 3 KB for each résumé in
 * memory beside its text.
 *
 * @throws PassageError ARGUMENT_INVALID where two documents have one id
 */
export function findSharedPassages(
  documents: readonly PassageDocument[],
  options: SharedPassagesOptions = {},
): SharedPassagesResult {
  if (documents.length > mostDocuments) {
    throw new PassageError('ARGUMENT_INVALID', `at most ${mostDocuments} documents at once`);
  }
  const sorted = [...documents].sort((one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0));
  const owners = new Uint32Array(sorted.length);
  const numbers = new Map<string, number>();
  const result: SharedPassagesResult = { passages: [], cut: [], crowded: [] };
  const store = new WordStore();
  const units = new CommonUnits();
  sorted.forEach((document, at) => {
    if (at > 0 && sorted[at - 1]?.id === document.id) {
      throw new PassageError('ARGUMENT_INVALID', `two documents have the id ${document.id}`);
    }
    let owner = numbers.get(document.owner);
    if (owner === undefined) {
      owner = numbers.size;
      numbers.set(document.owner, owner);
    }
    owners[at] = owner;
    const words = readWords(document.text);
    if (words.cut) result.cut.push(document.id);
    store.add(words);
    units.add(words, owner);
  });
  const mostOwners = options.mostOwners ?? defaultMostOwners(numbers.size);
  units.count(mostOwners);
  const postings = new MemoryPostings(sorted.length, (document) => store.get(document));
  const counts = new WordCounts();
  const byOwner = Array.from(owners.keys()).sort(
    (one, other) => (owners[one] as number) - (owners[other] as number),
  );
  for (const document of byOwner) counts.add(store.get(document).stems, owners[document] as number);
  const oneEach = numbers.size === sorted.length;
  const collection: Collection = {
    people: numbers.size,
    included: 2,
    list: (key) => postings.get(key),
    owner: (document) => owners[document] as number,
    word: (stem) => counts.get(stem),
    pair: (one, other) => {
      const listed = postings.get(pairKey(one, other));
      return oneEach || listed.values === undefined ? listed.count : distinctOwners(listed, owners);
    },
    wordings: new Map(),
  };
  const common = new CommonWording(options.common ?? []);
  const ranking = new Candidates();
  const found: Found[] = [];
  for (let b = 1; b < sorted.length; b++) {
    const wordsB = store.get(b);
    const muted = units.of(wordsB);
    const features = readFeatures(wordsB);
    const owner = owners[b] as number;
    const { candidates, cut } = ranking.rank(
      features,
      wordsB.units,
      sorted.length,
      b,
      (feature) => postings.find(features.high[feature] as number, features.low[feature] as number),
      (document) => owners[document] !== owner,
      options.mostCandidates ?? 50,
      muted,
    );
    if (cut) result.crowded.push((sorted[b] as PassageDocument).id);
    if (candidates.length === 0) continue;
    const aligner = new Aligner(wordsB, muted);
    let sideB: Side | undefined;
    for (const { document: a, units: likely } of candidates) {
      const wordsA = store.get(a);
      const matches = aligner.against(wordsA, likely);
      if (matches.length === 0) continue;
      sideB ??= { stems: wordsB.stems, units: wordsB.units.length - 1, covered: common.cover(wordsB) };
      const sideA = { stems: wordsA.stems, units: wordsA.units.length - 1, covered: common.cover(wordsA) };
      const judged = judge(matches, sideB, sideA, collection, mostOwners);
      if (judged.length === 0) continue;
      for (const one of judged) found.push({ a, b, one });
    }
  }
  const ends = places(found, sorted);
  found.forEach(({ a, b, one }, at) => {
    result.passages.push({
      a: (sorted[a] as PassageDocument).id,
      b: (sorted[b] as PassageDocument).id,
      aStart: ends[at * 4] as number,
      aEnd: ends[at * 4 + 1] as number,
      bStart: ends[at * 4 + 2] as number,
      bEnd: ends[at * 4 + 3] as number,
      similarity: one.match.similarity,
      words: one.words,
      owners: one.owners,
      bits: one.bits,
      key: one.key,
    });
  });
  result.passages.sort(
    (one, other) =>
      compare(one.a, other.a) ||
      compare(one.b, other.b) ||
      one.aStart - other.aStart ||
      one.bStart - other.bStart,
  );
  return result;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function distinctOwners({ values, from, to }: Listed, owners: Uint32Array): number {
  const distinct = new Set<number>();
  for (let i = from; i < to; i++) distinct.add(owners[values?.[i] as number] as number);
  return distinct.size;
}

/** A passage between two documents, by their numbers. Of the match, `a` is in document `b`: that is the one searched with. */
interface Found {
  a: number;
  b: number;
  one: Judged;
}

/** Where each passage is in its two texts: start and end in the first, then in the second. Reads each text once. */
function places(found: readonly Found[], documents: readonly PassageDocument[]): Uint32Array {
  const ends = new Uint32Array(found.length * 4);
  // Sides of passages, two each, in the order of the documents that they are in.
  const documentOf = (side: number) => (found[side >> 1] as Found)[side % 2 === 0 ? 'a' : 'b'];
  const sides = Uint32Array.from({ length: found.length * 2 }, (_, side) => side);
  sides.sort((one, other) => documentOf(one) - documentOf(other));
  let read = -1;
  let words: Words | undefined;
  for (const side of sides) {
    const document = documentOf(side);
    if (words === undefined || document !== read) {
      words = readWords((documents[document] as PassageDocument).text);
      read = document;
    }
    const { match } = (found[side >> 1] as Found).one;
    const place =
      side % 2 === 0 ? placeOf(words, match.bFrom, match.bTo) : placeOf(words, match.aFrom, match.aTo);
    ends[side * 2] = place.start;
    ends[side * 2 + 1] = place.end;
  }
  return ends;
}

type Stored = Pick<Words, 'stems' | 'units'>;

/** Words of many documents in few large arrays. */
class WordStore {
  readonly #chunks: Uint32Array[] = [];
  #used = 0;
  /** Chunk, place, number of words and of units' ends, for each document. */
  readonly #places: number[] = [];

  add(words: Words): void {
    const size = words.stems.length + words.units.length;
    let chunk = this.#chunks[this.#chunks.length - 1];
    if (chunk === undefined || this.#used + size > chunk.length) {
      chunk = new Uint32Array(Math.max(size, 1 << 22));
      this.#chunks.push(chunk);
      this.#used = 0;
    }
    chunk.set(words.stems, this.#used);
    chunk.set(words.units, this.#used + words.stems.length);
    this.#places.push(this.#chunks.length - 1, this.#used, words.stems.length, words.units.length);
    this.#used += size;
  }

  get(document: number): Stored {
    const at = document * 4;
    const chunk = this.#chunks[this.#places[at] as number] as Uint32Array;
    const from = this.#places[at + 1] as number;
    const middle = from + (this.#places[at + 2] as number);
    return {
      stems: chunk.subarray(from, middle),
      units: chunk.subarray(middle, middle + (this.#places[at + 3] as number)),
    };
  }
}
