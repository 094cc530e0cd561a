import type {
  CheckLine,
  CheckList,
  Continuity,
  DrawData,
  DrawsData,
} from '@rollcall/server/areas/checks/words.js';
import { useRef, useState } from 'react';
import { count, countOf, day, moment, unhyphened } from '../../format.js';
import { useRowKeys } from '../../parts/keys.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { StateLink, Text } from '../../parts/Text.js';
import { go, href, type Query, type Route, setQuery } from '../../route.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { Loaded } from '../parts/Loaded.js';
import { rolesSaid, roleWord } from '../parts/roles.js';
import { useMay } from '../session.js';
import '../style/checks.css';

const views = [
  { view: '', word: 'To do and done' },
  { view: 'forms', word: 'All checks there are' },
  { view: 'draws', word: 'The lot for spot checks' },
] as const;

/** What is to be verified, by whom, and what was. */
export function ChecksPage({ route }: { route: Route }) {
  const may = useMay();
  const { query } = route;
  return (
    <>
      <div className="page-head">
        <h1>Checks</h1>
        <p className="lead">
          What people verify about people, in the same words for everybody in the same situation. What comes
          of it counts in both directions, and an agreed other way counts as much.
        </p>
      </div>
      <nav className="tabs" aria-label="Parts of this page">
        {views.map(({ view, word }) => (
          <a
            key={view}
            href={href('checks', '', { view })}
            aria-current={(query.view ?? '') === view ? 'page' : undefined}
          >
            {word}
          </a>
        ))}
        {may('checks.plan') ? (
          <a
            href={href('checks', '', { view: 'ask' })}
            aria-current={query.view === 'ask' ? 'page' : undefined}
          >
            Ask for a check
          </a>
        ) : null}
      </nav>
      {query.view === 'forms' ? (
        <Forms />
      ) : query.view === 'draws' ? (
        query.period ? (
          <Draw period={query.period} />
        ) : (
          <Draws />
        )
      ) : query.view === 'chain' && query.person ? (
        <Chain person={query.person} />
      ) : query.view === 'ask' ? (
        <Ask query={query} />
      ) : (
        <List query={query} />
      )}
    </>
  );
}

const stateWords = {
  asked: 'To do',
  done: 'Done',
  excused: 'Another way agreed',
  cancelled: 'Taken back',
  all: 'All',
};
export const outcomeWords = {
  success: 'speaks for them',
  failure: 'speaks against them',
  unknown: 'could not be told',
};

