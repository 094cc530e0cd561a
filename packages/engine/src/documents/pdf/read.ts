import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { addOnce, BlockList } from '../collect.js';
import { pdfDate, sameMoment } from '../dates.js';
import { pdfHeader } from '../detect.js';
import { type Limits, Refusal } from '../limits.js';
import type { Contents } from '../office/docx.js';
import type { StoredPicture } from '../pictures/mark.js';
import { type Block, emptyTraces, type Page, type TraceDate, type Traces, type Warning } from '../types.js';
import { boundsOf, type Rect, shownMatrix } from './geometry.js';
import { type FontFacts, type Word, walkPage } from './glyphs.js';
import { layoutPage } from './layout.js';
import { loadPdfLibrary, type PdfLibrary } from './library.js';
import { readObjects, refuseBombs } from './objects.js';
import { extrasOf } from './pictures.js';
import { countSaves, fileIds, objectTraces } from './traces.js';
import { readXmp } from './xmp.js';

/** PDF: text by pdf.js, everything about the file itself by our own reading of its objects. */
export async function readPdf(bytes: Uint8Array, limits: Limits): Promise<Contents> {
  const traces = emptyTraces();
  const warnings: Warning[] = [];
  const objects = readObjects(bytes, limits);
  refuseBombs(objects, limits);
  const pictures: StoredPicture[] = [];
  objectTraces(objects, traces, pictures, limits);
  fileIds(objects, traces, limits);
  traces.saves = countSaves(bytes);
  const header = pdfHeader(bytes);
  if (header > 0)
    warnings.push({ code: 'extra-bytes', message: `${header} bytes stand before the beginning of the PDF` });
  if (objects.opaque > 0)
    warnings.push({
      code: 'not-looked-at',
      message: `${objects.opaque} packed groups of objects could not be unpacked; scripts or attachments in them were not seen`,
    });
  if (objects.encrypted)
    warnings.push({
      code: 'restricted',
      message:
        'the PDF opens without a password but is encrypted; scripts, attachments and picture hashes are only partly known',
    });

  const library = await loadPdfLibrary();
  const task = library.getDocument({
    // A copy: the library takes the bytes over.
    data: new Uint8Array(bytes),
    ...libraryOptions,
    verbosity: library.VerbosityLevel.ERRORS,
  });
  try {
    const document = await task.promise;
    await readMetadata(document, traces, warnings, limits);
    const { blocks, pages } = await readPages(library, document, objects, limits, warnings);
    return { blocks, pages, traces, warnings, pictures };
  } catch (error) {
    throw refusalFrom(error);
  } finally {
    await task.destroy();
  }
}

const packageFolder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
const folder = (name: string): string => `${join(packageFolder, name)}/`;

const libraryOptions = {
  // No font is drawn: this stands in for the browser's list of fonts, so that none is prepared for drawing.
  ownerDocument: { fonts: { add() {}, delete() {} } },
  disableFontFace: false,
  useSystemFonts: false,
  fontExtraProperties: false,
  // Pictures are never decoded.
  maxImageSize: 0,
  isEvalSupported: false,
  useWorkerFetch: false,
  useWasm: false,
  isOffscreenCanvasSupported: false,
  isImageDecoderSupported: false,
  enableXfa: false,
  stopAtErrors: false,
  cMapUrl: folder('cmaps'),
  cMapPacked: true,
  standardFontDataUrl: folder('standard_fonts'),
};

function refusalFrom(error: unknown): Error {
  if (error instanceof Refusal) return error;
  const name = error instanceof Error ? error.name : '';
  const message = error instanceof Error ? error.message : String(error);
  if (name === 'PasswordException')
    return new Refusal('encrypted', 'a password is needed to open this PDF', 'pdf');
  return new Refusal('damaged', `the PDF cannot be read: ${message.slice(0, 200)}`, 'pdf');
}

type PdfDocument = Awaited<ReturnType<PdfLibrary['getDocument']>['promise']>;

