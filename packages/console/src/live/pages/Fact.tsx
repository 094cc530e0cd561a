import type { FactPage as FactData } from '@rollcall/server/areas/facts/words.js';
import { useEffect, useState } from 'react';
import { count, countOf, day, shown, unhyphened } from '../../format.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { href, type Route, setQuery } from '../../route.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { useKept } from '../parts/kept.js';
import { Loaded } from '../parts/Loaded.js';
import { Paging } from '../parts/Paging.js';
import { useMay } from '../session.js';
import '../style/detections.css';

/** One table of reference data: its rows, and the company's own among them. */
export function FactPage({ route }: { route: Route }) {
  const may = useMay();
  const { q = '', own } = route.query;
  const page = Math.max(1, Number.parseInt(route.query.page ?? '1', 10) || 1);
  const asked = new URLSearchParams({ q, page: String(page), own: own === 'yes' ? 'yes' : 'no' });
  const reading = useGet<FactData>(`/facts/${encodeURIComponent(route.id)}?${asked}`, ['facts']);
  const { kept } = useKept(reading);
  return (
    <>
      <p>
        <a href={href('facts')}>All tables</a>
      </p>
      {kept ? (
        <Table data={kept} route={route} edit={may('facts.edit')} />
      ) : (
        <Loaded of={reading}>{() => null}</Loaded>
      )}
    </>
  );
}

function Table({ data, route, edit }: { data: FactData; route: Route; edit: boolean }) {
  const { fact, columns, rows } = data;
  return (
    <>
      <div className="page-head">
        <h1>
          <Text value={fact.title} />
        </h1>
        <p className="lead">
          <Text value={fact.about} />
        </p>
        <p className={fact.stale ? 'stale' : 'meta'}>
          Of {day(fact.asOf)}, {countOf(fact.ageInDays, 'day', 'days')} old
          {fact.stale ? `: past its ${count(fact.staleAfterDays)} days, so what is newer is not in it` : ''}.
          Source: <Text value={fact.source} />. Licence: <Text value={fact.licence} />.
          {fact.own > 0
            ? ` ${countOf(fact.own, 'row is', 'rows are')} your own${fact.ownAsOf ? `, the latest of ${day(fact.ownAsOf)}` : ''}.`
            : ''}
        </p>
        {fact.readBy.length > 0 ? (
          <p className="meta">
            Read by{' '}
            {fact.readBy.map((one, at) => (
              <span key={one.id}>
                {at > 0 ? '; ' : ''}
                <a href={href('detection', one.id)}>
                  <Text value={one.title} />
                </a>
              </span>
            ))}
          </p>
        ) : null}
      </div>
      <div className="filters">
        <Search q={route.query.q ?? ''} />
        <label className="choice">
          <input
            type="checkbox"
            checked={route.query.own === 'yes'}
            onChange={(event) => setQuery({ own: event.target.checked ? 'yes' : '', page: '' })}
          />{' '}
          Only your own
        </label>
        <span>{countOf(data.total, 'row', 'rows')}</span>
        <a href={`/api/facts/${encodeURIComponent(fact.id)}/export`} download>
          Download as CSV
        </a>
      </div>
      {rows.length === 0 ? (
        <Empty title={fact.rows === 0 ? 'This table ships empty, for rows of your own.' : 'No row fits.'}>
          {fact.rows > 0 ? (
            <p>
              <a href={href('fact', fact.id)}>Show all</a>
            </p>
          ) : null}
        </Empty>
      ) : (
        <Wide label={shown(fact.title)}>
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.name} scope="col">
                    {unhyphened(column.name)}
                  </th>
                ))}
                {edit ? <th scope="col">Yours</th> : null}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.cells.join('\u0000')}>
                  {row.cells.map((cell, at) => (
                    <td key={columns[at]?.name ?? at}>
                      <Text value={cell} />
                    </td>
                  ))}
                  {edit ? (
                    <td>
                      {row.own ? (
                        <details>
                          <summary>Take away</summary>
                          <Act
                            word="Take it away"
                            danger
                            label={`Take the row ${shown(row.cells[0] ?? '')} away`}
                            act={() =>
                              send('POST', `/facts/${encodeURIComponent(fact.id)}/withdraw`, {
                                cells: Object.fromEntries(
                                  columns.map(({ name }, at) => [name, row.cells[at] ?? '']),
                                ),
                              })
                            }
                          />
                        </details>
                      ) : (
                        '–'
                      )}
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      <Paging route={route} page={data.page} size={data.size} total={data.total} what="rows" />
      {edit ? (
        <Section
          id="add"
          title="Add a row of your own"
          lead="From the next scan on it counts like ours, and in place of ours where it has the same key. Say where it is from and on which day it was true."
        >
          <Act
            word="Add the row"
            done="Added. A scan with it was asked for."
            label="Add a row of your own"
            act={(fields) =>
              send('POST', `/facts/${encodeURIComponent(fact.id)}/rows`, {
                cells: Object.fromEntries(
                  columns.flatMap(({ name }) => {
                    const cell = String(fields.get(name) ?? '').trim();
                    return cell === '' ? [] : [[name, cell]];
                  }),
                ),
              })
            }
          >
            {columns.map((column) => (
              <label key={column.name}>
                {unhyphened(column.name)}
                {column.type === 'DATE' || column.name === 'as_of'
                  ? ', a day'
                  : column.type === 'BOOLEAN'
                    ? ', true or false'
                    : ''}
                <input
                  name={column.name}
                  type={column.type === 'DATE' || column.name === 'as_of' ? 'date' : 'text'}
                  required={column.name === 'source' || column.name === 'as_of'}
                  maxLength={4000}
                />
              </label>
            ))}
          </Act>
        </Section>
      ) : null}
    </>
  );
}

/** Asks the server a moment after the last key. */
function Search({ q }: { q: string }) {
  const [text, setText] = useState(q);
  useEffect(() => {
    if (text === q) return;
    const clock = setTimeout(() => setQuery({ q: text, page: '' }), 250);
    return () => clearTimeout(clock);
  }, [text, q]);
  return (
    <label className="choice">
      Search{' '}
      <input id="search" type="search" value={text} onChange={(event) => setText(event.target.value)} />
    </label>
  );
}
