import type { AddressFormat, Role } from './facts.js';

/** Which flat of a house: found among the words of an address and taken out of them. */
export class Unit {
  private readonly buildings: string[] = [];
  private readonly floors: string[] = [];
  private readonly ids: string[] = [];
  private readonly sides: string[] = [];

  constructor(private readonly format: AddressFormat) {}

  /** Adds a number or letter that stands where a unit would. */
  add(id: string): void {
    this.ids.push(tidyId(id));
  }

  /** Adds words of which nothing else was made, so that no two flats are taken for one. */
  addWords(words: readonly string[]): void {
    const known = words.map((word) => {
      const roles = this.roles(word);
      return roles?.get('inside') ?? roles?.get('side') ?? this.ordinal(word) ?? word;
    });
    this.ids.push(tidyId(known.join(' ')));
  }

  addBuilding(id: string): void {
    this.buildings.push(tidyId(id));
  }

  /** One form: building, floor, number, side. Empty where there is none. */
  toString(): string {
    const { format } = this;
    const [floor] = this.floors;
    // Where doors are named by floor and letter, "3º B" and "3B" are one.
    if (format.floorDoor && floor !== undefined && /^\d+$/.test(floor) && this.ids.length === 1)
      return [...this.buildings.map((id) => `bldg ${id}`), `${floor}${this.ids[0]}`, ...this.sides].join(' ');
    return [
      ...this.buildings.map((id) => `bldg ${id}`),
      ...this.floors.map((id) => `fl ${id}`),
      ...this.ids,
      ...this.sides,
    ].join(' ');
  }

  /** The words of a part without those that name a unit. */
  take(part: readonly string[]): string[] {
    const left: string[] = [];
    for (let i = 0; i < part.length; i++) {
      const used = this.takeAt(part, i, left);
      if (used === 0) left.push(part[i] as string);
      else i += used - 1;
    }
    return left;
  }

  /** How many words from `i` on name a unit; 0: none. A number before ("3rd floor") is taken back out of `left`. */
  private takeAt(part: readonly string[], i: number, left: string[]): number {
    const roles = this.roles(part[i]);
    if (part[i] === '#' || roles?.has('unit') || roles?.has('building')) {
      let at = i + 1;
      while (
        part[at] === '#' ||
        this.roles(part[at])?.has('number_mark') ||
        (this.roles(part[at])?.has('unit') && !isId(part[at]))
      )
        at++;
      const id = part[at];
      const last = at === part.length - 1;
      if (id === undefined) return left.length === 0 && at > i && at === part.length ? at - i : 0;
      if (!isId(id) && !(last && /^[a-z]{1,2}$/.test(id) && !this.roles(id)?.has('type'))) return 0;
      // A number alone after a word that is also an ordinary name ("Villa 4 Rd") is a name.
      const glued = /^([a-z]?\d+[a-z]?)([/-])(\d+[a-z]?)$/.exec(id);
      if (i === 0 && glued && !last && (glued[2] === '-' || this.format.slash === 'unit-first')) {
        this.push(roles, glued[1] as string);
        left.push(glued[3] as string);
        return at - i + 1;
      }
      const letter =
        /^\d+$/.test(id) && at + 1 === part.length - 1 && /^[a-z]$/.test(part[at + 1] ?? '')
          ? part[at + 1]
          : '';
      this.push(roles, `${id}${letter}`);
      return at - i + (letter ? 2 : 1);
    }
    if (roles?.has('floor')) {
      const before = left.at(-1);
      const floorBefore = before === undefined ? undefined : this.ordinal(before);
      // "3rd floor", "3. OG": a number before, but not the only one of the part, which is the house's.
      if (
        floorBefore !== undefined &&
        (left.length === 1 ? part.length <= i + 2 : true) &&
        this.spare(left)
      ) {
        left.pop();
        this.floors.push(floorBefore);
        return 1 + this.takeSide(part, i + 1);
      }
      const next = part[i + 1];
      const floor = next === undefined ? undefined : this.ordinal(next);
      if (floor === undefined) return 0;
      this.floors.push(floor);
      return 2 + this.takeSide(part, i + 2);
    }
    const inside = roles?.get('inside');
    if (
      inside !== undefined &&
      (part.length === 1 || (left.length >= 2 && this.endsStreet(left.at(-1) as string)))
    ) {
      if (inside.startsWith('fl ')) this.floors.push(inside.slice(3));
      else this.ids.push(inside);
      return 1 + this.takeSide(part, i + 1);
    }
    const side = roles?.get('side');
    if (
      side !== undefined &&
      left.length >= 2 &&
      i === part.length - 1 &&
      /^\d+[a-z]?$/.test(left.at(-1) as string) &&
      (part[i] as string).length > 1
    ) {
      this.sides.push(side);
      return 1;
    }
    return 0;
  }

  private push(roles: ReadonlyMap<Role, string> | undefined, id: string): void {
    (roles?.has('building') && !roles.has('unit') ? this.buildings : this.ids).push(tidyId(id));
  }

  private takeSide(part: readonly string[], at: number): number {
    const side = this.roles(part[at])?.get('side');
    if (side === undefined) return 0;
    this.sides.push(side);
    return 1;
  }

  /** Whether a number may be taken from these words as a floor: another one is left for the house, or none is meant. */
  private spare(left: readonly string[]): boolean {
    return left.length === 1 || left.slice(0, -1).some((word) => /^\d/.test(word));
  }

  private endsStreet(word: string): boolean {
    const roles = this.roles(word);
    return /^\d+[a-z]?$/.test(word) || roles?.has('type') === true || roles?.has('direction') === true;
  }

  /** "3", "3rd", "third" as 3. */
  private ordinal(word: string): string | undefined {
    const named = this.roles(word)?.get('ordinal');
    if (named !== undefined) return named;
    const match = /^0*(\d{1,3})([a-z]*)$/.exec(word);
    if (!match) return undefined;
    return match[2] === '' || this.roles(match[2])?.has('ordinal_suffix') ? match[1] : undefined;
  }

  private roles(word: string | undefined): ReadonlyMap<Role, string> | undefined {
    return word === undefined ? undefined : this.format.words.get(word);
  }
}

/** A number with letters, as units bear: 4, 4b, b4, 2-104. */
export function isId(word: string | undefined): boolean {
  return (
    word !== undefined &&
    /^(?:[a-z]?\d{1,6}[a-z]{0,2}|[a-z]{1,2}\d{1,5}[a-z]?|[a-z]?\d{1,5}[a-z]?[-/][a-z]?\d{1,5}[a-z]?|\d{1,5}\/[a-z]|[ivx]{2,4}|[a-z])$/.test(
      word,
    )
  );
}

function tidyId(id: string): string {
  return id.replace(/(?<![0-9])0+(?=[0-9])/g, '').replace(/(\d)\/(?=[a-z])/g, '$1');
}
