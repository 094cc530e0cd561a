import type {
  Cell,
  Division,
  Fairness,
  Group,
  Impact,
  ImpactRow,
  WalledRates,
  WalledState,
  WalledUpload,
} from '@rollcall/server/areas/fairness/words.js';
import { useState } from 'react';
import { count, countOf, day, moment, percent, unhyphened } from '../../format.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { href, type Query, type Route, setQuery } from '../../route.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { Loaded } from '../parts/Loaded.js';
import { Parts } from '../parts/Parts.js';
import { useMay } from '../session.js';
import '../style/detections.css';
import '../style/fairness.css';

const measureWords = {
  watch: 'At watch or above',
  review: 'At review or above',
  case: 'Had a case',
  check: 'Asked for a check',
  adverse: 'Met with an adverse step',
} as const;

/** Does it fall on some more than on others? Rates of groups, never of a person. */
export function FairnessPage({ route }: { route: Route }) {
  const part = route.query.part ?? '';
  return (
    <>
      <div className="page-head">
        <h1>Fairness</h1>
        <p className="lead">
          Whether being flagged, looked into or met with a step falls on some groups more than on others.
          Groups of fewer than five people are never shown by themselves, and nothing here is about a person.
        </p>
      </div>
      <Parts
        page="fairness"
        now={part}
        parts={[
          { part: '', word: 'By work' },
          { part: 'groups', word: 'Self-identified groups' },
          { part: 'impact', word: 'New York City’s tables' },
        ]}
      />
      {part === 'groups' ? (
        <Walled query={route.query} />
      ) : part === 'impact' ? (
        <ImpactTables query={route.query} />
      ) : (
        <ByWork query={route.query} />
      )}
    </>
  );
}

