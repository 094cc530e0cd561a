import type { PeopleList, PersonLine } from '@rollcall/server/areas/people/words.js';
import { useEffect, useRef, useState } from 'react';
import { count, countOf, moment, shown, unhyphened } from '../../format.js';
import { BandFilter, Choice, Heading } from '../../pages/People.js';
import { Band } from '../../parts/Band.js';
import { Bits, BitsExplained } from '../../parts/Bits.js';
import { useRowKeys } from '../../parts/keys.js';
import { Pager } from '../../parts/Pager.js';
import { Empty } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { go, href, type Query, type Route, setQuery } from '../../route.js';
import { useGet } from '../api.js';
import { useKept } from '../parts/kept.js';
import { Loaded } from '../parts/Loaded.js';
import { SourcesLink } from '../parts/SourcesLink.js';
import { useMay } from '../session.js';
import '../style/people.css';

const sorts = ['rank', 'person', 'signals', 'stage'];
const asked = [
  'q',
  'band',
  'stage',
  'engagement',
  'department',
  'vendor',
  'remote',
  'ring',
  'open',
  'sort',
  'order',
] as const;

/** The part of an address that says which people, in which order; the page of one of them carries it along. */
export function listOf(query: Query): string {
  const list = new URLSearchParams();
  for (const key of asked) {
    const value = query[key];
    if (value && (key !== 'sort' || sorts.includes(value))) list.set(key, value);
  }
  return list.toString();
}

/** Who was opened last from the list: going back finds the same row. */
let opened: string | undefined;

/** Everybody on record, under pseudonyms where it is not ours to know who they are. */
export function PeoplePage({ route }: { route: Route }) {
  const { query } = route;
  const list = listOf(query);
  const number = Number.parseInt(query.page ?? '1', 10);
  const page = Number.isFinite(number) && number > 1 ? number : 1;
  const reading = useGet<PeopleList>(`/people?${list}${list ? '&' : ''}page=${page}`, ['people', 'cases']);
  // Another filter is another address; until it is read, the list that was there stays where it is.
  const { kept, busy } = useKept(reading);
  return (
    <>
      <div className="page-head">
        <h1>People</h1>
        <Search query={query} />
      </div>
      {kept ? (
        <List data={kept} query={query} list={list} busy={busy} />
      ) : (
        <Loaded of={reading}>{() => null}</Loaded>
      )}
    </>
  );
}

/** Asks a moment after the last key, so that a word is one question. */
function Search({ query }: { query: Query }) {
  const [text, setText] = useState(query.q ?? '');
  const last = useRef(query.q ?? '');
  useEffect(() => {
    if ((query.q ?? '') === last.current) return;
    last.current = query.q ?? '';
    setText(last.current);
  }, [query.q]);
  useEffect(() => {
    if (text === last.current) return;
    const wait = setTimeout(() => {
      last.current = text;
      setQuery({ q: text, page: undefined });
    }, 180);
    return () => clearTimeout(wait);
  }, [text]);
  return (
    <search className="people-search">
      <label htmlFor="search">Find people</label>
      <input
        id="search"
        type="search"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={text}
        aria-describedby="search-finds"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault();
            document.querySelector<HTMLElement>('main [data-row]')?.focus();
          }
        }}
      />
      <p id="search-finds" className="meta">
        Finds pseudonyms, job titles, departments and vendors; names only of people who are open to you.
      </p>
    </search>
  );
}

