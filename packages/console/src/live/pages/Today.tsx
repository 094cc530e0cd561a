import type { Today } from '@rollcall/server/areas/today/words.js';
import { useRef, useState } from 'react';
import { count, countOf, day, instant, moment } from '../../format.js';
import { Band } from '../../parts/Band.js';
import { useRowKeys } from '../../parts/keys.js';
import { Empty, Section } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { href, type Route } from '../../route.js';
import { useGet } from '../api.js';
import { Loaded } from '../parts/Loaded.js';
import { sinceLastVisit } from '../parts/last-visit.js';
import { useMay } from '../session.js';
import { Place } from './People.js';
import '../style/people.css';

const rankWords = ['Now', 'Today', 'This week', 'Some time'] as const;

/** What waits for whoever is signed in, each with its reason and one place to go. */
export function TodayPage(_: { route: Route }) {
  const [since] = useState(sinceLastVisit);
  const reading = useGet<Today>(`/today${since ? `?since=${encodeURIComponent(since)}` : ''}`, [
    'today',
    'people',
    'cases',
    'checks',
    'sources',
    'rings',
  ]);
  return <Loaded of={reading}>{(data) => <Day data={data} />}</Loaded>;
}

function Day({ data }: { data: Today }) {
  const body = useRef<HTMLDivElement>(null);
  useRowKeys(body);
  const nothing = data.waiting.length === 0 && data.people.length === 0;
  return (
    <div ref={body}>
      <div className="page-head">
        <h1>Today</h1>
        <p className="lead">{headline(data)}</p>
      </div>
      {data.failed.length > 0 ? (
        <p role="alert">
          Could not be asked what waits: {data.failed.join(', ')}. What stands here may not be all of it.
        </p>
      ) : null}
      {data.looked === undefined ? <FirstSteps /> : null}
      {data.changed.length > 0 ? (
        <Section id="changed" title="New since your last visit">
          <ul className="today-changed">
            {data.changed.map((one) => (
              <li key={one.says}>
                {one.to ? (
                  <a href={one.to}>
                    <Text value={one.says} />
                  </a>
                ) : (
                  <Text value={one.says} />
                )}
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Waits waiting={data.waiting} ranks={[0, 1]} />
      {data.people.length > 0 ? <Unlooked people={data.people} more={data.more} /> : null}
      <Waits waiting={data.waiting} ranks={[2, 3]} />
      {nothing && data.looked ? (
        <Empty title="Nothing waits for you.">
          <p>
            The records of {countOf(data.looked.people, 'person', 'people')} were looked at{' '}
            {moment(data.looked.finishedAt)}, as of {day(data.looked.asOf)} (UTC).{' '}
            {data.looked.urgent + data.looked.review > 0
              ? `${countOf(data.looked.urgent, 'person stands', 'people stand')} at urgent and ${count(data.looked.review)} at review; each is in a case, or not yours to open.`
              : 'Nobody stands at review or urgent. That is no proof that nothing is wrong: what is not on record cannot be seen.'}
          </p>
        </Empty>
      ) : null}
      {data.looked && !nothing ? (
        <p className="quiet">
          {countOf(data.looked.people, 'person', 'people')} looked at {moment(data.looked.finishedAt)}, as of{' '}
          {day(data.looked.asOf)} (UTC).
        </p>
      ) : null}
    </div>
  );
}

function headline(data: Today): string {
  if (!data.looked) return 'Nothing has been looked at yet. A few steps, and Rollcall has something to say.';
  const late = data.waiting.filter((one) => isLate(one.due)).length;
  const waits =
    data.waiting.length === 0
      ? 'Nothing is asked of you'
      : `${countOf(data.waiting.length, 'thing waits', 'things wait')} for you${late > 0 ? `, ${count(late)} of them late` : ''}`;
  const people = data.people.length + data.more;
  return people === 0
    ? `${waits}.`
    : `${waits}; ${countOf(people, 'person', 'people')} to be looked at ${people === 1 ? 'is' : 'are'} in no case.`;
}

function isLate(due: string | undefined): boolean {
  const at = instant(due);
  return at !== undefined && at < Date.now();
}

function Waits({ waiting, ranks }: { waiting: Today['waiting']; ranks: readonly number[] }) {
  return ranks.map((rank) => {
    const some = waiting.filter((one) => one.rank === rank);
    if (some.length === 0) return null;
    return (
      <Section key={rank} id={`waits-${rank}`} title={rankWords[rank] ?? ''}>
        <ol className="waits">
          {some.map((one) => (
            <li key={`${one.kind} ${one.id}`}>
              <a href={one.to} data-row={`${one.kind} ${one.id}`}>
                <Text value={one.title} />
              </a>
              <p className="meta">
                <Text value={one.why} />
                {one.due ? (
                  <span className={isLate(one.due) ? 'late' : undefined}>
                    {' '}
                    {isLate(one.due) ? 'Late: was due' : 'Due'} {day(one.due)}.
                  </span>
                ) : null}
              </p>
            </li>
          ))}
        </ol>
      </Section>
    );
  });
}

/** People whom somebody should look at and nobody does. */
function Unlooked({ people, more }: { people: Today['people']; more: number }) {
  return (
    <Section
      id="unlooked"
      title="To be looked at, and in no case"
      lead="What was found is a reason to look, with innocent readings beside it. Who they are is seen once a case is opened."
    >
      <ol className="waits">
        {people.map((person) => (
          <li key={person.id} className="unlooked">
            <Band band={person.band} />
            <div>
              <a href={href('person', person.id, { list: 'band=urgent.review' })} data-row={person.id}>
                <Text value={person.name} />
              </a>{' '}
              <span className="quiet">
                <Place person={person} />
              </span>
              <p className="meta">
                {person.finding ? (
                  <>
                    <Text value={person.finding} />
                    {person.signals > 1 ? `, and ${count(person.signals - 1)} more` : ''}.{' '}
                  </>
                ) : null}
                {countOf(person.facets, 'independent kind', 'independent kinds')} of evidence
                {person.since ? `; in this list since ${day(person.since)}` : ''}.
              </p>
            </div>
          </li>
        ))}
      </ol>
      {more > 0 ? (
        <p className="more">
          <a href={href('people', '', { band: 'urgent.review' })}>{count(more)} more</a>
        </p>
      ) : null}
    </Section>
  );
}

/** Nothing is on record yet: what to do first, one thing after the other. */
function FirstSteps() {
  const may = useMay();
  return (
    <Section id="first" title="The first steps">
      <ol className="first-steps">
        {may('settings.edit') ? (
          <li>
            <a href={href('settings', '', { part: 'accounts' })} data-row="others">
              Let the others in
            </a>
            <p className="meta">
              An analyst, HR and counsel at least: who looks into something does not decide on it. Two
              administrators, so that nobody is locked out.
            </p>
          </li>
        ) : null}
        <li>
          {may('sources.upload') && may('sources.view') ? (
            <a href={href('sources')} data-row="first">
              Hand in exports
            </a>
          ) : (
            <b>Exports are handed in</b>
          )}
          <p className="meta">
            Who works and applies here (HR, hiring), then sign-ins, devices, shipments, payroll: whatever
            there is. Each file is recognised by what is in it, and every record is accounted for.
            {may('sources.view') ? '' : ' An administrator, an analyst, HR or IT does that.'}
          </p>
        </li>
        <li>
          <b>Wait for the scan</b>
          <p className="meta">
            It begins by itself and takes seconds to minutes. This page changes when it has finished.
          </p>
        </li>
        {may('people.view') ? (
          <li>
            <b>Open who stands first</b>
            <p className="meta">
              Read what was found and what else it may be. Who it is, you see once you open a case and say
              why.
            </p>
          </li>
        ) : null}
      </ol>
    </Section>
  );
}
