import type { Edges } from './clusters.js';

/** A counterpart this many bits behind the best one is no rival of it. */
const rival = 5;
/** Share of linked records that may have rivals where two clean sources are linked. */
const mistakes = 0.1;

/**
 * Whether each record seems to have one counterpart at most. In clean sources a second candidate is a lookalike, well
 * behind the best; where a source has duplicates of its own, the second is about as good as the first.
 */
export function looksOneToOne(edges: Edges, threshold: number): boolean {
  const best = new Map<number, [number, number]>();
  const see = (record: number, bits: number) => {
    const [first, second] = best.get(record) ?? [-Infinity, -Infinity];
    if (bits > first) best.set(record, [bits, first]);
    else if (bits > second) best.set(record, [first, bits]);
  };
  for (let i = 0; i < edges.l.length; i++) {
    const bits = edges.bits[i] ?? 0;
    if (bits < threshold) continue;
    // The two sources number their records one after the other, so no number means two records.
    see(edges.l[i] ?? 0, bits);
    see(edges.r[i] ?? 0, bits);
  }
  const tied = [...best.values()].filter(([first, second]) => second >= first - rival).length;
  return best.size > 0 && tied <= best.size * mistakes;
}

/** The pairs above the threshold, the surest first, each record at most once. Equal pairs in the order of their records. */
export function assignOneToOne(edges: Edges, threshold: number): Edges {
  const order = Array.from(edges.bits.keys()).filter((i) => (edges.bits[i] ?? 0) >= threshold);
  order.sort((x, y) => (edges.bits[y] ?? 0) - (edges.bits[x] ?? 0) || x - y);
  const taken = new Set<number>();
  const kept = order.filter((i) => {
    const l = edges.l[i] ?? 0;
    const r = edges.r[i] ?? 0;
    if (taken.has(l) || taken.has(r)) return false;
    taken.add(l).add(r);
    return true;
  });
  return {
    l: Int32Array.from(kept, (i) => edges.l[i] ?? 0),
    r: Int32Array.from(kept, (i) => edges.r[i] ?? 0),
    bits: Float64Array.from(kept, (i) => edges.bits[i] ?? 0),
  };
}
