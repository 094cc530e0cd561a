/** Pairs of record numbers with their bits. Pairs that are not listed were never compared. */
export interface Edges {
  l: Int32Array;
  r: Int32Array;
  bits: Float64Array;
}

/** What an uncompared or hopeless pair counts, and the most that a single pair can count for or against. */
export interface ClusterOptions {
  /** Two groups are joined while the mean over all pairs between them is above this. */
  threshold: number;
  missing: number;
  most: number;
  /** Linking two sources: records below this number are of the first. Pairs within a source do not exist then. */
  first?: number;
}

/**
 * Groups of records, one person each: the strongest pair first, two groups are joined while the *mean* of all pairs between
 * them is above the threshold (average linkage). Plain connected components would let one weak link join two persons, and a
 * chain of such links join a hundred.
 *
 * Returns for each record the lowest record number of its group.
 */
export function cluster(records: number, edges: Edges, options: ClusterOptions): Int32Array {
  const parent = Int32Array.from({ length: records }, (_, i) => i);
  const first = options.first ?? records;
  const size = new Int32Array(records).fill(1);
  const sizeOfFirst = Int32Array.from({ length: records }, (_, i) => (i < first ? 1 : 0));
  const links = new Map<number, Map<number, { sum: number; count: number }>>();
  const clamp = (bits: number) => Math.max(-options.most, Math.min(options.most, bits));
  const heap = new Heap();
  const neighbours = (group: number) => {
    const own = links.get(group) ?? new Map<number, { sum: number; count: number }>();
    links.set(group, own);
    return own;
  };
  for (let i = 0; i < edges.l.length; i++) {
    const l = edges.l[i] ?? 0;
    const r = edges.r[i] ?? 0;
    const sum = clamp(edges.bits[i] ?? 0);
    neighbours(l).set(r, { sum, count: 1 });
    neighbours(r).set(l, { sum, count: 1 });
    if (sum > options.threshold) heap.push(sum, l, r);
  }
  const mean = (a: number, b: number, link: { sum: number; count: number }) => {
    const [inA, inB] = [size[a] ?? 1, size[b] ?? 1];
    const [firstA, firstB] = [sizeOfFirst[a] ?? 0, sizeOfFirst[b] ?? 0];
    const linked = firstA * (inB - firstB) + (inA - firstA) * firstB;
    const all = options.first === undefined ? inA * inB : linked;
    return (link.sum + (all - link.count) * options.missing) / all;
  };
  for (let top = heap.pop(); top; top = heap.pop()) {
    const { a, b } = top;
    if (parent[a] !== a || parent[b] !== b) continue;
    const link = links.get(a)?.get(b);
    // Entries are not updated in the queue: a group that has grown since has a newer entry.
    if (!link || Math.abs(mean(a, b, link) - top.value) > 1e-9) continue;
    const keep = Math.min(a, b);
    const gone = Math.max(a, b);
    const kept = neighbours(keep);
    kept.delete(gone);
    parent[gone] = keep;
    for (const [other, link] of neighbours(gone)) {
      if (other === keep) continue;
      const own = kept.get(other);
      const joined = own ? { sum: own.sum + link.sum, count: own.count + link.count } : link;
      kept.set(other, joined);
      const theirs = neighbours(other);
      theirs.delete(gone);
      theirs.set(keep, joined);
    }
    links.delete(gone);
    size[keep] = (size[keep] ?? 1) + (size[gone] ?? 1);
    sizeOfFirst[keep] = (sizeOfFirst[keep] ?? 0) + (sizeOfFirst[gone] ?? 0);
    for (const [other, link] of kept) {
      const value = mean(keep, other, link);
      if (value > options.threshold) heap.push(value, Math.min(keep, other), Math.max(keep, other));
    }
  }
  for (let i = 0; i < records; i++) {
    let root = i;
    while (parent[root] !== root) root = parent[root] ?? root;
    parent[i] = root;
  }
  return parent;
}

interface Entry {
  value: number;
  a: number;
  b: number;
}

/** Largest value first; of equal values the lowest record numbers, so that the result does not depend on the order of pushing. */
class Heap {
  private readonly entries: Entry[] = [];

  push(value: number, a: number, b: number): void {
    const { entries } = this;
    const entry = { value, a, b };
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = entries[up];
      if (!above || !before(entry, above)) break;
      entries[at] = above;
      at = up;
    }
    entries[at] = entry;
  }

  pop(): Entry | undefined {
    const { entries } = this;
    const top = entries[0];
    const last = entries.pop();
    if (!top || !last || entries.length === 0) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= entries.length) break;
      const [left, right] = [entries[down], entries[down + 1]];
      if (right && left && before(right, left)) down++;
      const below = entries[down];
      if (!below || !before(below, last)) break;
      entries[at] = below;
      at = down;
    }
    entries[at] = last;
    return top;
  }
}

function before(a: Entry, b: Entry): boolean {
  if (a.value !== b.value) return a.value > b.value;
  return a.a !== b.a ? a.a < b.a : a.b < b.b;
}