function List({ query }: { query: Query }) {
  const table = useRef<HTMLTableElement>(null);
  useRowKeys(table);
  const search = new URLSearchParams();
  for (const name of ['state', 'whose', 'late', 'holds', 'second', 'form', 'person', 'page'])
    if (query[name]) search.set(name, query[name]);
  const list = useGet<CheckList>(`/checks?${search}`, ['checks', 'people']);
  const filtered = ['whose', 'late', 'holds', 'second', 'form', 'person'].some((name) => query[name]);
  return (
    <Loaded of={list}>
      {(data) => (
        <>
          <p className="lead">
            {countOf(data.counts.asked, 'check is', 'checks are')} to be done,{' '}
            {data.counts.late > 0 ? `${count(data.counts.late)} of them late` : 'none of them late'};{' '}
            {count(data.counts.mine)} can be done by you.{' '}
            {data.counts.holds > 0
              ? `${countOf(data.counts.holds, 'thing is', 'things are')} held until two people let it go.`
              : ''}
          </p>
          <div className="filters">
            <label className="choice">
              State{' '}
              <select
                value={query.state ?? 'asked'}
                onChange={(event) =>
                  setQuery({
                    state: event.target.value === 'asked' ? undefined : event.target.value,
                    page: undefined,
                  })
                }
              >
                {Object.entries(stateWords).map(([state, word]) => (
                  <option key={state} value={state}>
                    {word}
                  </option>
                ))}
              </select>
            </label>
            <label className="choice">
              Check{' '}
              <select
                value={query.form ?? ''}
                onChange={(event) => setQuery({ form: event.target.value, page: undefined })}
              >
                <option value="">any</option>
                {data.forms.map((form) => (
                  <option key={form.id} value={form.id}>
                    {form.title}
                  </option>
                ))}
              </select>
            </label>
            <Flag query={query} name="whose" value="mine" word="Mine" />
            <Flag query={query} name="late" value="yes" word="Late" />
            <Flag query={query} name="holds" value="yes" word="Something waits" />
            <Flag query={query} name="second" value="yes" word="Wants my word besides" />
            {query.person ? (
              <span>
                Of one person;{' '}
                <a href={href('checks', '', { view: 'chain', person: query.person })}>
                  their chain of meetings
                </a>
              </span>
            ) : null}
            {filtered ? <a href={href('checks')}>Clear filters</a> : null}
          </div>
          {data.checks.length === 0 ? (
            <Nothing filtered={filtered} state={query.state ?? 'asked'} />
          ) : (
            <>
              <Wide label="Checks">
                <table className="checks" ref={table}>
                  <thead>
                    <tr>
                      <th scope="col">Check</th>
                      <th scope="col">Of whom</th>
                      <th scope="col">{(query.state ?? 'asked') === 'asked' ? 'Due (UTC)' : 'When (UTC)'}</th>
                      <th scope="col">By</th>
                      <th scope="col">How it stands</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.checks.map((check) => (
                      <Row key={check.id} check={check} />
                    ))}
                  </tbody>
                </table>
              </Wide>
              <Pages data={data} query={query} />
            </>
          )}
        </>
      )}
    </Loaded>
  );
}

function Flag({ query, name, value, word }: { query: Query; name: string; value: string; word: string }) {
  return (
    <label className="choice">
      <input
        type="checkbox"
        checked={query[name] === value}
        onChange={(event) => setQuery({ [name]: event.target.checked ? value : undefined, page: undefined })}
      />{' '}
      {word}
    </label>
  );
}

function Row({ check }: { check: CheckLine }) {
  return (
    <tr>
      <th scope="row">
        <a href={href('check', check.id)} data-row>
          {check.title}
        </a>
        <span className="meta">{check.occasion}</span>
      </th>
      <td>
        <About check={check} />
      </td>
      <td className="due">
        {check.state === 'asked' ? (
          <span className={check.late ? 'late' : undefined}>
            {day(check.due)}
            {check.late ? ', late' : ''}
          </span>
        ) : (
          day(check.doneAt)
        )}
      </td>
      <td>
        <Text value={roleWord(check.by)} />
        {check.mine ? <span className="meta">yours to do</span> : null}
      </td>
      <td>{standing(check)}</td>
    </tr>
  );
}

export function standing(check: CheckLine): string {
  if (check.state === 'excused') return 'another way agreed';
  if (check.state === 'cancelled') return 'taken back';
  if (check.state === 'done') return outcomeWords[check.outcome ?? 'unknown'];
  const hold = check.hold ? 'held; ' : '';
  if (check.of === 1) return `${hold}to do`;
  return `${hold}${check.words} of 2 words given`;
}

export function About({ check }: { check: Pick<CheckLine, 'about'> }) {
  const may = useMay();
  const { about } = check;
  const says = <Text value={about.says} />;
  return (
    <>
      {about.handle && may('people.view') ? <a href={href('person', about.handle)}>{says}</a> : says}
      {about.stage ? (
        <>
          {' '}
          <span className="meta">{unhyphened(about.stage)}</span>
        </>
      ) : null}
    </>
  );
}

function Pages({ data, query }: { data: CheckList; query: Query }) {
  if (data.pages <= 1) return null;
  const to = (page: number) => href('checks', '', { ...query, page: page === 1 ? undefined : String(page) });
  return (
    <nav className="pager" aria-label="Pages of the list">
      {data.page > 1 ? (
        <StateLink to={to(data.page - 1)}>Before</StateLink>
      ) : (
        <span className="off">Before</span>
      )}
      <span>
        Page {count(data.page)} of {count(data.pages)}, {countOf(data.total, 'check', 'checks')}
      </span>
      {data.page < data.pages ? (
        <StateLink to={to(data.page + 1)}>Next</StateLink>
      ) : (
        <span className="off">Next</span>
      )}
    </nav>
  );
}

