import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Content,
  loadContent,
  loadPolicy,
  query,
  RollcallError,
  reweigh,
  type ScanResult,
  scan,
} from '@rollcall/engine';
import { evaluate, formatEvaluation, impacts, type Truth } from '@rollcall/simulate';
import { ProgressLine } from '../../terminal.js';

export interface FolderFlags {
  policy?: string;
  json?: boolean;
  content?: string;
}

/** Scans one company that `rollcall simulate` made, and holds the result against the truth. */
export async function evaluateFolder(folder: string, flags: FolderFlags): Promise<number> {
  const line = new ProgressLine(false);
  const lake = await mkdtemp(join(tmpdir(), 'rollcall-evaluate-'));
  try {
    const truth = await readTruth(folder);
    const content = await loadContent(flags.content, { withoutTests: true });
    const policy = await loadPolicy(flags.policy);
    const result = await scan({
      folder: join(folder, 'exports'),
      lake,
      content,
      policy,
      onProgress: (progress) => line.update(progress),
    });
    line.end();
    const evaluation = evaluate(truth, result, {
      without: reweigh(content, policy),
      among: await amongOf(content, result, lake),
    });
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({ ...evaluation, impacts: impacts(evaluation.groups) }, null, 1)}\n`
        : formatEvaluation(evaluation),
    );
    return 0;
  } finally {
    line.end();
    await rm(lake, { recursive: true, force: true });
  }
}

export async function readTruth(folder: string): Promise<Truth> {
  const text = await readFile(join(folder, 'truth.json'), 'utf8').catch(() => {
    throw new RollcallError(
      'FOLDER_MISSING',
      `${folder} has no truth.json: it was not written by "rollcall simulate"`,
    );
  });
  return JSON.parse(text) as Truth;
}

/** In whom each detection could have been seen, where it says so. */
async function amongOf(
  content: Content,
  result: ScanResult,
  lake: string,
): Promise<Map<string, ReadonlySet<string>>> {
  const ran = new Set(result.detections.filter((one) => one.state === 'ran').map((one) => one.id));
  const answers = new Map<string, ReadonlySet<string>>();
  const among = new Map<string, ReadonlySet<string>>();
  for (const { id, among: sql } of content.detections) {
    if (!sql || !ran.has(id)) continue;
    const text = sql.replace(/\s+/g, ' ').trim();
    const known =
      answers.get(text) ?? new Set((await query(lake, sql)).rows.map((row) => String(row.person_id)));
    answers.set(text, known);
    among.set(id, known);
  }
  return among;
}
