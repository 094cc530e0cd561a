import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContent } from '@rollcall/engine/content/load.js';
import { policySchema } from '@rollcall/engine/model/policy.js';
import type { ScanResult } from '@rollcall/engine/model/result.js';
import { query, scan } from '@rollcall/engine/pipeline.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from './main.js';

/** Four applicants and their résumés, of which a lake is made once. */
let root: string;
let lake: string;
let first: ScanResult;
let second: ScanResult;
let printed: string[];

const resume = (name: string, contact: string, line: string) =>
  `${name}\n${contact}\n\nExperience\nEngineer, Example Works\nMar 2019 - Present\n${line}\n`;
const ada = resume(
  'Ada Example',
  'ada@example.net | (614) 555-0101',
  'Taught the night ledger to count fishing boats twice, once by weight and once by name, and to ring a bell.',
);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-check-test-'));
  lake = join(root, 'lake');
  const folder = join(root, 'exports');
  await mkdir(join(folder, 'resumes', 'x.pdf'), { recursive: true });
  const write = (name: string, data: string | Uint8Array) => writeFile(join(folder, name), data);
  await write(
    'applicants.csv',
    [
      'Candidate ID,Candidate Name,Candidate Email,Application Date,Job Title',
      'CAND-1001,Ada Example,ada@example.net,2026-02-01,Engineer',
      'CAND-1002,Bo Sample,bo@example.net,2026-02-02,Engineer',
    ].join('\n'),
  );
  await write('resumes/CAND-1001 cv.txt', ada);
  await write('resumes/CAND-1002 cv.txt', resume('Bo Sample', 'bo@example.net', 'Kept the queue short.'));
  // The same bytes under names that are hard on programs.
  const odd = resume('Cy Specimen', 'cy@example.net', 'Wrote the boats down.');
  for (const name of ['a~cv.txt', 'a-cv.txt', 'a%7Ecv.txt', 'cv\n"q\' \\ [x].txt', 'cv \u202e;--.txt'])
    await write(`resumes/${name}`, odd);
  // Before all others, and longer than what is looked at of a file to tell what it is.
  await write('resumes/0 cv.txt', resume('Ex Long', 'ex@example.net', '長い"\\ '.repeat(300_000)));
  await write('resumes/empty cv.pdf', '');
  await write(
    'resumes/Ads manager, résumé.txt',
    resume('Di Specimen', 'di@example.net', 'Sold the back of the programme.'),
  );
  await symlink('/etc/passwd', join(folder, 'resumes', 'link cv.txt'));
  const content = await loadContent(undefined, { withoutTests: true });
  const run = () =>
    scan({
      folder,
      lake,
      content,
      policy: policySchema.parse({}),
      now: new Date('2026-03-01T00:00:00Z'),
      threads: 1,
    });
  first = await run();
  second = await run();
}, 240_000);
afterAll(() => rm(root, { recursive: true, force: true }));