function Pick({
  label,
  name,
  chosen,
  of,
}: {
  label: string;
  name: string;
  chosen: string;
  of: readonly (readonly [string, string])[];
}) {
  return (
    <label className="choice">
      {label}{' '}
      <select value={chosen} onChange={(event) => setQuery({ [name]: event.target.value })}>
        {of.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

function ByWork({ query }: { query: Query }) {
  const measure = query.measure && query.measure in measureWords ? query.measure : 'watch';
  const reading = useGet<Fairness>(`/fairness?measure=${measure}`, ['people', 'cases', 'checks', 'fairness']);
  return (
    <>
      <div className="filters">
        <Pick label="Counted" name="measure" chosen={measure} of={Object.entries(measureWords)} />
      </div>
      <Loaded of={reading}>
        {(data) => (
          <>
            <p>
              {countOf(data.people, 'person', 'people')} on record at the scan of {day(data.asOf)}.{' '}
              <Whole cell={data.divisions[0]?.all} measure={measure} />
            </p>
            {data.divisions.map((division) => (
              <DivisionTable
                key={division.dimension}
                division={division}
                trend={data.trend.filter((one) => one.dimension === division.dimension)}
              />
            ))}
            <Reading />
          </>
        )}
      </Loaded>
    </>
  );
}

function Whole({ cell, measure }: { cell: Cell | undefined; measure: string }) {
  const words = measureWords[measure as keyof typeof measureWords].toLowerCase();
  if (!cell || cell.hidden || cell.share === undefined)
    return <>So few are counted here that the number is withheld.</>;
  return (
    <>
      Of {count(cell.of ?? 0)}, {count(cell.counted ?? 0)} ({percent(cell.share)}; {percent(cell.low ?? 0)} to{' '}
      {percent(cell.high ?? 1)}): {words}.
    </>
  );
}

const width = 200;

/** A share with its interval, on one scale for the whole table. */
function ShareLine({ group, most }: { group: Group; most: number }) {
  if (group.share === undefined) return null;
  const x = (share: number) => 4 + (Math.min(share, most) / most) * (width - 8);
  return (
    <svg className="share-line" viewBox={`0 0 ${width} 14`} preserveAspectRatio="none" aria-hidden="true">
      <line className="track" x1="4" x2={width - 4} y1="7" y2="7" />
      <line className="range" x1={x(group.low ?? 0)} x2={x(group.high ?? 1)} y1="7" y2="7" />
      <rect className="point" x={x(group.share) - 2} y="2" width="4" height="10" />
    </svg>
  );
}

const resultWords: Record<NonNullable<Group['result']>, string> = {
  passes: 'passes both measures',
  unclear: 'more often, but it may be chance',
  'flagged more often': 'surely more often than everybody else',
  'fails four fifths': 'below four fifths of the best group',
  'too few to say': 'too few to say',
};

function DivisionTable({ division, trend }: { division: Division; trend: Fairness['trend'] }) {
  const most = Math.max(0.01, ...division.groups.map((one) => one.high ?? 0));
  const quarters = [...new Set(trend.map((one) => one.quarter))].sort().slice(-6);
  return (
    <Section id={`by-${division.dimension}`} title={`By ${division.title}`}>
      <p className="fair-says">
        <Text value={division.says} />
      </p>
      <Wide label={`By ${division.title}`}>
        <table className="fair">
          <thead>
            <tr>
              <th scope="col">Group</th>
              <th scope="col" className="number">
                People
              </th>
              <th scope="col" className="number">
                Counted
              </th>
              <th scope="col" className="number">
                Share, and 95 % interval
              </th>
              <th scope="col">0 to {percent(most)}</th>
              <th scope="col" className="number">
                Not counted, against the best group
              </th>
              <th scope="col" className="number">
                Against everybody else
              </th>
              <th scope="col">Compared</th>
            </tr>
          </thead>
          <tbody>
            {division.groups.map((one) => (
              <tr
                key={one.group}
                className={
                  one.result === 'fails four fifths' || one.result === 'flagged more often'
                    ? 'warns'
                    : undefined
                }
              >
                <th scope="row">
                  <Text value={one.group} />
                </th>
                <td className="number">{one.of === undefined ? 'under 5' : count(one.of)}</td>
                <td className="number">{one.counted === undefined ? 'withheld' : count(one.counted)}</td>
                <td className="number">
                  {one.share === undefined ? '–' : percent(one.share)}
                  {one.share === undefined ? null : (
                    <span className="meta">
                      {percent(one.low ?? 0)} to {percent(one.high ?? 1)}
                    </span>
                  )}
                </td>
                <td className="share-cell">
                  <ShareLine group={one} most={most} />
                </td>
                <td className="number">
                  {one.best ? (
                    'the best group'
                  ) : one.fifths ? (
                    <>
                      {one.fifths.value.toFixed(3)}
                      <span className="meta">
                        {one.fifths.low.toFixed(2)} to {one.fifths.high.toFixed(2)}
                      </span>
                    </>
                  ) : (
                    '–'
                  )}
                </td>
                <td className="number">
                  {one.times ? (
                    <>
                      ×{one.times.value.toFixed(2)}
                      <span className="meta">
                        {one.times.low.toFixed(2)} to {one.times.high.toFixed(2)}
                      </span>
                    </>
                  ) : (
                    '–'
                  )}
                </td>
                <td>{one.result ? resultWords[one.result] : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {quarters.length > 1 ? (
        <details>
          <summary>By quarter</summary>
          <Wide label={`By ${division.title} and quarter`}>
            <table>
              <thead>
                <tr>
                  <th scope="col">Group</th>
                  {quarters.map((quarter) => (
                    <th key={quarter} scope="col" className="number">
                      {quarter}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {[...new Set(trend.map((one) => one.group))].map((group) => (
                  <tr key={group}>
                    <th scope="row">
                      <Text value={group} />
                    </th>
                    {quarters.map((quarter) => {
                      const cell = trend.find((one) => one.quarter === quarter && one.group === group)?.cell;
                      return (
                        <td key={quarter} className="number">
                          {cell === undefined
                            ? '–'
                            : cell.share === undefined
                              ? 'withheld'
                              : percent(cell.share)}
                        </td>
                      );
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        </details>
      ) : null}
    </Section>
  );
}

function Reading() {
  return (
    <Section id="reading" title="How to read this">
      <ul className="plain-words">
        <li>
          The four-fifths rule compares the share of people who are <em>not</em> counted with that of the best
          group: below 0.8 it fails. Where hardly anybody is counted it passes nearly always, and proves
          little.
        </li>
        <li>
          The stricter measure asks how many times as often as everybody else a group is counted. More than
          1.25 times, and more than once at the lower end of the interval, is marked. With many groups some
          are marked by chance.
        </li>
        <li>
          What to do: see which detections bring a group there (each shows on whom it falls when it is tried),
          record explanations that hold for the whole group, or leave a detection out.
        </li>
        <li>
          Counts of cases, checks and steps below five people are withheld, since they would tell of a person.
          If only one count of a table would be withheld, a second is too.
        </li>
      </ul>
    </Section>
  );
}

const populations = [
  ['applicants', 'Applicants'],
  ['workers', 'Workers'],
] as const;

function Walled({ query }: { query: Query }) {
  const may = useMay();
  const state = useGet<WalledState>('/fairness/groups', ['fairness']);
  return (
    <>
      <div className="plain-words">
        <p>
          What people told of themselves, voluntarily: sex, race or ethnicity, age band, disability, veteran
          status. It lies behind a wall: in one encrypted file, in no table, beside no person, on no other
          page. Nobody reads an answer here, whatever their role; only counts of five people or more come out.
        </p>
      </div>
      <Loaded of={state}>
        {(kept) => (
          <>
            {kept.present ? (
              <p>
                On record: {kept.columns.join(', ')}
                {kept.people === undefined
                  ? ', of too few people to say of how many'
                  : `, of ${countOf(kept.people, 'person', 'people')}`}
                . Handed in {moment(kept.uploadedAt)} by <Text value={kept.uploadedBy ?? ''} />.
              </p>
            ) : null}
            {kept.present ? (
              <WalledTables query={query} />
            ) : (
              <Empty title="Nothing is on record.">
                <p>HR can hand in what the company collects for its own reports. Nothing needs it to work.</p>
              </Empty>
            )}
            {may('fairness.groups') ? <HandIn present={kept.present} /> : null}
          </>
        )}
      </Loaded>
    </>
  );
}

function WalledTables({ query }: { query: Query }) {
  const measure = query.measure === 'review' ? 'review' : 'watch';
  const population = query.population === 'workers' ? 'workers' : 'applicants';
  const reading = useGet<WalledRates>(`/fairness/groups/rates?measure=${measure}&population=${population}`, [
    'fairness',
    'people',
  ]);
  return (
    <>
      <div className="filters">
        <Pick label="People" name="population" chosen={population} of={populations} />
        <Pick
          label="Counted"
          name="measure"
          chosen={measure}
          of={[
            ['watch', measureWords.watch],
            ['review', measureWords.review],
          ]}
        />
      </div>
      <Loaded of={reading}>
        {(data) => (
          <>
            {data.divisions.map((division) => (
              <DivisionTable key={division.dimension} division={division} trend={[]} />
            ))}
            <Reading />
          </>
        )}
      </Loaded>
    </>
  );
}

function HandIn({ present }: { present: boolean }) {
  const [told, setTold] = useState<WalledUpload>();
  return (
    <Section id="hand-in" title={present ? 'Hand in newer ones' : 'Hand them in'}>
      <Act
        word={present ? 'Replace what is there' : 'Hand in'}
        label="Hand in self-identified groups"
        act={async (fields) => {
          const file = fields.get('file');
          if (!(file instanceof File) || file.size === 0) throw new Error('choose a file first');
          setTold(await send<WalledUpload>('PUT', '/fairness/groups', file));
        }}
      >
        <label>
          A CSV with a column “person id” or “work email”, and any of: sex; race or ethnicity; age band;
          disability status; veteran status. Groups, not birth dates. Other columns are not taken over.
          <input type="file" name="file" accept=".csv,text/csv" required />
        </label>
      </Act>
      {told ? (
        <p role="status">
          {countOf(told.rows, 'row', 'rows')}: {count(told.matched)} of people on record,{' '}
          {count(told.unmatched)} of nobody known here. Taken over: {told.columns.join(', ')}
          {told.ignored > 0
            ? `; ${countOf(told.ignored, 'other column was', 'other columns were')} left`
            : ''}
          .
        </p>
      ) : null}
      {present ? (
        <details>
          <summary>Forget them</summary>
          <Act
            word="Forget all of it"
            danger
            label="Forget self-identified groups"
            act={() => send('DELETE', '/fairness/groups')}
          >
            <p>The file is deleted. Copies in backups stay as long as those are kept.</p>
          </Act>
        </details>
      ) : null}
    </Section>
  );
}

function ImpactTables({ query }: { query: Query }) {
  const population = query.population === 'workers' ? 'workers' : 'applicants';
  const reading = useGet<Impact>(`/fairness/impact?population=${population}`, ['fairness', 'people']);
  return (
    <>
      <div className="filters">
        <Pick label="People" name="population" chosen={population} of={populations} />
      </div>
      {reading.state === 'failed' && reading.problem.code === 'NO_GROUPS' ? (
        <Empty title="These tables need self-identified groups, and none are on record.">
          <p>
            HR hands them in under{' '}
            <a href={href('fairness', '', { part: 'groups' })}>Self-identified groups</a>.
          </p>
        </Empty>
      ) : (
        <Loaded of={reading}>
          {(data) => (
            <>
              <ul className="plain-words">
                {data.says.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
              <p>
                {countOf(data.total, data.population === 'workers' ? 'worker' : 'applicant', data.population)}{' '}
                on record; records from {data.from ? day(data.from) : 'the beginning'} to {day(data.to)}. Sex
                not known: {few(data.unknown.sex)}; race or ethnicity not known: {few(data.unknown.race)}, or
                either: {few(data.unknown.either)}.{' '}
                <a href={`/api/fairness/impact/export?population=${data.population}`} download>
                  Download as CSV
                </a>
              </p>
              {data.tables.map((table) => (
                <Section
                  key={table.title}
                  id={`impact-${table.title.replace(/\W+/g, '-')}`}
                  title={table.title}
                >
                  <Wide label={table.title}>
                    <table>
                      <thead>
                        <tr>
                          <th scope="col">Category</th>
                          <th scope="col" className="number">
                            People
                          </th>
                          <th scope="col" className="number">
                            Selected: not at review
                          </th>
                          <th scope="col" className="number">
                            Selection rate
                          </th>
                          <th scope="col" className="number">
                            Impact ratio
                          </th>
                        </tr>
                      </thead>
                      <tbody>
                        {table.rows.map((row) => (
                          <tr key={row.category}>
                            <th scope="row">
                              <Text value={row.category} />
                              {row.underTwoPercent ? (
                                <span className="meta">less than 2 % of the people</span>
                              ) : null}
                            </th>
                            <td className="number">{few(row.applicants)}</td>
                            <td className="number">
                              {row.selected === undefined ? 'withheld' : count(row.selected)}
                            </td>
                            <td className="number">{rateOf(row)}</td>
                            <td className="number">{row.ratio === undefined ? '–' : row.ratio.toFixed(3)}</td>
                          </tr>
                        ))}
                      </tbody>
                    </table>
                  </Wide>
                </Section>
              ))}
              {data.tables.length === 0 ? (
                <Empty
                  title={`Nobody among the ${unhyphened(data.population)} told their sex, race or ethnicity.`}
                />
              ) : null}
            </>
          )}
        </Loaded>
      )}
    </>
  );
}

function few(value: number | undefined): string {
  return value === undefined ? 'withheld' : count(value);
}

function rateOf(row: ImpactRow): string {
  if (row.rate !== undefined) return row.rate.toFixed(3);
  if (row.rateFrom !== undefined && row.rateTo !== undefined)
    return `${row.rateFrom.toFixed(3)} to ${row.rateTo.toFixed(3)}`;
  return '–';
}
