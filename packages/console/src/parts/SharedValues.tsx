import { count, countOf, days } from '../format.js';
import type { Lookup } from '../lookup.js';
import { kindWords } from '../words.js';
import { Bits } from './Bits.js';
import { Reason } from './Reason.js';
import type { SharedValue } from './ring-layout.js';
import { reasonsFor, seenWith } from './ring-reasons.js';
import { Wide } from './Section.js';
import { Line, PersonLink, Text } from './Text.js';

/** Sentences about one value that are open at once, and at all: sixty people with one address make 1,770. */
const open = 1;
const most = 100;

/** What a ring shares: each value with everybody who had it and when, and the reason for every link it makes. */
export function SharedValues({ values, names }: { values: readonly SharedValue[]; names: Lookup }) {
  return (
    <Wide label="What the ring shares">
      <table className="shared-values">
        <thead>
          <tr>
            <th scope="col">Shared</th>
            <th scope="col">By, and when each was seen with it</th>
            <th scope="col">Where</th>
            <th scope="col" className="number">
              Weight of the link
            </th>
          </tr>
        </thead>
        {values.map((value) => (
          <tbody key={value.key}>
            <tr className="value-row">
              <th scope="row">
                <span className="kind">{kindWords[value.kind]}</span> <Text value={value.label} />
              </th>
              <td>
                <Holders value={value} names={names} />
              </td>
              <td>
                <Line items={value.contexts} between=", " />
              </td>
              <td className="number">
                <Bits value={value.bits} />
              </td>
            </tr>
            <tr>
              <td colSpan={4} className="reasons">
                <Reasons value={value} names={names} />
              </td>
            </tr>
          </tbody>
        ))}
      </table>
    </Wide>
  );
}

/** Who had it and when; what has no dates, such as wording, is a plain list. */
function Holders({ value, names }: { value: SharedValue; names: Lookup }) {
  const holders = seenWith(value);
  const dated = holders.some(({ first, last }) => first !== undefined || last !== undefined);
  return (
    <ul className={dated ? undefined : 'in-line'}>
      {holders.map(({ person, first, last }) => (
        <li key={person}>
          <PersonLink id={person} name={names.names.get(person) ?? person} known={names.rank.has(person)} />
          {dated ? (
            <span className="quiet"> {first || last ? days(first, last) : 'no date on record'}</span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function Reasons({ value, names }: { value: SharedValue; names: Lookup }) {
  const edges = reasonsFor([value], { value: value.key });
  const item = (edge: (typeof edges)[number]) => (
    <li key={`${edge.a} ${edge.b}`}>
      <Reason edge={edge} names={names} />
    </li>
  );
  const rest = edges.slice(open, most);
  return (
    <>
      <ul>{edges.slice(0, open).map(item)}</ul>
      {rest.length > 0 ? (
        <details>
          <summary>
            {countOf(edges.length - open, 'more link', 'more links')} by it, each with its reason
            <span className="hidden">: {kindWords[value.kind]}</span>
          </summary>
          <ul>{rest.map(item)}</ul>
          {edges.length > most ? (
            <p className="meta">{count(edges.length - most)} more: rollcall rings --json</p>
          ) : null}
        </details>
      ) : null}
    </>
  );
}
