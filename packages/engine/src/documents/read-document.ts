import { sha256, visibleText } from './collect.js';
import { type Detected, detect, nameDiffers } from './detect.js';
import { decodeText } from './encoding.js';
import { findInstructions } from './instructions.js';
import { defaultLimits, type Limits, Refusal } from './limits.js';
import { readHtml } from './markup/html.js';
import { isJsonResume, parseJson, readJsonResume } from './markup/json-resume.js';
import { readPlain } from './markup/plain.js';
import { readRtf } from './markup/rtf.js';
import { type Contents, readDocx } from './office/docx.js';
import { readOdt } from './office/odt.js';
import { readPdf } from './pdf/read.js';
import { markPictures } from './pictures/mark.js';
import type { DocumentFormat, DocumentResult } from './types.js';

/**
 * Reads one résumé file. Never throws for what is in the file: a file that cannot be read comes back as `refused`, with
 * its reason. Memory and time are bounded by `limits` as far as one thread can bound itself; files from strangers belong
 * into `readDocuments`, whose worker can be stopped.
 *
 * @example
 * const result = await readDocument('cv.pdf', await readFile('cv.pdf'));
 * if (result.outcome === 'read') console.log(result.text, result.traces.documentId);
 */
export async function readDocument(
  file: string,
  bytes: Uint8Array,
  limits: Limits = defaultLimits,
): Promise<DocumentResult> {
  const size = bytes.byteLength;
  let format: DocumentFormat | undefined;
  let hash: string | undefined;
  try {
    if (size > limits.bytes)
      throw new Refusal('too-large', `it has ${size} bytes; at most ${limits.bytes} are read`);
    hash = sha256(bytes);
    const detected = detect(bytes, limits);
    if (detected.format !== 'text') format = detected.format;
    const { contents, format: found } = await readFormat(detected, bytes, limits);
    format = found;
    const { blocks, pages, stated, traces, warnings } = contents;
    await markPictures(contents.pictures ?? [], limits);
    const promised = nameDiffers(file, format);
    if (promised) warnings.unshift({ code: 'name-differs', message: promised });
    traces.instructions = findInstructions(blocks, limits.traces);
    return {
      outcome: 'read',
      file,
      format,
      bytes: size,
      sha256: hash,
      text: visibleText(blocks),
      blocks,
      pages,
      ...(stated && { stated }),
      traces,
      warnings: warnings.map((warning) => ({ ...warning, message: `${file}: ${warning.message}` })),
    };
  } catch (error) {
    const refusal =
      error instanceof Refusal
        ? error
        : new Refusal(
            'damaged',
            `it cannot be read (${error instanceof Error ? error.message.slice(0, 200) : 'unknown error'})`,
          );
    const known = refusal.format ?? format;
    return {
      outcome: 'refused',
      file,
      reason: refusal.reason,
      message: `${file}: ${refusal.message}`,
      ...(known && { format: known }),
      bytes: size,
      ...(hash && { sha256: hash }),
    };
  }
}

async function readFormat(
  detected: Detected,
  bytes: Uint8Array,
  limits: Limits,
): Promise<{ format: DocumentFormat; contents: Contents }> {
  switch (detected.format) {
    case 'pdf':
      return { format: 'pdf', contents: await readPdf(bytes, limits) };
    case 'docx':
      return { format: 'docx', contents: readDocx(detected.zip, limits) };
    case 'odt':
      return { format: 'odt', contents: readOdt(detected.zip, limits) };
    case 'rtf':
      return { format: 'rtf', contents: readRtf(bytes, limits) };
    default:
      return readTextual(detected.format, bytes, limits);
  }
}

/** HTML, JSON and plain text are told apart once the bytes are known to be text at all. */
function readTextual(
  format: 'html' | 'text' | 'json-resume',
  bytes: Uint8Array,
  limits: Limits,
): { format: DocumentFormat; contents: Contents } {
  const decoded = decodeText(bytes);
  if (!decoded) throw new Refusal('unsupported', 'it is none of the formats that are read, and no text');
  if (format === 'html') return { format, contents: readHtml(decoded.text, limits) };
  const value = parseJson(decoded.text, limits);
  if (value !== undefined) {
    if (isJsonResume(value)) return { format: 'json-resume', contents: readJsonResume(value, limits) };
    throw new Refusal('unsupported', 'it is JSON, but holds no résumé by the JSON Resume schema');
  }
  if (/^\s*<(?:\?xml|[A-Za-z][\w.-]*:?[\w.-]*[\s>])/.test(decoded.text.slice(0, 500)))
    throw new Refusal('unsupported', 'it is XML, not a document that is read');
  if (decoded.text.trim() === '') throw new Refusal('empty', 'the file has no text');
  return { format: 'text', contents: readPlain(decoded.text, limits) };
}
