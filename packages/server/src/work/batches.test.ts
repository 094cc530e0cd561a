/** Batches that wait, read by the process of a scan: each once, whatever is killed, and concluded from together. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadContent, loadPolicy, query } from '@rollcall/engine';
import type { FileAccount } from '@rollcall/engine/model/result.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readName } from '../files.js';
import type { ScanNews, ScanOrder } from './scan-process.js';

const program = fileURLToPath(new URL('../../dist/work/scan-process.js', import.meta.url));
let content: string;
let root: string;
let child: ChildProcess | undefined;

// What is tried here needs one connector and no detections: a scan of so little takes a second and not four.
beforeAll(async () => {
  const { folder } = await loadContent(undefined, { withoutTests: true });
  content = await mkdtemp(join(tmpdir(), 'rollcall-content-'));
  const own = join('connectors', 'okta-system-log');
  await cp(join(folder, own), join(content, own), { recursive: true });
});
afterAll(() => rm(content, { recursive: true, force: true }));
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-batches-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

const signIn = (uuid: string) => ({
  uuid,
  published: '2026-05-05T10:00:00.000Z',
  eventType: 'user.session.start',
  actor: { id: '00u1', type: 'User', alternateId: 'worker@example.com' },
  outcome: { result: 'SUCCESS' },
});

/** Batches of sign-ins: each has some of its own, one of the batch before, and a line that is no record. */
async function batches(count: number, records = 20): Promise<string[]> {
  const folders: string[] = [];
  for (let nth = 0; nth < count; nth++) {
    const folder = join(root, 'intake', String(nth + 1).padStart(6, '0'));
    await mkdir(join(folder, 'data'), { recursive: true });
    const own = Array.from({ length: records }, (_, i) => JSON.stringify(signIn(`u-${nth}-${i}`)));
    if (nth > 0) own.push(JSON.stringify(signIn(`u-${nth - 1}-0`)));
    own.push('{"uuid": ');
    await writeFile(join(folder, 'data', 'log.ndjson'), `${own.join('\n')}\n`);
    folders.push(folder);
  }
  return folders;
}

async function order(folders: readonly string[], number = 1): Promise<ScanOrder> {
  return {
    lake: join(root, 'lake'),
    content,
    policy: await loadPolicy(undefined),
    batches: folders.map((folder) => ({ folder, bytes: 1 })),
    results: join(root, 'results'),
    number,
    memory: '1GB',
    threads: 1,
    now: '2026-06-01T00:00:00Z',
  };
}

