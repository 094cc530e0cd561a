import type { Hypothesis } from '@rollcall/server/areas/cases/words.js';
import { useState } from 'react';
import { countOf, moment, short, shown } from '../../../format.js';
import { Section, Wide } from '../../../parts/Section.js';
import { Text } from '../../../parts/Text.js';
import { href } from '../../../route.js';
import { Refused, send } from '../../api.js';
import { CaseAct, nameOf, type PartProps, Who } from './small.js';
import { hypothesisKinds } from './words.js';

/** So many pieces of evidence stand in the table of marks; the heaviest first. */
const mostItems = 25;

export function HypothesesPart({ data, again, query }: PartProps) {
  const chosen = data.people.find((one) => one.person.handle === query.who) ?? data.people[0];
  const list = data.hypotheses
    .filter((one) => one.person === undefined || one.person.handle === chosen?.person.handle)
    .sort((a, b) => Number(a.kind === 'false') - Number(b.kind === 'false'));
  return (
    <Section
      id="case-hypotheses"
      title="Hypotheses"
      lead="Every way in which it could have come about, the innocent ones first. A step against somebody needs an answer to each innocent reading of what it rests on."
    >
      {data.people.length > 1 ? (
        <nav className="case-parts" aria-label="People">
          {data.people.map(({ person, unanswered }) => (
            <a
              key={person.handle}
              href={href('case', data.id, { part: query.part, who: person.handle })}
              aria-current={person.handle === chosen?.person.handle ? 'page' : undefined}
            >
              <Text value={person.name} />
              {unanswered > 0 ? <span className="tally">{unanswered}</span> : null}
            </a>
          ))}
        </nav>
      ) : null}
      <HypothesisTable data={data} again={again} query={query} list={list.filter((one) => one.matters)} />
      {list.some((one) => !one.matters) ? (
        <details
          className="form-behind"
          open={list.some((one) => !one.matters && one.id === query.hypothesis)}
        >
          <summary>
            {countOf(list.filter((one) => !one.matters).length, 'reading', 'readings')} of findings that do
            not count by themselves
          </summary>
          <HypothesisTable
            data={data}
            again={again}
            query={query}
            list={list.filter((one) => !one.matters)}
          />
        </details>
      ) : null}
      {data.state === 'open' ? (
        <details className="form-behind">
          <summary>Add another way it could have come about</summary>
          <CaseAct
            data={data}
            again={again}
            word="Add"
            label="Add a hypothesis"
            path="/hypotheses"
            body={(text) => ({
              says: text('says'),
              ...(text('person') ? { person: text('person') } : {}),
            })}
          >
            <label>
              It may be that
              <textarea name="says" required minLength={5} maxLength={1000} />
            </label>
            <Who data={data} optional />
          </CaseAct>
        </details>
      ) : null}
      <Marks data={data} again={again} query={query} list={list} handle={chosen?.person.handle} />
    </Section>
  );
}