function Nothing({ filtered, state }: { filtered: boolean; state: string }) {
  return filtered ? (
    <Empty title="No check fits these filters.">
      <p>
        <a href={href('checks')}>Show all that is to be done</a>.
      </p>
    </Empty>
  ) : (
    <Empty title={state === 'asked' ? 'Nothing is to be checked.' : 'None so far.'}>
      <p>
        The rules ask by themselves when somebody gets an offer, starts, or when the lot falls on them.{' '}
        <a href={href('checks', '', { view: 'forms' })}>See when each check is asked for</a>.
      </p>
    </Empty>
  );
}

function Forms() {
  const list = useGet<CheckList>('/checks');
  return (
    <Loaded of={list}>
      {({ forms }) => (
        <Section
          id="forms"
          title="All checks there are"
          lead="Each is asked of everybody in its situation. Bands, findings on other things, teams and places are not looked at."
        >
          <Wide label="Checks and when they are asked for">
            <table>
              <thead>
                <tr>
                  <th scope="col">Check</th>
                  <th scope="col">About</th>
                  <th scope="col">Who</th>
                  <th scope="col">When it is asked for</th>
                  <th scope="col" className="number">
                    Counts for
                  </th>
                </tr>
              </thead>
              <tbody>
                {forms.map((form) => (
                  <tr key={form.id}>
                    <th scope="row">
                      <a href={href('checks', '', { form: form.id, state: 'all' })}>{form.title}</a>
                      <span className="meta">
                        {form.controls.join(', ')}
                        {form.hold ? '; something waits for it' : ''}
                      </span>
                    </th>
                    <td>{form.about}</td>
                    <td>{rolesSaid(form.who)}</td>
                    <td>
                      <ul>
                        {form.when.map((when) => (
                          <li key={when}>{when}</li>
                        ))}
                      </ul>
                    </td>
                    <td className="number">{countOf(form.days, 'day', 'days')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        </Section>
      )}
    </Loaded>
  );
}

function Draws() {
  const list = useGet<DrawsData>('/checks/draws', ['checks']);
  return (
    <Loaded of={list}>
      {({ draws }) => (
        <Section
          id="draws"
          title="The lot for spot checks"
          lead="Everybody who works from afar is drawn at least once in each half-year, on a day that nobody knows before. The hash of the seed is in the audit log before the half-year begins; the seed is shown when it is over, and anybody can redo the draw."
        >
          {draws.length === 0 ? (
            <Empty title="No lot has been promised yet.">
              <p>It is within some hours of the first start. Nobody has to do anything.</p>
            </Empty>
          ) : (
            <Wide label="Draws">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Half-year</th>
                    <th scope="col">Days</th>
                    <th scope="col" className="number">
                      In the lot
                    </th>
                    <th scope="col">Promised (UTC)</th>
                    <th scope="col">SHA-256 of the seed</th>
                    <th scope="col">Seed</th>
                  </tr>
                </thead>
                <tbody>
                  {draws.map((one) => (
                    <tr key={one.period}>
                      <th scope="row">
                        <a href={href('checks', '', { view: 'draws', period: one.period })} data-row>
                          {one.period}
                        </a>
                      </th>
                      <td>
                        {day(one.from)} to {day(one.to)}
                      </td>
                      <td className="number">{count(one.people)}</td>
                      <td>{moment(one.promisedAt)}</td>
                      <td className="path">{one.promise.slice(0, 24)}…</td>
                      <td>{one.open ? 'shown' : 'sealed until it is over'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Wide>
          )}
        </Section>
      )}
    </Loaded>
  );
}

const drawShown = 500;

function Draw({ period }: { period: string }) {
  const draw = useGet<DrawData>(`/checks/draws/${encodeURIComponent(period)}`, ['checks']);
  return (
    <Loaded of={draw}>
      {(data) => (
        <>
          <Section id="draw" title={`The lot of ${data.period}`}>
            <dl className="facts">
              <div>
                <dt>Days</dt>
                <dd>
                  {day(data.from)} to {day(data.to)}, Mondays to Fridays
                </dd>
              </div>
              <div>
                <dt>SHA-256 of the seed</dt>
                <dd className="path">{data.promise}</dd>
              </div>
              <div>
                <dt>Promised</dt>
                <dd>
                  {moment(data.promisedAt)}; the audit log has it as check.draw.promise, draw:{data.period}
                </dd>
              </div>
              <div>
                <dt>Seed</dt>
                <dd className={data.seed ? 'path' : undefined}>
                  {data.seed ??
                    'Sealed until the half-year is over. Until then nobody can know whom the lot falls on.'}
                </dd>
              </div>
              <div>
                <dt>So far</dt>
                <dd>
                  {countOf(data.counts.people, 'person is', 'people are')} in the lot;{' '}
                  {countOf(data.counts.asked, 'call was', 'calls were')} drawn up to now,{' '}
                  {count(data.counts.done)} done, {count(data.counts.excused)} in another way.
                </dd>
              </div>
            </dl>
            {data.seed ? (
              <p>
                <a
                  href={`/api/checks/draws/${encodeURIComponent(data.period)}`}
                  download={`draw-${data.period}.json`}
                >
                  Take all of it away as JSON
                </a>{' '}
                to redo the draw with the short script of the documentation (docs/checks.md).
              </p>
            ) : null}
          </Section>
          {data.draws.length > 0 ? (
            <Section id="drawn" title="Who was drawn">
              <Wide label="Who was drawn">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Day</th>
                      <th scope="col">Handle</th>
                      <th scope="col">Half of their working day</th>
                      <th scope="col">Request</th>
                      <th scope="col">What became of it</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.draws.slice(0, drawShown).map((one) => (
                      <tr key={`${one.handle} ${one.turn}`}>
                        <td>{day(one.day)}</td>
                        <th scope="row" className="path">
                          {one.handle}
                        </th>
                        <td>{one.window}</td>
                        <td>
                          {unhyphened(one.challenge)} <span className="path">{one.word}</span>
                        </td>
                        <td>{one.state ? stateWords[one.state].toLowerCase() : 'not here on that day'}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Wide>
              {data.draws.length > drawShown ? (
                <p className="quiet">
                  {count(drawShown)} of {count(data.draws.length)}; the file has all.
                </p>
              ) : null}
            </Section>
          ) : null}
        </>
      )}
    </Loaded>
  );
}

const chainWords: Record<Continuity['steps'][number]['state'], string> = {
  met: 'confirmed',
  'one word': 'one word',
  'other way': 'another way',
  unsure: 'could not be told',
  'not the same': 'to be confirmed by another',
  open: 'asked for',
  gap: 'missing',
  'not yet': 'not due yet',
};

/** From the application to day 30: whether the same human being was met. */
function Chain({ person }: { person: string }) {
  const chain = useGet<Continuity>(`/checks/people/${encodeURIComponent(person)}/continuity`, ['checks']);
  return (
    <Loaded of={chain}>
      {(data) => (
        <Section
          id="chain"
          title="The same person from application to day 30"
          lead={
            <>
              <Text value={data.about.says} />: {data.says}
            </>
          }
        >
          <Wide label="Chain of meetings">
            <table className="chain">
              <thead>
                <tr>
                  <th scope="col">Step</th>
                  <th scope="col">How it stands</th>
                  <th scope="col">What is on record</th>
                  <th scope="col">When (UTC)</th>
                </tr>
              </thead>
              <tbody>
                {data.steps.map((one) => (
                  <tr key={one.step}>
                    <th scope="row">
                      {one.check ? <a href={href('check', one.check)}>{one.step}</a> : one.step}
                    </th>
                    <td>{chainWords[one.state]}</td>
                    <td>
                      <Text value={one.says} />
                    </td>
                    <td>{one.at ? day(one.at) : ''}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
          <p>
            <a href={href('checks', '', { person, state: 'all' })}>All checks of this person</a>
          </p>
        </Section>
      )}
    </Loaded>
  );
}

function Ask({ query }: { query: Query }) {
  const list = useGet<CheckList>('/checks');
  const [form, setForm] = useState(query.form ?? '');
  const [whom, setWhom] = useState<'one' | 'everybody'>('one');
  return (
    <Loaded of={list}>
      {({ forms }) => {
        const chosen = forms.find((one) => one.id === form) ?? forms[0];
        if (!chosen) return <Empty title="There are no checks in the content." />;
        return (
          <Section
            id="ask"
            title="Ask for a check"
            lead="Ask it of everybody in the same situation, or not at all. Asking because of a hunch belongs in a case."
          >
            <Act
              word="Ask"
              label="Ask for a check"
              done="Asked for. It stands in the list."
              act={async (fields) => {
                const text = (name: string) => String(fields.get(name) ?? '').trim();
                const answer = await send<{ asked: number; id?: string }>('POST', '/checks', {
                  form: chosen.id,
                  ...(text('role') ? { role: text('role') } : {}),
                  ...(text('due') ? { due: text('due') } : {}),
                  ...(chosen.about === 'role' ? { subject: text('subject') } : {}),
                  ...(chosen.about === 'person' && whom === 'one' ? { person: text('person') } : {}),
                  ...(chosen.about === 'person' && whom === 'everybody'
                    ? {
                        everybody: {
                          stage: text('stage'),
                          ...(text('title') ? { title: text('title') } : {}),
                          ...(text('department') ? { department: text('department') } : {}),
                          ...(text('remote') ? { remote: text('remote') === 'yes' } : {}),
                        },
                      }
                    : {}),
                });
                if (answer.id) go(href('check', answer.id));
                else if (answer.asked === 0)
                  throw new Error('it is asked already, and stands under “To do and done”');
              }}
            >
              <label>
                Which check
                <select name="form" value={chosen.id} onChange={(event) => setForm(event.target.value)}>
                  {forms.map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.title}
                    </option>
                  ))}
                </select>
              </label>
              {chosen.about === 'person' ? (
                <>
                  <label>
                    Of whom
                    <select
                      value={whom}
                      onChange={(event) => setWhom(event.target.value as 'one' | 'everybody')}
                    >
                      <option value="one">one person</option>
                      <option value="everybody">everybody in a situation</option>
                    </select>
                  </label>
                  {whom === 'one' ? (
                    <label>
                      Their handle, as in the address of their page
                      <input
                        name="person"
                        required
                        defaultValue={query.person ?? ''}
                        pattern="p[0-9a-z]{10}"
                      />
                    </label>
                  ) : (
                    <>
                      <label>
                        Stage
                        <select name="stage" defaultValue="offer">
                          <option value="applicant">applicant</option>
                          <option value="offer">offer</option>
                          <option value="onboarding">onboarding</option>
                          <option value="employed">employed</option>
                        </select>
                      </label>
                      <label>
                        Role, as HR writes it (empty: any)
                        <input name="title" />
                      </label>
                      <label>
                        Department (empty: any)
                        <input name="department" />
                      </label>
                      <label>
                        Works from afar
                        <select name="remote" defaultValue="">
                          <option value="">either</option>
                          <option value="yes">yes</option>
                          <option value="no">no</option>
                        </select>
                      </label>
                    </>
                  )}
                </>
              ) : chosen.about === 'role' ? (
                <label>
                  Which role
                  <input name="subject" required maxLength={120} />
                </label>
              ) : null}
              <label>
                Who does it
                <select name="role">
                  {chosen.who.map((role) => (
                    <option key={role} value={role}>
                      anybody of {roleWord(role)}
                    </option>
                  ))}
                </select>
              </label>
              <label>
                Due, as a day in UTC (empty: as the check says)
                <input name="due" type="date" />
              </label>
            </Act>
          </Section>
        );
      }}
    </Loaded>
  );
}
