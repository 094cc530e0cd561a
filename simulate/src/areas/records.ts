import { csvLine, Output } from '../files.js';
import type { Person } from '../person.js';
import { compare } from '../text.js';
import { DAY, date } from '../time.js';
import type { World } from '../world.js';

/** What somebody checked about a person, as people operations write it down. */
export interface CheckRow {
  person: Person;
  check: string;
  at: number;
  outcome: string;
  by: string;
  note: string;
}

/** Rows an area keeps of a company until its exports are written, when people have their ids. */
export class Kept<T> {
  readonly #rows = new WeakMap<World, T[]>();

  of(world: World): T[] {
    const rows = this.#rows.get(world) ?? [];
    this.#rows.set(world, rows);
    return rows;
  }
}

/**
 * Whose turn it is when a share of people do something: of any number of people asked in a row, as many as the share
 * says, give or take one. Few ring members drawn one by one would give a company of nothing, or of too much.
 */
export function turns(world: World, key: string): (share: number) => boolean {
  let sum = world.random('quota', key).unit();
  return (share) => {
    sum += share;
    if (sum < 1) return false;
    sum -= 1;
    return true;
  };
}

export const peopleOperations = 'people@larkspur.example.com';

/** Writes checks in the form of the company's list of checks, up to the last day. */
export async function writeCheckRows(world: World, path: string, rows: readonly CheckRow[]): Promise<void> {
  await writeTable(
    path,
    ['employee_id', 'check', 'date', 'outcome', 'by', 'note'],
    rows
      .filter((one) => one.person.hrId && one.at < world.asOf + DAY)
      .map((one) => ({
        at: one.at,
        cells: [one.person.hrId ?? '', one.check, date(one.at), one.outcome, one.by, one.note],
      })),
  );
}

/** Writes a table in order of time, then of its cells. */
export async function writeTable(
  path: string,
  header: readonly string[],
  rows: readonly { at: number; cells: readonly (string | number)[] }[],
): Promise<void> {
  const output = new Output(path);
  output.line(csvLine(header));
  const lines = rows.map(({ at, cells }) => ({ at, line: csvLine(cells) }));
  lines.sort((a, b) => a.at - b.at || compare(a.line, b.line));
  for (const { line } of lines) {
    output.line(line);
    await output.drain();
  }
  await output.close();
}
