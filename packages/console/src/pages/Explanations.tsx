import type { ScanResult } from '@rollcall/engine/model/result.js';
import { countOf } from '../format.js';
import { lookup, unconfirmed } from '../lookup.js';
import { Proposed } from '../parts/Proposed.js';
import { Empty, Section } from '../parts/Section.js';

/** Innocent reasons the data suggests, for people to check: those that wait, then those somebody confirmed. */
export function ExplanationsPage({ result }: { result: ScanResult }) {
  const names = lookup(result);
  const waiting = unconfirmed(result.proposals);
  const confirmed = result.proposals.filter((proposal) => proposal.confirmed);
  return (
    <>
      <div className="page-head">
        <h1>Explanations</h1>
        <p className="lead">
          Innocent reasons that the data suggests for what people share. None counts until somebody has
          checked and confirmed it; from the next scan on it silences what it explains, until its last day.
          Look for them as hard as for the other reading.
        </p>
        {result.proposals.length > 0 ? (
          <p className="meta">
            The commands act on the lake in .rollcall; where yours is elsewhere, add --lake DIR. --until DAY
            gives it another last day than a year from now.
          </p>
        ) : null}
      </div>
      {result.proposals.length === 0 ? (
        <Empty title="The data suggests no innocent reason.">
          <p>
            Households, shared places of work, agencies and people recorded twice are looked for around
            everybody with something to explain. What you know yourself (a journey, a move, an agreed
            accommodation) goes into the policy file, under explanations.
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
          {confirmed.length > 0 ? (
            <Section id="confirmed" title={`${countOf(confirmed.length, 'reason', 'reasons')} confirmed`}>
              {confirmed.map((proposal) => (
                <Proposed key={proposal.id} proposal={proposal} names={names} />
              ))}
            </Section>
          ) : null}
        </>
      )}
    </>
  );
}
