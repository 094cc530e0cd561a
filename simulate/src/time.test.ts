import { describe, expect, it } from 'vitest';
import { DAY, date, dateTime, dayOf, iso, isoSeconds, isWeekend, parseDay } from './time.js';

describe('time', () => {
  it('reads days and refuses what is none', () => {
    expect(parseDay('2026-09-30')).toBe(Date.UTC(2026, 8, 30));
    for (const text of ['2026-9-30', '30.09.2026', '2026-02-30', '2026-13-01', 'today', ''])
      expect(() => parseDay(text)).toThrow(RangeError);
  });

  it('writes moments in the forms the exports use', () => {
    const time = Date.UTC(2026, 8, 30, 7, 5, 9, 40);
    expect([date(time), dateTime(time), isoSeconds(time)]).toEqual([
      '2026-09-30',
      '2026-09-30 07:05:09',
      '2026-09-30T07:05:09Z',
    ]);
    expect(dayOf(time)).toBe(parseDay('2026-09-30'));
  });

  it('writes moments as the language itself does, whatever came before', () => {
    for (let i = 0; i < 2000; i++) {
      const time = Date.UTC(2026, 6, 1) + ((i * 7_919_003_771) % (200 * DAY));
      expect(iso(time)).toBe(new Date(time).toISOString());
    }
    expect(iso(Date.UTC(2026, 0, 1) - 1)).toBe('2025-12-31T23:59:59.999Z');
  });

  it('knows weekends', () => {
    const friday = parseDay('2026-10-02');
    expect([friday, friday + DAY, friday + 2 * DAY, friday + 3 * DAY].map(isWeekend)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
