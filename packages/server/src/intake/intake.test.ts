import { appendFileSync, existsSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadContent } from '@rollcall/engine';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readBody } from './body.js';
import { type OpenIntake, openIntake, stillWritten } from './intake.js';
import { watchFolder } from './watch.js';

let connectors: Awaited<ReturnType<typeof loadContent>>['connectors'];
let folder: string;
const open: OpenIntake[] = [];
const asked: string[] = [];

beforeAll(async () => {
  ({ connectors } = await loadContent(undefined, { withoutTests: true }));
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-intake-'));
  asked.length = 0;
});
afterAll(async () => {
  for (const one of open) await one.close().catch(() => undefined);
});

async function start(at = folder): Promise<OpenIntake> {
  const intake = await openIntake({
    folder: at,
    connectors,
    queue: () => ({ add: async () => undefined }),
    ask: (reason) => {
      asked.push(reason);
    },
    log: pino({ level: 'silent' }),
    now: () => new Date('2026-06-01T09:00:00Z'),
  });
  open.push(intake);
  return intake;
}

const check = (id: number) => ({
  employee_id: `E-${id}`,
  check: 'Spot check',
  date: '2026-05-01',
  outcome: 'passed',
  by: 'K. Lead',
});
const ndjson = (rows: readonly object[]) => Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'));
const ids = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { employee_id: string }).employee_id);
const kept = (path = '000001') =>
  existsSync(join(folder, 'intake', path, 'data/records/checks.ndjson'))
    ? ids(readFileSync(join(folder, 'intake', path, 'data/records/checks.ndjson'), 'utf8'))
    : [];

const content = async function* (text: string) {
  yield Buffer.from(text);
};

