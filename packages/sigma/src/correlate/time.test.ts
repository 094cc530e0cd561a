import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventTime, parseTime } from './time.js';

const moment = Date.UTC(2026, 2, 1, 23, 4, 5);

describe('parseTime', () => {
  test.each([
    ['2026-03-01T23:04:05Z', 0],
    ['2026-03-01T23:04:05', 0],
    ['2026-03-01 23:04:05', 0],
    ['2026-03-01t23:04:05z', 0],
    ['2026-03-01 23:04:05.678', 678],
    ['2026-03-01T23:04:05.6Z', 600],
    ['2026-03-01T23:04:05.6789999Z', 678],
    ['2026-03-01T23:04:05.678999999999+00:00', 678],
    ['2026-03-02T00:04:05+01:00', 0],
    ['2026-03-02T00:04:05+0100', 0],
    ['2026-03-02T00:04:05+01', 0],
    ['2026-03-01T17:34:05-05:30', 0],
    ['2026-03-01T23:04', -5000],
    ['2026-03-01T23:04:60Z', 55_000],
    ['2026-03-01', -83_045_000],
  ])('%s', (text, offset) => {
    expect(parseTime(text)).toBe(moment + offset);
  });

  test('a number tells its unit by its size', () => {
    const seconds = moment / 1000;
    expect(parseTime(seconds)).toBe(moment);
    expect(parseTime(seconds + 0.25)).toBe(moment + 250);
    expect(parseTime(moment)).toBe(moment);
    expect(parseTime(moment * 1000 + 999)).toBe(moment);
    expect(parseTime(moment * 1e6)).toBe(moment);
    expect(parseTime(0)).toBe(0);
    expect(parseTime(99_999_999_999)).toBe(99_999_999_999_000);
    expect(parseTime(100_000_000_000)).toBe(100_000_000_000);
  });

  test('so does text that is a decimal number, to the last digit', () => {
    expect(parseTime(`${moment / 1000}`)).toBe(moment);
    expect(parseTime(`${moment / 1000}.1239`)).toBe(moment + 123);
    expect(parseTime(`${moment / 1000}.`)).toBe(moment);
    expect(parseTime(`${moment + 7}`)).toBe(moment + 7);
    expect(parseTime(`${moment + 7}999`)).toBe(moment + 7);
    expect(parseTime(`${moment + 7}999999`)).toBe(moment + 7);
    expect(parseTime('000000000000000000000000000012')).toBe(12_000);
  });

  test.each([
    '',
    'now',
    '2026-3-1',
    '2026-02-29',
    '1900-02-29',
    '2026-00-10',
    '2026-13-01',
    '2026-04-31',
    '2026-03-01T24:00:00Z',
    '2026-03-01T23:60:00Z',
    '2026-03-01T23:04:61Z',
    '2026-03-01T23:04:05+24:00',
    '2026-03-01T23:04:05.Z',
    '2026-03-01T23Z',
    ' 2026-03-01',
    '2026-03-01T23:04:05 CET',
    '03/01/2026',
    'Mar 1 2026',
    '-1',
    '1e9',
    '0x10',
    `${'9'.repeat(21)}`,
    `${'2'.repeat(100)}`,
  ])('%j is none', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  test.each([-1, -0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e20, 1e300, true, false])(
    '%s is none',
    (value) => {
      expect(parseTime(value)).toBeUndefined();
    },
  );

  test('leap days count', () => {
    expect(parseTime('2024-02-29')).toBe(Date.UTC(2024, 1, 29));
    expect(parseTime('2000-02-29')).toBe(Date.UTC(2000, 1, 29));
  });

  test('agrees with Date on every moment of the years 0 to 9999', () => {
    const dates = fc.date({
      min: new Date('0000-01-01T00:00:00.000Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseTime(date.toISOString())).toBe(date.getTime());
      }),
      { numRuns: 2000 },
    );
  });
});

describe('eventTime', () => {
  test('takes the first field that holds a time', () => {
    expect(eventTime({ time: 1_700_000_000, published: '2026-03-01T23:04:05Z' })).toBe(moment);
    expect(eventTime({ '@timestamp': 'soon', EventTime: null, ts: '1700000000' })).toBe(1_700_000_000_000);
    expect(eventTime({ timestamp: [null, 'x', '2026-03-01'] })).toBe(Date.UTC(2026, 2, 1));
  });

  test('finds the time of a Windows event as converted from XML', () => {
    const event = {
      Event: { System: { TimeCreated: { '#attributes': { SystemTime: '2026-03-01T23:04:05.1234567Z' } } } },
    };
    expect(eventTime(event)).toBe(moment + 123);
  });

  test('passes over times before 1970, which stand for none', () => {
    expect(eventTime({ timestamp: '1601-01-01T00:00:00Z', time: '2026-03-01' })).toBe(Date.UTC(2026, 2, 1));
    expect(eventTime({ timestamp: '0001-01-01T00:00:00' })).toBeUndefined();
  });

  test('reads the fields it is given instead', () => {
    expect(eventTime({ time: 1, when: { at: '2026-03-01' } }, ['when.at'])).toBe(Date.UTC(2026, 2, 1));
    expect(eventTime({ time: 1 }, [])).toBeUndefined();
  });

  test('never throws, and gives whole milliseconds from 1970 on', () => {
    const keys = fc.constantFrom('@timestamp', 'time', 'Event', 'ts', '__proto__', 'constructor');
    const values = fc.anything({ withBigInt: true, withNullPrototype: true });
    fc.assert(
      fc.property(fc.dictionary(keys, values), (event) => {
        const time = eventTime(event);
        expect(time === undefined || (Number.isInteger(time) && time >= 0)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
