import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundle, type CaseMaterial, type Sealing } from './build.js';
import { csv, csvCell } from './csv.js';
import { verifyBundle } from './verify.js';
import { packed, unpacked } from './zip.js';

const pair = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    sign: (data: Uint8Array) => new Uint8Array(sign(null, data, privateKey)),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};
const ours = pair();
const hostile = `<script>alert(1)</script><img src=x onerror=alert(1)>'"&\u202Egnp.exe`;

const material: CaseMaterial = {
  case: { number: 7, id: 'case-7', title: hostile, openedAt: '2026-05-01T09:00:00.000Z', state: 'open' },
  pieces: [
    { name: 'evidence/finding-001.json', what: 'What was found', content: '{"says":"one"}' },
    { name: 'files/001-0123456789ab.bin', what: 'A file', content: new Uint8Array([0, 255, 1, 254]) },
  ],
  page: {
    people: [
      {
        name: hostile,
        role: 'engineer',
        findings: [{ says: hostile, innocent: ['a shared home'], explained: false }],
      },
    ],
    hypotheses: [{ says: hostile, state: 'open', answer: '' }],
    decisions: [{ what: 'hold', reason: hostile, by: 'Ada', at: '2026-05-02T09:00:00.000Z' }],
    reach: [{ sentences: [hostile], missing: [hostile] }],
    timeline: [{ at: '2026-05-01T09:00:00.000Z', kind: 'comment', by: hostile, says: hostile }],
  },
  timeline: [
    { at: '2026-05-01T09:00:00.000Z', kind: 'comment', by: '=cmd|x', says: '+1; "quoted", and\nmore' },
  ],
  custody: [],
  audit: [],
  leftOut: [],
};
const sealing: Sealing = {
  madeAt: '2026-06-01T09:00:00.000Z',
  madeBy: { id: 'u1', name: 'Ada' },
  why: 'for counsel',
  software: { version: '0.1.0', content: 'abc' },
  asOf: '2026-05-31T23:59:59.999Z',
  options: { others: false, identity: true, files: true },
  ...ours,
};
const { zip } = buildBundle(material, sealing);

describe('a bundle', () => {
  it('is good, and says what it is', () => {
    const verdict = verifyBundle(zip, ours.publicKey);
    expect(verdict.problems).toEqual([]);
    expect(verdict.good).toBe(true);
    expect(verdict.manifest?.case.number).toBe(7);
    expect(verdict.sha256).toBe(createHash('sha256').update(zip).digest('hex'));
  });

  it('is the same bytes for the same material, whatever order it comes in', () => {
    const again = buildBundle({ ...material, pieces: [...material.pieces].reverse() }, sealing);
    const page = unpacked(again.zip).get('index.html');
    expect(verifyBundle(again.zip).good).toBe(true);
    expect(page).toBeDefined();
    expect(Buffer.compare(buildBundle(material, sealing).zip, zip)).toBe(0);
  });

  it('is spoilt by a change of any one byte', () => {
    // Each byte of the whole file in turn: headers, names, contents, manifest, signature, key, directory.
    const missed: number[] = [];
    const changed = Uint8Array.from(zip);
    for (let i = 0; i < changed.length; i++) {
      changed[i] = (changed[i] as number) ^ (1 << (i % 8));
      if (verifyBundle(changed).good) missed.push(i);
      changed[i] = zip[i] as number;
    }
    expect(missed).toEqual([]);
  });

  it('is spoilt when cut short, or when something is before, after or between', () => {
    expect(verifyBundle(zip.subarray(0, zip.length - 1)).good).toBe(false);
    expect(verifyBundle(Buffer.concat([zip, Buffer.from('x')])).good).toBe(false);
    expect(verifyBundle(Buffer.concat([Buffer.from('x'), zip])).good).toBe(false);
    expect(verifyBundle(new Uint8Array()).good).toBe(false);
    expect(verifyBundle(Buffer.from('no zip at all, only words of some length')).good).toBe(false);
  });

  const entries = () =>
    new Map<string, Uint8Array>([...unpacked(zip)].map(([name, data]) => [name, Uint8Array.from(data)]));

  it('is spoilt when a file is taken out, added, renamed or exchanged', () => {
    for (const name of entries().keys()) {
      const without = entries();
      without.delete(name);
      expect([name, verifyBundle(packed(without)).good]).toEqual([name, false]);
    }
    const more = entries();
    more.set('evidence/extra.json', Buffer.from('{}'));
    expect(verifyBundle(packed(more)).problems).toEqual([
      'evidence/extra.json is in the file and not in the manifest.',
    ]);
    const renamed = entries();
    renamed.set('evidence/finding-002.json', renamed.get('evidence/finding-001.json') as Uint8Array);
    renamed.delete('evidence/finding-001.json');
    expect(verifyBundle(packed(renamed)).good).toBe(false);
  });

  it('is spoilt by another key, and by a new seal with another key where ours is known', () => {
    const theirs = pair();
    const swapped = entries();
    swapped.set('public-key.pem', Buffer.from(theirs.publicKey));
    expect(verifyBundle(packed(swapped)).good).toBe(false);
    const resealed = buildBundle({ ...material, leftOut: ['the truth'] }, { ...sealing, ...theirs });
    expect(verifyBundle(resealed.zip).good).toBe(true);
    expect(verifyBundle(resealed.zip).fingerprint).not.toBe(verifyBundle(zip).fingerprint);
    expect(verifyBundle(resealed.zip, ours.publicKey).problems).toEqual([
      'It was sealed with another key than the one that was given.',
    ]);
    expect(verifyBundle(zip, 'no key').good).toBe(false);
  });

  it('is refused where it could be read in two ways', () => {
    const deflated = zipSync({ 'manifest.json': [new Uint8Array(1_000_000), { level: 9 }] });
    expect(verifyBundle(deflated).problems[0]).toContain('compressed');
    for (const name of [
      '../evil.txt',
      '/etc/passwd.txt',
      'a\\b.txt',
      'evidence/../../x.json',
      'C:evil.txt',
      '.hidden',
    ])
      expect([
        name,
        verifyBundle(zipSync({ [name]: [new Uint8Array(1), { level: 0 }] })).problems[0],
      ]).toEqual([name, expect.stringContaining('a name that no bundle has')]);
  });
});

