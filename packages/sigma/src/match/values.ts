/**
 * Remembers which atoms hold for a value. Logs repeat themselves: program names, users, hosts and even whole
 * command lines come again and again, and a look-up is cheaper than a pass. Fields whose values do not repeat
 * (times, identifiers) are noticed and left alone.
 */
import { type Scalar, scalarText } from '../event.js';
import type { AtomMarks, LiteralFinder } from './finder.js';

/** Values kept for one field. When full, the cache starts again from nothing. */
const maxKept = 2048;
/** Longer values are not kept. */
const maxLength = 1024;
/** After so many look-ups a cache is judged; one that helped too little rests for `rest` values. */
const trial = 1024;
const rest = 32_768;

export class ValueAtoms {
  /** Built when the first value comes: fields that never do cost nothing. */
  #finders: readonly LiteralFinder[] | undefined;
  readonly #build: () => readonly LiteralFinder[];
  /** Atom of the empty text, or -1. */
  readonly #blank: number;
  readonly #scratch: AtomMarks;
  readonly #kept = new Map<Scalar, Int32Array>();
  #asked = 0;
  #found = 0;
  #resting: number;

  /** `scratch` may be shared by all fields of one matcher. */
  constructor(build: () => readonly LiteralFinder[], blank: number, scratch: AtomMarks, remember: boolean) {
    this.#build = build;
    this.#blank = blank;
    this.#scratch = scratch;
    this.#resting = remember ? 0 : Number.POSITIVE_INFINITY;
  }

  /** Bytes of the tables built. */
  get bytes(): number {
    return (this.#finders ?? []).reduce((sum, finder) => sum + finder.bytes, 0);
  }

  /** Marks the atoms that hold for one value. */
  mark(value: Scalar, marks: AtomMarks): void {
    if (this.#resting > 0) {
      this.#resting--;
      this.#pass(value, marks);
      return;
    }
    let atoms = this.#kept.get(value);
    this.#asked++;
    if (atoms === undefined) {
      const scratch = this.#scratch;
      scratch.begin();
      this.#pass(value, scratch);
      atoms = scratch.list.slice(0, scratch.size);
      if (typeof value !== 'string' || value.length <= maxLength) {
        if (this.#kept.size >= maxKept) this.#kept.clear();
        this.#kept.set(value, atoms);
      }
    } else this.#found++;
    for (let i = 0; i < atoms.length; i++) marks.mark(atoms[i] as number);
    if (this.#asked === trial) this.#judge();
  }

  #judge(): void {
    if (this.#found * 3 < this.#asked) {
      this.#resting = rest;
      this.#kept.clear();
    }
    this.#asked = 0;
    this.#found = 0;
  }

  #pass(value: Scalar, marks: AtomMarks): void {
    if (value === '') {
      if (this.#blank >= 0) marks.mark(this.#blank);
      return;
    }
    const text = scalarText(value);
    this.#finders ??= this.#build();
    for (let i = 0; i < this.#finders.length; i++) (this.#finders[i] as LiteralFinder).scan(text, marks);
  }
}
