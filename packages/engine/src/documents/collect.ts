import { createHash } from 'node:crypto';
import type { Limits } from './limits.js';
import { jpegOrigin, type StoredPicture, storedFile } from './pictures/mark.js';
import type { Block, Contributor, HiddenReason, ImageTrace, TraceDate, Traces } from './types.js';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Spaces and line ends in one form; characters of no width that part nothing are taken out. */
export function tidy(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u200b\u2060\ufeff]/g, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[ \f\v]+/g, ' ')
    .replace(/ *([\t\n]) */g, '$1')
    .trim();
}

/** Gathers blocks up to the limits of characters and of blocks. */
export class BlockList {
  readonly blocks: Block[] = [];
  cut = false;
  #left: number;
  readonly #most: number;

  constructor(limits: Limits) {
    this.#left = limits.characters;
    this.#most = limits.blocks;
  }

  add(block: Block): void {
    if (this.cut) return;
    const text = tidy(block.text);
    if (text === '') return;
    if (text.length > this.#left || this.blocks.length >= this.#most) this.cut = true;
    if (this.#left <= 0 || this.blocks.length >= this.#most) return;
    const kept = text.slice(0, this.#left);
    this.#left -= kept.length;
    this.blocks.push({ ...block, text: kept });
  }
}

/** Visible blocks, parted by an empty line: the text a reader sees. */
export const visibleText = (blocks: readonly Block[]): string =>
  blocks
    .filter((block) => !block.hidden)
    .map((block) => block.text)
    .join('\n\n');

/** Adds to a list unless it is there or the list is full. */
export function addOnce(list: string[], value: string | undefined, limits: Limits): void {
  const text = value?.replace(/\s+/g, ' ').trim().slice(0, 500);
  if (text && list.length < limits.traces && !list.includes(text)) list.push(text);
}

/** Adds a picture unless it is there or the list is full; says whether it was added. */
export function addImage(traces: Traces, image: ImageTrace, limits: Limits): boolean {
  if (traces.images.length >= limits.traces) return false;
  if (traces.images.some((other) => other.sha256 === image.sha256)) return false;
  traces.images.push(image);
  return true;
}

/** Adds a picture that is a file of its own within the document. */
export function addPicture(
  traces: Traces,
  pictures: StoredPicture[],
  bytes: Uint8Array,
  limits: Limits,
): void {
  const kind = imageKind(bytes);
  const trace: ImageTrace = {
    sha256: sha256(bytes),
    bytes: bytes.byteLength,
    ...kind,
    ...(kind.kind === 'jpeg' && jpegOrigin(bytes)),
  };
  if (addImage(traces, trace, limits)) pictures.push(storedFile(trace, bytes));
}

export function addReference(traces: Traces, reference: Traces['references'][number], limits: Limits): void {
  const target = reference.target.trim().slice(0, 2_000);
  if (target === '' || target.startsWith('#') || traces.references.length >= limits.traces) return;
  if (!traces.references.some((other) => other.kind === reference.kind && other.target === target))
    traces.references.push({ kind: reference.kind, target });
}

export function addActive(
  traces: Traces,
  kind: Traces['active'][number]['kind'],
  detail: string,
  limits: Limits,
): void {
  const short = tidy(detail).slice(0, 200);
  if (traces.active.length >= limits.traces) return;
  if (!traces.active.some((other) => other.kind === kind && other.detail === short))
    traces.active.push({ kind, detail: short });
}

/** Counts who commented or changed what, with the earliest date. */
export function addContributor(
  traces: Traces,
  name: string | undefined,
  role: Contributor['role'],
  date: TraceDate | undefined,
  limits: Limits,
): void {
  const who = name?.trim().slice(0, 200);
  if (!who) return;
  const known = traces.contributors.find((other) => other.name === who && other.role === role);
  if (!known) {
    if (traces.contributors.length < limits.traces)
      traces.contributors.push({ name: who, role, count: 1, ...(date && { first: date }) });
    return;
  }
  known.count++;
  const before = known.first?.utc ?? known.first?.local;
  const now = date?.utc ?? date?.local;
  if (date && now && (!before || now < before)) known.first = date;
}

/** Where several reasons hold, the surest one. */
export function firstReason(...reasons: (HiddenReason | false | undefined)[]): HiddenReason | undefined {
  for (const reason of reasons) if (reason) return reason;
  return undefined;
}

/** The kind of a picture by its first bytes, and its size where that stands at a fixed place. */
export function imageKind(bytes: Uint8Array): { kind: string; width?: number; height?: number } {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length > 24 && data.readUInt32BE(0) === 0x89504e47)
    return { kind: 'png', width: data.readUInt32BE(16), height: data.readUInt32BE(20) };
  if (data.length > 10 && data.toString('latin1', 0, 4) === 'GIF8')
    return { kind: 'gif', width: data.readUInt16LE(6), height: data.readUInt16LE(8) };
  if (data.length > 3 && data.readUInt16BE(0) === 0xffd8) return { kind: 'jpeg', ...jpegSize(data) };
  if (data.length > 44 && data.readUInt32LE(40) === 0x464d4520) return { kind: 'emf' };
  if (data.length > 4 && data.readUInt32LE(0) === 0x9ac6cdd7) return { kind: 'wmf' };
  if (data.length > 2 && data.toString('latin1', 0, 2) === 'BM') return { kind: 'bmp' };
  if (data.subarray(0, 500).includes('<svg')) return { kind: 'svg' };
  return { kind: 'other' };
}

/** Walks the segments of a JPEG to its frame header (ITU T.81, B.2.2). */
function jpegSize(data: Buffer): { width?: number; height?: number } {
  let at = 2;
  while (at + 9 < data.length && data[at] === 0xff) {
    const marker = data[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { height: data.readUInt16BE(at + 5), width: data.readUInt16BE(at + 7) };
    at += 2 + data.readUInt16BE(at + 2);
  }
  return {};
}
