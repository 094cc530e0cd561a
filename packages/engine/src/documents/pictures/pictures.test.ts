import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../limits.js';
import {
  docxParagraph,
  makeDocx,
  makePdf,
  makePng,
  packedRows,
  pdfLine,
  pdfStream,
  type SamplePicture,
} from '../make-samples.js';
import { loadPdfLibrary } from '../pdf/library.js';
import { readDocument } from '../read-document.js';
import type { ImageTrace } from '../types.js';
import { decodeJpeg, jpegHead, loadJpegLibrary } from './jpeg.js';
import { bitsApart, looksOf, samePicture } from './perceptual.js';
import { decodePng } from './png.js';

/** A pattern of 64 × 48, made for this test. */
const jpeg = new Uint8Array(
  Buffer.from(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAwAEADASIAAhEBAxEB/8QAGgABAQEBAAMAAAAAAAAAAAAABAIFAwABBv/EACcQAAICAQQABQUBAAAAAAAAAAECAAMRBBIhMRNBUWFxBRQiI5GB/8QAGgEAAgMBAQAAAAAAAAAAAAAAAgUDBAYAAf/EACYRAAICAQMDAwUAAAAAAAAAAAECAAMRBBIhIjFRBUFCEyMycaH/2gAMAwEAAhEDEQA/AKJ2LuPQhn+rWMNlKZMTZgkJ5SPszn9K8nzifT1r8hFdCpWm7uT7QVj6+xcnCTrRbetRzac/EfSiouLeWHrIs0xtYso4jarB4xJd1deGUZPiHuuubYqMSccyK6bk3uzsDiKXTMmGI84vVbLKQF784zqwMACdVaik2ngj28zPpLDSkFiWMLYb6yCMj5mmtBpUO4/GcbMXEgDvqReoeoDTLsr/ACP8niMtnU/BHYRq6UEbmZRiUltSdMOPeZN+obxbE5/Kc10rPzvPMU06XI6jAGnHBpabbJXa24Ms7I1NK7WZc/MwDurG3JP+z0tLXZYs39jOrSZHJ4gijBJDdU+hcVW1jaw4nHbWDksOJkqHqqKljmEd7XfYrH3lm3bpai5P6lezSM7AbuZvXWV6jCKw495CUJU4YsJiCuymzJY9SbbrGHBb+zLfSe5y5bvLh0yqMu2GE3tXoEQbgOSYcBlbGOhiJfX1uQjWjPpFVrp35LCN6VZR1CQNaWb7IxCU6BbU3HsyDT4JwojGurrcqrgCeCygqWZxGKMUUu3aRm4khUGGgvtxajE9+kG2m8JtwjbdXQlpWuwcy9O1Nz4dgRMzq9ZZqbN3xHYSwGIITHX5g1Q3Nhh5ToPp67TkRhOnQuUYDEgalOi4xDqDHtBa3acWDJn/2Q==',
    'base64',
  ),
);

const wave = (x: number, y: number): number =>
  128 + 60 * Math.sin(x / 5 + y / 17) + 50 * Math.cos((x * y) / 400) + (x > y ? 15 : -15);
const sample = (scale = 1, alpha = false): SamplePicture => ({
  width: 96 * scale,
  height: 80 * scale,
  alpha,
  pixel: (x, y) => {
    const value = Math.round(wave(Math.floor(x / scale), Math.floor(y / scale)));
    return [value, 255 - value, (value * 7) % 256, x / scale < 48 ? 255 : 0];
  },
});
async function imagesOf(file: string, bytes: Uint8Array, limits = defaultLimits): Promise<ImageTrace[]> {
  const document = await readDocument(file, bytes, limits);
  if (document.outcome !== 'read') throw new Error(document.message);
  return document.traces.images;
}
const inDocx = (name: string, data: Uint8Array): Uint8Array =>
  makeDocx(docxParagraph('Ada Example'), [{ name: `word/media/${name}`, data, stored: true }]);
const inPdf = (picture: SamplePicture, filter: number): Uint8Array =>
  makePdf({
    pages: [pdfLine(72, 700, 'Ada Example')],
    objects: [
      pdfStream(
        packedRows(picture, filter).toString('latin1'),
        `/Type /XObject /Subtype /Image /Width ${picture.width} /Height ${picture.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors 3 /Columns ${picture.width} >>`,
      ),
    ],
  });

