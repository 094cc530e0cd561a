/**
 * What people told of themselves (sex, race or ethnicity, age band, disability …), behind a wall: one encrypted file beside
 * everything else, in no table and no result. It is opened to count, and nothing but counts leaves this module.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rowsOf } from '@rollcall/engine/facts/check-table.js';
import { makeFolder, removeForGood, writeWhole } from '../../files.js';
import { Refusal } from '../../model/refusal.js';
import type { Services, Snapshot } from '../../model/services.js';
import { smallest } from './counting.js';
import type { WalledState, WalledUpload } from './words.js';

/** The groups that may be handed in: name here, names of columns, and the answers kept apart. */
export const walledColumns = {
  sex: { title: 'sex', names: ['sex', 'gender', 'gender identity', 'legal sex'] },
  race: {
    title: 'race or ethnicity',
    names: ['race', 'ethnicity', 'race ethnicity', 'race or ethnicity', 'ethnic group', 'race eeo'],
  },
  age: { title: 'age band', names: ['age band', 'age group', 'age range'] },
  disability: { title: 'disability', names: ['disability', 'disability status', 'disabled'] },
  veteran: { title: 'veteran status', names: ['veteran', 'veteran status', 'protected veteran'] },
  religion: { title: 'religion', names: ['religion', 'faith'] },
  orientation: { title: 'sexual orientation', names: ['orientation', 'sexual orientation'] },
} as const;
export type WalledColumn = keyof typeof walledColumns;
export const walledNames = Object.keys(walledColumns) as WalledColumn[];

/** Answers of one person: `known` only, without what is left out or not told. */
export type Answers = Partial<Record<WalledColumn, string>>;

interface Kept {
  version: 1;
  uploadedAt: string;
  /** The account. */
  uploadedBy: string;
  columns: WalledColumn[];
  answers: Record<string, Answers>;
}

export const bytesMost = 20_000_000;
const rowsMost = 500_000;
const answerMost = 60;
/** A column of more different answers is no division into groups: birth dates, numbers, free text. */
const answersMost = 20;

const untold = new Set([
  '',
  '-',
  'n/a',
  'na',
  'none given',
  'unknown',
  'not told',
  'not specified',
  'declined',
  'decline to answer',
  'decline to state',
  'declined to state',
  'prefer not to say',
  'prefer not to answer',
  'i do not wish to answer',
  'undisclosed',
]);

const magic = Buffer.from('RCWALL1\n');
const fileOf = (services: Pick<Services, 'folder'>) => join(services.folder, 'walled', 'groups');

function keyOf(services: Pick<Services, 'keys'>): Uint8Array {
  return services.keys.derive('fairness');
}

async function keep(services: Services, kept: Kept): Promise<void> {
  const path = fileOf(services);
  await makeFolder(join(services.folder, 'walled'));
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(services), nonce);
  cipher.setAAD(magic);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(kept), 'utf8'), cipher.final()]);
  await writeWhole(path, Buffer.concat([magic, nonce, cipher.getAuthTag(), sealed]));
}

async function opened(services: Services): Promise<Kept | undefined> {
  const bytes = await readFile(fileOf(services)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!bytes) return undefined;
  try {
    if (!bytes.subarray(0, magic.length).equals(magic)) throw new Error('another kind of file');
    const [nonce, tag] = [
      bytes.subarray(magic.length, magic.length + 12),
      bytes.subarray(magic.length + 12, magic.length + 28),
    ];
    const cipher = createDecipheriv('aes-256-gcm', keyOf(services), nonce);
    cipher.setAAD(magic);
    cipher.setAuthTag(tag);
    const text = Buffer.concat([cipher.update(bytes.subarray(magic.length + 28)), cipher.final()]);
    return JSON.parse(text.toString('utf8')) as Kept;
  } catch {
    throw new Refusal(
      409,
      'WALLED_DAMAGED',
      'the store of self-identified groups cannot be opened with this installation’s key; hand the groups in again',
    );
  }
}

