import type { HiddenReason } from '../types.js';
import {
  boundsOf,
  contains,
  identity,
  intersect,
  isUpright,
  type Matrix,
  multiply,
  type Rect,
} from './geometry.js';

/** A piece of text without a gap, on the page as shown (points, y downwards). */
export interface Word {
  text: string;
  /** Ends of the baseline. */
  x: number;
  y: number;
  endX: number;
  endY: number;
  /** Height of the font as painted. */
  size: number;
  hidden?: HiddenReason;
  /** Every glyph with its place along the baseline: right-to-left text is put in order later. */
  rightToLeft: boolean;
  /** What had been painted and written before it. */
  after: Painting;
}

/** How far painting has come. */
export interface Painting {
  areas: number;
  texts: number;
}

/** Where a picture lies, and how many pieces of text were shown before it. */
export interface PlacedPicture {
  area: Rect;
  /** The box it is cut to. */
  clip?: Rect;
  textsBefore: number;
  /** Nothing shows through it, as far as the picture itself says. */
  opaque: boolean;
}

/** The page's operators as pdf.js lists them. */
export interface Operators {
  fnArray: readonly number[];
  argsArray: readonly unknown[];
}
export interface FontFacts {
  /** Advance units to text space; 0.001 but for Type 3 fonts. */
  unit: number;
  type3: boolean;
  vertical: boolean;
}

/** A colour as `#rrggbb`; undefined where it is a pattern or not known. */
type Colour = string | undefined;

interface GraphicsState {
  matrix: Matrix;
  fill: Colour;
  alpha: number;
  blended: boolean;
  clip: Rect | undefined;
  clipKnown: boolean;
  font: FontFacts | undefined;
  fontSize: number;
  characterSpace: number;
  wordSpace: number;
  stretch: number;
  leading: number;
  rise: number;
  mode: number;
}

