import type { PersonResult } from '@rollcall/engine/model/result.js';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { count, countOf, day, days, instant, kilometres, moment, shown, unhyphened } from '../format.js';
import { type Lookup, lookup, type Part } from '../lookup.js';
import { Band } from '../parts/Band.js';
import { Bits, BitsExplained } from '../parts/Bits.js';
import { Items } from '../parts/Items.js';
import { useKeys, useRowKeys } from '../parts/keys.js';
import { signalLetters } from '../parts/letters.js';
import { usePrinting } from '../parts/measure.js';
import { Passages } from '../parts/Passages.js';
import { Proposed } from '../parts/Proposed.js';
import { defaultPeriod, type Period, periods, periodWords, windowOf } from '../parts/periods.js';
import { type PlaceVisit, placesOf } from '../parts/places.js';
import { Resume } from '../parts/Resume.js';
import { type Run, runsOf } from '../parts/runs.js';
import { Empty, Section, Wide } from '../parts/Section.js';
import { Line, PersonLink, StateLink, Text } from '../parts/Text.js';
import { Timeline } from '../parts/Timeline.js';
import { Waterfall } from '../parts/Waterfall.js';
import { WhereMap } from '../parts/WhereMap.js';
import { addressable, go, href, type Query, setQuery } from '../route.js';
import { leave } from '../visit.js';
import { entryKinds, entryWords, kindWords, network, systemWords } from '../words.js';
import { NotFound } from './Missing.js';
import { Role } from './Overview.js';

const listed = 60;
const listedOnPaper = 2000;
const proposalsShown = 6;

export function PersonPage({
  result,
  id,
  query,
  children,
}: {
  result: Part;
  id: string;
  query: Query;
  /** What stands under the head: in the console, what can be done. */
  children?: ReactNode;
}) {
  const names = lookup(result);
  const person = names.person.get(addressable(id));
  if (!person) {
    const name = names.names.get(id);
    return (
      <NotFound
        what={
          name
            ? `${shown(name)} is named by somebody’s signal, but has none of their own, so there is no page about them.`
            : 'Nobody in this report has this number.'
        }
      />
    );
  }
  return (
    <OnePerson result={result} person={person} names={names} query={query}>
      {children}
    </OnePerson>
  );
}

