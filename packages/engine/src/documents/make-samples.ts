import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** Small files for tests, made byte by byte so that each can be wrong in exactly one way. Not used by the product. */

export interface SampleEntry {
  name: string;
  data: string | Uint8Array;
  stored?: boolean;
  /** Said in the directory in place of the truth. */
  claimedSize?: number;
  flags?: number;
}

export function makeZip(entries: readonly SampleEntry[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const data = Buffer.from(entry.data);
    const packed = entry.stored ? data : deflateRawSync(data);
    const name = Buffer.from(entry.name, 'utf8');
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(entry.stored ? 0 : 8, 8);
    head.writeUInt32LE(crc32(data), 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(data.length, 22);
    head.writeUInt16LE(name.length, 26);
    const item = Buffer.alloc(46);
    item.writeUInt32LE(0x02014b50, 0);
    item.writeUInt16LE((entry.flags ?? 0) | 0x800, 8);
    item.writeUInt16LE(entry.stored ? 0 : 8, 10);
    item.writeUInt32LE(crc32(data), 16);
    item.writeUInt32LE(packed.length, 20);
    item.writeUInt32LE(entry.claimedSize ?? data.length, 24);
    item.writeUInt16LE(name.length, 28);
    item.writeUInt32LE(offset, 42);
    parts.push(head, name, packed);
    directory.push(item, name);
    offset += head.length + name.length + packed.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...parts, listing, end]));
}

/** A Word document with the given body (XML inside `w:body`) and further parts. */
export function makeDocx(body: string, more: readonly SampleEntry[] = []): Uint8Array {
  return makeZip([
    { name: '[Content_Types].xml', data: '<Types/>' },
    {
      name: 'word/document.xml',
      data: `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="urn:w"><w:body>${body}</w:body></w:document>`,
    },
    ...more,
  ]);
}

export const docxParagraph = (text: string, properties = ''): string =>
  `<w:p><w:r><w:rPr>${properties}</w:rPr><w:t>${text}</w:t></w:r></w:p>`;

export interface SamplePdf {
  /** Content of each page; `/F1` is Helvetica. */
  pages: readonly string[];
  /** Objects after the usual ones, numbered from 100: each a complete value, with its stream where it has one. */
  objects?: readonly string[];
  /** Further entries of the catalogue, of each page's resources, of the trailer. */
  catalog?: string;
  resources?: string;
  trailer?: string;
  info?: string;
  pageCount?: number;
  packed?: boolean;
}

export function makePdf(sample: SamplePdf): Uint8Array {
  const chunks: string[] = ['%PDF-1.7\n'];
  const offsets = new Map<number, number>();
  let length = chunks[0]?.length ?? 0;
  const put = (number: number, value: string): void => {
    offsets.set(number, length);
    const chunk = `${number} 0 obj\n${value}\nendobj\n`;
    chunks.push(chunk);
    length += chunk.length;
  };
  const count = sample.pages.length;
  put(1, `<< /Type /Catalog /Pages 2 0 R ${sample.catalog ?? ''} >>`);
  const kids = sample.pages.map((_, index) => `${10 + index * 2} 0 R`).join(' ');
  put(2, `<< /Type /Pages /Count ${sample.pageCount ?? count} /Kids [${kids}] >>`);
  put(3, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  if (sample.info) put(4, `<< ${sample.info} >>`);
  sample.pages.forEach((content, index) => {
    const number = 10 + index * 2;
    put(
      number,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${number + 1} 0 R /Resources << /Font << /F1 3 0 R >> ${sample.resources ?? ''} >> >>`,
    );
    const data = sample.packed ? deflateSync(Buffer.from(content, 'latin1')).toString('latin1') : content;
    put(number + 1, pdfStream(data, sample.packed ? '/Filter /FlateDecode' : ''));
  });
  sample.objects?.forEach((value, index) => {
    put(100 + index, value);
  });
  const numbers = [...offsets.keys()].sort((a, b) => a - b);
  const table = numbers
    .map((number) => `${number} 1\n${String(offsets.get(number)).padStart(10, '0')} 00000 n \n`)
    .join('');
  const size = (numbers.at(-1) ?? 0) + 1;
  chunks.push(
    `xref\n0 1\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R ${sample.info ? '/Info 4 0 R' : ''} ${sample.trailer ?? ''} >>\nstartxref\n${length}\n%%EOF\n`,
  );
  return new Uint8Array(Buffer.from(chunks.join(''), 'latin1'));
}

export const pdfStream = (data: string, entries = ''): string =>
  `<< /Length ${data.length} ${entries} >>\nstream\n${data}\nendstream`;

/** One line of text at a place. */
export const pdfLine = (x: number, y: number, text: string, before = ''): string =>
  `BT ${before} /F1 11 Tf 1 0 0 1 ${x} ${y} Tm (${text.replace(/[()\\]/g, '\\$&')}) Tj ET\n`;

export interface SamplePicture {
  width: number;
  height: number;
  /** Red, green, blue and, with `alpha`, how much shows; 0–255. */
  pixel: (x: number, y: number) => readonly number[];
  alpha?: boolean;
}

/** Rows of samples, each behind the number of its filter, packed: what PNG and PDF share. */
export function packedRows({ width, height, pixel, alpha }: SamplePicture, filter = 0): Buffer {
  const step = alpha ? 4 : 3;
  const rows: number[] = [];
  for (let y = 0; y < height; y++) {
    rows.push(filter);
    const row = Array.from({ length: width }, (_, x) => pixel(x, y).slice(0, step)).flat();
    row.forEach((value, at) => {
      rows.push(filter === 1 ? (value - (row[at - step] ?? 0)) & 255 : value & 255);
    });
  }
  return deflateSync(Buffer.from(rows));
}

export function makePng(picture: SamplePicture, filter = 0): Uint8Array {
  const chunk = (name: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(picture.width, 0);
  head.writeUInt32BE(picture.height, 4);
  head[8] = 8;
  head[9] = picture.alpha ? 6 : 2;
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', head),
      chunk('IDAT', packedRows(picture, filter)),
      chunk('IEND', new Uint8Array()),
    ]),
  );
}
