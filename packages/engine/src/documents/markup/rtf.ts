import { addActive, addOnce, addPicture, addReference, BlockList, firstReason } from '../collect.js';
import { isoDate } from '../dates.js';
import { type Limits, Refusal } from '../limits.js';
import type { Contents } from '../office/docx.js';
import type { StoredPicture } from '../pictures/mark.js';
import { emptyTraces, type HiddenReason, type TraceDate, type Warning } from '../types.js';

/** What a group hands down to the groups inside it (RTF 1.9.1). */
interface Group {
  destination: Destination;
  hidden: boolean;
  colour: number;
  shaded: boolean;
  /** Half points. */
  size: number;
  /** Characters that stand in for a `\u` in older programs. */
  fallback: number;
}

type Destination =
  | { kind: 'text' }
  | { kind: 'skip' }
  | { kind: 'collect'; name: string; text: string }
  | { kind: 'date'; name: string; parts: Map<string, number> }
  | { kind: 'colours' }
  | { kind: 'picture'; hex: string[]; length: number };

const collected = new Set([
  'title',
  'author',
  'operator',
  'company',
  'manager',
  'generator',
  'fldinst',
  'template',
  'atnauthor',
]);
const dates = new Set(['creatim', 'revtim', 'printim']);
/** Destinations whose text nobody sees on the page, or that repeat it. */
const unseen = new Set(
  'fonttbl stylesheet listtable listoverridetable rsidtbl info xmlnstbl themedata colorschememapping datastore latentstyles pntext pntxta pntxtb filetbl revtbl bkmkstart bkmkend objdata objclass objname nonshppict sp sn sv xe tc txe rxe private userprops docvar mmath annotation atnid atndate atnicn'.split(
    ' ',
  ),
);

type Decoder = InstanceType<typeof TextDecoder>;

/** Code pages by `\ansicpg`; what Node does not know is read as Windows-1252. */
function decoderFor(page: number): Decoder {
  const name =
    page === 65001
      ? 'utf-8'
      : page === 932
        ? 'shift_jis'
        : page === 936
          ? 'gbk'
          : page === 949
            ? 'euc-kr'
            : page === 950
              ? 'big5'
              : `windows-${page}`;
  try {
    return new TextDecoder(name);
  } catch {
    return new TextDecoder('windows-1252');
  }
}