function OnePerson({
  result,
  person,
  names,
  query,
  children,
}: {
  result: Part;
  person: PersonResult;
  names: Lookup;
  query: Query;
  children: ReactNode;
}) {
  const body = useRef<HTMLDivElement>(null);
  const rank = names.rank.get(person.id) ?? 0;
  const { elsewhere } = result;
  const before = elsewhere ? elsewhere.before : result.people[rank - 1]?.id;
  const after = elsewhere ? elsewhere.after : result.people[rank + 1]?.id;
  const neighbour = (to: string) => href('person', to, { list: query.list });
  useRowKeys(body);
  useKeys((key) => {
    const to = key === 'n' ? after : key === 'p' ? before : undefined;
    if (to) go(neighbour(to));
    else if (key === 'Escape' || key === 'u') leave();
    else return false;
    return true;
  });
  const open = useMemo(
    () =>
      new Set(
        (query.open ?? '')
          .split('.')
          .filter(Boolean)
          .map((part) => Number.parseInt(part, 10)),
      ),
    [query.open],
  );
  const target = query.go;
  useEffect(() => {
    if (target) document.getElementById(target)?.scrollIntoView({ block: 'start' });
  }, [target]);
  const proposals = result.proposals.filter((proposal) =>
    proposal.people.some((one) => one.id === person.id),
  );
  const to = (section: string) => href('person', person.id, { ...query, go: section });

  return (
    <div ref={body}>
      <div className="page-head person-head">
        <nav className="steps" aria-label="People in order">
          <a href={href('people', '', Object.fromEntries(new URLSearchParams(query.list ?? '')))}>
            All people
          </a>
          {elsewhere && elsewhere.at === undefined ? null : (
            <span className="quiet">
              {count(elsewhere?.at ?? rank + 1)} of {count(elsewhere?.of ?? result.people.length)}
            </span>
          )}
          {before ? (
            <a href={neighbour(before)} rel="prev">
              ← before
            </a>
          ) : null}
          {after ? (
            <a href={neighbour(after)} rel="next">
              next →
            </a>
          ) : null}
        </nav>
        <h1 className={person.name.length > 80 ? 'long' : undefined}>
          <Text value={person.name === '' ? person.id : person.name} />
        </h1>
        <p className="role">
          <Role person={person} />
        </p>
        <p className="standing">
          <Band band={person.band} />
          <Bits value={person.bits} />
          <span className="reason">
            <Text value={person.bandReason} />
          </span>
        </p>
        <Facts person={person} ring={names.ring.get(addressable(person.ring ?? ''))?.title} />
        {children}
        <nav className="contents" aria-label="On this page">
          <StateLink to={to('weighs')} scrollTo="weighs">
            What weighs
          </StateLink>
          {proposals.length > 0 ? (
            <StateLink to={to('innocent')} scrollTo="innocent">
              It may be innocent
            </StateLink>
          ) : null}
          <StateLink to={to('when')} scrollTo="when">
            When and where
          </StateLink>
          <StateLink to={to('shared')} scrollTo="shared">
            Shared with others
          </StateLink>
          {person.documents.length > 0 ? (
            <StateLink to={to('resumes')} scrollTo="resumes">
              Résumés
            </StateLink>
          ) : null}
          <StateLink to={to('devices')} scrollTo="devices">
            Devices and accounts
          </StateLink>
        </nav>
      </div>

      <div className="two">
        <Section id="next" title="What to do next">
          {person.next.length > 0 ? (
            <Items items={person.next} className="todo" ordered />
          ) : (
            <p>Nothing is asked for. If you look anyway, write down why.</p>
          )}
        </Section>
        <Section id="unknown" title="What is not known">
          {person.unknown.length > 0 ? (
            <Items items={person.unknown} className="plain" />
          ) : (
            <p>
              Nothing in particular. What the sources themselves leave out is listed under{' '}
              <a href={href('sources')}>Sources</a>.
            </p>
          )}
        </Section>
      </div>

      <Section id="weighs" title="What weighs">
        <BitsExplained />
        <Waterfall
          person={person}
          policy={result.policy}
          names={names}
          open={open}
          small={query.small === 'yes'}
        />
      </Section>

      {proposals.length > 0 ? (
        <Section
          id="innocent"
          title="It may be innocent"
          lead="What the data suggests as a reason for what they share, for somebody to check. It counts once it is confirmed."
        >
          {proposals.slice(0, proposalsShown).map((proposal) => (
            <Proposed key={proposal.id} proposal={proposal} names={names} />
          ))}
          {proposals.length > proposalsShown ? (
            <p className="more">
              <a href={href('explanations')}>All explanations</a>, of which {count(proposals.length)} concern
              them
            </p>
          ) : null}
        </Section>
      ) : null}

      <Section id="when" title="When and where">
        {person.brief ? <NotListed /> : <WhenAndWhere person={person} asOf={result.asOf} query={query} />}
      </Section>

      <Section
        id="shared"
        title="Shared with others"
        lead="Values seen with this person that somebody else may have too. Sharing has honest reasons: a household, an office, a carrier."
      >
        {person.brief ? <NotListed /> : <Shared person={person} names={names} />}
      </Section>

      {person.documents.length > 0 ? (
        <Section
          id="resumes"
          title="Résumés"
          lead="As they were handed in. Stock phrases, adverts and templates are not marked; the same résumé writer, coach or project can still be why two people say the same."
        >
          {person.passages.length > 0 ? (
            <Passages
              passages={person.passages}
              mine={person.name}
              known={(other) => names.rank.has(other)}
            />
          ) : null}
          {person.documents.map((resume) => (
            <Resume key={resume.document} resume={resume} passages={person.passages} />
          ))}
        </Section>
      ) : null}

      <Section id="devices" title="Devices and accounts">
        {person.brief ? (
          <NotListed />
        ) : (
          <>
            <Devices person={person} />
            <Accounts person={person} />
          </>
        )}
      </Section>
    </div>
  );
}

