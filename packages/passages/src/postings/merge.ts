import type { Groups } from './entries.js';

/** Joins several runs of keys into one; a key with more than `mostEntries` values keeps only their number. */
export function mergeGroups(sources: readonly Groups[], mostEntries: number): Groups {
  const open = sources.filter((source) => source.next());
  const merged: Groups = {
    key: 0,
    count: 0,
    values: new Uint32Array(1024),
    listed: true,
    next() {
      let key = Number.POSITIVE_INFINITY;
      let holder = -1;
      let several = false;
      for (let i = 0; i < open.length; i++) {
        const here = (open[i] as Groups).key;
        if (here < key) {
          key = here;
          holder = i;
          several = false;
        } else if (here === key) several = true;
      }
      if (holder < 0) return false;
      merged.key = key;
      merged.count = 0;
      merged.listed = true;
      let sorted = true;
      let unlisted = 0;
      for (let i = holder; i < open.length; i++) {
        const source = open[i] as Groups;
        if (source.key !== key) continue;
        if (!source.listed) unlisted += source.count;
        else {
          const room = merged.count + source.count;
          if (room > merged.values.length) {
            const bigger = new Uint32Array(room * 2);
            bigger.set(merged.values);
            merged.values = bigger;
          }
          if (merged.count > 0 && (source.values[0] as number) <= (merged.values[merged.count - 1] as number))
            sorted = false;
          for (let j = 0; j < source.count; j++) merged.values[merged.count + j] = source.values[j] as number;
          merged.count = room;
        }
        if (!source.next()) {
          open.splice(i, 1);
          i -= 1;
        }
        if (!several) break;
      }
      if (!sorted) {
        const values = merged.values.subarray(0, merged.count).sort();
        let kept = 0;
        for (let i = 0; i < values.length; i++) {
          if (kept === 0 || values[i] !== values[kept - 1]) values[kept++] = values[i] as number;
        }
        merged.count = kept;
      }
      merged.count += unlisted;
      merged.listed = unlisted === 0 && merged.count <= mostEntries;
      return true;
    },
  };
  return merged;
}
