import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultLimits } from './limits.js';
import { docxParagraph, makeDocx, makePdf, makePng, makeZip, pdfLine, pdfStream } from './make-samples.js';
import { extractProfile } from './profile/profile.js';
import { readDocument } from './read-document.js';
import type { DocumentResult } from './types.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const raw = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const ada = pdfLine(72, 700, 'Ada Example');

/** A PDF of one page whose content is the given object, written without a cross-reference table. */
const bare = (content: string, more = '', kids = '3 0 R'): Uint8Array =>
  raw(
    `%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 1 /Kids [${kids}] >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n4 0 obj\n${content}\nendobj\n5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n${more}trailer << /Root 1 0 R >>\n`,
  );

describe('PDFs made to run for ever or to fill the memory', () => {
  const chain = Array.from(
    { length: 3_000 },
    (_, index) => `${100 + index} 0 obj\n<< /Type /Pages /Count 1 /Kids [${101 + index} 0 R] >>\nendobj\n`,
  ).join('');
  const image = (size: number): string =>
    pdfStream(
      '\0\0\0',
      `/Type /XObject /Subtype /Image /Width ${size} /Height ${size} /ColorSpace /DeviceRGB /BitsPerComponent 8`,
    );
  const wide = '1 beginbfrange <00000000> <FFFFFFFF> <0000> endbfrange '.repeat(50);

  it.each<[string, Uint8Array, string]>([
    ['a page tree of 3,000 levels', bare(pdfStream(ada), chain, '100 0 R'), 'damaged'],
    [
      'a page tree that goes round',
      makePdf({
        pages: [ada],
        catalog: '/Pages 100 0 R',
        objects: ['<< /Type /Pages /Count 5 /Kids [100 0 R] >>'],
      }),
      'damaged',
    ],
    ['one page 100,000 times', bare(pdfStream(ada), '', '3 0 R '.repeat(100_000)), 'Ada Example'],
    [
      'dictionaries in dictionaries',
      makePdf({
        pages: [ada],
        catalog: '/X 100 0 R',
        objects: [`${'<< /A '.repeat(20_000)}1${' >>'.repeat(20_000)}`],
      }),
      'Ada Example',
    ],
    ['arrays in arrays on a page', makePdf({ pages: [`${'['.repeat(200_000)} TJ`] }), ''],
    [
      'cross-references that lead back',
      raw(
        '%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 0 /Kids [] >>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 3 /Root 1 0 R /Prev 116 >>\nstartxref\n116\n%%EOF\n',
      ),
      '',
    ],
    [
      'packed objects that name each other',
      makePdf({
        pages: [ada],
        objects: [
          pdfStream('102 0 << /A 1 >>', '/Type /ObjStm /N 1 /First 6 /Extends 101 0 R'),
          pdfStream('103 0 << /B 1 >>', '/Type /ObjStm /N 1 /First 6 /Extends 100 0 R'),
        ],
      }),
      'Ada Example',
    ],
    ['a length that is its own', bare('<< /Length 4 0 R >>\nstream\nBT ET\nendstream'), ''],
    [
      'a picture of 2,000,000,000 pixels a side',
      makePdf({
        pages: [`q 100 0 0 100 0 0 cm /Im1 Do Q ${ada}`],
        objects: [image(2_000_000_000)],
        resources: '/XObject << /Im1 100 0 R >>',
      }),
      'Ada Example',
    ],
    [
      'a form that paints itself',
      makePdf({
        pages: [`/F0 Do ${ada}`],
        objects: [
          pdfStream(
            '/F0 Do',
            '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F0 100 0 R >> >>',
          ),
        ],
        resources: '/XObject << /F0 100 0 R >>',
      }),
      'Ada Example',
    ],
    [
      'a fax of a million lines for a page',
      bare(
        pdfStream(
          '\x80'.repeat(50_000),
          '/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 1000000 /Rows 1000000 >>',
        ),
      ),
      '',
    ],
    [
      'a JBIG2 picture for a page',
      bare(
        pdfStream(
          '\0\0\0\0\x30\0\x01\0\0\0\x13\x7f\xff\xff\xff\x7f\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0',
          '/Filter /JBIG2Decode',
        ),
      ),
      '',
    ],
    [
      'a map of all characters to all others',
      makePdf({
        pages: [`BT /F9 9 Tf <00010002> Tj ET ${ada}`],
        objects: [
          '<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [101 0 R] /ToUnicode 102 0 R >>',
          '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>',
          pdfStream(
            `begincmap 1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange ${wide} endcmap`,
          ),
        ],
        resources: '/Font << /F9 100 0 R /F1 3 0 R >>',
      }),
      '',
    ],
  ])('%s', async (_, bytes, expected) => {
    const document = await readDocument('hostile.pdf', bytes);
    if (document.outcome === 'refused') expect(document.reason).toBe(expected);
    else {
      expect(document.text).toContain(expected);
      expect(document.pages.length).toBeLessThanOrEqual(defaultLimits.pages);
    }
  });
});

