import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fact } from '../content/fact.js';
import type { Content } from '../content/load.js';
import { checkTable, tableText } from './check-table.js';
import { addOwnRows, withOwnFacts } from './own.js';
import { updateTable } from './update.js';

let folder: string;
let own: string;
let fact: Fact;
const now = new Date('2026-11-22T10:00:00Z');
const head = 'tool,pattern,reported,source,as_of';
const ours = `${head}
AnyDesk,anydesk%.exe,true,a report,2026-08-21
RustDesk,rustdesk%.exe,true,a report,2026-08-21
`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-facts-'));
  own = join(folder, 'own');
  const csv = join(folder, 'tools.csv');
  await writeFile(csv, ours);
  fact = {
    id: 'tools',
    table: 'tools',
    csv,
    title: 'Tools',
    about: '',
    source: 'reports',
    licence: 'facts',
    as_of: '2026-08-21',
    stale_after_days: 100,
    key: ['tool', 'pattern'],
    columns: { tool: 'VARCHAR', pattern: 'VARCHAR', reported: 'BOOLEAN', source: 'VARCHAR', as_of: 'DATE' },
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function given(text: string | Buffer, name = 'given.csv'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}
const row = (cells: string) => `${head}\n${cells}\n`;
const content = () => ({ facts: [fact], version: 'v' }) as unknown as Content;

describe('a table somebody else wrote', () => {
  it('is read with quotes, line ends of any kind and a mark at its beginning', async () => {
    const path = await given(
      `\ufeff${head}\r\n"Remote, Desk","remotedesk%\n.exe",false,"said ""so""",2026-01-02\r\n\r\nB,bbb%,,,\r\n`,
    );
    const rows = await checkTable(path, fact);
    expect(rows.map((one) => one.line)).toEqual([2, 5]);
    expect(rows[0]?.cells).toEqual(['Remote, Desk', 'remotedesk%\n.exe', 'false', 'said "so"', '2026-01-02']);
    expect(tableText(['a'], [['x,"y']])).toBe('a\n"x,""y"\n');
  });

  it.each([
    ['other columns', 'tool,pattern,reported,source\nA,aaa%,true,x\n', /:1: .*missing: as_of/],
    ['a column too many', `${head},more\nA,aaa%,true,x,2026-01-01,z\n`, /:1: .*unknown: more/],
    ['another order', 'pattern,tool,reported,source,as_of\n', /:1: .*another order/],
    ['no rows', `${head}\n`, /it has no rows/],
    ['a cell too few', row('A,aaa%,true,x'), /:2: it has 4 cells where the first line has 5/],
    ['a word where yes or no belongs', row('A,aaa%,yes,x,2026-01-01'), /:2: reported: “yes” is no BOOLEAN/],
    ['a day that is none', row('A,aaa%,true,x,2026-13-01'), /:2: as_of/],
    ['a formula', row('=HYPERLINK("http://example.com"),aaa%,true,x,2026-01-01'), /:2: /],
    ['a formula in quotes', row('"=1+1",aaa%,true,x,2026-01-01'), /begins like a formula/],
    ['a call of another program', row('"@SUM(1)",aaa%,true,x,2026-01-01'), /begins like a formula/],
    ['a command after a sign', row('+cmd|calc,aaa%,true,x,2026-01-01'), /begins like a formula/],
    ['a pattern that fits everything', row('A,%,true,x,2026-01-01'), /fits nearly everything/],
    ['a pattern in capitals', row('A,AnyDesk%,true,x,2026-01-01'), /lower-case/],
    [
      'one key twice',
      row('A,aaa%,true,x,2026-01-01\nA,aaa%,false,y,2026-01-01'),
      /:3: the same tool, pattern as in line 2/,
    ],
    ['a web page', '<!DOCTYPE html><html><body>404</body></html>', /a web page/],
    ['JSON', '[{"tool":"A"}]', /JSON/],
    ['a quote never closed', row('A,"aaa%,true,x,2026-01-01'), /never closed/],
    ['text behind a quote', row('"A"b,aaa%,true,x,2026-01-01'), /after a closing quote/],
    ['an escape sequence', row('A\u001b[31m,aaa%,true,x,2026-01-01'), /control character/],
    ['an endless cell', row(`${'a'.repeat(5000)},aaa%,true,x,2026-01-01`), /longer than/],
  ])('is refused with its line for %s', async (_, text, says) => {
    await expect(checkTable(await given(text), fact)).rejects.toThrow(says);
  });

  it('is refused where it is no text, a spreadsheet, empty, or not there', async () => {
    await expect(checkTable(await given(Buffer.from([0x50, 0x4b, 3, 4])), fact)).rejects.toThrow('archive');
    await expect(checkTable(await given(Buffer.from([0xff, 0xfe, 0x41])), fact)).rejects.toThrow('no text');
    await expect(checkTable(await given(Buffer.from('a\0b')), fact)).rejects.toThrow('no text');
    await expect(checkTable(await given(''), fact)).rejects.toThrow('empty');
    await expect(checkTable(join(folder, 'none.csv'), fact)).rejects.toThrow('no such file');
  });

  it('of a gigabyte is refused without being read', async () => {
    const path = join(folder, 'large.csv');
    const handle = await open(path, 'w');
    await handle.truncate(1_000_000_001);
    await handle.close();
    const started = performance.now();
    await expect(checkTable(path, fact)).rejects.toThrow(/1000 MB; a table may have 64 MB/);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('names every problem, up to twenty', async () => {
    const bad = Array.from({ length: 50 }, (_, i) => `T${i},aaa%,maybe,x,2026-01-01`).join('\n');
    await expect(checkTable(await given(row(bad)), fact)).rejects.toSatisfy(
      (error: Error) => error.message.split('\n').length === 20,
    );
  });
});

describe('rows of your own', () => {
  it('stand beside ours, take the place of ours with the same key, and are named as your own', async () => {
    const added = await addOwnRows(
      fact,
      await given(
        row('AnyDesk,anydesk%.exe,false,help desk,2026-10-01\nOur Tool,ourtool%.exe,false,,2026-10-02'),
      ),
      own,
    );
    expect(added).toMatchObject({ added: 2, replaced: 0, rows: 2 });
    const [merged] = (await withOwnFacts(content(), own, join(folder, 'into'))).facts;
    expect(merged?.own).toMatchObject({ rows: 2, asOf: '2026-10-02' });
    expect(await readFile(merged?.csv as string, 'utf8')).toBe(`${head}
RustDesk,rustdesk%.exe,true,a report,2026-08-21
AnyDesk,anydesk%.exe,false,your own: help desk,2026-10-01
Our Tool,ourtool%.exe,false,your own,2026-10-02
`);
    expect(await readFile(fact.csv, 'utf8')).toBe(ours);
  });

  it('are replaced by key when added again, and a bad file changes nothing', async () => {
    await addOwnRows(fact, await given(row('Our Tool,ourtool%.exe,false,x,2026-10-02')), own);
    const again = await given(row('Our Tool,ourtool%.exe,true,y,2026-10-03\nB,bbb%,,,'));
    expect(await addOwnRows(fact, again, own)).toMatchObject({ added: 1, replaced: 1, rows: 2 });
    const before = await readFile(join(own, 'tools.csv'), 'utf8');
    await expect(addOwnRows(fact, await given(row('C,%,true,x,2026-10-03')), own)).rejects.toThrow('fits');
    expect(await readFile(join(own, 'tools.csv'), 'utf8')).toBe(before);
    expect(await readdir(own)).toEqual(['tools.csv']);
  });

  it('stop the scan where a file is of no table, is damaged, or the folder is not there', async () => {
    const into = join(folder, 'into');
    await expect(withOwnFacts(content(), own, into)).rejects.toThrow('does not exist');
    await addOwnRows(fact, await given(row('A,aaa%,true,x,2026-10-02')), own);
    await writeFile(join(own, 'tols.csv'), row('A,aaa%,true,x,2026-10-02'));
    await expect(withOwnFacts(content(), own, into)).rejects.toThrow('no table of this name');
    await rm(join(own, 'tols.csv'));
    await writeFile(join(own, 'tools.csv'), row('A,aaa%,perhaps,x,2026-10-02'));
    await expect(withOwnFacts(content(), own, into)).rejects.toThrow(/tools\.csv:2: reported/);
  });
});

describe('a newer table', () => {
  const newer = `${head}
AnyDesk,anydesk%.exe,true,a report,2026-11-01
New Tool,newtool%.exe,true,a report,2026-11-01
`;
  const url = 'https://example.com/tools.csv';
  const update = (from: string, more: Partial<Parameters<typeof updateTable>[0]> = {}) =>
    updateTable({ fact, directory: own, from, allowed: { tools: url }, now, ...more });
  const answers = (body: string, init?: ResponseInit) => async () => new Response(body, init);
  const nothingChanged = async () =>
    expect((await readdir(own)).filter((name) => name.endsWith('.csv') || name.startsWith('.'))).toEqual([]);

  it('from a file takes the place of ours, and a still newer one the place of that', async () => {
    expect(await update(await given(newer))).toMatchObject({ rows: 2, before: 2, asOf: '2026-11-01' });
    const [merged] = (await withOwnFacts(content(), own, join(folder, 'into'))).facts;
    expect(merged).toMatchObject({ as_of: '2026-11-01', newer: { rows: 2 } });
    expect(await readFile(merged?.csv as string, 'utf8')).toBe(newer);
    await update(await given(newer.replaceAll('11-01', '11-20')));
    expect((await readdir(own)).sort()).toEqual(['tools.2026-11-20.csv', 'updates.jsonl']);
    expect(await readFile(fact.csv, 'utf8')).toBe(ours);
  });

  it('is fetched only from the address that the policy names, over https', async () => {
    const asked: string[] = [];
    const fetch = (async (input: unknown) => {
      asked.push(String(input));
      return new Response(newer);
    }) as typeof globalThis.fetch;
    await expect(update('https://example.org/tools.csv', { fetch })).rejects.toThrow('only the address');
    await expect(
      update('http://example.com/t.csv', { fetch, allowed: { tools: 'http://example.com/t.csv' } }),
    ).rejects.toThrow('only https');
    await expect(update('file:///etc/passwd', { fetch })).rejects.toThrow('only the address');
    expect(asked).toEqual([]);
    expect(await update(url, { fetch })).toMatchObject({ rows: 2 });
    expect(asked).toEqual([url]);
  });

  it.each([
    ['a web page', answers('<html>sign in</html>'), /a web page/],
    ['an error', answers('gone', { status: 404 }), /answered 404/],
    ['too much', answers(`${newer}${'x'.repeat(2000)}`), /more than/],
    ['too much, announced', answers(newer, { headers: { 'content-length': '99999999' } }), /more than/],
    ['a file cut off', answers(newer.slice(0, -10)), /./],
    ['a last line without its end', answers(newer.slice(0, -1)), /cut off/],
    ['fewer bytes than announced', answers(newer, { headers: { 'content-length': '999' } }), /of 999 bytes/],
    ['a day yet to come', answers(newer.replaceAll('2026-11-01', '2027-11-01')), /yet to come/],
    [
      'no connection',
      async () => {
        throw new TypeError('fetch failed', { cause: new Error('unexpected redirect') });
      },
      /unexpected redirect/,
    ],
  ])('leaves all as it was for %s', async (_, fetch, says) => {
    await expect(update(url, { fetch: fetch as typeof globalThis.fetch, limit: 1000 })).rejects.toThrow(says);
    await nothingChanged();
  });

  it('with far fewer rows is refused until somebody says it is right', async () => {
    await writeFile(
      fact.csv,
      `${ours}C,ccc%,true,x,2026-08-21\nD,ddd%,true,x,2026-08-21\nE,eee%,true,x,2026-08-21\n`,
    );
    const path = await given(newer);
    await expect(update(path)).rejects.toThrow('--fewer');
    await nothingChanged();
    expect(await update(path, { fewer: true })).toMatchObject({ rows: 2, before: 5 });
  });
});
