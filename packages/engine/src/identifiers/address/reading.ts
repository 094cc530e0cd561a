import type { AddressFormat, Role } from './facts.js';
import { isId, Unit } from './units.js';
import { type Parts, withoutDigraphs } from './words.js';

/** An address as what tells it from others. All in lower case; empty where not given. */
export interface ParsedAddress {
  /** ISO 3166-1 alpha-2, or empty. */
  country: string;
  /** Postcode, town or both: what tells the street from its namesakes. */
  place: string;
  street: string;
  number: string;
  unit: string;
}

/** How sure a reading is: what an address of that country has, and others have not. */
export const evidence = {
  name: 6,
  code: 3,
  distinctive: 4,
  parted: 3,
  postcode: 2,
  region: 3,
  town: 2,
  street: 2,
  order: 1,
  home: 1,
};

const houseNumber =
  /^\d{1,6}[a-z]?$|^\d{1,5}[a-z]?(?:\/\d{1,5}[a-z]?){2}$|^\d{1,6}[a-z]?[-/]\d{1,6}[a-z]?$|^\d{1,6}\/[a-z]$/;

/** Roles of words a number may be glued to; to a single letter only in the first two. */
const glueable: readonly Role[] = ['unit', 'number_mark', 'building', 'floor', 'box'];

interface House {
  words: string[];
  number: string;
  after: string[];
  /** Where the number stood. */
  side: 'first' | 'last';
}

/** One attempt to read an address as one country writes it. */
export class Reading {
  private parts: string[][];
  private score = 0;
  private postcode = '';
  private region = '';
  private town = '';
  private readonly unit: Unit;

  constructor(
    private readonly format: AddressFormat,
    parts: Parts,
  ) {
    this.unit = new Unit(format);
    this.parts = parts
      .map((part) => this.unglued(this.phrases(part)))
      .map((part) => this.withoutRecipient(this.withoutMark(part)))
      .filter((part) => part.length > 0);
  }

  read(): { address: ParsedAddress; score: number } | undefined {
    if (this.parts.some((part) => part.some((word) => this.has(word, 'refused')))) return undefined;
    this.takeRegion();
    this.takePostcode();
    if (!this.region) this.takeRegion();
    const route = this.takeRoute();
    this.parts = this.parts.map((part) => this.unit.take(part)).filter((part) => part.length > 0);
    if (!this.town) this.takeTown(route !== undefined);
    const house = route ?? this.takeHouse();
    if (!house) return undefined;
    if (!this.town) this.town = this.leftOver();
    const place = this.place();
    if (!place || !house.street) return undefined;
    return {
      address: {
        country: this.format.country.toLowerCase(),
        place,
        street: house.street,
        number: house.number,
        unit: this.unit.toString(),
      },
      score: this.score,
    };
  }

  private has(word: string | undefined, role: Role): boolean {
    return word !== undefined && this.format.words.get(word)?.has(role) === true;
  }

  /** Words that mean something together, as one. */
  private phrases(part: readonly string[]): string[] {
    const out: string[] = [];
    for (let i = 0; i < part.length; i++) {
      const phrase = this.format.phrases
        .get(part[i] as string)
        ?.find((words) => words.every((word, at) => part[i + at] === word));
      out.push(phrase ? phrase.join(' ') : (part[i] as string));
      if (phrase) i += phrase.length - 1;
    }
    return out;
  }

  /** `apt4`, `nr5` as two words. */
  private unglued(part: readonly string[]): string[] {
    return part.flatMap((word) => {
      const suffix = /^(\d+)([a-z]{2,})$/.exec(word);
      if (suffix && this.has(suffix[2], 'number_suffix')) return suffix.slice(1) as string[];
      const match = /^([a-z]+)(\d+[a-z]?)$/.exec(word);
      const roles = match && this.format.words.get(match[1] as string);
      return match &&
        roles &&
        (match[1]?.length === 1 ? glueable.slice(0, 2) : glueable).some((role) => roles.has(role))
        ? (match.slice(1) as string[])
        : [word];
    });
  }