describe('marks of a whole picture', () => {
  it('are the same for a picture in Word and in a PDF, and near for one made larger', async () => {
    const [word] = await imagesOf('cv.docx', inDocx('a.png', makePng(sample())));
    const [pdf] = await imagesOf('cv.pdf', inPdf(sample(), 1));
    const [large] = await imagesOf('cv.docx', inDocx('a.png', makePng(sample(3), 1)));
    expect(word?.perceptual).toMatch(/^[0-9a-f]{16}$/);
    expect(word?.detail).toMatch(/^[0-9a-f]{48}$/);
    expect(pdf).toMatchObject({ perceptual: word?.perceptual, detail: word?.detail });
    expect(pdf?.sha256).not.toBe(word?.sha256);
    expect(large && word && samePicture(large, word)).toBe(true);
  });

  it('are those of the picture over white where it is transparent', async () => {
    const cut = {
      ...sample(),
      pixel: (x: number, y: number) => (x < 48 ? sample().pixel(x, y) : [255, 255, 255]),
    };
    const [clear] = await imagesOf('cv.docx', inDocx('a.png', makePng(sample(1, true))));
    const [white] = await imagesOf('cv.docx', inDocx('a.png', makePng(cut)));
    expect(clear?.perceptual).toBe(white?.perceptual);
    const grey = pdfStream(
      Buffer.from(Array.from({ length: 96 * 80 }, (_, at) => (at % 96 < 48 ? 255 : 0))).toString('latin1'),
      '/Subtype /Image /Width 96 /Height 80 /ColorSpace /DeviceGray /BitsPerComponent 8',
    );
    const rows = packedRows(sample()).toString('latin1');
    const masked = makePdf({
      pages: [pdfLine(72, 700, 'Ada Example')],
      objects: [
        pdfStream(
          rows,
          '/Subtype /Image /Width 96 /Height 80 /ColorSpace [/ICCBased 102 0 R] /BitsPerComponent 8 /Filter /FlateDecode /DecodeParms << /Predictor 12 >> /SMask 101 0 R',
        ),
        grey,
        pdfStream('', '/N 3'),
      ],
    });
    expect((await imagesOf('cv.pdf', masked)).map((image) => image.perceptual)).toEqual([white?.perceptual]);
  });

  it('do not take two pictures with light and dark in the same places for one', () => {
    const portrait = (eyes: number, mouth: number): SamplePicture => ({
      width: 160,
      height: 200,
      pixel: (x, y) => {
        const within = (cx: number, cy: number, rx: number, ry: number): boolean =>
          ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
        const value =
          within(80 - eyes, 80, 7, 4) || within(80 + eyes, 80, 7, 4) || within(80, mouth, 20, 4) ? 20 : 0;
        const shape = within(80, 90, 38, 52)
          ? 190
          : within(80, 80, 46, 60)
            ? 60
            : within(80, 205, 70, 60)
              ? 90
              : 235;
        return [value || shape, value || shape, value || shape];
      },
    });
    const marks = [portrait(14, 118), portrait(22, 108)].map((picture) => {
      const pixels = decodePng(makePng(picture), 1e6);
      return { sha256: '', ...(pixels && looksOf(pixels)) };
    });
    const [a, b] = marks.map((mark, index) => ({ ...mark, sha256: String(index) }));
    if (!a?.perceptual || !b?.perceptual) throw new Error('no marks');
    expect(bitsApart(a.perceptual, b.perceptual)).toBeLessThanOrEqual(5);
    expect(samePicture(a, b)).toBe(false);
  });

  it.each([
    ['an icon', { width: 31, height: 200, pixel: sample().pixel }],
    ['one colour', { width: 64, height: 64, pixel: () => [200, 30, 30] }],
    ['a shade', { width: 64, height: 64, pixel: (x: number) => [x * 4, x * 4, x * 4] }],
    [
      'a shade from corner to corner',
      { width: 64, height: 64, pixel: (x: number, y: number) => [x + y, x + y, x + y] },
    ],
  ])('are not made of %s', async (_, picture) => {
    const [image] = await imagesOf('cv.docx', inDocx('a.png', makePng(picture)));
    expect(image).not.toHaveProperty('perceptual');
    expect(image).not.toHaveProperty('detail');
  });

  it('are made of pictures that are written into a web page', async () => {
    const source = `data:image/png;base64,${Buffer.from(makePng(sample())).toString('base64')}`;
    const page = new TextEncoder().encode(`<!doctype html><p>Ada</p><img src="${source}">`);
    const [word] = await imagesOf('cv.docx', inDocx('a.png', makePng(sample())));
    expect(await imagesOf('cv.html', page)).toEqual([word]);
  });

  it('are made of JPEGs, and a picture beyond the limit goes without', async () => {
    const [image] = await imagesOf('cv.docx', inDocx('a.jpg', jpeg));
    expect(image).toMatchObject({ kind: 'jpeg', width: 64, height: 48 });
    expect(image?.perceptual).toBeDefined();
    expect(image?.quantisation).toMatch(/^[0-9a-f]{16}$/);
    const [large] = await imagesOf('cv.docx', inDocx('a.jpg', jpeg), { ...defaultLimits, pixels: 64 * 48 });
    expect(large).not.toHaveProperty('perceptual');
  });
});

