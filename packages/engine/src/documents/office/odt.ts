import {
  addActive,
  addContributor,
  addOnce,
  addPicture,
  addReference,
  BlockList,
  firstReason,
  tidy,
} from '../collect.js';
import { isoDate } from '../dates.js';
import { type Limits, Refusal } from '../limits.js';
import type { StoredPicture } from '../pictures/mark.js';
import { type Block, emptyTraces, type HiddenReason, type Traces, type Warning } from '../types.js';
import { readXml } from '../xml.js';
import type { Zip } from '../zip.js';
import type { Contents } from './docx.js';

/** OpenDocument text (ISO/IEC 26300; OASIS ODF 1.3). */
export function readOdt(zip: Zip, limits: Limits): Contents {
  const traces = emptyTraces();
  const warnings: Warning[] = [];
  const pictures: StoredPicture[] = [];
  const list = new BlockList(limits);
  if (zip.has('META-INF/manifest.xml')) refuseEncrypted(zip.read('META-INF/manifest.xml'), limits);
  const styles = new Map<string, Style>();
  // A shape or a page colour may lie behind any text: then its colour proves nothing.
  const painted = ['styles.xml', 'content.xml'].some((name) => zip.has(name) && paintsBehind(zip.read(name)));
  if (zip.has('styles.xml'))
    readPart(zip.read('styles.xml'), 'styles.xml', styles, painted, list, traces, limits);
  readPart(zip.read('content.xml'), 'content.xml', styles, painted, list, traces, limits);
  if (zip.has('meta.xml')) readMeta(zip.read('meta.xml'), traces, limits);
  for (const name of zip.entries.map((entry) => entry.name).sort()) {
    if (/^(Pictures|media)\/./.test(name)) {
      const bytes = zip.read(name);
      addPicture(traces, pictures, bytes, limits);
    } else if (/^(Basic|Scripts)\/.+\.(xml|py|js|bsh)$/.test(name) && !/script-(lb|lc)\.xml$/.test(name))
      addActive(traces, 'macro', name, limits);
    else if (/^(Object \d+|ObjectReplacements\/.+\.bin)$/.test(name))
      addActive(traces, 'attachment', name, limits);
  }
  traces.fonts.sort();
  if (list.cut)
    warnings.push({
      code: 'cut',
      message: `only the first ${limits.characters} characters or ${limits.blocks} blocks were kept`,
    });
  return { blocks: list.blocks, pages: [], traces, warnings, pictures };
}

function paintsBehind(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (/<draw:(?:frame|rect|custom-shape|polygon|path|ellipse)\b/.test(text)) return true;
  return [...text.matchAll(/<style:page-layout-properties\b[^>]{0,4000}>/g)].some(
    ([tag]) => /fo:background-color="#(?!f{6}")/i.test(tag) || /draw:fill="(?!none)/.test(tag),
  );
}

function refuseEncrypted(bytes: Uint8Array, limits: Limits): void {
  readXml(bytes, limits, 'META-INF/manifest.xml', {
    open(name) {
      if (name === 'encryption-data')
        throw new Refusal('encrypted', 'a password is needed to open this OpenDocument file');
    },
  });
}

/** What a style says of itself; `undefined` where it leaves that to its parent. */
interface Style {
  parent?: string;
  hidden?: boolean;
  white?: boolean;
  shaded?: boolean;
  tiny?: boolean;
}

function inherited<K extends 'hidden' | 'white' | 'shaded' | 'tiny'>(
  styles: ReadonlyMap<string, Style>,
  name: string | undefined,
  key: K,
): boolean {
  let style = name === undefined ? undefined : styles.get(name);
  // Bounded: styles may name each other in a circle.
  for (let step = 0; style && step < 20; step++) {
    const value = style[key];
    if (value !== undefined) return value;
    style = style.parent === undefined ? undefined : styles.get(style.parent);
  }
  return false;
}

interface Paragraph {
  text: string;
  hidden: Map<HiddenReason, string>;
  part: Block['part'];
}

