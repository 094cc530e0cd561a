import type { Limits } from '../limits.js';
import { boundsOf, identity, intersect, isUpright, type Matrix, multiply, type Rect } from './geometry.js';
import type { PlacedPicture } from './glyphs.js';
import {
  decodeStream,
  isDict,
  isName,
  isRef,
  isText,
  type PdfDict,
  type PdfObjects,
  type PdfValue,
  resolve,
  unescaped,
} from './objects.js';
import { pdfText } from './traces.js';

/** What the library that reads text leaves out of a page's content. */
export interface PageExtras {
  /** Where the page paints pictures, in its own space, and after how many pieces of text. */
  pictures: PlacedPicture[];
  /** Pieces of text it shows. */
  texts: number;
  /** For each `BDC` in order: the characters that its few glyphs stand for (14.9.4), where it says so. */
  actualTexts: (string | undefined)[];
}

/**
 * Follows what moves and paints pictures (`q Q cm Do BI`) and marks text (`BDC`) through a page's content; undefined
 * where it cannot be followed to the end.
 */
export function extrasOf(
  page: number,
  objects: PdfObjects,
  limits: Limits,
  total: { left: number },
): PageExtras | undefined {
  const dict = resolve(objects, { ref: page });
  if (!isDict(dict) || objects.encrypted) return undefined;
  const contents = resolve(objects, dict.get('Contents'));
  const list = Array.isArray(contents) ? contents : [dict.get('Contents')];
  const pieces: Buffer[] = [];
  for (const entry of list) {
    if (!isRef(entry)) continue;
    const object = objects.all.get(entry.ref);
    const data = object && decodeStream(object, objects, limits, total);
    if (!data) return undefined;
    pieces.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength), Buffer.from('\n'));
  }
  const source = Buffer.concat(pieces).toString('latin1');
  const own = resources(dict, objects);
  // Most pages paint no picture and say nothing about their glyphs: there is nothing to follow.
  if (!/\bDo\b|\bBI\b|ActualText/.test(source) && !own?.has('Properties'))
    return { pictures: [], texts: 0, actualTexts: [] };
  const found: PlacedPicture[] = [];
  const marks: (string | undefined)[] = [];
  const state: State = { found, marks, texts: 0, steps: 200_000, limits, total, objects };
  const known = walk(source, own, wholePage, state, 0);
  return known ? { pictures: found, texts: state.texts, actualTexts: marks } : undefined;
}

function resources(page: PdfDict, objects: PdfObjects): PdfDict | undefined {
  let node: PdfValue | undefined = page;
  for (let step = 0; isDict(node) && step < 40; step++) {
    const own = resolve(objects, node.get('Resources'));
    if (isDict(own)) return own;
    node = resolve(objects, node.get('Parent'));
  }
  return undefined;
}

interface State {
  found: PlacedPicture[];
  texts: number;
  marks: (string | undefined)[];
  /** Operators left; form XObjects may paint each other many times. */
  steps: number;
  limits: Limits;
  total: { left: number };
  objects: PdfObjects;
}

/** What `q` keeps and `Q` brings back. */
interface Placing {
  matrix: Matrix;
  /** The upright box that is painted in. */
  clip: Rect | undefined;
  /** Nothing shows through what is painted, and it is cut by no other shape. */
  certain: boolean;
}

const wholePage: Placing = { matrix: identity, clip: undefined, certain: true };

