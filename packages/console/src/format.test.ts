import { describe, expect, it } from 'vitest';
import {
  asSentence,
  bits,
  bytes,
  day,
  days,
  instant,
  moment,
  odds,
  percent,
  short,
  shown,
} from './format.js';

describe('numbers', () => {
  it('gives bits a sign, a true minus and one decimal', () => {
    expect([6.25, -4, 0.04, -0.04, Number.NaN].map(bits)).toEqual(['+6.3', '−4.0', '0.0', '0.0', '–']);
  });

  it('says odds in words, and stops where no adding up of signals can be so sure', () => {
    expect(odds(0)).toBe('even odds');
    expect(odds(-8.96)).toBe('1 in 500');
    expect(odds(6.3)).toBe('79 to 1');
    expect(odds(21)).toBe('more than 1,000 to 1');
    expect(odds(-40)).toBe('less than 1 in a million');
  });

  it('never rounds a share to a certainty', () => {
    expect(percent(0.99999)).toBe('over 99.9 %');
    expect(percent(0.0002)).toBe('under 0.1 %');
    expect(percent(0.042)).toBe('4.2 %');
    expect(percent(0)).toBe('0 %');
  });

  it('counts bytes in thousands', () => {
    expect([999, 48_221_004, 1500].map(bytes)).toEqual(['999 B', '48 MB', '1.5 kB']);
  });
});

describe('times', () => {
  it('reads a time without a zone as UTC, and one with a zone as what it is', () => {
    expect(instant('2026-09-14T02:13:00')).toBe(Date.UTC(2026, 8, 14, 2, 13));
    expect(instant('2026-09-14T02:13:00+02:00')).toBe(Date.UTC(2026, 8, 14, 0, 13));
    expect(instant('2026-09-14')).toBe(Date.UTC(2026, 8, 14));
    expect(instant('yesterday')).toBeUndefined();
    expect(instant('2026-13-45T00:00:00Z')).toBeUndefined();
  });

  it('always names the zone of an hour, and has no hour for a plain day', () => {
    expect(moment('2026-09-14T02:13:59Z')).toBe('14 Sep 2026, 02:13 UTC');
    expect(moment('2026-09-14')).toBe('14 Sep 2026');
  });

  it('says each part of a stretch once', () => {
    expect(days('2026-06-03', '2026-06-09')).toBe('3–9 Jun 2026');
    expect(days('2026-06-03', '2026-07-09')).toBe('3 Jun – 9 Jul 2026');
    expect(days('2025-06-03', '2026-06-03')).toBe('3 Jun 2025 – 3 Jun 2026');
    expect(days('2026-06-03', '2026-06-03T20:00:00Z')).toBe('3 Jun 2026');
    expect(days(undefined, undefined)).toBe('–');
  });

  it('shows what is no time as it came, with nothing hidden in it', () => {
    expect(day('soon\u202E')).toBe('soon⟨U+202E⟩');
  });
});

describe('strangers’ text', () => {
  it('names characters that deceive, and leaves those that scripts and emoji need', () => {
    expect(shown('a\u202Eb\u2066c\u200Bd\u0000e')).toBe('a⟨U+202E⟩b⟨U+2066⟩c⟨U+200B⟩d⟨U+0000⟩e');
    expect(shown('\u3164')).toBe('⟨U+3164⟩');
    for (const fine of [
      'می\u200Cخواهم',
      '👩🏽\u200D💻',
      'Zoë',
      'ليلى حداد',
      '🏴\u{E0067}\u{E0062}\u{E007F}',
      'two\nlines\there',
    ]) {
      expect(shown(fine)).toBe(fine);
    }
  });

  it('shows anything that may stand in a cell', () => {
    expect([null, undefined, 0, false, { a: 1 }].map(shown)).toEqual(['', '', '0', 'false', '{"a":1}']);
  });

  it('cuts between whole characters', () => {
    expect(short('🦊🦊🦊🦊', 3)).toBe('🦊🦊…');
    expect(short('short', 10)).toBe('short');
  });

  it('makes a whole sentence of a part of one, and leaves a whole one alone', () => {
    expect(asSentence('a couple shares an account')).toBe('A couple shares an account.');
    expect(asSentence('They moved.')).toBe('They moved.');
  });
});
