import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContent } from '@rollcall/engine/content/load.js';
import { policySchema } from '@rollcall/engine/model/policy.js';
import type { ScanResult } from '@rollcall/engine/model/result.js';
import { query, scan } from '@rollcall/engine/pipeline.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docxParagraph, makeDocx } from '../../engine/src/documents/make-samples.js';

/** A folder as a recruiter has it: a list of applicants, and their files under the names a system or a person gave them. */
let root = '';
let first: ScanResult;
let second: ScanResult;
const resume = (name: string, email: string, line: string) =>
  makeDocx(
    [name, `${email} | (614) 555-0101`, 'Experience', 'Engineer, Example Works', 'Mar 2019 - Present', line]
      .map((text) => docxParagraph(text))
      .join(''),
  );

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-documents-'));
  const folder = join(root, 'exports');
  await mkdir(join(folder, 'resumes', 'CAND-1003'), { recursive: true });
  const write = (name: string, data: string | Uint8Array) => writeFile(join(folder, name), data);
  await write(
    'applicants.csv',
    [
      'Candidate ID,Candidate Name,Candidate Email,Application Date,Job Title',
      'CAND-1001,Ada Example,ada@example.net,2026-02-01,Engineer',
      'CAND-1002,Bo Sample,bo@example.net,2026-02-02,Engineer',
      'CAND-1003,Cy Specimen,cy@example.net,2026-02-03,Engineer',
      '2024,Di Year,di@example.net,2026-02-04,Engineer',
      '4321,Fay Short,fay@example.net,2026-02-05,Engineer',
      'CAND-1005,王伟,family@example.net,2026-02-06,Engineer',
    ].join('\n'),
  );
  // By the candidate's number in the name, by e-mail and name, and by the number of the folder.
  await write(
    'resumes/cand_1001-resume.docx',
    resume('A. Example', 'private@example.org', 'Ran the checks of one ledger.'),
  );
  await write('resumes/my cv.docx', resume('Bo Sample', 'bo@example.net', 'Kept the queue short.'));
  await write('resumes/CAND-1003/cv.docx', resume('Cy Specimen', 'cy@example.net', 'Wrote the boats down.'));
  // Of nobody on the list: a year is no number, and one mailbox under another name is another person.
  await write('resumes/resume 2024.docx', resume('Eve Nobody', 'eve@example.net', 'Painted four doors.'));
  await write('resumes/other.docx', resume('Not Bo', 'bo@example.net', 'Painted five doors.'));
  // A short number may be anything; one mailbox in a family is no name, in any script.
  await write(
    'resumes/scan 4321 cv.docx',
    resume('Completely Other', 'other@example.net', 'Painted six doors.'),
  );
  await write('resumes/li.docx', resume('李娜', 'family@example.net', 'Painted seven doors.'));
  // A further copy of a file that is tied follows it.
  await write('resumes/copy of it.docx', resume('Cy Specimen', 'cy@example.net', 'Wrote the boats down.'));
  // One file, handed in by two candidates.
  const shared = resume('Bo Sample', 'bo@example.net', 'Counted lanterns twice.');
  await write('resumes/CAND-1002 old.docx', shared);
  await write('resumes/CAND-1001 old.docx', shared);
  await write('resumes/notes.txt', 'Meeting on Monday. Bring the list of rooms.');
  await write('resumes/damaged.pdf', '%PDF-1.7\n1 0 obj << /Type /Catalog >>');
  await write('resumes/old.doc', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]));
  const content = await loadContent(undefined, { withoutTests: true });
  const run = () =>
    scan({
      folder,
      lake: join(root, 'lake'),
      content,
      policy: policySchema.parse({}),
      now: new Date('2026-03-01T00:00:00Z'),
      threads: 1,
    });
  first = await run();
  second = await run();
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

const account = (result: ScanResult, name: string) => result.files.find(({ file }) => file.endsWith(name));

describe('résumé files in a scan', () => {
  it('ties each to the candidate it is of, and guesses nothing', async () => {
    const { rows } = await query(join(root, 'lake'), 'SELECT file, person_id FROM documents ORDER BY file');
    expect(rows).toEqual([
      { file: 'resumes/CAND-1001 old.docx', person_id: 'CAND-1001' },
      { file: 'resumes/CAND-1002 old.docx', person_id: 'CAND-1002' },
      { file: 'resumes/CAND-1003/cv.docx', person_id: 'CAND-1003' },
      { file: 'resumes/cand_1001-resume.docx', person_id: 'CAND-1001' },
      { file: 'resumes/copy of it.docx', person_id: 'CAND-1003' },
      { file: 'resumes/li.docx', person_id: 'resume:family@example.net/李娜' },
      { file: 'resumes/my cv.docx', person_id: 'CAND-1002' },
      { file: 'resumes/other.docx', person_id: 'resume:bo@example.net/not bo' },
      { file: 'resumes/resume 2024.docx', person_id: 'resume:eve@example.net/eve nobody' },
      { file: 'resumes/scan 4321 cv.docx', person_id: 'resume:other@example.net/completely other' },
    ]);
  });

  it('gives what they say and show to the tables', async () => {
    const lake = join(root, 'lake');
    const { rows } = await query(
      lake,
      "SELECT DISTINCT detail, since, until, current FROM claims WHERE kind = 'employment' AND person_id = 'CAND-1002'",
    );
    expect(rows).toEqual([
      { detail: expect.stringContaining('Engineer'), since: '2019-03-01', until: null, current: true },
    ]);
    const shared = await query(
      lake,
      "SELECT person_id FROM identifiers WHERE kind = 'email' AND value = 'bo@example.net' AND context = 'résumé' ORDER BY person_id",
    );
    expect([...new Set(shared.rows.map((row) => row.person_id))]).toEqual([
      'CAND-1001',
      'CAND-1002',
      'resume:bo@example.net/not bo',
    ]);
  });

  it('counts every file: kept, not read with a reason, or left alone', () => {
    expect(account(first, 'my cv.docx')).toMatchObject({
      read: 1,
      kept: 1,
      rejected: 0,
      connector: 'resume-files',
    });
    expect(account(first, 'damaged.pdf')).toMatchObject({
      read: 1,
      kept: 0,
      rejected: 1,
      problem: expect.any(String),
    });
    expect(account(first, 'old.doc')).toMatchObject({
      read: 1,
      rejected: 1,
      problem: expect.stringContaining('Word'),
    });
    expect(account(first, 'notes.txt')).toMatchObject({ read: 0, kept: 0 });
    for (const file of first.files) expect(file.read).toBe(file.kept + file.duplicate + file.rejected);
  });

  it('reads nothing twice', () => {
    expect(account(second, 'my cv.docx')).toMatchObject({ read: 1, kept: 0, duplicate: 1 });
    expect(second.company).toEqual(first.company);
  });
});
