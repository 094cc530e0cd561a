import type { ReachKindView, ReachView, ResponseView } from '@rollcall/server/areas/response/words.js';
import { useRef } from 'react';
import { count, countOf, days, moment } from '../../format.js';
import { Items } from '../../parts/Items.js';
import { useRowKeys } from '../../parts/keys.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { StateLink, Text } from '../../parts/Text.js';
import { href } from '../../route.js';
import { send, useGet } from '../api.js';
import { useMay } from '../session.js';
import { Act } from './Act.js';
import { Loaded } from './Loaded.js';
import { BundlesPart } from './ResponseBundles.js';
import { ExercisePart } from './ResponseExercise.js';
import { PlanPart } from './ResponsePlan.js';
import { PlaybooksPart } from './ResponsePlaybooks.js';
import { ReportsPart } from './ResponseReports.js';
import type { CaseQuery, PersonPart } from './response-props.js';
import '../style/response.css';

const views = [
  ['reach', 'What they could reach'],
  ['contain', 'Closing access'],
  ['reports', 'Reports and letters'],
  ['bundles', 'Sealed evidence'],
  ['playbooks', 'Playbooks'],
  ['exercise', 'Exercises'],
] as const;

/** The response part of a case: what they could reach, closing it, reports, sealed evidence, exercises. */
export function ResponsePart({ caseId, query }: { caseId: string; query: CaseQuery }) {
  const response = useGet<ResponseView>(`/cases/${encodeURIComponent(caseId)}/response`, [`case:${caseId}`]);
  return <Loaded of={response}>{(data) => <Inside caseId={caseId} query={query} data={data} />}</Loaded>;
}