function readPart(
  bytes: Uint8Array,
  part: string,
  styles: Map<string, Style>,
  painted: boolean,
  list: BlockList,
  traces: Traces,
  limits: Limits,
): void {
  const paragraphs: Paragraph[] = [];
  const spans: (string | undefined)[] = [];
  const rows: Paragraph[][][] = [];
  const places: Block['part'][] = [];
  let style: Style | undefined;
  let skipped = 0;
  let capture: { into: 'creator' | 'date' | 'text'; text: string } | undefined;
  let note:
    | { kind: 'comment' | 'insertion' | 'deletion' | 'change'; creator?: string; date?: string; text: string }
    | undefined;

  const put = (text: string): void => {
    const paragraph = paragraphs.at(-1);
    if (!paragraph || skipped > 0) return;
    const any = (key: 'hidden' | 'white' | 'shaded' | 'tiny'): boolean =>
      spans.some((name) => inherited(styles, name, key));
    const reason = firstReason(
      any('hidden') && 'marked-hidden',
      any('tiny') && 'tiny',
      // A table or a frame may be painted; then white text proves nothing.
      any('white') && !any('shaded') && !painted && rows.length === 0 && places.length === 0 && 'same-colour',
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
      const styleName = attributes['text:style-name'] ?? attributes['style-name'];
      switch (qualified) {
        case 'style:style':
        case 'style:default-style': {
          style = {};
          const parent = attributes['style:parent-style-name'];
          if (parent !== undefined) style.parent = parent;
          if (attributes['style:name'] !== undefined && styles.size < 20_000)
            styles.set(attributes['style:name'], style);
          return;
        }
        case 'style:text-properties':
        case 'style:paragraph-properties': {
          if (!style) return;
          if (attributes['text:display'] === 'none') style.hidden = true;
          const colour = attributes['fo:color'];
          if (colour !== undefined && qualified === 'style:text-properties')
            style.white = /^#f{6}$/i.test(colour);
          const behind = attributes['fo:background-color'];
          if (behind !== undefined && behind !== 'transparent' && !/^#f{6}$/i.test(behind))
            style.shaded = true;
          const size = /^([\d.]{1,8})pt$/.exec(attributes['fo:font-size'] ?? '')?.[1];
          if (size !== undefined) style.tiny = Number(size) > 0 && Number(size) < 2;
          return;
        }
        case 'style:font-face':
          addOnce(traces.fonts, attributes['style:name'], limits);
          return;
        case 'style:header':
        case 'style:header-first':
        case 'style:header-left':
          places.push('header');
          return;
        case 'style:footer':
        case 'style:footer-first':
        case 'style:footer-left':
          places.push('footer');
          return;
        case 'text:note-body':
          places.push('note');
          return;
        case 'draw:text-box':
          places.push('text-box');
          return;
        case 'text:p':
        case 'text:h':
          if (note) return;
          paragraphs.push({ text: '', hidden: new Map(), part: places.at(-1) ?? 'body' });
          spans.push(styleName);
          return;
        case 'text:span':
          spans.push(styleName);
          return;
        case 'text:tab':
          put('\t');
          return;
        case 'text:line-break':
          put('\n');
          return;
        case 'text:s':
          put(' '.repeat(Math.min(100, Number(attributes['text:c'] ?? 1) || 1)));
          return;
        case 'text:hidden-text':
        case 'text:hidden-paragraph': {
          const text = attributes['text:string-value'];
          if (text) list.add({ text, part: places.at(-1) ?? 'body', hidden: 'marked-hidden' });
          return;
        }
        case 'text:tracked-changes':
        case 'text:note-citation':
        case 'text:variable-decls':
        case 'text:sequence-decls':
          skipped++;
          return;
        case 'text:insertion':
        case 'text:deletion':
        case 'text:format-change':
          note = {
            kind: name === 'insertion' ? 'insertion' : name === 'deletion' ? 'deletion' : 'change',
            text: '',
          };
          return;
        case 'office:annotation':
          note = { kind: 'comment', text: '' };
          skipped++;
          return;
        case 'dc:creator':
          if (note) capture = { into: 'creator', text: '' };
          return;
        case 'dc:date':
          if (note) capture = { into: 'date', text: '' };
          return;
        case 'text:a':
        case 'draw:a':
          addReference(traces, { kind: 'link', target: attributes['xlink:href'] ?? '' }, limits);
          return;
        case 'draw:image':
          if (/^(https?|file|ftp):|^\\\\/i.test(attributes['xlink:href'] ?? ''))
            addReference(traces, { kind: 'image', target: attributes['xlink:href'] ?? '' }, limits);
          return;
        case 'draw:object':
        case 'draw:object-ole':
          if (/^(https?|file|ftp):|^\\\\/i.test(attributes['xlink:href'] ?? ''))
            addReference(traces, { kind: 'object', target: attributes['xlink:href'] ?? '' }, limits);
          return;
        case 'office:dde-source':
          addActive(traces, 'data-link', `${attributes['office:dde-application'] ?? 'DDE'}`, limits);
          return;
        case 'script:event-listener':
          addActive(
            traces,
            'script',
            attributes['xlink:href'] ?? attributes['script:event-name'] ?? '',
            limits,
          );
          return;
        case 'table:table-row':
          rows.push([]);
          return;
        case 'table:table-cell':
          rows.at(-1)?.push([]);
          return;
        default:
      }
    },
    text(text) {
      if (capture) capture.text += text.slice(0, 500);
      else if (note) {
        if (note.kind === 'comment' && note.text.length < 4_000) note.text += text;
      } else put(text.replace(/\s+/g, ' '));
    },
    close(_name, qualified) {
      switch (qualified) {
        case 'style:style':
        case 'style:default-style':
          style = undefined;
          return;
        case 'style:header':
        case 'style:header-first':
        case 'style:header-left':
        case 'style:footer':
        case 'style:footer-first':
        case 'style:footer-left':
        case 'text:note-body':
        case 'draw:text-box':
          places.pop();
          return;
        case 'text:span':
          spans.pop();
          return;
        case 'text:p':
        case 'text:h': {
          if (note) {
            note.text += '\n';
            return;
          }
          spans.pop();
          const paragraph = paragraphs.pop();
          if (!paragraph) return;
          const cell = paragraph.part === 'text-box' ? undefined : rows.at(-1)?.at(-1);
          if (cell) cell.push(paragraph);
          else emit(paragraph);
          return;
        }
        case 'text:tracked-changes':
        case 'text:note-citation':
        case 'text:variable-decls':
        case 'text:sequence-decls':
          skipped--;
          return;
        case 'dc:creator':
        case 'dc:date':
          if (note && capture) {
            if (capture.into === 'creator') note.creator = capture.text;
            else note.date = capture.text;
          }
          capture = undefined;
          return;
        case 'text:insertion':
        case 'text:deletion':
        case 'text:format-change':
        case 'office:annotation': {
          if (!note) return;
          const date = note.date === undefined ? undefined : isoDate(note.date);
          addContributor(traces, note.creator, note.kind, date, limits);
          if (qualified === 'office:annotation') {
            skipped--;
            if (traces.comments.length < limits.traces)
              traces.comments.push({
                text: tidy(note.text).slice(0, 2_000),
                ...(note.creator && { author: note.creator.slice(0, 200) }),
                ...(date && { date }),
              });
          }
          note = undefined;
          return;
        }
        case 'table:table-row': {
          const cells = rows.pop() ?? [];
          const filled = cells.map((cell) => cell.filter((paragraph) => tidy(paragraph.text) !== ''));
          if (filled.every((cell) => cell.length <= 1)) {
            list.add({
              text: filled.map((cell) => tidy(cell[0]?.text ?? '').replace(/\t/g, ' ')).join('\t'),
              part: places.at(-1) ?? 'body',
            });
            for (const paragraph of cells.flat()) emit({ ...paragraph, text: '' });
          } else for (const paragraph of cells.flat()) emit(paragraph);
          return;
        }
        default:
      }
    },
  });
}

