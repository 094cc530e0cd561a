import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBundle } from '@rollcall/server/areas/response/bundle/build.js';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { main } from './main.js';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-bundle-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const { zip } = buildBundle(
  {
    case: {
      number: 3,
      id: 'c',
      title: 'one\u001b[31m house',
      openedAt: '2026-05-01T09:00:00.000Z',
      state: 'open',
    },
    pieces: [{ name: 'evidence/items.json', what: 'pieces', content: '[]' }],
    page: { people: [], hypotheses: [], decisions: [], reach: [], timeline: [] },
    timeline: [],
    custody: [],
    audit: [],
    leftOut: ['Files.'],
  },
  {
    madeAt: '2026-06-01T09:00:00.000Z',
    madeBy: { id: 'u', name: 'Ada' },
    why: 'for the police',
    software: { version: '0.1.0', content: 'abc' },
    asOf: '2026-05-31',
    options: { others: false, identity: true, files: false },
    sign: (data) => new Uint8Array(sign(null, data, privateKey)),
    publicKey: pem,
  },
);
const file = join(folder, 'evidence.zip');
writeFileSync(file, zip);
writeFileSync(join(folder, 'key.pem'), pem);

async function run(...args: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const errors = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const code = await main(['bundle', 'verify', ...args]);
  write.mockRestore();
  errors.mockRestore();
  return { code, out };
}

describe('rollcall bundle verify', () => {
  it('says what a bundle is, and what is left out', async () => {
    const { code, out } = await run(file, '--key', join(folder, 'key.pem'));
    expect(code).toBe(0);
    expect(out).toContain('This bundle is what was sealed.');
    expect(out).toContain('for the police');
    expect(out).toContain('left out  Files.');
    expect(out).not.toContain('\u001b[31m');
    expect(out).not.toContain('--key');
  });

  it('says that the key itself was not compared, without one', async () => {
    const { code, out } = await run(file);
    expect([code, out.includes('--key')]).toEqual([0, true]);
  });

  it('ends with 1 where anything is in doubt', async () => {
    const changed = Uint8Array.from(zip);
    changed[60] = (changed[60] as number) ^ 1;
    writeFileSync(join(folder, 'changed.zip'), changed);
    const { code, out } = await run(join(folder, 'changed.zip'));
    expect(code).toBe(1);
    expect(out).toContain('must not be relied on');
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    writeFileSync(join(folder, 'other.pem'), other);
    expect((await run(file, '--key', join(folder, 'other.pem'))).code).toBe(1);
    writeFileSync(join(folder, 'words.zip'), 'not a zip');
    expect((await run(join(folder, 'words.zip'), '--json')).code).toBe(1);
  });

  it('ends with 2 where there is no file', async () => {
    expect((await run(join(folder, 'nothing.zip'))).code).toBe(2);
  });
});