describe('other files made to grow or to go deep', () => {
  it('entities are not replaced, and archives in archives not opened', async () => {
    const entities = Array.from(
      { length: 9 },
      (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`,
    );
    const laughs = makeDocx(docxParagraph('Ada'), [
      {
        name: 'word/header1.xml',
        data: `<!DOCTYPE x [<!ENTITY e0 "ha">${entities.join('')}]><w:hdr>${docxParagraph('&e9;')}</w:hdr>`,
      },
    ]);
    const document = await readDocument('laughs.docx', laughs);
    expect(document.outcome === 'read' && document.text).toBe('&e9;\n\nAda');
    let nested = makeZip([{ name: 'a', data: Buffer.alloc(1_000_000) }]);
    for (let level = 0; level < 20; level++) nested = makeZip([{ name: 'a.zip', data: nested }]);
    const holder = await readDocument(
      'nested.docx',
      makeDocx(docxParagraph('Ada'), [{ name: 'word/embeddings/a.zip', data: nested }]),
    );
    expect(holder.outcome === 'read' && holder.traces.active).toEqual([
      { kind: 'attachment', detail: 'word/embeddings/a.zip' },
    ]);
  });

  it.each<[string, string]>([
    ['many.html', `<!doctype html>${'<p class="a">x<b>y</b></p>'.repeat(60_000)}`],
    [
      'open.html',
      `<!doctype html><style>.a .b .a .b .c{color:red}</style>${'<i class="a b">'.repeat(250)}${'<b class="c">x</b>'.repeat(20_000)}`,
    ],
    ['groups.rtf', `{\\rtf1 ${'{\\b a}'.repeat(150_000)}}`],
    ['binary.rtf', `{\\rtf1 a${'{\\bin999999999 x}'.repeat(10)}`],
    ['pictures.rtf', `{\\rtf1 a${'{\\pict ff d8}'.repeat(50_000)}}`],
    ['at.txt', 'a@'.repeat(1_000_000)],
    ['digits.txt', '1 (2) 3-4 '.repeat(200_000)],
    ['dots.txt', `${'a.'.repeat(400)} `.repeat(2_000)],
    ['years.txt', 'over 5+ years of experience in '.repeat(50_000)],
    ['names.txt', `${'Aa '.repeat(30)}\n`.repeat(20_000)],
    ['commas.txt', `${'A, '.repeat(50)}\n`.repeat(20_000)],
  ])('%s is read, and claims are looked for in it', async (file, text) => {
    const document = await readDocument(file, raw(text));
    if (document.outcome !== 'read') throw new Error(document.message);
    expect(document.text).not.toBe('');
    extractProfile(document, { homeCountry: 'US' });
  });

  it('UTF-16 without a mark is read, UTF-32 refused', async () => {
    const little = Buffer.from('Ada Example\nExperience\n', 'utf16le');
    for (const bytes of [little, Buffer.from(little).swap16()]) {
      const document = await readDocument('cv.txt', new Uint8Array(bytes));
      expect(document.outcome === 'read' && document.text).toBe('Ada Example\nExperience');
    }
    const four = [...'Ada Example'].flatMap((letter) => [letter.charCodeAt(0), 0, 0, 0]);
    expect(await readDocument('cv.txt', Uint8Array.from(four))).toMatchObject({ reason: 'unsupported' });
  });
});

describe('references to elsewhere', () => {
  let server: Server;
  let asked = 0;
  let url = '';
  beforeAll(async () => {
    server = createServer((_, response) => {
      asked++;
      response.end();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });

  it('are noted and never followed', async () => {
    const files: [string, Uint8Array][] = [
      [
        'a.html',
        encode(
          `<!doctype html><head><link rel=stylesheet href="${url}/a.css"><style>@import url(${url}/b.css); p{background:url(${url}/c.png)}</style><script src="${url}/d.js"></script><meta http-equiv=refresh content="0;url=${url}/e"></head><img src="${url}/f.png"><iframe src="${url}/g"></iframe><p>Ada</p>`,
        ),
      ],
      [
        'a.rtf',
        encode(
          `{\\rtf1{\\*\\template ${url}/t.dot}{\\field{\\*\\fldinst INCLUDEPICTURE "${url}/p.png" \\\\d}{\\fldrslt x}}Ada\\par}`,
        ),
      ],
      [
        'a.docx',
        makeDocx(docxParagraph('Ada &x;'), [
          {
            name: 'word/_rels/document.xml.rels',
            data: `<!DOCTYPE x [<!ENTITY x SYSTEM "${url}/dtd">]><Relationships><Relationship Type="x/attachedTemplate" Target="${url}/t.dotm" TargetMode="External"/><Relationship Type="x/image" Target="${url}/i.png" TargetMode="External"/></Relationships>`,
          },
        ]),
      ],
      [
        'a.odt',
        makeZip([
          { name: 'mimetype', data: 'application/vnd.oasis.opendocument.text', stored: true },
          {
            name: 'content.xml',
            data: `<office:document-content><office:body><text:p>Ada<draw:image xlink:href="${url}/i.png"/></text:p></office:body></office:document-content>`,
          },
        ]),
      ],
      [
        'a.pdf',
        makePdf({
          pages: [`${ada} /Im1 Do`],
          catalog: `/OpenAction << /S /URI /URI (${url}/open) >> /AcroForm << /XFA 101 0 R >>`,
          objects: [
            `<< /Type /XObject /Subtype /Image /Width 9 /Height 9 /F << /FS /URL /F (${url}/img) >> /Length 0 >>\nstream\n\nendstream`,
            pdfStream(`<xdp:xdp><template href="${url}/xfa"/></xdp:xdp>`),
            `<< /S /SubmitForm /F (${url}/submit) >>`,
            `<< /S /GoToR /F << /FS /URL /F (${url}/r.pdf) >> >>`,
          ],
          resources: '/XObject << /Im1 100 0 R >>',
        }),
      ],
    ];
    for (const [file, bytes] of files) {
      const document = await readDocument(file, bytes);
      if (document.outcome !== 'read') throw new Error(document.message);
      expect(document.text).toContain('Ada');
      expect(JSON.stringify(document.traces)).toContain(url);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
    expect(asked).toBe(0);
  });
});

it('any beginning of a file, and any changed bits, end in text or in a refusal that names the file', async () => {
  const picture = makePng({ width: 40, height: 40, pixel: (x, y) => [x * 6, y * 6, x * y] });
  const samples: Uint8Array[] = [
    makePdf({ pages: [ada], packed: true, info: '/Author (Ada Example)', trailer: '/ID [<00> <01>]' }),
    makePdf({ pages: [ada], objects: [pdfStream('102 0 << /A 1 >>', '/Type /ObjStm /N 1 /First 6')] }),
    makeDocx(docxParagraph('Ada Example'), [
      { name: 'word/media/a.png', data: picture },
      {
        name: 'word/styles.xml',
        data: '<w:styles><w:style w:styleId="A"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>',
      },
    ]),
    makeZip([
      { name: 'mimetype', data: 'application/vnd.oasis.opendocument.text', stored: true },
      {
        name: 'content.xml',
        data: '<office:document-content><office:body><text:p>Ada</text:p></office:body></office:document-content>',
        stored: true,
      },
      { name: 'Pictures/a.png', data: picture, stored: true },
    ]),
    encode(
      "{\\rtf1\\ansi\\ansicpg1252{\\colortbl;\\red255\\green255\\blue255;}{\\info{\\author Ada}}\\cf1 w\\par\\u233?\\'e9{\\v hid}{\\pict\\pngblip 89504e47}}",
    ),
    encode(
      '<!doctype html><style>.a .b>p{display:none} @media screen{p{color:#fff}}</style><div class=a><p class=b style="font-size:0">Ada<img src="data:image/png;base64,iVBORw0KGgo=">',
    ),
    encode(
      '{"basics":{"name":"Ada Example","location":{"city":"Columbus"}},"work":[{"name":"x","startDate":"2019"}]}',
    ),
    new Uint8Array(Buffer.from('Ada Example\nExperience\n2019 - 2020\n', 'utf16le')),
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...samples),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 7 })), { maxLength: 6 }),
      async (sample, share, flips) => {
        const bytes = sample.slice(0, Math.ceil(sample.length * (share < 0.5 ? share * 2 : 1)));
        for (const [at, bit] of flips)
          if (bytes.length > 0) bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
        const result: DocumentResult = await readDocument('some-file', bytes);
        if (result.outcome === 'refused') expect(result.message).toContain('some-file');
        else extractProfile(result, { homeCountry: 'US' });
      },
    ),
    { numRuns: 250 },
  );
});
