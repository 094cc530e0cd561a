import type { ScanResult } from '@rollcall/engine/model/result.js';
import type { PersonPart } from '@rollcall/server/areas/people/words.js';
import { useMemo, useRef, useState } from 'react';
import { countOf, day, unhyphened } from '../../format.js';
import type { Part } from '../../lookup.js';
import { PersonPage as ReportPerson } from '../../pages/Person.js';
import { ActingContext } from '../../parts/acting.js';
import { Band } from '../../parts/Band.js';
import { Bits } from '../../parts/Bits.js';
import { useKeys } from '../../parts/keys.js';
import { Text } from '../../parts/Text.js';
import { go, href, type Route, setQuery } from '../../route.js';
import { leave } from '../../visit.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { useDeciding } from '../parts/deciding.js';
import { Loaded } from '../parts/Loaded.js';
import { useMay } from '../session.js';
import { Place } from './People.js';
import '../style/people.css';

/** One person: the report's page, and above it who may see who it is, and what is being done. */
export function PersonPage({ route }: { route: Route }) {
  const { list } = route.query;
  const reading = useGet<PersonPart>(
    `/people/${encodeURIComponent(route.id)}${list ? `?list=${encodeURIComponent(list)}` : ''}`,
    ['people', 'cases', 'checks', 'rings'],
  );
  return <Loaded of={reading}>{(data) => <One data={data} route={route} />}</Loaded>;
}

function One({ data, route }: { data: PersonPart; route: Route }) {
  const result: Part = useMemo(() => ({ ...(data.result as ScanResult), elsewhere: data.elsewhere }), [data]);
  const acting = useDeciding(undefined);
  const head = <Standing data={data} asking={route.query.open_case === 'yes'} />;
  return (
    <ActingContext value={acting}>
      {result.people.length > 0 ? (
        <ReportPerson result={result} id={data.line.id} query={route.query}>
          {head}
        </ReportPerson>
      ) : (
        <NothingFound data={data} list={route.query.list}>
          {head}
        </NothingFound>
      )}
    </ActingContext>
  );
}

/** Somebody of whom nothing was found: there are no steps to show, and that is said. */
function NothingFound({
  data,
  list,
  children,
}: {
  data: PersonPart;
  list: string | undefined;
  children: React.ReactNode;
}) {
  const { line, elsewhere } = data;
  useKeys((key) => {
    const to = key === 'n' ? elsewhere.after : key === 'p' ? elsewhere.before : undefined;
    if (to) go(href('person', to, { list }));
    else if (key === 'Escape' || key === 'u') leave();
    else return false;
    return true;
  });
  return (
    <div className="page-head person-head">
      <nav className="steps" aria-label="People in order">
        <a href={href('people', '', Object.fromEntries(new URLSearchParams(list ?? '')))}>All people</a>
        {elsewhere.before ? (
          <a href={href('person', elsewhere.before, { list })} rel="prev">
            ← before
          </a>
        ) : null}
        {elsewhere.after ? (
          <a href={href('person', elsewhere.after, { list })} rel="next">
            next →
          </a>
        ) : null}
      </nav>
      <h1>
        <Text value={line.name} />
      </h1>
      <p className="role">
        <Place person={line} />
      </p>
      <p className="standing">
        <Band band={line.band} />
        <Bits value={line.bits} />
        <span className="reason">Nothing was found about them: there is nothing to weigh.</span>
      </p>
      {children}
    </div>
  );
}

const because = {
  case: 'You see who this is through a case of yours.',
  applicant: 'You see who this is because you work with applicants.',
  check: 'You see who this is because you are asked to do a check with them.',
} as const;

const outcomes: Record<string, string> = {
  success: 'passed',
  failure: 'not passed',
  unknown: 'could not be told',
};