/** Takes over what people told of themselves, in place of what was there. */
export async function takeGroups(
  services: Services,
  snapshot: Snapshot,
  bytes: Uint8Array,
  by: string,
): Promise<WalledUpload & { sha256: string }> {
  const table = tableOf(bytes);
  const [header, ...rows] = table;
  const names = (header?.cells ?? []).map(plain);
  const person = names.findIndex((name) =>
    ['person id', 'employee id', 'worker id', 'candidate id', 'id', 'employee number'].includes(name),
  );
  const mail = names.findIndex((name) => ['email', 'e mail', 'work email', 'email address'].includes(name));
  if (person < 0 && mail < 0)
    throw new Refusal(422, 'NO_PERSON', 'a column “person id” or “work email” must say whose row it is');
  const columns = new Map<WalledColumn, number>();
  for (const name of walledNames) {
    const at = names.findIndex((one) => (walledColumns[name].names as readonly string[]).includes(one));
    if (at >= 0) columns.set(name, at);
  }
  if (columns.size === 0)
    throw new Refusal(
      422,
      'NO_GROUPS',
      `no column is one of these: ${walledNames.map((name) => walledColumns[name].title).join(', ')}`,
    );
  const ignored = names.length - columns.size - (person >= 0 ? 1 : 0) - (mail >= 0 ? 1 : 0);
  for (const [name, at] of columns) {
    const different = new Set(
      rows.map((row) => plain(row.cells[at] ?? '')).filter((one) => !untold.has(one)),
    );
    if (different.size > answersMost)
      throw new Refusal(
        422,
        'NOT_GROUPS',
        `${walledColumns[name].title}: more than ${answersMost} different answers; hand in groups, not dates or free text`,
      );
  }
  const byMail = new Map(
    mail < 0
      ? []
      : snapshot.people.flatMap((row) => (row.workEmail ? [[row.workEmail.toLowerCase(), row.id]] : [])),
  );
  const answers: Record<string, Answers> = Object.create(null) as Record<string, Answers>;
  let matched = 0;
  for (const row of rows) {
    const given = person >= 0 ? (row.cells[person] ?? '').trim() : '';
    const known = snapshot.row(given);
    // A handle is no id of the company: only what HR calls somebody counts.
    const id =
      known && known.id === given
        ? given
        : mail >= 0
          ? byMail.get((row.cells[mail] ?? '').trim().toLowerCase())
          : undefined;
    if (id === undefined) continue;
    matched++;
    const own: Answers = {};
    for (const [name, at] of columns) {
      const answer = (row.cells[at] ?? '').normalize('NFKC').replace(/\s+/g, ' ').trim().slice(0, answerMost);
      if (!untold.has(plain(answer))) own[name] = answer;
    }
    answers[id] = own;
  }
  await keep(services, {
    version: 1,
    uploadedAt: services.now().toISOString(),
    uploadedBy: by,
    columns: [...columns.keys()],
    answers,
  });
  return {
    rows: rows.length,
    matched,
    unmatched: rows.length - matched,
    columns: [...columns.keys()].map((name) => walledColumns[name].title),
    ignored,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[_/()-]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function tableOf(bytes: Uint8Array) {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(422, 'NO_TABLE', 'this is no text (UTF-8); save the table as CSV');
  }
  if (/^\s*[<{[]|^PK/.test(text)) throw new Refusal(422, 'NO_TABLE', 'this is no CSV table; save it as CSV');
  let trouble: string | undefined;
  const rows = rowsOf(text, (line, says) => {
    trouble ??= `line ${line}: ${says}`;
  });
  if (trouble !== undefined) throw new Refusal(422, 'NO_TABLE', trouble);
  if (rows.length < 2) throw new Refusal(422, 'NO_TABLE', 'the table has no rows');
  if (rows.length > rowsMost) throw new Refusal(413, 'TOO_LARGE', `at most ${rowsMost} rows are read`);
  return rows;
}

/** Whether there is anything, and of what kind: no answer, and no small number. */
export async function walledState(services: Services): Promise<WalledState> {
  const kept = await opened(services);
  if (!kept) return { present: false, columns: [] };
  const snapshot = services.results.current();
  const people = Object.keys(kept.answers).filter(
    (id) => snapshot?.row(id) && Object.keys(kept.answers[id] ?? {}).length > 0,
  ).length;
  const names = new Map((await services.accounts.list()).map((one) => [one.id, one.name]));
  return {
    present: true,
    ...(people >= smallest ? { people } : {}),
    columns: kept.columns.map((name) => walledColumns[name].title),
    uploadedAt: kept.uploadedAt,
    uploadedBy: names.get(kept.uploadedBy) ?? kept.uploadedBy,
  };
}

export async function forgetGroups(services: Services): Promise<void> {
  await removeForGood(fileOf(services));
}

/** Takes out the answers of people who are removed. A store that cannot be opened is left: nobody can read it either. */
export async function forgetAnswers(services: Services, people: readonly string[]): Promise<void> {
  const kept = await opened(services).catch(() => undefined);
  if (!kept || !people.some((person) => Object.hasOwn(kept.answers, person))) return;
  for (const person of people) delete kept.answers[person];
  await keep(services, kept);
}

/**
 * Runs a count over the answers, and gives back what it returns: only `counted.ts` calls this, and it returns counts. What
 * was not told is absent.
 */
export async function withAnswers<T>(
  services: Services,
  counting: (columns: readonly WalledColumn[], answersOf: (person: string) => Answers) => T,
): Promise<T | undefined> {
  const kept = await opened(services);
  if (!kept) return undefined;
  return counting(kept.columns, (person) =>
    Object.hasOwn(kept.answers, person) ? (kept.answers[person] as Answers) : {},
  );
}
