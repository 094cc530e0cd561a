/** Writes what a scan concluded, for the server to read: by the process of the scan. */
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { query, type ScanResult } from '@rollcall/engine';
import { makeFolder, moveInto, syncFolder, writeWhole } from '../files.js';
import { rowOf } from './rows.js';

/** A row on disk: without its handle, and where everything about the person stands in `people.ndjson`. */
export type StoredRow = Omit<ReturnType<typeof rowOf>, 'handle'> & { at?: [offset: number, bytes: number] };

/** A line of `sharing.ndjson`: one person, another, and the kinds of what both have. */
export type SharingLine = [person: string, other: string, kinds: string[]];

/**
 * `results/N/`: `head.json` (the result without people), `people.ndjson` (everything about those of whom something was
 * found), `rows.ndjson` (a row of everybody on record, most pressing first), `mails.ndjson` (which address was seen with
 * whom) and `sharing.ndjson` (who shares what few have, of those without a page of everything). `current.json` names N once it is whole.
 */
export async function writeResults(
  folder: string,
  number: number,
  result: ScanResult,
  lake: string,
  finishedAt: Date,
): Promise<void> {
  const place = join(folder, String(number));
  const part = `${place}.part`;
  await rm(part, { recursive: true, force: true });
  await rm(place, { recursive: true, force: true });
  await makeFolder(part);
  const { people, ...head } = result;
  const checked = await checkedOf(lake);
  await writeWhole(join(part, 'head.json'), JSON.stringify({ ...head, people: [] }));
  const rows = await lines(join(part, 'rows.ndjson'));
  const found = await lines(join(part, 'people.ndjson'));
  for (const person of people) {
    const { handle: _, ...row } = rowOf(person, () => '');
    const at = await found.add(JSON.stringify(person));
    await rows.add(JSON.stringify({ ...row, ...checked(person.id), at } satisfies StoredRow));
  }
  const known = new Set(people.map((person) => person.id));
  const prior = Math.log2(result.policy.prior / (1 - result.policy.prior));
  const everybody = await query(
    lake,
    `SELECT person_id, name, stage, engagement, title, department, manager, vendor, work_email, remote,
       nullif(concat_ws(', ', claimed_city, claimed_region, claimed_country), '') AS location,
       applied_at, started_at, left_at FROM people ORDER BY person_id`,
  );
  for (const one of everybody.rows) {
    const id = String(one.person_id);
    if (known.has(id)) continue;
    await rows.add(JSON.stringify({ ...plainRow(one, id, prior), ...checked(id) } satisfies StoredRow));
  }
  await found.close();
  await rows.close();
  // Who is who among those with an account here: looked up by address, and kept out of memory.
  const mails = await lines(join(part, 'mails.ndjson'));
  const seen = await query(
    lake,
    `SELECT DISTINCT lower(trim(mail)) AS mail, person_id FROM (
       SELECT personal_email AS mail, person_id FROM people
       UNION ALL SELECT value AS mail, person_id FROM identifiers WHERE kind = 'email'
     ) WHERE mail LIKE '%@%' AND person_id IS NOT NULL ORDER BY mail, person_id`,
  );
  for (const one of seen.rows) await mails.add(JSON.stringify([one.mail, one.person_id]));
  await mails.close();
  const told = new Set(people.filter((person) => !person.brief).map((person) => person.id));
  const sharing = await lines(join(part, 'sharing.ndjson'));
  for (const { person, other, kinds } of await sharersIn(lake))
    if (!told.has(person))
      await sharing.add(JSON.stringify([person, other, kinds.split(',')] satisfies SharingLine));
  await sharing.close();
  await syncFolder(part);
  await moveInto(part, place);
  await writeWhole(
    join(folder, 'current.json'),
    `${JSON.stringify({ number, asOf: result.asOf, finishedAt: finishedAt.toISOString() })}\n`,
  );
}

/** The number of the latest whole result; 0 where there is none. */
export async function latestNumber(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'current.json'), 'utf8').catch(() => '');
  return text ? (JSON.parse(text) as { number: number }).number : 0;
}

