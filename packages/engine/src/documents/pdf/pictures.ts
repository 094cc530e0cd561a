import type { Limits } from '../limits.js';
import { boundsOf, identity, type Matrix, multiply, type Rect } from './geometry.js';
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
  /** Where the page paints pictures, in its own space. */
  pictures: Rect[];
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
  const found: Rect[] = [];
  const marks: (string | undefined)[] = [];
  const state = { found, marks, steps: 200_000, limits, total, objects };
  const known = walk(Buffer.concat(pieces).toString('latin1'), resources(dict, objects), identity, state, 0);
  return known ? { pictures: found, actualTexts: marks } : undefined;
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
  found: Rect[];
  marks: (string | undefined)[];
  /** Operators left; form XObjects may paint each other many times. */
  steps: number;
  limits: Limits;
  total: { left: number };
  objects: PdfObjects;
}

/** False where something could not be followed. */
function walk(source: string, own: PdfDict | undefined, start: Matrix, state: State, depth: number): boolean {
  if (depth > 12) return false;
  const forms = own && resolve(state.objects, own.get('XObject'));
  let matrix = start;
  const stack: Matrix[] = [];
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
      if (operator === 'q' && stack.length < 1_000) stack.push(matrix);
      else if (operator === 'Q') matrix = stack.pop() ?? matrix;
      else if (operator === 'cm') {
        const values = operands.slice(-6).map(Number);
        const [a, b, c, d, e, f] = values;
        if (f !== undefined && values.every(Number.isFinite))
          matrix = multiply(matrix, [a ?? 1, b ?? 0, c ?? 0, d ?? 1, e ?? 0, f]);
      } else if (operator === 'Do') {
        const key = operands.at(-1);
        const value = isDict(forms) && typeof key === 'string' ? forms.get(key) : undefined;
        if (isRef(value) && !paint(value.ref, own, matrix, state, depth)) return false;
      } else if (operator === 'BI') {
        state.found.push(boundsOf(matrix, 0, 0, 1, 1));
        const data = source.indexOf('ID', token.lastIndex);
        const end = /[\0\t\n\f\r ]EI(?=[\0\t\n\f\r ]|$)/g;
        end.lastIndex = data < 0 ? source.length : data + 2;
        if (!end.exec(source)) return false;
        token.lastIndex = end.lastIndex;
      }
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
  matrix: Matrix,
  state: State,
  depth: number,
): boolean {
  const object = state.objects.all.get(number);
  if (!object || !isDict(object.value)) return true;
  const subtype = resolve(state.objects, object.value.get('Subtype'));
  if (isName(subtype, 'Image')) {
    if (state.found.length < 5_000) state.found.push(boundsOf(matrix, 0, 0, 1, 1));
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
    moved,
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
