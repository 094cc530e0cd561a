/** Makes a sealed bundle from what a case holds. The same material, moment and key give the same bytes. */
import { createHash } from 'node:crypto';
import { type AuditLine, canonical } from '../../../audit/audit.js';
import { csv } from './csv.js';
import {
  format,
  type Manifest,
  type ManifestEntry,
  manifestName,
  publicKeyName,
  signatureName,
} from './format.js';
import { type Page, page } from './page.js';
import { packed } from './zip.js';

/** A piece with content of its own: JSON or plain text, as it is in the bundle. */
export interface Piece {
  name: string;
  what: string;
  content: string | Uint8Array;
  /** Hash of what it was made from, where something was left out. */
  from?: string;
}

/** All of a case that goes into a bundle, with what is left out already gone. */
export interface CaseMaterial {
  case: Manifest['case'];
  pieces: readonly Piece[];
  page: Page;
  timeline: readonly { at: string; kind: string; by: string; says: string }[];
  custody: readonly { at: string; what: string; sha256: string; by: string; action: string }[];
  /** Entries of the audit log about this case, whole: each carries its own hash and that of the one before. */
  audit: readonly AuditLine[];
  leftOut: readonly string[];
}

export interface Sealing {
  madeAt: string;
  madeBy: Manifest['madeBy'];
  why: string;
  software: Manifest['software'];
  asOf: string;
  options: Manifest['options'];
  sign(data: Uint8Array): Uint8Array;
  publicKey: string;
}

export function buildBundle(material: CaseMaterial, sealing: Sealing): { zip: Uint8Array; entries: number } {
  const files = new Map<string, Uint8Array>();
  const listed: ManifestEntry[] = [];
  const add = ({ name, what, content, from }: Piece) => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    files.set(name, bytes);
    listed.push({ name, sha256: digest(bytes), size: bytes.length, what, ...(from ? { from } : {}) });
  };
  const head = {
    format,
    case: material.case,
    madeAt: sealing.madeAt,
    madeBy: sealing.madeBy,
    why: sealing.why,
    software: sealing.software,
    asOf: sealing.asOf,
    options: sealing.options,
    leftOut: [...material.leftOut],
  } satisfies Omit<Manifest, 'entries'>;
  for (const piece of material.pieces) add(piece);
  add({
    name: 'timeline.json',
    what: 'What happened in the case, in order',
    content: `${canonical(material.timeline)}\n`,
  });
  add({
    name: 'timeline.csv',
    what: 'The same as a table',
    content: csv(
      ['when (UTC)', 'kind', 'who', 'words'],
      material.timeline.map((one) => [one.at, one.kind, one.by, one.says]),
    ),
  });
  add({
    name: 'custody.csv',
    what: 'Who put which piece into the case, when, with its hash',
    content: csv(
      ['when (UTC)', 'what', 'SHA-256', 'who', 'action'],
      material.custody.map((one) => [one.at, one.what, one.sha256, one.by, one.action]),
    ),
  });
  add({
    name: 'audit.ndjson',
    what: 'Entries of the audit log about this case; each carries its own hash and that of the entry before it',
    content: material.audit.map((line) => `${canonical(line)}\n`).join(''),
  });
  add({ name: publicKeyName, what: 'The key that verifies the signature', content: sealing.publicKey });
  add({
    name: 'index.html',
    what: 'Readable page',
    content: page(head, material.page, listed),
  });
  add({
    name: 'README.txt',
    what: 'How to verify this',
    content: readme(material.case.number, listed.length + 3),
  });
  listed.sort((a, b) => (a.name < b.name ? -1 : 1));
  const manifest = Buffer.from(canonical({ ...head, entries: listed } satisfies Manifest), 'utf8');
  files.set(manifestName, manifest);
  files.set(signatureName, sealing.sign(manifest));
  return { zip: packed(files), entries: files.size };
}

/** `files`: how many there are in all, the manifest and its signature with them. */
function readme(number: number, files: number): string {
  return `Evidence of case ${number}, sealed by Rollcall

manifest.json lists every file with its SHA-256. manifest.sig is an Ed25519 signature of the
bytes of manifest.json. public-key.pem verifies it. Nothing of Rollcall is needed. In the folder
you unpacked this into:

1. The signature fits the manifest ("Signature Verified Successfully"):

    $ openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig

2. Every file is what was sealed (each line ends in "OK"):

    $ grep -o '"name":"[^"]*","sha256":"[0-9a-f]*"' manifest.json | sed 's/"name":"\\(.*\\)","sha256":"\\(.*\\)"/\\2  \\1/' | sha256sum --strict -c -

3. Nothing was added (this prints ${files}):

    $ find . -type f | wc -l

4. The key is the company's. Compare this with the fingerprint the company gave you by another way:

    $ openssl pkey -pubin -in public-key.pem -outform DER | sha256sum

Whoever changes this bundle and seals it again needs another key: step 4 shows it, the others do
not. With Rollcall at hand, all of it is:  rollcall bundle verify FILE --key COMPANY.pem

index.html is for reading. It needs no network and runs no program.
`;
}

const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