async function readPages(
  library: PdfLibrary,
  document: PdfDocument,
  objects: ReturnType<typeof readObjects>,
  limits: Limits,
  warnings: Warning[],
): Promise<{ blocks: BlockList['blocks']; pages: Page[] }> {
  const list = new BlockList(limits);
  const pages: Page[] = [];
  const count = Math.min(document.numPages, limits.pages);
  if (count < document.numPages)
    warnings.push({
      code: 'cut',
      message: `only the first ${count} of ${document.numPages} pages were read`,
    });
  const total = { left: limits.unpacked };
  let undecided = 0;
  const placedPages: { blocks: Block[]; height: number }[] = [];
  let placedCharacters = 0;
  for (let number = 1; number <= count && placedCharacters <= limits.characters; number++) {
    let page: Awaited<ReturnType<PdfDocument['getPage']>>;
    try {
      page = await document.getPage(number);
    } catch (error) {
      // The count of pages is only a claim; past the last one there is nothing to find.
      warnings.push({
        code: 'damaged-part',
        message: `page ${number} cannot be read, and those after it were not tried`,
      });
      if (number === 1) throw error;
      break;
    }
    const { matrix, width, height } = shownMatrix(page.view, page.rotate);
    const extras = page.ref ? extrasOf(page.ref.num, objects, limits, total) : undefined;
    const onPage = ({ left, top, right, bottom }: Rect): Rect => boundsOf(matrix, left, top, right, bottom);
    const placed = extras?.pictures.map(({ area, clip, ...rest }) => ({
      ...rest,
      area: onPage(area),
      ...(clip && { clip: onPage(clip) }),
    }));
    const pictures = placed?.map(({ area }) => area);
    if (!pictures) undecided++;
    let words: Word[] = [];
    try {
      const operators = await page.getOperatorList({ annotationMode: library.AnnotationMode.ENABLE });
      words = walkPage({
        operators,
        codes: library.OPS,
        font: (id) => fontFacts(page.commonObjs, id),
        shown: matrix,
        width,
        height,
        pictures: placed,
        texts: extras?.texts ?? -1,
        actualTexts: extras?.actualTexts ?? [],
        most: limits.characters,
      });
    } catch {
      warnings.push({ code: 'damaged-part', message: `page ${number} cannot be read` });
    }
    const recognised = isTextOverScan(words, pictures);
    const laidOut = layoutPage(recognised ? words.map(withoutReason) : words, number);
    placedPages.push({ blocks: laidOut, height });
    const characters = laidOut.reduce((sum, block) => sum + (block.hidden ? 0 : block.text.length), 0);
    placedCharacters += laidOut.reduce((sum, block) => sum + block.text.length, 0);
    const images = pictures?.length ?? 0;
    pages.push({
      number,
      width: Math.round(width * 10) / 10,
      height: Math.round(height * 10) / 10,
      characters,
      images,
      kind: recognised ? 'scan-with-text' : characters > 0 ? 'text' : images > 0 ? 'scan' : 'blank',
    });
    page.cleanup();
  }
  for (const block of withRunningHeads(placedPages)) list.add(block);
  if (list.cut)
    warnings.push({
      code: 'cut',
      message: `only the first ${limits.characters} characters or ${limits.blocks} blocks were kept`,
    });
  const scans = pages.filter((page) => page.kind === 'scan').length;
  if (scans > 0)
    warnings.push({
      code: 'scan',
      message: `${scans} of ${pages.length} pages are pictures without text; what they say is not known`,
    });
  if (undecided > 0)
    warnings.push({
      code: 'not-looked-at',
      message: `where ${undecided} of ${pages.length} pages paint pictures is not known, so text in the colour of its background was not looked for there`,
    });
  return { blocks: list.blocks, pages };
}

/** Blocks at the edge of a page that stand on several pages, but for their digits, are its head or foot. */
function withRunningHeads(pages: readonly { blocks: Block[]; height: number }[]): Block[] {
  const edge = ({ box }: Block, height: number): 'header' | 'footer' | undefined => {
    if (!box || box.height > height * 0.08) return undefined;
    if (box.y + box.height < height * 0.1) return 'header';
    return box.y > height * 0.92 ? 'footer' : undefined;
  };
  const key = (block: Block): string => block.text.replace(/\d+/g, '#');
  const seen = new Map<string, number>();
  for (const { blocks, height } of pages)
    for (const text of new Set(blocks.filter((block) => edge(block, height)).map(key)))
      seen.set(text, (seen.get(text) ?? 0) + 1);
  const least = Math.max(2, pages.length / 2);
  return pages.flatMap(({ blocks, height }) =>
    blocks.map((block) => {
      const part = edge(block, height);
      return part && (seen.get(key(block)) ?? 0) >= least ? { ...block, part } : block;
    }),
  );
}

function withoutReason(word: Word): Word {
  const { hidden, ...rest } = word;
  return hidden === 'invisible' || hidden === 'covered' ? rest : word;
}

