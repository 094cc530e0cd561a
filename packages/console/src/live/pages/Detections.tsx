import type {
  CoverageAnswer,
  DetectionList,
  DetectionRow,
  Snooze,
} from '@rollcall/server/areas/detections/words.js';
import { useRef } from 'react';
import { bits, count, countOf, day, percent, shown, unhyphened } from '../../format.js';
import { BaseRates } from '../../parts/BaseRates.js';
import { useRowKeys } from '../../parts/keys.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { Line, Text } from '../../parts/Text.js';
import { href, type Query, type Route, setQuery } from '../../route.js';
import { detectionStageWords } from '../../words.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { Drafts } from '../parts/Drafts.js';
import { Loaded } from '../parts/Loaded.js';
import { Parts } from '../parts/Parts.js';
import { SearchField } from '../parts/SearchField.js';
import { Weeks } from '../parts/Weeks.js';
import { useMay } from '../session.js';
import '../style/detections.css';

const states = { fired: 'Found something', silent: 'Found nothing', blocked: 'Could not run' } as const;
type State = keyof typeof states;
const origins = { ours: 'Ships with Rollcall', own: 'Written here', rule: 'Sigma rule' } as const;

const stageWord = (stage: string) => (detectionStageWords as Record<string, string>)[stage] ?? stage;

function stateOf(one: DetectionRow): State {
  if (one.state === 'blocked') return 'blocked';
  return one.signals > 0 ? 'fired' : 'silent';
}

/** What is asked of the records, how often each fires here, and what it is worth. */
export function DetectionsPage({ route }: { route: Route }) {
  const may = useMay();
  const part = route.query.part ?? '';
  const parts = [
    { part: '', word: 'All detections' },
    { part: 'coverage', word: 'Against public advice' },
    ...(may('people.view') ? [{ part: 'snoozes', word: 'Set aside' }] : []),
    { part: 'drafts', word: 'Written here' },
  ];
  return (
    <>
      <div className="page-head">
        <h1>Detections</h1>
        <p className="lead">
          Each detection is one question put to the records. What it finds is a reason to look, weighed by how
          many honest people here show it too.
        </p>
      </div>
      <Parts page="detections" now={part} parts={parts} />
      {part === 'coverage' ? (
        <Advice route={route} />
      ) : part === 'snoozes' ? (
        <Snoozes />
      ) : part === 'drafts' ? (
        <Drafts route={route} />
      ) : (
        <List query={route.query} />
      )}
    </>
  );
}

const sorts = {
  people: 'People',
  rate: 'Base rate',
  bits: 'Bits',
  wrong: 'Led to nobody',
  title: 'Detection',
} as const;
type Sort = keyof typeof sorts;

const values: Record<Exclude<Sort, 'title'>, (one: DetectionRow) => number> = {
  people: (one) => one.people,
  rate: (one) => (one.state === 'blocked' ? -1 : one.baseRate),
  bits: (one) => one.bits,
  wrong: (one) => one.falseShare?.share ?? -1,
};

/** In the order a column asks for; without one what fired in most people stands first. */
export function sorted(
  list: readonly DetectionRow[],
  sort: string | undefined,
  order: string | undefined,
): DetectionRow[] {
  const by = (sort && sort in sorts ? sort : 'people') as Sort;
  const turn = order === 'up' ? -1 : 1;
  const name = (a: DetectionRow, b: DetectionRow) => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0);
  if (by === 'title') return [...list].sort((a, b) => turn * name(a, b));
  const value = values[by];
  // Unasked, what speaks against people stands before what speaks for them, and before what found nobody.
  const group = (one: DetectionRow) =>
    sort ? 0 : one.state === 'blocked' ? 3 : one.signals === 0 ? 2 : one.bits < 0 ? 1 : 0;
  return [...list].sort((a, b) => group(a) - group(b) || turn * (value(b) - value(a)) || name(a, b));
}

function List({ query }: { query: Query }) {
  const reading = useGet<DetectionList>('/detections', ['detections', 'people']);
  return <Loaded of={reading}>{(data) => <Table data={data} query={query} />}</Loaded>;
}

