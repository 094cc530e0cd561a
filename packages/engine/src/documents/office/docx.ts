import {
  addActive,
  addContributor,
  addPicture,
  addReference,
  BlockList,
  firstReason,
  tidy,
} from '../collect.js';
import { isoDate } from '../dates.js';
import { type Limits, Refusal } from '../limits.js';
import type { StoredPicture } from '../pictures/mark.js';
import {
  type Block,
  emptyTraces,
  type HiddenReason,
  type Page,
  type Reference,
  type Traces,
  type Warning,
} from '../types.js';
import { readXml } from '../xml.js';
import type { Zip } from '../zip.js';
import { type DocxStyles, type Look, readStyles, takeLook } from './docx-styles.js';
import { appProperties, coreProperties } from './properties.js';

/** What a format's reader returns; `readDocument` adds the rest. */
export interface Contents {
  blocks: Block[];
  pages: Page[];
  stated?: { name?: string; location?: string };
  traces: Traces;
  warnings: Warning[];
  /** Whose looks are still to be noted. */
  pictures?: StoredPicture[];
}

/** Word documents (ECMA-376; transitional and strict differ only in namespaces, which are not looked at). */
export function readDocx(zip: Zip, limits: Limits): Contents {
  const traces = emptyTraces();
  const warnings: Warning[] = [];
  const pictures: StoredPicture[] = [];
  const list = new BlockList(limits);
  const names = zip.entries.map((entry) => entry.name);
  const main = mainPart(zip, limits);
  const folder = main.includes('/') ? main.slice(0, main.lastIndexOf('/') + 1) : '';
  const optional = (name: string, read: (bytes: Uint8Array) => void): void => {
    if (!zip.has(name)) return;
    try {
      read(zip.read(name));
    } catch (error) {
      // A bomb is refused wherever it lies; any other damage of a side part leaves the rest readable.
      if (error instanceof Refusal && error.reason === 'damaged')
        warnings.push({ code: 'damaged-part', message: error.message });
      else throw error;
    }
  };

  const side = (pattern: RegExp): string[] =>
    names.filter((name) => name.startsWith(folder) && pattern.test(name.slice(folder.length))).sort();
  let styles: DocxStyles = { of: () => undefined, base: {} };
  optional(`${folder}styles.xml`, (bytes) => {
    styles = readStyles(bytes, limits);
  });
  const headers = side(/^header\d*\.xml$/);
  // A page colour, or a shape or picture that floats, may lie behind any text of the page.
  const floats = [main, ...headers].some((name) => zip.has(name) && paintsBehind(zip.read(name)));
  const looks = { styles, floats };
  for (const name of headers)
    optional(name, (bytes) => readBody(bytes, name, 'header', looks, list, traces, limits));
  readBody(zip.read(main), main, 'body', looks, list, traces, limits);
  for (const name of side(/^(footnotes|endnotes)\.xml$/))
    optional(name, (bytes) => readBody(bytes, name, 'note', looks, list, traces, limits));
  for (const name of side(/^footer\d*\.xml$/))
    optional(name, (bytes) => readBody(bytes, name, 'footer', looks, list, traces, limits));

  optional('docProps/core.xml', (bytes) => coreProperties(bytes, traces, limits));
  optional('docProps/app.xml', (bytes) => appProperties(bytes, traces, limits));
  optional(`${folder}settings.xml`, (bytes) => readSettings(bytes, traces, limits));
  optional(`${folder}comments.xml`, (bytes) => readComments(bytes, traces, limits));
  optional(`${folder}fontTable.xml`, (bytes) => readFonts(bytes, traces, limits));
  for (const name of names.filter((entry) => entry.endsWith('.rels')).sort())
    optional(name, (bytes) => readRelations(bytes, name, traces, limits));
  for (const name of names.slice().sort()) {
    if (name.startsWith(`${folder}media/`))
      optional(name, (bytes) => addPicture(traces, pictures, bytes, limits));
    else if (/(^|\/)vbaProject\.bin$/i.test(name)) addActive(traces, 'macro', `macros (${name})`, limits);
    else if (/(^|\/)(embeddings|activeX)\/[^/]+\.(?!xml|rels)/i.test(name))
      addActive(traces, 'attachment', name, limits);
  }
  if (list.cut)
    warnings.push({
      code: 'cut',
      message: `only the first ${limits.characters} characters or ${limits.blocks} blocks were kept`,
    });
  return { blocks: list.blocks, pages: [], traces, warnings, pictures };
}

