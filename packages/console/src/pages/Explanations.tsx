import type { ScanResult } from '@rollcall/engine/model/result.js';
import { useEffect } from 'react';
import { countOf } from '../format.js';
import { lookup, unconfirmed } from '../lookup.js';
import { useActing } from '../parts/acting.js';
import { Proposed } from '../parts/Proposed.js';
import { placeOf, Recorded } from '../parts/Recorded.js';
import { Empty, Section } from '../parts/Section.js';
import type { Query } from '../route.js';

const sections = [
  { state: 'in force', id: 'in-force', title: 'in force', lead: undefined },
  {
    state: 'not yet',
    id: 'not-yet',
    title: 'not yet in force',
    lead: 'Nothing is silenced by them before their first day.',
  },
  {
    state: 'over',
    id: 'over',
    title: 'no longer in force',
    lead: 'What they were about counts again. Somebody who knows it is still so puts it on record anew.',
  },
  {
    state: 'withdrawn',
    id: 'withdrawn',
    title: 'taken back',
    lead: 'They stay on record; what they were about counts again.',
  },
] as const;

/** Innocent reasons: those the data suggests and nobody checked yet, then those on record, with all that each accounts for. */
export function ExplanationsPage({ result, query }: { result: ScanResult; query: Query }) {
  const names = lookup(result);
  const waiting = unconfirmed(result.proposals);
  const acting = useActing();
  const target = query.show;
  useEffect(() => {
    if (target) document.getElementById(placeOf(target))?.scrollIntoView({ block: 'start' });
  }, [target]);
  return (
    <>
      <div className="page-head">
        <h1>Explanations</h1>
        <p className="lead">
          Innocent reasons: those that the data suggests, and those on record. None counts until somebody has
          checked and confirmed it; from the next scan on it silences everything it accounts for, until its
          last day. Look for them as hard as for the other reading.
        </p>
        {!acting && result.proposals.length + result.explanations.length > 0 ? (
          <p className="meta">
            The commands act on the lake in .rollcall; where yours is elsewhere, add --lake DIR. --until DAY
            gives it another last day than a year from now.
          </p>
        ) : null}
      </div>
      {result.proposals.length + result.explanations.length === 0 ? (
        <Empty title="The data suggests no innocent reason, and none is on record.">
          <p>
            Households, shared places of work, agencies, people recorded twice, journeys, moves, changes of
            name and tools of a department are looked for around everybody with something to explain. What you
            know yourself goes on record{' '}
            {acting ? 'with the form on this page' : 'with “rollcall explanations add”'}, or into the policy
            file.
          </p>
        </Empty>
      ) : (
        <>
          <Section id="waiting" title={`${countOf(waiting.length, 'reason', 'reasons')} to check`}>
            {waiting.length === 0 ? (
              <p>Nothing waits: every reason the data suggests was confirmed by somebody.</p>
            ) : (
              waiting.map((proposal) => <Proposed key={proposal.id} proposal={proposal} names={names} />)
            )}
          </Section>
          {sections.map(({ state, id, title, lead }) => {
            const list = result.explanations.filter((one) => one.state === state);
            return list.length > 0 ? (
              <Section
                key={id}
                id={id}
                title={`${countOf(list.length, 'reason', 'reasons')} ${title}`}
                lead={lead}
              >
                {list.map((one) => (
                  <Recorded key={one.id} explanation={one} names={names} />
                ))}
              </Section>
            ) : null;
          })}
        </>
      )}
    </>
  );
}
