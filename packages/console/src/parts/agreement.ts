/** Which words of two texts agree: runs of each text, in order, told apart for marking. */
export interface Run {
  text: string;
  same: boolean;
}

/** A number with its separators is one word: of 412,000 and 643,000 nothing agrees. */
const wordParts = /\p{N}+(?:[.,]\p{N}+)+|[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu;
const isWord = (part: string): boolean => /[\p{L}\p{N}]/u.test(part);
/** Words compared of each side; what follows is shown unmarked. */
const most = 400;

/**
 * Marks the words that two passages have in common, wherever they stand in the other (a passage may be reworded and
 * moved about). Case does not count. Each word of one side is matched with one of the other.
 */
export function agreement(a: string, b: string): [Run[], Run[]] {
  return [marked(a, b), marked(b, a)];
}

function marked(text: string, other: string): Run[] {
  const left = new Map<string, number>();
  for (const word of (other.match(wordParts) ?? []).filter(isWord).slice(0, most)) {
    const key = word.toLowerCase();
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  const runs: Run[] = [];
  let words = 0;
  // What stands between two words is marked only where both are: a mark begins and ends with a word.
  let between = '';
  for (const part of text.match(wordParts) ?? []) {
    if (!isWord(part)) {
      between = part;
      continue;
    }
    const key = part.toLowerCase();
    const same = words++ < most && (left.get(key) ?? 0) > 0;
    if (same) left.set(key, (left.get(key) as number) - 1);
    const last = runs.at(-1);
    if (last?.same === same) last.text += between + part;
    else if (!same) runs.push({ text: between + part, same });
    else {
      if (last) last.text += between;
      else if (between !== '') runs.push({ text: between, same: false });
      runs.push({ text: part, same });
    }
    between = '';
  }
  const last = runs.at(-1);
  if (last && !last.same) last.text += between;
  else if (between !== '') runs.push({ text: between, same: false });
  return runs;
}

/** A stretch of a text, and which of the given passages cover it (by index). */
export interface Stretch {
  text: string;
  passages: number[];
}

/** Cuts a text where passages begin and end, so that each stretch can be marked with those that cover it. */
export function stretches(text: string, passages: readonly string[]): Stretch[] {
  const spans = passages.flatMap((passage, index) => {
    const start = passage === '' ? -1 : text.indexOf(passage);
    return start < 0 ? [] : [{ start, end: start + passage.length, index }];
  });
  const cuts = [...new Set([0, text.length, ...spans.flatMap(({ start, end }) => [start, end])])].sort(
    (x, y) => x - y,
  );
  return cuts.slice(0, -1).flatMap((from, i) => {
    const to = cuts[i + 1] as number;
    if (to <= from) return [];
    return [
      {
        text: text.slice(from, to),
        passages: spans.filter(({ start, end }) => start <= from && end >= to).map(({ index }) => index),
      },
    ];
  });
}
