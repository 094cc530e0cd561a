import type { Value } from './comparisons.js';
import type { Compared, Size } from './records.js';

/** Compares two records in all columns. */
export class Comparer {
  /** Levels of the two records compared last: 1 is the closest, 0 says that a side is not known. */
  readonly levels: Uint8Array;
  private readonly places = new Map<number, Compared>();
  private l = 0;
  private r = 0;

  constructor(private readonly compared: readonly Compared[]) {
    this.levels = new Uint8Array(compared.length);
    for (const column of compared) this.places.set(column.planned.index, column);
  }

  /** The value of a record in the column compared at place `c`. */
  value(c: number, record: number): Value | undefined {
    const column = this.compared[c];
    return column && held(column, record);
  }

  compare(l: number, r: number): void {
    this.l = l;
    this.r = r;
    const { compared, levels } = this;
    for (let c = 0; c < compared.length; c++) {
      const column = compared[c];
      if (!column) continue;
      const a = held(column, l);
      const b = a && held(column, r);
      levels[c] = b ? column.comparison.level(a, b, this.left, this.right) : 0;
    }
  }

  private readonly left = (column: number) => this.other(column, this.l);
  private readonly right = (column: number) => this.other(column, this.r);

  private other(column: number, record: number): Value | undefined {
    const own = this.places.get(column);
    return own && held(own, record);
  }
}

/** Looking up place -1 of an array is right, and slow. */
function held({ of, values }: Compared, record: number): Value | undefined {
  const place = of[record] ?? -1;
  return place < 0 ? undefined : values[place];
}

/** How often each combination of levels occurs. */
export interface Patterns {
  /** Combinations one after the other, one level for each comparison. */
  levels: Uint8Array;
  counts: Float64Array;
}

/** Levels of this many columns fit a double exactly. */
const packed = 12;

/** Numbers combinations of levels as they come, and counts them. */
export class PatternCounter {
  /** For each dozen of columns: the number of what came before, and the dozen's levels as digits, lead to a number. */
  private readonly known: Map<number, number>[][] = [];
  private readonly distinct: number[] = [];
  private found = new Uint8Array(1 << 10);
  private readonly counts: number[] = [];

  constructor(private readonly width: number) {}

  /** Counts a combination, and says its number. */
  add(levels: Uint8Array): number {
    let at = 0;
    for (let dozen = 0; dozen * packed < this.width; dozen++) {
      let digits = 0;
      for (let c = dozen * packed; c < Math.min(this.width, (dozen + 1) * packed); c++) {
        digits = digits * 16 + (levels[c] ?? 0);
      }
      at = this.follow(dozen, at, digits);
    }
    if (at === this.counts.length) {
      const start = this.counts.push(0) * this.width - this.width;
      if (start + this.width > this.found.length) {
        const more = new Uint8Array(2 * (start + this.width));
        more.set(this.found);
        this.found = more;
      }
      this.found.set(levels, start);
    }
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    return at;
  }

  private follow(dozen: number, at: number, digits: number): number {
    const all = this.known[dozen] ?? [];
    this.known[dozen] = all;
    const here = all[at] ?? new Map<number, number>();
    all[at] = here;
    const known = here.get(digits);
    if (known !== undefined) return known;
    const next = this.distinct[dozen] ?? 0;
    this.distinct[dozen] = next + 1;
    here.set(digits, next);
    return next;
  }

  patterns(): Patterns {
    return {
      levels: this.found.slice(0, this.counts.length * this.width),
      counts: Float64Array.from(this.counts),
    };
  }
}

/** Pairs that were compared, each with the number of its combination of levels. */
export class Pairs {
  length = 0;
  l = new Int32Array(1 << 16);
  r = new Int32Array(1 << 16);
  pattern = new Int32Array(1 << 16);

  push(l: number, r: number, pattern: number): void {
    if (this.length === this.l.length) {
      this.l = grown(this.l);
      this.r = grown(this.r);
      this.pattern = grown(this.pattern);
    }
    this.l[this.length] = l;
    this.r[this.length] = r;
    this.pattern[this.length++] = pattern;
  }
}

function grown(from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}

/** Pairs of records picked evenly, to learn how often two different persons agree by chance. */
const randomPairs = 300_000;
/** A prime around which products of record numbers scatter evenly; their products stay exact in a double. */
const scatter = 2_654_435_761;

/** All pairs where there are few, else an even choice that is the same each time. */
export function forRandomPairs(size: Size, visit: (l: number, r: number) => void): void {
  const { records, first, linking, pairs } = size;
  const second = records - first;
  if (pairs <= randomPairs) {
    for (let l = 0; l < (linking ? first : records); l++) {
      for (let r = linking ? first : l + 1; r < records; r++) visit(l, r);
    }
    return;
  }
  for (let i = 0; i < randomPairs; i++) {
    if (linking) {
      visit(i % first, first + ((i * scatter + Math.floor(i / first)) % second));
      continue;
    }
    const a = i % records;
    const b = (a + 1 + ((i * scatter + Math.floor(i / records)) % (records - 1))) % records;
    visit(Math.min(a, b), Math.max(a, b));
  }
}
