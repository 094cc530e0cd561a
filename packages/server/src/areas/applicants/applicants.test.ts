import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContent, loadPolicy, scan } from '@rollcall/engine';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../store/schema.js';
import { type TestServer, testServer } from '../../testing.js';
import type { Applicants, ResumeCheck } from './words.js';

let root: string;
let server: TestServer;
const asked: { about: readonly string[] }[] = [];
const opened = new Set<string>();

const resume = (name: string, contact: string, line: string) =>
  `${name}\n${contact}\n\nExperience\nEngineer, Example Works\nMar 2019 - Present\n${line}\n`;
const rare =
  'Taught the night ledger to count fishing boats twice, once by weight and once by name, and to ring a bell.';

/** One page, and on it nothing but a grey square. */
const pictureOfAPage = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<<>>>>endobj
4 0 obj<</Length 25>>stream
0.5 g 10 10 280 280 re f
endstream endobj
trailer<</Root 1 0 R>>
`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-applicants-test-'));
  const folder = join(root, 'exports');
  await mkdir(join(folder, 'resumes'), { recursive: true });
  await writeFile(
    join(folder, 'applicants.csv'),
    [
      'Candidate ID,Candidate Name,Candidate Email,Application Date,Job Title',
      'CAND-1001,Ada Example,ada@example.net,2026-02-01,Engineer',
      'CAND-1002,<b>Bo</b> Sample,bo@example.net,2026-02-02,Analyst',
    ].join('\n'),
  );
  await writeFile(
    join(folder, 'resumes', 'CAND-1001 cv.txt'),
    resume('Ada Example', 'ada@example.net | (614) 555-0101', rare),
  );
  await writeFile(
    join(folder, 'resumes', 'CAND-1002 cv.txt'),
    resume('Bo Sample', 'bo@example.net', 'Kept it short.'),
  );
  const lake = join(root, 'lake');
  const result = await scan({
    folder,
    lake,
    content: await loadContent(undefined, { withoutTests: true }),
    policy: await loadPolicy(undefined),
    now: new Date('2026-03-01T00:00:00Z'),
    threads: 1,
  });
  const known = new Set(result.people.map((person) => person.id));
  server = await testServer({
    result,
    others: ['CAND-1001', 'CAND-1002']
      .filter((id) => !known.has(id))
      .map((id, index) => ({
        id,
        handle: '',
        name: index === 0 ? 'Ada Example' : '<b>Bo</b> Sample',
        stage: 'applicant',
        engagement: 'employee',
        title: index === 0 ? 'Engineer' : 'Analyst',
        appliedAt: `2026-02-0${index + 1}T00:00:00Z`,
        band: 'clear' as const,
        bits: -9,
        facets: 0,
        signals: 0,
      })),
    sight: (services) => ({
      sight: async (_, person) => (opened.has(person.id) ? 'open' : 'veiled'),
      open: async () => opened,
      pseudonym: (person) => `Person ${services.keys.handle(person).slice(1, 7)}`,
      called: (person, open) => (open ? person.name : services.sight.pseudonym(person.id)),
      veil: async (_, value, about) => {
        asked.push({ about });
        return value;
      },
    }),
  });
  server.services.lake = lake;
  for (const row of server.services.results.current()?.people ?? [])
    row.handle ||= server.services.keys.handle(row.id);
}, 240_000);
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

async function drop(
  content: string | Uint8Array,
  name = 'cv.txt',
  roles = 'recruiter',
): Promise<{ status: number; body: ResumeCheck & { code?: string; title?: string } }> {
  const response = await server.request('/api/applicants/check', {
    method: 'POST',
    headers: { 'x-test-roles': roles, 'x-file-name': encodeURIComponent(name) },
    body: content,
  });
  return { status: response.status, body: (await response.json()) as ResumeCheck };
}
const leftOver = async () =>
  (await readdir(join(server.services.folder, 'resumes-being-read'))).filter((name) =>
    name.startsWith('file-'),
  );

describe('a dropped résumé', () => {
  it('is told who shares its contact and its wording, under pseudonyms, with what to ask', async () => {
    const { status, body } = await drop(resume('Eve Specimen', 'eve@example.org | (614) 555-0101', rare));
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.problem).toBeUndefined();
    expect(body.name).toBe('Eve Specimen');
    expect(body.hits[0]?.values.map((value) => value.kind)).toContain('phone');
    expect(body.hits[0]?.passages[0]?.otherText).toContain('fishing boats');
    expect(body.hits[0]?.handle).toMatch(/^p[0-9a-z]{10}$/);
    expect(body.hits[0]?.says).toMatch(/^Person /);
    expect(JSON.stringify(body.hits)).not.toContain('Ada');
    expect(body.questions.length).toBeGreaterThan(2);
    expect(asked.at(-1)?.about).toContain('CAND-1001');
    expect(await leftOver()).toEqual([]);
  });

  it('names those who are open to the reader', async () => {
    opened.add('CAND-1001');
    const { body } = await drop(resume('Eve Specimen', 'eve@example.org | (614) 555-0101', rare));
    expect(body.hits[0]).toMatchObject({ says: 'Ada Example', open: true });
    opened.clear();
  });

  it('leaves no name and nothing of its text in the audit log', async () => {
    const lines = JSON.stringify(await server.services.store.db.select().from(audit));
    expect(lines).toContain('applicants.check');
    expect(lines).not.toMatch(/Eve|Ada|ledger|cv\.txt/);
  });

  it.each([
    ['an empty file', '', 422, 'FILE_EMPTY'],
    ['more than 20 MB', new Uint8Array(20_000_001), 413, 'FILE_TOO_LARGE'],
  ])('that is %s is refused', async (_, content, status, code) => {
    const answer = await drop(content);
    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe(code);
    expect(await leftOver()).toEqual([]);
  });

  it('that is hostile is told of as not read, or read as text, and the server goes on', async () => {
    const bomb = zipSync({
      '[Content_Types].xml': strToU8('<Types/>'),
      'word/document.xml': new Uint8Array(300_000_000),
    });
    const pdf =
      '%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>';
    for (const [content, name] of [
      [bomb, 'cv.docx'],
      [pdf, 'cv.pdf'],
      [new Uint8Array(4_096).fill(0xff), '../../etc/passwd'],
      ['<script>alert(1)</script>', 'cv.html'],
    ] as const) {
      const { status, body } = await drop(content, name);
      expect([200, 422], JSON.stringify(body)).toContain(status);
      if (status === 200) expect(body.hits).toEqual([]);
    }
    const { status, body } = await drop(
      resume('Mallory Sample', 'mallory@example.org', '=cmd|/c calc <script>alert(1)</script>'),
      'x\n"; rm -rf.txt',
    );
    expect(status).toBe(200);
    expect(JSON.stringify(body.document)).toContain('=cmd');
    expect(await leftOver()).toEqual([]);
  });

  it('that is the picture of a page is told of as such: that nothing was found says nothing', async () => {
    const { status, body } = await drop(pictureOfAPage, 'scan.pdf');
    expect(status).toBe(200);
    expect(body).toMatchObject({ wordless: true, format: 'pdf' });
    const text = await drop(resume('Cy Example', 'cy@example.net', 'Painted boats.'));
    expect(text.body.wordless).toBe(false);
  });

  it('is for those who work with applicants', async () => {
    expect((await drop('x', 'cv.txt', 'it')).status).toBe(403);
    expect((await drop('x', 'cv.txt', 'auditor')).status).toBe(403);
    const nobody = await server.request('/api/applicants/check', { method: 'POST', body: 'x' });
    expect(nobody.status).toBe(401);
  });

  it('without a scan says what to do first', async () => {
    const { lake } = server.services;
    server.services.lake = join(root, 'nothing');
    const { status, body } = await drop(resume('Eve Specimen', 'eve@example.org', 'A line.'));
    expect(status).toBe(409);
    expect(body.code).toBe('NO_SCAN');
    expect(body.title).toContain('Sources');
    server.services.lake = lake;
  });
});

describe('the list of applicants', () => {
  const list = (query = '', role: 'recruiter' | 'it' = 'recruiter') =>
    server.as(role)<Applicants>('GET', `/applicants${query}`);

  it('has everybody who applies, the latest first, by role of the advert', async () => {
    const { body } = await list();
    expect(body.total).toBe(2);
    expect(body.titles).toEqual(['Analyst', 'Engineer']);
    expect((await list('?title=Engineer')).body.total).toBe(1);
    expect((await list('', 'it')).status).toBe(403);
  });

  it('tells what was found only to those who may see it of anybody', async () => {
    expect((await list()).body.applicants[0]?.band).toBeUndefined();
    const { body } = await server.as('analyst')<Applicants>('GET', '/applicants');
    expect(body.applicants[0]?.band).toBe('clear');
  });

  it('cannot be searched by a name that is not shown', async () => {
    expect((await list('?q=ada')).body.total).toBe(0);
    opened.add('CAND-1001');
    expect((await list('?q=ada')).body.applicants[0]?.says).toBe('Ada Example');
    opened.clear();
  });
});