/** The part that `_rels/.rels` names as the document; its usual name where that says nothing. */
function mainPart(zip: Zip, limits: Limits): string {
  let target: string | undefined;
  if (zip.has('_rels/.rels'))
    readXml(zip.read('_rels/.rels'), limits, '_rels/.rels', {
      open(name, attributes) {
        if (name === 'Relationship' && /\/officeDocument$/.test(attributes.Type ?? ''))
          target ??= attributes.Target;
      },
    });
  const found = target?.replace(/^\/+/, '');
  if (found && zip.has(found)) return found;
  if (zip.has('word/document.xml')) return 'word/document.xml';
  throw new Refusal('damaged', 'the archive has no Word document');
}

interface Paragraph {
  /** Visible text, and hidden text by its reason. */
  text: string;
  hidden: Map<HiddenReason, string>;
  /** What its style gives; undefined where the style is not known. */
  style: Look | undefined;
  /** Its own shading. */
  paper: string | undefined;
  part: Block['part'];
}

/** What decides how text of a part shows, beside the part itself. */
interface Looks {
  styles: DocxStyles;
  floats: boolean;
}

interface Run {
  style: Look | undefined;
  /** What it says of itself. */
  own: Look;
}

function paintsBehind(bytes: Uint8Array): boolean {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return ['<w:background', '<wp:anchor', '<v:rect', '<v:shape', '<v:roundrect', '<v:background'].some((tag) =>
    data.includes(tag),
  );
}

/** The colour behind a run: the nearest shading, else white paper; undefined where it cannot be told. */
function behind(run: string | undefined, paragraph: string | undefined): string | undefined {
  const nearest = run !== undefined && run !== 'none' ? run : paragraph;
  if (nearest === 'other') return undefined;
  return nearest === undefined || nearest === 'none' ? 'ffffff' : nearest;
}

