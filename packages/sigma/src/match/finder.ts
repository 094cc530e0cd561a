/**
 * Finds every one of many texts in a value in one pass, case folded as `fold` does.
 *
 * - Texts at the start, at the end, or the whole value: a tree walked from that side until nothing fits.
 * - Texts anywhere: every text is known by its rarest five characters in a row (short ones by three). For each
 *   place of the value one bit says whether any text has the characters that end there; only then are texts
 *   compared. The bits fit the processor's nearest cache; the tables of an automaton over the same texts
 *   (Aho and Corasick, 1975) do not, and were slower on real rules (see docs/performance.md).
 */
import { foldChar } from '../pattern.js';

/** Where a text must stand in the value. */
export const anywhere = 0;
export const atStart = 1;
export const atEnd = 2;
export const whole = 3;
export type Position = typeof anywhere | typeof atStart | typeof atEnd | typeof whole;

/** A text and where it must stand. `dash`: in a value all of whose dash characters are one. */
export interface Sought {
  /** Folded, not empty. */
  readonly text: string;
  readonly position: Position;
  readonly dash: boolean;
}

export interface Literal {
  /** Folded, not empty. */
  readonly text: string;
  readonly position: Position;
  /** Atoms that hold when this is found. */
  readonly atoms: readonly number[];
}

/** Which atoms hold for the record in hand. Marks are by epoch, so nothing is cleared between records. */
export class AtomMarks {
  readonly epochs: Uint32Array;
  /** How often each atom held: what is rare makes the better index. */
  readonly counts: Float64Array;
  /** Atoms that hold, in the order found; the first `size` entries. */
  readonly list: Int32Array;
  size = 0;
  epoch = 0;

  constructor(atoms: number) {
    this.epochs = new Uint32Array(atoms);
    this.counts = new Float64Array(atoms);
    this.list = new Int32Array(atoms);
  }

  /** Forgets the last record. */
  begin(): void {
    this.size = 0;
    if (++this.epoch === 0xffff_ffff) {
      this.epochs.fill(0);
      this.epoch = 1;
    }
  }

  mark(atom: number): void {
    if (this.epochs[atom] === this.epoch) return;
    this.epochs[atom] = this.epoch;
    this.list[this.size++] = atom;
    this.counts[atom] = (this.counts[atom] as number) + 1;
  }
}

const ascii = /^[^\u0080-\uffff]+$/;

/**
 * Whether a folded text can be sought in the pass over a value. Shorter ones are in nearly every value:
 * finding all of them would cost most, so they are sought when a rule asks.
 */
export function fitsFinder({ text, position, dash }: Sought): boolean {
  return text.length >= shortGram || inTree(text, position, dash);
}

function inTree(text: string, position: Position, dash: boolean): boolean {
  return position !== anywhere && !dash && ascii.test(text);
}

/** Finds the literals of one field. `dash`: all dash characters are one. */
export class LiteralFinder {
  readonly #anywhere: GramIndex | undefined;
  readonly #front: Tree | undefined;
  readonly #back: Tree | undefined;

  constructor(literals: readonly Literal[], dash: boolean) {
    const isInTree = ({ text, position }: Literal) => inTree(text, position, dash);
    const floating = literals.filter((literal) => !isInTree(literal));
    const trees = literals.filter(isInTree);
    const front = trees.filter(({ position }) => (position & atStart) !== 0);
    const back = trees.filter(({ position }) => position === atEnd);
    if (floating.length > 0) this.#anywhere = new GramIndex(floating, dash);
    if (front.length > 0) this.#front = new Tree(front, false);
    if (back.length > 0) this.#back = new Tree(back, true);
  }

