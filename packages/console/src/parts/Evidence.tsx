import { count, countOf, instant, shown } from '../format.js';
import type { Lookup } from '../lookup.js';
import { Wide } from './Section.js';
import { PersonLink } from './Text.js';

type Rows = {
  columns: string[];
  rows: (string | number | boolean | null)[][];
  /** Absent where only these rows were kept and nobody counted the others. */
  total?: number;
};

/** The rows behind a sentence, as they came. Anything may be in a cell, and all of it is text. */
export function Evidence({ evidence, label, names }: { evidence: Rows; label: string; names: Lookup }) {
  const { columns, rows, total } = evidence;
  if (rows.length === 0) return <p className="quiet">No rows stand behind this sentence.</p>;
  return (
    <figure className="evidence">
      <Wide label={label}>
        <table>
          <thead>
            <tr>
              {columns.map((column, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name; places never change
                <th key={index} scope="col">
                  <bdi>{shown(column).replaceAll('_', ' ')}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity and never move
              <tr key={index}>
                {row.map((cell, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <td key={place} className={typeof cell === 'number' ? 'number' : undefined}>
                    <Cell value={cell} column={columns[place] ?? ''} names={names} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <figcaption>
        {total === undefined
          ? `${countOf(rows.length, 'row', 'rows')}.`
          : total > rows.length
            ? `${count(rows.length)} of ${count(total)} rows; the rest are in the lake (rollcall query).`
            : `${countOf(rows.length, 'row', 'rows')}, all of them.`}
      </figcaption>
    </figure>
  );
}

const aboutPerson = /^(other|person)(_id)?$|_person$/;
const aTime = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** A cell as it came, save that a person's number gains the name, and a time loses its T, its Z and its milliseconds. */
function Cell({
  value,
  column,
  names,
}: {
  value: Rows['rows'][number][number];
  column: string;
  names: Lookup;
}) {
  if (value === null || value === '') return <span className="none">–</span>;
  const name = aboutPerson.test(column) ? names.names.get(String(value)) : undefined;
  if (name !== undefined && name !== value) {
    return (
      <>
        <PersonLink id={String(value)} name={name} known={names.rank.has(String(value))} />{' '}
        <bdi className="quiet">{shown(value)}</bdi>
      </>
    );
  }
  return <bdi>{typeof value === 'string' && aTime.test(value) ? plainTime(value) : shown(value)}</bdi>;
}

function plainTime(iso: string): string {
  const at = instant(iso);
  if (at === undefined) return shown(iso);
  const text = new Date(at).toISOString();
  return at % 86_400_000 === 0 ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}