function List({ data, query, list, busy }: { data: PeopleList; query: Query; list: string; busy: boolean }) {
  const table = useRef<HTMLTableElement>(null);
  const end = useRef<'first' | 'last' | undefined>(undefined);
  const lastPage = Math.max(1, Math.ceil(data.total / data.size));
  useRowKeys(table, (step) => {
    const next = data.page + step;
    if (busy || next < 1 || next > lastPage) return;
    end.current = step > 0 ? 'first' : 'last';
    setQuery({ page: next === 1 ? undefined : String(next) });
  });
  // After j or k has turned the page, the keys go on from its first or last row.
  // biome-ignore lint/correctness/useExhaustiveDependencies: new rows are what this waits for
  useEffect(() => {
    if (end.current === undefined) return;
    const rows = table.current?.querySelectorAll<HTMLElement>('[data-row]');
    rows?.[end.current === 'first' ? 0 : rows.length - 1]?.focus();
    end.current = undefined;
  }, [data.people]);
  useEffect(() => {
    const row = opened === undefined ? null : document.querySelector<HTMLElement>(`[data-row="${opened}"]`);
    opened = undefined;
    if (!row || !['BODY', 'MAIN'].includes(document.activeElement?.tagName ?? '')) return;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'center' });
  }, []);
  const filtered = asked.some((key) => key !== 'sort' && key !== 'order' && query[key]);
  if (data.finishedAt === undefined) return <NoScan />;
  return (
    <>
      <p className="lead" role="status">
        {filtered
          ? `${count(data.total)} of ${countOf(data.everybody, 'person', 'people')} on record.`
          : `${countOf(data.everybody, 'person is', 'people are')} on record, most pressing first.`}{' '}
        <span className="quiet">Looked at {moment(data.finishedAt)}.</span>
      </p>
      <BitsExplained />
      <div className="filters">
        <BandFilter counts={data.bands} chosen={query.band ?? ''} />
        <Choice name="stage" word="Stage" values={data.choices.stage} chosen={query.stage} />
        <Choice
          name="engagement"
          word="Engagement"
          values={data.choices.engagement}
          chosen={query.engagement}
        />
        <Choice
          name="department"
          word="Department"
          values={data.choices.department}
          chosen={query.department}
        />
        {data.choices.vendor.length > 0 ? (
          <Choice name="vendor" word="Vendor" values={data.choices.vendor} chosen={query.vendor} />
        ) : null}
        <label className="choice">
          Works{' '}
          <select
            value={query.remote ?? ''}
            onChange={(event) => setQuery({ remote: event.target.value, page: undefined })}
          >
            <option value="">anywhere</option>
            <option value="yes">remotely</option>
            <option value="no">on site</option>
          </select>
        </label>
        <label className="choice">
          <input
            type="checkbox"
            checked={query.open === 'yes'}
            onChange={(event) =>
              setQuery({ open: event.target.checked ? 'yes' : undefined, page: undefined })
            }
          />{' '}
          Only people I see by name
        </label>
        {filtered ? (
          <a href={href('people', '', { sort: query.sort, order: query.order })}>Clear filters</a>
        ) : null}
      </div>
      {data.people.length === 0 ? (
        <Empty title={data.everybody === 0 ? 'Nobody is on record.' : 'Nobody fits these filters.'}>
          <p>
            {data.everybody === 0 ? (
              <>
                Records of who works here come from HR and hiring exports: hand one in under <SourcesLink />.
              </>
            ) : (
              <>
                <a href={href('people')}>Show everybody</a>. Somebody whose name you look for is found once a
                case on them is open to you.
              </>
            )}
          </p>
        </Empty>
      ) : (
        <>
          <table
            className={busy ? 'people busy' : 'people'}
            ref={table}
            aria-rowcount={data.total}
            aria-busy={busy}
          >
            <colgroup>
              <col className="col-band" />
              <col className="col-person" />
              <col className="col-stage" />
              <col className="col-signals" />
              <col />
            </colgroup>
            <thead>
              <tr>
                <Heading query={query} sort="rank" word="Band and weight" among={sorts} />
                <Heading query={query} sort="person" word="Person" among={sorts} />
                <Heading query={query} sort="stage" word="Stage" among={sorts} />
                <Heading query={query} sort="signals" word="Signals" number among={sorts} />
                <th scope="col">What weighs most</th>
              </tr>
            </thead>
            <tbody>
              {data.people.map((person, index) => (
                <Row
                  key={person.id}
                  person={person}
                  number={(data.page - 1) * data.size + index + 1}
                  list={list}
                />
              ))}
            </tbody>
          </table>
          <Pager
            page="people"
            query={query}
            name="page"
            at={data.page - 1}
            size={data.size}
            total={data.total}
            what="people"
          />
        </>
      )}
    </>
  );
}

function Row({ person, number, list }: { person: PersonLine; number: number; list: string }) {
  const to = href('person', person.id, { list });
  return (
    <tr
      aria-rowindex={number}
      onClick={(event) => {
        if (event.target instanceof HTMLElement && event.target.closest('a')) return;
        if (window.getSelection()?.toString()) return;
        opened = person.id;
        go(to);
      }}
    >
      <td className="cell-band">
        <Band band={person.band} />
        <Bits value={person.bits} />
      </td>
      <th scope="row">
        <a
          href={to}
          className="name"
          data-row={person.id}
          onClick={() => {
            opened = person.id;
          }}
        >
          <Text value={person.name} />
        </a>
        <span className="role">
          <Place person={person} />
        </span>
      </th>
      <td className="cell-stage">{unhyphened(person.stage)}</td>
      <td className="number cell-signals">{count(person.signals)}</td>
      <td className="cell-says">
        {person.finding ? (
          <Text value={person.finding} />
        ) : (
          <span className="quiet">Nothing to speak of</span>
        )}
      </td>
    </tr>
  );
}

/** What somebody does here, as the lists say it. */
export function Place({ person }: { person: PersonLine }) {
  const parts = [
    person.title,
    person.department,
    person.vendor ? `through ${person.vendor}` : unhyphened(person.engagement),
    person.remote ? 'remote' : undefined,
  ].filter((part) => part !== undefined && part !== '');
  return <>{parts.map(shown).join(' · ')}</>;
}

function NoScan() {
  const may = useMay();
  return (
    <Empty title="Nothing has been looked at yet.">
      <p>
        {may('sources.upload') && may('sources.view') ? (
          <>
            <a href={href('sources')}>Hand in the first exports</a>: HR and hiring, sign-ins, devices. The
            first scan begins by itself.
          </>
        ) : (
          'Whoever keeps the sources hands in the first exports; the first scan then begins by itself.'
        )}
      </p>
    </Empty>
  );
}