  /** Drops "no." before the number of a house. */
  private withoutMark(part: readonly string[]): string[] {
    return part.filter(
      (word, i) =>
        !this.has(word, 'number_mark') ||
        !/^\d/.test(part[i + 1] ?? '') ||
        (this.format.numberSide === 'first' && i > 0),
    );
  }

  /** Drops "c/o Somebody": to the end of the part, or to the house number. */
  private withoutRecipient(part: readonly string[]): string[] {
    const at = part.findIndex((word) => this.has(word, 'care_of'));
    if (at < 0) return [...part];
    const number = part.findIndex((word, i) => i > at && /^\d/.test(word));
    return [...part.slice(0, at), ...(number < 0 ? [] : part.slice(number))];
  }

  /** State or province at the end. */
  private takeRegion(): void {
    const last = this.parts.at(-1);
    if (!last || this.format.regions.size === 0) return;
    for (let length = Math.min(4, last.length); length > 0; length--) {
      const region = this.format.regions.get(last.slice(-length).join(' '));
      if (region === undefined || (length === last.length && this.parts.length === 1)) continue;
      this.region = region;
      this.score += evidence.region;
      last.length -= length;
      if (last.length === 0) this.parts.pop();
      return;
    }
  }

  private takePostcode(): void {
    const { format } = this;
    for (let index = this.parts.length - 1; index >= 0; index--) {
      const text = (this.parts[index] as string[]).join(' ');
      const matches = [...text.matchAll(format.postcode)].reverse();
      for (const match of matches) {
        const before = this.phrases(text.slice(0, match.index).split(' ').filter(Boolean));
        const after = this.phrases(
          text
            .slice(match.index + match[0].length)
            .split(' ')
            .filter(Boolean),
        );
        if (this.keepPostcode(index, before, after)) {
          const code = match[1] as string;
          this.postcode = code.replace(/[ -]/g, '').slice(0, format.postcodeKept);
          this.score += format.distinctive
            ? evidence.distinctive
            : /[ -]/.test(code)
              ? evidence.parted
              : evidence.postcode;
          return;
        }
      }
    }
  }

  /** Whether a postcode may stand at this point; if so, what stands around it is put in order. */
  private keepPostcode(index: number, before: string[], after: string[]): boolean {
    const { format, parts } = this;
    if (format.postcodeSide === 'after') {
      if (!format.distinctive && (after.length > 0 || (index === 0 && before.length === 0))) return false;
      parts.splice(index, 1, ...[before, after].filter((part) => part.length > 0));
      return true;
    }
    const digits = (words: readonly string[]) => words.some((word) => /\d/.test(word));
    if (after.length > 0 && /\p{L}/u.test(after[0] as string)) {
      if (
        index === 0 &&
        before.length === 0 &&
        (parts.length === 1 || this.has(after.at(-1), 'type') || /^\d/.test(after.at(-1) as string))
      )
        return false;
      this.town = this.townName(after);
      parts.splice(index, 1, ...(before.length > 0 ? [before] : []));
      return this.town !== '';
    }
    if (after.length > 0) return false;
    if (before.length > 0) {
      if (digits(before) || parts.length === 1) return false;
      this.town = this.townName(before);
      parts.splice(index, 1);
      return true;
    }
    // Alone between commas: the town is the next part, or the one before.
    const [next, previous] = [parts[index + 1], parts[index - 1]];
    if (index === 0) return false;
    if (next && !digits(next)) {
      this.town = this.townName(next);
      parts.splice(index, 2);
    } else if (previous && !digits(previous) && index > 1) {
      this.town = this.townName(previous);
      parts.splice(index - 1, 2);
    } else parts.splice(index, 1);
    return true;
  }

