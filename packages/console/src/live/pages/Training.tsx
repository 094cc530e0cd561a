import type { Course, TrainingOverview } from '@rollcall/server/areas/training/words.js';
import { useRef } from 'react';
import { count, day, percent } from '../../format.js';
import { useRowKeys } from '../../parts/keys.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { href, type Route, setQuery } from '../../route.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { Loaded } from '../parts/Loaded.js';
import { rolesSaid } from '../parts/roles.js';
import { useMay } from '../session.js';
import '../style/training.css';

export function TrainingPage({ route }: { route: Route }) {
  const may = useMay();
  const courses = useGet<{ courses: Course[] }>('/training', ['training']);
  return (
    <>
      <div className="page-head">
        <h1>Training</h1>
        <p className="lead">
          Short courses with made-up people to judge. They are for whoever hires, ships, pays and helps; the
          one on fairness is for everybody.
        </p>
      </div>
      <Loaded of={courses}>
        {(data) => (
          <>
            <Section id="mine" title="Yours to do">
              <CourseTable courses={data.courses.filter((one) => one.mine)} />
            </Section>
            <Section id="others" title="Other courses">
              <CourseTable courses={data.courses.filter((one) => !one.mine)} />
            </Section>
          </>
        )}
      </Loaded>
      {may('training.overview') ? (
        <Section id="overview" title="Who has done what">
          <Overview route={route} />
        </Section>
      ) : null}
    </>
  );
}

function CourseTable({ courses }: { courses: readonly Course[] }) {
  const table = useRef<HTMLTableElement>(null);
  useRowKeys(table);
  if (courses.length === 0) return <Empty title="There are none." />;
  return (
    <Wide label="Courses">
      <table className="courses" ref={table}>
        <thead>
          <tr>
            <th scope="col">Course</th>
            <th scope="col">Takes</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {courses.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <a href={href('module', one.id)} data-row>
                  {one.title}
                </a>
                <span className="meta">{one.why}</span>
              </th>
              <td>{count(one.minutes)} minutes</td>
              <td>{stateOf(one)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function stateOf(one: Course): string {
  if (one.doneUntil) return `done, counts until ${day(one.doneUntil)}`;
  if (one.lastAt)
    return `not passed, or over: ${count(one.lastRight ?? 0)} of ${count(one.tasks)} right on ${day(one.lastAt)}`;
  return 'not done';
}

function Overview({ route }: { route: Route }) {
  const may = useMay();
  const overview = useGet<TrainingOverview>('/training/overview', ['training']);
  const chosen = route.query.course ?? '';
  return (
    <Loaded of={overview}>
      {(data) => {
        const titles = new Map(
          data.accounts.flatMap((account) => account.courses.map((one) => [one.module, one.title] as const)),
        );
        return (
          <>
            <p>
              {percent(data.share)} of what is asked of people with an account is done; the aim is{' '}
              {percent(data.target)}.
            </p>
            <p className="filters">
              <label htmlFor="course">Course</label>{' '}
              <select
                id="course"
                value={chosen}
                onChange={(event) => setQuery({ course: event.target.value || undefined })}
              >
                <option value="">all</option>
                {[...titles].map(([id, title]) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </select>
            </p>
            <Wide label="Who has done what">
              <table className="courses">
                <thead>
                  <tr>
                    <th scope="col">Account</th>
                    <th scope="col">Done</th>
                    <th scope="col">Not done</th>
                  </tr>
                </thead>
                <tbody>
                  {data.accounts.map((account) => {
                    const asked = account.courses.filter((one) => chosen === '' || one.module === chosen);
                    return (
                      <tr key={account.name}>
                        <th scope="row">
                          <Text value={account.name} />
                          <span className="meta">{rolesSaid(account.roles, 'and')}</span>
                        </th>
                        <td>
                          {asked
                            .filter((one) => one.doneUntil)
                            .map((one) => `${one.title} (until ${day(one.doneUntil)})`)
                            .join('; ') || '–'}
                        </td>
                        <td>
                          {asked
                            .filter((one) => !one.doneUntil)
                            .map((one) => one.title)
                            .join('; ') || '–'}
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </Wide>
            <h3>Held in a room</h3>
            <p className="quiet">
              Most people who hire, ship and pay have no account here. Record a course held for them; only
              numbers are kept.
            </p>
            {data.sessions.length > 0 ? (
              <Wide label="Courses held in a room">
                <table className="courses">
                  <thead>
                    <tr>
                      <th scope="col">Course</th>
                      <th scope="col">For</th>
                      <th scope="col">Came</th>
                      <th scope="col">Held on</th>
                      <th scope="col">Recorded by</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.sessions.map((session) => (
                      <tr key={`${session.module} ${session.group} ${session.heldOn}`}>
                        <th scope="row">{session.title}</th>
                        <td>
                          <Text value={session.group} />
                        </td>
                        <td>
                          {count(session.attended)} of {count(session.invited)}
                        </td>
                        <td>{day(session.heldOn)}</td>
                        <td>
                          <Text value={session.recordedBy} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Wide>
            ) : null}
            {may('checks.plan') ? (
              <Act
                label="Record a course held in a room"
                word="Record it"
                done="Recorded."
                act={(fields) =>
                  send('POST', `/training/${String(fields.get('module'))}/sessions`, {
                    group: fields.get('group'),
                    attended: Number(fields.get('attended')),
                    invited: Number(fields.get('invited')),
                    heldOn: fields.get('heldOn'),
                  })
                }
              >
                <label>
                  Course
                  <select name="module" required>
                    {[...titles].map(([id, title]) => (
                      <option key={id} value={id}>
                        {title}
                      </option>
                    ))}
                  </select>
                </label>
                <label>
                  For which part of the company
                  <input name="group" required maxLength={120} />
                </label>
                <div className="held-numbers">
                  <label>
                    Invited
                    <input name="invited" type="number" min={1} required />
                  </label>
                  <label>
                    Came
                    <input name="attended" type="number" min={0} required />
                  </label>
                  <label>
                    Held on
                    <input name="heldOn" type="date" required />
                  </label>
                </div>
              </Act>
            ) : null}
          </>
        );
      }}
    </Loaded>
  );
}
