/** What becomes of files that are read together, when one of them is hostile. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadPolicy } from '@rollcall/engine';
import type { Policy } from '@rollcall/engine/model/policy.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CheckApart, type Limits } from './check-apart.js';

let folder: string;
let policy: Policy;
let apart: CheckApart;

/** Answers each file with its name and those it came with, but for some names. */
const stub = `
process.on('message', ({ files }) => {
  for (const [nth, file] of files.entries()) {
    if (file === 'dies') process.exit(1);
    if (file === 'hangs') return;
    if (file === 'throws') process.send({ nth, problem: 'x', code: 'ARGUMENT_INVALID' });
    else process.send({ nth, result: { file, together: files.length, pid: process.pid, place: process.env.TMPDIR } });
  }
  process.send({ done: true });
});
process.on('disconnect', () => process.exit(0));
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-check-apart-'));
  await writeFile(join(folder, 'stub.mjs'), stub);
  policy = await loadPolicy(undefined);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => apart.stop());

const start = (limits: Partial<Limits> = {}) => {
  apart = new CheckApart({ processes: 1, time: 2_000, ...limits }, pathToFileURL(join(folder, 'stub.mjs')));
};
type Answer = { file: string; together: number; pid: number; place: string };
const check = async (file: string, temporary = folder) =>
  apart.check({
    file,
    lake: 'lake',
    content: 'content',
    policy,
    temporary,
  }) as unknown as Promise<Answer>;
const all = async (files: readonly string[]) =>
  (await Promise.allSettled(files.map((file) => check(file)))).map((one) =>
    one.status === 'fulfilled' ? one.value.file : (one.reason as { code?: string }).code,
  );

describe('files that are dropped together', () => {
  it('are handed on together, as far as they have come', async () => {
    start({ together: 4 });
    const answers = await Promise.all(['1', '2', '3', '4', '5', '6'].map((file) => check(file)));
    expect(answers.map((one) => one.file)).toEqual(['1', '2', '3', '4', '5', '6']);
    // The first went off alone.
    expect(answers.map((one) => one.together)).toEqual([1, 4, 4, 4, 4, 1]);
    expect(new Set(answers.map((one) => one.pid)).size).toBe(1);
  });

  it('are all answered where one of them ends the process, or takes too long, and that one is refused', async () => {
    start();
    expect(await all(['1', '2', 'dies', '3', 'throws', 'hangs', '4'])).toEqual([
      '1',
      '2',
      'FILE_TOO_HEAVY',
      '3',
      'NOT_ONE_RESUME',
      'FILE_TOO_SLOW',
      '4',
    ]);
    expect(await all(['5'])).toEqual(['5']);
  }, 30_000);

  it('go to two processes where several wait, and to one where not', async () => {
    start({ processes: 2 });
    const one = await check('1');
    expect((await check('2')).pid).toBe(one.pid);
    const many = await Promise.all(Array.from({ length: 12 }, (_, nth) => check(String(nth))));
    expect(new Set(many.map(({ pid }) => pid)).size).toBe(2);
  });

  it('are read in the folder they came with, by a process that never worked in another', async () => {
    start();
    const first = await check('1');
    const elsewhere = await check('2', tmpdir());
    expect([first.place, elsewhere.place]).toEqual([folder, tmpdir()]);
    expect(elsewhere.pid).not.toBe(first.pid);
    expect((await check('3', tmpdir())).pid).toBe(elsewhere.pid);
  });

  it('beyond what may wait are asked to come again', async () => {
    start({ waiting: 3 });
    const codes = await all(['1', '2', '3', '4']);
    expect(codes).toEqual(['1', '2', '3', 'BUSY']);
    expect(await all(['5'])).toEqual(['5']);
  });
});
