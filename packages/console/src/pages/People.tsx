import type { PersonResult, ScanResult } from '@rollcall/engine/model/result.js';
import type { Band as BandName } from '@rollcall/engine/model/vocabulary.js';
import { useMemo, useRef } from 'react';
import { count, countOf, unhyphened } from '../format.js';
import { lookup, searchText, telling } from '../lookup.js';
import { Band, BandShape } from '../parts/Band.js';
import { Bits, BitsExplained } from '../parts/Bits.js';
import { useRowKeys } from '../parts/keys.js';
import { Pager, paged } from '../parts/Pager.js';
import { Empty } from '../parts/Section.js';
import { PersonLink, Text } from '../parts/Text.js';
import { go, href, type Query, setQuery } from '../route.js';
import { bandOrder, bandWords } from '../words.js';
import { Role } from './Overview.js';

export const pageSize = 100;

const sorts = ['rank', 'name', 'signals', 'stage'] as const;
type Sort = (typeof sorts)[number];

/** The people a filter lets through, in order. Names compare by code point: the same everywhere, in no language's favour. */
export function selectPeople(result: ScanResult, query: Query): PersonResult[] {
  const names = lookup(result);
  const bands = new Set((query.band ?? '').split('.').filter(Boolean));
  const words = (query.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = result.people.filter((person) => {
    if (bands.size > 0 && !bands.has(person.band)) return false;
    if (query.stage && person.stage !== query.stage) return false;
    if (query.engagement && person.engagement !== query.engagement) return false;
    return words.length === 0 || words.every((word) => searchText(person).includes(word));
  });
  const rank = (person: PersonResult) => names.rank.get(person.id) ?? 0;
  const by: Record<Sort, (a: PersonResult, b: PersonResult) => number> = {
    rank: () => 0,
    name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
    signals: (a, b) => b.signals.length - a.signals.length,
    stage: (a, b) => (a.stage < b.stage ? -1 : a.stage > b.stage ? 1 : 0),
  };
  const sort = sorts.find((one) => one === query.sort) ?? 'rank';
  chosen.sort((a, b) => by[sort](a, b) || rank(a) - rank(b));
  return query.order === 'back' ? chosen.reverse() : chosen;
}

export function PeoplePage({ result, query }: { result: ScanResult; query: Query }) {
  const table = useRef<HTMLTableElement>(null);
  const people = useMemo(() => selectPeople(result, query), [result, query]);
  const { at, items } = paged(people, query.page, pageSize);
  const lastPage = Math.max(0, Math.ceil(people.length / pageSize) - 1);
  useRowKeys(table, (step) => {
    const next = at + step;
    if (next < 0 || next > lastPage) return;
    setQuery({ page: next === 0 ? undefined : String(next + 1) });
    requestAnimationFrame(() => {
      const rows = table.current?.querySelectorAll<HTMLElement>('[data-row]');
      rows?.[step > 0 ? 0 : rows.length - 1]?.focus();
    });
  });
  const stages = useMemo(() => [...new Set(result.people.map((person) => person.stage))].sort(), [result]);
  const engagements = useMemo(
    () => [...new Set(result.people.map((person) => person.engagement))].sort(),
    [result],
  );
  const here = useMemo(() => {
    const found: Partial<Record<BandName, number>> = {};
    for (const person of result.people) found[person.band] = (found[person.band] ?? 0) + 1;
    return found;
  }, [result]);
  const unseen = result.company.people - result.people.length;
  const filtered = Boolean(query.q || query.band || query.stage || query.engagement);

  return (
    <>
      <div className="page-head">
        <h1>People</h1>
        <p className="lead">
          {filtered
            ? `${count(people.length)} of ${countOf(result.people.length, 'person', 'people')} with a signal.`
            : `${countOf(result.people.length, 'person has', 'people have')} at least one signal.`}{' '}
          {unseen > 0 ? `${countOf(unseen, 'other shows', 'others show')} none, and are only counted.` : ''}
        </p>
        <BitsExplained />
      </div>
      <div className="filters">
        <BandFilter counts={here} chosen={query.band ?? ''} />
        <Choice name="stage" word="Stage" values={stages} chosen={query.stage} />
        <Choice name="engagement" word="Engagement" values={engagements} chosen={query.engagement} />
        {filtered ? (
          <a href={href('people', '', { sort: query.sort, order: query.order })}>Clear filters</a>
        ) : null}
      </div>
      {people.length === 0 ? (
        <NobodyFits result={result} filtered={filtered} />
      ) : (
        <>
          <table className="people" ref={table} aria-rowcount={people.length}>
            <colgroup>
              <col className="col-band" />
              <col className="col-person" />
              <col className="col-stage" />
              <col className="col-signals" />
              <col />
            </colgroup>
            <thead>
              <tr>
                <Heading query={query} sort="rank" word="Band and weight" />
                <Heading query={query} sort="name" word="Person" />
                <Heading query={query} sort="stage" word="Stage" />
                <Heading query={query} sort="signals" word="Signals" number />
                <th scope="col">What weighs most</th>
              </tr>
            </thead>
            <tbody>
              {items.map((person, index) => (
                <Row key={person.id} person={person} number={at * pageSize + index + 1} />
              ))}
            </tbody>
          </table>
          <Pager
            page="people"
            query={query}
            name="page"
            at={at}
            size={pageSize}
            total={people.length}
            what="people"
          />
        </>
      )}
    </>
  );
}

function Row({ person, number }: { person: PersonResult; number: number }) {
  const [first] = telling(person, 1);
  const explained = person.signals.filter((signal) => signal.explained).length;
  return (
    <tr
      aria-rowindex={number}
      onClick={(event) => {
        if (event.target instanceof HTMLElement && event.target.closest('a')) return;
        if (window.getSelection()?.toString()) return;
        go(href('person', person.id));
      }}
    >
      <td className="cell-band">
        <Band band={person.band} />
        <Bits value={person.bits} />
      </td>
      <th scope="row">
        <PersonLink id={person.id} name={person.name} known row />
        <span className="role">
          <Role person={person} />
        </span>
      </th>
      <td className="cell-stage">{unhyphened(person.stage)}</td>
      <td className="number cell-signals">
        {count(person.signals.length)}
        {explained > 0 ? <span className="quiet"> ({count(explained)} explained)</span> : null}
      </td>
      <td className="cell-says">
        {first ? <Text value={first.says} /> : <Text value={person.bandReason} />}
      </td>
    </tr>
  );
}

export function Heading({
  query,
  sort,
  word,
  number,
  among = sorts,
}: {
  query: Query;
  sort: string;
  word: string;
  number?: boolean;
  among?: readonly string[];
}) {
  const current = (among.find((one) => one === query.sort) ?? 'rank') === sort;
  const back = query.order === 'back';
  const descends = sort === 'rank' || sort === 'signals';
  const direction = back === descends ? 'ascending' : 'descending';
  return (
    <th scope="col" className={number ? 'number' : undefined} aria-sort={current ? direction : undefined}>
      <button
        type="button"
        className="sorter"
        onClick={() =>
          setQuery({
            sort: sort === 'rank' ? undefined : sort,
            order: current && !back ? 'back' : undefined,
            page: undefined,
          })
        }
      >
        {word}
        <span aria-hidden="true">{current ? (direction === 'ascending' ? ' ↑' : ' ↓') : ''}</span>
      </button>
    </th>
  );
}

export function BandFilter({
  counts,
  chosen,
}: {
  counts: Partial<Record<BandName, number>>;
  chosen: string;
}) {
  const on = new Set(chosen.split('.').filter(Boolean));
  return (
    <fieldset className="bands">
      <legend className="hidden">Bands</legend>
      {bandOrder.map((band) => (
        <label key={band} className={on.has(band) ? 'on' : undefined}>
          <input
            type="checkbox"
            checked={on.has(band)}
            onChange={() => {
              const next = new Set(on);
              if (!next.delete(band)) next.add(band);
              setQuery({ band: bandOrder.filter((one) => next.has(one)).join('.'), page: undefined });
            }}
          />
          <BandShape band={band} /> {bandWords[band].word}{' '}
          <span className="tally">{count(counts[band] ?? 0)}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function Choice({
  name,
  word,
  values,
  chosen,
}: {
  name: string;
  word: string;
  values: readonly string[];
  chosen: string | undefined;
}) {
  return (
    <label className="choice">
      {word}{' '}
      <select
        value={chosen ?? ''}
        onChange={(event) => setQuery({ [name]: event.target.value, page: undefined })}
      >
        <option value="">any</option>
        {values.map((value) => (
          <option key={value} value={value}>
            {unhyphened(value)}
          </option>
        ))}
      </select>
    </label>
  );
}

function NobodyFits({ result, filtered }: { result: ScanResult; filtered: boolean }) {
  return filtered ? (
    <Empty title="Nobody fits these filters.">
      <p>
        <a href={href('people')}>Show everybody with a signal</a>. The search looks through names, titles,
        e-mails, phone numbers, addresses and the sentences of their signals.
      </p>
    </Empty>
  ) : (
    <Empty title="Nobody has a signal.">
      <p>
        {result.company.people === 0
          ? 'No record of who works here was found. '
          : `${countOf(result.company.people, 'person was', 'people were')} looked at. `}
        <a href={href('detections')}>See which detections ran</a>, and{' '}
        <a href={href('sources')}>what they had to go by</a>.
      </p>
    </Empty>
  );
}
