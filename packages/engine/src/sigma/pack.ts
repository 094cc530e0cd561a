import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { RuleSource } from '@rollcall/sigma';
import { readRuleFiles } from '@rollcall/sigma/files';
import { RollcallError } from '../model/errors.js';

/** A folder of Sigma rules: one that ships with Rollcall, or one that a company gives. */
export interface Pack {
  /** Name of the folder, or its path where it was given. */
  readonly id: string;
  readonly title: string;
  /** Files relative to the folder, in order. */
  readonly sources: readonly RuleSource[];
  /** Licence of rules that name none themselves; absent where nothing says. */
  readonly license?: string;
  /** Rules of detections: always on, and reported as those. */
  readonly own?: boolean;
}

/** Reads a pack. Throws `ARGUMENT_INVALID` where the folder cannot be read. */
export async function readPack(id: string, path: string, license?: string): Promise<Pack> {
  if (!existsSync(path))
    throw new RollcallError('ARGUMENT_INVALID', `no folder or file of Sigma rules: ${path}`);
  const sources = (await readRuleFiles(path)).map(({ file, text }) => ({
    file: (relative(path, file) || file).split(sep).join('/'),
    text,
  }));
  const terms = license ?? (await licenceOf(path));
  return { id, title: (await heading(path)) ?? id, sources, ...(terms ? { license: terms } : {}) };
}

/** The first heading of the folder's README. */
async function heading(path: string): Promise<string | undefined> {
  const text = await readFile(join(path, 'README.md'), 'utf8').catch(() => '');
  return /^# +(.{1,120})$/m.exec(text)?.[1]?.trim();
}

/**
 * What the folder's licence file says: the licence for rules where it names that, else its first line. A file beside the
 * folder counts only where it names the licence for rules: SigmaHQ keeps it so.
 */
async function licenceOf(path: string): Promise<string | undefined> {
  const own = await licenceIn(path);
  const rules = [own, await licenceIn(dirname(resolve(path)))].flatMap(
    (text) => forRules.exec(text ?? '')?.[0] ?? [],
  );
  return (
    rules[0] ??
    own
      ?.split(/\r?\n/)
      .map((line) => line.replace(/[#*]/g, '').trim())
      .find((line) => line !== '')
      ?.slice(0, 120)
  );
}

const forRules = /Detection Rule Licen[cs]e(?: \(DRL\))?(?: \d+(?:\.\d+)*)?/;

async function licenceIn(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  const name = names.sort().find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  return name === undefined ? undefined : readFile(join(folder, name), 'utf8').catch(() => undefined);
}