/** Of somebody far from a reason to look: that nothing stands here says nothing of the records. */
function NotListed() {
  return (
    <Empty title="Not listed for them.">
      <p>
        Such details are listed of everybody above clear, and of others only where few come before them. The
        records may hold some; <code>rollcall query</code> reads them.
      </p>
    </Empty>
  );
}

function Facts({ person, ring }: { person: PersonResult; ring: string | undefined }) {
  const facts: [string, React.ReactNode][] = [];
  if (person.workEmail) facts.push(['Work e-mail', <Text key="v" value={person.workEmail} />]);
  if (person.claimed) facts.push(['Says they live in', <Text key="v" value={person.claimed.label} />]);
  if (person.remote !== undefined) facts.push(['Works', person.remote ? 'remotely' : 'on site']);
  if (person.manager) facts.push(['Reports to', <Text key="v" value={person.manager} />]);
  if (person.appliedAt) facts.push(['Applied', day(person.appliedAt)]);
  if (person.startedAt) facts.push(['Started', day(person.startedAt)]);
  if (person.leftAt) facts.push(['Left', day(person.leftAt)]);
  facts.push(['Number', <Text key="v" value={person.id} />]);
  if (person.ring) {
    facts.push([
      'Ring',
      <a key="v" href={href('ring', person.ring)}>
        <Text value={ring ?? person.ring} />
      </a>,
    ]);
  }
  return (
    <dl className="person-facts">
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function WhenAndWhere({ person, asOf, query }: { person: PersonResult; asOf: string; query: Query }) {
  const printing = usePrinting();
  const { places, unplaced } = useMemo(() => placesOf(person), [person]);
  const period: Period = periods.find((one) => one === query.period) ?? defaultPeriod(person, asOf);
  const stretch = useMemo(() => windowOf(person, asOf, period), [person, asOf, period]);
  const signal = query.signal === undefined ? undefined : Number.parseInt(query.signal, 10) - 1;
  const chosen = query.at === undefined ? undefined : Number.parseInt(query.at, 10) - 1;
  const passing = useMemo(
    () =>
      person.timeline
        .map((entry, index) => ({ entry, index, time: instant(entry.time) ?? 0 }))
        .filter(({ entry }) => (query.kind ? entry.kind === query.kind : true))
        .filter(({ entry }) => (signal === undefined ? true : entry.signals.includes(signal)))
        .sort((a, b) => a.time - b.time)
        .map(({ index }) => index),
    [person, query.kind, signal],
  );
  const limit = printing ? listedOnPaper : query.all ? listedOnPaper : listed;
  const each = query.each === 'yes';
  const runs = useMemo(() => runsOf(person.timeline, passing, each), [person, passing, each]);
  const rows = listAround(runs, chosen, limit);
  if (person.timeline.length === 0) {
    return (
      <Empty title="No event in the records names this person.">
        <p>
          Their account may not be tied to them yet. Look among the accounts without a person, under Sources.
        </p>
      </Empty>
    );
  }
  const kinds = entryKinds.filter((kind) => person.timeline.some((entry) => entry.kind === kind));
  const about = signal === undefined ? undefined : person.signals[signal];
  return (
    <>
      <div className="filters">
        <label className="choice">
          Period{' '}
          <select value={period} onChange={(event) => setQuery({ period: event.target.value })}>
            {periods
              .filter((one) => one !== 'first' || person.startedAt)
              .map((one) => (
                <option key={one} value={one}>
                  {periodWords[one]}
                </option>
              ))}
          </select>
        </label>
        <label className="choice">
          Events{' '}
          <select value={query.kind ?? ''} onChange={(event) => setQuery({ kind: event.target.value })}>
            <option value="">all kinds</option>
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {entryWords[kind]}
              </option>
            ))}
          </select>
        </label>
        <label className="choice wide-choice">
          Evidence of{' '}
          <select value={query.signal ?? ''} onChange={(event) => setQuery({ signal: event.target.value })}>
            <option value="">anything</option>
            {person.signals.map((one, index) =>
              person.timeline.some((entry) => entry.signals.includes(index)) ? (
                <option key={`${one.detection} ${one.first}`} value={String(index + 1)}>
                  {shown(one.title)}
                </option>
              ) : null,
            )}
          </select>
        </label>
      </div>
      {about ? (
        <p className="lead">
          Only what is evidence that{' '}
          <Text value={about.title.charAt(0).toLowerCase() + about.title.slice(1)} />; arrows on the map join
          it in order of time.{' '}
          <StateLink to={href('person', person.id, { ...query, signal: undefined })}>
            Show everything
          </StateLink>
        </p>
      ) : null}
      <Timeline person={person} window={stretch} shownEntries={passing} chosen={chosen} />
      {places.length > 0 || person.claimed?.lat !== undefined ? (
        <div className="where">
          <WhereMap
            person={person}
            places={places}
            journey={signal === undefined ? [] : passing}
            chosen={chosen}
          />
          <Places places={places} unplaced={unplaced} chosen={chosen} person={person} />
        </div>
      ) : (
        <p className="quiet">No event of theirs carries a place, so there is no map.</p>
      )}
      <Events person={person} rows={rows} total={runs.length} chosen={chosen} query={query} limit={limit} />
    </>
  );
}

