import type { Ring, ScanResult } from '@rollcall/engine/model/result.js';
import { useMemo, useRef } from 'react';
import { countOf } from '../format.js';
import { type Lookup, lookup } from '../lookup.js';
import { useActing } from '../parts/acting.js';
import { Band } from '../parts/Band.js';
import { Bits } from '../parts/Bits.js';
import { Items } from '../parts/Items.js';
import { useKeys, useRowKeys } from '../parts/keys.js';
import { Passages } from '../parts/Passages.js';
import { Proposed } from '../parts/Proposed.js';
import { RingGraph } from '../parts/RingGraph.js';
import { RingHistory } from '../parts/RingHistory.js';
import { sharedValues } from '../parts/ring-layout.js';
import { Section, Wide } from '../parts/Section.js';
import { SharedValues } from '../parts/SharedValues.js';
import { Line, PersonLink, Text } from '../parts/Text.js';
import { addressable, href, type Query } from '../route.js';
import { leave } from '../visit.js';
import { kindWords } from '../words.js';
import { NotFound } from './Missing.js';

/** Sentences about one person between. */
const betweenSaid = 8;

export function RingPage({ result, id, query }: { result: ScanResult; id: string; query: Query }) {
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
  const members = new Set(ring.members.map((member) => member.id));
  const proposals = result.proposals.filter(
    (proposal) => proposal.people.filter((person) => members.has(person.id)).length > 1,
  );
  // Each pair of passages stands with both people; here it is shown once.
  const wording = ring.members.flatMap((member) => {
    const passages = (names.person.get(addressable(member.id))?.passages ?? []).filter(
      (passage) => members.has(passage.other.id) && member.id < passage.other.id,
    );
    return passages.length > 0 ? [{ member, passages }] : [];
  });
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
      <RingGraph key={ring.id} ring={ring} values={values} names={names} query={query} />
      {proposals.length > 0 ? (
        <Section
          id="explanations"
          title="It may be innocent"
          lead="What the data suggests, for somebody to check. It counts once it is confirmed."
        >
          {proposals.map((proposal) => (
            <Proposed key={proposal.id} proposal={proposal} names={names} />
          ))}
        </Section>
      ) : null}
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
        lead="The same as the drawing: who had each, when, and why it joins them. Bits count how rare it is, not what it means."
      >
        {values.length > 0 ? (
          <SharedValues values={values} names={names} />
        ) : (
          <p>Nothing that counts today joins them: they were put together by hand.</p>
        )}
      </Section>
      {ring.between.length > 0 ? <Between ring={ring} names={names} /> : null}
      {wording.length > 0 ? (
        <Section
          id="wording"
          title="The same wording"
          lead="Passages that stand in résumés of several of them and in hardly any other here."
        >
          {wording.map(({ member, passages }) => (
            <Passages key={member.id} passages={passages} mine={member.name} known={known} />
          ))}
        </Section>
      ) : null}
      <Section
        id="history"
        title="What became of it, and what people decided"
        lead={
          ring.mergedFrom.length > 0 ? (
            <>
              Part of it now: <Line items={ring.mergedFrom} between=", " />.
            </>
          ) : undefined
        }
      >
        <RingHistory ring={ring} names={names} />
      </Section>
    </div>
  );
}

/** People who stand between members and are none: said before their names are read. */
function Between({ ring, names }: { ring: Ring; names: Lookup }) {
  const acting = useActing();
  return (
    <Section
      id="between"
      title="People it passes through, who are not part of it"
      lead="Each shares different things with several members, and nothing else speaks against them. They are shown because the ring is hard to understand without them. A landlord, a referee or the victim of a stolen identity stands here as easily as somebody who helps: ask what they know before you think anything of them."
    >
      <ul className="between">
        {ring.between.map((person) => (
          <li key={person.id} className="person">
            <h3>
              <PersonLink id={person.id} name={person.name} known={names.rank.has(person.id)} row />
              <span className="quiet"> not a member</span>
            </h3>
            <Items items={person.says.slice(0, betweenSaid)} className="said" />
            {person.says.length > betweenSaid ? (
              <p className="meta">
                {countOf(person.says.length - betweenSaid, 'more link', 'more links')}
                {acting ? null : (
                  <>
                    : rollcall links <Text value={person.id} />
                  </>
                )}
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
