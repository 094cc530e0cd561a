import type { RingEdge } from '@rollcall/engine/model/result.js';
import { days } from '../format.js';
import type { Lookup } from '../lookup.js';
import { Text } from './Text.js';

/** Why two people are joined: the sentence, and when each had what they share. */
export function Reason({ edge, names }: { edge: RingEdge; names: Lookup }) {
  const sides = [
    { id: edge.a, first: edge.firstA, last: edge.lastA },
    { id: edge.b, first: edge.firstB, last: edge.lastB },
  ].filter(({ first, last }) => first !== undefined || last !== undefined);
  return (
    <>
      <p className="says">
        <Text value={edge.says} />
      </p>
      {sides.length > 0 ? (
        <p className="meta">
          Seen:{' '}
          {sides.map(({ id, first, last }) => (
            <span key={id}>
              <Text value={names.names.get(id) ?? id} /> {days(first, last)} ·{' '}
            </span>
          ))}
          {atOnce(edge)}
        </p>
      ) : null}
    </>
  );
}

function atOnce({ first, last }: RingEdge): string {
  if (first === undefined || last === undefined) return 'whether at one time is not known';
  return first <= last ? `both ${days(first, last)}` : 'not at one time';
}