function Inside({ caseId, query, data }: { caseId: string; query: CaseQuery; data: ResponseView }) {
  const container = useRef<HTMLDivElement>(null);
  useRowKeys(container);
  const to = (change: Record<string, string | undefined>) =>
    href('case', caseId, { part: 'response', person: query.person, ...change });
  // Who sees their tasks only has no letters and no bundles.
  const mine = views.filter(
    ([id]) => data.templates.length > 0 || id === 'reach' || id === 'contain' || id === 'exercise',
  );
  const asked = query.letter ? 'reports' : query.plan ? 'contain' : query.see;
  const see = mine.find(([id]) => id === asked)?.[0] ?? 'reach';
  const person = data.people.find(({ handle }) => handle === query.person) ?? data.people[0];
  return (
    <div ref={container} className="response">
      <nav aria-label="Parts of the response" className="response-views">
        <ul>
          {mine.map(([id, word]) => (
            <li key={id}>
              <a
                href={to({ see: id === 'reach' ? undefined : id })}
                aria-current={see === id ? 'page' : undefined}
              >
                {word}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {see !== 'bundles' && see !== 'playbooks' && see !== 'exercise' && data.people.length > 1 ? (
        <nav aria-label="People of the case" className="response-people">
          <ul>
            {data.people.map(({ handle, name }) => (
              <li key={handle}>
                <a
                  href={to({ person: handle, see: see === 'reach' ? undefined : see })}
                  aria-current={person?.handle === handle ? 'true' : undefined}
                >
                  <Text value={name} />
                </a>
              </li>
            ))}
          </ul>
        </nav>
      ) : null}
      {see === 'bundles' ? (
        <BundlesPart caseId={caseId} data={data} />
      ) : see === 'playbooks' ? (
        <PlaybooksPart caseId={caseId} query={query} />
      ) : see === 'exercise' ? (
        <ExercisePart />
      ) : person === undefined ? (
        <Empty title="Nobody is in this case yet.">
          <p>Add the person it is about, under Summary; then what they could reach is told here.</p>
        </Empty>
      ) : see === 'contain' ? (
        <PlanPart caseId={caseId} data={data} person={person} query={query} />
      ) : see === 'reports' ? (
        <ReportsPart caseId={caseId} data={data} person={person} query={query} />
      ) : (
        <ReachPart caseId={caseId} data={data} person={person} query={query} />
      )}
    </div>
  );
}

function ReachPart({ caseId, data, person, query }: PersonPart) {
  const may = useMay();
  const path = `/cases/${encodeURIComponent(caseId)}/reach/${encodeURIComponent(person.handle)}`;
  const reach = useGet<ReachView>(path, ['people']);
  const frozen = data.frozen.filter((one) => one.person === person.handle);
  return (
    <>
      <Section
        id="reach"
        title={`What ${person.name} could reach and did`}
        lead="From the records of the last scan, each line with its rows. It says what happened, not why: most of it is anybody’s work."
      >
        <Loaded of={reach}>{(found) => <ReachTable reach={found} caseId={caseId} query={query} />}</Loaded>
      </Section>
      <Section
        id="reach-frozen"
        title="Frozen into the case"
        lead="Logs expire and accounts change. What is frozen is kept with its hash, and goes into sealed bundles."
      >
        {frozen.length === 0 ? (
          <p>Nothing is frozen for this person. Freeze it before anybody is warned.</p>
        ) : (
          <Wide label="frozen reach">
            <table>
              <thead>
                <tr>
                  <th scope="col">Frozen</th>
                  <th scope="col">By</th>
                  <th scope="col">Records as of</th>
                  <th scope="col">SHA-256</th>
                  <th scope="col">State</th>
                </tr>
              </thead>
              <tbody>
                {frozen.map((one) => (
                  <tr key={one.id}>
                    <td className="time">{moment(one.at)}</td>
                    <td>
                      <Text value={one.by} />
                    </td>
                    <td className="time">{moment(one.asOf)}</td>
                    <td className="hash">{one.sha256}</td>
                    <td>{one.intact ? 'agrees with its hash' : 'does NOT agree with its hash'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        )}
        {may('cases.work') && data.templates.length > 0 ? (
          <Act
            word="Freeze it now"
            label="Freeze what they could reach"
            done="Frozen."
            act={() => send('POST', `${path}/freeze`, {})}
          />
        ) : null}
      </Section>
    </>
  );
}

const stateWords = { seen: 'seen', nothing: 'not seen', unknown: 'cannot be known' } as const;

function ReachTable({ reach, caseId, query }: { reach: ReachView; caseId: string; query: CaseQuery }) {
  const opened = reach.kinds.find(({ id }) => id === query.open);
  const known = reach.kinds.filter(({ state }) => state !== 'unknown');
  return (
    <>
      <p>
        {reach.first ? (
          <>
            Records on them: {days(reach.first, reach.last)}. As of {moment(reach.asOf)}.
          </>
        ) : (
          <>No record is tied to this person.</>
        )}
      </p>
      {known.length > 0 ? (
        <Wide label="what they could reach and did">
          <table>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">State</th>
                <th scope="col">In words</th>
              </tr>
            </thead>
            <tbody>
              {known.map((kind) => (
                <tr key={kind.id} className={kind.id === opened?.id ? 'opened' : undefined}>
                  <th scope="row">
                    {kind.rows.length > 0 ? (
                      <a
                        data-row={kind.id}
                        href={href('case', caseId, {
                          part: 'response',
                          person: query.person,
                          open: kind.id === opened?.id ? undefined : kind.id,
                        })}
                        aria-current={kind.id === opened?.id ? 'true' : undefined}
                      >
                        {kind.title}
                      </a>
                    ) : (
                      kind.title
                    )}
                  </th>
                  <td>{stateWords[kind.state]}</td>
                  <td>
                    <Text value={kind.says} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      ) : null}
      {opened ? <KindRows kind={opened} /> : null}
      <h3>What could not be known</h3>
      {reach.missing.length > 0 ? (
        <Items items={reach.missing} />
      ) : (
        <p>Every kind of thing on the list has a source. Gaps within a source are told under its limits.</p>
      )}
      {reach.limits.length > 0 ? (
        <details>
          <summary>Known limits of the sources ({count(reach.limits.length)})</summary>
          <Items items={reach.limits} />
        </details>
      ) : null}
    </>
  );
}

const timeLike = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function KindRows({ kind }: { kind: ReachKindView }) {
  return (
    <section className="reach-rows" aria-labelledby="reach-rows-title">
      <h3 id="reach-rows-title">{kind.title}</h3>
      <p>{kind.look}</p>
      <p className="meta">
        {kind.rows.length < kind.total
          ? `The latest ${count(kind.rows.length)} of ${count(kind.total)}.`
          : countOf(kind.total, 'line', 'lines')}{' '}
        From: {kind.sources.join(', ')}.{' '}
        <StateLink to={window.location.hash.replace(/([?&])open=[^&]*&?/, '$1').replace(/[?&]$/, '')}>
          Close
        </StateLink>
      </p>
      <Wide label={kind.title}>
        <table>
          <thead>
            <tr>
              {kind.columns.map((column) => (
                <th scope="col" key={column}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kind.rows.map((row, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are what the records say, and may repeat
              <tr key={i}>
                {row.map((cell, j) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their place
                  <td key={j} className={typeof cell === 'number' ? 'number' : undefined}>
                    {typeof cell === 'number' ? (
                      count(cell)
                    ) : typeof cell === 'string' && timeLike.test(cell) ? (
                      moment(cell)
                    ) : (
                      <Text value={cell} />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
