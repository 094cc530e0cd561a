import { hash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { blockingKeys, type Row, type SavedModel, type Step, scoreAgainst } from '@rollcall/match';
import { PassageError, PassageIndex, Postings } from '@rollcall/passages';
import { telling } from '../links/telling.js';
import { RollcallError } from '../model/errors.js';
import type { IdentifierKind } from '../model/vocabulary.js';
import { damaged, type KnownPerson, type KnownValue, PeopleStore } from './people-store.js';

/** What is known of sharing values of a kind; as of the last scan (table `sharing_kinds`). */
export interface KindFigures {
  kind: IdentifierKind;
  byChance: number;
  commonAbove: number;
  /** People with a value of the kind. */
  people: number;
  /** Pairs of them who share one. */
  pairs: number;
}

/** What a scan leaves for checks to use. */
export interface KnownSettings {
  kinds: readonly KindFigures[];
  /** Texts whose wording counts for nothing: stock phrases, adverts. */
  common: readonly string[];
  /** How records of one person differ here; absent where there are too few people to learn it. */
  model?: SavedModel;
}

/** Somebody new, as far as a check compares them. */
export interface Newcomer {
  name?: string;
  values: { kind: IdentifierKind; value: string; label: string }[];
  /** Text of the résumé. */
  text?: string;
  /** SHA-256 of the file. */
  document?: string;
}

/** A value the newcomer has in common with somebody known. */
export interface SharedValue {
  kind: IdentifierKind;
  label: string;
  /** Where it was seen with the person who is known. */
  context: string;
  /** People who have it, the newcomer not counted. */
  holders: number;
  /** How surprising it is that two unrelated honest people share it. */
  bits: number;
}

export interface SharedText {
  document: string;
  text: string;
  otherText: string;
  similarity: number;
  words: number;
  /** Persons whose résumés have it, the newcomer not counted. */
  people: number;
  bits: number;
}

/** Somebody known who has something in common with the newcomer. */
export interface KnownHit {
  person: { id: string; name: string; stage: string };
  values: SharedValue[];
  passages: SharedText[];
  /** The same whole name with the same mailbox or file: their own earlier record, and no second person. */
  own: boolean;
  /** How likely both records are of one human being, who has applied before: not counted in `bits`, and no reproach. */
  samePerson?: { probability: number; steps: Step[] };
  /** Of the strongest value and the strongest passage, and a share of what follows in either. */
  bits: number;
}

export interface CheckAnswer {
  /** The most in common first. */
  hits: KnownHit[];
  /** Values so many people have that they say nothing of two of them. */
  common: { kind: IdentifierKind; label: string; holders: number }[];
}

/** A value of more people than this is only counted. */
const mostHolders = 1_024;
/** Holders of one value who are looked at. */
const mostShown = 64;
/** As in a scan: what the reference table is worth against a company's own figures, in people. */
const strength = 200;
const mostBits = 20;
/** Names (and other keys of matching) that more people share are not looked up. */
const mostNamesakes = 200;
/** Taken for one person from this probability; shown so many. */
const samePersonFrom = 0.9;
const mostSame = 10;
const settingsFile = 'settings.json';
/** What a second thing of the same sort adds. */
const furtherShare = 0.15;

/**
 * Everybody who is known, as an index on disk, to check one newcomer against: identifiers, files and the wording of
 * résumés. Opening reads directories only, a check a few places of each file; people are added without building anew.
 */
export class Known {
  private constructor(
    private readonly people: PeopleStore,
    private readonly values: Postings,
    private readonly wording: PassageIndex,
    private readonly names: Postings,
    readonly settings: KnownSettings,
  ) {
    this.figures = new Map(settings.kinds.map((one) => [one.kind, one]));
  }

  private readonly figures: ReadonlyMap<IdentifierKind, KindFigures>;

  /**
   * @param readOnly touch nothing on disk: a scan may be writing at the same time
   * @throws RollcallError LAKE_DAMAGED
   */
  static async open(folder: string, { readOnly = false } = {}): Promise<Known> {
    // A scan that writes meanwhile replaces files between one being named and opened: then look again.
    for (let left = readOnly ? 3 : 0; ; left--) {
      try {
        return await Known.#open(folder, readOnly);
      } catch (error) {
        if (left === 0) throw error instanceof RollcallError ? error : damaged(folder);
        await wait(100);
      }
    }
  }

  static async #open(folder: string, readOnly: boolean): Promise<Known> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const settings = (await Known.settings(folder)) ?? { kinds: [], common: [] };
    const opened: { close(): void }[] = [];
    const keep = <One extends { close(): void }>(one: One): One => {
      opened.push(one);
      return one;
    };
    try {
      return new Known(
        keep(await PeopleStore.open(folder, readOnly)),
        keep(await Postings.open(join(folder, 'values'), { mostEntries: mostHolders, readOnly })),
        keep(await PassageIndex.open(join(folder, 'wording'), { common: settings.common, readOnly })),
        keep(await Postings.open(join(folder, 'names'), { mostEntries: mostNamesakes, readOnly })),
        settings,
      );
    } catch (error) {
      for (const one of opened) one.close();
      throw error;
    }
  }

  /**
   * What the last scan kept; undefined where there was none.
   *
   * @throws RollcallError LAKE_DAMAGED
   */
  static async settings(folder: string): Promise<KnownSettings | undefined> {
    const path = join(folder, settingsFile);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      const settings = JSON.parse(text) as KnownSettings;
      if (Array.isArray(settings.kinds) && Array.isArray(settings.common)) return settings;
    } catch {
      // falls through to the one error below
    }
    throw damaged(path);
  }

  /** Keeps what a scan worked out, for those who open the index from now on. */
  static async keepSettings(folder: string, settings: KnownSettings): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, settingsFile);
    await writeFile(`${path}.new`, `${JSON.stringify(settings)}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  /** How many people can be found. */
  get size(): number {
    return this.people.people;
  }

  /** The number the next person will get. */
  get next(): number {
    return this.people.size;
  }

  /** Adds people and the texts of résumés that are new; those of `gone` are passed over from now on. */
  async add(
    people: readonly KnownPerson[],
    texts: Iterable<{ document: string; owner: string; text: string }>,
    gone: Iterable<number> = [],
  ): Promise<void> {
    const first = this.people.size;
    this.people.add(people);
    this.people.remove(gone);
    people.forEach((person, i) => {
      for (const { kind, value } of person.values) this.values.add(keyOf(kind, value), first + i);
      for (const document of person.documents) this.values.add(keyOf('file_hash', document), first + i);
      if (this.settings.model)
        for (const key of blockingKeys(this.settings.model, rowOf(person), { combined: false }))
          this.names.add(hashOf(key), first + i);
    });
    // A file that two people hand in is one document; who they are, `values` knows.
    const fresh = [...texts].filter(({ document }) => this.wording.text(document) === undefined);
    await this.wording.add(fresh.map(({ document, owner, text }) => ({ id: document, owner, text })));
    await this.values.commit();
    await this.names.commit();
    // Last: numbers that no person has yet are passed over when they are read.
    await this.people.commit();
  }

  /**
   * Who among everybody known shares what with a newcomer.
   *
   * @throws RollcallError LAKE_DAMAGED
   */
  check(newcomer: Newcomer): CheckAnswer {
    try {
      return this.#check(newcomer);
    } catch (error) {
      throw error instanceof PassageError || error instanceof RangeError
        ? damaged('the index of who is known')
        : error;
    }
  }

  #check(newcomer: Newcomer): CheckAnswer {
    const hits = new Map<number, KnownHit>();
    const hitOf = (number: number): { hit: KnownHit; person: KnownPerson } | undefined => {
      const person = this.people.get(number);
      if (!person) return undefined;
      const { id, name, stage } = person;
      const hit = hits.get(number) ?? {
        person: { id, name, stage },
        values: [],
        passages: [],
        own: false,
        bits: 0,
      };
      return { hit, person };
    };
    const common: CheckAnswer['common'] = [];
    for (const { kind, value, label } of newcomer.values) {
      const found = this.values.get(keyOf(kind, value));
      if (found.count === 0) continue;
      const holders = found.values ? this.holding([...found.values], kind, value) : [];
      const number = found.values ? holders.length : found.count;
      if (number === 0) continue;
      const bits = this.bits(kind, number);
      if (bits === 0) {
        common.push({ kind, label, holders: number });
        continue;
      }
      for (const { number: holder, held } of holders.slice(0, mostShown)) {
        const one = hitOf(holder);
        if (!one) continue;
        one.hit.values.push({ kind, label, context: held.context, holders: number, bits });
        hits.set(holder, one.hit);
      }
    }
    for (const { document, passages } of this.sharedTexts(newcomer)) {
      const holders = this.values.get(keyOf('file_hash', document)).values ?? [];
      for (const holder of [...holders].slice(0, mostShown)) {
        const one = hitOf(holder);
        if (!one?.person.documents.includes(document)) continue;
        one.hit.passages.push(...passages);
        hits.set(holder, one.hit);
      }
    }
    for (const { number, probability, steps } of this.sameAs(newcomer)) {
      const one = hitOf(number);
      if (!one) continue;
      one.hit.samePerson = { probability, steps };
      hits.set(number, one.hit);
    }
    for (const hit of hits.values()) {
      hit.values.sort((a, b) => b.bits - a.bits || (a.kind < b.kind ? -1 : 1));
      hit.passages.sort((a, b) => b.bits - a.bits || b.words - a.words);
      hit.bits = together(hit.values) + together(hit.passages);
      hit.own =
        sameName(newcomer.name, hit.person.name) &&
        hit.values.some(({ kind }) => kind === 'email' || kind === 'file_hash');
    }
    return {
      hits: [...hits.values()].sort((a, b) => b.bits - a.bits || (a.person.id < b.person.id ? -1 : 1)),
      common: common.sort((a, b) => b.holders - a.holders),
    };
  }

  close(): void {
    this.people.close();
    this.values.close();
    this.wording.close();
    this.names.close();
  }

  private sharedTexts({ text }: Newcomer): { document: string; passages: SharedText[] }[] {
    if (!text) return [];
    return this.wording.check(text).matches.flatMap(({ id, passages: found }) => {
      const passages = telling(found.map((passage) => ({ ...passage, people: passage.owners })));
      if (passages.length === 0) return [];
      const known = this.wording.text(id) ?? '';
      return {
        document: id,
        passages: passages.map(({ start, end, knownStart, knownEnd, similarity, words, owners, bits }) => ({
          document: id,
          text: text.slice(start, end),
          otherText: known.slice(knownStart, knownEnd),
          similarity: Math.round(similarity * 1000) / 1000,
          words,
          people: owners,
          bits: Math.round(bits * 100) / 100,
        })),
      };
    });
  }

  /** People whose record is probably of the same human being. */
  private sameAs(newcomer: Newcomer): { number: number; probability: number; steps: Step[] }[] {
    const { model } = this.settings;
    if (!model || !newcomer.name) return [];
    const row = rowOf(newcomer);
    const numbers = new Set<number>();
    for (const key of blockingKeys(model, row, { combined: false }))
      for (const number of this.names.get(hashOf(key)).values ?? []) numbers.add(number);
    const candidates = [...numbers]
      .sort((a, b) => a - b)
      .flatMap((number) => {
        const person = this.people.get(number);
        return person ? [{ number, row: rowOf(person) }] : [];
      });
    return scoreAgainst(
      model,
      row,
      candidates.map((candidate) => candidate.row),
    )
      .filter(({ probability }) => probability >= samePersonFrom)
      .slice(0, mostSame)
      .map(({ candidate, probability, steps }) => ({
        number: (candidates[candidate] as { number: number }).number,
        probability,
        steps,
      }));
  }

  /** People among these numbers who really have the value: two values may have one hash. */
  private holding(
    numbers: readonly number[],
    kind: IdentifierKind,
    value: string,
  ): { number: number; held: KnownValue }[] {
    return numbers.slice(0, mostHolders).flatMap((number) => {
      const held = this.people.get(number)?.values.find((own) => own.kind === kind && own.value === value);
      return held ? [{ number, held }] : [];
    });
  }

  /** As links are weighed in a scan (links/shared-values.ts), the newcomer being one holder more. */
  private bits(kind: IdentifierKind, holders: number): number {
    const figures = this.figures.get(kind);
    const byChance = figures?.byChance ?? 0.001;
    if (holders + 1 > (figures?.commonAbove ?? 8)) return 0;
    const people = Math.max(figures?.people ?? 0, 1);
    const q = ((2 * (figures?.pairs ?? 0)) / people + strength * byChance) / (people - 1 + strength);
    const chance = (holders - 1 + strength * q) / (Math.max(people, 2) - 2 + strength);
    return Math.round(Math.min(mostBits, Math.max(0, -Math.log2(chance))) * 100) / 100;
  }
}

const sameName = (one: string | undefined, other: string): boolean =>
  one !== undefined && one.trim().toLowerCase() === other.trim().toLowerCase();

function together(things: readonly { bits: number }[]): number {
  const [first, ...others] = things.map(({ bits }) => bits);
  return (first ?? 0) + furtherShare * others.reduce((sum, bits) => sum + bits, 0);
}

/**
 * A record as same-person matching compares it. Nothing else of a person is: no date of birth, no country
 * (docs/refused-signals.md).
 */
export function rowOf(person: Pick<Newcomer, 'name'> & { values: readonly Partial<KnownValue>[] }): Row {
  // An address the company gave says nothing of who applied before.
  const first = (kind: IdentifierKind) =>
    person.values.find((one) => one.kind === kind && one.context !== 'work')?.value ?? null;
  return {
    name: person.name ?? null,
    email: first('email'),
    phone: first('phone'),
    address: first('address'),
  };
}

const keyOf = (kind: IdentifierKind, value: string): number => hashOf(`${kind}\u0000${value}`);

/** 40 bits of a hash. */
const hashOf = (text: string): number => Number.parseInt(hash('sha1', text, 'hex').slice(0, 10), 16);