/** Runs the process to its end, or until `kill` wants it gone. */
function run(given: ScanOrder, kill?: (news: ScanNews | undefined) => boolean) {
  const steps: string[] = [];
  return new Promise<{ last: ScanNews | undefined; steps: string[] }>((resolve) => {
    const own = fork(program, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
    child = own;
    let last: ScanNews | undefined;
    const timer = setInterval(() => {
      if (kill?.(last)) own.kill('SIGKILL');
    }, 1);
    own.on('message', (news: ScanNews) => {
      last = news;
      if (news.kind === 'progress') steps.push(news.step);
    });
    own.on('exit', () => {
      clearInterval(timer);
      resolve({ last, steps });
    });
    own.send(given);
  });
}

async function accounts(folders: readonly string[]) {
  return Promise.all(
    folders.map(async (folder) => {
      const { files } = JSON.parse(await readFile(join(folder, readName), 'utf8')) as {
        files: FileAccount[];
      };
      const [{ read, kept, duplicate, rejected }] = files as [FileAccount];
      return { read, kept, duplicate, rejected };
    }),
  );
}

const events = async () =>
  (await query(join(root, 'lake'), 'SELECT count(*) AS n, count(DISTINCT event_uid) AS uids FROM events'))
    .rows[0];

const exact = (count: number, records = 20) =>
  Array.from({ length: count }, (_, nth) => ({
    read: records + 1 + Math.min(1, nth),
    kept: records,
    duplicate: Math.min(1, nth),
    rejected: 1,
  }));

describe('batches that wait', () => {
  it('are read one after the other, and concluded from once', async () => {
    const folders = await batches(4);
    const { last, steps } = await run(await order(folders));
    expect(last).toMatchObject({ kind: 'done' });
    expect(await accounts(folders)).toEqual(exact(4));
    expect(await events()).toEqual({ n: 80, uids: 80 });
    expect(steps.filter((step) => step === 'weighing')).toHaveLength(1);
    expect(steps.filter((step) => step === 'recognising files')).toHaveLength(4);
    expect((await readdir(join(root, 'results'))).filter((name) => /^\d+$/.test(name))).toHaveLength(1);
  }, 60_000);

  it('are each read once, with an exact account, however often the process is killed', async () => {
    const folders = await batches(5);
    // At moments that are known to matter: a batch is being read, is about to be the lake's, is the lake's, is told of.
    const lake = join(root, 'lake');
    const at = (folder: string | undefined, name: string) => existsSync(join(folder ?? '', name));
    const moments: ((news: ScanNews | undefined) => boolean)[] = [
      (news) => news?.kind === 'progress' && news.step === 'reading',
      () => at(folders[0], 'reading.json') || at(folders[0], readName),
      () => existsSync(join(lake, 'manifest.json')),
      () => at(folders[1], readName),
      () => at(folders[2], 'reading.json') || at(folders[2], readName),
      () => at(folders[3], readName),
      (news) => news?.kind === 'progress' && news.step === 'weighing',
    ];
    for (const kill of moments) expect((await run(await order(folders), kill)).last?.kind).not.toBe('done');
    expect((await run(await order(folders))).last).toMatchObject({ kind: 'done' });
    expect(await accounts(folders)).toEqual(exact(5));
    expect(await events()).toEqual({ n: 100, uids: 100 });
  }, 120_000);

  it('that the lake has, and whose last word on disk is missing, are not read again', async () => {
    const folders = await batches(2);
    const [first, second] = folders as [string, string];
    await run(await order([first]));
    // Killed in the instant between: what would become the account is there, and the lake has the batch.
    await writeFile(join(first, 'reading.json'), await readFile(join(first, readName)));
    await rm(join(first, readName));
    await run(await order([first, second], 2));
    expect(await accounts(folders)).toEqual(exact(2));
    expect(await events()).toEqual({ n: 40, uids: 40 });
  }, 60_000);

  it('do not wait for one that cannot be read, which is tried again once it may be', async () => {
    const folders = await batches(3);
    const broken = folders[1] as string;
    await writeFile(join(broken, 'reading.json'), '{"mark": ');
    const { last } = await run(await order(folders));
    expect(last).toMatchObject({ kind: 'done', unread: [{ folder: broken, code: 'SyntaxError' }] });
    expect(existsSync(join(broken, readName))).toBe(false);
    expect(await events()).toEqual({ n: 41, uids: 41 });
    await rm(join(broken, 'reading.json'));
    expect((await run(await order([broken], 2))).last).toMatchObject({ kind: 'done', unread: [] });
    // Its first record stands in the third, which was read before it.
    expect(await accounts([broken])).toEqual([{ read: 22, kept: 19, duplicate: 2, rejected: 1 }]);
    expect(await events()).toEqual({ n: 60, uids: 60 });
  }, 60_000);

  it('that the lake has not, though their account was ready, are read', async () => {
    const folders = await batches(2);
    const [first, second] = folders as [string, string];
    await run(await order([first]));
    const account = JSON.parse(await readFile(join(first, readName), 'utf8')) as object;
    await writeFile(join(second, 'reading.json'), JSON.stringify({ ...account, mark: 'another' }));
    await run(await order(folders, 2));
    expect(await accounts(folders)).toEqual(exact(2));
    expect(await events()).toEqual({ n: 40, uids: 40 });
  }, 60_000);
});
