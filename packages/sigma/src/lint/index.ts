/** The linter: errors and warnings of loading, and what the checks find. */
import { basename } from 'node:path';
import type { Problem } from '../errors.js';
import { type LoadOptions, loadRules, type RuleSource } from '../load.js';
import { type Check, checks } from './checks.js';

export interface LintOptions extends LoadOptions {
  /** Names of checks to leave out. */
  readonly without?: readonly string[];
}

/** Checks of the file itself rather than of a rule in it. */
const fileChecks: readonly {
  name: string;
  about: string;
  say: (source: RuleSource) => string | undefined;
}[] = [
  {
    name: 'file-name',
    about: 'a file name that breaks the convention',
    say: ({ file }) => {
      const name = basename(file);
      if (!/\.ya?ml$/.test(name)) return undefined;
      return /^[a-z0-9_]{6,66}\.yml$/.test(name)
        ? undefined
        : 'file names have 10 to 70 characters: lower case letters, digits and _, then .yml';
    },
  },
  {
    name: 'file-lines',
    about: 'line ends of Windows',
    say: ({ text }) => (text.includes('\r\n') ? 'lines end with CR LF: LF is recommended' : undefined),
  },
  {
    name: 'file-tabs',
    about: 'tabs as indentation',
    say: ({ text }) => (/^ *\t/m.test(text) ? 'indentation is by spaces, not tabs' : undefined),
  },
];

/** Every check by name, for `--without` and for documentation. */
export const lintChecks: readonly Pick<Check, 'name' | 'about'>[] = [
  ...fileChecks.map(({ name, about }) => ({ name, about })),
  ...checks.map(({ name, about }) => ({ name, about })),
];

/** All problems of the files, by file and place. The code of a check's finding is `style`. */
export function lint(sources: readonly RuleSource[], options: LintOptions = {}): Problem[] {
  const without = new Set(options.without ?? []);
  const loaded = loadRules(sources, options);
  const out: Problem[] = [...loaded.problems];
  for (const source of sources) {
    for (const { name, say } of fileChecks) {
      const message = without.has(name) ? undefined : say(source);
      if (message !== undefined) out.push(finding(name, message, { file: source.file, line: 1, column: 1 }));
    }
  }
  for (const { rule, parsed } of loaded.rules) {
    if (!parsed) continue;
    for (const { name, find } of checks) {
      if (without.has(name)) continue;
      for (const { at, message } of find(rule)) out.push(finding(name, message, at));
    }
  }
  const order = new Map(sources.map(({ file }, i) => [file, i]));
  return out.sort(
    (a, b) =>
      (order.get(a.at.file) ?? 0) - (order.get(b.at.file) ?? 0) ||
      a.at.line - b.at.line ||
      a.at.column - b.at.column,
  );
}

function finding(name: string, message: string, at: Problem['at']): Problem {
  return { code: 'style', severity: 'warning', message: `${message} (${name})`, at };
}
