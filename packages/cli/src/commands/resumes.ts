/** `rollcall resumes`: what each résumé file says and shows, and which values several files share. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { loadContent } from '@rollcall/engine/content/load.js';
import { loadPolicy } from '@rollcall/engine/content/policy.js';
import {
  type DocumentResult,
  type Profile,
  type ReadDocument,
  readDocuments,
} from '@rollcall/engine/documents/index.js';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { compareResumes, type FilePassage, type ResumeComparison } from '@rollcall/engine/resumes.js';
import { bold, dim, safe } from '../terminal.js';

export interface ResumesFlags {
  homeCountry: string;
  content?: string;
  json?: boolean;
}

/** A value that stands in more than one file. */
interface Shared {
  kind: string;
  value: string;
  files: string[];
}

/** Reads every file of a folder (or one file). Ends with 0 even where files were refused: each is listed with its reason. */
export async function resumes(path: string, flags: ResumesFlags): Promise<number> {
  const files = await filesAt(path);
  if (files.length === 0) throw new RollcallError('FOLDER_MISSING', `no files in ${path}`);
  const results: { document: DocumentResult; profile?: Profile }[] = [];
  for await (const { document, profile } of readDocuments(files, { homeCountry: flags.homeCountry })) {
    const result = { document, ...(profile === undefined ? {} : { profile }) };
    results.push(result);
    if (!flags.json) print(result);
  }
  const shared = sharedValues(results);
  const comparison = await compareResumes(results.flatMap(readable), {
    content: await loadContent(flags.content, { withoutTests: true }),
    policy: await loadPolicy(undefined),
  });
  if (flags.json) {
    const files_ = results.map((result) => ({
      ...told(result),
      findings: (comparison.signals.get(result.document.file) ?? []).map(
        ({ detection, title, says, innocent }) => ({
          detection,
          title,
          says,
          innocent,
        }),
      ),
    }));
    process.stdout.write(
      `${JSON.stringify({ files: files_, shared, passages: comparison.passages }, null, 1)}\n`,
    );
    return 0;
  }
  printFindings(comparison);
  printPassages(comparison.passages);
  if (shared.length > 0)
    console.log(
      `\n${bold('In more than one file')} (a template, a recruiter or one author explain most of these)`,
    );
  for (const { kind, value, files: in_ } of shared) {
    console.log(`  ${kind} ${safe(value)}: ${in_.map((file) => safe(file)).join(', ')}`);
  }
  const refused = results.filter(({ document }) => document.outcome === 'refused').length;
  console.log(`\n${results.length - refused} files read, ${refused} not read.`);
  console.log(dim('A reason to ask, not a finding of guilt. Nothing a résumé says was verified.'));
  return 0;
}

function readable({ document, profile }: { document: DocumentResult; profile?: Profile }) {
  return document.outcome === 'read' && profile ? [{ document, profile }] : [];
}

function printFindings({ signals }: ResumeComparison): void {
  if (signals.size === 0) return;
  console.log(`\n${bold('What stands out')} (each with an innocent reading)`);
  for (const [file, found] of [...signals].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`  ${bold(safe(file))}`);
    for (const { says, innocent } of found) {
      console.log(`    ${safe(says, 300)}`);
      if (innocent[0]) console.log(dim(`      or: ${safe(innocent[0], 200)}`));
    }
  }
}

/** Pairs of files and passages of one pair that are printed; `--json` has all. */
const pairsShown = 20;
const passagesShown = 3;

function printPassages(passages: readonly FilePassage[]): void {
  if (passages.length === 0) return;
  const pairs = new Map<string, FilePassage[]>();
  for (const passage of passages) {
    const key = `${passage.file}\u0000${passage.otherFile}`;
    pairs.set(key, [...(pairs.get(key) ?? []), passage]);
  }
  const sorted = [...pairs.values()].sort((a, b) => b.length - a.length);
  console.log(`\n${bold('The same wording')}, which hardly any other file has`);
  for (const pair of sorted.slice(0, pairsShown)) {
    const [first] = pair as [FilePassage, ...FilePassage[]];
    console.log(
      `  ${bold(safe(first.file))} and ${bold(safe(first.otherFile))}: ${pair.length} passage${pair.length === 1 ? '' : 's'}`,
    );
    for (const { text, otherText, similarity } of pair.slice(0, passagesShown)) {
      console.log(`    “${safe(text, 160)}”`);
      if (similarity < 1) console.log(`    “${safe(otherText, 160)}”`);
    }
    if (pair.length > passagesShown) console.log(dim(`    … and ${pair.length - passagesShown} more`));
  }
  if (sorted.length > pairsShown)
    console.log(dim(`  … and ${sorted.length - pairsShown} more pairs: see --json`));
}

