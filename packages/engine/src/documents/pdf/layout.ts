import type { Block } from '../types.js';
import { gapShare, type Word } from './glyphs.js';

/** Words on one baseline, from left to right. */
interface Line {
  words: Word[];
  y: number;
  size: number;
}

/**
 * Puts the words of a page into the order in which people read them. Columns are told from tables and from dates set
 * at the right edge: a gutter must run through several lines, both sides must be full, and be more than labels.
 */
export function layoutPage(words: readonly Word[], page: number): Block[] {
  const blocks: Block[] = [];
  const shown = words.filter((word) => !word.hidden);
  for (const group of byDirection(shown))
    for (const flow of columns(toLines(group), 0))
      for (const lines of paragraphs(flow)) blocks.push(toBlock(lines, page));
  // Hidden text is kept apart by its reason, so that it neither joins nor parts what is seen.
  const reasons = [...new Set(words.flatMap((word) => (word.hidden ? [word.hidden] : [])))].sort();
  for (const reason of reasons)
    for (const group of byDirection(words.filter((word) => word.hidden === reason)))
      for (const lines of paragraphs(toLines(group)))
        blocks.push({ ...toBlock(lines, page), hidden: reason });
  return blocks;
}

/** Upright text first, then text turned by a quarter or more, each turned so that it runs to the right. */
function byDirection(words: readonly Word[]): Word[][] {
  const groups = new Map<number, Word[]>();
  for (const word of words) {
    const angle = Math.atan2(word.endY - word.y, word.endX - word.x);
    const quarter = ((Math.round(angle / (Math.PI / 2)) % 4) + 4) % 4;
    const list = groups.get(quarter) ?? [];
    if (list.length === 0) groups.set(quarter, list);
    list.push(word);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([quarter, list]) => list.map((word) => turn(word, quarter)));
}

function turn(word: Word, quarter: number): Word {
  const point = (x: number, y: number): [number, number] =>
    quarter === 0 ? [x, y] : quarter === 1 ? [y, -x] : quarter === 2 ? [-x, -y] : [-y, x];
  const [x, y] = point(word.x, word.y);
  const [endX, endY] = point(word.endX, word.endY);
  return { ...word, x: Math.min(x, endX), endX: Math.max(x, endX), y, endY };
}

function toLines(words: readonly Word[]): Line[] {
  const lines: Line[] = [];
  for (const word of [...words].sort((a, b) => a.y - b.y || a.x - b.x)) {
    const near = lines
      .slice(-4)
      .find((line) => Math.abs(line.y - word.y) <= 0.35 * Math.min(line.size, word.size));
    if (near) {
      near.words.push(word);
      near.size = Math.max(near.size, word.size);
    } else lines.push({ words: [word], y: word.y, size: word.size });
  }
  for (const line of lines) line.words.sort((a, b) => a.x - b.x || a.endX - b.endX);
  return lines;
}

interface Gutter {
  from: number;
  to: number;
  at: number;
}

/** Splits lines at gutters, from the most telling one on; each result is read from top to bottom. */
function columns(lines: Line[], depth: number): Line[][] {
  const gutter = depth < 5 ? findGutter(lines) : undefined;
  if (!gutter) return lines.length > 0 ? [lines] : [];
  const inside = lines.slice(gutter.from, gutter.to + 1).flatMap((line) => line.words);
  const left = toLines(inside.filter((word) => word.endX <= gutter.at));
  const right = toLines(inside.filter((word) => word.endX > gutter.at));
  return [
    ...columns(lines.slice(0, gutter.from), depth + 1),
    ...columns(left, depth + 1),
    ...columns(right, depth + 1),
    ...columns(lines.slice(gutter.to + 1), depth + 1),
  ];
}

const leastLines = 6;

function findGutter(lines: Line[]): Gutter | undefined {
  if (lines.length < leastLines) return undefined;
  const words = lines.flatMap((line) => line.words);
  const start = words.reduce((least, word) => Math.min(least, word.x), Number.POSITIVE_INFINITY);
  const end = words.reduce((most, word) => Math.max(most, word.endX), Number.NEGATIVE_INFINITY);
  const step = Math.max(2, (end - start) / 300);
  const steps: number[] = [];
  for (let at = start + step * 4; at < end - step * 4; at += step) steps.push(at);
  // Which words cross which steps is noted once, not asked for each step of each word.
  const crossed = lines.map((line) => {
    const marks = new Uint8Array(steps.length);
    const origin = steps[0] ?? 0;
    for (const word of line.words) {
      const from = Math.max(0, Math.floor((word.x - 3 - origin) / step));
      const to = Math.min(steps.length - 1, Math.ceil((word.endX + 3 - origin) / step));
      for (let index = from; index <= to; index++) {
        const at = steps[index] as number;
        if (word.x < at + 3 && word.endX > at - 3) marks[index] = 1;
      }
    }
    return marks;
  });
  let best: (Gutter & { score: number }) | undefined;
  steps.forEach((at, number) => {
    // The longest stretches of lines that no word crosses here.
    let from = 0;
    for (let index = 0; index <= lines.length; index++) {
      if (index < lines.length && crossed[index]?.[number] === 0) continue;
      const score = index - from >= leastLines ? columnScore(lines.slice(from, index), at) : 0;
      if (score > (best?.score ?? 0)) best = { from, to: index - 1, at, score };
      from = index + 1;
    }
  });
  return best;
}

