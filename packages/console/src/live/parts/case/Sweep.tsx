import { useState } from 'react';
import { countOf, moment } from '../../../format.js';
import { Empty, Section, Wide } from '../../../parts/Section.js';
import { Text } from '../../../parts/Text.js';
import { href } from '../../../route.js';
import { bandWords } from '../../../words.js';
import { CaseAct, nameOf, type PartProps, ReasonField } from './small.js';

/** Everybody linked to the people of the case, each to be put in or set aside. */
export function SweepPart({ data, again }: PartProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const open = data.linked.filter((one) => one.decision !== 'aside');
  const aside = data.linked.filter((one) => one.decision === 'aside');
  const there = open.filter((one) => chosen.has(one.person.handle));
  const word = (band: string) => (band in bandWords ? bandWords[band as keyof typeof bandWords].word : '–');
  return (
    <Section
      id="case-sweep"
      title="Linked people"
      lead="Everybody who shares a value, a ring, wording, a manager or a vendor with somebody of this case, or is named by a finding. Being linked is no finding. Each is put in, or set aside with a reason; the case cannot close while anybody is undecided."
    >
      <p className="quiet">
        Values that many have (an office, a carrier) link nobody. Of people under the same manager, only those
        who are not clear are listed.
      </p>
      {open.length === 0 ? (
        <Empty title="Nobody is undecided." />
      ) : (
        <>
          <Wide label="Linked people who are undecided">
            <table>
              <thead>
                <tr>
                  <th scope="col">Choose</th>
                  <th scope="col">Person</th>
                  <th scope="col">How they are linked</th>
                  <th scope="col">Band</th>
                </tr>
              </thead>
              <tbody>
                {open.map((one) => (
                  <tr key={one.person.handle}>
                    <td>
                      <input
                        type="checkbox"
                        aria-label={`Choose ${one.person.name}`}
                        checked={chosen.has(one.person.handle)}
                        disabled={data.state !== 'open'}
                        data-row
                        onChange={(event) => {
                          const next = new Set(chosen);
                          if (event.target.checked) next.add(one.person.handle);
                          else next.delete(one.person.handle);
                          setChosen(next);
                        }}
                      />
                    </td>
                    <th scope="row">
                      <a href={href('person', one.person.handle)}>
                        <Text value={one.person.name} />
                      </a>
                      <span className="meta">{one.stage}</span>
                    </th>
                    <td>{one.via.join('; ')}</td>
                    <td>{word(one.band)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
          {data.state === 'open' ? (
            <>
              <p>
                <button
                  type="button"
                  className="quiet-button"
                  onClick={() =>
                    setChosen(
                      there.length === open.length
                        ? new Set()
                        : new Set(open.map((one) => one.person.handle)),
                    )
                  }
                >
                  {there.length === open.length ? 'Choose nobody' : 'Choose all'}
                </button>{' '}
                {countOf(there.length, 'person is', 'people are')} chosen.
              </p>
              <CaseAct
                data={data}
                again={again}
                word="Save"
                label="Decide on the chosen people"
                path="/sweep"
                body={(text) => {
                  if (there.length === 0) throw new Error('choose somebody in the table first');
                  return {
                    people: there.map((one) => one.person.handle),
                    decision: text('decision'),
                    reason: text('reason'),
                  };
                }}
              >
                <fieldset className="choices">
                  <legend>The chosen are</legend>
                  <label>
                    <input type="radio" name="decision" value="aside" required /> set aside
                  </label>
                  <label>
                    <input type="radio" name="decision" value="in" required /> put in the case: members see
                    them by name
                  </label>
                </fieldset>
                <ReasonField />
              </CaseAct>
            </>
          ) : null}
        </>
      )}
      {aside.length > 0 ? (
        <>
          <h3>Set aside</h3>
          <Wide label="Linked people who were set aside">
            <table>
              <thead>
                <tr>
                  <th scope="col">Person</th>
                  <th scope="col">How they were linked</th>
                  <th scope="col">Why set aside</th>
                  <th scope="col">By</th>
                </tr>
              </thead>
              <tbody>
                {aside.map((one) => (
                  <tr key={one.person.handle}>
                    <th scope="row">
                      <Text value={one.person.name} />
                    </th>
                    <td>{one.via.join('; ') || 'no longer linked'}</td>
                    <td>
                      <Text value={one.reason ?? ''} />
                    </td>
                    <td>
                      <Text value={nameOf(data, one.by ?? '')} />, {moment(one.at)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        </>
      ) : null}
    </Section>
  );
}
