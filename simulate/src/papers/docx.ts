import { deflateRawSync } from 'node:zlib';

/** What a simulated Word file says of itself. */
export interface DocxProperties {
  author: string;
  lastModifiedBy: string;
  /** Milliseconds since 1970. */
  created: number;
  modified: number;
  revision: number;
  /** Eight hexadecimal digits: Word's mark of the first editing session, which copies keep. */
  rsidRoot: string;
}

const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const pack = 'http://schemas.openxmlformats.org/package/2006';

/** Text as a Word document, a paragraph each line; `hidden` is marked as hidden text. */
export function docx(text: string, properties: DocxProperties, hidden?: string): Buffer {
  const paragraphs = text.split('\n').map((line) => paragraph(line));
  if (hidden) paragraphs.push(paragraph(hidden, '<w:rPr><w:vanish/></w:rPr>'));
  const time = (at: number) => new Date(at).toISOString().replace('.000', '');
  return zip([
    [
      '[Content_Types].xml',
      `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="${pack}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`,
    ],
    [
      '_rels/.rels',
      `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="${pack}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="${pack}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`,
    ],
    [
      'word/_rels/document.xml.rels',
      `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="${pack}/relationships"><Relationship Id="rId1" Type="${office}/settings" Target="settings.xml"/></Relationships>`,
    ],
    [
      'word/document.xml',
      `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="${word}"><w:body>${paragraphs.join('')}</w:body></w:document>`,
    ],
    [
      'word/settings.xml',
      `<?xml version="1.0" encoding="UTF-8"?><w:settings xmlns:w="${word}"><w:rsids><w:rsidRoot w:val="${properties.rsidRoot}"/><w:rsid w:val="${properties.rsidRoot}"/></w:rsids></w:settings>`,
    ],
    [
      'docProps/core.xml',
      `<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties xmlns:cp="${pack}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:creator>${xml(properties.author)}</dc:creator><cp:lastModifiedBy>${xml(properties.lastModifiedBy)}</cp:lastModifiedBy><cp:revision>${properties.revision}</cp:revision><dcterms:created xsi:type="dcterms:W3CDTF">${time(properties.created)}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">${time(properties.modified)}</dcterms:modified></cp:coreProperties>`,
    ],
  ]);
}

const paragraph = (text: string, run = ''): string =>
  text === '' ? '<w:p/>' : `<w:p><w:r>${run}<w:t xml:space="preserve">${xml(text)}</w:t></w:r></w:p>`;

const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** An archive of parts; every entry carries the same fixed day, so that the same parts give the same bytes. */
function zip(parts: readonly (readonly [name: string, text: string])[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of parts) {
    const data = Buffer.from(text);
    const packed = deflateRawSync(data);
    const path = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt16LE(0x21, 8);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), fields, path, packed]);
    const central = Buffer.alloc(16);
    central.writeUInt32LE(at, 12);
    directory.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), fields, central.subarray(2), path]),
    );
    files.push(local);
    at += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, entries, end]);
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crcTable[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
