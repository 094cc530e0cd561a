import type { Draft, Trial } from '@rollcall/server/areas/detections/words.js';
import { useState } from 'react';
import { bits, count, countOf, day, moment, percent, shown } from '../../format.js';
import { Band } from '../../parts/Band.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { go, href, type Route } from '../../route.js';
import { detectionStageWords } from '../../words.js';
import { get, send, useGet } from '../api.js';
import { useMay, useSession } from '../session.js';
import { Act } from './Act.js';
import { Code } from './Code.js';
import { Loaded } from './Loaded.js';
import { Weeks } from './Weeks.js';

const stateWords = {
  draft: 'Draft: looks at nobody',
  asked: 'Waits for a second person',
  on: 'Switched on',
  off: 'Switched off',
} as const;

const blank = `title:
why: >
  What it looks for, and why that matters, in plain words.
sources: [ROLLCALL]
about: person
facet:
needs: [people]
query: |
  SELECT person_id FROM people WHERE
says: ""
weight:
  if_not: [0.10, 0.30]
  if_honest: 0.02
  source:
innocent:
  - How honest people come to show it.
explained_by: []
fairness: none
next:
  - What to look at first.
tests:
  - name: fires
    people: [{ person_id: p1 }]
    expect: [{ person_id: p1 }]
  - name: a lookalike
    people: [{ person_id: p1 }]
    expect: []
`;

/** Detections written here: the list of them, and one to work on. */
export function Drafts({ route }: { route: Route }) {
  const reading = useGet<{ drafts: Draft[] }>('/drafts', ['drafts']);
  const may = useMay();
  const { draft: id, from } = route.query;
  return (
    <Loaded of={reading}>
      {({ drafts }) => {
        if (id === 'new')
          return may('detections.edit') ? (
            <Begin from={from} />
          ) : (
            <Empty title="Writing detections is for analysts." />
          );
        const one = drafts.find((draft) => draft.id === id);
        if (id && !one)
          return (
            <Empty title="There is no such draft.">
              <p>
                <a href={href('detections', '', { part: 'drafts' })}>All that is written here</a>
              </p>
            </Empty>
          );
        return one ? (
          <Work key={`${one.id} ${one.sha256}`} draft={one} />
        ) : (
          <List drafts={drafts} edit={may('detections.edit')} />
        );
      }}
    </Loaded>
  );
}