  /** A town by the name that stands for all its names; what follows a known name (district, province) is dropped. */
  private townName(written: readonly string[]): string {
    const words = written.filter(
      (word, i) => !/\d/.test(word) && !this.has(word, 'city_drop') && (i === 0 || word.length > 1),
    );
    for (let length = words.length; length > 0; length--) {
      const known = this.known(words.slice(0, length).join(' '));
      if (known === undefined) continue;
      this.score += evidence.town;
      return known;
    }
    return this.format.umlauts ? withoutDigraphs(words.join(' ')) : words.join(' ');
  }

  private known(name: string): string | undefined {
    const place =
      this.format.places.get(name) ??
      (this.format.umlauts ? this.format.places.get(withoutDigraphs(name)) : undefined);
    return place && (!this.region || place.regions.has(this.region)) ? place.name : undefined;
  }

  /** Post boxes, rural and military routes. */
  private takeRoute(): { street: string; number: string } | undefined {
    for (const [index, part] of this.parts.entries()) {
      const at = part.findIndex(
        (word, i) => (this.has(word, 'box') || this.has(word, 'route')) && this.idAfter(part, i),
      );
      if (at < 0) continue;
      const word = part[at] as string;
      const isBox = this.has(word, 'box');
      let end = (this.idAfter(part, at) as number) + 1;
      let id = part[end - 1] as string;
      while (isBox && this.format.numberSide === 'last' && /^\d+$/.test(part[end] ?? '')) id += part[end++];
      const before = part.slice(0, at);
      // A box at a street address is a part of that address.
      if (
        isBox &&
        [before, ...this.parts.slice(0, index)].some(
          (other) => /^\d/.test(other[0] ?? '') && other.length > 1,
        )
      ) {
        this.unit.add(`box ${id}`);
        this.replace(index, before, part.slice(end));
        return undefined;
      }
      let street = this.format.words.get(word)?.get(isBox ? 'box' : 'route') as string;
      let number = id;
      if (!isBox) {
        street += ` ${id}`;
        const rest = [part.slice(end), ...this.parts.slice(index + 1)];
        const boxPart = rest.findIndex((other) => this.has(other[0], 'box_in') && isId(other[1]));
        if (boxPart < 0) continue;
        number = `box ${rest[boxPart]?.[1]}`;
        if (boxPart === 0) end += 2;
        else this.parts[index + boxPart]?.splice(0, 2);
      }
      this.score += evidence.street;
      this.replace(index, [], part.slice(end));
      this.parts = this.parts.filter((other) => other.length > 0);
      return { street, number };
    }
    return undefined;
  }

  private idAfter(part: readonly string[], at: number): number | undefined {
    let next = at + 1;
    while (part[next] === '#' || this.has(part[next], 'number_mark')) next++;
    return isId(part[next]) && /\d/.test(part[next] as string) ? next : undefined;
  }

  private replace(index: number, ...parts: string[][]): void {
    this.parts.splice(index, 1, ...parts.filter((part) => part.length > 0));
  }

  /** The town where it stands after the street: the last part, or the end of the only one. */
  private takeTown(alone: boolean): void {
    const last = this.parts.at(-1);
    if (!last) return;
    if (this.parts.length > 1 || alone) {
      // "Dublin 4": a district, not a house.
      const district =
        last.length > 1 &&
        /^\d{1,2}w?$/.test(last.at(-1) as string) &&
        this.format.places.has(last.slice(0, -1).join(' '));
      if (last.some((word) => /\d/.test(word)) && !district) {
        if (this.parts.length > 1 || !alone) this.splitTown(last);
        return;
      }
      if (
        !district &&
        this.streetEvidence(last) &&
        !this.format.places.has(last.join(' ')) &&
        !this.hasNumber(this.parts.slice(0, -1))
      )
        return;
      this.parts.pop();
      // Without a postcode all that follows the street tells where it is.
      const words = [last];
      while (!this.postcode && this.parts.length > 1 && !this.isStreetPart(this.parts.length - 1))
        words.unshift(this.parts.pop() as string[]);
      const kept = words.map((part) => part.filter((word) => !this.has(word, 'county')));
      const name = kept.flat().join(' ');
      const known = words.length === 1 && !district ? this.townName(last) : name;
      this.town = known;
      return;
    }
    this.splitTown(last);
  }