/** As many rows as fit, beginning late enough that the chosen event is among them. */
function listAround(runs: readonly Run[], chosen: number | undefined, limit: number): readonly Run[] {
  const at = chosen === undefined ? -1 : runs.findIndex((run) => run.entries.includes(chosen));
  const start = at < limit ? 0 : Math.min(at - Math.floor(limit / 2), runs.length - limit);
  return runs.slice(start, start + limit);
}

function Places(props: {
  places: readonly PlaceVisit[];
  unplaced: number;
  chosen: number | undefined;
  person: PersonResult;
}) {
  const { places, unplaced, chosen, person } = props;
  return (
    <div className="places">
      <table>
        <caption>
          {person.claimed ? (
            <>
              Places, farthest from the home they gave (<Text value={person.claimed.label} />) first
            </>
          ) : (
            'Places; no home was given to measure from'
          )}
        </caption>
        <thead>
          <tr>
            <th scope="col" className="number">
              <span className="hidden">Number on the map</span>
            </th>
            <th scope="col">Place</th>
            <th scope="col" className="number">
              From home
            </th>
          </tr>
        </thead>
        <tbody>
          {places.map((place, index) => (
            <tr
              key={place.key}
              className={chosen !== undefined && place.entries.includes(chosen) ? 'chosen' : undefined}
            >
              <td className="number">{index + 1}</td>
              <td>
                <Text value={place.label} />
                {place.through ? (
                  <span className="through-note">
                    {' '}
                    via {shown(place.through)}: the network’s exit, not the person
                  </span>
                ) : null}
                <span className="meta">
                  {[...place.kinds]
                    .map(([kind, events]) => `${entryWords[kind].toLowerCase()} ${count(events)}`)
                    .join(' · ')}{' '}
                  · {days(place.first, place.last)}
                </span>
              </td>
              <td className="number">
                {place.kilometres === undefined ? '–' : kilometres(place.kilometres)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {unplaced > 0 ? (
        <p className="quiet">
          {countOf(unplaced, 'event names', 'events name')} a place without coordinates: in the list, not on
          the map.
        </p>
      ) : null}
    </div>
  );
}

function Events(props: {
  person: PersonResult;
  rows: readonly Run[];
  total: number;
  chosen: number | undefined;
  query: Query;
  limit: number;
}) {
  const { person, rows, total, chosen, query, limit } = props;
  const letters = useMemo(() => signalLetters(person), [person]);
  const each = query.each === 'yes';
  const folded = rows.some((run) => run.entries.length > 1);
  return (
    <>
      <Wide label="Events">
        <table className="events">
          <caption className="hidden">Events in order of time</caption>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Kind</th>
              <th scope="col">What happened</th>
              <th scope="col">Where</th>
              <th scope="col">Source</th>
              <th scope="col">Evidence of</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((run) => {
              const index = run.entries[0] ?? 0;
              const entry = person.timeline[index];
              const last = person.timeline[run.entries.at(-1) ?? index];
              if (!entry) return null;
              const alone = run.entries.length === 1;
              return (
                <tr
                  key={index}
                  className={chosen !== undefined && run.entries.includes(chosen) ? 'chosen' : undefined}
                  onClick={() => setQuery({ at: String(index + 1) })}
                >
                  <td className="time">
                    {alone || run.days === 1 ? moment(entry.time) : days(entry.time, last?.time)}
                    {run.days > 1 ? <span className="meta">on {count(run.days)} days</span> : null}
                  </td>
                  <td className="kind-cell">{entryWords[entry.kind] ?? unhyphened(entry.kind)}</td>
                  <td>
                    <Line items={run.labels.slice(0, 2)} />
                    {run.labels.length > 2 ? (
                      <span className="quiet">
                        ; and {countOf(run.labels.length - 2, 'other thing', 'other things')}
                      </span>
                    ) : null}
                    {run.events > 1 ? <span className="quiet"> × {count(run.events)}</span> : null}
                  </td>
                  <td>
                    {entry.place ? <Text value={entry.place.label} /> : <span className="none">–</span>}
                    {entry.network ? (
                      <span className="meta">{shown(network(entry.network).words)}</span>
                    ) : null}
                  </td>
                  <td className="source">
                    <Line items={run.sources} between=", " />
                  </td>
                  <td>
                    {entry.signals.map((place) => (
                      <EvidenceLink
                        key={place}
                        person={person}
                        signal={place}
                        letter={letters.get(place)}
                        query={query}
                      />
                    ))}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Wide>
      {each || folded ? (
        <p className="more screen-only">
          {each ? 'Every event by itself.' : 'Ordinary days between notable events are told once.'}{' '}
          <button
            type="button"
            className="opener"
            onClick={() => setQuery({ each: each ? undefined : 'yes' })}
          >
            {each ? 'Tell ordinary days once' : 'Show every event'}
          </button>
        </p>
      ) : null}
      {total > rows.length ? (
        <p className="more">
          {count(rows.length)} of {count(total)} rows.{' '}
          {limit < listedOnPaper ? (
            <button type="button" className="opener" onClick={() => setQuery({ all: 'yes' })}>
              Show more
            </button>
          ) : (
            'Narrow the kinds, or ask the lake (rollcall query), for the rest.'
          )}
        </p>
      ) : null}
    </>
  );
}

/** To the step of the waterfall that an event is evidence of, by its letter. */
function EvidenceLink(props: {
  person: PersonResult;
  signal: number;
  letter: string | undefined;
  query: Query;
}) {
  const { person, signal, letter, query } = props;
  const step = person.waterfall.findIndex((one) => one.signal === signal);
  const title = shown(person.signals[signal]?.title ?? '');
  if (letter === undefined || step < 0) return null;
  const open = new Set((query.open ?? '').split('.').filter(Boolean)).add(String(step));
  return (
    <StateLink
      className="letter"
      title={title}
      to={href('person', person.id, { ...query, open: [...open].join('.'), go: `step-${step}` })}
      scrollTo={`step-${step}`}
    >
      {letter}
      <span className="hidden">: {title}</span>
    </StateLink>
  );
}

function Shared({ person, names }: { person: PersonResult; names: Lookup }) {
  if (person.identifiers.length === 0) {
    return (
      <Empty title="No identifier is on record for this person.">
        <p>
          Phone numbers, addresses, bank accounts and devices come from HR, shipping, payroll and sign-in
          exports.
        </p>
      </Empty>
    );
  }
  const sorted = person.identifiers
    .map((identifier, index) => ({ identifier, index }))
    .sort((a, b) => b.identifier.sharedWith.length - a.identifier.sharedWith.length || a.index - b.index);
  return (
    <Wide label="Identifiers">
      <table className="identifiers">
        <thead>
          <tr>
            <th scope="col">Value</th>
            <th scope="col">Seen</th>
            <th scope="col">Shared with</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ identifier, index }) => (
            <tr key={index}>
              <td>
                <span className="kind">{kindWords[identifier.kind] ?? unhyphened(identifier.kind)}</span>{' '}
                <Text value={identifier.label} />
              </td>
              <td>
                <Text value={identifier.context} />
                <span className="meta">
                  {days(identifier.firstSeen, identifier.lastSeen)} · <Text value={identifier.source} />
                </span>
              </td>
              <td>
                {identifier.common ? (
                  <span className="quiet">
                    not counted: <Text value={identifier.common} />
                  </span>
                ) : null}
                {identifier.sharedWith.length === 0 && !identifier.common ? (
                  <span className="quiet">nobody else</span>
                ) : null}
                {identifier.sharedWith.map((other, place) => (
                  <span key={other.id}>
                    {place > 0 ? ', ' : ''}
                    <PersonLink id={other.id} name={other.name} known={names.rank.has(other.id)} />
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function answer(value: boolean | undefined, yes: string, no: string): string {
  return value === undefined ? 'not known' : value ? yes : no;
}

function Devices({ person }: { person: PersonResult }) {
  if (person.devices.length === 0) {
    return <Empty title="No device is tied to this person." />;
  }
  return (
    <Wide label="Devices">
      <table className="devices">
        <caption>Devices</caption>
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">System</th>
            <th scope="col">Managed</th>
            <th scope="col">Last seen</th>
            <th scope="col">Notes</th>
          </tr>
        </thead>
        <tbody>
          {person.devices.map((device) => (
            <tr key={device.id}>
              <th scope="row">
                <Text value={device.hostname ?? device.id} />
                <span className="meta">
                  <Line
                    items={[device.model, device.serial].filter((part) => part !== undefined)}
                    between=" · "
                  />
                </span>
              </th>
              <td>{device.os ? <Text value={systemWords[device.os] ?? device.os} /> : 'not known'}</td>
              <td>
                {answer(device.managed, 'managed', 'not managed')}
                {device.managed ? `, ${answer(device.compliant, 'compliant', 'not compliant')}` : ''}
              </td>
              <td className="time">{moment(device.seenAt)}</td>
              <td>
                {device.notes.length > 0 ? <Line items={device.notes} /> : <span className="none">–</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Accounts({ person }: { person: PersonResult }) {
  if (person.accounts.length === 0) return <Empty title="No account is tied to this person." />;
  return (
    <Wide label="Accounts">
      <table className="accounts">
        <caption>Accounts</caption>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">Source</th>
            <th scope="col">Tied by</th>
          </tr>
        </thead>
        <tbody>
          {person.accounts.map((account) => (
            <tr key={`${account.source} ${account.account}`}>
              <th scope="row">
                <Text value={account.account} />
              </th>
              <td>
                <Text value={account.source} />
              </td>
              <td>
                <Text value={account.basis} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