async function filesAt(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) throw new RollcallError('FOLDER_MISSING', `cannot read ${path}`);
  if (!info.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * A result as JSON. Fonts and offsets of clocks are left out: they say something of where or with what a file was
 * written, and nothing of whether it is true (docs/refused-signals.md).
 */
function told({ document, profile }: { document: DocumentResult; profile?: Profile }) {
  if (document.outcome === 'refused') return document;
  const { traces, blocks: _blocks, ...rest } = document;
  const {
    fonts: _fonts,
    created,
    modified,
    printed: _printed,
    history: _history,
    comments: _comments,
    contributors: _contributors,
    ...kept
  } = traces;
  return {
    ...rest,
    traces: { ...kept, created: created?.local?.slice(0, 10), modified: modified?.local?.slice(0, 10) },
    hidden: document.blocks.flatMap(({ text, hidden, page }) =>
      hidden ? [{ reason: hidden, text, page }] : [],
    ),
    profile,
  };
}

function print({ document, profile }: { document: DocumentResult; profile?: Profile }): void {
  if (document.outcome === 'refused') {
    console.log(`${bold(safe(document.file))}  not read (${document.reason}): ${safe(document.message)}`);
    return;
  }
  const { traces } = document;
  const made = [traces.creator, traces.producer]
    .filter((text) => text !== undefined)
    .map((text) => safe(text));
  console.log(
    `${bold(safe(document.file))}  ${document.format}, ${document.pages.length > 0 ? `${document.pages.length} pages, ` : ''}${document.text.length} characters${made.length > 0 ? `, made with ${[...new Set(made)].join(' / ')}` : ''}`,
  );
  const name = [profile?.name?.value, profile?.location?.value].filter((text) => text !== undefined);
  const contacts = [
    ...name.map((value) => ({ value })),
    ...(profile?.emails ?? []),
    ...(profile?.phones ?? []),
    ...(profile?.handles ?? []).map(({ site, value }) => ({ value: `${site}/${value}` })),
  ].map(({ value }) => safe(value));
  if (contacts.length > 0) console.log(`  says     ${contacts.join(' · ')}`);
  for (const note of notes(document)) console.log(`  shows    ${safe(note)}`);
}

/** What a file shows beside its text, a line each. */
function notes(document: ReadDocument): string[] {
  const { traces } = document;
  const hidden = document.blocks.filter((block) => block.hidden !== undefined);
  return [
    ...hidden
      .slice(0, 5)
      .map(({ hidden: reason, text }) => `hidden text (${reason}): “${text.slice(0, 80)}”`),
    ...traces.instructions
      .slice(0, 3)
      .map(({ text }) => `a passage meant for a program: “${text.slice(0, 80)}”`),
    ...traces.active.slice(0, 5).map(({ kind, detail }) => `${kind} (never run): ${detail}`),
    ...traces.disagreements.slice(0, 5),
    ...document.warnings.slice(0, 5).map(({ message }) => message),
  ];
}

/** Contacts and marks of origin that two files or more have; those of the most files first. */
function sharedValues(results: readonly { document: DocumentResult; profile?: Profile }[]): Shared[] {
  const seen = new Map<string, Shared>();
  const add = (kind: string, value: string | undefined, file: string) => {
    if (value === undefined || value === '') return;
    const key = `${kind}\n${value}`;
    const entry = seen.get(key);
    if (entry === undefined) seen.set(key, { kind, value, files: [file] });
    else if (!entry.files.includes(file)) entry.files.push(file);
  };
  for (const { document, profile } of results) {
    if (document.outcome === 'refused') continue;
    const { file, traces } = document;
    for (const { value } of profile?.emails ?? []) add('e-mail', value, file);
    for (const { value } of profile?.phones ?? []) add('phone', value, file);
    for (const { site, value } of profile?.handles ?? []) add('profile', `${site}/${value}`, file);
    add('document id', traces.originalDocumentId ?? traces.documentId, file);
    add('editing mark', traces.rsidRoot, file);
    add('file', document.sha256, file);
    for (const { sha256 } of traces.images) add('picture', sha256, file);
  }
  return [...seen.values()]
    .filter(({ files }) => files.length > 1)
    .sort(
      (a, b) =>
        b.files.length - a.files.length || a.kind.localeCompare(b.kind) || a.value.localeCompare(b.value),
    );
}
