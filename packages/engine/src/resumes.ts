import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forResumes } from './content/for-resumes.js';
import type { Content } from './content/load.js';
import type { Profile, ReadDocument } from './documents/index.js';
import { recordOf } from './lake/documents.js';
import type { Policy } from './model/policy.js';
import type { SignalResult } from './model/result.js';
import { query, scan } from './pipeline.js';

/** A passage two files share. */
export interface FilePassage {
  file: string;
  otherFile: string;
  text: string;
  otherText: string;
  similarity: number;
  words: number;
  bits: number;
}

export interface ResumeComparison {
  /** What detections find, by the file they find it in. Not weighed: a pile of résumés has no base rate. */
  signals: Map<string, SignalResult[]>;
  /** The most surprising first. */
  passages: FilePassage[];
}

/** Compares files with one another, as a scan would if they were all there is. Nothing is kept. */
export async function compareResumes(
  read: readonly { document: ReadDocument; profile: Profile }[],
  options: { content: Content; policy: Policy; now?: Date },
): Promise<ResumeComparison> {
  const temporary = await mkdtemp(join(tmpdir(), 'rollcall-resumes-'));
  try {
    const records = join(temporary, 'documents.ndjson');
    await writeFile(
      records,
      read
        .map(({ document, profile }) => `${JSON.stringify(recordOf(document.file, document, profile))}\n`)
        .join(''),
      { mode: 0o600 },
    );
    const lake = join(temporary, 'lake');
    const result = await scan({
      folder: records,
      lake,
      content: forResumes(options.content),
      policy: options.policy,
      ...(options.now ? { now: options.now } : {}),
    });
    const files = new Map<string, string[]>();
    for (const row of (await query(lake, 'SELECT DISTINCT person_id, file FROM documents ORDER BY ALL'))
      .rows) {
      const person = String(row.person_id);
      files.set(person, [...(files.get(person) ?? []), String(row.file)]);
    }
    const signals = new Map<string, SignalResult[]>();
    for (const person of result.people)
      for (const file of files.get(person.id) ?? []) signals.set(file, person.signals);
    const passages = await query(
      lake,
      `SELECT f.file, g.file AS other_file, p.text, p.other_text, p.similarity, p.words, p.bits FROM passages p
       JOIN documents f ON f.person_id = p.person_id AND f.document = p.document
       JOIN documents g ON g.person_id = p.other AND g.document = p.other_document
       WHERE f.file < g.file ORDER BY p.bits DESC, p.words DESC, f.file, g.file, p.text, p.other_text`,
    );
    return {
      signals,
      passages: passages.rows.map((row) => ({
        file: String(row.file),
        otherFile: String(row.other_file),
        text: String(row.text),
        otherText: String(row.other_text),
        similarity: Number(row.similarity),
        words: Number(row.words),
        bits: Number(row.bits),
      })),
    };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