  /** No comma before the town: it is what a known name, or the end of the street, says it is. */
  private splitTown(part: string[]): void {
    if (this.format.numberSide === 'last' || !/^\d/.test(part[0] as string)) return;
    for (let length = Math.min(4, part.length - 2); length > 0; length--) {
      const known = this.known(part.slice(-length).join(' '));
      if (known === undefined || (this.has(part.at(-length), 'type') && length === 1)) continue;
      this.score += evidence.town;
      this.town = known;
      part.length -= length;
      return;
    }
    const end = this.streetEnd(part);
    if (end === undefined || end >= part.length) return;
    this.town = part.slice(end).join(' ');
    part.length = end;
  }

  /** Where a street that begins with its number ends: after the first run of kinds of street. */
  private streetEnd(part: readonly string[]): number | undefined {
    for (const role of ['type', 'type_minor'] as const) {
      const at = part.findIndex((word, i) => i >= 2 && this.has(word, role));
      if (at < 0) continue;
      let end = at + 1;
      while (
        end < part.length &&
        (this.has(part[end], 'type') ||
          this.has(part[end], 'type_minor') ||
          this.has(part[end], 'direction') ||
          isNumber(part[end]))
      )
        end++;
      return end;
    }
    return undefined;
  }

  private isStreetPart(index: number): boolean {
    const part = this.parts[index] as string[];
    return (
      part.some((word) => /\d/.test(word)) ||
      (this.streetEvidence(part) && !this.hasNumber(this.parts.slice(0, index)))
    );
  }

  private streetEvidence(part: readonly string[]): boolean {
    return (
      part.some((word) => this.has(word, 'type')) ||
      part.some((word) =>
        this.format.endings.some(
          ([ending]) => ending.length > 2 && word.length > ending.length + 1 && word.endsWith(ending),
        ),
      )
    );
  }

  /** Which part has a house number on this side of the street, and where in it. */
  private numbered(
    parts: readonly string[][],
    side: 'first' | 'last',
  ): { index: number; at: number } | undefined {
    for (const [index, part] of parts.entries()) {
      const at = side === 'first' ? this.numberFirst(part) : this.numberLast(part);
      if (at !== undefined) return { index, at };
    }
    return undefined;
  }

  private hasNumber(parts: readonly string[][]): boolean {
    return (this.numbered(parts, 'first') ?? this.numbered(parts, 'last')) !== undefined;
  }

  private numberFirst(part: readonly string[]): number | undefined {
    const at = this.has(part[0], 'number_mark') ? 1 : 0;
    return houseNumber.test(part[at] ?? '') &&
      part.slice(at + 1).some((word) => /\p{L}{2}/u.test(word) && !this.has(word, 'number_suffix'))
      ? at
      : undefined;
  }

  private numberLast(part: readonly string[]): number | undefined {
    for (let at = 1; at < part.length; at++) {
      if (!houseNumber.test(part[at] as string)) continue;
      if (
        part
          .slice(at + 1)
          .every((word) => isId(word) || this.has(word, 'number_suffix') || /^\d+[a-z]{1,2}$/.test(word))
      )
        return at;
    }
    return undefined;
  }

