import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, cut, date, email, knownWords, number, phone, plainWords } from './canonical.js';

describe('canonical forms', () => {
  it.each([
    ['  José   O’Neil-Ünal ', 'jose oneil unal'],
    ['İstanbul', 'istanbul'],
    ['N/A', undefined],
    ['Unknown', undefined],
    ['李明', '李明'],
    ['한글', '한글'],
    ['💥', undefined],
  ])('of words: “%s” is %s', (value, wanted) => {
    expect(knownWords(value)).toBe(wanted);
  });

  it.each([
    ['SW1A 2BJ', 'sw1a2bj'],
    ['007-12', '712'],
    ['000', '0'],
  ])('of a code: “%s” is %s', (value, wanted) => {
    expect(code(plainWords(value))).toBe(wanted);
  });

  it.each([
    [' Anna@Example.COM ', 'anna@example.com'],
    ['none', undefined],
  ])('of an e-mail address: “%s” is %s', (value, wanted) => {
    expect(email(value)).toBe(wanted);
  });

  it.each([
    ['+1 (202) 555-0147', '12025550147'],
    ['00 44 20 7946 0000', '442079460000'],
    ['00000000', undefined],
    ['555 5555', undefined],
    ['12 34', undefined],
  ])('of a phone: “%s” is %s', (value, wanted) => {
    expect(phone(value)).toBe(wanted);
  });

  it.each([
    ['$ 1,299.50', 1299.5],
    ['-3 %', -3],
    ['4:59', 299],
    ['1:02:03', 3723],
    ['free', undefined],
  ])('of a quantity: “%s” is %s', (value, wanted) => {
    expect(number(value)).toBe(wanted);
  });

  it.each([
    ['1856-86-18', 'dmy', '18568618'],
    ['3/4/1990', 'dmy', '19900403'],
    ['3/4/1990', 'mdy', '19900304'],
    ['19081209', 'dmy', '19081209'],
    ['2020-01-02T03:04:05Z', 'dmy', '20200102'],
    ['18-May-15', 'dmy', '20150518'],
    ['May 18 , 2015', 'dmy', '20150518'],
    ['3rd Sept 1999', 'mdy', '19990903'],
    ['1 February 70', 'dmy', '19700201'],
    ['May be 12', 'dmy', undefined],
    ['5 maybe 2015', 'dmy', undefined],
    ['last week', 'dmy', undefined],
  ] as const)('of a date: “%s” (%s) is %s', (value, order, wanted) => {
    expect(date(value, order)).toBe(wanted);
  });

  it('are the same when applied again, and never fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const once = plainWords(text);
        expect(plainWords(once)).toBe(once);
        const of = phone(text);
        if (of !== undefined) expect(phone(of)).toBe(of);
        for (const form of [email, number]) form(text);
        date(text, 'mdy');
        expect(code(once)).not.toBe('');
      }),
      { numRuns: 2000 },
    );
  });

  it('are cut between characters', () => {
    expect(cut('ab💥', 3)).toBe('ab');
    const words = plainWords('𠮷'.repeat(2000));
    expect(Buffer.from(words).toString()).toBe(words);
  });
});
