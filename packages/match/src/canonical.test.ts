import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { code, date, email, known, number, phone, plainWords } from './canonical.js';
import { Database, literal } from './database.js';

let database: Database;
beforeAll(async () => {
  database = await Database.open();
});
afterAll(() => database.close());

/** A form applied to one value, as it is applied to the column `c0` with the words `w0`. */
async function form(sql: string, value: string) {
  const [row] = await database.rows(
    `SELECT ${sql} FROM (SELECT c0, ${known('w0')} AS w0 FROM (SELECT c0, ${plainWords('c0')} AS w0 FROM (SELECT ${literal(value)} AS c0)))`,
  );
  return row?.[0] ?? null;
}

describe('canonical forms', () => {
  it.each([
    ['w0', '  José   O’Neil-Ünal ', 'jose oneil unal'],
    ['w0', 'N/A', null],
    ['w0', 'Unknown', null],
    ['w0', '李明', '李明'],
    [code(0), 'SW1A 2BJ', 'sw1a2bj'],
    [code(0), '007-12', '712'],
    [code(0), '000', '0'],
    [email(0), ' Anna@Example.COM ', 'anna@example.com'],
    [email(0), 'none', null],
    [phone(0), '+1 (202) 555-0147', '12025550147'],
    [phone(0), '00000000', null],
    [number(0), '$ 1,299.50', 1299.5],
    [number(0), 'free', null],
    [date('c0', 'dmy'), '1856-86-18', '18568618'],
    [date('c0', 'dmy'), '3/4/1990', '19900403'],
    [date('c0', 'mdy'), '3/4/1990', '19900304'],
    [date('c0', 'dmy'), '19081209', '19081209'],
    [date('c0', 'dmy'), '2020-01-02T03:04:05Z', '20200102'],
    [date('c0', 'dmy'), 'last week', null],
  ])('%s of “%s” is %s', async (sql, value, wanted) => {
    expect(await form(sql, value)).toBe(wanted);
  });

  it('are the same when applied again, and never fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (text) => {
        const value = text.replaceAll('\u0000', '');
        const once = await form('w0', value);
        if (once !== null) expect(await form('w0', String(once))).toBe(once);
        for (const sql of [code(0), email(0), phone(0), number(0), date('c0', 'dmy')]) await form(sql, value);
      }),
      { numRuns: 15 },
    );
  });
});
