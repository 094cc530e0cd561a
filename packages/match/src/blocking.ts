import type { Key, Value } from './comparisons.js';
import type { Compared, Size } from './records.js';

/** A way pairs are found: records that share its keys, in blocks of at most `largest` records. */
export interface Rule {
  label: string;
  largest: number;
  pairs: number;
}

/** A rule with its blocks. */
interface Blocks extends Rule {
  /** Records of block b, ascending, from `starts[b]` to `starts[b + 1]`. */
  starts: Int32Array;
  members: Int32Array;
  /** Blocks of record r, from `own[r]` to `own[r + 1]`. */
  own: Int32Array;
  blocks: Int32Array;
}

/** Share of the pairs that rules of one column may bring together; the rest is for rules of two. */
const shareOfSingles = 0.7;
/** Share of the pairs that one rule may bring at most. */
const mostOfOne = 0.1;
const mostCombined = 60;
/** Pairs of all rules at most, however many records there are: what bounds the memory. */
const mostPairs = 60_000_000;

/** One key of one column; or of two columns, which share a vocabulary. */
interface Part {
  key: Key;
  columns: number[];
}

/** A rule to try: one part, or two that are taken together. */
export interface Wish {
  label: string;
  parts: Part[];
}

/**
 * The rules to try, of one column and of two. Records are brought together by what they share: any value of any column, if
 * few enough share it, and two coarse keys of two columns together for what is common.
 */
export function wishes(compared: readonly Compared[]): { single: Wish[]; combined: Wish[] } {
  const at = (index: number | undefined) => compared.findIndex(({ planned }) => planned.index === index);
  const single = compared.flatMap(({ planned, comparison }, c) =>
    comparison.keys
      .filter((key) => !key.weak)
      .flatMap((key) => {
        const label = `${planned.column}: ${key.label}`;
        if (planned.crossed === undefined || key.label !== 'value') {
          return [{ label, parts: [{ key, columns: [c] }] }];
        }
        const other = at(planned.crossed);
        if (other < c) return [];
        return [{ label: `${label} of either name`, parts: [{ key, columns: [c, other] }] }];
      }),
  );
  const coarse = compared.map(({ comparison }) => comparison.keys.filter((key) => key.weak));
  const combined = compared.flatMap(({ planned: a }, c) =>
    compared.slice(c + 1).flatMap(({ planned: b }, k) =>
      (coarse[c] ?? []).flatMap((x) =>
        (coarse[c + 1 + k] ?? []).map((y) => ({
          label: `${a.column}: ${x.label} + ${b.column}: ${y.label}`,
          parts: [
            { key: x, columns: [c] },
            { key: y, columns: [c + 1 + k] },
          ],
        })),
      ),
    ),
  );
  return { single, combined: combined.slice(0, mostCombined) };
}

/** The pairs worth comparing. */
export class Candidates {
  private constructor(
    private readonly size: Size,
    private readonly found: readonly Blocks[],
  ) {}

  /**
   * Comparing all with all is out of the question: blocks are taken from the smallest up, as long as the rule keeps to its
   * share of the pairs wanted.
   */
  static find(compared: readonly Compared[], size: Size, pairsPerRecord: number): Candidates {
    const budget = Math.min(mostPairs, pairsPerRecord * size.records);
    const { single, combined } = wishes(compared);
    const found: Blocks[] = [];
    for (const [own, share] of [
      [single, shareOfSingles],
      [combined, 1 - shareOfSingles],
    ] as const) {
      const most = Math.ceil(budget * Math.min(mostOfOne, share / Math.max(1, own.length)));
      for (const wish of own) {
        const blocks = block(wish, compared, size, most);
        if (blocks) found.push(blocks);
      }
    }
    return new Candidates(size, found);
  }

  get rules(): Rule[] {
    return this.found.map(({ label, largest, pairs }) => ({ label, largest, pairs }));
  }

  /** Each pair once, in the order of the left record, then of the right. */
  forEach(visit: (l: number, r: number) => void): void {
    const { records, linking, first } = this.size;
    const marks = new Int32Array(records).fill(-1);
    let rights = new Int32Array(1024);
    for (let l = 0; l < (linking ? first : records); l++) {
      const lowest = linking ? first : l + 1;
      let count = 0;
      for (const { starts, members, own, blocks } of this.found) {
        for (let at = own[l] ?? 0, end = own[l + 1] ?? 0; at < end; at++) {
          const block = blocks[at] ?? 0;
          const start = starts[block] ?? 0;
          for (let i = (starts[block + 1] ?? 0) - 1; i >= start; i--) {
            const r = members[i] ?? 0;
            if (r < lowest) break;
            if (marks[r] === l) continue;
            marks[r] = l;
            if (count === rights.length) {
              const grown = new Int32Array(2 * count);
              grown.set(rights);
              rights = grown;
            }
            rights[count++] = r;
          }
        }
      }
      const found = rights.subarray(0, count).sort();
      for (const r of found) visit(l, r);
    }
  }
}

/** Keys of the values of a column, as numbers: those of value v from `starts[v]` to `starts[v + 1]`. */
interface Numbered {
  of: Int32Array;
  starts: Int32Array;
  numbers: Int32Array;
}

