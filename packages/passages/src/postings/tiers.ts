const fanIn = 4;

function tier(size: number): number {
  return Math.floor(Math.log(Math.max(1, size)) / Math.log(fanIn));
}

/**
 * Which neighbouring parts to merge, given their sizes in order: as soon as four neighbours are of one tier or below.
 * Each entry is so rewritten about once for each tier. Undefined where nothing is to be done.
 */
export function partsToMerge(sizes: readonly number[]): { from: number; to: number } | undefined {
  for (let from = 0; from + fanIn <= sizes.length; from++) {
    const level = tier(sizes[from] as number);
    let to = from + 1;
    while (to < sizes.length && tier(sizes[to] as number) <= level) to += 1;
    if (to - from >= fanIn) return { from, to };
  }
  return undefined;
}