describe('its page', () => {
  const page = Buffer.from(unpacked(zip).get('index.html') as Uint8Array).toString('utf8');

  it('holds hostile text as text', () => {
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('[U+202E]');
    expect(page).not.toContain('\u202E');
  });

  it('allows nothing but its own style', () => {
    expect(page).toMatch(/default-src &#39;none&#39;; style-src &#39;sha256-/);
    expect(page).not.toMatch(/https?:/);
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(`sha256-${hash}`);
  });
});

describe('its tables', () => {
  it('hold no formulas', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r'])
      expect(csvCell(`${start}1`).replace('"', '')[0]).toBe("'");
    expect(csvCell('a,b')).toBe('"a,b"');
    expect(csvCell('say "x"')).toBe('"say ""x"""');
    expect(csvCell(null)).toBe('');
    expect(csv(['a'], [['=1']])).toBe("a\r\n'=1\r\n");
    const timeline = Buffer.from(unpacked(zip).get('timeline.csv') as Uint8Array).toString('utf8');
    expect(timeline).toContain(",'=cmd|x,");
    expect(timeline).toContain('"\'+1; ""quoted"", and\nmore"');
  });
});

describe('the commands of its README', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-bundle-'));
    for (const [name, data] of unpacked(zip)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), data);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (command: string) =>
    execFileSync('bash', ['-o', 'pipefail', '-c', command], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  it('verify it with programs every system has, and find a change', async () => {
    const text = await readFile(join(folder, 'README.txt'), 'utf8');
    const commands = [...text.matchAll(/^ {4}\$ (.*)$/gm)].map((match) => match[1] as string);
    expect(commands).toHaveLength(4);
    const [signature, hashes, count, key] = commands as [string, string, string, string];
    expect(run(signature)).toContain('Signature Verified Successfully');
    const lines = run(hashes).trim().split('\n');
    expect(lines.every((line) => line.endsWith(': OK'))).toBe(true);
    expect(lines).toHaveLength(unpacked(zip).size - 2);
    expect(run(count).trim()).toBe(/prints (\d+)/.exec(text)?.[1]);
    expect(run(key).slice(0, 64)).toBe(verifyBundle(zip).fingerprint);

    await writeFile(join(folder, 'evidence', 'finding-001.json'), '{"says":"two"}');
    expect(() => run(hashes)).toThrow();
    const manifest = await readFile(join(folder, 'manifest.json'));
    await writeFile(join(folder, 'manifest.json'), manifest.toString('utf8').replace('case-7', 'case-8'));
    expect(() => run(signature)).toThrow();
  });

  it('stand in the documentation as they are', async () => {
    const docs = await readFile(
      new URL('../../../../../../docs/evidence-bundle.md', import.meta.url),
      'utf8',
    );
    const text = Buffer.from(unpacked(zip).get('README.txt') as Uint8Array).toString('utf8');
    for (const [, command] of text.matchAll(/^ {4}\$ (.*)$/gm)) expect(docs).toContain(command);
  });
});
