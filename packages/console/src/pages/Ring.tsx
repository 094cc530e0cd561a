import type { ScanResult } from '@rollcall/engine/model/result.js';
import { useMemo, useRef } from 'react';
import { bits, countOf, days } from '../format.js';
import { lookup } from '../lookup.js';
import { Band } from '../parts/Band.js';
import { Bits } from '../parts/Bits.js';
import { useKeys, useRowKeys } from '../parts/keys.js';
import { RingGraph } from '../parts/RingGraph.js';
import { sharedValues } from '../parts/ring-layout.js';
import { Section, Wide } from '../parts/Section.js';
import { Line, PersonLink, Text } from '../parts/Text.js';
import { addressable, href } from '../route.js';
import { leave } from '../visit.js';
import { kindWords } from '../words.js';
import { NotFound } from './Missing.js';

export function RingPage({ result, id }: { result: ScanResult; id: string }) {
  const names = lookup(result);
  const body = useRef<HTMLDivElement>(null);
  useRowKeys(body);
  useKeys((key) => {
    if (key !== 'Escape' && key !== 'u') return false;
    leave();
    return true;
  });
  const ring = names.ring.get(addressable(id));
  const values = useMemo(() => (ring ? sharedValues(ring) : []), [ring]);
  if (!ring) return <NotFound what="No ring in this report has this name." />;
  const known = (member: string) => names.rank.has(member);
  return (
    <div ref={body}>
      <div className="page-head">
        <nav className="steps" aria-label="Rings">
          <a href={href('rings')}>All rings</a>
        </nav>
        <h1>
          <Text value={ring.title} />
        </h1>
        <p className="says ring-says">
          <Text value={ring.says} />
        </p>
        <p className="lead">
          Sharing has honest reasons: a household, a coworking space, an agency, a number handed on. Ask
          before you conclude, and record the explanation where there is one: it silences everything that
          depends on it.
        </p>
      </div>
      <RingGraph ring={ring} known={known} />
      <Section id="members" title={countOf(ring.members.length, 'person', 'people')}>
        <Wide label="People in the ring">
          <table className="members">
            <thead>
              <tr>
                <th scope="col">Person</th>
                <th scope="col">Band</th>
                <th scope="col" className="number">
                  Weight
                </th>
                <th scope="col">Shares</th>
              </tr>
            </thead>
            <tbody>
              {ring.members.map((member) => {
                const shares = [
                  ...new Set(
                    values
                      .filter((value) => value.members.includes(member.id))
                      .map((value) => kindWords[value.kind]),
                  ),
                ];
                return (
                  <tr key={member.id}>
                    <th scope="row">
                      <PersonLink id={member.id} name={member.name} known={known(member.id)} row />
                    </th>
                    <td>
                      <Band band={member.band} />
                    </td>
                    <td className="number">
                      <Bits value={member.bits} />
                    </td>
                    <td>
                      <Line items={shares} between=", " />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Wide>
      </Section>
      <Section
        id="values"
        title="What they share"
        lead="The same as the drawing, with where and when each was seen."
      >
        <Wide label="What the ring shares">
          <table className="shared-values">
            <thead>
              <tr>
                <th scope="col">Shared</th>
                <th scope="col">By</th>
                <th scope="col">Seen</th>
                <th scope="col" className="number">
                  Bits of the link
                </th>
              </tr>
            </thead>
            <tbody>
              {values.map((value) => {
                const edges = ring.edges.filter(
                  (edge) =>
                    edge.kind === value.kind &&
                    edge.label === value.label &&
                    value.members.includes(edge.a) &&
                    value.members.includes(edge.b),
                );
                const times = edges
                  .flatMap((edge) => [edge.first, edge.last])
                  .filter((time) => time !== undefined)
                  .sort();
                return (
                  <tr key={value.key}>
                    <th scope="row">
                      <span className="kind">{kindWords[value.kind]}</span> <Text value={value.label} />
                    </th>
                    <td>
                      {value.members.map((member, index) => (
                        <span key={member}>
                          {index > 0 ? ', ' : ''}
                          <PersonLink
                            id={member}
                            name={names.names.get(member) ?? member}
                            known={known(member)}
                          />
                        </span>
                      ))}
                    </td>
                    <td>
                      <Line items={value.contexts} between=", " />
                      <span className="meta">{days(times[0], times.at(-1))}</span>
                    </td>
                    <td className="number">{bits(value.bits)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Wide>
      </Section>
    </div>
  );
}