/** A body, header, footer or notes part: paragraphs in order, a table row of short cells as one line. */
function readBody(
  bytes: Uint8Array,
  part: string,
  place: Block['part'],
  looks: Looks,
  list: BlockList,
  traces: Traces,
  limits: Limits,
): void {
  const paragraphs: Paragraph[] = [];
  const rows: { cells: Paragraph[][] }[] = [];
  let run: Run | undefined;
  let properties = 0;
  let inText = false;
  let skipped = 0;
  let deleted = 0;
  let boxes = 0;
  /** A drawing or a page colour may lie behind the text: then its colour proves nothing. */
  let background = looks.floats;
  let field = '';
  let inField = false;

  const put = (text: string): void => {
    const paragraph = paragraphs.at(-1);
    if (!paragraph || skipped > 0 || deleted > 0) return;
    const look: Look = { ...looks.styles.base, ...paragraph.style, ...run?.style, ...run?.own };
    const known = paragraph.style !== undefined && (run === undefined || run.style !== undefined);
    // A table cell and a text box may be painted by a style of their own.
    const certain = known && !background && boxes === 0 && rows.length === 0;
    const paper = behind(look.paper, paragraph.paper);
    const reason = firstReason(
      look.vanish && 'marked-hidden',
      look.tiny && 'tiny',
      certain && paper !== undefined && look.ink === paper && 'same-colour',
    );
    if (!reason) paragraph.text += text;
    else paragraph.hidden.set(reason, (paragraph.hidden.get(reason) ?? '') + text);
  };
  const emit = (paragraph: Paragraph): void => {
    list.add({ text: paragraph.text, part: paragraph.part });
    for (const [hidden, text] of paragraph.hidden) list.add({ text, part: paragraph.part, hidden });
  };

  readXml(bytes, limits, part, {
    open(name, attributes, qualified) {
      const value = attributes['w:val'] ?? attributes.val;
      switch (name) {
        // Word writes a drawing twice, for itself and for older programs.
        case 'Fallback':
          skipped++;
          return;
        case 'background':
          background = true;
          return;
        case 'txbxContent':
          boxes++;
          return;
        case 'p':
          if (!qualified.startsWith('a:'))
            paragraphs.push({
              text: '',
              hidden: new Map(),
              style: {},
              paper: undefined,
              part: boxes > 0 && place === 'body' ? 'text-box' : place,
            });
          return;
        case 'r':
          run = { style: {}, own: {} };
          return;
        case 'pPr':
        case 'rPr':
        case 'tcPr':
          properties++;
          return;
        case 'vanish':
        case 'color':
        case 'sz':
        case 'highlight':
        case 'shd': {
          // The same elements inside `pPr` are about the paragraph mark, but for its shading.
          if (run && properties > 0) takeLook(run.own, name, attributes);
          else if (name === 'shd' && properties > 0) {
            const paragraph = paragraphs.at(-1);
            const look: Look = {};
            takeLook(look, name, attributes);
            if (paragraph) paragraph.paper = look.paper;
          }
          return;
        }
        case 'pStyle': {
          const paragraph = paragraphs.at(-1);
          if (paragraph) paragraph.style = looks.styles.of(value ?? '');
          return;
        }
        case 'rStyle':
          if (run) run.style = looks.styles.of(value ?? '');
          return;
        case 't':
          inText = true;
          return;
        case 'tab':
          if (run && properties === 0) put('\t');
          return;
        case 'br':
        case 'cr':
          if (run) put('\n');
          return;
        case 'noBreakHyphen':
          put('-');
          return;
        case 'sym':
          if (run) put(' ');
          return;
        case 'del':
        case 'ins':
        case 'moveFrom':
          if (properties === 0) {
            const deletion = name !== 'ins';
            if (deletion) deleted++;
            const date = attributes['w:date'] ?? attributes.date;
            addContributor(
              traces,
              attributes['w:author'] ?? attributes.author,
              deletion ? 'deletion' : 'insertion',
              date === undefined ? undefined : isoDate(date),
              limits,
            );
          }
          return;
        case 'instrText':
          inField = true;
          return;
        case 'tr':
          rows.push({ cells: [] });
          return;
        case 'tc':
          rows.at(-1)?.cells.push([]);
          return;
        default:
      }
    },
    text(text) {
      if (inText) put(text);
      else if (inField && field.length < 4_000) field += text;
    },
    close(name, qualified) {
      switch (name) {
        case 'Fallback':
          skipped--;
          return;
        case 'txbxContent':
          boxes--;
          return;
        case 'r':
          run = undefined;
          return;
        case 'pPr':
        case 'rPr':
        case 'tcPr':
          properties--;
          return;
        case 't':
          inText = false;
          return;
        case 'del':
        case 'moveFrom':
          if (properties === 0 && deleted > 0) deleted--;
          return;
        case 'instrText':
          inField = false;
          noteField(field, traces, limits);
          field = '';
          return;
        case 'p': {
          if (qualified.startsWith('a:')) return;
          const paragraph = paragraphs.pop();
          if (!paragraph) return;
          const cell = boxes === 0 ? rows.at(-1)?.cells.at(-1) : undefined;
          if (cell) cell.push(paragraph);
          else emit(paragraph);
          return;
        }
        case 'tr': {
          const row = rows.pop();
          if (!row) return;
          // A table inside a cell is read where it stands: before what is left of the outer row.
          const cells = row.cells.map((cell) => cell.filter((paragraph) => tidy(paragraph.text) !== ''));
          if (cells.every((cell) => cell.length <= 1)) {
            list.add({
              text: cells.map((cell) => tidy(cell[0]?.text ?? '').replace(/\t/g, ' ')).join('\t'),
              part: place,
            });
            for (const paragraph of row.cells.flat()) emit({ ...paragraph, text: '' });
          } else for (const paragraph of row.cells.flat()) emit(paragraph);
          return;
        }
        default:
      }
    },
  });
}

