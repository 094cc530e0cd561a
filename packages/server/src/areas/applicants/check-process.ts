/** The process that reads a stranger's file: apart from the server, with nothing of its secrets. One file at a time. */
import { loadContent } from '@rollcall/engine';
import { type CheckResult, checkFile } from '@rollcall/engine/check.js';
import type { Content } from '@rollcall/engine/content/load.js';
import type { Policy } from '@rollcall/engine/model/policy.js';

export interface Job {
  file: string;
  lake: string;
  content: string;
  policy: Policy;
}
export type Told = { result: CheckResult } | { problem: string; code: string };

let content: { folder: string; loaded: Promise<Content> } | undefined;

process.on('message', (job: Job) => {
  void run(job).then((told) => process.send?.(told));
});
process.on('disconnect', () => process.exit(0));

async function run(job: Job): Promise<Told> {
  try {
    if (content?.folder !== job.content)
      content = { folder: job.content, loaded: loadContent(job.content, { withoutTests: true }) };
    const result = await checkFile({
      file: job.file,
      lake: job.lake,
      content: await content.loaded,
      policy: job.policy,
    });
    return { result };
  } catch (error) {
    return {
      problem: error instanceof Error ? error.message : String(error),
      code: (error as { code?: string }).code ?? 'UNEXPECTED',
    };
  }
}
