/** The forms that stand where the report says a command: deciding on rings and innocent reasons. */

import type { Proposal, Ring } from '@rollcall/engine/model/result.js';
import type { Pending } from '@rollcall/server/areas/rings/words.js';
import { type ReactNode, useMemo } from 'react';
import { count, moment } from '../../format.js';
import type { Acting } from '../../parts/acting.js';
import { Section } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { send } from '../api.js';
import { useMay } from '../session.js';
import { Act } from './Act.js';
import { SourcesLink } from './SourcesLink.js';

const done = 'On record. The next scan takes it into account; one is asked for.';

function text(fields: FormData, name: string): string {
  return String(fields.get(name) ?? '').trim();
}

export function Why({ help }: { help: string }) {
  return (
    <label>
      Why
      <textarea name="reason" required minLength={5} maxLength={1000} />
      <span className="meta">{help} It stays on record. No names.</span>
    </label>
  );
}

/** What can be decided here; `rings` are the others a ring could be put together with. */
export function useDeciding(rings: readonly { id: string; title: string }[] | undefined): Acting {
  const may = useMay();
  const allowed = may('rings.decide');
  return useMemo<Acting>(
    () => ({
      confirm: (proposal) => (allowed ? <Confirm proposal={proposal} /> : <NotYours />),
      withdraw: (id) => (allowed ? <Withdraw id={id} /> : <NotYours />),
      ring: (ring) => (allowed ? <DecideRing ring={ring} others={rings ?? []} /> : <NotYours />),
    }),
    [allowed, rings],
  );
}

function NotYours() {
  return <p className="quiet">Analysts and HR decide on this.</p>;
}

function Fold({ word, children }: { word: string; children: ReactNode }) {
  return (
    <details className="deciding">
      <summary>{word}</summary>
      {children}
    </details>
  );
}

function Confirm({ proposal }: { proposal: Proposal }) {
  return (
    <Fold word="I have looked into it, and it is so">
      <Act
        word="Confirm"
        label={`Confirm: ${proposal.says}`}
        done={done}
        act={(fields) =>
          send('POST', `/explanations/${encodeURIComponent(proposal.id)}/confirm`, {
            reason: text(fields, 'reason'),
            ...(text(fields, 'until') ? { until: text(fields, 'until') } : {}),
          })
        }
      >
        <Why help="How you know: whom you asked, what you saw." />
        <LastDay />
      </Act>
    </Fold>
  );
}

export function LastDay() {
  return (
    <label>
      Last day it counts
      <input type="date" name="until" />
      <span className="meta">
        A year from now where you leave it empty. Reasons end, so that they are asked again.
      </span>
    </label>
  );
}

function Withdraw({ id }: { id: string }) {
  return (
    <Fold word="It is not so, or no longer">
      <Act
        word="Take it back"
        label="Take this reason back"
        danger
        done={done}
        act={(fields) =>
          send('POST', `/explanations/${encodeURIComponent(id)}/withdraw`, { reason: text(fields, 'reason') })
        }
      >
        <Why help="What turned out otherwise." />
      </Act>
    </Fold>
  );
}

function DecideRing({ ring, others }: { ring: Ring; others: readonly { id: string; title: string }[] }) {
  return (
    <div className="ring-decisions">
      {ring.members.length > 1 ? (
        <Fold word="Some of them do not belong here">
          <Act
            word="Take them out"
            label="Take people out of this ring"
            done={done}
            act={(fields) =>
              send('POST', `/rings/${encodeURIComponent(ring.id)}/split`, {
                people: fields.getAll('person').map(String),
                reason: text(fields, 'reason'),
              })
            }
          >
            <fieldset className="colleagues">
              <legend>Who: together they are a ring of their own; one alone is in none</legend>
              {ring.members.map((member) => (
                <label key={member.id}>
                  <input type="checkbox" name="person" value={member.id} /> <Text value={member.name} />
                </label>
              ))}
            </fieldset>
            <Why help="What shows that they have nothing to do with the others." />
          </Act>
        </Fold>
      ) : null}
      {others.length > 0 ? (
        <Fold word="It is one with another ring">
          <Act
            word="Put them together"
            label="Put this ring together with another"
            done={done}
            act={(fields) =>
              send('POST', `/rings/${encodeURIComponent(ring.id)}/merge`, {
                other: text(fields, 'other'),
                reason: text(fields, 'reason'),
              })
            }
          >
            <label>
              With which
              <select name="other" required defaultValue="">
                <option value="" disabled>
                  choose a ring
                </option>
                {others.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.title}
                  </option>
                ))}
              </select>
            </label>
            <Why help="What joins them that the data does not show." />
          </Act>
        </Fold>
      ) : null}
      {ring.byHand.map((decision) => (
        <Undo key={decision.decision} decision={decision.decision} />
      ))}
    </div>
  );
}

function Undo({ decision }: { decision: number }) {
  return (
    <Fold word={`Undo decision ${count(decision)}`}>
      <Act
        word="Undo"
        label={`Undo decision ${count(decision)}`}
        done={done}
        act={(fields) => send('POST', `/decisions/${decision}/undo`, { reason: text(fields, 'reason') })}
      >
        <Why help="Why it no longer holds. Both stay on record." />
      </Act>
    </Fold>
  );
}

/** What was decided since the last scan, and can still be undone before it counts. */
export function PendingDecisions({ pending }: { pending: readonly Pending[] }) {
  const may = useMay();
  if (pending.length === 0) return null;
  return (
    <Section
      id="pending"
      title="Decided since the last scan"
      lead="What this page shows does not take it into account yet; the next scan does, and one is asked for by itself."
    >
      <ul className="pending">
        {pending.map((one) => (
          <li key={one.decision}>
            <p className="says">
              <Text value={one.says} />: <Text value={one.reason} />
            </p>
            <p className="meta">
              Decision {count(one.decision)}, {moment(one.time)}, by <Text value={one.by} />
            </p>
            {may('rings.decide') ? <Undo decision={one.decision} /> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function NoScanYet() {
  return (
    <div className="empty">
      <p className="empty-title">Nothing has been looked at yet.</p>
      <p>
        The first scan begins when exports are handed in under <SourcesLink />.
      </p>
    </div>
  );
}