describe('records', () => {
  it('are on disk, and counted, when they are acknowledged', async () => {
    const intake = await start();
    const receipt = await intake.records('checks', ndjson([check(1), check(2)]));
    expect(receipt).toMatchObject({ source: 'checks', records: 2, again: false });
    expect(receipt.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(kept()).toEqual(['E-1', 'E-2']);
    expect(intake.state()).toMatchObject({ records: 2, takenRecords: 2 });
  });

  it('of a connector nobody knows are refused, and near names told', async () => {
    const intake = await start();
    await expect(intake.records('okta-sistem-log', ndjson([check(1)]))).rejects.toMatchObject({
      status: 422,
      code: 'SOURCE_UNKNOWN',
      message: expect.stringContaining('okta-system-log'),
    });
  });

  it('are refused as a whole where one line is no JSON object, with its line and without its text', async () => {
    const intake = await start();
    for (const [bad, line] of [
      ['{"employee_id":"E-9",', 2],
      ['[1]', 2],
      ['"Ada Example"', 2],
      ['null', 2],
      ['{"a":"\xff"}', 2],
    ] as const) {
      const sent = Buffer.concat([
        ndjson([check(1)]),
        Buffer.from('\n'),
        Buffer.from(bad, 'latin1'),
        Buffer.from('\n'),
        ndjson([check(3)]),
      ]);
      const refusal = await intake.records('checks', sent).catch((error: Error) => error);
      expect(refusal).toMatchObject({ status: 422, code: 'RECORD_INVALID' });
      expect((refusal as Error).message).toContain(`line ${line}`);
      expect((refusal as Error).message).not.toContain('Ada');
    }
    expect(kept()).toEqual([]);
    expect(intake.state()).toMatchObject({ records: 0, takenRecords: 0 });
  });

  it('that are not what they are said to be are refused', async () => {
    const intake = await start();
    await expect(intake.records('okta-system-log', ndjson([check(1)]))).rejects.toMatchObject({
      code: 'RECORDS_UNLIKE',
    });
    await expect(intake.records('checks', ndjson([{ hello: 1 }]))).rejects.toMatchObject({
      code: 'RECORDS_UNLIKE',
    });
    await expect(intake.records('checks', Buffer.from('\n \n'))).rejects.toMatchObject({
      code: 'NOTHING_SENT',
    });
  });

  it('sent again under the same key are acknowledged again, and stand there once', async () => {
    const intake = await start();
    const rows = ndjson([check(1), check(2)]);
    const [first, second] = await Promise.all([
      intake.records('checks', rows, 'k1'),
      intake.records('checks', rows, 'k1'),
    ]);
    const third = await intake.records('checks', rows, 'k1');
    expect([first.again, second.again, third.again]).toEqual([false, true, true]);
    expect(new Set([first.id, second.id, third.id]).size).toBe(1);
    expect(kept()).toEqual(['E-1', 'E-2']);
    await expect(intake.records('checks', ndjson([check(3)]), 'k1')).rejects.toMatchObject({
      code: 'KEY_REUSED',
    });
    await intake.close();
    const later = await start();
    expect((await later.records('checks', rows, 'k1')).again).toBe(true);
    expect(later.state().records).toBe(2);
  });

  it('are put off while too much waits, and taken again once it was looked at', async () => {
    const intake = await start();
    intake.limits.backlog = 400;
    await intake.deliver('checks', ndjson([check(1), check(2), check(3)]), 'a');
    await expect(intake.deliver('checks', ndjson([check(4), check(5)]))).rejects.toMatchObject({
      status: 429,
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    });
    // What was taken over before is still acknowledged.
    expect((await intake.deliver('checks', ndjson([check(1), check(2), check(3)]), 'a')).again).toBe(true);
    const [batch] = await intake.seal();
    if (!batch) throw new Error('nothing to scan');
    await intake.finish(batch);
    expect((await intake.deliver('checks', ndjson([check(4), check(5)]))).records).toBe(2);
    expect(intake.state()).toMatchObject({ records: 2, takenRecords: 5 });
  });

  it('with other names of columns stand in another file, each with how it is read', async () => {
    const intake = await start();
    await intake.records('checks', ndjson([check(1)]));
    await intake.records(
      'checks',
      ndjson([{ 'Worker ID': 'E-2', Verification: 'Reference', Result: 'passed', 'Done At': '2026-05-01' }]),
    );
    await intake.records('checks', ndjson([{ ...check(3), note: 'first-day call' }]));
    const [batch] = await intake.seal();
    const names = await readdir(join(batch?.data ?? '', 'records'));
    expect(names.sort()).toEqual([
      'checks-2.ndjson',
      'checks-2.ndjson.rollcall.yml',
      'checks.ndjson',
      'checks.ndjson.rollcall.yml',
    ]);
    const first = JSON.parse(
      readFileSync(join(batch?.data ?? '', 'records/checks.ndjson.rollcall.yml'), 'utf8'),
    );
    expect(first).toMatchObject({
      connector: 'checks',
      columns: { person_ref: 'employee_id', note: 'note' },
    });
  });

  it('of many senders at once share synchronisations, and none is lost or doubled', async () => {
    const intake = await start();
    await Promise.all(
      Array.from({ length: 400 }, (_, i) =>
        intake.records('checks', ndjson(Array.from({ length: 25 }, (_, j) => check(i * 25 + j)))),
      ),
    );
    expect(new Set(kept()).size).toBe(10_000);
    expect(kept().length).toBe(10_000);
  });
});

describe('after a kill', () => {
  it('everything acknowledged is there once, wherever the files were cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
        fc.array(
          fc.record({
            segment: fc.double({ min: 0, max: 1, noNaN: true }),
            journal: fc.double({ min: 0, max: 1, noNaN: true }),
            more: fc.integer({ min: 0, max: 3 }),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        async (sizes, kills) => {
          await rm(folder, { recursive: true, force: true });
          await mkdir(folder, { recursive: true });
          const acknowledged: string[] = [];
          let next = 0;
          let intake = await start();
          const send = async (size: number) => {
            const rows = Array.from({ length: size }, () => check(next++));
            await intake.records('checks', ndjson(rows));
            acknowledged.push(...rows.map((row) => row.employee_id));
          };
          for (const size of sizes) await send(size);
          for (const kill of kills) {
            // What a kill in the middle of a delivery leaves: more or less of its records, and of its line in the journal.
            await intake.close();
            const place = join(folder, 'intake/000001');
            const torn = `${JSON.stringify(check(100_000 + next))}\n${JSON.stringify(check(200_000 + next))}\n`;
            appendFileSync(
              join(place, 'data/records/checks.ndjson'),
              torn.slice(0, Math.floor(kill.segment * torn.length)),
            );
            const line = `{"id":"torn","source":"checks","path":"records/checks.ndjson","offset":${(await stat(join(place, 'data/records/checks.ndjson'))).size}`;
            appendFileSync(
              join(place, 'journal.ndjson'),
              line.slice(0, Math.floor(kill.journal * line.length)),
            );
            intake = await start();
            expect(kept()).toEqual(acknowledged);
            expect(intake.state().records).toBe(acknowledged.length);
            for (let i = 0; i < kill.more; i++) await send(2);
          }
          expect(kept()).toEqual(acknowledged);
          await intake.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('a segment nobody acknowledged is gone, and a file that lies there whole is taken', async () => {
    const intake = await start();
    await intake.records('checks', ndjson([check(1)]));
    await intake.close();
    const data = join(folder, 'intake/000001/data');
    writeFileSync(join(data, 'records/absences.ndjson'), '{"half":');
    await mkdir(join(data, 'files/sub'), { recursive: true });
    writeFileSync(join(data, 'files/sub/roster.csv'), 'Employee ID,Name\nE-1,Ada Example\n');
    const later = await start();
    expect(existsSync(join(data, 'records/absences.ndjson'))).toBe(false);
    expect(later.state()).toMatchObject({ records: 1, files: 1 });
    expect(asked).toContain('start');
  });

  it('missing bytes of what was acknowledged do not stop the others', async () => {
    const intake = await start();
    await intake.records('checks', ndjson([check(1), check(2)]));
    await intake.close();
    truncateSync(join(folder, 'intake/000001/data/records/checks.ndjson'), 30);
    const later = await start();
    await later.records('checks', ndjson([check(3)]));
    expect(later.state().records).toBe(3);
  });
});

describe('files', () => {
  it('keep their path, and never leave the folder of their batch', async () => {
    const intake = await start();
    for (const name of [
      '../../../etc/passwd',
      '/etc/cron.d/x',
      '..\\..\\windows\\win.ini',
      'a/./../b.csv',
      'nul\u0000byte.csv',
      '\u202Egnp.csv',
      `${'x'.repeat(400)}.csv`,
      '.hidden/.htaccess',
    ])
      await intake.file(name, content(name));
    const found: string[] = [];
    const walk = async (at: string, under = '') => {
      for (const entry of await readdir(join(at, under), { withFileTypes: true })) {
        const path = under ? `${under}/${entry.name}` : entry.name;
        if (entry.isDirectory()) await walk(at, path);
        else found.push(path);
      }
    };
    await walk(join(folder, 'intake/000001/data/files'));
    expect(found).toHaveLength(8);
    expect(found).toContain('etc/passwd');
    expect(found.every((path) => !/\p{Cc}|\p{Cf}|(^|\/)\./u.test(path))).toBe(true);
    expect(existsSync('/tmp/etc/passwd')).toBe(false);
  });

  it('of one name lie beside each other; the same one is taken once', async () => {
    const intake = await start();
    await intake.file('roster.csv', content('a'));
    await intake.file('roster.csv', content('b'));
    expect((await intake.file('roster.csv', content('a'))).again).toBe(true);
    await intake.file('roster.csv/inside.csv', content('c'));
    expect(intake.state().files).toBe(3);
  });

  it('that are too large, empty, or say how others are read are refused, and nothing of them stays', async () => {
    const intake = await start();
    intake.limits.file = 10;
    await expect(intake.file('big.csv', content('12345678901'))).rejects.toMatchObject({ status: 413 });
    await expect(intake.file('empty.csv', content(''))).rejects.toMatchObject({ code: 'FILE_EMPTY' });
    await expect(intake.file('x.csv.rollcall.yml', content('a'))).rejects.toMatchObject({ status: 422 });
    await expect(intake.file('...', content('a'))).rejects.toMatchObject({ code: 'NAME_INVALID' });
    expect(await readdir(join(folder, 'intake/uploads'))).toEqual([]);
    expect(intake.state().files).toBe(0);
  });

  it('of the watched folder are taken once they have stopped growing', async () => {
    const intake = await start();
    await mkdir(join(folder, 'watch/hr'), { recursive: true });
    const path = join(folder, 'watch/hr/roster.csv');
    writeFileSync(path, 'Employee ID,Name\n');
    writeFileSync(join(folder, 'watch/.hidden'), 'x');
    writeFileSync(join(folder, 'watch/half.csv.part'), 'x');
    const stop = await watchFolder({ folder, intake, log: pino({ level: 'silent' }), still: 300, every: 50 });
    for (let i = 0; i < 4; i++) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      appendFileSync(path, `E-${i},Name ${i}\n`);
      expect(intake.state().files).toBe(0);
    }
    await expect.poll(() => intake.state().files, { timeout: 5000 }).toBe(1);
    await stop();
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(join(folder, 'intake/000001/data/files/hr/roster.csv'), 'utf8')).toContain('E-3');
    expect(existsSync(join(folder, 'watch/half.csv.part'))).toBe(true);
  });
});

describe('a disk that is nearly full', () => {
  it('takes nothing from outside, and what people recorded all the same', async () => {
    const intake = await start();
    await intake.deliver('checks', ndjson([check(1)]), 'known');
    const { bavail, bsize } = await statfs(folder);
    intake.limits.free = Number.MAX_SAFE_INTEGER;
    const full = { status: 503, code: 'DISK_FULL' };
    await expect(intake.deliver('checks', ndjson([check(2)]), 'new')).rejects.toMatchObject(full);
    await expect(intake.file('a.csv', content('a'))).rejects.toMatchObject(full);
    await expect(intake.room()).rejects.toMatchObject(full);
    // Acknowledged before: it is said again.
    expect((await intake.deliver('checks', ndjson([check(1)]), 'known')).again).toBe(true);
    await intake.records('checks', ndjson([check(3)]), 'recorded');
    expect(kept()).toEqual(['E-1', 'E-3']);
    intake.limits.free = 0;
    intake.limits.file = 10;
    await expect(intake.file('b.csv', content('b'), bavail * bsize * 2)).resolves.toBeDefined();
    intake.limits.file = Number.MAX_SAFE_INTEGER;
    await expect(intake.file('c.csv', content('c'), bavail * bsize * 2)).rejects.toMatchObject(full);
  });

  it('that fills up while a file comes in is told in words, and nothing of the file stays', async () => {
    const intake = await start();
    async function* half() {
      yield Buffer.from('Employee ID');
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    }
    await expect(intake.file('a.csv', half())).rejects.toMatchObject({ status: 503, code: 'DISK_FULL' });
    expect(await readdir(join(folder, 'intake/uploads'))).toEqual([]);
    expect(intake.state().files).toBe(0);
  });
});

describe('the watched folder', () => {
  it('puts aside what it cannot take, and says which file and why until it is taken away', async () => {
    const intake = await start();
    const watched = join(folder, 'watch');
    await mkdir(join(watched, 'sub'), { recursive: true });
    writeFileSync(join(watched, 'empty.csv'), '');
    writeFileSync(join(watched, 'sub/x.csv.rollcall.yml'), 'a');
    writeFileSync(join(folder, 'outside.csv'), 'Employee ID\n');
    symlinkSync(join(folder, 'outside.csv'), join(watched, 'link.csv'));
    symlinkSync(folder, join(watched, 'all'));
    const deep = Array.from({ length: 12 }, (_, at) => String(at)).join('/');
    await mkdir(join(watched, deep), { recursive: true });
    writeFileSync(join(watched, 'large.csv'), '123456789012345');
    writeFileSync(join(watched, 'good.csv'), 'ok');
    intake.limits.file = 10;
    const options = { folder, intake, log: pino({ level: 'silent' }), still: 100, empty: 200, every: 30 };
    let stop = await watchFolder(options);
    await expect.poll(() => intake.state().aside.length, { timeout: 5000 }).toBe(6);
    await expect.poll(() => intake.state().files).toBe(1);
    await stop();
    const why = Object.fromEntries(intake.state().aside.map((one) => [one.file, one.why]));
    expect(why).toEqual({
      'empty.csv': 'it is empty',
      'sub/x.csv.rollcall.yml': expect.stringContaining('say how others are read'),
      'link.csv': expect.stringContaining('links are not followed'),
      all: expect.stringContaining('links are not followed'),
      '0/1/2/3/4/5/6/7/8/9/10': expect.stringContaining('more than 10 folders'),
      'large.csv': expect.stringContaining('split it'),
    });
    expect(existsSync(join(folder, 'outside.csv'))).toBe(true);
    expect(await readdir(watched)).not.toContain('empty.csv');
    // Another process says the same, until somebody takes the file away.
    const later = await start();
    stop = await watchFolder({ ...options, intake: later });
    await expect.poll(() => later.state().aside.length).toBe(6);
    const refused = join(folder, 'watch-refused');
    const [large] = (await readdir(refused)).filter((name) => /large\.csv-\w+$/.test(name));
    await rm(join(refused, large ?? ''));
    await expect.poll(() => later.state().aside.length).toBe(5);
    await stop();
    expect(later.state().aside.map((one) => one.file)).not.toContain('large.csv');
  });

  it('leaves a file that changes while it is read, and takes it once it is whole', async () => {
    const intake = await start();
    const path = join(folder, 'grows.csv');
    writeFileSync(path, 'x'.repeat(30 << 20));
    const writer = setInterval(() => appendFileSync(path, 'more'), 1);
    await expect(intake.takeFile('grows.csv', path)).rejects.toMatchObject({ code: stillWritten });
    clearInterval(writer);
    expect(intake.state().files).toBe(0);
    expect(existsSync(path)).toBe(true);
    const { size } = await stat(path);
    expect(size).toBeGreaterThan(30 << 20);
    expect((await intake.takeFile('grows.csv', path)).bytes).toBe(size);
  });
});

describe('the body of a delivery', () => {
  it('that is compressed without a word of it is refused with what to say', async () => {
    const body = gzipSync(ndjson([check(1)]));
    const sent = (headers: Record<string, string>) =>
      readBody(new Request('http://localhost/', { method: 'POST', body, headers }));
    await expect(sent({})).rejects.toMatchObject({
      status: 422,
      code: 'GZIP_NOT_SAID',
      message: expect.stringContaining('Content-Encoding: gzip'),
    });
    expect(Buffer.from(await sent({ 'content-encoding': 'gzip' }))).toEqual(ndjson([check(1)]));
  });
});

describe('a batch', () => {
  it('is closed by a scan, and is there again after a kill until it is finished', async () => {
    const intake = await start();
    await intake.records('checks', ndjson([check(1)]));
    expect((await intake.seal()).map((one) => one.number)).toEqual([1]);
    await intake.records('checks', ndjson([check(2)]));
    expect(kept('000001')).toEqual(['E-1']);
    expect(kept('000002')).toEqual(['E-2']);
    await intake.close();
    const later = await start();
    const batches = await later.seal();
    expect(batches.map((one) => one.number)).toEqual([1, 2]);
    writeFileSync(join(batches[0]?.folder ?? '', 'done.json'), '{}');
    for (const one of batches.slice(0, 1)) await later.finish(one);
    expect((await later.seal()).map((one) => one.number)).toEqual([2]);
    expect(later.state().records).toBe(1);
  });
});
