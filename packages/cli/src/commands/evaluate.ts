import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContent, loadPolicy, RollcallError, scan } from '@rollcall/engine';
import { evaluate, formatEvaluation, type Truth } from '@rollcall/simulate';
import { ProgressLine } from '../terminal.js';

export async function evaluateFolder(
  folder: string,
  flags: { policy?: string; json?: boolean; content?: string },
): Promise<number> {
  const text = await readFile(join(folder, 'truth.json'), 'utf8').catch(() => {
    throw new RollcallError(
      'FOLDER_MISSING',
      `${folder} has no truth.json: it was not written by "rollcall simulate"`,
    );
  });
  const truth = JSON.parse(text) as Truth;
  const lake = await mkdtemp(join(tmpdir(), 'rollcall-evaluate-'));
  const line = new ProgressLine(false);
  try {
    const result = await scan({
      folder: join(folder, 'exports'),
      lake,
      content: await loadContent(flags.content, { withoutTests: true }),
      policy: await loadPolicy(flags.policy),
      onProgress: (progress) => line.update(progress),
    });
    line.end();
    const evaluation = evaluate(truth, result);
    process.stdout.write(
      flags.json ? `${JSON.stringify(evaluation, null, 1)}\n` : formatEvaluation(evaluation),
    );
    return 0;
  } finally {
    line.end();
    await rm(lake, { recursive: true, force: true });
  }
}
