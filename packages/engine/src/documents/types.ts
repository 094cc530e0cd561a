/**
 * What is known of one file after reading it. Nothing here is a judgement: hidden text, shared ids and re-saved files
 * all have honest causes, and are only stated.
 *
 * Left out on purpose, although files hold it: declared languages, keyboard and proofing languages, dates of birth,
 * nationality, sex, photographs. See docs/refused-signals.md.
 */

export const documentFormats = ['pdf', 'docx', 'odt', 'rtf', 'html', 'text', 'json-resume'] as const;
export type DocumentFormat = (typeof documentFormats)[number];

/** Why a file was not read. Programs rely on these words; `message` says the same to a person. */
export type RefusalReason =
  /** No bytes at all. */
  | 'empty'
  /** More bytes than `limits.bytes`. */
  | 'too-large'
  /** A password is needed to open it. */
  | 'encrypted'
  /** None of the formats, or one that is known and not read (an image, a spreadsheet, a .doc). */
  | 'unsupported'
  /** It claims a format and does not follow it. */
  | 'damaged'
  /** It unpacks, nests or counts beyond a limit. */
  | 'over-limit'
  /** Stopped by the worker: time. */
  | 'timed-out'
  /** Stopped by the worker: memory. */
  | 'out-of-memory'
  /** The file could not be opened on disk. */
  | 'unreadable';

export interface RefusedDocument {
  outcome: 'refused';
  file: string;
  reason: RefusalReason;
  /** One sentence that names the file. */
  message: string;
  /** Absent where the format could not be told. */
  format?: DocumentFormat;
  bytes: number;
  sha256?: string;
}

export interface ReadDocument {
  outcome: 'read';
  file: string;
  format: DocumentFormat;
  bytes: number;
  /** SHA-256 of the file, lower-case hex. */
  sha256: string;
  /** What a reader sees, in reading order; blocks parted by an empty line. Hidden text is not in it. */
  text: string;
  blocks: Block[];
  pages: Page[];
  /** Only of formats that say which words are the name and the place. */
  stated?: { name?: string; location?: string };
  traces: Traces;
  warnings: Warning[];
}

export type DocumentResult = ReadDocument | RefusedDocument;

/** Why text is not seen by somebody who looks at the page. */
export type HiddenReason =
  /** Painted with no ink: render mode 3, opacity 0. */
  | 'invisible'
  /** In the colour of what is behind it. */
  | 'same-colour'
  /** Smaller than 2 points beside text of ordinary size. */
  | 'tiny'
  /** Outside the page. */
  | 'off-page'
  /** Painted over afterwards: a filled box or a picture lies on it. */
  | 'covered'
  /** Marked as hidden by the word processor or the page. */
  | 'marked-hidden';

