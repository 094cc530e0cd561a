/** Whether a bundle is what was sealed. Needs nothing of the server, and trusts nothing in the file. */
import { createHash, createPublicKey, type KeyObject, verify as verifySignature } from 'node:crypto';
import { z } from 'zod';
import { format, limits, type Manifest, manifestName, publicKeyName, signatureName } from './format.js';
import { NotABundle, unpacked } from './zip.js';

export interface Verdict {
  good: boolean;
  /** What is wrong; empty where it is good. */
  problems: string[];
  manifest?: Manifest;
  /** SHA-256 of the key it was sealed with, of its DER form. */
  fingerprint?: string;
  /** SHA-256 of the whole file. */
  sha256: string;
}

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const manifestSchema = z.strictObject({
  format: z.literal(format),
  case: z.strictObject({
    number: z.number(),
    id: z.string(),
    title: z.string(),
    openedAt: z.string(),
    state: z.string(),
  }),
  madeAt: z.iso.datetime(),
  madeBy: z.strictObject({ id: z.string(), name: z.string() }),
  why: z.string(),
  software: z.strictObject({ version: z.string(), content: z.string() }),
  asOf: z.string(),
  options: z.strictObject({ others: z.boolean(), identity: z.boolean(), files: z.boolean() }),
  leftOut: z.array(z.string()),
  entries: z
    .array(
      z.strictObject({
        name: z.string(),
        sha256: hex,
        size: z.number().int().nonnegative(),
        what: z.string(),
        from: hex.optional(),
      }),
    )
    .max(limits.entries),
});

/** `key`: the public key one was given by another way, in PEM; the bundle must be sealed with that one. */
export function verifyBundle(zip: Uint8Array, key?: string): Verdict {
  const sha256 = digest(zip);
  const problems: string[] = [];
  let entries: Map<string, Uint8Array>;
  try {
    entries = unpacked(zip);
  } catch (error) {
    if (!(error instanceof NotABundle)) throw error;
    return {
      good: false,
      problems: [`This is no evidence bundle, or it was changed: ${error.message}.`],
      sha256,
    };
  }
  const manifestBytes = entries.get(manifestName);
  const signature = entries.get(signatureName);
  const pem = entries.get(publicKeyName);
  for (const [name, found] of [
    [manifestName, manifestBytes],
    [signatureName, signature],
    [publicKeyName, pem],
  ] as const)
    if (!found) problems.push(`${name} is missing.`);
  if (!manifestBytes || !signature || !pem) return { good: false, problems, sha256 };
  if (manifestBytes.length > limits.manifestBytes)
    return { good: false, problems: ['manifest.json is larger than any manifest.'], sha256 };

  const inside = ed25519(Buffer.from(pem).toString('utf8'));
  if (!inside) return { good: false, problems: ['public-key.pem holds no Ed25519 key.'], sha256 };
  const fingerprint = fingerprintOf(inside);
  if (key !== undefined) {
    const given = ed25519(key);
    if (!given) problems.push('The key that was given is no Ed25519 public key.');
    else if (fingerprintOf(given) !== fingerprint)
      problems.push('It was sealed with another key than the one that was given.');
  }
  if (signature.length !== 64 || !verifySignature(null, manifestBytes, inside, signature))
    problems.push('The signature does not fit the manifest.');

  let manifest: Manifest | undefined;
  try {
    manifest = manifestSchema.parse(JSON.parse(Buffer.from(manifestBytes).toString('utf8'))) as Manifest;
  } catch {
    problems.push('The manifest cannot be read.');
  }
  if (!manifest) return { good: false, problems, fingerprint, sha256 };
  const listed = new Set<string>([manifestName, signatureName]);
  for (const entry of manifest.entries) {
    if (listed.has(entry.name)) problems.push(`${entry.name} is listed twice.`);
    listed.add(entry.name);
    const found = entries.get(entry.name);
    if (!found) problems.push(`${entry.name} is listed and missing.`);
    else if (found.length !== entry.size || digest(found) !== entry.sha256)
      problems.push(`${entry.name} is not what was sealed.`);
  }
  for (const name of entries.keys())
    if (!listed.has(name)) problems.push(`${name} is in the file and not in the manifest.`);
  return { good: problems.length === 0, problems, manifest, fingerprint, sha256 };
}

function ed25519(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

export function fingerprintOf(key: KeyObject | string): string {
  const object = typeof key === 'string' ? createPublicKey(key) : key;
  return digest(object.export({ type: 'spki', format: 'der' }));
}

const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
