/** How often a source delivers, and whether it has stopped. */

export interface Freshness {
  lastArrival: string;
  usualGapSeconds?: number;
  stalled: boolean;
}

/** Arrivals before anything is said of what is usual. */
const enough = 4;
/** A silence below this is none, however often a source delivers. */
const shortest = 30 * 60;

/**
 * From the times of arrivals, in any order. Usual is the middle of the gaps between them; stalled is a silence of more
 * than four usual gaps that is also longer than any gap before it.
 */
export function freshness(arrivals: readonly Date[], now: Date): Freshness {
  const times = [...new Set(arrivals.map((time) => Math.floor(time.getTime() / 1000)))].sort((a, b) => a - b);
  const last = times.at(-1) ?? 0;
  const lastArrival = new Date(last * 1000).toISOString();
  if (times.length < enough) return { lastArrival, stalled: false };
  const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
  const sorted = [...gaps].sort((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length / 2)] as number;
  const longest = sorted.at(-1) as number;
  const silent = now.getTime() / 1000 - last;
  return {
    lastArrival,
    usualGapSeconds: usual,
    stalled: silent > Math.max(4 * usual, shortest) && silent > longest,
  };
}
