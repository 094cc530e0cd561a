import { Parser } from 'htmlparser2';
import { addActive, addOnce, addPicture, addReference, BlockList } from '../collect.js';
import { isoDate } from '../dates.js';
import { type Limits, Refusal } from '../limits.js';
import type { Contents } from '../office/docx.js';
import type { StoredPicture } from '../pictures/mark.js';
import { emptyTraces, type HiddenReason, type Traces, type Warning } from '../types.js';

import { type CssElement, declarationsOf, readSheets } from './css.js';
import { hiddenAs, longestLabel, plainPage, type Shown, shownAs } from './visibility.js';

/** Elements that begin and end a block of text. */
const blocks = new Set(
  'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead title tr ul'.split(
    ' ',
  ),
);
const skippedElements = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'svg',
  'math',
  'head',
  'select',
  'object',
]);
const voidElements = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

/**
 * Web pages. Hidden text is told from attributes, inline styles and the style sheets in the page; sheets of other files
 * are not fetched and scripts not run, and a warning says so where there are any.
 */
export function readHtml(source: string, limits: Limits): Contents {
  const traces = emptyTraces();
  const warnings: Warning[] = [];
  const list = new BlockList(limits);
  const pictures: StoredPicture[] = [];
  const sheet = readSheets(sheetsOf(source));
  // What is laid over or under other things by position may have any colour behind it.
  const coloured = !/position\s*:\s*(?:absolute|fixed)/i.test(source);
  const open: (CssElement & { shown: Shown })[] = [];
  let skipped = 0;
  let current = '';
  let currentHidden: HiddenReason | undefined;
  let otherSheets = false;
  let title = '';
  let preformatted = 0;

  const flush = (): void => {
    if (current.trim() !== '')
      list.add({ text: current, part: 'body', ...(currentHidden && { hidden: currentHidden }) });
    current = '';
    currentHidden = undefined;
  };

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (open.length > limits.depth)
          throw new Refusal('over-limit', `the page nests more than ${limits.depth} elements`, 'html');
        noteElement(name, attributes, traces, limits);
        if (name === 'img') notePicture(attributes.src ?? '', traces, pictures, limits);
        if (name === 'link' && /stylesheet/i.test(attributes.rel ?? '')) otherSheets = true;
        if (skippedElements.has(name)) skipped++;
        if (name === 'pre') preformatted++;
        if (blocks.has(name)) flush();
        if (name === 'br') current += '\n';
        if ((name === 'td' || name === 'th') && current.trim() !== '') current += '\t';
        if (voidElements.has(name)) return;
        const classes = (attributes.class ?? '')
          .toLowerCase()
          .split(/\s+/)
          .filter((one) => one !== '');
        const element = { name, id: attributes.id?.toLowerCase(), classes };
        const won = sheet.declarations([...open, element]);
        const own = new Map(attributes.style === undefined ? [] : declarationsOf(attributes.style));
        const css = (property: string): string | undefined =>
          own.get(property)?.replace(/\s*!\s*important/, '') ?? won.get(property);
        const shown = shownAs(open.at(-1)?.shown ?? plainPage, classes, attributes, css);
        open.push({ ...element, shown });
      },
      ontext(text) {
        const element = open.at(-1);
        if (element?.name === 'title' && title.length < 500) title += text;
        if (skipped > 0) return;
        const shown = element?.shown ?? plainPage;
        const label = shown.forReaders && text.trim().length <= longestLabel;
        const hidden = label ? undefined : hiddenAs(shown, coloured);
        if (hidden !== currentHidden) {
          // A stretch of spaces does not part two pieces of visible text.
          if (text.trim() === '') return;
          flush();
          currentHidden = hidden;
        }
        if (current.length <= limits.characters)
          current += preformatted > 0 ? text : text.replace(/\s+/g, ' ');
      },
      onclosetag(name) {
        if (skippedElements.has(name)) skipped = Math.max(0, skipped - 1);
        if (name === 'pre') preformatted = Math.max(0, preformatted - 1);
        if (blocks.has(name)) flush();
        if (!voidElements.has(name)) open.pop();
      },
    },
    { decodeEntities: true, lowerCaseTags: true, recognizeSelfClosing: false },
  );
  parser.write(source);
  parser.end();
  flush();
  if (title.trim() !== '') traces.title = title.replace(/\s+/g, ' ').trim();
  if (otherSheets || sheet.partly || traces.active.some((active) => active.kind === 'script'))
    warnings.push({
      code: 'not-looked-at',
      message:
        'scripts are not run, style sheets of other files are not fetched and rare rules are not worked out, so text they would hide or show is taken as it stands',
    });
  if (list.cut)
    warnings.push({
      code: 'cut',
      message: `only the first ${limits.characters} characters or ${limits.blocks} blocks were kept`,
    });
  return { blocks: list.blocks, pages: [], traces, warnings, pictures };
}

