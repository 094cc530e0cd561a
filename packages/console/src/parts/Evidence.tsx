import { count, shown } from '../format.js';
import { Wide } from './Section.js';

type Rows = { columns: string[]; rows: (string | number | boolean | null)[][]; total: number };

/** The rows behind a sentence, as they came. Anything may be in a cell, and all of it is text. */
export function Evidence({ evidence, label }: { evidence: Rows; label: string }) {
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
                  <bdi>{shown(column)}</bdi>
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
                    {cell === null || cell === '' ? (
                      <span className="none">–</span>
                    ) : (
                      <bdi>{shown(cell)}</bdi>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <figcaption>
        {total > rows.length
          ? `${count(rows.length)} of ${count(total)} rows; the rest are in the lake (rollcall query).`
          : `${count(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}, all of them.`}
      </figcaption>
    </figure>
  );
}