function List({ drafts, edit }: { drafts: readonly Draft[]; edit: boolean }) {
  return (
    <>
      <p className="prose">
        A detection written here looks at nobody until it was tried on what is on record and a second person,
        who did not write it, has switched it on.
      </p>
      {edit ? (
        <p className="in-row">
          <a href={href('detections', '', { part: 'drafts', draft: 'new' })}>Write a detection</a>
        </p>
      ) : null}
      {drafts.length === 0 ? (
        <Empty title="Nothing is written here yet.">
          <p>Begin from an existing detection, on its page, or from an empty one.</p>
        </Empty>
      ) : (
        <Wide label="Detections written here">
          <table>
            <thead>
              <tr>
                <th scope="col">Detection</th>
                <th scope="col">State</th>
                <th scope="col">Author</th>
                <th scope="col">Changed</th>
                <th scope="col">Last word</th>
              </tr>
            </thead>
            <tbody>
              {drafts.map((one) => (
                <tr key={one.id}>
                  <th scope="row">
                    <a href={href('detections', '', { part: 'drafts', draft: one.id })} data-row={one.id}>
                      <Text value={one.title} />
                    </a>
                    <span className="meta">
                      {(detectionStageWords as Record<string, string>)[one.stage]} · <Text value={one.name} />
                    </span>
                  </th>
                  <td>
                    {stateWords[one.state]}
                    {one.problems.length > 0 ? (
                      <span className="meta">{countOf(one.problems.length, 'problem', 'problems')}</span>
                    ) : null}
                  </td>
                  <td>
                    <Text value={one.authorName} />
                  </td>
                  <td className="time">{moment(one.changedAt)}</td>
                  <td>
                    {one.reason ? <Text value={one.reason} /> : '–'}
                    {one.decidedBy ? (
                      <span className="meta">
                        <Text value={one.decidedBy} />
                        {one.decidedAt ? `, ${day(one.decidedAt)}` : ''}
                      </span>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </>
  );
}

/** A new draft, empty or from a detection that is there. */
function Begin({ from }: { from: string | undefined }) {
  const source = useGet<{ text?: string; row: { stage: string } }>(
    from ? `/detections/${encodeURIComponent(from)}` : undefined,
  );
  if (from && source.state !== 'ready') return <Loaded of={source}>{() => null}</Loaded>;
  return (
    <Section id="new-draft" title="Write a detection">
      <div className="draft">
        <Act
          word="Keep as a draft"
          label="A new detection"
          act={async (fields) => {
            const made = await send<Draft>('POST', '/drafts', bodyOf(fields));
            go(href('detections', '', { part: 'drafts', draft: made.id }));
          }}
        >
          <Fields
            name={from ? `${from}-here` : ''}
            stage={source.data?.row.stage ?? 'employed'}
            text={source.data?.text ?? blank}
          />
        </Act>
      </div>
    </Section>
  );
}

function bodyOf(fields: FormData) {
  return {
    name: String(fields.get('name')).trim(),
    stage: String(fields.get('stage')),
    // Forms send line ends as carriage return and line feed.
    text: String(fields.get('text')).replace(/\r\n/g, '\n'),
  };
}

function Fields({ name, stage, text }: { name: string; stage: string; text: string }) {
  return (
    <>
      <label>
        Name: words in small letters with dashes, read as a finding
        <input name="name" defaultValue={name} required pattern="[a-z0-9]+(-[a-z0-9]+)*" maxLength={100} />
      </label>
      <label>
        Stage
        <select name="stage" defaultValue={stage}>
          {Object.entries(detectionStageWords).map(([value, word]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </select>
      </label>
      <label>
        The detection, as YAML
        <textarea name="text" className="yaml-field" defaultValue={text} required spellCheck={false} />
      </label>
    </>
  );
}

function Work({ draft }: { draft: Draft }) {
  const may = useMay();
  const session = useSession();
  const [trial, setTrial] = useState<Trial>();
  const mine = draft.author === session.user.id;
  const edit = may('detections.edit');
  const path = `/drafts/${encodeURIComponent(draft.id)}`;
  const reasonField = (word: string) => (
    <label>
      {word}
      <input name="reason" required minLength={3} maxLength={2000} />
    </label>
  );
  const step = (name: string) => (fields: FormData) =>
    send('POST', `${path}/${name}`, { reason: String(fields.get('reason')) });
  return (
    <div className="draft">
      <p>
        <a href={href('detections', '', { part: 'drafts' })}>All that is written here</a>
      </p>
      <h2>
        <Text value={draft.title} />
      </h2>
      <p>
        {stateWords[draft.state]}. Written by <Text value={draft.authorName} />, last on{' '}
        {moment(draft.changedAt)}.
        {draft.reason ? (
          <>
            {' '}
            Last word: <Text value={draft.reason} />
            {draft.decidedBy ? (
              <>
                {' '}
                (<Text value={draft.decidedBy} />)
              </>
            ) : null}
            .
          </>
        ) : null}
      </p>
      {draft.problems.length > 0 ? (
        <div className="problems" role="alert">
          <p>It cannot be tried yet:</p>
          <ul>
            {draft.problems.map((one) => (
              <li key={`${one.line} ${one.says}`}>
                {one.line === undefined ? '' : `Line ${one.line}: `}
                <Text value={one.says} />
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {edit && draft.state !== 'on' ? (
        <Section id="draft-text" title="Its text">
          <Act
            word="Keep these changes"
            label="Change the draft"
            done="Kept."
            act={(fields) => send('PUT', path, bodyOf(fields))}
          >
            <Fields name={draft.name} stage={draft.stage} text={draft.text} />
          </Act>
        </Section>
      ) : (
        <Section id="draft-text" title="Its text">
          <Code text={draft.text} label="The detection, as YAML" />
        </Section>
      )}
      {edit && draft.state !== 'off' ? (
        <Section
          id="trial"
          title="Try it on what is on record"
          lead="Nothing is written and nobody is approached. Who it would find is shown under pseudonyms, and that you tried it is recorded."
        >
          <Act
            word="Try it"
            label="Try the draft"
            act={async () => setTrial(await get<Trial>(`${path}/trial`))}
          />
          {trial ? <Tried trial={trial} /> : draft.tried ? <p>It was tried as it stands, and ran.</p> : null}
        </Section>
      ) : null}
      {edit ? (
        <Section id="decide" title="What happens with it">
          {draft.state === 'draft' && mine ? (
            <Act
              word="Ask a second person to switch it on"
              label="Ask for the detection to be switched on"
              act={step('ask')}
            >
              <p>
                It has to be tried as it stands first{draft.tried || trial?.sound ? '' : '; it was not yet'}.
              </p>
              {reasonField('Why it is worth asking this of everybody')}
            </Act>
          ) : null}
          {draft.state === 'draft' && !mine ? (
            <p>Its author tries it and asks for it to be switched on. Who changes it becomes its author.</p>
          ) : null}
          {draft.state === 'asked' && mine ? (
            <p>A second person looks at it: whoever wrote a detection does not decide on it alone.</p>
          ) : null}
          {draft.state === 'asked' && !mine ? (
            <div className="side-by-side">
              <Act
                word="Switch it on"
                label="Switch the detection on"
                act={(fields) =>
                  send('POST', `${path}/on`, { reason: String(fields.get('reason')), sha256: draft.sha256 })
                }
              >
                <p>
                  From the next scan on it looks at everybody. You have read it, and its innocent readings.
                </p>
                {reasonField('Why')}
              </Act>
              <Act word="Send it back" label="Send the detection back" act={step('back')}>
                <p>It stays a draft.</p>
                {reasonField('What is to be changed')}
              </Act>
            </div>
          ) : null}
          {draft.state === 'on' ? (
            <Act word="Switch it off" danger label="Switch the detection off" act={step('off')}>
              <p>From the next scan on it looks at nobody, and what it found counts no longer.</p>
              {reasonField('Why')}
            </Act>
          ) : null}
          {draft.state !== 'on' && mine ? (
            <details>
              <summary>Discard it</summary>
              <Act
                word="Discard"
                danger
                label="Discard the draft"
                act={async () => {
                  await send('DELETE', path);
                  go(href('detections', '', { part: 'drafts' }));
                }}
              />
            </details>
          ) : null}
        </Section>
      ) : null}
    </div>
  );
}

function Tried({ trial }: { trial: Trial }) {
  const failed = trial.tests.filter((test) => test.problem !== undefined);
  return (
    <div role="status">
      <p>
        {trial.problem ? (
          <>
            It could not be asked: <Text value={trial.problem} />.
          </>
        ) : trial.missing.length > 0 ? (
          <>
            It needs {trial.missing.map(shown).join(', ')}, which is not on record
            {trial.enabledBy.length > 0 ? (
              <>; an export of {trial.enabledBy.slice(0, 4).map(shown).join(', or ')} would give it</>
            ) : null}
            .
          </>
        ) : trial.about === 'person' ? (
          <>
            On the records of {day(trial.asOf)} it finds{' '}
            <strong>{countOf(trial.people, 'person', 'people')}</strong>
            {trial.explained > 0 ? <>, and {count(trial.explained)} more whose finding is explained</> : null}
            .{' '}
            {trial.ownBits === undefined ? null : (
              <>By its own figure it weighs {bits(trial.ownBits)} bits.</>
            )}{' '}
            <Weeks weeks={trial.weeks} asOf={trial.asOf} />
          </>
        ) : (
          <>
            On the records of {day(trial.asOf)} it gives {countOf(trial.rows, 'row', 'rows')}. It is about no
            person, and is never weighed against one.
          </>
        )}
      </p>
      <p>
        {trial.tests.length === 0
          ? 'It has no tests.'
          : failed.length === 0
            ? `All of its ${countOf(trial.tests.length, 'test passes', 'tests pass')}.`
            : `${countOf(failed.length, 'test fails', 'tests fail')}:`}
      </p>
      {failed.length > 0 ? (
        <ul className="problems">
          {failed.map((test) => (
            <li key={test.name}>
              <Text value={test.name} />: <Text value={test.problem} />
            </li>
          ))}
        </ul>
      ) : null}
      {trial.rates.map((rate) => (
        <p key={rate.population}>
          {rate.population === 'workers' ? 'Workers' : 'Applicants'}: <Text value={rate.says} /> It would
          weigh {bits(rate.bits)} bits.
        </p>
      ))}
      {trial.overlap.length > 0 ? (
        <Wide label="Detections that find the same people">
          <table>
            <caption>Detections that find the same people: much overlap says the same thing twice</caption>
            <thead>
              <tr>
                <th scope="col">Detection</th>
                <th scope="col" className="number">
                  Both find
                </th>
                <th scope="col" className="number">
                  It finds in all
                </th>
              </tr>
            </thead>
            <tbody>
              {trial.overlap.map((one) => (
                <tr key={one.id}>
                  <th scope="row">
                    <a href={href('detection', one.id)}>
                      <Text value={one.title} />
                    </a>
                  </th>
                  <td className="number">{count(one.both)}</td>
                  <td className="number">{count(one.people)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      ) : null}
      {trial.groups.length > 0 && trial.people > 0 ? (
        <details>
          <summary>On whom it falls, by groups of work</summary>
          {trial.groups.map((group) => (
            <Wide key={group.title} label={`Found by ${group.title}`}>
              <table>
                <caption>
                  <Text value={group.says} />
                </caption>
                <thead>
                  <tr>
                    <th scope="col">By {group.title}</th>
                    <th scope="col" className="number">
                      People
                    </th>
                    <th scope="col" className="number">
                      Found
                    </th>
                    <th scope="col" className="number">
                      Share, and 95 % interval
                    </th>
                    <th scope="col">Compared</th>
                  </tr>
                </thead>
                <tbody>
                  {group.rows.map((row) => (
                    <tr key={row.group}>
                      <th scope="row">
                        <Text value={row.group} />
                      </th>
                      <td className="number">{row.of === undefined ? 'under 5' : count(row.of)}</td>
                      <td className="number">{row.counted === undefined ? '–' : count(row.counted)}</td>
                      <td className="number">
                        {row.share === undefined
                          ? '–'
                          : `${percent(row.share)} (${percent(row.low ?? 0)} to ${percent(row.high ?? 1)})`}
                      </td>
                      <td>{row.result ?? '–'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Wide>
          ))}
        </details>
      ) : null}
      {trial.who.length > 0 ? (
        <details>
          <summary>
            Whom it would find
            {trial.people + trial.explained > trial.who.length ? `, the first ${trial.who.length}` : ''}
          </summary>
          <Wide label="Whom it would find">
            <table>
              <thead>
                <tr>
                  <th scope="col">Person</th>
                  <th scope="col">Stands at</th>
                  <th scope="col">Since</th>
                  <th scope="col" className="number">
                    Rows
                  </th>
                  <th scope="col">Counts</th>
                </tr>
              </thead>
              <tbody>
                {trial.who.map((one) => (
                  <tr key={one.handle}>
                    <th scope="row">
                      <a href={href('person', one.handle)}>
                        <Text value={one.name} />
                      </a>{' '}
                      <span className="quiet">{one.stage}</span>
                    </th>
                    <td>
                      <Band band={one.band as 'clear'} />
                    </td>
                    <td className="time">{one.first ? day(one.first) : '–'}</td>
                    <td className="number">{count(one.rows)}</td>
                    <td>{one.explained ? 'explained' : 'yes'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        </details>
      ) : null}
    </div>
  );
}