/** Texts of the style sheets in a page, but for those of other media than the screen. */
const sheetsOf = (source: string): string[] =>
  [...source.matchAll(/<style\b([^>]{0,500})>([\s\S]*?)(?:<\/style|$)/gi)]
    .filter(([, attributes]) => {
      const media = /\bmedia\s*=\s*["']?([^"'>]*)/i
        .exec(attributes ?? '')?.[1]
        ?.trim()
        .toLowerCase();
      return media === undefined || media === '' || media === 'screen' || media === 'all';
    })
    .slice(0, 50)
    .map(([, , text]) => text ?? '');

/** A picture that is written into the page. */
function notePicture(source: string, traces: Traces, pictures: StoredPicture[], limits: Limits): void {
  const head = /^data:image\/[\w.+-]{1,40};base64,/i.exec(source)?.[0];
  if (head === undefined) return;
  const bytes = Buffer.from(source.slice(head.length), 'base64');
  if (bytes.length > 0) addPicture(traces, pictures, bytes, limits);
}

function noteElement(name: string, attributes: Record<string, string>, traces: Traces, limits: Limits): void {
  const target = attributes.href ?? attributes.src ?? attributes.data;
  const kinds = {
    a: 'link',
    area: 'link',
    img: 'image',
    iframe: 'frame',
    frame: 'frame',
    object: 'object',
    embed: 'object',
    link: 'style',
    script: 'script',
  } as const;
  const kind = Object.hasOwn(kinds, name) ? kinds[name as keyof typeof kinds] : undefined;
  if (kind && target && !/^data:/i.test(target)) addReference(traces, { kind, target }, limits);
  if (name === 'script') addActive(traces, 'script', attributes.src ?? 'a script in the page', limits);
  if (name === 'form' && attributes.action) addActive(traces, 'form-submit', attributes.action, limits);
  if (/^javascript:/i.test(target ?? '')) addActive(traces, 'script', target ?? '', limits);
  const handler = Object.keys(attributes).find((attribute) => /^on[a-z]{3,30}$/.test(attribute));
  if (handler) addActive(traces, 'script', `${handler} of ${name}`, limits);
  if (name !== 'meta') return;
  const content = attributes.content ?? '';
  switch ((attributes.name ?? attributes.property ?? attributes['http-equiv'] ?? '').toLowerCase()) {
    case 'author':
    case 'dc.creator':
    case 'dcterms.creator':
      addOnce(traces.authors, content, limits);
      break;
    case 'generator':
    case 'progid':
      if (content !== '') traces.creator ??= content.slice(0, 500);
      break;
    case 'created':
    case 'dcterms.created':
    case 'article:published_time':
      if (content !== '') traces.created ??= isoDate(content);
      break;
    case 'changed':
    case 'dcterms.modified':
    case 'article:modified_time':
    case 'last-modified':
      if (content !== '') traces.modified ??= isoDate(content);
      break;
    case 'refresh':
      addActive(traces, 'on-open', `goes to ${content}`, limits);
      break;
    default:
  }
}