beforeEach(() => {
  printed = [];
  const keep = (text: unknown) => {
    printed.push(String(text));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(console, 'log').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Writes a file and checks it. */
async function check(name: string, text: string, ...flags: string[]) {
  const file = join(root, name);
  await writeFile(file, text);
  const code = await main(['check', file, '--lake', lake, ...flags]);
  return { code, says: printed.join('\n') };
}
const json = async (name: string, text: string) => {
  const { code, says } = await check(name, text, '--json');
  return { code, result: JSON.parse(says) };
};
const person = (name: string, email: string) => ({
  basics: { name, email },
  work: [{ name: 'Example Works', position: 'Engineer', startDate: '2019-03' }],
});

describe('rollcall check', { timeout: 120_000 }, () => {
  it('finds who handed in a copy under another name, by contact and by wording', async () => {
    const { code, result } = await json(
      'copy.txt',
      ada.replace('Ada Example', 'Zed Nobody').replace('ada@', 'zed@').replace('bell', 'horn'),
    );
    expect(code).toBe(0);
    expect(result.name).toBe('Zed Nobody');
    expect(result.answer.hits).toMatchObject([
      {
        person: { id: 'CAND-1001', name: 'Ada Example' },
        values: [{ kind: 'phone', label: '+16145550101', holders: 1 }],
        passages: [{ otherText: expect.stringContaining('bell') }],
      },
    ]);
    expect(result.questions.length).toBeGreaterThan(0);
  });

  it('says beside what is shared what is on record about it', async () => {
    const policy = join(root, 'explained.yml');
    await writeFile(
      policy,
      'explanations:\n  - { kind: agency, value: "+16145550101", reason: The number of Northgate Example, by: Ada }\n',
    );
    const { says } = await check(
      'agency.txt',
      resume('Zed Nobody', 'zed@example.net | (614) 555-0101', 'Painted a fence.'),
      '--policy',
      policy,
    );
    expect(says).toContain('the same phone: +16145550101');
    expect(says).toContain('on record about it: The number of Northgate Example');
  });

  it('finds nobody for a stranger, says the same twice, and keeps nothing', async () => {
    const known = async () =>
      Promise.all(
        (await readdir(join(lake, 'known'), { recursive: true })).sort().map(async (name) => {
          const info = await stat(join(lake, 'known', name));
          return [name, info.size, info.mtimeMs];
        }),
      );
    // A folder of its own: other checks on this machine come and go in that of all.
    const temporary = join(root, 'temporary');
    await mkdir(temporary);
    vi.stubEnv('TMPDIR', temporary);
    const before = await known();
    const stranger = resume('Eve Stranger', 'eve@example.com | (614) 555-0188', 'Painted four doors.');
    const one = await check('stranger.txt', stranger);
    expect(one.code).toBe(0);
    expect(one.says).toContain('Shares nothing with anybody');
    printed = [];
    expect(await check('stranger.txt', stranger)).toEqual(one);
    expect(await known()).toEqual(before);
    expect(await readdir(temporary)).toEqual([]);
  });

  it('reads a JSON Resume of one person', async () => {
    const { code, result } = await json('one.json', JSON.stringify(person('Ada Example', 'ada@example.net')));
    expect(code).toBe(0);
    expect(result.answer.hits.map((hit: { person: { id: string } }) => hit.person.id)).toEqual(['CAND-1001']);
  });

  it.each([
    ['nonsense.txt', 'The rooms are on the list for Monday.', 'was not read'],
    ['empty.pdf', '', 'it is empty'],
    ['damaged.pdf', '%PDF-1.7\n1 0 obj << /Type', 'was not read'],
    [
      'people.json',
      JSON.stringify([person('Ada Example', 'ada@example.net'), person('Bo', 'bo@example.net')]),
      'of 2 people',
    ],
    [
      'list.csv',
      'Candidate ID,Candidate Name,Candidate Email,Application Date\nX-1,Ada Example,ada@example.net,2026-02-01\nX-2,Bo Sample,bo@example.net,2026-02-01\n',
      'of 2 people',
    ],
    [
      'row.csv',
      'Candidate ID,Candidate Name,Candidate Email,Application Date\nX-1,Ada Example,ada@example.net,2026-02-01\n',
      'no résumé of anybody',
    ],
    ['job advert.txt', ada, 'no résumé of anybody'],
  ])('says why %s is not checked, and exits with 2', async (name, text, why) => {
    const { code, says } = await check(name, text);
    expect(says).toContain(why);
    expect(says).not.toContain('CAND-1001');
    expect(code).toBe(2);
  });

  it('refuses folders and files that are not there', async () => {
    for (const file of [root, join(root, 'gone.pdf')]) {
      printed = [];
      expect(await main(['check', file, '--lake', lake])).toBe(2);
      expect(printed.join('')).toMatch(/is no file|does not exist/);
      expect(printed.join('')).not.toContain('unexpected');
    }
  });

  it('says what to do where the lake was never scanned, has no view, or its index is damaged', async () => {
    const file = join(root, 'ada.txt');
    await writeFile(file, ada);
    const asking = async (folder: string) => {
      printed = [];
      const code = await main(['check', file, '--lake', folder]);
      expect(printed.join('')).not.toContain('unexpected');
      return [code, printed.join('')];
    };
    expect(await asking(join(root, 'nothing'))).toEqual([2, expect.stringContaining('rollcall scan')]);
    await rename(join(lake, 'view'), join(lake, 'aside'));
    try {
      expect(await asking(lake)).toEqual([2, expect.stringContaining('rollcall scan')]);
    } finally {
      await rename(join(lake, 'aside'), join(lake, 'view'));
    }
    const people = join(lake, 'known', 'people.json');
    const whole = await readFile(people);
    await writeFile(people, whole.subarray(0, 20));
    try {
      expect(await asking(lake)).toEqual([2, expect.stringContaining('scan again')]);
    } finally {
      await writeFile(people, whole);
    }
  });
});

describe('the scan before it', () => {
  it('counts every file, also under names that are hard on programs', async () => {
    for (const file of [...first.files, ...second.files])
      expect(file.read).toBe(file.kept + file.duplicate + file.rejected);
    const of = (result: ScanResult) => result.files.filter(({ connector }) => connector === 'resume-files');
    expect(of(first).map(({ kept }) => kept)).toEqual(Array(9).fill(1));
    expect(of(second).map(({ duplicate }) => duplicate)).toEqual(Array(9).fill(1));
    const { rows } = await query(lake, 'SELECT DISTINCT file FROM documents');
    expect(rows.length).toBe(9);
    expect(first.files.some(({ file }) => file.includes('link'))).toBe(false);
  });

  it('takes somebody who sells advertisements for a person', async () => {
    const { rows } = await query(lake, "SELECT person_id FROM documents WHERE file LIKE '%Ads manager%'");
    expect(rows).toEqual([{ person_id: 'resume:di@example.net/di specimen' }]);
  });

  it('accuses nobody of five copies of one file', async () => {
    const copies = first.people.filter(({ id }) => id.startsWith('resume:cy@'));
    expect(copies.flatMap(({ signals }) => signals.map(({ detection }) => detection))).toEqual([]);
  });

  it('lets nobody else read the lake', async () => {
    for (const name of ['', 'known', 'view', 'data'])
      expect((await stat(join(lake, name))).mode & 0o077).toBe(0);
    for (const name of ['key', 'manifest.json', 'known/people.json', 'known/settings.json'])
      expect((await stat(join(lake, name))).mode & 0o077).toBe(0);
  });
});