  /** The words of a street, its number, and what follows the number. The parts they stood in are emptied. */
  private findHouse(): House | undefined {
    const { parts, format } = this;
    const split = (side: 'first' | 'last'): House | undefined => {
      const found = this.numbered(parts, side);
      if (!found) return undefined;
      const part = (parts[found.index] as string[]).splice(0);
      const [before, after] = [part.slice(0, found.at), part.slice(found.at + 1)];
      const number = part[found.at] as string;
      return side === 'first'
        ? { number, words: after, after: [], side }
        : { number, words: before, after, side };
    };
    const usual = split(format.numberSide);
    if (usual) {
      this.score += evidence.order;
      return usual;
    }
    // The number may stand alone between commas: "12, rue …", "Calle Mayor, 5".
    const bare = parts.findIndex(
      ([word, suffix, ...more]) =>
        houseNumber.test(word as string) &&
        more.length === 0 &&
        (suffix === undefined || this.has(suffix, 'number_suffix')),
    );
    const beside = bare < 0 ? -1 : this.besideNumber(bare);
    if (beside < 0) return split(format.numberSide === 'first' ? 'last' : 'first');
    const number = (parts[bare] as string[]).splice(0).join('');
    return { number, words: (parts[beside] as string[]).splice(0), after: [], side: 'last' };
  }

  /** Street and house number; what else has a number is the unit. */
  private takeHouse(): { street: string; number: string } | undefined {
    const { parts } = this;
    const house = this.findHouse();
    if (!house) return this.namedHouse();
    let { number, after } = house;
    const { words } = house;
    if (house.side === 'first') {
      if (words[0] === '1/2') number += ` ${words.shift()}`;
      else if (this.has(words[0], 'number_suffix')) number += words.shift();
      else if (/^[a-z]$/.test(words[0] ?? '') && /^\d+$/.test(number) && this.isSuffix(words))
        number += words.shift();
      after = this.trailingUnit(words);
    } else if (
      after.length > 0 &&
      (this.has(after[0], 'number_suffix') || (/^[a-z]$/.test(after[0] as string) && /^\d+$/.test(number)))
    )
      number += after.shift();
    number = this.splitNumber(number);
    if (after.length > 0) this.unit.add(after.map((word) => this.withoutOrdinal(word)).join(''));
    for (const part of parts) {
      if (part.length === 0) continue;
      const bare = part.every((word) => isId(word));
      if (!bare && !part.some((word) => /\d/.test(word) || this.has(word, 'inside'))) continue;
      if (bare) this.unit.add(part.map((word) => this.withoutOrdinal(word)).join(''));
      else this.unit.addWords(part);
      part.length = 0;
    }
    const street = this.street(words);
    if (this.streetEvidence(words)) this.score += evidence.street;
    return street ? { street, number: tidyNumber(number) } : undefined;
  }

  private besideNumber(bare: number): number {
    const order = this.format.numberSide === 'first' ? [bare + 1, bare - 1] : [bare - 1, bare + 1];
    return order.find((index) => this.parts[index]?.some((word) => /\p{L}{2}/u.test(word))) ?? -1;
  }

  /** A house with a name and no number, where the postcode makes it one of few. */
  private namedHouse(): { street: string; number: string } | undefined {
    if (!this.format.namedHouses || !this.postcode) return undefined;
    const words = this.parts.flat().filter((word) => !this.has(word, 'county'));
    if (words.length < 2 || words.join('').length < 6 || !/\p{L}{3}/u.test(words.join(' '))) return undefined;
    for (const part of this.parts) part.length = 0;
    if (this.streetEvidence(words)) this.score += evidence.street;
    return { street: this.street(words), number: '' };
  }

  /** "12 A Birch St" is 12a; "12 A St" is in A Street, and "12 N Birch St" is in the north. */
  private isSuffix(words: readonly string[]): boolean {
    const rest = words.slice(1).filter((word) => !this.has(word, 'type') && !this.has(word, 'direction'));
    return (
      !this.has(words[0], 'direction') &&
      !this.has(words[0], 'type') &&
      rest.length > 0 &&
      !this.has(words[1], 'type')
    );
  }

  /** "12 Birch St 4": a number right after the kind of street, unless the road itself has a number for a name. */
  private trailingUnit(words: string[]): string[] {
    if (words.some((word) => this.has(word, 'numbered'))) return [];
    const last = words.at(-1) ?? '';
    if (this.has(words.at(-2), 'number_mark')) words.splice(-2, 1);
    const before = words.at(-2);
    if (words.length < 3 || !isId(last) || !/\d/.test(last)) return [];
    if (!this.has(before, 'type') && !this.has(before, 'direction')) return [];
    return words.splice(-1);
  }