function numberKeys(key: Key, column: Compared, known: Map<string, number>): Numbered {
  const starts = new Int32Array(column.values.length + 1);
  const numbers: number[] = [];
  for (const [v, value] of column.values.entries()) {
    for (const text of keysOf(key, value)) {
      let number = known.get(text);
      if (number === undefined) {
        number = known.size;
        known.set(text, number);
      }
      numbers.push(number);
    }
    starts[v + 1] = numbers.length;
  }
  return { of: column.of, starts, numbers: Int32Array.from(numbers) };
}

/** Keys of one value, each once, none empty. */
export function keysOf(key: Key, value: Value): string[] {
  return [...new Set(key.of(value))].filter((text) => text !== '');
}

/** Records and the number of a key they have, one entry for each. */
interface Entries {
  records: number[];
  keys: number[];
  distinct: number;
}

function entriesOf(wish: Wish, compared: readonly Compared[], records: number): Entries {
  const [one, two] = wish.parts.map((part) => {
    const known = new Map<string, number>();
    const numbered = part.columns.flatMap((c) => {
      const column = compared[c];
      return column ? [numberKeys(part.key, column, known)] : [];
    });
    return { numbered, distinct: known };
  });
  const entries: Entries = { records: [], keys: [], distinct: 0 };
  if (!one) return entries;
  const pairsOfKeys = new Map<number, number>();
  const each = (numbered: readonly Numbered[], record: number, use: (key: number) => void) => {
    const begin = entries.keys.length;
    for (const { of, starts, numbers } of numbered) {
      const value = of[record] ?? -1;
      if (value < 0) continue;
      for (let i = starts[value] ?? 0, end = starts[value + 1] ?? 0; i < end; i++) {
        const key = numbers[i] ?? 0;
        // Both names may be the same.
        if (numbered.length === 1 || !entries.keys.slice(begin).includes(key)) use(key);
      }
    }
  };
  for (let record = 0; record < records; record++) {
    each(one.numbered, record, (a) => {
      if (!two) {
        entries.records.push(record);
        entries.keys.push(a);
        return;
      }
      each(two.numbered, record, (b) => {
        const both = a * two.distinct.size + b;
        let key = pairsOfKeys.get(both);
        if (key === undefined) {
          key = pairsOfKeys.size;
          pairsOfKeys.set(both, key);
        }
        entries.records.push(record);
        entries.keys.push(key);
      });
    });
  }
  entries.distinct = two ? pairsOfKeys.size : one.distinct.size;
  return entries;
}

/** The blocks of a rule, the largest that its budget allows; undefined where it brings no pair. */
function block(wish: Wish, compared: readonly Compared[], size: Size, budget: number): Blocks | undefined {
  const entries = entriesOf(wish, compared, size.records);
  const sizes = new Int32Array(entries.distinct);
  const firsts = new Int32Array(entries.distinct);
  for (const [i, key] of entries.keys.entries()) {
    sizes[key] = (sizes[key] ?? 0) + 1;
    if ((entries.records[i] ?? 0) < size.first) firsts[key] = (firsts[key] ?? 0) + 1;
  }
  const made = (key: number) => {
    const [n, first] = [sizes[key] ?? 0, firsts[key] ?? 0];
    return size.linking ? first * (n - first) : (n * (n - 1)) / 2;
  };
  const bySize = new Map<number, number>();
  for (const [key, n] of sizes.entries()) bySize.set(n, (bySize.get(n) ?? 0) + made(key));
  let [largest, pairs] = [0, 0];
  for (const [n, more] of [...bySize].sort(([a], [b]) => a - b)) {
    if (more === 0) continue;
    if (pairs + more > budget) break;
    largest = n;
    pairs += more;
  }
  if (pairs === 0) return undefined;
  return {
    label: wish.label,
    largest,
    pairs,
    ...gather(entries, sizes, size.records, (key) => made(key) > 0 && (sizes[key] ?? 0) <= largest),
  };
}

function gather(
  entries: Entries,
  sizes: Int32Array,
  records: number,
  wanted: (key: number) => boolean,
): Pick<Blocks, 'starts' | 'members' | 'own' | 'blocks'> {
  const numbers = new Int32Array(sizes.length).fill(-1);
  const lengths: number[] = [];
  for (const [key, n] of sizes.entries()) {
    if (!wanted(key)) continue;
    numbers[key] = lengths.length;
    lengths.push(n);
  }
  const starts = new Int32Array(lengths.length + 1);
  for (const [i, n] of lengths.entries()) starts[i + 1] = (starts[i] ?? 0) + n;
  const members = new Int32Array(starts.at(-1) ?? 0);
  const blocks = new Int32Array(members.length);
  const own = new Int32Array(records + 1);
  const filled = starts.slice();
  let at = 0;
  // Entries come in the order of their records, so the members of each block are ascending.
  for (const [i, key] of entries.keys.entries()) {
    const block = numbers[key] ?? -1;
    if (block < 0) continue;
    const record = entries.records[i] ?? 0;
    const place = filled[block] ?? 0;
    members[place] = record;
    filled[block] = place + 1;
    blocks[at++] = block;
    own[record + 1] = at;
  }
  for (let r = 1; r <= records; r++) own[r] = Math.max(own[r] ?? 0, own[r - 1] ?? 0);
  return { starts, members, own, blocks };
}