interface Painted {
  area: Rect;
  /** Undefined: something is painted there, and which colour shows is not known. */
  colour: Colour;
  /** An upright box of one ink that nothing shows through. */
  covers: boolean;
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

const isNumbers = (value: unknown): value is ArrayLike<number> =>
  (Array.isArray(value) || ArrayBuffer.isView(value)) && 'length' in value;
const numberAt = (value: unknown, index: number): number => {
  const item: unknown = isNumbers(value) ? value[index] : undefined;
  return typeof item === 'number' && Number.isFinite(item) ? item : 0;
};
function matrixFrom(value: unknown): Matrix | undefined {
  if (!isNumbers(value) || value.length < 6) return undefined;
  return [0, 1, 2, 3, 4, 5].map((index) => numberAt(value, index)) as unknown as Matrix;
}

export interface WalkInput {
  operators: Operators;
  /** pdf.js' numbers of operators, by name. */
  codes: Readonly<Record<string, number>>;
  font(id: string): FontFacts | undefined;
  /** To the page as shown. */
  shown: Matrix;
  width: number;
  height: number;
  /** Pictures on the page as shown; undefined where not known. */
  pictures: readonly PlacedPicture[] | undefined;
  /** Pieces of text that were counted with the pictures; where it differs, their order is not known. */
  texts: number;
  /** What marked glyphs stand for, one entry for each marking in order. */
  actualTexts: readonly (string | undefined)[];
  /** Words that are kept. */
  most: number;
}

/**
 * Follows a page's operators (ISO 32000-1, 8 and 9) and gathers its words with where they are and whether they can be
 * seen. Text counts as hidden only where that is certain: over pictures, shadings, patterns, blended or oddly clipped
 * paint nothing is said about its colour.
 */
export function walkPage(input: WalkInput): Word[] {
  const { codes } = input;
  const words: Word[] = [];
  const painted: Painted[] = [];
  let texts = 0;
  const outlines: Rect[] = [];
  let tooMuchPaint = false;
  let state: GraphicsState = {
    matrix: input.shown,
    fill: '#000000',
    alpha: 1,
    blended: false,
    clip: undefined,
    clipKnown: true,
    font: undefined,
    fontSize: 0,
    characterSpace: 0,
    wordSpace: 0,
    stretch: 1,
    leading: 0,
    rise: 0,
    mode: 0,
  };
  const stack: GraphicsState[] = [];
  let text: Matrix = identity;
  let line: Matrix = identity;
  let clipNext = false;
  /** Open markings; the text of the innermost that has one counts. */
  const marks: { text: string | undefined; used: boolean }[] = [];
  let markings = 0;
  const { fnArray, argsArray } = input.operators;
  const names = new Map(Object.entries(codes).map(([name, code]) => [code, name]));
  // Both readings of the page must have seen the same markings, or texts would go to the wrong glyphs.
  const marked = fnArray.filter((code) => code === codes.beginMarkedContentProps).length;
  const actualTexts = marked === input.actualTexts.length ? input.actualTexts : [];
  let annotation: GraphicsState | undefined;

  const paint = (area: Rect, colour: Colour): void => {
    const seen = state.clip ? intersect(area, state.clip) : area;
    if (seen.right <= seen.left || seen.bottom <= seen.top) return;
    const certain = state.alpha > 0.99 && !state.blended && state.clipKnown;
    if (colour !== undefined) papers.add(colour);
    if (painted.length < 20_000)
      painted.push({
        area: seen,
        colour: certain ? colour : undefined,
        covers: certain && colour !== undefined,
      });
    else tooMuchPaint = true;
  };

  /** What is behind a point: white paper, a colour, or not known. */
  const behind = (x: number, y: number): Colour => {
    if (tooMuchPaint || !input.pictures) return undefined;
    for (const { area } of input.pictures) if (contains(area, x, y)) return undefined;
    for (let index = painted.length - 1; index >= 0; index--) {
      const one = painted[index];
      if (one && contains(one.area, x, y)) return one.colour;
    }
    return '#ffffff';
  };

  const hiddenAt = (x: number, y: number, size: number): HiddenReason | undefined => {
    // Mode 3 paints nothing, mode 7 only clips.
    if (state.mode === 3 || state.mode === 7 || state.alpha < 0.02) return 'invisible';
    const slack = size;
    if (x < -slack || y < -slack || x > input.width + slack || y > input.height + slack) return 'off-page';
    if (state.font?.type3 || state.mode !== 0 || state.blended) return undefined;
    if (state.fill === undefined || !mayVanish(state.fill)) return undefined;
    const back = behind(x, y);
    return back !== undefined && near(back, state.fill) ? 'same-colour' : undefined;
  };

  /** Whether anything so far has an ink like this one: most text is of an ink that nothing behind it has. */
  const papers = new Set(['#ffffff']);
  let asked: { fill: string; papers: number; answer: boolean } | undefined;
  const mayVanish = (fill: string): boolean => {
    if (asked?.fill !== fill || asked.papers !== papers.size)
      asked = {
        fill,
        papers: papers.size,
        answer: papers.size > 500 || [...papers].some((paper) => near(paper, fill)),
      };
    return asked.answer;
  };

  const move = (x: number, y: number): void => {
    line = multiply(line, [1, 0, 0, 1, x, y]);
    text = line;
  };

  const show = (glyphs: unknown): void => {
    texts++;
    if (!Array.isArray(glyphs) || !state.font) return;
    const { font } = state;
    const { vertical, unit } = font;
    // Only the place changes from glyph to glyph: text space moves by `alongX` and `alongY`, and is written back at the end.
    const linear = multiply(state.matrix, text);
    const risen = multiply(linear, [state.stretch, 0, 0, 1, 0, state.rise]);
    const height = Math.hypot(risen[2], risen[3]);
    const size = Math.abs(state.fontSize) * (font.type3 ? unit * 1000 : 1) * height;
    let movedX = 0;
    let movedY = 0;
    const mark = marks.findLast((open) => open.text !== undefined);
    let word: Word | undefined;
    const finish = (): void => {
      if (word && word.text.trim() !== '' && words.length < input.most) words.push(word);
      word = undefined;
    };
    for (const glyph of glyphs as unknown[]) {
      if (typeof glyph === 'number') {
        const shift = (-glyph / 1000) * state.fontSize;
        if (vertical) movedY += shift;
        else movedX += shift * state.stretch;
        continue;
      }
      if (typeof glyph !== 'object' || glyph === null) continue;
      const { unicode, width, isSpace } = glyph as { unicode?: unknown; width?: unknown; isSpace?: unknown };
      const advance = typeof width === 'number' ? width * unit * state.fontSize : 0;
      const extra = state.characterSpace + (isSpace === true ? state.wordSpace : 0);
      const x = risen[4] + linear[0] * movedX + linear[2] * movedY;
      const y = risen[5] + linear[1] * movedX + linear[3] * movedY;
      const endX = vertical ? x - risen[2] * state.fontSize : x + risen[0] * advance;
      const endY = vertical ? y - risen[3] * state.fontSize : y + risen[1] * advance;
      if (vertical) movedY -= state.fontSize + extra;
      else movedX += (advance + extra) * state.stretch;
      if (mark?.used) {
        // The glyph is part of what has been said already; it only takes up room.
        const reached = word ?? words.at(-1);
        if (reached) Object.assign(reached, { endX, endY });
        continue;
      }
      if (mark) mark.used = true;
      const { characters, backwards } = shownCharacters(
        mark?.text ?? (typeof unicode === 'string' ? unicode : ''),
      );
      if (characters === '') {
        finish();
        continue;
      }
      const middle = state.fontSize * 0.3;
      const hidden = hiddenAt(
        x + (risen[0] * advance) / 2 + risen[2] * middle,
        y + (risen[1] * advance) / 2 + risen[3] * middle,
        size,
      );
      if (word && (word.hidden !== hidden || word.rightToLeft !== backwards || isGap(word, x, y, size)))
        finish();
      if (!word)
        word = {
          text: characters,
          x,
          y,
          endX,
          endY,
          size,
          rightToLeft: backwards,
          after: { areas: painted.length, texts },
          ...(hidden && { hidden }),
        };
      else {
        // Right-to-left fonts paint from the left: the glyph further right comes first.
        if (backwards && x >= word.x) word.text = characters + word.text;
        else word.text += characters;
        word.endX = endX;
        word.endY = endY;
      }
    }
    finish();
    text = multiply(text, [1, 0, 0, 1, movedX, movedY]);
  };

  const operate = (name: string | undefined, args: unknown): void => {
    const list: readonly unknown[] = Array.isArray(args) ? args : [];
    switch (name) {
      case 'save':
        if (stack.length < 2_000) stack.push({ ...state });
        return;
      case 'restore':
        state = stack.pop() ?? state;
        return;
      case 'transform': {
        const matrix = matrixFrom(args);
        if (matrix) state.matrix = multiply(state.matrix, matrix);
        return;
      }
      case 'paintFormXObjectBegin': {
        if (stack.length < 2_000) stack.push({ ...state });
        const matrix = matrixFrom(list[0]);
        if (matrix) state.matrix = multiply(state.matrix, matrix);
        const box = list[1];
        if (isNumbers(box) && box.length >= 4)
          clipTo(
            boundsOf(state.matrix, numberAt(box, 0), numberAt(box, 1), numberAt(box, 2), numberAt(box, 3)),
            isUpright(state.matrix),
          );
        return;
      }
      case 'paintFormXObjectEnd':
        state = stack.pop() ?? state;
        return;
      case 'beginAnnotation': {
        annotation = { ...state };
        state = {
          ...state,
          matrix: input.shown,
          clip: undefined,
          clipKnown: true,
          fill: '#000000',
          alpha: 1,
          blended: false,
        };
        for (const matrix of [matrixFrom(list[2]), matrixFrom(list[3])])
          if (matrix) state.matrix = multiply(state.matrix, matrix);
        return;
      }
      case 'endAnnotation':
        state = annotation ?? state;
        return;
      case 'beginMarkedContent':
        if (marks.length < 1_000) marks.push({ text: undefined, used: false });
        return;
      case 'beginMarkedContentProps': {
        const said = actualTexts[markings++];
        // Ligatures and icons. A whole sentence that says something else than its glyphs is not believed.
        const short = said !== undefined && said.length <= 16 && said.trim() !== '';
        if (marks.length < 1_000) marks.push({ text: short ? said : undefined, used: false });
        return;
      }
      case 'endMarkedContent':
        marks.pop();
        return;
      case 'setFillRGBColor':
        state.fill = typeof list[0] === 'string' ? list[0].toLowerCase() : undefined;
        return;
      case 'setFillColorN':
      case 'setFillTransparent':
        state.fill = undefined;
        return;
      case 'setGState':
        for (const pair of Array.isArray(list[0]) ? (list[0] as unknown[]) : [])
          if (Array.isArray(pair)) {
            const [key, value] = pair as unknown[];
            if (key === 'ca' && typeof value === 'number') state.alpha = value;
            else if (key === 'BM') state.blended = value !== 'source-over';
            else if (key === 'SMask') state.blended = value !== false;
            else if (key === 'Font' && Array.isArray(value)) setFont(value[0], value[1]);
          }
        return;
      case 'clip':
      case 'eoClip':
        clipNext = true;
        return;
      case 'constructPath':
        path(list);
        return;
      case 'shadingFill':
        paint(state.clip ?? { left: 0, top: 0, right: input.width, bottom: input.height }, undefined);
        return;
      case 'beginText':
        text = identity;
        line = identity;
        return;
      case 'setFont':
        setFont(list[0], list[1]);
        return;
      case 'setCharSpacing':
        state.characterSpace = numberAt(args, 0);
        return;
      case 'setWordSpacing':
        state.wordSpace = numberAt(args, 0);
        return;
      case 'setHScale':
        state.stretch = numberAt(args, 0) / 100;
        return;
      case 'setLeading':
        // pdf.js hands it on as written; moving to the next line goes down by it.
        state.leading = numberAt(args, 0);
        return;
      case 'setTextRise':
        state.rise = numberAt(args, 0);
        return;
      case 'setTextRenderingMode':
        state.mode = numberAt(args, 0);
        return;
      case 'setTextMatrix': {
        const matrix = matrixFrom(list[0]) ?? matrixFrom(args);
        if (matrix) line = matrix;
        text = line;
        return;
      }
      case 'moveText':
        move(numberAt(args, 0), numberAt(args, 1));
        return;
      case 'setLeadingMoveText':
        state.leading = -numberAt(args, 1);
        move(numberAt(args, 0), numberAt(args, 1));
        return;
      case 'nextLine':
        move(0, -state.leading);
        return;
      case 'showText':
      case 'showSpacedText':
        show(list[0]);
        return;
      case 'nextLineShowText':
        move(0, -state.leading);
        show(list[0]);
        return;
      case 'nextLineSetSpacingShowText':
        state.wordSpace = numberAt(args, 0);
        state.characterSpace = numberAt(args, 1);
        move(0, -state.leading);
        show(list[2]);
        return;
      default:
    }
  };

  function setFont(id: unknown, size: unknown): void {
    state.font = typeof id === 'string' ? input.font(id) : undefined;
    state.fontSize = typeof size === 'number' ? size : 0;
  }

  function clipTo(area: Rect, known: boolean): void {
    state.clip = state.clip ? intersect(state.clip, area) : area;
    state.clipKnown &&= known;
  }

  /** `[what to do with the path, [its segments], its bounds]`. */
  function path(list: readonly unknown[]): void {
    const action = names.get(numberAt(list, 0)) ?? '';
    const bounds = list[2];
    if (isNumbers(bounds) && bounds.length >= 4) {
      const area = boundsOf(
        state.matrix,
        numberAt(bounds, 0),
        numberAt(bounds, 1),
        numberAt(bounds, 2),
        numberAt(bounds, 3),
      );
      const rectangle =
        isRectangle(Array.isArray(list[1]) ? list[1][0] : undefined) && isUpright(state.matrix);
      if (/^(fill|eoFill|fillStroke|eoFillStroke|closeFillStroke|closeEOFillStroke)$/.test(action)) {
        paint(area, rectangle ? state.fill : undefined);
        if (!rectangle && outlines.length < 20_000) outlines.push(area);
      }
      if (clipNext) clipTo(area, rectangle);
    } else if (clipNext) state.clipKnown = false;
    clipNext = false;
  }

  for (let index = 0; index < fnArray.length; index++)
    operate(names.get(fnArray[index] ?? -1), argsArray[index]);
  const pictures = texts === input.texts ? (input.pictures ?? []) : [];
  return markTiny(markCovered(drawnAsOutlines(words, outlines), painted, pictures), input.height);
}

/** Covers that are looked at, the largest first. */
const mostCovers = 400;

/**
 * Text that a filled box or a picture was painted on afterwards. Where the same text stands there once more, painted
 * later, the first is only a shadow and is left out.
 */
function markCovered(words: Word[], painted: readonly Painted[], pictures: readonly PlacedPicture[]): Word[] {
  const covers = [
    ...painted.flatMap(({ area, covers }, index) => (covers ? [{ area, areas: index, texts: -1 }] : [])),
    ...pictures.flatMap(({ area, clip, opaque, textsBefore }) =>
      opaque ? [{ area: clip ? intersect(area, clip) : area, areas: -1, texts: textsBefore }] : [],
    ),
  ]
    .filter(({ area }) => area.right - area.left > 3 && area.bottom - area.top > 3)
    .sort((a, b) => extent(b.area) - extent(a.area))
    .slice(0, mostCovers);
  if (covers.length === 0) return words;
  const marked = words.map((word): Word => {
    if (word.hidden) return word;
    const left = Math.min(word.x, word.endX);
    const right = Math.max(word.x, word.endX);
    const top = Math.min(word.y, word.endY) - word.size * 0.6;
    const bottom = Math.max(word.y, word.endY);
    const covered = covers.some(
      ({ area, areas, texts }) =>
        (areas >= word.after.areas || texts >= word.after.texts) &&
        area.left <= left &&
        area.right >= right &&
        area.top <= top &&
        area.bottom >= bottom,
    );
    return covered ? { ...word, hidden: 'covered' } : word;
  });
  const seen = new Map<string, Word[]>();
  for (const word of marked)
    if (!word.hidden) seen.set(word.text, [...(seen.get(word.text) ?? []), word].slice(-50));
  return marked.filter(
    (word) =>
      word.hidden !== 'covered' ||
      !seen
        .get(word.text)
        ?.some((other) => Math.abs(other.x - word.x) < word.size && Math.abs(other.y - word.y) < word.size),
  );
}

const extent = ({ left, right, top, bottom }: Rect): number => (right - left) * (bottom - top);

/**
 * Browsers draw some fonts as outlines and lay the text over them with no ink, so that it can be copied. Such text is
 * seen: a word without ink that lies on an outline of about its height is not hidden.
 */
function drawnAsOutlines(words: Word[], outlines: readonly Rect[]): Word[] {
  if (outlines.length === 0 || !words.some((word) => word.hidden === 'invisible')) return words;
  const strip = 24;
  const strips = new Map<number, Rect[]>();
  for (const outline of outlines)
    for (
      let at = Math.floor(outline.top / strip);
      at <= Math.floor(outline.bottom / strip) && at - outline.top / strip < 8;
      at++
    ) {
      const list = strips.get(at) ?? [];
      if (list.length === 0) strips.set(at, list);
      if (list.length < 2_000) list.push(outline);
    }
  return words.map((word) => {
    if (word.hidden !== 'invisible') return word;
    const x = (word.x + word.endX) / 2;
    const y = (word.y + word.endY) / 2 - word.size * 0.25;
    const drawn = strips.get(Math.floor(y / strip))?.some((outline) => {
      const height = outline.bottom - outline.top;
      const slack = word.size * 0.4;
      return (
        height > word.size * 0.2 &&
        height < word.size * 2.5 &&
        x > outline.left - slack &&
        x < outline.right + slack &&
        y > outline.top - slack &&
        y < outline.bottom + slack
      );
    });
    if (!drawn) return word;
    const { hidden: _, ...seen } = word;
    return seen;
  });
}

/** Text under 2 points on a page whose other text has ordinary size; a page drawn small throughout hides nothing. */
function markTiny(words: Word[], height: number): Word[] {
  const sizes = words
    .filter((word) => !word.hidden)
    .map((word) => word.size)
    .sort((a, b) => a - b);
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  if (height < 300 || median < 5) return words;
  return words.map((word) => (!word.hidden && word.size < 2 ? { ...word, hidden: 'tiny' as const } : word));
}

/** Of the size of type. Justified lines squeeze spaces to little more than this. */
export const gapShare = 0.1;

/** Whether a glyph does not follow the word at once. */
export function isGap(word: Word, x: number, y: number, size: number): boolean {
  const length = Math.hypot(word.endX - word.x, word.endY - word.y) || 1;
  const along = ((x - word.endX) * (word.endX - word.x) + (y - word.endY) * (word.endY - word.y)) / length;
  const across =
    Math.abs((x - word.endX) * (word.endY - word.y) - (y - word.endY) * (word.endX - word.x)) / length;
  const unit = Math.max(word.size, size);
  return along > gapShare * unit || along < -unit * 2 || across > unit * 0.5;
}

/** Up to 8 of 255 apart in each part: nobody sees the difference. */
function near(a: string, b: string): boolean {
  if (a === b) return true;
  const first = partsOf(a);
  const second = partsOf(b);
  return (
    first !== undefined &&
    second !== undefined &&
    first.every((part, index) => Math.abs(part - (second[index] ?? 999)) <= 8)
  );
}

function partsOf(colour: string): number[] | undefined {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/.exec(colour);
  return match?.slice(1).map((part) => Number.parseInt(part, 16));
}

/** pdf.js' path segments: 0 move, 1 line (x, y each), 2 curve, 3 quadratic, 4 close. */
function isRectangle(segments: unknown): boolean {
  if (!isNumbers(segments) || segments.length > 32) return false;
  const points: [number, number][] = [];
  for (let at = 0; at < segments.length; ) {
    const code = numberAt(segments, at);
    if (code === 4) at++;
    else if (code === 0 || code === 1) {
      points.push([numberAt(segments, at + 1), numberAt(segments, at + 2)]);
      at += 3;
    } else return false;
  }
  if (points.length < 4 || points.length > 5) return false;
  const [first, , third] = points;
  if (!first || !third) return false;
  // Four corners, each sharing an edge with the first or the third.
  return points.every(
    ([x, y]) => (near1(x, first[0]) || near1(x, third[0])) && (near1(y, first[1]) || near1(y, third[1])),
  );
}
const near1 = (a: number, b: number): boolean => Math.abs(a - b) < 0.01;

interface Shown {
  /** Empty where nothing is seen. */
  characters: string;
  backwards: boolean;
}
const shownBefore = new Map<string, Shown>();

/** Ligatures and presentation forms as the letters they stand for; private characters (icons) are no text. */
function shownCharacters(unicode: string): Shown {
  const known = shownBefore.get(unicode);
  if (known) return known;
  const characters = unicode
    .replace(/[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc\u2126\u212a\u212b]/g, (form) => form.normalize('NFKC'))
    .replace(/\u00ad/g, '-')
    .replace(/[\p{Co}\p{Cc}\ufffd]/gu, '');
  const shown = {
    characters: characters.trim() === '' ? '' : characters,
    backwards: rightToLeft.test(characters),
  };
  // Glyphs repeat; what a hostile file makes up is not kept for ever.
  if (shownBefore.size > 20_000) shownBefore.clear();
  if (unicode.length <= 16) shownBefore.set(unicode, shown);
  return shown;
}
