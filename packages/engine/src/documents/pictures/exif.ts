import { isoDate } from '../dates.js';
import type { PictureOrigin } from '../types.js';

const tags = {
  software: 0x0131,
  inner: 0x8769,
  taken: 0x9003,
  offset: 0x9011,
  width: 0xa002,
  height: 0xa003,
};

/**
 * Reads the Exif block of a JPEG (CIPA DC-008). Only the tags above are looked at: position, names of owners and artists,
 * serial numbers and the small copy of the picture are about a person and where they were, and stay unread.
 */
export function readExif(block: Uint8Array): PictureOrigin | undefined {
  const data = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const order = data.toString('latin1', 0, 4);
  const little = order === 'II*\0';
  if (!little && order !== 'MM\0*') return undefined;
  const two = (at: number): number =>
    at + 2 <= data.length ? (little ? data.readUInt16LE(at) : data.readUInt16BE(at)) : 0;
  const four = (at: number): number =>
    at + 4 <= data.length ? (little ? data.readUInt32LE(at) : data.readUInt32BE(at)) : 0;
  const found = new Map<number, string | number>();
  const directory = (start: number): void => {
    const count = Math.min(two(start), 512);
    for (let index = 0; index < count; index++) {
      const at = start + 2 + index * 12;
      const tag = two(at);
      if (!Object.values(tags).includes(tag) || found.has(tag)) continue;
      const type = two(at + 2);
      const length = four(at + 4);
      if (type === 2 && length <= 500) {
        const from = length <= 4 ? at + 8 : four(at + 8);
        found.set(
          tag,
          data
            .toString('latin1', from, from + length)
            .split('\0')[0]
            ?.trim() ?? '',
        );
      } else if (type === 3) found.set(tag, two(at + 8));
      else if (type === 4) found.set(tag, four(at + 8));
    }
  };
  directory(four(4));
  const inner = found.get(tags.inner);
  if (typeof inner === 'number') directory(inner);
  const origin: PictureOrigin = {};
  const text = (tag: number): string => String(found.get(tag) ?? '');
  if (text(tags.software) !== '') origin.software = text(tags.software).slice(0, 200);
  const when = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text(tags.taken));
  if (when) origin.taken = isoDate(`${when[1]}-${when[2]}-${when[3]}T${when[4]}${text(tags.offset)}`);
  const [width, height] = [found.get(tags.width), found.get(tags.height)];
  if (typeof width === 'number' && typeof height === 'number' && width > 0 && height > 0)
    Object.assign(origin, { width, height });
  return Object.keys(origin).length > 0 ? origin : undefined;
}
