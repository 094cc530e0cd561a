/**
 * The form of an evidence bundle, for whoever makes and whoever verifies one. It is a ZIP whose entries are stored as
 * they are, in order of name, with one fixed time: the same content gives the same bytes, no program is needed to
 * inflate anything, and nothing can be hidden between entries. docs/evidence-bundle.md tells it in words.
 */
export const format = 'rollcall-evidence-bundle/1';

/** Not listed in the manifest: itself, and its signature. */
export const manifestName = 'manifest.json';
export const signatureName = 'manifest.sig';
export const publicKeyName = 'public-key.pem';

/** Names that may stand in a bundle: plain letters, at most two folders deep, never upwards. */
export const entryName = /^(?:[a-z0-9][a-z0-9-]*\/){0,2}[A-Za-z0-9][A-Za-z0-9-]*\.[a-z0-9]{2,6}$/;

/** Beyond these nothing is made or verified. */
export const limits = { entries: 20_000, bytes: 1_500_000_000, manifestBytes: 32_000_000 } as const;

/** 1 January 1980, 00:00: the first moment a ZIP can say. */
export const zipTime = { date: 0x0021, time: 0x0000 } as const;

export interface ManifestEntry {
  name: string;
  sha256: string;
  size: number;
  /** What it is, in words. */
  what: string;
  /** Hash of what this was made from, where something was left out of it. */
  from?: string;
}

export interface Manifest {
  format: typeof format;
  case: { number: number; id: string; title: string; openedAt: string; state: string };
  madeAt: string;
  madeBy: { id: string; name: string };
  why: string;
  software: { version: string; content: string };
  /** The scan that was current. */
  asOf: string;
  options: { others: boolean; identity: boolean; files: boolean };
  /** What was left out, in words. */
  leftOut: string[];
  entries: ManifestEntry[];
}