/** Rich Text Format. One pass, no recursion; objects and pictures are never unpacked. */
export function readRtf(bytes: Uint8Array, limits: Limits): Contents {
  const traces = emptyTraces();
  const warnings: Warning[] = [];
  const pictures: StoredPicture[] = [];
  const list = new BlockList(limits);
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  let group: Group = {
    destination: { kind: 'text' },
    hidden: false,
    colour: 0,
    shaded: false,
    size: 24,
    fallback: 1,
  };
  const stack: Group[] = [];
  let decoder = decoderFor(1252);
  const colours: { red: number; green: number; blue: number }[] = [];
  let colour = { red: 0, green: 0, blue: 0 };
  const rsids = new Set<string>();
  let pending: number[] = [];
  let toSkip = 0;
  let star = false;
  let inTable = false;
  // A shape or a page colour may lie behind any text: then its colour proves nothing.
  const painted = /\\(?:shp|do|background)(?![a-z])/.test(source);
  const current = new Map<HiddenReason | 'seen', string>();
  const times: Partial<Record<'created' | 'modified' | 'printed', TraceDate>> = {};

  const put = (text: string): void => {
    const { destination } = group;
    if (destination.kind === 'collect') {
      if (destination.text.length < 4_000) destination.text += text;
      return;
    }
    if (destination.kind === 'picture') {
      // Bounded by the file itself: two digits a byte.
      const hex = text.replace(/[^0-9a-f]/gi, '');
      destination.hex.push(hex);
      destination.length += hex.length;
      return;
    }
    if (destination.kind === 'colours') {
      for (const character of text)
        if (character === ';' && colours.length < 4_096) {
          colours.push(colour);
          colour = { red: 0, green: 0, blue: 0 };
        }
      return;
    }
    if (destination.kind !== 'text') return;
    const ink = colours[group.colour];
    const white = group.colour > 0 && ink !== undefined && ink.red + ink.green + ink.blue === 765;
    const reason = firstReason(
      group.hidden && 'marked-hidden',
      group.size > 0 && group.size < 4 && 'tiny',
      white && !group.shaded && !inTable && !painted && 'same-colour',
    );
    const key = reason ?? 'seen';
    current.set(key, (current.get(key) ?? '') + text);
  };
  const flushBytes = (): void => {
    if (pending.length === 0) return;
    put(decoder.decode(Uint8Array.from(pending)));
    pending = [];
  };
  const flushBlock = (): void => {
    for (const [key, text] of current)
      list.add({ text, part: 'body', ...(key !== 'seen' && { hidden: key }) });
    current.clear();
  };
  const closeDestination = (destination: Destination): void => {
    if (destination.kind === 'collect') {
      const text = destination.text.trim().slice(0, 500);
      if (text === '') return;
      switch (destination.name) {
        case 'author':
          addOnce(traces.authors, text, limits);
          break;
        case 'operator':
          traces.lastModifiedBy = text;
          break;
        case 'generator':
          traces.creator = text.replace(/;$/, '');
          break;
        case 'title':
        case 'company':
        case 'manager':
        case 'template':
          traces[destination.name] = text;
          break;
        case 'fldinst': {
          const link = /^\s*HYPERLINK\s+(?:\\\w\s+)*"?([^"\s]+)/i.exec(destination.text)?.[1];
          if (link) addReference(traces, { kind: 'link', target: link }, limits);
          if (/^\s*DDE(AUTO)?\b/i.test(destination.text)) addActive(traces, 'data-link', text, limits);
          if (/^\s*INCLUDE(PICTURE|TEXT)\b/i.test(destination.text))
            addReference(traces, { kind: 'other', target: text }, limits);
          break;
        }
        default:
      }
    } else if (destination.kind === 'date') {
      const { parts } = destination;
      const two = (name: string): string => String(parts.get(name) ?? 0).padStart(2, '0');
      if (!parts.has('yr')) return;
      const date = isoDate(
        `${String(parts.get('yr')).padStart(4, '0')}-${two('mo')}-${two('dy')}T${two('hr')}:${two('min')}:${two('sec')}`,
      );
      if (destination.name === 'creatim') times.created = date;
      else if (destination.name === 'revtim') times.modified = date;
      else times.printed = date;
    } else if (destination.kind === 'picture' && destination.length > 0) {
      const image = Buffer.from(destination.hex.join(''), 'hex');
      addPicture(traces, pictures, image, limits);
    }
  };

  const control = (word: string, number: number | undefined): void => {
    const on = number !== 0;
    switch (word) {
      case 'par':
      case 'sect':
      case 'page':
        if (group.destination.kind === 'text') flushBlock();
        return;
      case 'row':
        if (group.destination.kind === 'text') flushBlock();
        return;
      case 'intbl':
        inTable = true;
        return;
      case 'pard':
        inTable = false;
        group.shaded = false;
        return;
      case 'line':
        put('\n');
        return;
      case 'tab':
      case 'cell':
      case 'nestcell':
        put('\t');
        return;
      case 'emdash':
        put('—');
        return;
      case 'endash':
        put('–');
        return;
      case 'bullet':
        put('•');
        return;
      case 'lquote':
        put('‘');
        return;
      case 'rquote':
        put('’');
        return;
      case 'ldblquote':
        put('“');
        return;
      case 'rdblquote':
        put('”');
        return;
      case 'v':
        group.hidden = on;
        return;
      case 'plain':
        group.hidden = false;
        group.colour = 0;
        group.size = 24;
        return;
      case 'cf':
        group.colour = number ?? 0;
        return;
      case 'cb':
      case 'highlight':
      case 'chcbpat':
      case 'cbpat':
      case 'chshdng':
      case 'shading':
        if ((number ?? 0) > 0) group.shaded = true;
        return;
      case 'fs':
        group.size = number ?? 24;
        return;
      case 'red':
      case 'green':
      case 'blue':
        if (group.destination.kind === 'colours') colour[word] = number ?? 0;
        return;
      case 'uc':
        group.fallback = Math.min(8, Math.max(0, number ?? 1));
        return;
      case 'u':
        if (number !== undefined) put(String.fromCharCode(number < 0 ? number + 65_536 : number));
        toSkip = group.fallback;
        return;
      case 'ansicpg':
        decoder = decoderFor(number ?? 1252);
        return;
      case 'mac':
        decoder = new TextDecoder('macintosh');
        return;
      case 'version':
      case 'edmins':
        if (number !== undefined && word === 'edmins') traces.editingMinutes = number;
        return;
      case 'rsidroot':
      case 'rsid':
      case 'insrsid':
        if (number !== undefined && number >= 0) {
          const id = number.toString(16).toUpperCase().padStart(8, '0');
          if (word === 'rsidroot') traces.rsidRoot = id;
          if (rsids.size < limits.traces) rsids.add(id);
        }
        return;
      case 'colortbl':
        group.destination = { kind: 'colours' };
        return;
      case 'pict':
        group.destination = { kind: 'picture', hex: [], length: 0 };
        return;
      case 'object':
        addActive(traces, 'attachment', 'an embedded object', limits);
        return;
      case 'objupdate':
        addActive(traces, 'on-open', 'an embedded object that updates when the file is opened', limits);
        return;
      case 'result':
        group.destination = { kind: 'text' };
        return;
      default:
    }
    if (group.destination.kind === 'date') {
      if (number !== undefined) group.destination.parts.set(word, number);
      return;
    }
    if (dates.has(word)) group.destination = { kind: 'date', name: word, parts: new Map() };
    else if (collected.has(word)) group.destination = { kind: 'collect', name: word, text: '' };
    else if (unseen.has(word)) group.destination = { kind: 'skip' };
    else if (star) group.destination = { kind: 'skip' };
  };

  const token =
    /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\$/gy;
  while (token.lastIndex < source.length) {
    const match = token.exec(source);
    if (!match) break;
    const [, word, digits, hex, symbol, brace, plain] = match;
    if (hex !== undefined) {
      if (toSkip > 0) toSkip--;
      else pending.push(Number.parseInt(hex, 16));
      continue;
    }
    flushBytes();
    if (brace === '{') {
      if (stack.length >= limits.depth * 4)
        throw new Refusal('over-limit', `the file nests more than ${limits.depth * 4} groups`, 'rtf');
      stack.push(group);
      group = { ...group };
      toSkip = 0;
      star = false;
    } else if (brace === '}') {
      const before = stack.pop();
      if (before) {
        if (before.destination !== group.destination) closeDestination(group.destination);
        group = before;
      }
      toSkip = 0;
      star = false;
    } else if (word !== undefined) {
      const number = digits === undefined ? undefined : Number(digits);
      if (word === 'bin' && number !== undefined && number > 0) token.lastIndex += number;
      else if (toSkip > 0) toSkip--;
      else control(word, number);
      star = false;
    } else if (symbol !== undefined) {
      if (symbol === '*') star = true;
      else if (symbol === '~') put(' ');
      else if (symbol === '_') put('-');
      else if (symbol === '\n' || symbol === '\r') flushBlock();
      else if (symbol === '\\' || symbol === '{' || symbol === '}') put(symbol);
    } else if (plain !== undefined) {
      const text = toSkip > 0 ? plain.slice(toSkip) : plain;
      toSkip = Math.max(0, toSkip - plain.length);
      if (text !== '')
        put(decoder.encoding === 'windows-1252' ? text : decoder.decode(Buffer.from(text, 'latin1')));
    }
  }
  flushBytes();
  flushBlock();
  if (stack.length > 0)
    warnings.push({ code: 'damaged-part', message: 'the file is cut off: groups are left open' });
  Object.assign(traces, times);
  traces.rsids = [...rsids].sort();
  if (list.cut)
    warnings.push({
      code: 'cut',
      message: `only the first ${limits.characters} characters or ${limits.blocks} blocks were kept`,
    });
  return { blocks: list.blocks, pages: [], traces, warnings, pictures };
}