/** `meta.xml` (ODF 1.3 part 3, 4.3). */
function readMeta(bytes: Uint8Array, traces: Traces, limits: Limits): void {
  let text = '';
  readXml(bytes, limits, 'meta.xml', {
    open(_name, attributes, qualified) {
      text = '';
      if (qualified !== 'meta:template') return;
      const target = attributes['xlink:href'] ?? attributes['xlink:title'];
      if (target) traces.template = target.slice(0, 500);
    },
    text(part) {
      if (text.length < 2_000) text += part;
    },
    close(_name, qualified) {
      const value = text.trim().slice(0, 500);
      text = '';
      if (value === '') return;
      switch (qualified) {
        case 'meta:initial-creator':
          addOnce(traces.authors, value, limits);
          break;
        case 'dc:creator':
          traces.lastModifiedBy = value;
          break;
        case 'dc:title':
          traces.title = value;
          break;
        case 'meta:creation-date':
          traces.created = isoDate(value);
          break;
        case 'dc:date':
          traces.modified = isoDate(value);
          break;
        case 'meta:print-date':
          traces.printed = isoDate(value);
          break;
        case 'meta:generator':
          traces.creator = value;
          break;
        case 'meta:editing-cycles':
          if (/^\d{1,9}$/.test(value)) traces.revision = Number(value);
          break;
        case 'meta:editing-duration': {
          const match = /^P(?:(\d{1,5})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:[\d.]{1,10}S)?)?$/.exec(value);
          if (match)
            traces.editingMinutes =
              Number(match[1] ?? 0) * 1440 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
          break;
        }
        default:
      }
    },
  });
}