/** 0 where the two sides are no columns; else more for more lines. */
function columnScore(lines: readonly Line[], at: number): number {
  const sides = lines.map((line) => ({
    left: line.words.filter((word) => word.endX <= at),
    right: line.words.filter((word) => word.endX > at),
  }));
  const left = sides.filter((side) => side.left.length > 0);
  const right = sides.filter((side) => side.right.length > 0);
  const fewer = Math.min(left.length, right.length);
  if (fewer < 5) return 0;
  const both = sides.filter((side) => side.left.length > 0 && side.right.length > 0).length;
  const aligned = both / fewer;
  const density = fewer / Math.max(left.length, right.length);
  const fillLeft = fill(left.map((side) => side.left));
  const fillRight = fill(right.map((side) => side.right));
  const wordsRight = right.reduce((sum, side) => sum + side.right.length, 0) / right.length;
  const wordsLeft = left.reduce((sum, side) => sum + side.left.length, 0) / left.length;
  // Labels and their values, or titles and their dates, stand on the same lines; columns of text do so by chance,
  // or because both are full lines.
  const text = fillLeft > 0.6 && fillRight > 0.6 && wordsLeft > 3.5 && wordsRight > 3.5;
  if (aligned >= 0.6 && !(text && density > 0.5)) return 0;
  if (density < 0.25) return 0;
  return lines.length * (1 + fewer / lines.length);
}

/** Mean width of lines, as a share of the widest. */
function fill(lines: readonly Word[][]): number {
  const widths = lines.map((words) => (words.at(-1)?.endX ?? 0) - (words[0]?.x ?? 0));
  const most = Math.max(...widths, 1);
  return widths.reduce((sum, width) => sum + width, 0) / widths.length / most;
}

/** Parts lines where the distance or the size of type jumps. */
function paragraphs(lines: readonly Line[]): Line[][] {
  const steps = lines
    .slice(1)
    .map((line, index) => line.y - (lines[index]?.y ?? 0))
    .sort((a, b) => a - b);
  const usual = steps[Math.floor(steps.length / 2)] ?? 0;
  const groups: Line[][] = [];
  for (const line of lines) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const step = before ? line.y - before.y : 0;
    const sized = before ? Math.max(line.size, before.size) / Math.min(line.size, before.size) : 1;
    const joins =
      before &&
      step <= Math.max(line.size, before.size) * 1.9 &&
      (step <= usual * 1.35 || step <= line.size * 1.3) &&
      sized < 1.3;
    if (group && joins) group.push(line);
    else groups.push([line]);
  }
  return groups;
}

function toBlock(lines: readonly Line[], page: number): Block {
  const words = lines.flatMap((line) => line.words);
  const left = words.reduce((least, word) => Math.min(least, word.x), Number.POSITIVE_INFINITY);
  const right = words.reduce((most, word) => Math.max(most, word.endX), Number.NEGATIVE_INFINITY);
  const top = words.reduce((least, word) => Math.min(least, word.y - word.size), Number.POSITIVE_INFINITY);
  const bottom = words.reduce((most, word) => Math.max(most, word.y), Number.NEGATIVE_INFINITY);
  const round = (value: number): number => Math.round(value * 10) / 10;
  return {
    text: lines.map(lineText).join('\n'),
    part: 'body',
    page,
    box: { x: round(left), y: round(top), width: round(right - left), height: round(bottom - top) },
  };
}

/** Words with a space where there is a gap and a tab where it is wide. Right-to-left stretches are turned round. */
function lineText(line: Line): string {
  const pieces: { text: string; backwards: boolean; before: string }[] = [];
  let last: Word | undefined;
  for (const word of line.words) {
    const gap = last ? word.x - last.endX : 0;
    const unit = last ? Math.max(word.size, last.size) : word.size;
    // The same words painted twice for bold type are one.
    if (last && word.text === last.text && Math.abs(word.x - last.x) < 0.15 * unit) continue;
    const before = !last
      ? ''
      : gap > 2.2 * unit
        ? '\t'
        : gap > gapShare * Math.min(word.size, last.size)
          ? ' '
          : '';
    pieces.push({ text: word.text, backwards: word.rightToLeft, before });
    last = word;
  }
  let text = '';
  for (let index = 0; index < pieces.length; ) {
    const piece = pieces[index];
    if (!piece) break;
    if (!piece.backwards) {
      text += piece.before + piece.text;
      index++;
      continue;
    }
    let end = index;
    while (pieces[end]?.backwards) end++;
    let turned = '';
    for (let at = end - 1; at >= index; at--)
      turned += (pieces[at]?.text ?? '') + (at > index ? pieces[at]?.before : '');
    text += piece.before + turned;
    index = end;
  }
  return text;
}
