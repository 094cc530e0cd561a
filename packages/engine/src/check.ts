import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentDetails } from './assess/documents.js';
import { forResumes } from './content/for-resumes.js';
import type { Content } from './content/load.js';
import { type AskedQuestion, questionsFor } from './content/questions.js';
import { type CheckAnswer, Known, type Newcomer } from './known/known.js';
import { knownFolder } from './known/update.js';
import type { Database, Row } from './lake/duckdb.js';
import { RollcallError } from './model/errors.js';
import type { Policy } from './model/policy.js';
import type { FileAccount, PersonDocument, SignalResult } from './model/result.js';
import type { IdentifierKind } from './model/vocabulary.js';
import { scan, viewFolder } from './pipeline.js';

export interface CheckOptions {
  /** A résumé. */
  file: string;
  /** The lake of the last scan: whom to compare with. */
  lake: string;
  content: Content;
  policy: Policy;
  now?: Date;
}

export interface CheckResult {
  file: FileAccount;
  /** The name the résumé gives. */
  name?: string;
  /** What it says and shows. */
  document?: PersonDocument;
  /** How many people it was compared with. */
  compared: number;
  /** Who shares what with it, and which of its values many have. */
  answer: CheckAnswer;
  /** What detections find in it, alone and beside those who share something with it. Not weighed: there is no base rate yet. */
  signals: SignalResult[];
  /** What to ask: the same of every finalist, filled with what this résumé claims. */
  questions: AskedQuestion[];
  /** How long opening the index and asking it took, in milliseconds. */
  milliseconds: { open: number; check: number };
}

/** People who share something, the most first, whose records the detections see beside the newcomer. */
const mostBeside = 50;

/**
 * One new résumé against everybody known, at once. Nothing of it is kept. The order: read it as a scan would, ask the
 * index who shares something with it, put those people's records beside it, and run the detections of applications.
 * Of a file that cannot be read, or is no résumé, `file.problem` says why, and nothing was compared.
 *
 * @throws RollcallError ARGUMENT_INVALID where the file is a folder or of several people: each is checked alone.
 *   FOLDER_MISSING, LAKE_MISSING, LAKE_DAMAGED.
 */
export async function checkFile(options: CheckOptions): Promise<CheckResult> {
  const info = await stat(options.file).catch(() => undefined);
  if (info && !info.isFile())
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `${options.file} is no file; a check is of one résumé ("rollcall resumes" compares those of a folder)`,
    );
  const index = join(options.lake, knownFolder);
  if (!existsSync(index) || !existsSync(join(options.lake, viewFolder, 'people.parquet')))
    throw new RollcallError(
      'LAKE_MISSING',
      `${options.lake} holds no scan to compare with; run "rollcall scan FOLDER" first`,
    );
  const temporary = await mkdtemp(join(tmpdir(), 'rollcall-check-'));
  let answer: CheckAnswer = { hits: [], common: [] };
  let compared = 0;
  let own: Row | undefined;
  let papers: ReadonlyMap<string, PersonDocument[]> = new Map();
  const milliseconds = { open: 0, check: 0 };
  const ask = async (database: Database): Promise<string[]> => {
    const people = await database.number('SELECT count(*) FROM people');
    if (people > 1)
      throw new RollcallError(
        'ARGUMENT_INVALID',
        `${options.file} is of ${people} people; a check is of one résumé`,
      );
    // Of nobody, or a line of a table: there is nothing to compare.
    if ((await database.number('SELECT count(*) FROM documents')) === 0) return [];
    const newcomer = await newcomerOf(database);
    [own] = await database.rows(
      'SELECT d.person_id, p.name FROM documents d LEFT JOIN people p USING (person_id) LIMIT 2',
    );
    await database.run('CREATE OR REPLACE TEMP TABLE chosen AS SELECT DISTINCT person_id FROM documents');
    papers = (await documentDetails(database, (id) => id)).documents;
    const started = performance.now();
    const known = await Known.open(index, { readOnly: true });
    try {
      const opened = performance.now();
      answer = known.check(newcomer);
      compared = known.size;
      milliseconds.open = opened - started;
      milliseconds.check = performance.now() - opened;
    } finally {
      known.close();
    }
    return answer.hits.slice(0, mostBeside).map((hit) => hit.person.id);
  };
  try {
    const result = await scan({
      folder: options.file,
      lake: join(temporary, 'lake'),
      content: forResumes(options.content),
      policy: options.policy,
      beside: { lake: options.lake, choose: ask },
      ...(options.now ? { now: options.now } : {}),
    });
    const file = result.files[0] as FileAccount;
    if (!own)
      file.problem ??=
        file.connector === undefined ? 'no résumé' : `no résumé of anybody, but: ${file.recognised}`;
    const id = String(own?.person_id);
    const document = papers.get(id)?.[0];
    const signals = result.people.find((person) => person.id === id)?.signals ?? [];
    return {
      file,
      ...(own?.name ? { name: String(own.name) } : {}),
      ...(document ? { document } : {}),
      compared,
      answer,
      signals,
      questions: document ? questionsFor(options.content.questions, document.claims, signals) : [],
      milliseconds,
    };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function newcomerOf(database: Database): Promise<Newcomer> {
  const values = await database.rows('SELECT DISTINCT kind, value, label FROM identifiers ORDER BY ALL');
  const [document] = await database.rows('SELECT document, text FROM documents ORDER BY document LIMIT 1');
  const [person] = await database.rows('SELECT name FROM people ORDER BY person_id LIMIT 1');
  return {
    values: values.map((row) => ({
      kind: row.kind as IdentifierKind,
      value: String(row.value),
      label: String(row.label),
    })),
    ...(document?.text ? { text: String(document.text), document: String(document.document) } : {}),
    ...(person?.name ? { name: String(person.name) } : {}),
  };
}
