import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checker, type CheckResult, checkFile } from '@rollcall/engine/check.js';
import { type Content, loadContent } from '@rollcall/engine/content/load.js';
import { loadPolicy } from '@rollcall/engine/content/policy.js';
import type { Policy } from '@rollcall/engine/model/policy.js';
import { scan } from '@rollcall/engine/pipeline.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docxParagraph, makeDocx } from '../../engine/src/documents/make-samples.js';

let folder: string;
let content: Content;
let policy: Policy;
const now = new Date('2026-03-01T00:00:00Z');
const lake = () => join(folder, 'lake');

const rare =
  'Taught the night ledger to count fishing boats twice, once by weight and once by name, and to ring a bell.';
const other =
  'Moved the harbour library to paper tides, so that every captain could read the fog before it had a number.';
const resume = (name: string, contact: string, line: string) =>
  `${name}\n${contact}\n\nExperience\nEngineer, Example Works\nMar 2019 - Present\n${line}\n`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-check-test-'));
  content = await loadContent(undefined, { withoutTests: true });
  policy = await loadPolicy();
  const exports = join(folder, 'exports');
  await mkdir(join(exports, 'resumes'), { recursive: true });
  await writeFile(
    join(exports, 'applicants.csv'),
    'Candidate ID,Candidate Name,Candidate Email,Application Date\nCAND-1001,Ada Example,ada@example.net,2026-02-01\n',
  );
  await writeFile(
    join(exports, 'resumes', 'CAND-1001 cv.txt'),
    resume('Ada Example', 'ada@example.net | (614) 555-0101', rare),
  );
  await scan({ folder: exports, lake: lake(), content, policy, now });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Newcomers who share things with somebody on record and with one another, and files that are none. */
const dropped: [string, string | Uint8Array][] = [
  ['a/resume.txt', resume('Eve Specimen', 'eve@example.org | (614) 555-0101', rare)],
  ['b/resume.txt', resume('Flo Sample', 'flo@example.org | (614) 555-0102', other)],
  // The same phone and wording as the one before, who is nobody to them.
  ['c/resume.txt', resume('Gus Model', 'gus@example.org | (614) 555-0102', other)],
  // Twice the same person, and once the same file.
  ['d/resume.txt', resume('Hal Person', 'hal@example.org', 'Painted boats.')],
  ['e/resume.txt', resume('Hal Person', 'hal@example.org', 'Sold sails.')],
  ['f/resume.txt', resume('Flo Sample', 'flo@example.org | (614) 555-0102', other)],
  [
    'g/resume.docx',
    makeDocx(['Ivy Sample', 'ivy@example.org', 'Skills: sails'].map((line) => docxParagraph(line)).join('')),
  ],
  ['h/job-advert.txt', resume('Jobs', 'jobs@example.org', other)],
  ['i/resume.txt', ''],
  ['j/resume.pdf', '%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>'],
  [
    'k/list.csv',
    'Employee ID,Name,Work Email,Start Date\n1,Ada Example,a@example.com,2024-01-01\n2,Bo Example,b@example.com,2024-01-01\n',
  ],
  ['l/resume.txt', 'The weather was fine, and nobody introduced themselves.'],
  ['m/missing.txt', new Uint8Array(0)],
];

const plain = (answer: CheckResult | Error) =>
  answer instanceof Error
    ? { error: answer.message, code: (answer as { code?: string }).code }
    : { ...answer, milliseconds: undefined };

describe('résumés that are checked together', () => {
  it('are each answered as if they had come alone', async () => {
    const files: string[] = [];
    for (const [name, text] of dropped) {
      const path = join(folder, 'dropped', name);
      await mkdir(join(path, '..'), { recursive: true });
      if (!name.startsWith('m/')) await writeFile(path, text);
      files.push(path);
    }
    const checker = await Checker.open({ lake: lake(), content, policy, now });
    const together: unknown[] = [];
    try {
      for await (const { nth, answer } of checker.check(files)) {
        expect(together[nth]).toBeUndefined();
        together[nth] = plain(answer);
      }
      // And a second time, by what the first has left.
      const again: unknown[] = [];
      for await (const { nth, answer } of checker.check(files.slice(0, 3).reverse()))
        again[2 - nth] = plain(answer);
      expect(again).toEqual(together.slice(0, 3));
    } finally {
      await checker.close();
    }
    const alone = await Checker.open({ lake: lake(), content, policy, now });
    try {
      for (const [nth, file] of files.entries())
        for await (const { answer } of alone.check([file]))
          expect(together[nth], dropped[nth]?.[0]).toEqual(plain(answer));
    } finally {
      await alone.close();
    }
    const eveAlone = await checkFile({ file: files[0] as string, lake: lake(), content, policy, now });
    expect(together[0]).toEqual(plain(eveAlone));
    const [eve, flo] = together as CheckResult[];
    expect(eve?.answer.hits[0]?.person.id).toBe('CAND-1001');
    expect(eve?.signals.map((signal) => signal.detection)).toContain('one-phone-number-under-two-names');
    expect(flo?.answer.hits).toEqual([]);
    expect(flo?.signals).toEqual([]);
    expect(flo?.questions.length).toBeGreaterThan(0);
  }, 120_000);
});
