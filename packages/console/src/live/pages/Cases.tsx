import type { CaseLine, Cases, Wish } from '@rollcall/server/areas/cases/words.js';
import { useRef } from 'react';
import { countOf, day, moment } from '../../format.js';
import { useRowKeys } from '../../parts/keys.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { href, type Route, setQuery } from '../../route.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { OpenCase } from '../parts/case/OpenCase.js';
import { aboutWords, playbookWords, stateWords, verdictWords } from '../parts/case/words.js';
import { Loaded } from '../parts/Loaded.js';
import { useMay } from '../session.js';
import '../style/cases.css';

const shownStates = ['open', 'asked', 'closed', 'merged', 'refused'] as const;

/** Cases one is a member of; nobody sees others. */
export function CasesPage({ route }: { route: Route }) {
  const may = useMay();
  const cases = useGet<Cases>('/cases', ['cases']);
  return (
    <>
      <div className="page-head">
        <h1>Cases</h1>
        <p className="lead">
          A case is an inquiry run by named people, who decide and say why. You see the cases you are a member
          of; others do not exist for you. In an open case its members see its people by name.
        </p>
      </div>
      <Loaded of={cases}>
        {(data) => (
          <>
            {data.wishes.length > 0 ? <Wishes wishes={data.wishes} chosen={route.query.wish} /> : null}
            <Mine route={route} cases={data.cases} />
            {may('cases.open') ? (
              <Section
                id="open"
                title="Open a case from outside"
                lead="From a person or a ring, open it on their page. Here: what came from elsewhere, such as the police, somebody whose identity was used, a manager, or about a vendor."
              >
                <details className="form-behind" open={route.query.new === '1'}>
                  <summary>Open a case</summary>
                  <OpenCase twoToOpen={data.twoToOpen} />
                </details>
              </Section>
            ) : null}
          </>
        )}
      </Loaded>
    </>
  );
}

function Mine({ route, cases }: { route: Route; cases: readonly CaseLine[] }) {
  const table = useRef<HTMLTableElement>(null);
  useRowKeys(table);
  const state = route.query.state ?? 'open';
  const list = cases.filter((one) => state === 'all' || one.state === state);
  return (
    <Section id="mine" title="Yours">
      <div className="filters">
        <label className="choice">
          State{' '}
          <select
            value={state}
            onChange={(event) =>
              setQuery({ state: event.target.value === 'open' ? undefined : event.target.value })
            }
          >
            {shownStates.map((one) => (
              <option key={one} value={one}>
                {stateWords[one]} ({cases.filter((line) => line.state === one).length})
              </option>
            ))}
            <option value="all">any ({cases.length})</option>
          </select>
        </label>
      </div>
      {list.length === 0 ? (
        <Empty title={cases.length === 0 ? 'You are a member of no case.' : 'None in this state.'}>
          <p>
            A case is opened with a reason, from a person’s page or a ring’s, by analysts, HR and counsel. Its
            lead adds who needs to know.
          </p>
        </Empty>
      ) : (
        <Wide label="Cases">
          <table className="case-list" ref={table}>
            <thead>
              <tr>
                <th scope="col" className="number">
                  Case
                </th>
                <th scope="col">What it is about</th>
                <th scope="col">People</th>
                <th scope="col">Your part</th>
                <th scope="col">What is left</th>
                <th scope="col">Opened</th>
              </tr>
            </thead>
            <tbody>
              {list.map((one) => (
                <tr key={one.id}>
                  <td className="number">{one.number}</td>
                  <th scope="row">
                    <a href={href('case', one.id)} data-row>
                      <Text value={one.title} />
                    </a>
                    <span className="meta">
                      {aboutWords[one.about]}, steps for {playbookWords[one.playbook]}
                      {one.state === 'open' ? '' : ` · ${stateWords[one.state]}`}
                    </span>
                  </th>
                  <td>
                    {one.people.slice(0, 4).map((person, index) => (
                      <span key={person.handle}>
                        {index > 0 ? ', ' : ''}
                        <Text value={person.name} />
                      </span>
                    ))}
                    {one.people.length > 4 ? ` and ${one.people.length - 4} more` : ''}
                    {one.people.length === 0 ? <span className="none">nobody yet</span> : null}
                  </td>
                  <td>{one.part}</td>
                  <td>
                    {one.state === 'closed'
                      ? one.verdicts.map((verdict) => verdictWords[verdict] ?? verdict).join(', ')
                      : one.tasksOpen === 0
                        ? 'no task'
                        : countOf(one.tasksOpen, 'task', 'tasks')}
                    {one.disputes > 0 ? <strong> · a dispute to answer</strong> : null}
                    {one.due && one.state === 'open' ? (
                      <span className="meta">next due {day(one.due)}</span>
                    ) : null}
                  </td>
                  <td className="time">{day(one.openedAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </Section>
  );
}

function Wishes({ wishes, chosen }: { wishes: readonly Wish[]; chosen: string | undefined }) {
  return (
    <Section
      id="wishes"
      title="Waiting for a second person"
      lead="You see the pseudonym and the reason, nothing more. Say yes where the reason would convince you if it were about you."
    >
      {wishes.map((wish) => (
        <article key={wish.id} className={wish.id === chosen ? 'wish chosen' : 'wish'}>
          <h3>
            {wish.again ? `Case ${wish.number}, to be taken up again` : aboutWords[wish.about]}:{' '}
            {wish.people.join(', ') || 'nobody named yet'}
          </h3>
          <p className="says">
            <Text value={wish.reason} />
          </p>
          <p className="meta">
            Asked by <Text value={wish.askedBy} /> on {moment(wish.askedAt)}; steps for{' '}
            {playbookWords[wish.playbook]}.
          </p>
          {wish.own ? (
            <p className="quiet">You asked for it yourself: another person answers.</p>
          ) : (
            <Act
              word="Answer"
              label={`Answer the wish to ${wish.again ? 'take up again' : 'open'} case ${wish.number}`}
              act={async (fields) => {
                await send('POST', `/cases/wishes/${encodeURIComponent(wish.id)}`, {
                  yes: fields.get('yes') === 'yes',
                  reason: String(fields.get('reason') ?? ''),
                });
              }}
            >
              <fieldset className="choices">
                <legend>{wish.again ? 'May it be taken up again?' : 'May it be opened?'}</legend>
                <label>
                  <input type="radio" name="yes" value="yes" required /> Yes
                </label>
                <label>
                  <input type="radio" name="yes" value="no" required /> No
                </label>
              </fieldset>
              <label>
                Why, in a sentence
                <input name="reason" required minLength={5} maxLength={2000} />
              </label>
            </Act>
          )}
        </article>
      ))}
    </Section>
  );
}
