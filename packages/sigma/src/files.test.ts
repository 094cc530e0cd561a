import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { maxLineBytes, type ReadRecord, readRecords, readRuleFiles } from './files.js';

const folder = mkdtempSync(join(tmpdir(), 'sigma-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(name: string, content: string | Buffer): Promise<ReadRecord[]> {
  const file = join(folder, name);
  writeFileSync(file, content);
  const out: ReadRecord[] = [];
  for await (const record of readRecords(file)) out.push(record);
  return out;
}

describe('readRecords', () => {
  it('numbers lines as they stand, and goes on after a bad one', async () => {
    const records = await read('a.ndjson', '{"a":1}\n\n{"a":\n[1]\n"x"\n{"a":2}');
    expect(records.map((record) => [record.line, 'event' in record])).toEqual([
      [1, true],
      [3, false],
      [4, false],
      [5, false],
      [6, true],
    ]);
  });

  it('reads gzip, CR LF, a byte order mark and an empty file', async () => {
    expect(await read('a.ndjson.gz', gzipSync('{"a":1}\n{"a":2}\n'))).toHaveLength(2);
    expect(await read('b.ndjson', '\ufeff{"a":1}\r\n{"a":2}\r\n')).toMatchObject([{ line: 1 }, { line: 2 }]);
    expect(await read('c.ndjson', '')).toEqual([]);
  });

  it('reads one document, a list of records, and records one after the other', async () => {
    expect(await read('a.json', '{\n "a": 1\n}\n')).toEqual([{ line: 1, event: { a: 1 } }]);
    expect(await read('b.json', '[{"a": 1}, {"a": 2}, 3]')).toMatchObject([
      { event: { a: 1 } },
      { line: 2 },
      { problem: 'not a JSON object' },
    ]);
    expect(await read('c.json', '{\n "a": "}{"\n}\n{\n "a": 2\n}\n')).toMatchObject([
      { event: { a: '}{' } },
      { event: { a: 2 } },
    ]);
  });

  it('refuses a line without end and reads on', async () => {
    const records = await read(
      'long.ndjson',
      Buffer.concat([
        Buffer.from('{"a":"'),
        Buffer.alloc(maxLineBytes + 10, 120),
        Buffer.from('"}\n{"a":2}\n'),
      ]),
    );
    expect(records).toMatchObject([
      { line: 1, problem: expect.stringContaining('longer') },
      { line: 2, event: { a: 2 } },
    ]);
  });

  it('reports a damaged archive', async () => {
    await expect(read('bad.ndjson.gz', Buffer.from('not gzip'))).rejects.toThrow();
  });
});

describe('readRuleFiles', () => {
  it('reads a folder in order, without tests and without following links', async () => {
    const rules = join(folder, 'rules');
    mkdirSync(join(rules, 'deep'), { recursive: true });
    writeFileSync(join(rules, 'b.yml'), 'b');
    writeFileSync(join(rules, 'b.test.yml'), 't');
    writeFileSync(join(rules, 'deep', 'a.yaml'), 'a');
    writeFileSync(join(rules, 'notes.md'), 'x');
    symlinkSync(rules, join(rules, 'deep', 'loop'));
    const sources = await readRuleFiles(rules);
    expect(sources.map(({ text }) => text)).toEqual(['b', 'a']);
    await expect(readRuleFiles(join(folder, 'none'))).rejects.toThrow('ENOENT');
  });
});
