import type { Limits } from './limits.js';
import { Refusal } from './limits.js';
import type { DocumentFormat } from './types.js';
import { openZip, type Zip } from './zip.js';

/** The format by content; an opened archive where it is one, so that it is not read twice. */
export type Detected =
  | { format: Exclude<DocumentFormat, 'docx' | 'odt'> }
  | { format: 'docx' | 'odt'; zip: Zip };

const startsWith = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  signature.every((byte, index) => bytes[at + index] === byte);

const known: readonly { signature: readonly number[]; at?: number; name: string }[] = [
  { signature: [0x89, 0x50, 0x4e, 0x47], name: 'a PNG image' },
  { signature: [0xff, 0xd8, 0xff], name: 'a JPEG image' },
  { signature: [0x47, 0x49, 0x46, 0x38], name: 'a GIF image' },
  { signature: [0x49, 0x49, 0x2a, 0x00], name: 'a TIFF image' },
  { signature: [0x4d, 0x4d, 0x00, 0x2a], name: 'a TIFF image' },
  { signature: [0x57, 0x45, 0x42, 0x50], at: 8, name: 'a WebP image' },
  { signature: [0x66, 0x74, 0x79, 0x70], at: 4, name: 'a HEIC image or a video' },
  { signature: [0x1f, 0x8b], name: 'a gzip archive' },
  { signature: [0x28, 0xb5, 0x2f, 0xfd], name: 'a Zstandard archive' },
  { signature: [0x37, 0x7a, 0xbc, 0xaf], name: 'a 7-Zip archive' },
  { signature: [0x52, 0x61, 0x72, 0x21], name: 'a RAR archive' },
  { signature: [0x4d, 0x5a], name: 'a Windows program' },
  { signature: [0x7f, 0x45, 0x4c, 0x46], name: 'a Linux program' },
  { signature: [0x25, 0x21, 0x50, 0x53], name: 'PostScript' },
];

/** Where `%PDF-` begins: readers allow it anywhere in the first 1,024 bytes. */
export function pdfHeader(bytes: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1029)).indexOf('%PDF-');
}

/** Throws `Refusal` for what is empty, unknown, or known and not read. */
export function detect(bytes: Uint8Array, limits: Limits): Detected {
  if (bytes.byteLength === 0) throw new Refusal('empty', 'the file is empty');
  // PDFs with an archive or a page in front of them exist to be read differently by different programs.
  // What stands at the very beginning decides; a PDF header counts only where nothing else is recognised.
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0x50, 0x4b, 0x05, 0x06]))
    return detectZip(bytes, limits);
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) throw compoundFile(bytes);
  if (pdfHeader(bytes) === 0) return { format: 'pdf' };
  for (const { signature, at, name } of known)
    if (startsWith(bytes, signature, at ?? 0))
      throw new Refusal('unsupported', `it is ${name}, not a document`);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4096));
  if (/^\s*\{\\rtf/.test(head.toString('latin1'))) return { format: 'rtf' };
  if (pdfHeader(bytes) > 0) return { format: 'pdf' };
  if (isMarkup(head)) return { format: 'html' };
  return { format: 'text' };
}

function isMarkup(head: Buffer): boolean {
  const utf16 = head[0] === 0xff && head[1] === 0xfe;
  const text = head
    .toString(utf16 ? 'utf16le' : 'utf8')
    .replace(/^\uFEFF/, '')
    .replace(/^\s*<\?xml[^>]*>/i, '')
    .replace(/^(?:\s+|<!--[\s\S]*?-->)+/, '');
  return /^<(?:!doctype\s+html|html|head|body|meta|title|div|p|h[1-6]|section|article|table)\b/i.test(text);
}

function detectZip(bytes: Uint8Array, limits: Limits): Detected {
  const zip = openZip(bytes, limits);
  const names = new Set(zip.entries.map((entry) => entry.name));
  if (names.has('mimetype')) {
    const type = Buffer.from(zip.read('mimetype')).toString('latin1').trim();
    if (/^application\/vnd\.oasis\.opendocument\.text(-template)?$/.test(type)) return { format: 'odt', zip };
    throw new Refusal('unsupported', `it is an archive of type ${JSON.stringify(type.slice(0, 80))}`);
  }
  if (names.has('[Content_Types].xml')) {
    if (names.has('word/document.xml') || [...names].some((name) => /(^|\/)document\d*\.xml$/.test(name)))
      return { format: 'docx', zip };
    const what = [...names].some((name) => name.startsWith('xl/'))
      ? 'a spreadsheet'
      : [...names].some((name) => name.startsWith('ppt/'))
        ? 'a presentation'
        : 'an Office file without a Word document';
    throw new Refusal('unsupported', `it is ${what}, not a text document`);
  }
  throw new Refusal('unsupported', 'it is a zip archive, not a document');
}

/** Word 97–2003, Outlook, and Office files behind a password share one container. */
function compoundFile(bytes: Uint8Array): Refusal {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.includes(Buffer.from('EncryptedPackage', 'utf16le')))
    return new Refusal('encrypted', 'a password is needed to open this Office file');
  return new Refusal('unsupported', 'it is a Word 97–2003 or other old Office file; save it as .docx or PDF');
}

const promised: Record<string, DocumentFormat | 'other'> = {
  pdf: 'pdf',
  docx: 'docx',
  docm: 'docx',
  dotx: 'docx',
  odt: 'odt',
  rtf: 'rtf',
  html: 'html',
  htm: 'html',
  txt: 'text',
  md: 'text',
  json: 'json-resume',
  doc: 'other',
  png: 'other',
  jpg: 'other',
  jpeg: 'other',
  xlsx: 'other',
  zip: 'other',
};

/** A sentence where the ending of the name promises another format; an unknown ending promises nothing. */
export function nameDiffers(file: string, format: DocumentFormat): string | undefined {
  const ending = /\.([A-Za-z0-9]{1,8})$/.exec(file)?.[1]?.toLowerCase();
  const expected = ending === undefined ? undefined : promised[ending];
  // Word writes HTML and RTF under .doc itself, so that ending is no contradiction there.
  if (expected === undefined || expected === format || (ending === 'doc' && /^(rtf|html)$/.test(format)))
    return undefined;
  return `the name ends in .${ending}, the content is ${format}`;
}
