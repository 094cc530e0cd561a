/** `rollcall forget` from end to end: it says what would go, does it with --yes, and refuses in words. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContent, loadPolicy, read } from '@rollcall/engine';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { main } from './main.js';

let base: string;
let lake: string;
let printed: string[];
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'rollcall-forget-command-'));
  lake = join(base, 'lake');
  const folder = join(base, 'exports');
  await mkdir(folder);
  await writeFile(
    join(folder, 'people.csv'),
    'Employee ID,Full Name,Work Email,Home City,Home State,Home Country,Hire Date,Termination Date\nE1,Ada Quillfeather,e1@example.com,Columbus,OH,US,2020-01-05,\nE2,Bo Sampleton,e2@example.com,Columbus,OH,US,2020-01-05,2021-02-03\n',
  );
  await writeFile(join(base, 'plain.yml'), 'prior: 0.002\n');
  await writeFile(join(base, 'ages.yml'), 'retention:\n  leavers_days: 365\n  logs_days: 90\n');
  await writeFile(join(base, 'wrong.yml'), 'retention:\n  leavers_days: 1.5\n');
  await writeFile(join(base, 'empty.yml'), 'retention: {}\n');
  await read({
    folder,
    lake,
    content: await loadContent(undefined, { withoutTests: true }),
    policy: await loadPolicy(),
    threads: 1,
  });
});
afterAll(() => rm(base, { recursive: true, force: true }));
beforeEach(() => {
  printed = [];
  const keep = (text: unknown) => {
    printed.push(String(text));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(console, 'log').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  vi.spyOn(console, 'error').mockImplementation(keep);
});
afterEach(() => vi.restoreAllMocks());

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  printed = [];
  const code = await main(['forget', ...args, '--lake', lake]);
  return { code, text: printed.join('\n') };
}

it('says what would go and changes nothing, then does it', async () => {
  const files = async () =>
    (await readdir(join(lake, 'data'), { recursive: true }))
      .filter((name) => name.endsWith('.parquet'))
      .sort();
  const before = await files();
  const would = await run('E1');
  expect(would.code).toBe(0);
  expect(would.text).toMatch(/Would be removed: everything of 1 person.*named by you/);
  expect(would.text).toMatch(/people\s+1/);
  expect(would.text).toContain('With --yes');
  const aged = await run('--old', '--policy', join(base, 'ages.yml'));
  expect(aged.text).toMatch(/people who left/);
  expect(aged.text).toContain('E2');
  expect(aged.text).not.toContain('E1');
  expect(await files()).toEqual(before);
  const done = await run('E1', '--yes', '--json');
  expect(JSON.parse(done.text)).toMatchObject({ done: true, people: [{ id: 'E1', because: 'asked' }] });
  expect(await files()).not.toEqual(before);
  expect((await run('--old', '--policy', join(base, 'ages.yml'), '--yes')).text).toContain('Removed');
  expect((await run('--old', '--policy', join(base, 'ages.yml'))).text).toContain('Nothing is old enough');
});

it('refuses in words what it cannot do', async () => {
  expect((await run()).text).toContain('say who');
  expect(await run('E9')).toMatchObject({ code: 2, text: expect.stringContaining('nobody in the lake') });
  expect((await run('--old')).text).toContain('nothing is ever too old');
  expect((await run('--old', '--policy', join(base, 'plain.yml'))).text).toContain('no section “retention”');
  expect((await run('--old', '--policy', join(base, 'wrong.yml'))).text).toMatch(
    /wrong\.yml.*days are whole/s,
  );
  expect((await run('--old', '--policy', join(base, 'empty.yml'))).text).toContain('at least one age');
  await writeFile(join(lake, 'lock'), `${process.pid}\n`);
  expect((await run('E2')).text).toContain('another process');
  await rm(join(lake, 'lock'));
  await mkdir(join(base, 'keys'));
  await writeFile(join(base, 'keys', 'secret'), 'x');
  expect((await run('E2')).text).toContain('belongs to a console');
  await rm(join(base, 'keys'), { recursive: true });
});