/** A paragraph, a table row or a few lines that belong together. */
export interface Block {
  text: string;
  part: 'body' | 'header' | 'footer' | 'note' | 'text-box';
  /** 1-based; absent where the format has no pages until it is printed. */
  page?: number;
  /** Points (1/72 inch) from the upper left corner of the page as shown; PDF only. */
  box?: Box;
  hidden?: HiddenReason;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Page {
  number: number;
  /** Points, as shown. */
  width: number;
  height: number;
  /** Characters of visible text. */
  characters: number;
  images: number;
  /**
   * `text`; `scan`: images and no text; `scan-with-text`: all text is invisible and lies over images, as text recognition
   * leaves it (such text counts as visible); `blank`: neither.
   */
  kind: 'text' | 'scan' | 'scan-with-text' | 'blank';
}

export interface Warning {
  code: /** Only the first part was read. */
    | 'cut'
    /** The name promises another format. */
    | 'name-differs'
    /** Some part is damaged; the rest was read. */
    | 'damaged-part'
    /** Could not be looked at or decided, so nothing is said about it. */
    | 'not-looked-at'
    /** Pages without text; text recognition is not done here. */
    | 'scan'
    /** Bytes before the beginning or after the end that no reader needs. */
    | 'extra-bytes'
    /** Opens without a password, and restricts printing or copying. */
    | 'restricted';
  message: string;
}

/** A date as a file states it. */
export interface TraceDate {
  /** As written. */
  text: string;
  /** `YYYY-MM-DDTHH:MM:SS` by the writer's clock; absent where the text is no date. */
  local?: string;
  /** `+HH:MM`, `-HH:MM` or `Z`; absent where none is stated. `Z` is also what converters write on servers. */
  offset?: string;
  /** ISO 8601 UTC; only with an offset. */
  utc?: string;
}

/** Of a picture as a whole. What it shows is not looked at, and where and by whom it was taken is not read. */
export interface ImageTrace {
  /** Of the stored bytes, lower-case hex. The same picture saved again has another. */
  sha256: string;
  bytes: number;
  /** `jpeg`, `png`, `flate` … how the bytes are stored. */
  kind: string;
  width?: number;
  height?: number;
  /**
   * How the whole picture looks, 64 bits as 16 hex digits: near ones may be one picture, scaled or saved again; by itself
   * it also takes alike portraits for one, so ask `samePicture`. Absent for icons, plain areas, what is not unpacked (GIF,
   * WebP, interlaced PNG, JPEG 2000, fax) and beyond the limits.
   */
  perceptual?: string;
  /** The same for what is finer: 192 bits; with every `perceptual`. */
  detail?: string;
  /** JPEG: the same for pictures saved by one program at one quality. */
  quantisation?: string;
  origin?: PictureOrigin;
}

/** What a camera or an editor wrote into a picture, as far as it is about the file. */
export interface PictureOrigin {
  software?: string;
  /** When it was taken; with an offset where one is stated. */
  taken?: TraceDate;
  /** Size it had when it was taken, or last edited by a program that says so. */
  width?: number;
  height?: number;
}

export interface Traces {
  title?: string;
  /** As the file's properties state them; in order, without repeats. */
  authors: string[];
  lastModifiedBy?: string;
  company?: string;
  manager?: string;
  /** The program it was written with. */
  creator?: string;
  /** The program or library that made the file. */
  producer?: string;
  created?: TraceDate;
  modified?: TraceDate;
  printed?: TraceDate;
  /** As the word processor counts saves. */
  revision?: number;
  editingMinutes?: number;
  template?: string;
  /** XMP `xmpMM` ids: the same in copies of one original, until a program drops them. */
  documentId?: string;
  instanceId?: string;
  originalDocumentId?: string;
  /** The two parts of a PDF's `/ID`: the first stays when a file is changed, the second does not. */
  fileIds: string[];
  history: HistoryStep[];
  /** PDF: how often it was saved by appending; 1 for a file written once. */
  saves?: number;
  /** Word's marks of editing sessions; files that share many come from one file. */
  rsidRoot?: string;
  rsids: string[];
  /** Font names with their subset prefix, sorted. Say what a file was made with, nothing about who made it. */
  fonts: string[];
  images: ImageTrace[];
  /** Targets named in the file; never fetched. */
  references: Reference[];
  /** People named by comments and tracked changes. */
  contributors: Contributor[];
  comments: Comment[];
  /** What would run or open something if a program allowed it. Never run. */
  active: ActiveContent[];
  /** Where the file's own statements about itself differ. */
  disagreements: string[];
  /** Passages that speak to a program which reads the file, not to a person. */
  instructions: Instruction[];
}

export interface HistoryStep {
  action: string;
  when?: TraceDate;
  tool?: string;
  instanceId?: string;
}

export interface Reference {
  kind: 'link' | 'image' | 'template' | 'object' | 'frame' | 'style' | 'script' | 'other';
  target: string;
}

export interface Contributor {
  name: string;
  role: 'comment' | 'insertion' | 'deletion' | 'change';
  first?: TraceDate;
  count: number;
}

export interface Comment {
  author?: string;
  date?: TraceDate;
  text: string;
}

export interface ActiveContent {
  kind: 'script' | 'launch' | 'attachment' | 'on-open' | 'form-submit' | 'macro' | 'data-link' | 'media';
  /** What it is, in a few words; never more of it than 200 characters. */
  detail: string;
}

export interface Instruction {
  /** The passage as written, cut at 300 characters. */
  text: string;
  /** Which pattern it fits. */
  pattern: string;
  block: number;
  hidden?: HiddenReason;
}

export function emptyTraces(): Traces {
  return {
    authors: [],
    fileIds: [],
    history: [],
    rsids: [],
    fonts: [],
    images: [],
    references: [],
    contributors: [],
    comments: [],
    active: [],
    disagreements: [],
    instructions: [],
  };
}