  /** What "4/12" and "4-12" mean here. */
  private splitNumber(number: string): string {
    const stairs = /^(\d+[a-z]?)\/(\d+[a-z]?)\/(\d+[a-z]?)$/.exec(number);
    if (stairs) {
      // House, staircase, door.
      this.unit.addBuilding(stairs[2] as string);
      this.unit.add(stairs[3] as string);
      return stairs[1] as string;
    }
    const match = /^(\d+[a-z]?)([/-])(\d+[a-z]?|[a-z])$/.exec(number);
    if (!match) return number;
    const [, first, sign, second] = match as unknown as [string, string, '/' | '-', string];
    if (/^[a-z]$/.test(second)) return `${first}${second}`;
    const meaning = sign === '/' ? this.format.slash : this.format.hyphen;
    if (meaning === 'whole') return number;
    this.unit.add(meaning === 'unit-first' ? first : second);
    return meaning === 'unit-first' ? second : first;
  }

  private withoutOrdinal(word: string): string {
    const match = /^(\d+)([a-z]+)$/.exec(word);
    return match && this.format.floorDoor && match[2] !== 'a' && this.has(match[2], 'ordinal_suffix')
      ? (match[1] as string)
      : word;
  }

  /** The street with its usual abbreviations. */
  private street(written: readonly string[]): string {
    const { format } = this;
    const words = this.withoutElision(written).filter(
      (word) => !this.has(word, 'drop') && !this.has(word, 'number_mark') && word !== '#',
    );
    const lastType = words.findLastIndex((word) => this.has(word, 'type'));
    const isName = (word: string, i: number) => !this.has(word, 'direction') && i !== lastType;
    const canShorten = words.some(isName);
    const short = words.map((word) => {
      const roles = format.words.get(word);
      const numeral = /^0*(\d+)([a-z]{1,4})$/.exec(word);
      if (numeral && this.has(numeral[2], 'ordinal_suffix')) return numeral[1] as string;
      // "N Street" and "North Street" are two streets; "N Birch St" and "North Birch St" one.
      if (roles?.has('direction')) return canShorten ? (roles.get('direction') as string) : word;
      return (
        roles?.get('type') ??
        roles?.get('ordinal') ??
        roles?.get('type_minor') ??
        roles?.get('word') ??
        this.withEnding(word)
      );
    });
    const street = short.join(format.joined ? '' : ' ');
    return format.umlauts ? withoutDigraphs(street) : street;
  }

  /** "l'Église" and "l Église" as one word. */
  private withoutElision(words: readonly string[]): string[] {
    const out: string[] = [];
    for (const [i, word] of words.entries())
      if (i > 0 && this.has(words[i - 1], 'elided')) out.push(`${out.pop()}${word}`);
      else out.push(word);
    return out;
  }

  private withEnding(word: string): string {
    for (const [written, canonical] of this.format.endings)
      if (word.length > written.length + 1 && word.endsWith(written))
        return `${word.slice(0, -written.length)}${canonical}`;
    return word;
  }

  /** Words no other part of the address took: the town, where none was found. */
  private leftOver(): string {
    const part = this.parts.findLast((words) => words.some((word) => /\p{L}{2}/u.test(word)));
    return part ? this.townName(part) : '';
  }

  private place(): string {
    const { format } = this;
    if (this.postcode)
      return format.place === 'postcode' || !this.town ? this.postcode : `${this.postcode} ${this.town}`;
    if (!this.town) return '';
    // Towns of one name stand in many states.
    if (format.regions.size === 0) return this.town;
    return this.region ? `${this.region} ${this.town}` : '';
  }
}

function isNumber(word: string | undefined): boolean {
  return word !== undefined && /^\d+[a-z]?$/.test(word);
}

function tidyNumber(number: string): string {
  return number.replace(/(?<![0-9])0+(?=[0-9])/g, '');
}