function Table({ data, query }: { data: DetectionList; query: Query }) {
  const table = useRef<HTMLDivElement>(null);
  useRowKeys(table);
  const all = data.detections;
  const words = (query.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = sorted(
    all.filter(
      (one) =>
        (!query.state || stateOf(one) === query.state) &&
        (!query.stage || one.stage === query.stage) &&
        (!query.from || one.from === query.from) &&
        words.every((word) =>
          `${one.id} ${one.title} ${one.facet} ${one.catalogue.join(' ')}`.toLowerCase().includes(word),
        ),
    ),
    query.sort,
    query.order,
  );
  const of = (state: State) => all.filter((one) => stateOf(one) === state).length;
  const stages = [...new Set(all.map((one) => one.stage))];
  return (
    <>
      <p>
        {countOf(all.length, 'question was', 'questions were')} put to the records of {day(data.asOf)}:{' '}
        {count(of('fired'))} found something, {count(of('silent'))} found nothing, {count(of('blocked'))}{' '}
        could not run for lack of records.
      </p>
      {data.problems.length > 0 ? (
        <div className="problems" role="alert">
          <p>
            {countOf(data.problems.length, 'detection', 'detections')} written here could not be read, and{' '}
            {data.problems.length === 1 ? 'looks' : 'look'} at nobody:
          </p>
          <ul>
            {data.problems.map((problem) => (
              <li key={problem}>
                <Text value={problem} />
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <div className="filters">
        <SearchField q={query.q ?? ''} />
        <Pick label="State" name="state" query={query} of={Object.entries(states)} />
        <Pick label="Stage" name="stage" query={query} of={stages.map((one) => [one, stageWord(one)])} />
        <Pick label="From" name="from" query={query} of={Object.entries(origins)} />
        <span>{countOf(chosen.length, 'detection', 'detections')}</span>
      </div>
      {chosen.length === 0 ? (
        <Empty title="No detection fits these filters.">
          <p>
            <a href={href('detections')}>Show all</a>
          </p>
        </Empty>
      ) : (
        <div ref={table}>
          <Wide label="Detections">
            <table className="detections detection-list">
              <thead>
                <tr>
                  <Head sort="title" query={query} />
                  <th scope="col">State</th>
                  <Head sort="people" query={query} number />
                  <Head sort="rate" query={query} number />
                  <Head sort="bits" query={query} number />
                  <Head sort="wrong" query={query} number />
                  <th scope="col">When</th>
                  <th scope="col">Fairness</th>
                </tr>
              </thead>
              <tbody>
                {chosen.map((one) => (
                  <tr key={one.id}>
                    <th scope="row">
                      <a href={href('detection', one.id)} data-row={one.id}>
                        <Text value={one.title} />
                      </a>
                      <span className="meta">
                        {stageWord(one.stage)} · {unhyphened(one.facet)}
                        {one.from === 'ours' ? null : ` · ${origins[one.from].toLowerCase()}`}
                      </span>
                    </th>
                    <td className="state-cell">
                      <span aria-hidden="true">
                        {{ fired: '●', silent: '○', blocked: '×' }[stateOf(one)]}
                      </span>{' '}
                      {states[stateOf(one)]}
                      {one.missing.length > 0 ? (
                        <span className="meta">
                          needs <Line items={one.missing} between=", " />
                        </span>
                      ) : null}
                    </td>
                    <td className="number">
                      {one.state === 'blocked' ? '–' : count(one.people)}
                      {one.explained ? <span className="meta">{count(one.explained)} explained</span> : null}
                    </td>
                    <td className="number">{one.state === 'blocked' ? '–' : percent(one.baseRate)}</td>
                    <td className="number">{bits(one.bits)}</td>
                    <td className="number">
                      {one.falseShare ? (
                        <>
                          {percent(one.falseShare.share)}
                          <span className="meta">
                            of {count(one.falseShare.of)}; {percent(one.falseShare.low)} to{' '}
                            {percent(one.falseShare.high)}
                          </span>
                        </>
                      ) : (
                        '–'
                      )}
                    </td>
                    <td>{one.weeks ? <Weeks weeks={one.weeks} asOf={data.asOf} /> : 'counting …'}</td>
                    <td>{one.fairness === 'none' ? '–' : unhyphened(one.fairness)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        </div>
      )}
      <p className="aside-line">
        Base rate: of this company’s own people in whom it could have been seen, the share who show it. Led to
        nobody: of the findings somebody looked at, the share that were true but innocent, or wrong, with its
        95 % interval. Fairness: “circumstance” marks what also touches moving, travel, a household or the
        like.
      </p>
      <BaseRates
        detections={chosen.filter((one) => one.rates.length > 0) as never}
        all={query.rates === 'all'}
      />
    </>
  );
}

function Pick({
  label,
  name,
  query,
  of,
}: {
  label: string;
  name: string;
  query: Query;
  of: readonly (readonly [string, string])[];
}) {
  return (
    <label className="choice">
      {label}{' '}
      <select value={query[name] ?? ''} onChange={(event) => setQuery({ [name]: event.target.value })}>
        <option value="">any</option>
        {of.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

function Head({ sort, query, number = false }: { sort: Sort; query: Query; number?: boolean }) {
  const active = (query.sort ?? 'people') === sort;
  const up = query.order === 'up';
  // Names begin with A; numbers with the largest.
  const ascending = (sort === 'title') !== up;
  return (
    <th
      scope="col"
      className={number ? 'number' : undefined}
      aria-sort={active ? (ascending ? 'ascending' : 'descending') : undefined}
    >
      <button
        type="button"
        className="sorter"
        onClick={() => setQuery({ sort, order: active && !up ? 'up' : '' })}
      >
        {sorts[sort]}
        <span aria-hidden="true">{active ? (ascending ? ' ↑' : ' ↓') : ''}</span>
      </button>
    </th>
  );
}

const byWords = {
  data: 'looked for in the records',
  check: 'a check, whose outcome counts',
  process: 'for people to do; leaves no record here',
  refused: 'refused: it says who somebody is',
} as const;

function Advice({ route }: { route: Route }) {
  const reading = useGet<CoverageAnswer>('/coverage', ['detections']);
  const by = route.query.by ?? '';
  return (
    <Loaded of={reading}>
      {(data) => (
        <>
          <p className="prose">
            Of {countOf(data.counts.advice, 'piece', 'pieces')} of public advice,{' '}
            {count(data.counts.adviceByData)} have a detection or a check here,{' '}
            {count(data.counts.adviceByProcess)} are for people to do and leave no record,{' '}
            {count(data.counts.adviceRefused)} are refused. That advice is followed says that its data is
            looked at where it is there; not that everybody who shows it is found.
          </p>
          <div className="filters">
            <Pick label="How it is followed" name="by" query={route.query} of={Object.entries(byWords)} />
          </div>
          {data.sources.map((source) => {
            const advice = source.advice.filter((one) => by === '' || one.by === by);
            if (advice.length === 0) return null;
            const id = `source-${source.source.replace(/[^A-Za-z0-9]+/g, '-')}`;
            return (
              <Section key={source.source} id={id} title={shown(source.title)}>
                <Wide label={shown(source.title)}>
                  <table>
                    <thead>
                      <tr>
                        <th scope="col">Advice</th>
                        <th scope="col">Followed by</th>
                        <th scope="col">Detections, and people they found here</th>
                      </tr>
                    </thead>
                    <tbody>
                      {advice.map((one) => (
                        <tr key={one.what}>
                          <th scope="row">
                            <Text value={one.what} />
                            {one.note ? (
                              <span className="meta">
                                Left out: <Text value={one.note} />
                              </span>
                            ) : null}
                          </th>
                          <td>
                            {byWords[one.by]}
                            {one.checks.length > 0 ? (
                              <span className="meta">{one.checks.map(unhyphened).join(', ')}</span>
                            ) : null}
                          </td>
                          <td>
                            {one.detections.length === 0 ? '–' : null}
                            <ul>
                              {one.detections.map((detection) => (
                                <li key={detection.id}>
                                  <a href={href('detection', detection.id)}>
                                    <Text value={detection.title} />
                                  </a>{' '}
                                  <span className="quiet">
                                    {detection.state === 'ran'
                                      ? count(detection.people)
                                      : detection.state === 'blocked'
                                        ? 'could not run'
                                        : 'not run yet'}
                                  </span>
                                </li>
                              ))}
                            </ul>
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </Wide>
              </Section>
            );
          })}
        </>
      )}
    </Loaded>
  );
}

function Snoozes() {
  const reading = useGet<{ snoozes: Snooze[] }>('/snoozes', ['detections']);
  const may = useMay();
  return (
    <Loaded of={reading}>
      {({ snoozes }) =>
        snoozes.length === 0 ? (
          <Empty title="No finding is set aside.">
            <p>
              On the page of a detection, a finding about one person can be set aside for up to 90 days, with
              a reason. What is enough by itself cannot: that takes a case.
            </p>
          </Empty>
        ) : (
          <Wide label="Findings that were set aside">
            <table>
              <thead>
                <tr>
                  <th scope="col">Finding</th>
                  <th scope="col">About</th>
                  <th scope="col">Why</th>
                  <th scope="col">Since</th>
                  <th scope="col">Until</th>
                  <th scope="col">State</th>
                </tr>
              </thead>
              <tbody>
                {snoozes.map((one) => (
                  <tr key={`${one.id} ${one.handle}`}>
                    <th scope="row">
                      <a href={href('detection', one.detection)}>
                        <Text value={one.title} />
                      </a>
                    </th>
                    <td>
                      <a href={href('person', one.handle)}>
                        <Text value={one.name} />
                      </a>
                    </td>
                    <td>
                      <Text value={one.reason} />
                      <span className="meta">
                        <Text value={one.by} />
                      </span>
                    </td>
                    <td className="time">{day(one.since)}</td>
                    <td className="time">{day(one.until)}</td>
                    <td>
                      {{ 'in force': 'Counts for nothing', over: 'Over', ended: 'Ended early' }[one.state]}
                      {one.state === 'in force' && may('detections.edit') ? (
                        <details>
                          <summary>End it</summary>
                          <Act
                            word="Let it count again"
                            label={`End the snooze of ${shown(one.name)}`}
                            act={(fields) =>
                              send('POST', `/snoozes/${encodeURIComponent(one.id)}/end`, {
                                reason: String(fields.get('reason')),
                              })
                            }
                          >
                            <label>
                              Why
                              <input name="reason" required minLength={3} maxLength={2000} />
                            </label>
                          </Act>
                        </details>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        )
      }
    </Loaded>
  );
}