/** False where something could not be followed. */
function walk(
  source: string,
  own: PdfDict | undefined,
  start: Placing,
  state: State,
  depth: number,
): boolean {
  if (depth > 12) return false;
  const forms = own && resolve(state.objects, own.get('XObject'));
  let placing = start;
  const stack: Placing[] = [];
  /** The path so far: one box, or something else. */
  let path: Rect | 'other' | undefined;
  let operands: (number | string)[] = [];
  let actual: string | undefined;
  let lastName = '';
  const token =
    /[\0\t\n\f\r ]+|%[^\r\n]*|([+-]?(?:\d+\.?\d*|\.\d+))|\/([^\0\t\n\f\r ()<>[\]{}/%]*)|([A-Za-z'"][A-Za-z0-9*'"]*)|<<|>>|<[^>]*>|\(|[\s\S]/y;
  while (token.lastIndex < source.length) {
    const match = token.exec(source);
    if (!match) return false;
    const [text, number, name, operator] = match;
    if (text === '(') {
      const end = endOfText(source, match.index);
      if (end < 0) return false;
      token.lastIndex = end;
      if (lastName === 'ActualText') actual = pdfText(unescaped(source.slice(match.index + 1, end - 1)));
    } else if (text.length > 2 && text.startsWith('<') && lastName === 'ActualText')
      actual = pdfText(Buffer.from(text.replace(/[^0-9a-fA-F]/g, ''), 'hex').toString('latin1'));
    else if (number !== undefined) operands.push(Number(number));
    else if (name !== undefined) {
      operands.push(name);
      lastName = name;
    } else if (operator !== undefined) {
      if (--state.steps < 0) return false;
      const { matrix } = placing;
      if (operator === 'q' && stack.length < 1_000) stack.push(placing);
      else if (operator === 'Q') placing = stack.pop() ?? placing;
      else if (operator === 'cm') {
        const values = operands.slice(-6).map(Number);
        const [a, b, c, d, e, f] = values;
        if (f !== undefined && values.every(Number.isFinite))
          placing = { ...placing, matrix: multiply(matrix, [a ?? 1, b ?? 0, c ?? 0, d ?? 1, e ?? 0, f]) };
      } else if (operator === 'Do') {
        const key = operands.at(-1);
        const value = isDict(forms) && typeof key === 'string' ? forms.get(key) : undefined;
        if (isRef(value) && !paint(value.ref, own, placing, state, depth)) return false;
      } else if (operator === 'BI') {
        // What an inline picture says of itself is not looked at.
        state.found.push({ area: boundsOf(matrix, 0, 0, 1, 1), textsBefore: state.texts, opaque: false });
        const data = source.indexOf('ID', token.lastIndex);
        const end = /[\0\t\n\f\r ]EI(?=[\0\t\n\f\r ]|$)/g;
        end.lastIndex = data < 0 ? source.length : data + 2;
        if (!end.exec(source)) return false;
        token.lastIndex = end.lastIndex;
      }
      if (operator === 'Tj' || operator === 'TJ' || operator === "'" || operator === '"') state.texts++;
      if (operator === 're')
        path = path === undefined && isUpright(matrix) ? boxOf(operands, matrix) : 'other';
      else if (/^[mlcvyh]$/.test(operator)) path = 'other';
      else if (operator === 'W' || operator === 'W*') placing = clipped(placing, path);
      else if (/^(?:n|[fFsSbB]\*?)$/.test(operator)) path = undefined;
      else if (operator === 'gs' && mayBeTransparent(operands.at(-1), own, state.objects))
        placing = { ...placing, certain: false };
      if (operator === 'BDC' && state.marks.length < 100_000)
        state.marks.push(actual ?? namedText(operands.at(-1), own, state.objects));
      operands = [];
      actual = undefined;
      lastName = '';
    }
    if (operands.length > 64) operands = operands.slice(-16);
  }
  return true;
}

function boxOf(operands: readonly (number | string)[], matrix: Matrix): Rect | 'other' {
  const [x, y, width, height] = operands.slice(-4).map(Number);
  if (height === undefined || width === undefined || x === undefined || y === undefined) return 'other';
  return boundsOf(matrix, x, y, x + width, y + height);
}

/** Painting is cut to the path from here on. */
const clipped = (placing: Placing, path: Rect | 'other' | undefined): Placing =>
  path === undefined || path === 'other'
    ? { ...placing, certain: false }
    : { ...placing, clip: placing.clip ? intersect(placing.clip, path) : path };

/** Whether a named graphics state is anything but opaque paint (11.6.4). */
function mayBeTransparent(
  name: number | string | undefined,
  own: PdfDict | undefined,
  objects: PdfObjects,
): boolean {
  const states = own && resolve(objects, own.get('ExtGState'));
  const dict = isDict(states) && typeof name === 'string' ? resolve(objects, states.get(name)) : undefined;
  if (!isDict(dict)) return true;
  const alpha = resolve(objects, dict.get('ca'));
  const blend = resolve(objects, dict.get('BM'));
  const mask = resolve(objects, dict.get('SMask'));
  return (
    (typeof alpha === 'number' && alpha < 0.99) ||
    (blend !== undefined && !isName(blend, 'Normal') && !isName(blend, 'Compatible')) ||
    (mask !== undefined && !isName(mask, 'None'))
  );
}

/** `ActualText` of a property list that the resources name. */
function namedText(
  name: number | string | undefined,
  own: PdfDict | undefined,
  objects: PdfObjects,
): string | undefined {
  const lists = own && resolve(objects, own.get('Properties'));
  const list = isDict(lists) && typeof name === 'string' ? resolve(objects, lists.get(name)) : undefined;
  const text = isDict(list) ? resolve(objects, list.get('ActualText')) : undefined;
  return isText(text) ? pdfText(text.bytes) : undefined;
}

function paint(
  number: number,
  own: PdfDict | undefined,
  placing: Placing,
  state: State,
  depth: number,
): boolean {
  const { matrix, clip, certain } = placing;
  const object = state.objects.all.get(number);
  if (!object || !isDict(object.value)) return true;
  const subtype = resolve(state.objects, object.value.get('Subtype'));
  if (isName(subtype, 'Image')) {
    const { value } = object;
    const seeThrough = ['SMask', 'Mask', 'ImageMask', 'SMaskInData'].some((key) => value.has(key));
    if (state.found.length < 5_000)
      state.found.push({
        area: boundsOf(matrix, 0, 0, 1, 1),
        ...(clip && { clip }),
        textsBefore: state.texts,
        opaque: !seeThrough && certain && isUpright(matrix),
      });
    return true;
  }
  if (!isName(subtype, 'Form')) return true;
  const data = decodeStream(object, state.objects, state.limits, state.total);
  if (!data) return false;
  state.steps -= 10;
  const inner = resolve(state.objects, object.value.get('Matrix'));
  const values = Array.isArray(inner) ? inner.filter((value) => typeof value === 'number') : [];
  const [a, b, c, d, e, f] = values;
  const moved = f === undefined ? matrix : multiply(matrix, [a ?? 1, b ?? 0, c ?? 0, d ?? 1, e ?? 0, f]);
  const formResources = resolve(state.objects, object.value.get('Resources'));
  return walk(
    Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1'),
    isDict(formResources) ? formResources : own,
    { ...placing, matrix: moved },
    state,
    depth + 1,
  );
}

function endOfText(source: string, start: number): number {
  let open = 0;
  for (let at = start; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 40) open++;
    else if (code === 41 && --open === 0) return at + 1;
  }
  return -1;
}
