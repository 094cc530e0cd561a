import type { Ring, RingHistoryEntry } from '@rollcall/engine/model/result.js';
import type { ReactNode } from 'react';
import { count, instant, moment } from '../format.js';
import type { Lookup } from '../lookup.js';
import { useActing } from './acting.js';
import { Command } from './Command.js';
import { Wide } from './Section.js';
import { Text } from './Text.js';

/** Named of an event; a ring can lose hundreds in a day. */
const named = 12;

/** What became of a ring, and what people decided about it, in order of time. */
export function RingHistory({ ring, names }: { ring: Ring; names: Lookup }) {
  const rows = [
    ...ring.history.map((entry) => ({
      time: entry.time,
      what: <Happened entry={entry} ring={ring} names={names} />,
      by: <span className="quiet">computed</span>,
      reason: entry.reason,
    })),
    ...ring.byHand.map((decision) => ({
      time: decision.time,
      what:
        decision.kind === 'merge' ? 'Put together with another ring, by hand' : 'People taken out, by hand',
      by: (
        <>
          <Text value={decision.by} /> <span className="meta">decision {count(decision.decision)}</span>
        </>
      ),
      reason: decision.reason,
    })),
  ].sort((x, y) => (instant(x.time) ?? 0) - (instant(y.time) ?? 0));
  const [member] = ring.members;
  const last = ring.byHand.at(-1);
  const decided = ['--by', 'NAME', '--reason', 'TEXT'];
  const acting = useActing();
  return (
    <>
      {rows.length > 0 ? (
        <Wide label="What became of the ring">
          <table className="ring-history">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">By</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: what happened keeps its place
                <tr key={index}>
                  <td className="time">{moment(row.time)}</td>
                  <td>{row.what}</td>
                  <td>{row.by}</td>
                  <td>
                    <Text value={row.reason} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      ) : (
        <p>Nothing is on record: this lake has seen the ring for the first time.</p>
      )}
      {ring.byHand.length === 0 ? <p className="quiet">Nobody has decided anything about it.</p> : null}
      {acting ? (
        acting.ring(ring)
      ) : (
        <dl className="facts decide">
          {member ? (
            <div>
              <dt>If some do not belong</dt>
              <dd>
                <Command words={['rollcall', 'rings', 'split', ring.id, '--people', member.id, ...decided]} />
                <span className="meta">
                  with the numbers of those to take out where <Text value={member.id} /> stands, and commas
                  between
                </span>
              </dd>
            </div>
          ) : null}
          {last ? (
            <div>
              <dt>To undo the last decision</dt>
              <dd>
                <Command words={['rollcall', 'rings', 'undo', String(last.decision), ...decided]} />
              </dd>
            </div>
          ) : null}
        </dl>
      )}
    </>
  );
}

function Happened({ entry, ring, names }: { entry: RingHistoryEntry; ring: Ring; names: Lookup }): ReactNode {
  const people = (
    <>
      {entry.people.slice(0, named).map((id, index) => (
        <span key={id}>
          {index > 0 ? ', ' : ''}
          <Text value={names.names.get(id) ?? id} />
        </span>
      ))}
      {entry.people.length > named ? ` and ${count(entry.people.length - named)} more` : ''}
    </>
  );
  switch (entry.event) {
    case 'formed':
    case 'formed again':
      return (
        <>
          {entry.event === 'formed' ? 'Formed: ' : 'Formed again: '}
          {people}
        </>
      );
    case 'grew':
      return <>Joined by {people}</>;
    case 'shrank':
      return <>No longer in it: {people}</>;
    case 'merged':
      return entry.into === ring.id ? (
        <>
          Took up <Text value={entry.ring} />: {people}
        </>
      ) : (
        <>
          Became part of <Text value={entry.into ?? 'another ring'} />
        </>
      );
    case 'split':
      return (
        <>
          Split off <Text value={entry.from ?? 'another ring'} />: {people}
        </>
      );
    case 'dissolved':
      return <>Dissolved: {people}</>;
    default:
      return (
        <>
          <Text value={entry.event} />: {people}
        </>
      );
  }
}
