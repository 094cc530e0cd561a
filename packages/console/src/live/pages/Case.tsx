import type { Case } from '@rollcall/server/areas/cases/words.js';
import { useRef } from 'react';
import { count, countOf, day, moment } from '../../format.js';
import { Band } from '../../parts/Band.js';
import { useKeys, useRowKeys } from '../../parts/keys.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { go, href, type Route } from '../../route.js';
import { useGet } from '../api.js';
import { DecisionsPart } from '../parts/case/Decisions.js';
import { EvidencePart } from '../parts/case/Evidence.js';
import { HistoryPart } from '../parts/case/History.js';
import { HypothesesPart } from '../parts/case/Hypotheses.js';
import { LettersPart } from '../parts/case/Letters.js';
import { MembersPart } from '../parts/case/Members.js';
import { SweepPart } from '../parts/case/Sweep.js';
import { CaseAct, nameOf, ReasonField, StandingOf, Who } from '../parts/case/small.js';
import { TasksPart } from '../parts/case/Tasks.js';
import { aboutWords, playbookWords, stateWords, stepWords, verdictWords } from '../parts/case/words.js';
import { Loaded } from '../parts/Loaded.js';
import { ResponsePart } from '../parts/Response.js';
import '../style/cases.css';

const parts = [
  'summary',
  'tasks',
  'evidence',
  'hypotheses',
  'sweep',
  'decisions',
  'letters',
  'response',
  'members',
  'history',
  'all',
] as const;
type Part = (typeof parts)[number];

const partWords: Record<Part, string> = {
  summary: 'Summary',
  tasks: 'Tasks',
  evidence: 'Evidence',
  hypotheses: 'Hypotheses',
  sweep: 'Linked people',
  decisions: 'Decisions',
  letters: 'Letters and disputes',
  response: 'Response',
  members: 'Members',
  history: 'History',
  all: 'All, to print',
};

export function CasePage({ route }: { route: Route }) {
  const one = useGet<Case>(`/cases/${encodeURIComponent(route.id)}`, [`case:${route.id}`, 'people']);
  const body = useRef<HTMLDivElement>(null);
  useRowKeys(body);
  useKeys((key) => {
    if (key !== 'u' && key !== 'Escape') return false;
    go(href('cases'));
    return true;
  });
  return (
    <Loaded of={one}>
      {(data) => (
        <div className="case-page" ref={body}>
          <Inside data={data} route={route} again={one.again} />
        </div>
      )}
    </Loaded>
  );
}

function Inside({ data, route, again }: { data: Case; route: Route; again: () => void }) {
  const mine: readonly Part[] = data.me.narrow
    ? ['tasks', 'response', 'history']
    : data.state === 'asked' || data.state === 'refused'
      ? ['summary', 'members', 'history']
      : parts;
  const part = mine.find((name) => name === route.query.part) ?? mine[0] ?? 'summary';
  const shows = (name: Part) => part === name || (part === 'all' && name !== 'response');
  const given = { data, again, query: route.query };
  return (
    <>
      <div className="page-head">
        <nav className="steps" aria-label="Cases">
          <a href={href('cases')}>All cases</a>
        </nav>
        <h1>
          Case {data.number}: <Text value={data.title} />
        </h1>
        <p className="meta">
          {aboutWords[data.about]}, steps for {playbookWords[data.playbook]} · {stateWords[data.state]} ·
          opened {moment(data.openedAt)} by <Text value={nameOf(data, data.openedBy)} />
          {data.approvedBy ? (
            <>
              , answered by <Text value={nameOf(data, data.approvedBy)} />
            </>
          ) : null}{' '}
          · your part: {data.me.part}
        </p>
        {data.mergedInto ? (
          <p className="lead">
            It is part of <a href={href('case', data.mergedInto.id)}>case {data.mergedInto.number}</a> now; go
            on there.
          </p>
        ) : null}
        {data.state === 'closed' ? (
          <p className="lead">Closed. Names are shown again only where another reason opens them.</p>
        ) : null}
      </div>
      <nav className="case-parts" aria-label="Parts of the case">
        {mine.map((name) => (
          <a
            key={name}
            href={href('case', data.id, { part: name === 'summary' ? undefined : name })}
            aria-current={part === name ? 'page' : undefined}
          >
            {partWords[name]}
            {tally(data, name)}
          </a>
        ))}
      </nav>
      {shows('summary') && mine.includes('summary') ? <SummaryPart {...given} /> : null}
      {shows('tasks') && mine.includes('tasks') ? <TasksPart {...given} /> : null}
      {shows('evidence') && mine.includes('evidence') ? <EvidencePart {...given} /> : null}
      {shows('hypotheses') && mine.includes('hypotheses') ? <HypothesesPart {...given} /> : null}
      {shows('sweep') && mine.includes('sweep') ? <SweepPart {...given} /> : null}
      {shows('decisions') && mine.includes('decisions') ? <DecisionsPart {...given} /> : null}
      {shows('letters') && mine.includes('letters') ? <LettersPart {...given} /> : null}
      {part === 'response' ? <ResponsePart caseId={data.id} query={route.query} /> : null}
      {shows('members') && mine.includes('members') ? <MembersPart {...given} /> : null}
      {shows('history') && mine.includes('history') ? <HistoryPart {...given} /> : null}
    </>
  );
}

