/** The process that reads strangers' files: apart from the server, with nothing of its secrets. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { loadContent } from '@rollcall/engine';
import { Checker, type CheckResult } from '@rollcall/engine/check.js';
import type { Content } from '@rollcall/engine/content/load.js';
import type { Policy } from '@rollcall/engine/model/policy.js';

export interface Job {
  files: string[];
  lake: string;
  content: string;
  policy: Policy;
}
/** What came of one of the files, each as it is ready; and when all of them are through, whatever was not told. */
export type Told =
  | { nth: number; result: CheckResult }
  | { nth: number; problem: string; code: string }
  | { done: true; problem?: string; code?: string };

let content: { folder: string; loaded: Promise<Content> } | undefined;
let open: { key: string; checker: Checker } | undefined;

process.on('message', (job: Job) => {
  void run(job).then((last) => say({ done: true, ...last }));
});
process.on('disconnect', () => process.exit(0));

const say = (told: Told) => process.send?.(told);

async function run(job: Job): Promise<{ problem: string; code: string } | undefined> {
  try {
    const checker = await checkerFor(job);
    let sound = true;
    for await (const { nth, answer } of checker.check(job.files)) {
      if (answer instanceof Error) {
        const problem = problemOf(answer);
        // Whatever it was may have left the database unfit for the next.
        if (problem.code === unexpected) sound = false;
        say({ nth, ...problem });
      } else say({ nth, result: answer });
    }
    if (!sound) await close();
    return undefined;
  } catch (error) {
    await close();
    return problemOf(error);
  }
}

const unexpected = 'UNEXPECTED';

function problemOf(error: unknown): { problem: string; code: string } {
  return {
    problem: error instanceof Error ? error.message : String(error),
    code: (error as { code?: string }).code ?? unexpected,
  };
}

/** The one of before, where nothing it was opened with has changed. */
async function checkerFor({ lake, content: folder, policy }: Job): Promise<Checker> {
  if (content?.folder !== folder) content = { folder, loaded: loadContent(folder, { withoutTests: true }) };
  const key = JSON.stringify([lake, folder, policy, await stampOf(policy.facts.directory)]);
  if (open?.key === key) return open.checker;
  await close();
  const checker = await Checker.open({ lake, content: await content.loaded, policy });
  open = { key, checker };
  return checker;
}

async function close(): Promise<void> {
  const { checker } = open ?? {};
  open = undefined;
  await checker?.close().catch(() => undefined);
}

/** What tells one state of the company's own reference data from another. */
async function stampOf(directory: string | undefined): Promise<string[]> {
  if (directory === undefined) return [];
  const stamps: string[] = [];
  for (const name of (await readdir(directory).catch(() => [])).sort()) {
    const info = await stat(join(directory, name)).catch(() => undefined);
    if (info) stamps.push(`${name} ${info.size} ${info.mtimeMs} ${info.ino}`);
  }
  return stamps;
}
