import type { Facts } from '@rollcall/server/areas/facts/words.js';
import { useRef } from 'react';
import { count, countOf, day, shown } from '../../format.js';
import { useRowKeys } from '../../parts/keys.js';
import { Empty, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { href, type Route } from '../../route.js';
import { useGet } from '../api.js';
import { Loaded } from '../parts/Loaded.js';
import { SearchField } from '../parts/SearchField.js';
import '../style/detections.css';

/** The rest stands on the table's own page. */
function firstSentence(text: string): string {
  return /^.*?[.:](?=\s|$)/.exec(text)?.[0].replace(/:$/, '.') ?? text;
}

/** Reference data: what detections know of the world, how old it is, and where it is from. */
export function FactsPage({ route }: { route: Route }) {
  const reading = useGet<Facts>('/facts', ['facts']);
  const table = useRef<HTMLDivElement>(null);
  useRowKeys(table);
  const q = route.query.q ?? '';
  return (
    <>
      <div className="page-head">
        <h1>Facts</h1>
        <p className="lead">
          Lists that detections read: programs, networks, places, front companies. Each row has its source and
          the day it was true. Rows of your own stand beside ours; ours are never changed.
        </p>
      </div>
      <Loaded of={reading}>
        {({ facts }) => {
          const stale = facts.filter((one) => one.stale);
          const chosen = facts.filter((one) =>
            `${one.id} ${one.title} ${one.about}`.toLowerCase().includes(q.toLowerCase()),
          );
          return (
            <>
              {stale.length > 0 ? (
                <p className="stale">
                  {countOf(stale.length, 'table is', 'tables are')} past their time:{' '}
                  {stale.map((one) => shown(one.title)).join('; ')}. What is newer is not in them. “rollcall
                  facts update” fetches newer ones where the policy allows it.
                </p>
              ) : null}
              <div className="filters">
                <SearchField q={q} />
              </div>
              {chosen.length === 0 ? (
                <Empty title="No table fits.">
                  <p>
                    <a href={href('facts')}>Show all</a>
                  </p>
                </Empty>
              ) : (
                <div ref={table}>
                  <Wide label="Reference data">
                    <table>
                      <thead>
                        <tr>
                          <th scope="col">Table</th>
                          <th scope="col" className="number">
                            Rows
                          </th>
                          <th scope="col" className="number">
                            Your own
                          </th>
                          <th scope="col">Of</th>
                          <th scope="col">Source and licence</th>
                          <th scope="col" className="number">
                            Read by
                          </th>
                        </tr>
                      </thead>
                      <tbody>
                        {chosen.map((one) => (
                          <tr key={one.id}>
                            <th scope="row">
                              <a href={href('fact', one.id)} data-row={one.id}>
                                <Text value={one.title} />
                              </a>
                              <span className="meta">
                                <Text value={firstSentence(one.about)} />
                              </span>
                            </th>
                            <td className="number">{count(one.rows)}</td>
                            <td className="number">{one.own > 0 ? count(one.own) : '–'}</td>
                            <td className="time">
                              {day(one.asOf)}
                              <span className="meta">
                                {one.stale
                                  ? `${countOf(one.ageInDays, 'day', 'days')} old: past its ${count(one.staleAfterDays)}`
                                  : `${countOf(one.ageInDays, 'day', 'days')} old`}
                              </span>
                            </td>
                            <td>
                              <Text value={one.source} />
                              <span className="meta">
                                <Text value={one.licence} />
                              </span>
                            </td>
                            <td className="number">
                              {one.readBy.length > 0 ? count(one.readBy.length) : '–'}
                            </td>
                          </tr>
                        ))}
                      </tbody>
                    </table>
                  </Wide>
                </div>
              )}
            </>
          );
        }}
      </Loaded>
    </>
  );
}
