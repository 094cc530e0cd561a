import type { Proposal } from '@rollcall/engine/model/result.js';
import { useId } from 'react';
import { count, countOf, day } from '../format.js';
import type { Lookup } from '../lookup.js';
import { explanationWords, kindWords } from '../words.js';
import { useActing } from './acting.js';
import { Command } from './Command.js';
import { Evidence } from './Evidence.js';
import { Items } from './Items.js';
import { PersonLink, Text } from './Text.js';

const valueWords = { ...kindWords, tool: 'Program', network: 'Range of addresses' };

/** Named in a heading; of more only the number is. */
const inHeading = 3;
const listed = 40;
const quiet = 'Nothing in the data. That is no proof: what was never recorded cannot speak against it.';

/** One innocent reason the data suggests: what speaks for it and against it in one type, and how to confirm it. */
export function Proposed({ proposal, names }: { proposal: Proposal; names: Lookup }) {
  const { people, value, evidence, confirmed } = proposal;
  const title = useId();
  const acting = useActing();
  return (
    <article className="proposal" aria-labelledby={title}>
      <h3 id={title}>
        {explanationWords[proposal.kind] ?? <Text value={proposal.kind} />}:{' '}
        {proposal.groups ? (
          <Text
            value={proposal.groups
              .map((group) => `everybody of ${'department' in group ? group.department : group.vendor}`)
              .join(', ')}
          />
        ) : people.length > inHeading ? (
          countOf(people.length, 'person', 'people')
        ) : (
          people.map((person, index) => (
            <span key={person.id}>
              {index > 0 ? ', ' : ''}
              <Text value={person.name} />
            </span>
          ))
        )}
      </h3>
      {confirmed ? (
        <p className="confirmed">
          Confirmed by <Text value={confirmed.by} /> on {day(confirmed.time)}
          {confirmed.until ? `, until ${day(confirmed.until)}` : ''}: <Text value={confirmed.reason} />
        </p>
      ) : null}
      <div className="weighed">
        <div>
          <p className="label">What speaks for it</p>
          <p className="says">
            <Text value={proposal.says} />
          </p>
        </div>
        <div>
          <p className="label">What speaks against it</p>
          {(proposal.against.length > 0 ? proposal.against : [quiet]).map((sentence, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and sentences may repeat
            <p className="says" key={index}>
              <Text value={sentence} />
            </p>
          ))}
        </div>
      </div>
      <dl className="facts">
        <div>
          <dt>Whom it is about</dt>
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
        {value ? (
          <div>
            <dt>Only for</dt>
            <dd>
              <span className="kind">{valueWords[value.kind]}</span> <Text value={value.label} />
            </dd>
          </div>
        ) : null}
        {proposal.from || proposal.to ? (
          <div>
            <dt>For what happened</dt>
            <dd>
              {proposal.from ? `from ${day(proposal.from)} ` : ''}
              {proposal.to ? `to ${day(proposal.to)}` : ''}
            </dd>
          </div>
        ) : null}
        {proposal.detections ? (
          <div>
            <dt>Only these detections</dt>
            <dd>
              <Text value={proposal.detections.join(', ')} />
            </dd>
          </div>
        ) : null}
        <div>
          <dt>{confirmed ? 'No longer counts' : 'Would no longer count'}</dt>
          <dd>
            <Items items={proposal.silences} />
          </dd>
        </div>
        {confirmed ? (
          <div>
            <dt>To take it back</dt>
            <dd>
              {acting ? acting.withdraw(proposal.id) : <Decide verb="withdraw" id={proposal.id} />}
              <span className="meta">Decision {count(confirmed.decision)}. It stays on record.</span>
            </dd>
          </div>
        ) : (
          <>
            <div>
              <dt>Before you confirm</dt>
              <dd>
                <Text value={proposal.check} />
              </dd>
            </div>
            <div>
              <dt>{proposal.policy ? 'To confirm it, add to the policy file' : 'To confirm it'}</dt>
              <dd>
                {proposal.policy ? (
                  <pre>
                    <Text value={proposal.policy} />
                  </pre>
                ) : (
                  (acting?.confirm(proposal) ?? <Decide verb="confirm" id={proposal.id} />)
                )}
              </dd>
            </div>
          </>
        )}
      </dl>
      {evidence.rows.length > 0 ? (
        <details>
          <summary>
            {countOf(evidence.rows.length, 'row', 'rows')} behind this
            <span className="hidden">: {explanationWords[proposal.kind]}</span>
          </summary>
          <Evidence evidence={evidence} names={names} label={`Rows behind: ${proposal.id}`} />
        </details>
      ) : null}
    </article>
  );
}

function Decide({ verb, id }: { verb: 'confirm' | 'withdraw'; id: string }) {
  return <Command words={['rollcall', 'explanations', verb, id, '--by', 'NAME', '--reason', 'TEXT']} />;
}