/** Results of checks on record, whoever wrote them down: of each person and kind the day of the last. */
async function checkedOf(lake: string): Promise<(id: string) => Pick<StoredRow, 'checked'>> {
  const found = await query(
    lake,
    `SELECT person_id, target AS kind, strftime(max(time), '%Y-%m-%d') AS day FROM events
     WHERE action = 'check.result' AND person_id IS NOT NULL AND target IS NOT NULL
       AND (outcome IN ('success', 'failure') OR starts_with(detail, 'accommodated'))
     GROUP BY person_id, target ORDER BY person_id, target`,
  );
  const byPerson = new Map<string, Record<string, string>>();
  for (const { person_id, kind, day } of found.rows) {
    const own = byPerson.get(String(person_id)) ?? {};
    own[String(kind)] = String(day);
    byPerson.set(String(person_id), own);
  }
  return (id) => {
    const checked = byPerson.get(id);
    return checked ? { checked } : {};
  };
}

/** Who shares what with whom, of what few have and what was not seen in passing. */
async function sharersIn(lake: string): Promise<{ person: string; other: string; kinds: string }[]> {
  const found = await query(
    lake,
    `SELECT person, other, string_agg(DISTINCT kind, ',' ORDER BY kind) AS kinds FROM (
       SELECT a.person_id AS person, b.person_id AS other, v.kind
       FROM holdings a JOIN shared_values v ON v.id = a.value_id JOIN holdings b ON b.value_id = a.value_id
       WHERE a.lasting AND b.lasting AND NOT v.common AND a.person_id <> b.person_id
       UNION ALL SELECT person_id, other, 'passage' FROM passages)
     GROUP BY person, other ORDER BY person, other`,
  );
  return found.rows as { person: string; other: string; kinds: string }[];
}

/** Of somebody nothing was found about. */
function plainRow(one: Record<string, unknown>, id: string, prior: number): StoredRow {
  const text = (key: string) => (one[key] === null || one[key] === undefined ? undefined : String(one[key]));
  const optional: Partial<StoredRow> = {};
  const set = (
    name: 'title' | 'department' | 'manager' | 'vendor' | 'location',
    value: string | undefined,
  ) => {
    if (value !== undefined) optional[name] = value;
  };
  for (const name of ['title', 'department', 'manager', 'vendor', 'location'] as const) set(name, text(name));
  const workEmail = text('work_email');
  const times = { appliedAt: text('applied_at'), startedAt: text('started_at'), leftAt: text('left_at') };
  return {
    id,
    name: text('name') ?? '',
    stage: text('stage') ?? '',
    engagement: text('engagement') ?? '',
    ...optional,
    ...(workEmail === undefined ? {} : { workEmail }),
    ...(typeof one.remote === 'boolean' ? { remote: one.remote } : {}),
    ...Object.fromEntries(Object.entries(times).filter(([, time]) => time !== undefined)),
    band: 'clear',
    bits: Math.round(prior * 100) / 100,
    facets: 0,
    signals: 0,
  };
}

/** A file written line by line, in large pieces, on disk when it is closed. */
async function lines(path: string): Promise<{
  add(line: string): Promise<[offset: number, bytes: number]>;
  close(): Promise<void>;
}> {
  const file = await open(path, 'w', 0o600);
  let held: Buffer[] = [];
  let size = 0;
  let offset = 0;
  const flush = async () => {
    if (held.length === 0) return;
    await file.writeFile(Buffer.concat(held));
    held = [];
    size = 0;
  };
  return {
    add: async (line) => {
      const bytes = Buffer.from(`${line}\n`);
      const at: [number, number] = [offset, bytes.length - 1];
      held.push(bytes);
      size += bytes.length;
      offset += bytes.length;
      if (size > 1 << 20) await flush();
      return at;
    },
    close: async () => {
      await flush();
      await file.sync();
      await file.close();
    },
  };
}
