import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docxParagraph, makeDocx, makePdf, pdfLine, pdfStream } from '../make-samples.js';
import type { WorkerAnswer } from './protocol.js';
import { type DocumentSource, type ReadOptions, readDocuments } from './read-documents.js';

const bytes = new Uint8Array(4);

/** A worker that answers at once, but for files by these names. */
const misbehaving = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ file }) => {
      if (file === 'hangs') for (;;);
      if (file === 'buffers') { const all = []; for (;;) all.push(Buffer.alloc(1 << 22, 1)); }
      if (file === 'heap') { const all = []; for (;;) all.push({ n: all.length, s: String(all.length) }); }
      if (file === 'throws') throw new Error('broken');
      if (file === 'leaves') process.exit(3);
      if (file.startsWith('slow')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      parentPort.postMessage({ document: { outcome: 'read', file } });
    });`)}`,
);

async function all(
  sources: readonly DocumentSource[],
  options: ReadOptions,
): Promise<WorkerAnswer['document'][]> {
  const answers = [];
  for await (const { document } of readDocuments(sources, options)) answers.push(document);
  return answers;
}
const outcomes = (documents: WorkerAnswer['document'][]): string[] =>
  documents.map((document) => (document.outcome === 'read' ? 'read' : document.reason));

describe('the worker that reads documents', () => {
  it('is ended when a file takes too long or too much, and the next file is read all the same', async () => {
    const names = ['a', 'hangs', 'b', 'buffers', 'c', 'throws', 'd', 'leaves', 'e'];
    const documents = await all(
      names.map((file) => ({ file, bytes })),
      { entry: misbehaving, milliseconds: 5_000, memory: 256 },
    );
    expect(documents.map((document) => document.file)).toEqual(names);
    expect(outcomes(documents)).toEqual([
      'read',
      'timed-out',
      'read',
      'out-of-memory',
      'read',
      'damaged',
      'read',
      'damaged',
      'read',
    ]);
    for (const document of documents)
      if (document.outcome === 'refused') expect(document.message).toContain(document.file);
  });

  it('is ended when its own heap is full, too', async () => {
    const sources = ['heap', 'a'].map((file) => ({ file, bytes }));
    const documents = await all(sources, { entry: misbehaving, milliseconds: 50_000, memory: 128 });
    expect(outcomes(documents)).toEqual(['out-of-memory', 'read']);
  });

  it('gives answers in the order of the files, however many are read at once', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `${index % 7 === 0 ? 'slow' : 'fast'} ${index}`);
    names[11] = 'buffers';
    names[12] = 'throws';
    for (const workers of [1, 3]) {
      const documents = await all(
        names.map((file) => ({ file, bytes })),
        { entry: misbehaving, workers, memory: 256 },
      );
      expect(documents.map((document) => document.file)).toEqual(names);
      expect(documents.filter((document) => document.outcome === 'refused').map(({ file }) => file)).toEqual([
        'buffers',
        'throws',
      ]);
    }
  });

  it('is ended when the reader stops early', async () => {
    for await (const { document } of readDocuments(
      [
        { file: 'a', bytes },
        { file: 'b', bytes },
      ],
      { entry: misbehaving },
    )) {
      expect(document.file).toBe('a');
      break;
    }
  });

  it('is ended with an answer that nobody has heard yet', async () => {
    const sources = ['a', 'slow'].map((file) => ({ file, bytes }));
    for await (const { document } of readDocuments(sources, { entry: misbehaving, workers: 2 })) {
      expect(document.file).toBe('a');
      // The other worker answers while this thread hears nothing: the answer comes when it has been told to end.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
      break;
    }
  });
});

describe('the worker with its real code', () => {
  const engine = fileURLToPath(new URL('../../..', import.meta.url));
  let built: string;
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'documents-'));
    // A worker runs JavaScript: the code beside this test is compiled, so that no older build is tested in its place.
    // Below the package, so that its dependencies are found; npm may have put all of them at the root.
    mkdirSync(join(engine, 'node_modules'), { recursive: true });
    built = mkdtempSync(join(engine, 'node_modules', '.documents-test-'));
    const compiler = join(
      dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
      'bin',
      'tsc',
    );
    execFileSync(process.execPath, [
      compiler,
      '--ignoreConfig',
      '--target',
      'ES2023',
      '--lib',
      'ES2023',
      '--module',
      'NodeNext',
      '--moduleResolution',
      'NodeNext',
      '--skipLibCheck',
      '--types',
      'node',
      '--rootDir',
      join(engine, 'src'),
      '--outDir',
      built,
      join(engine, 'src', 'documents', 'worker', 'entry.ts'),
    ]);
    writeFileSync(join(built, 'package.json'), '{"type":"module"}');
  }, 120_000);

  afterAll(() => {
    rmSync(built, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  it('reads a batch with bad files among good ones', async () => {
    const zeros = join(folder, 'zeros.pdf');
    writeFileSync(zeros, '');
    truncateSync(zeros, 200 * 1024 * 1024);
    const document = join(folder, 'cv.docx');
    writeFileSync(document, makeDocx(docxParagraph('ada@example.com')));
    const entry = pathToFileURL(join(built, 'documents', 'worker', 'entry.js'));
    const answers: WorkerAnswer[] = [];
    // Ten forms that each paint the next ten times: ten thousand million, in three kilobytes.
    const forms = Array.from({ length: 10 }, (_, index) =>
      pdfStream(
        `/F${index + 1} Do `.repeat(10),
        `/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F${index + 1} ${101 + index} 0 R >> >>`,
      ),
    );
    const endless = makePdf({
      pages: ['/F0 Do'],
      objects: forms,
      resources: '/XObject << /F0 100 0 R >>',
    });
    const sources = [
      zeros,
      { file: 'endless.pdf', bytes: endless },
      document,
      join(folder, 'absent.pdf'),
      folder,
      { file: 'cv.pdf', bytes: makePdf({ pages: [pdfLine(72, 700, 'Call +1 614 555 0101')] }) },
    ];
    for await (const answer of readDocuments(sources, { entry, milliseconds: 10_000 })) answers.push(answer);
    expect(outcomes(answers.map((answer) => answer.document))).toEqual([
      'too-large',
      'timed-out',
      'read',
      'unreadable',
      'unreadable',
      'read',
    ]);
    expect(answers[2]?.profile?.emails[0]?.value).toBe('ada@example.com');
    expect(answers[5]?.profile?.phones[0]?.value).toBe('+16145550101');
  });
});