/** Text recognition lays text without ink over the picture it was read from, or any text under it: all within it. */
function isTextOverScan(words: readonly Word[], pictures: readonly Rect[] | undefined): boolean {
  if (!pictures || pictures.length === 0 || words.length === 0) return false;
  const inside = words.filter(
    (word) =>
      (word.hidden === 'invisible' || word.hidden === 'covered') &&
      pictures.some(
        (area) =>
          word.x >= area.left - 2 &&
          word.endX <= area.right + 2 &&
          word.y >= area.top - 2 &&
          word.y <= area.bottom + 2,
      ),
  );
  return inside.length === words.length;
}

/** What the library says of a font; undefined where it is not there. */
function fontFacts(
  fonts: { has(id: string): boolean; get(id: string): unknown },
  id: string,
): FontFacts | undefined {
  if (!fonts.has(id)) return undefined;
  const font = fonts.get(id);
  if (typeof font !== 'object' || font === null) return undefined;
  const { fontMatrix, isType3Font, vertical } = font as {
    fontMatrix?: unknown;
    isType3Font?: unknown;
    vertical?: unknown;
  };
  const unit: unknown = Array.isArray(fontMatrix) ? fontMatrix[0] : undefined;
  return {
    unit: typeof unit === 'number' && unit !== 0 ? unit : 0.001,
    type3: isType3Font === true,
    vertical: vertical === true,
  };
}

async function readMetadata(
  document: PdfDocument,
  traces: Traces,
  warnings: Warning[],
  limits: Limits,
): Promise<void> {
  let metadata: Awaited<ReturnType<PdfDocument['getMetadata']>>;
  try {
    metadata = await document.getMetadata();
  } catch {
    warnings.push({ code: 'damaged-part', message: 'the properties of the PDF cannot be read' });
    return;
  }
  const info = new Map<string, unknown>(Object.entries(metadata.info));
  const text = (key: string): string | undefined => {
    const value = info.get(key);
    return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 500) : undefined;
  };
  addOnce(traces.authors, text('Author'), limits);
  const title = text('Title');
  if (title) traces.title = title;
  const creator = text('Creator');
  if (creator) traces.creator = creator;
  const producer = text('Producer');
  if (producer) traces.producer = producer;
  const created = text('CreationDate');
  if (created) traces.created = pdfDate(created);
  const modified = text('ModDate');
  if (modified) traces.modified = pdfDate(modified);
  const custom = info.get('Custom');
  if (typeof custom === 'object' && custom !== null)
    for (const [key, value] of Object.entries(custom)) {
      if (typeof value !== 'string') continue;
      if (key === 'Company') traces.company = value.slice(0, 500);
      if (key === 'Manager') traces.manager = value.slice(0, 500);
    }

  const packet = metadata.metadata?.getRaw();
  if (typeof packet !== 'string' || packet.trim() === '') return;
  const xmp = readXmp(packet.slice(0, 2_000_000), limits);
  differ(traces, 'author', traces.authors[0], xmp.authors.length > 0 ? xmp.authors.join(', ') : undefined);
  differ(traces, 'creator', traces.creator, xmp.creatorTool);
  differ(traces, 'producer', traces.producer, xmp.producer);
  differDate(traces, 'creation date', traces.created, xmp.created);
  differDate(traces, 'modification date', traces.modified, xmp.modified);
  for (const author of xmp.authors) addOnce(traces.authors, author, limits);
  if (xmp.title) traces.title ??= xmp.title;
  if (xmp.creatorTool) traces.creator ??= xmp.creatorTool;
  if (xmp.producer) traces.producer ??= xmp.producer;
  if (xmp.created) traces.created ??= xmp.created;
  if (xmp.modified) traces.modified ??= xmp.modified;
  if (xmp.documentId) traces.documentId = xmp.documentId;
  if (xmp.instanceId) traces.instanceId = xmp.instanceId;
  if (xmp.originalDocumentId) traces.originalDocumentId = xmp.originalDocumentId;
  traces.history = xmp.history;
}

const plain = (value: string): string =>
  value
    .replace(/[\s,;]+/g, ' ')
    .trim()
    .toLowerCase();

function differ(traces: Traces, what: string, info: string | undefined, xmp: string | undefined): void {
  if (info !== undefined && xmp !== undefined && plain(info) !== plain(xmp))
    traces.disagreements.push(`${what}: Info says ${JSON.stringify(info)}, XMP says ${JSON.stringify(xmp)}`);
}

function differDate(
  traces: Traces,
  what: string,
  info: TraceDate | undefined,
  xmp: TraceDate | undefined,
): void {
  if (info && xmp && sameMoment(info, xmp) === false)
    traces.disagreements.push(`${what}: Info says ${info.text}, XMP says ${xmp.text}`);
}
