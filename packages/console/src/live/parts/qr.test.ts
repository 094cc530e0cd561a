import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { qr } from './qr.js';

const text = (squares: readonly boolean[][] | undefined) =>
  (squares ?? []).map((row) => row.map((dark) => (dark ? '#' : ' ')).join('')).join('\n');
const digest = (value: string) =>
  createHash('sha256')
    .update(text(qr(value)))
    .digest('hex')
    .slice(0, 16);

describe('a QR code', () => {
  // Each of these was read back with OpenCV's detector before its digest was noted here.
  it.each([
    ['A', 'd240dde2f9cadaf2'],
    ['rollcall', 'a41577a0db4ae957'],
    [
      'otpauth://totp/Rollcall:ada%40example.com?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRST&issuer=Rollcall',
      'be6275057c8b9f0e',
    ],
    ['Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich', 'f14bcbba5eb91946'],
  ])('of “%s” is what readers read', (value, known) => {
    expect(digest(value)).toBe(known);
  });

  it('has its three corners and its timing lines, at every size', () => {
    for (let length = 1; length <= 230; length += 7) {
      const squares = qr('x'.repeat(length)) as boolean[][];
      const size = squares.length;
      expect((size - 17) % 4).toBe(0);
      const corner = (x: number, y: number) =>
        squares
          .slice(y, y + 7)
          .map((row) =>
            row
              .slice(x, x + 7)
              .map(Number)
              .join(''),
          )
          .join(' ');
      const right = '1111111 1000001 1011101 1011101 1011101 1000001 1111111';
      expect([corner(0, 0), corner(size - 7, 0), corner(0, size - 7)]).toEqual([right, right, right]);
      for (let i = 8; i < size - 8; i++) {
        expect(squares[6]?.[i]).toBe(i % 2 === 0);
        expect(squares[i]?.[6]).toBe(i % 2 === 0);
      }
    }
  });

  it('is not made of a text that is too long for it', () => {
    expect(qr('x'.repeat(230))).toBeDefined();
    expect(qr('x'.repeat(231))).toBeUndefined();
    expect(qr('é'.repeat(116))).toBeUndefined();
  });
});
