import { Parser } from 'htmlparser2';
import { addActive, addOnce, addReference, BlockList } from '../collect.js';
import { isoDate } from '../dates.js';
import { type Limits, Refusal } from '../limits.js';
import type { Contents } from '../office/docx.js';
import { emptyTraces, type HiddenReason, type Traces, type Warning } from '../types.js';

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
 * Web pages. Hidden text is told from attributes and inline styles only; what style sheets and scripts would do is not
 * worked out, and a warning says so where there are any.
 */
export function readHtml(source: string, limits: Limits): Contents {
  const traces = emptyTraces();
  const warnings: Warning[] = [];
  const list = new BlockList(limits);
  const open: { name: string; hidden: HiddenReason | undefined; painted: boolean }[] = [];
  let skipped = 0;
  let current = '';
  let currentHidden: HiddenReason | undefined;
  let sheets = false;
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
        if (name === 'style' || (name === 'link' && /stylesheet/i.test(attributes.rel ?? ''))) sheets = true;
        if (skippedElements.has(name)) skipped++;
        if (name === 'pre') preformatted++;
        if (blocks.has(name)) flush();
        if (name === 'br') current += '\n';
        if ((name === 'td' || name === 'th') && current.trim() !== '') current += '\t';
        if (voidElements.has(name)) return;
        const parent = open.at(-1);
        const style = inlineStyle(attributes.style ?? '');
        const painted = (parent?.painted ?? false) || style.painted || 'bgcolor' in attributes;
        open.push({
          name,
          painted,
          hidden: parent?.hidden ?? hiddenBy(attributes, style, painted),
        });
      },
      ontext(text) {
        const element = open.at(-1);
        if (element?.name === 'title' && title.length < 500) title += text;
        if (skipped > 0) return;
        const hidden = element?.hidden;
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
  if (sheets || traces.active.some((active) => active.kind === 'script'))
    warnings.push({
      code: 'not-looked-at',
      message: 'style sheets and scripts are not run, so text they would hide or show is taken as it stands',
    });
  if (list.cut)
    warnings.push({
      code: 'cut',
      message: `only the first ${limits.characters} characters or ${limits.blocks} blocks were kept`,
    });
  return { blocks: list.blocks, pages: [], traces, warnings };
}

interface InlineStyle {
  get(property: string): string | undefined;
  painted: boolean;
}

function inlineStyle(text: string): InlineStyle {
  const properties = new Map<string, string>();
  for (const declaration of text.slice(0, 4_000).split(';')) {
    const colon = declaration.indexOf(':');
    if (colon < 0) continue;
    const value = declaration
      .slice(colon + 1)
      .replace(/!\s*important/i, '')
      .trim()
      .toLowerCase();
    properties.set(declaration.slice(0, colon).trim().toLowerCase(), value);
  }
  const background = properties.get('background') ?? properties.get('background-color');
  return {
    get: (property) => properties.get(property),
    painted:
      properties.has('background-image') ||
      (background !== undefined && !isWhite(background) && !/^(transparent|none|inherit)$/.test(background)),
  };
}

const isWhite = (colour: string): boolean =>
  /^(white|#fff|#ffffff|rgba?\(\s*255\s*,\s*255\s*,\s*255\s*(,\s*1(\.0*)?\s*)?\))$/.test(colour);

function hiddenBy(
  attributes: Record<string, string>,
  style: InlineStyle,
  painted: boolean,
): HiddenReason | undefined {
  if ('hidden' in attributes || style.get('display') === 'none') return 'marked-hidden';
  if (style.get('visibility') === 'hidden') return 'marked-hidden';
  if (/^0(\.0+)?$/.test(style.get('opacity') ?? '')) return 'invisible';
  const size = /^([\d.]{1,8})(px|pt)?$/.exec(style.get('font-size') ?? '');
  if (size && Number(size[1]) < 2) return 'tiny';
  const away = ['left', 'top', 'text-indent', 'margin-left'].some((property) =>
    /^-\d{4,}(px|pt|em)$/.test(style.get(property) ?? ''),
  );
  if (away) return 'off-page';
  const colour = style.get('color') ?? attributes.color;
  return colour !== undefined && isWhite(colour.toLowerCase()) && !painted ? 'same-colour' : undefined;
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