function HypothesisTable({ data, again, query, list }: PartProps & { list: readonly Hypothesis[] }) {
  return (
    <Wide label={list[0]?.matters === false ? 'Further readings' : 'Hypotheses'}>
      <table>
        <thead>
          <tr>
            <th scope="col">It may be that</th>
            <th scope="col">State</th>
            <th scope="col">What was found about it</th>
          </tr>
        </thead>
        <tbody>
          {list.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <a
                  href={href('case', data.id, {
                    part: query.part,
                    who: query.who,
                    hypothesis: one.id === query.hypothesis ? undefined : one.id,
                  })}
                  data-row
                  aria-expanded={one.id === query.hypothesis}
                >
                  <Text value={one.says} />
                </a>
                <span className="meta">{hypothesisKinds[one.kind]}</span>
                {one.id === query.hypothesis && data.state === 'open' ? (
                  <Judge data={data} again={again} query={query} one={one} />
                ) : null}
              </th>
              <td>{one.state === 'open' ? 'not answered' : one.state}</td>
              <td>
                {one.answer ? <Text value={one.answer} /> : <span className="none">–</span>}
                {one.answeredBy ? (
                  <span className="meta">
                    <Text value={nameOf(data, one.answeredBy)} />, {moment(one.answeredAt)}
                  </span>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Judge({ data, again, one }: PartProps & { one: Hypothesis }) {
  return (
    <CaseAct
      data={data}
      again={again}
      method="PATCH"
      word="Save"
      label={`What was found about: ${one.says}`}
      path={`/hypotheses/${one.id}`}
      body={(text) => ({ state: text('state'), answer: text('answer') })}
    >
      <fieldset className="choices">
        <legend>After looking into it, it is</legend>
        {(['likely', 'unlikely', 'ruled out', 'open'] as const).map((state) => (
          <label key={state}>
            <input type="radio" name="state" value={state} required defaultChecked={one.state === state} />{' '}
            {state === 'open' ? 'not answered yet' : state}
          </label>
        ))}
      </fieldset>
      <label>
        What was looked at, and what it showed
        <textarea name="answer" required minLength={3} maxLength={2000} defaultValue={one.answer} />
      </label>
    </CaseAct>
  );
}

/** Which way each piece speaks for each hypothesis: people's judgement, side by side. */
function Marks({
  data,
  again,
  list,
  handle,
}: PartProps & { list: readonly Hypothesis[]; handle: string | undefined }) {
  const [problem, setProblem] = useState('');
  const columns = list.filter((one) => one.kind !== 'innocent');
  const items = data.items
    .filter(
      (item) => item.state === 'held' && !item.setAside && (!item.person || item.person.handle === handle),
    )
    .sort((a, b) => (b.finding?.bits ?? 0) - (a.finding?.bits ?? 0))
    .slice(0, mostItems);
  if (items.length === 0 || columns.length === 0) return null;
  const marks = new Map(data.marks.map((mark) => [`${mark.hypothesis} ${mark.item}`, mark.mark]));
  return (
    <>
      <h3>What speaks for which</h3>
      <p className="quiet">
        Your judgement, piece by piece. What fits every hypothesis tells nothing; look for what fits only one.
        {data.items.length > mostItems ? ` The ${mostItems} heaviest pieces are shown.` : ''}
      </p>
      {problem ? (
        <p className="doubt" role="alert">
          Not done: {problem}.
        </p>
      ) : null}
      <Wide label="What speaks for which hypothesis">
        <table className="marks">
          <thead>
            <tr>
              <th scope="col">Evidence</th>
              {columns.map((one) => (
                <th key={one.id} scope="col">
                  {short(one.says, 60)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.id}>
                <th scope="row">
                  <Text value={item.says} />
                </th>
                {columns.map((one) => {
                  const mark = marks.get(`${one.id} ${item.id}`) ?? '';
                  return (
                    <td key={one.id}>
                      {data.state === 'open' ? (
                        <select
                          aria-label={`${shown(item.says)}: for or against “${shown(one.says)}”`}
                          value={mark}
                          onChange={(event) => {
                            setProblem('');
                            void send('PUT', `/cases/${encodeURIComponent(data.id)}/marks`, {
                              hypothesis: one.id,
                              item: item.id,
                              mark: event.target.value,
                            })
                              .then(again)
                              .catch((error: unknown) =>
                                setProblem(error instanceof Refused ? error.message : String(error)),
                              );
                          }}
                        >
                          <option value="" disabled>
                            not said
                          </option>
                          <option value="for">for it</option>
                          <option value="against">against it</option>
                          <option value="neutral">neither</option>
                        </select>
                      ) : (
                        mark || '–'
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Against it in all</th>
              {columns.map((one) => (
                <td key={one.id}>
                  {items.filter((item) => marks.get(`${one.id} ${item.id}`) === 'against').length}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </Wide>
    </>
  );
}
