/** A share, with the 95 % interval after Wilson: with few cases it is wide, and should be seen to be. */
export interface Rate {
  hits: number;
  of: number;
  /** Absent where nothing was counted. */
  share?: number;
  low?: number;
  high?: number;
}

/** How many times likelier one thing is than another, in bits (log2), with the 95 % interval. */
export interface Ratio {
  bits: number;
  low: number;
  high: number;
}

const z = 1.959964;

/** A share with its Wilson interval at 95 %. */
export function rate(hits: number, of: number): Rate {
  if (of === 0) return { hits, of };
  const p = hits / of;
  const scale = 1 + (z * z) / of;
  const middle = p + (z * z) / (2 * of);
  const spread = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return {
    hits,
    of,
    share: p,
    low: Math.max(0, (middle - spread) / scale),
    high: Math.min(1, (middle + spread) / scale),
  };
}

/**
 * The ratio of two shares after Katz, half a case added to each count so that none is infinite: with no case on one side
 * it says what can be said, which is little.
 */
export function ratio(a: { hits: number; of: number }, b: { hits: number; of: number }): Ratio | undefined {
  if (a.of === 0 || b.of === 0) return undefined;
  const [x, m, y, n] = [a.hits + 0.5, a.of + 1, b.hits + 0.5, b.of + 1];
  const middle = Math.log(x / m / (y / n));
  const spread = z * Math.sqrt(Math.max(0, 1 / x - 1 / m + 1 / y - 1 / n));
  const bits = (value: number) => value / Math.LN2;
  return { bits: bits(middle), low: bits(middle - spread), high: bits(middle + spread) };
}

/** Shares of the same kind from several companies, as one. */
export function addRates(rates: readonly (Rate | undefined)[]): Rate {
  let hits = 0;
  let of = 0;
  for (const one of rates) {
    hits += one?.hits ?? 0;
    of += one?.of ?? 0;
  }
  return rate(hits, of);
}

/** Least, middle and greatest of several figures. */
export interface Spread {
  least: number;
  median: number;
  greatest: number;
}

export function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return { least: sorted[0] as number, median: median(sorted), greatest: sorted.at(-1) as number };
}

/** The middle of sorted figures. */
export function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
