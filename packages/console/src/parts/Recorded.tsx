import type { ExplanationResult } from '@rollcall/engine/model/result.js';
import { useId } from 'react';
import { count, countOf, day, unhyphened } from '../format.js';
import type { Lookup } from '../lookup.js';
import { explanationWords } from '../words.js';
import { useActing } from './acting.js';
import { Bits } from './Bits.js';
import { Command } from './Command.js';
import { Items } from './Items.js';
import { PersonLink, Text } from './Text.js';

/** Named in a heading; of more only the number is. */
const inHeading = 3;
const listed = 40;

/** The place of an explanation on its page, for links from elsewhere. */
export function placeOf(id: string): string {
  return `recorded-${id}`;
}

/** One innocent reason on record: who said so, until when, and everything that does not count because of it. */
export function Recorded({ explanation, names }: { explanation: ExplanationResult; names: Lookup }) {
  const { people, groups, kind, state, accountsFor, joins, withdrawn } = explanation;
  const title = useId();
  const acting = useActing();
  const about = groups.map((group) =>
    'department' in group ? `everybody of ${group.department}` : `everybody through ${group.vendor}`,
  );
  return (
    <article className="proposal recorded" id={placeOf(explanation.id)} aria-labelledby={title}>
      <h3 id={title}>
        {explanationWords[kind] ?? <Text value={unhyphened(kind)} />}:{' '}
        <Text
          value={
            about.length > 0
              ? about.join(', ')
              : people.length === 0
                ? 'everybody'
                : people.length > inHeading
                  ? countOf(people.length, 'person', 'people')
                  : people.map((person) => person.name).join(', ')
          }
        />
      </h3>
      <p className="confirmed">
        <RecordedBy explanation={explanation} />: <Text value={explanation.reason} />
      </p>
      {withdrawn ? (
        <p className="confirmed">
          Taken back by <Text value={withdrawn.by} /> on {day(withdrawn.time)}:{' '}
          <Text value={withdrawn.reason} />
        </p>
      ) : null}
      {explanation.doubts.length > 0 ? <Items items={explanation.doubts} className="says" /> : null}
      <dl className="facts">
        {people.length > 0 ? (
          <div>
            <dt>{groups.length > 0 ? 'Who that is today' : 'Whom it is about'}</dt>
            <dd>
              {people.slice(0, listed).map((person, index) => (
                <span key={person.id}>
                  {index > 0 ? ', ' : ''}
                  <PersonLink id={person.id} name={person.name} known={names.rank.has(person.id)} />
                </span>
              ))}
              {people.length > listed ? ` and ${count(people.length - listed)} more` : ''}
            </dd>
          </div>
        ) : null}
        <Scope explanation={explanation} />
        {state === 'in force' ? (
          <div>
            <dt>This accounts for</dt>
            <dd>
              {accountsFor.length + joins.length === 0 ? <p>Nothing that was found today.</p> : null}
              {accountsFor.length > 0 ? (
                <ul>
                  {accountsFor.slice(0, listed).map((finding) => (
                    <li key={`${finding.person.id} ${finding.detection}`}>
                      <PersonLink
                        id={finding.person.id}
                        name={finding.person.name}
                        known={names.rank.has(finding.person.id)}
                      />
                      : <Text value={finding.says} />{' '}
                      <span className="quiet">
                        {finding.bits === 0 ? (
                          `${count(finding.rows)} of its ${count(finding.of)} rows; the others count`
                        ) : (
                          <>
                            would weigh <Bits value={finding.bits} />
                          </>
                        )}
                      </span>
                    </li>
                  ))}
                </ul>
              ) : null}
              {accountsFor.length > listed ? (
                <p className="meta">and {count(accountsFor.length - listed)} more findings</p>
              ) : null}
              {joins.length > 0 ? (
                <>
                  <p>Values that join nobody because of it:</p>
                  <Items items={joins.slice(0, listed).map((link) => link.says)} />
                  {joins.length > listed ? (
                    <p className="meta">and {count(joins.length - listed)} more values</p>
                  ) : null}
                </>
              ) : null}
            </dd>
          </div>
        ) : null}
        <div>
          <dt>On record as</dt>
          <dd>
            <code>
              <Text value={explanation.id} />
            </code>
            {explanation.source === 'decision' ? ', ' : ''}
            {explanation.source === 'decision' ? `decision ${count(explanation.decision ?? 0)}` : ''}
            {explanation.source === 'policy' ? ', in the policy file' : ''}
          </dd>
        </div>
        {explanation.source === 'decision' && state !== 'withdrawn' ? (
          <div>
            <dt>To take it back</dt>
            <dd>
              {acting ? (
                acting.withdraw(explanation.id)
              ) : (
                <Command
                  words={[
                    'rollcall',
                    'explanations',
                    'withdraw',
                    explanation.id,
                    '--by',
                    'NAME',
                    '--reason',
                    'TEXT',
                  ]}
                />
              )}
              <span className="meta">It stays on record.</span>
            </dd>
          </div>
        ) : null}
      </dl>
    </article>
  );
}

function RecordedBy({ explanation }: { explanation: ExplanationResult }) {
  const { by, time, until, source } = explanation;
  if (source === 'HR record') return <>From the records of the HR system</>;
  return (
    <>
      Recorded by <Text value={by} />
      {time ? ` on ${day(time)}` : ''}
      {until ? `, until ${day(until)}` : ', without a last day'}
    </>
  );
}

function Scope({ explanation }: { explanation: ExplanationResult }) {
  const { value, from, to, detections } = explanation;
  return (
    <>
      {value ? (
        <div>
          <dt>Only for</dt>
          <dd>
            <Text value={value} />
          </dd>
        </div>
      ) : null}
      {from || to ? (
        <div>
          <dt>What happened</dt>
          <dd>
            {from ? `from ${day(from)}` : ''}
            {from && to ? ' ' : ''}
            {to ? `to ${day(to)}` : ''}
          </dd>
        </div>
      ) : null}
      {detections.length > 0 ? (
        <div>
          <dt>Only these detections</dt>
          <dd>
            <Text value={detections.join(', ')} />
          </dd>
        </div>
      ) : null}
    </>
  );
}