/** Field codes that name a target or start a program. */
function noteField(code: string, traces: Traces, limits: Limits): void {
  const link = /^\s*HYPERLINK\s+(?:\\\w\s+)*"?([^"\s]+)/i.exec(code)?.[1];
  if (link) addReference(traces, { kind: 'link', target: link }, limits);
  const picture = /^\s*INCLUDE(?:PICTURE|TEXT)\s+"?([^"\s]+)/i.exec(code)?.[1];
  if (picture) addReference(traces, { kind: 'other', target: picture }, limits);
  if (/^\s*DDE(AUTO)?\b/i.test(code)) addActive(traces, 'data-link', code, limits);
}

/** `rsid`s: Word marks what was written in one session with one number (ECMA-376 part 1, 17.15.1.70). */
function readSettings(bytes: Uint8Array, traces: Traces, limits: Limits): void {
  const all = new Set<string>();
  readXml(bytes, limits, 'settings.xml', {
    open(name, attributes) {
      const value = (attributes['w:val'] ?? attributes.val)?.toUpperCase();
      if (!value || !/^[0-9A-F]{8}$/.test(value)) return;
      if (name === 'rsidRoot') traces.rsidRoot = value;
      if ((name === 'rsid' || name === 'rsidRoot') && all.size < limits.traces) all.add(value);
    },
  });
  traces.rsids = [...all].sort();
}

function readComments(bytes: Uint8Array, traces: Traces, limits: Limits): void {
  let text: string | undefined;
  let author: string | undefined;
  let date: string | undefined;
  readXml(bytes, limits, 'comments.xml', {
    open(name, attributes) {
      if (name === 'comment') {
        text = '';
        author = attributes['w:author'] ?? attributes.author;
        date = attributes['w:date'] ?? attributes.date;
      } else if (name === 'p' && text) text += '\n';
    },
    text(part) {
      if (text !== undefined && text.length < 4_000) text += part;
    },
    close(name) {
      if (name !== 'comment' || text === undefined) return;
      const when = date === undefined ? undefined : isoDate(date);
      addContributor(traces, author, 'comment', when, limits);
      if (traces.comments.length < limits.traces)
        traces.comments.push({
          text: tidy(text).slice(0, 2_000),
          ...(author && { author: author.slice(0, 200) }),
          ...(when && { date: when }),
        });
      text = undefined;
    },
  });
}

function readFonts(bytes: Uint8Array, traces: Traces, limits: Limits): void {
  const fonts = new Set<string>();
  readXml(bytes, limits, 'fontTable.xml', {
    open(name, attributes) {
      const font = attributes['w:name'] ?? attributes.name;
      if (name === 'font' && font && fonts.size < limits.traces) fonts.add(font.slice(0, 120));
    },
  });
  traces.fonts = [...fonts].sort();
}

const relationKinds: Record<string, Reference['kind']> = {
  hyperlink: 'link',
  image: 'image',
  attachedTemplate: 'template',
  oleObject: 'object',
  package: 'object',
  frame: 'frame',
};

function readRelations(bytes: Uint8Array, part: string, traces: Traces, limits: Limits): void {
  readXml(bytes, limits, part, {
    open(name, attributes) {
      if (name !== 'Relationship' || attributes.TargetMode !== 'External') return;
      const type = (attributes.Type ?? '').slice((attributes.Type ?? '').lastIndexOf('/') + 1);
      addReference(traces, { kind: relationKinds[type] ?? 'other', target: attributes.Target ?? '' }, limits);
      if (type === 'attachedTemplate' && attributes.Target) traces.template = attributes.Target.slice(0, 500);
    },
  });
}
