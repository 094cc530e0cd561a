import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Files, Rejects } from '../areas/sources/words.js';
import { doneName, readName } from '../files.js';
import { type TestServer, testServer } from '../testing.js';
import { type AccountedBatch, keepAccount } from './account.js';

let server: TestServer;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-account-'));
  server = await testServer();
}, 60_000);
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

const at = '2026-06-01T09:00:00.000Z';

async function batch(number: number, files: readonly { name: string; text: string; length: number }[]) {
  const folder = join(root, String(number));
  await mkdir(join(folder, 'data', 'files'), { recursive: true });
  for (const file of files) await writeFile(join(folder, 'data', 'files', file.name), file.text);
  const generation: AccountedBatch = {
    number,
    folder,
    records: 0,
    files: files.length,
    bytes: 10,
    entries: files.map(({ name, length }) => ({
      id: name,
      source: 'file',
      path: `files/${name}`,
      offset: 0,
      length,
      records: 0,
      bytes: length,
      sha256: '',
      at,
      file: name,
    })),
  };
  const account = (name: string, more: object = {}) => ({
    file: `files/${name}`,
    recognised: 'Okta System Log',
    format: 'JSON lines',
    bytes: 10,
    read: 1,
    kept: 0,
    unused: 0,
    duplicate: 0,
    rejected: 1,
    ...more,
  });
  const kept = async (read: object) => {
    await writeFile(join(folder, readName), JSON.stringify(read));
    await keepAccount(server.services, generation, new Date(at));
  };
  return { account, kept, folder };
}

describe('what became of a batch', () => {
  it('is kept whatever characters a broken file put into a reason: it stops nothing that comes after it', async () => {
    const { account, kept } = await batch(1, [
      { name: 'broken.ndjson', text: '0123456789', length: 10 },
      { name: 'Ada Example.pdf', text: '0123456789', length: 10 },
    ]);
    const broken = "not JSON: Unexpected token '\u0000'\ud800\u001b";
    await kept({
      files: [
        account('broken.ndjson', { problem: broken, recognised: '\u0000', format: '\u0000' }),
        account('Ada Example.pdf', { problem: 'a password is needed to open this PDF' }),
      ],
      rejects: [{ file: 'files/broken.ndjson', line: 1, reason: `${broken}${'x'.repeat(100_000)}` }],
    });
    const rejects = await server.as('it')<Rejects>('GET', '/sources/rejects');
    expect(rejects.body.rejects).toMatchObject([
      { file: 'broken.ndjson', line: 1 },
      // As many lines as records were rejected: a document is one.
      { file: 'a document (pdf)', reason: 'a password is needed to open this PDF' },
    ]);
    expect(rejects.body.rejects[0]?.reason).toMatch(/^not JSON: Unexpected token '\ufffd'/);
    expect(rejects.body.rejects[0]?.reason.length).toBeLessThan(1000);
  });

  it('says of a file that went on growing after it was taken over that its end may be missing', async () => {
    const { account, kept, folder } = await batch(2, [
      { name: 'whole.ndjson', text: '0123456789', length: 10 },
      { name: 'grew.ndjson', text: '0123456789 and more', length: 10 },
    ]);
    await kept({ files: [account('whole.ndjson'), account('grew.ndjson')], rejects: [] });
    const { body } = await server.as('it')<Files>('GET', '/sources/files');
    const problem = (name: string) => body.files.find((file) => file.file === name)?.problem;
    expect(problem('whole.ndjson')).toBeUndefined();
    expect(problem('grew.ndjson')).toContain('hand it in again');
    // Done twice it is the same.
    await rm(join(folder, doneName));
    await kept({ files: [account('whole.ndjson'), account('grew.ndjson')], rejects: [] });
    expect((await server.as('it')<Files>('GET', '/sources/files')).body.total).toBe(body.total);
  });
});
