import type { Edges } from './clusters.js';

/** A counterpart this many bits behind the best one is no rival of it. */
const rival = 5;
/** Share of linked records that may have rivals where two clean sources are linked. */
const mistakes = 0.1;

/** Of which source each record has one counterpart at most. */
export interface Sides {
  left: boolean;
  right: boolean;
}

/**
 * Of which source each record seems to have one counterpart at most. In clean sources a second candidate is a lookalike,
 * well behind the best; where the other source has duplicates of its own, the second is about as good as the first.
 */
export function sidesOfOne(edges: Edges, threshold: number): Sides {
  return { left: hasOne(edges.l, edges.bits, threshold), right: hasOne(edges.r, edges.bits, threshold) };
}

function hasOne(records: Int32Array, bits: Float64Array, threshold: number): boolean {
  const best = new Map<number, [number, number]>();
  for (const [i, record] of records.entries()) {
    const own = bits[i] ?? 0;
    if (own < threshold) continue;
    const [first, second] = best.get(record) ?? [-Infinity, -Infinity];
    if (own > first) best.set(record, [own, first]);
    else if (own > second) best.set(record, [first, own]);
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