  /** Bytes of the tables. */
  get bytes(): number {
    return (this.#anywhere?.bytes ?? 0) + (this.#front?.bytes ?? 0) + (this.#back?.bytes ?? 0);
  }

  scan(text: string, marks: AtomMarks): void {
    if (this.#front !== undefined) this.#front.scan(text, marks);
    if (this.#back !== undefined) this.#back.scan(text, marks);
    if (this.#anywhere !== undefined) this.#anywhere.scan(text, marks);
  }
}

/** Maps characters to the classes of one table: 1 and up for those in its texts, 0 for all others. */
class Alphabet {
  readonly ascii = new Uint8Array(128);
  readonly width: number;

  constructor(texts: Iterable<string>) {
    let classes = 0;
    for (const text of texts) {
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (this.ascii[code] === 0) this.ascii[code] = ++classes;
      }
    }
    for (let code = 65; code <= 90; code++) this.ascii[code] = this.ascii[code + 32] as number;
    this.width = classes + 1;
  }

  /** Class of a character that is not ASCII: two of them fold to ASCII letters. */
  other(code: number): number {
    return code === 0x212a ? (this.ascii[107] as number) : code === 0x130 ? (this.ascii[105] as number) : 0;
  }
}

/** A growing table of trie rows. Row 0 is the root; 0 as an entry means "no child". */
class Rows {
  table: Int32Array;
  count = 1;
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
    this.table = new Int32Array(width * 256);
  }

  child(row: number, cls: number): number {
    const slot = row * this.#width + cls;
    const known = this.table[slot] as number;
    if (known !== 0) return known;
    if ((this.count + 1) * this.#width > this.table.length) {
      const larger = new Int32Array(this.table.length * 2);
      larger.set(this.table);
      this.table = larger;
    }
    const row_ = this.count++;
    this.table[slot] = row_;
    return row_;
  }

  close(): Int32Array {
    return this.table.slice(0, this.count * this.#width);
  }
}

interface TreeEnd {
  readonly whole: boolean;
  readonly atoms: readonly number[];
}

class Tree {
  readonly #alphabet: Alphabet;
  readonly #next: Int32Array;
  /** By row: the number of its entry in `#ends`, 0 for none. */
  readonly #endOf: Int32Array;
  readonly #ends: TreeEnd[][] = [[]];
  readonly #backwards: boolean;

  constructor(literals: readonly Literal[], backwards: boolean) {
    this.#backwards = backwards;
    const alphabet = new Alphabet(literals.map(({ text }) => text));
    this.#alphabet = alphabet;
    const rows = new Rows(alphabet.width);
    const endOf = new Map<number, number>();
    for (const { text, position, atoms } of literals) {
      let row = 0;
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(backwards ? text.length - 1 - i : i);
        row = rows.child(row, alphabet.ascii[code] as number);
      }
      const end = { whole: position === whole, atoms };
      const known = endOf.get(row);
      if (known === undefined) endOf.set(row, this.#ends.push([end]) - 1);
      else this.#ends[known]?.push(end);
    }
    this.#next = rows.close();
    this.#endOf = new Int32Array(rows.count);
    for (const [row, end] of endOf) this.#endOf[row] = end;
  }

  get bytes(): number {
    return this.#next.byteLength + this.#endOf.byteLength;
  }

  scan(text: string, marks: AtomMarks): void {
    const next = this.#next;
    const { ascii: classes, width } = this.#alphabet;
    const { length } = text;
    let row = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(this.#backwards ? length - 1 - i : i);
      const cls = code < 128 ? (classes[code] as number) : this.#alphabet.other(code);
      // Class 0 has no children: its entries are 0.
      row = next[row * width + cls] as number;
      if (row === 0) return;
      const end = this.#endOf[row] as number;
      if (end !== 0) this.#report(end, i + 1 === length, marks);
    }
  }

  #report(end: number, complete: boolean, marks: AtomMarks): void {
    const list = this.#ends[end] as TreeEnd[];
    for (let i = 0; i < list.length; i++) {
      const { whole, atoms } = list[i] as TreeEnd;
      if (whole && !complete) continue;
      for (let j = 0; j < atoms.length; j++) marks.mark(atoms[j] as number);
    }
  }
}

interface Entry {
  readonly text: string;
  /** Where its three characters end. */
  readonly end: number;
  readonly position: Position;
  readonly atoms: readonly number[];
}

/** Six bits for every ASCII character, upper and lower case alike; a few rare ones share. */
const codes = Uint8Array.from({ length: 128 }, (_, code) =>
  code < 32 ? 0 : code < 96 ? code - 32 : code >= 97 && code <= 122 ? code - 64 : (code * 7) & 63,
);
const dashCodes = Uint8Array.from(codes);
dashCodes[47] = codes[45] as number;

/** Characters beyond ASCII: two fold to ASCII letters, three are dashes, all others are alike. */
function wideCode(code: number, dash: boolean): number {
  if (code === 0x212a) return codes[107] as number;
  if (code === 0x130) return codes[105] as number;
  return dash && code >= 0x2013 && code <= 0x2015 ? (codes[45] as number) : 0;
}

/** Texts known by a number of characters in a row, and one bit for every hash of such characters. */
class GramTable {
  readonly bits: Int32Array;
  readonly shift: number;
  readonly buckets = new Map<number, Entry[]>();

  /** `keysOf`: keys of a text by where they begin. */
  constructor(literals: readonly Literal[], length: number, keysOf: (text: string) => readonly number[]) {
    const counts = new Map<number, number>();
    const keys = literals.map(({ text }) => keysOf(text));
    for (const list of keys) for (const key of list) counts.set(key, (counts.get(key) ?? 0) + 1);
    literals.forEach(({ text, position, atoms }, i) => {
      const list = keys[i] as readonly number[];
      let rarest = 0;
      for (let at = 1; at < list.length; at++) {
        if ((counts.get(list[at] as number) as number) < (counts.get(list[rarest] as number) as number))
          rarest = at;
      }
      const entry: Entry = { text, end: rarest + length, position, atoms };
      const bucket = this.buckets.get(list[rarest] as number);
      if (bucket === undefined) this.buckets.set(list[rarest] as number, [entry]);
      else bucket.push(entry);
    });
    const power = Math.min(18, Math.max(8, Math.ceil(Math.log2(this.buckets.size * 32 + 1))));
    this.shift = 32 - power;
    this.bits = new Int32Array(2 ** (power - 5));
    for (const key of this.buckets.keys()) {
      const hash = Math.imul(key, spread) >>> this.shift;
      this.bits[hash >>> 5] = (this.bits[hash >>> 5] as number) | (1 << (hash & 31));
    }
  }
}

class GramIndex {
  /** Texts of five characters and more, known by five; and the shorter ones, known by three. */
  readonly #long: GramTable;
  readonly #short: GramTable | undefined;
  readonly #codes: Uint8Array;
  readonly #dash: boolean;

  constructor(literals: readonly Literal[], dash: boolean) {
    this.#dash = dash;
    this.#codes = dash ? dashCodes : codes;
    const long = literals.filter(({ text }) => text.length >= longGram);
    const short = literals.filter(({ text }) => text.length < longGram);
    this.#long = new GramTable(long, longGram, (text) => this.#keys(text, longGram, longMask));
    if (short.length > 0) {
      this.#short = new GramTable(short, shortGram, (text) => this.#keys(text, shortGram, shortMask));
    }
  }

  get bytes(): number {
    return this.#long.bits.byteLength + (this.#short?.bits.byteLength ?? 0);
  }

  #keys(text: string, length: number, mask: number): number[] {
    const out: number[] = [];
    let key = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      key = ((key << 6) & mask) | (code < 128 ? (this.#codes[code] as number) : wideCode(code, this.#dash));
      if (i >= length - 1) out.push(key);
    }
    return out;
  }

  scan(text: string, marks: AtomMarks): void {
    if (this.#short === undefined) this.#scanOne(text, this.#long, marks);
    else this.#scanBoth(text, this.#long, this.#short, marks);
  }

  #scanOne(text: string, long: GramTable, marks: AtomMarks): void {
    const table = this.#codes;
    const { bits, shift } = long;
    const { length } = text;
    let key = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      key = ((key << 6) & longMask) | (code < 128 ? (table[code] as number) : wideCode(code, this.#dash));
      const hash = Math.imul(key, spread) >>> shift;
      if ((((bits[hash >>> 5] as number) >>> (hash & 31)) & 1) !== 0)
        this.#compare(long, key, text, i + 1, marks);
    }
  }

  #scanBoth(text: string, long: GramTable, short: GramTable, marks: AtomMarks): void {
    const table = this.#codes;
    const { bits, shift } = long;
    const { bits: shortBits, shift: shortShift } = short;
    const { length } = text;
    let key = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      key = ((key << 6) & longMask) | (code < 128 ? (table[code] as number) : wideCode(code, this.#dash));
      const hash = Math.imul(key, spread) >>> shift;
      if ((((bits[hash >>> 5] as number) >>> (hash & 31)) & 1) !== 0)
        this.#compare(long, key, text, i + 1, marks);
      const shortKey = key & shortMask;
      const shortHash = Math.imul(shortKey, spread) >>> shortShift;
      if ((((shortBits[shortHash >>> 5] as number) >>> (shortHash & 31)) & 1) !== 0) {
        this.#compare(short, shortKey, text, i + 1, marks);
      }
    }
  }

  #compare(grams: GramTable, key: number, text: string, end: number, marks: AtomMarks): void {
    const bucket = grams.buckets.get(key);
    if (bucket === undefined) return;
    for (let i = 0; i < bucket.length; i++) {
      const entry = bucket[i] as Entry;
      const start = end - entry.end;
      if (start < 0 || start + entry.text.length > text.length) continue;
      if ((entry.position & atStart) !== 0 && start !== 0) continue;
      if ((entry.position & atEnd) !== 0 && start + entry.text.length !== text.length) continue;
      if (!this.#stands(entry.text, text, start)) continue;
      for (let j = 0; j < entry.atoms.length; j++) marks.mark(entry.atoms[j] as number);
    }
  }

  #stands(sought: string, text: string, start: number): boolean {
    for (let i = 0; i < sought.length; i++) {
      const code = text.charCodeAt(start + i);
      const wanted = sought.charCodeAt(i);
      if (code !== wanted && foldUnit(code, this.#dash) !== wanted) return false;
    }
    return true;
  }
}

const shortGram = 3;
const longGram = 5;
const shortMask = 0x3ffff;
const longMask = 0x3fffffff;

/** An odd number with its bits well mixed: the golden ratio, as in Knuth's multiplicative hashing. */
const spread = 0x9e3779b1 | 0;

function foldUnit(code: number, dash: boolean): number {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : dash && code === 47 ? 45 : code;
  if (dash && code >= 0x2013 && code <= 0x2015) return 45;
  return foldChar(String.fromCharCode(code)).charCodeAt(0);
}