function tally(data: Case, part: Part) {
  const left =
    part === 'tasks'
      ? data.tasks.filter((task) => task.state === 'open').length
      : part === 'sweep'
        ? data.linked.filter((one) => one.decision !== 'aside').length
        : part === 'letters'
          ? data.disputes.filter((one) => !one.answer).length
          : part === 'hypotheses'
            ? data.hypotheses.filter((one) => one.matters && one.state === 'open' && one.kind !== 'false')
                .length
            : 0;
  return left > 0 ? (
    <span className="tally">
      {count(left)}
      <span className="hidden"> left</span>
    </span>
  ) : null;
}

function SummaryPart({ data, again }: { data: Case; again: () => void }) {
  const counting = data.items.filter((item) => item.finding?.counts).length;
  const favour = data.items.filter((item) => item.state === 'held' && (item.finding?.bits ?? 0) < 0).length;
  const readings = data.hypotheses.filter((one) => one.kind !== 'false' && one.matters);
  const answered = readings.filter((one) => one.state !== 'open').length;
  const innocent = readings.length;
  const steps = data.decisions.filter((one) => one.kind === 'step');
  return (
    <>
      <Section id="case-summary" title="In short">
        <div className="sum-up">
          <p className="says">
            Opened because: <Text value={data.reason} />
          </p>
          {data.origin && data.origin !== 'finding' ? <p>It came from outside: {data.origin}.</p> : null}
          {data.vendor ? (
            <p>
              About the vendor <Text value={data.vendor} />.
            </p>
          ) : null}
          {data.ring ? (
            <p>
              About the ring{' '}
              <a href={href('ring', data.ring)}>
                <Text value={data.ring} />
              </a>
              .
            </p>
          ) : null}
          {data.state === 'asked' ? (
            <p>
              It waits for a second person’s yes. Until then you see pseudonyms, and no evidence is held. HR
              or counsel find it on their Today page.
            </p>
          ) : data.state === 'refused' ? (
            <p>
              It was not opened: <Text value={data.outcome ?? ''} />
            </p>
          ) : (
            <>
              <p>
                {countOf(data.people.length, 'person', 'people')};{' '}
                {countOf(data.items.filter((item) => item.state === 'held').length, 'piece', 'pieces')} of
                evidence, of which {countOf(counting, 'finding counts', 'findings count')} towards a step and{' '}
                {countOf(favour, 'finding speaks', 'findings speak')} for the person. Of{' '}
                {countOf(
                  innocent,
                  'innocent reading or own hypothesis',
                  'innocent readings and own hypotheses',
                )}
                , {count(answered)} {answered === 1 ? 'is' : 'are'} answered.
              </p>
              <p>
                {steps.length === 0
                  ? 'No step against anybody was decided.'
                  : `Decided: ${steps.map((one) => `${(stepWords[one.what] ?? one.what).toLowerCase()} (${one.person.name})`).join('; ')}.`}
              </p>
            </>
          )}
          {data.outcome && data.state === 'closed' ? (
            <p>
              Closed on {day(data.closedAt)}: <Text value={data.outcome} />
            </p>
          ) : null}
        </div>
      </Section>
      <Section id="case-people" title={countOf(data.people.length, 'person', 'people')}>
        {data.people.length === 0 ? (
          <Empty title="Nobody is in this case yet.">
            <p>Put somebody in below, or from the linked people.</p>
          </Empty>
        ) : (
          <Wide label="People of the case">
            <table>
              <thead>
                <tr>
                  <th scope="col">Person</th>
                  <th scope="col">Band now</th>
                  <th scope="col">What the evidence says</th>
                  <th scope="col">Verdict</th>
                </tr>
              </thead>
              <tbody>
                {data.people.map((one) => (
                  <tr key={one.person.handle}>
                    <th scope="row">
                      <a href={href('person', one.person.handle)} data-row>
                        <Text value={one.person.name} />
                      </a>
                      <span className="meta">
                        <Text value={one.role} />
                        {one.why ? (
                          <>
                            {' '}
                            · <Text value={one.why} />
                          </>
                        ) : null}
                      </span>
                    </th>
                    <td>
                      {one.band === 'clear' ||
                      one.band === 'watch' ||
                      one.band === 'review' ||
                      one.band === 'urgent' ? (
                        <Band band={one.band} />
                      ) : (
                        '–'
                      )}
                    </td>
                    <td>
                      {one.rule.says ? <StandingOf data={data} one={one} /> : null}
                      {one.unanswered > 0 ? (
                        <span className="meta">
                          {countOf(one.unanswered, 'innocent reading is', 'innocent readings are')} not
                          answered
                        </span>
                      ) : null}
                      {one.disputed ? <strong> They dispute it; answer that first.</strong> : null}
                      {one.since.map((says) => (
                        <span key={says} className="meta">
                          {says}
                        </span>
                      ))}
                    </td>
                    <td>{one.verdict ? (verdictWords[one.verdict] ?? one.verdict) : 'none yet'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        )}
        {data.state === 'open' ? (
          <div className="two-readings">
            <details className="form-behind">
              <summary>Put somebody in</summary>
              <CaseAct
                data={data}
                again={again}
                word="Put in"
                label="Put a person in the case"
                path="/people"
                body={(text) => ({ person: text('person'), reason: text('reason') })}
              >
                <label>
                  Their handle
                  <input name="person" required maxLength={40} aria-describedby="handle-help" />
                  <span id="handle-help" className="meta">
                    From the address of their page: p and ten letters or digits.
                  </span>
                </label>
                <ReasonField />
              </CaseAct>
            </details>
            {data.people.length > 1 && (data.me.part === 'lead' || data.me.counsel) ? (
              <details className="form-behind">
                <summary>Take somebody out</summary>
                <CaseAct
                  data={data}
                  again={again}
                  word="Take out"
                  label="Take a person out of the case"
                  path={(text) => `/people/${encodeURIComponent(text('person'))}/removal`}
                  body={(text) => ({ reason: text('reason') })}
                >
                  <Who data={data} />
                  <ReasonField help="What was kept of them stays. Their name is no longer shown through this case." />
                </CaseAct>
              </details>
            ) : null}
          </div>
        ) : null}
      </Section>
      {data.state === 'open' ? (
        <Section id="case-end" title="To close it">
          {data.beforeClosing.length > 0 ? (
            <>
              <p>Before it can be closed:</p>
              <ul className="plain-list">
                {data.beforeClosing.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            </>
          ) : data.me.part === 'member' ? (
            <p>Nothing is left. A lead or a decider closes it.</p>
          ) : (
            <CaseAct
              data={data}
              again={again}
              word="Close the case"
              label="Close the case"
              path="/closing"
              body={(text) => ({ reason: text('reason') })}
            >
              <p>
                Nothing is left. Once it is closed, its members no longer see names through it. Print it, or
                seal its evidence, before.
              </p>
              <ReasonField label="How it ended, in words" />
            </CaseAct>
          )}
        </Section>
      ) : data.reopening ? (
        <Section id="case-again" title="To be taken up again">
          <p>
            <Text value={nameOf(data, data.reopening.by)} /> asked for it on {moment(data.reopening.at)}:{' '}
            <Text value={data.reopening.reason} />
          </p>
          <p>
            It waits for a second person’s yes, and is closed until then. HR or counsel find it on their Today
            page.
          </p>
        </Section>
      ) : data.state === 'closed' && (data.me.part === 'lead' || data.me.counsel) ? (
        <Section id="case-again" title="Take it up again">
          <CaseAct
            data={data}
            again={again}
            word="Open it again"
            label="Take the case up again"
            path="/reopening"
            body={(text) => ({ reason: text('reason') })}
          >
            <ReasonField help="In words that name nobody. Where two people open a case here, a second one has to agree, and reads them." />
          </CaseAct>
        </Section>
      ) : null}
    </>
  );
}