describe('what a picture says of its making', () => {
  /** An Exif block with the given entries, and a position and an owner that must stay unread. */
  function withExif(little: boolean): Uint8Array {
    const block = Buffer.alloc(300);
    const two = (value: number, at: number): number =>
      little ? block.writeUInt16LE(value, at) : block.writeUInt16BE(value, at);
    const four = (value: number, at: number): number =>
      little ? block.writeUInt32LE(value, at) : block.writeUInt32BE(value, at);
    block.write(little ? 'II*\0' : 'MM\0*', 0, 'latin1');
    four(8, 4);
    let text = 150;
    const entry = (at: number, tag: number, value: string | number): void => {
      two(tag, at);
      two(typeof value === 'number' ? 4 : 2, at + 2);
      four(typeof value === 'number' ? 1 : value.length + 1, at + 4);
      four(typeof value === 'number' ? value : text, at + 8);
      if (typeof value === 'string') text += block.write(`${value}\0`, text, 'latin1');
    };
    two(4, 8);
    entry(10, 0x0131, 'Example Paint 3');
    entry(22, 0x013b, 'Somebody Else');
    entry(34, 0x8769, 70);
    entry(46, 0x8825, 70);
    two(5, 70);
    entry(72, 0x9003, '2024:05:06 07:08:09');
    entry(84, 0x9011, '+09:00');
    entry(96, 0xa002, 4000);
    entry(108, 0xa003, 3000);
    entry(120, 0xa430, 'Owner Of Camera');
    const segment = Buffer.concat([
      Buffer.from([0xff, 0xe1, 0, 0]),
      Buffer.from('Exif\0\0', 'latin1'),
      block,
    ]);
    segment.writeUInt16BE(segment.length - 2, 2);
    return new Uint8Array(Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]));
  }

  it.each([true, false])('is read, and nothing about a person or a place', async (little) => {
    const [image] = await imagesOf('cv.docx', inDocx('a.jpg', withExif(little)));
    expect(image?.origin).toEqual({
      software: 'Example Paint 3',
      taken: {
        text: '2024-05-06T07:08:09+09:00',
        local: '2024-05-06T07:08:09',
        offset: '+09:00',
        utc: '2024-05-05T22:08:09Z',
      },
      width: 4000,
      height: 3000,
    });
    expect(JSON.stringify(image)).not.toMatch(/Somebody|Owner/);
  });
});

it('loading the decoder leaves what the language brings as it is', async () => {
  const { push } = Array.prototype;
  const { parse } = JSON;
  await Promise.all([loadJpegLibrary(), loadPdfLibrary()]);
  expect(Array.prototype.push).toBe(push);
  expect(JSON.parse).toBe(parse);
  expect(Function.prototype.toString.call(Array.prototype.push)).toContain('[native code]');
});

describe('hostile pictures', () => {
  it('that claim to be enormous are not unpacked', async () => {
    const png = Buffer.from(makePng(sample()));
    png.writeUInt32BE(60_000, 16);
    png.writeUInt32BE(60_000, 20);
    expect(decodePng(new Uint8Array(png), defaultLimits.pixels)).toBeUndefined();
    const library = await loadJpegLibrary();
    const huge = Buffer.from(jpeg);
    const frame = huge.indexOf(Buffer.from([0xff, 0xc0]));
    huge.writeUInt16BE(65_535, frame + 5);
    huge.writeUInt16BE(65_535, frame + 7);
    expect(jpegHead(huge)).toMatchObject({ width: 65_535, height: 65_535 });
    expect(decodeJpeg(huge, library, defaultLimits.pixels)).toBeUndefined();
    // The height comes after the first scan: what the head says bounds nothing.
    const later = new Uint8Array(
      Buffer.concat([jpeg.subarray(0, -2), Buffer.from([0xff, 0xdc, 0, 4, 255, 255, 0xff, 0xd9])]),
    );
    expect(decodeJpeg(later, library, defaultLimits.pixels)).toBeUndefined();
    const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0]);
    const many = Buffer.concat([jpeg.subarray(0, -2), ...Array.from({ length: 70 }, () => scan)]);
    expect(decodeJpeg(new Uint8Array(many), library, defaultLimits.pixels)).toBeUndefined();
  });

  it('end in pixels or in nothing, whatever is changed in them', async () => {
    const library = await loadJpegLibrary();
    const files = [jpeg, makePng(sample()), makePng(sample(1, true), 1)];
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
        fc.nat(),
        (file, changes, cut) => {
          const bytes = file.slice(0, file.length - (cut % 3 === 0 ? cut % file.length : 0));
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          for (const pixels of [decodePng(bytes, 1e6), decodeJpeg(bytes, library, 1e6)])
            if (pixels) {
              expect(pixels.width * pixels.height).toBeLessThanOrEqual(1e6);
              looksOf(pixels);
            }
        },
      ),
      { numRuns: 300 },
    );
  });
});
