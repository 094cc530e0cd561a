import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentence, sentenceFunctions, show } from './sentence.js';

const names = new Map([
  ['p1', 'Ada Example'],
  ['p2', 'Ben Example'],
]);
const nameOf = (id: string) => names.get(id) ?? id;
const say = (template: string, rows: Record<string, string | number | boolean | null>[]) =>
  sentence(template, rows, nameOf);

describe('sentence', () => {
  it('puts in values of the leading row, and other people by name', () => {
    const rows = [
      { other: 'p2', account: 'ending 21' },
      { other: 'p1', account: 'ending 99' },
    ];
    expect(say('Shares {account} with {other}.', rows)).toBe('Shares ending 21 with Ben Example.');
    expect(say('{people(other)}', rows)).toBe('Ben Example and Ada Example');
  });

  it('lists distinct values, five at most, and counts the rest', () => {
    const rows = ['a', 'b', 'a', 'c', 'd', 'e', 'f', 'g'].map((city) => ({ city }));
    expect(say('{list(city)}', rows)).toBe('a, b, c, d, e and 2 more');
    expect(say('{count(city)} of {n}', rows)).toBe('7 of 8');
    expect(say('{list(city)}', [{ city: 'a' }, { city: 'b' }])).toBe('a and b');
    expect(say('{list(city)}', [{ city: null }])).toBe('unknown');
  });

  it('writes country codes as names, and leaves other words as they are', () => {
    const rows = [{ seen: 'LA' }, { seen: 'Atlantis' }, { seen: 'ZZ<' }];
    expect(say('{country(seen)}', rows)).toBe('Laos, Atlantis and ZZ<');
  });

  it('adds up, and finds the least and the greatest', () => {
    const rows = [{ days: 9 }, { days: 10 }, { days: null }, { days: 2 }];
    expect(say('{sum(days)} {min(days)} {max(days)}', rows)).toBe('21 2 10');
    expect(say('{min(days)}', [{ days: null }])).toBe('unknown');
  });

  it('takes the earlier and the later of two times, with a zone unless it is a whole day', () => {
    const rows = [{ a: '2026-05-01T00:00:00Z', b: '2026-05-02T13:05:00Z' }];
    expect(say('{earlier(a, b)} – {later(a, b)} – {day(b)}', rows)).toBe(
      '2026-05-01 – 2026-05-02 13:05 UTC – 2026-05-02',
    );
    expect(say('{later(a, b)}', [{ a: null, b: '2026-05-02T00:00:00Z' }])).toBe('2026-05-02');
    expect(say('{later(a, b)}', [{ a: null, b: null }])).toBe('unknown');
  });

  it('rounds distances as people do', () => {
    expect(say('{km(far)}', [{ far: 13_412.6 }])).toBe('13,400 km');
    expect(say('{km(far)}', [{ far: 347 }])).toBe('350 km');
    expect(say('{round(far)}', [{ far: 42.4 }])).toBe('42');
  });

  it('chooses between one and many', () => {
    expect(say('{s(n, laptop, laptops)}', [{ x: 1 }])).toBe('laptop');
    expect(say('{s(n, laptop, laptops)}', [{ x: 1 }, { x: 2 }])).toBe('laptops');
    expect(say('{s(hours, hour, hours)}', [{ hours: 1.5 }])).toBe('hours');
  });

  it('does not fill in what a value happens to say', () => {
    expect(say('Plan {name} of {owner}', [{ name: '{owner}', owner: 'sam' }])).toBe('Plan {owner} of sam');
    expect(say('{a}', [{ a: '$& $1 <b>' }])).toBe('$& $1 <b>');
  });

  it('leaves a function nobody knows standing, so that the check of content finds it', () => {
    expect(say('{shout(a)}', [{ a: 'x' }])).toBe('{shout(a)}');
    for (const name of sentenceFunctions)
      expect(say(`{${name}(a, b, c)}`, [{ a: 1, b: 2, c: 3 }])).not.toMatch(/[{}]/);
  });

  it('never throws, whatever the rows hold', () => {
    const cell = fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
    const rows = fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'other'), cell), { maxLength: 5 });
    const template = sentenceFunctions.map((name) => `{${name}(a, b, other)}`).join(' ');
    fc.assert(
      fc.property(rows, (some) => typeof sentence(`${template} {a} {other} {n}`, some, nameOf) === 'string'),
      {
        seed: 7,
      },
    );
  });
});

describe('show', () => {
  it('writes cells as people do', () => {
    expect([null, undefined, '', true, false, 1_234_567, 2.25, 'x'].map((cell) => show(cell))).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'yes',
      'no',
      '1,234,567',
      '2.3',
      'x',
    ]);
  });
});