/** Who may see who it is, the cases and checks on this person, and what can be done next. */
function Standing({ data, asking }: { data: PersonPart; asking: boolean }) {
  const may = useMay();
  const { console: here, line } = data;
  const openCases = here.cases.filter((one) => one.state === 'open');
  const closed = here.cases.filter((one) => one.state !== 'open');
  const standing = useRef<HTMLElement>(null);
  return (
    <section className="person-standing" aria-label="What is being done" ref={standing} tabIndex={-1}>
      {here.sight === 'veiled' ? (
        <p className="says">
          Who this is stays hidden until there is a reason to know: names, contacts, devices and documents are
          replaced by words and marks. The same mark is the same thing everywhere.
        </p>
      ) : here.because ? (
        <p className="says">
          {because[here.because]} In lists and to others they are <Text value={here.pseudonym} />.
        </p>
      ) : null}
      {openCases.map((one) => (
        <p key={one.id}>
          <a href={href('case', one.id)}>
            Case {one.number}: <Text value={one.title} />
          </a>{' '}
          is open.
        </p>
      ))}
      {closed.map((one) => (
        <p key={one.id} className="quiet">
          <a href={href('case', one.id)}>
            Case {one.number}: <Text value={one.title} />
          </a>{' '}
          is closed.
        </p>
      ))}
      {here.asked.map((one) => (
        <p key={one.id}>
          You asked on {day(one.openedAt)} to open <a href={href('case', one.id)}>case {one.number}</a>; it
          waits for a second person’s yes. Until then they stay under their pseudonym.
        </p>
      ))}
      {here.checks.length > 0 ? (
        <details
          className="person-checks"
          open={here.checks.some((check) => check.mine && check.state === 'asked')}
        >
          <summary>{countOf(here.checks.length, 'check', 'checks')} asked for or done</summary>
          <ul>
            {here.checks.map((check) => (
              <li key={check.id}>
                <a href={href('check', check.id)}>
                  <Text value={unhyphened(check.form)} />
                </a>
                {': '}
                {check.state === 'asked'
                  ? `due ${day(check.dueAt)}${check.mine ? ', yours to do' : check.role ? `, for ${unhyphened(check.role)}` : ''}`
                  : check.state === 'excused'
                    ? 'another way was agreed'
                    : `done${check.doneAt ? ` on ${day(check.doneAt)}` : ''}${check.outcome ? `, ${outcomes[check.outcome] ?? ''}` : ''}`}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {may('checks.plan') ? (
        <p>
          <a href={href('checks', '', { view: 'ask', person: line.id })}>Ask for a check of them</a>
        </p>
      ) : null}
      {may('cases.open') && openCases.length === 0 && here.asked.length === 0 ? (
        <details
          className="person-open"
          open={asking}
          onToggle={(event) => setQuery({ open_case: event.currentTarget.open ? 'yes' : undefined })}
        >
          <summary>{here.sight === 'veiled' ? 'Open a case to see who this is' : 'Open a case'}</summary>
          <OpenCase
            here={here}
            handle={line.id}
            // The form goes away: whoever sent it is led to what is said instead.
            asked={() => standing.current?.focus()}
          />
        </details>
      ) : null}
    </section>
  );
}

function OpenCase({
  here,
  handle,
  asked,
}: {
  here: PersonPart['console'];
  handle: string;
  asked: () => void;
}) {
  const [waits, setWaits] = useState(false);
  const deciders = here.colleagues.filter((one) =>
    one.roles.some((role) => role === 'hr' || role === 'counsel'),
  );
  if (waits)
    return (
      <p role="status">
        Asked. A second person has to say yes; until then they stay under their pseudonym. You will find it
        under <a href={href('cases')}>Cases</a>.
      </p>
    );
  return (
    <Act
      word={here.twoToOpen ? 'Ask for a case' : 'Open the case'}
      label="Open a case on this person"
      act={async (fields) => {
        const text = (name: string) => String(fields.get(name) ?? '').trim();
        const decider = text('decider');
        const members = [
          ...fields
            .getAll('member')
            .map(String)
            .filter((one) => one !== decider)
            .map((user) => ({ user, part: 'member' })),
          ...(decider ? [{ user: decider, part: 'decider' }] : []),
        ];
        const made = await send<{ id: string; state: string }>('POST', '/cases', {
          about: 'person',
          people: [handle],
          title: text('title'),
          reason: text('reason'),
          playbook: text('playbook'),
          members,
        });
        if (made.state === 'open') go(href('case', made.id));
        else {
          setWaits(true);
          asked();
        }
      }}
    >
      <p>
        A case is an inquiry run by named people. Its members see this person by name and nobody else does;
        your reason stays on record.{' '}
        {here.twoToOpen ? 'A second person has to say yes, and sees the pseudonym and your reason only.' : ''}
      </p>
      <label>
        Why you need to know
        <textarea name="reason" required minLength={5} maxLength={2000} aria-describedby="case-reason-help" />
        <span id="case-reason-help" className="meta">
          What was seen and what you want to find out. No names.
        </span>
      </label>
      <label>
        Title, without names
        <input
          name="title"
          required
          minLength={3}
          maxLength={120}
          // Not what was found: members who see their tasks only see the title too.
          defaultValue={`A look at ${here.pseudonym}`}
        />
      </label>
      <label>
        Steps to follow
        <select name="playbook" defaultValue={here.playbook}>
          <option value="applicant">for an applicant</option>
          <option value="employee">for an employee</option>
          <option value="contractor">for a contractor</option>
          <option value="vendor">for a vendor’s worker</option>
        </select>
      </label>
      {here.colleagues.length > 0 ? (
        <fieldset className="colleagues">
          <legend>Who else works on it</legend>
          {here.colleagues.map((one) => (
            <label key={one.id}>
              <input type="checkbox" name="member" value={one.id} /> <Text value={one.name} />{' '}
              <span className="quiet">({one.roles.join(', ')})</span>
            </label>
          ))}
        </fieldset>
      ) : null}
      {deciders.length > 0 ? (
        <label>
          Who would decide on a step against them
          <select name="decider" defaultValue="">
            <option value="">to be named later</option>
            {deciders.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name} ({one.roles.join(', ')})
              </option>
            ))}
          </select>
        </label>
      ) : null}
    </Act>
  );
}
