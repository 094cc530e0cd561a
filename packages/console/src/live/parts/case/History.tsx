import type { Entry } from '@rollcall/server/areas/cases/words.js';
import { countOf, day, moment } from '../../../format.js';
import { Section } from '../../../parts/Section.js';
import { Text } from '../../../parts/Text.js';
import { href } from '../../../route.js';
import { CaseAct, nameOf, type PartProps, ReasonField } from './small.js';

/** All that happened, in order, and what joins this case to others. */
export function HistoryPart({ data, again, query }: PartProps) {
  return (
    <>
      <Section id="case-history" title={data.me.narrow ? 'Your comments' : 'History'}>
        <ol className="timeline-list">
          {data.entries.map((entry) => (
            <li key={entry.id}>
              <span className="meta">
                {moment(entry.at)}
                <br />
                <Text value={nameOf(data, entry.by)} />
                {entry.case === data.number ? '' : `, case ${entry.case}`}
              </span>
              <EntryText data={data} again={again} query={query} entry={entry} />
            </li>
          ))}
        </ol>
        {data.state === 'open' || data.state === 'closed' ? (
          <CaseAct
            data={data}
            again={again}
            word="Comment"
            label="Write a comment"
            path="/comments"
            body={(text) => ({ says: text('says') })}
          >
            <label>
              Comment
              <textarea name="says" required maxLength={4000} />
            </label>
          </CaseAct>
        ) : null}
      </Section>
      {data.me.narrow ? null : <Joined data={data} again={again} query={query} />}
    </>
  );
}

function EntryText({ data, again, query, entry }: PartProps & { entry: Entry }) {
  const mine = entry.kind === 'comment' && entry.by === data.me.id && data.state === 'open';
  const editing = query.comment === String(entry.id);
  return (
    <div>
      {entry.person ? (
        <strong>
          <Text value={entry.person.name} />:{' '}
        </strong>
      ) : null}
      <span className="text-block">
        <Text value={entry.says} />
      </span>
      {entry.before.length > 0 ? (
        <details className="form-behind">
          <summary>Changed {countOf(entry.before.length, 'time', 'times')}</summary>
          {entry.before.map((one) => (
            <p key={one.at} className="meta">
              until {moment(one.at)}: <Text value={one.says} />
            </p>
          ))}
        </details>
      ) : null}
      {mine ? (
        <>
          {' '}
          <a
            className="meta screen-only"
            href={href('case', data.id, {
              part: query.part,
              comment: editing ? undefined : String(entry.id),
            })}
          >
            {editing ? 'leave it' : 'change'}
          </a>
          {editing ? (
            <CaseAct
              data={data}
              again={again}
              method="PATCH"
              word="Save"
              label="Change your comment"
              path={`/comments/${entry.id}`}
              body={(text) => ({ says: text('says') })}
            >
              <label>
                Comment
                <textarea name="says" required maxLength={4000} defaultValue={entry.says} />
              </label>
            </CaseAct>
          ) : null}
        </>
      ) : null}
    </div>
  );
}

function Joined({ data, again }: PartProps) {
  const lead = data.me.part === 'lead' && data.state === 'open';
  if (data.merges.length + data.splits.length === 0 && !lead) return null;
  return (
    <Section
      id="case-joined"
      title="Merged and split"
      lead="Nothing is lost by either: each piece keeps the case it came into. Both can be undone for 30 days."
    >
      {data.merges.map((one) => (
        <article key={one.id}>
          <p>
            {one.way === 'to' ? 'This case into' : 'From'} case {one.other}: {mergeSays[one.state]} ·{' '}
            <Text value={nameOf(data, one.by)} />, {moment(one.at)}: <Text value={one.reason} />
          </p>
          {lead && one.way === 'from' && one.state === 'asked' ? (
            <CaseAct
              data={data}
              again={again}
              word="Answer"
              label={`Answer the wish of case ${one.other}`}
              path={`/merges/${one.id}/answer`}
              body={(text) => ({ yes: text('yes') === 'yes', reason: text('reason') })}
            >
              <fieldset className="choices">
                <legend>
                  Does case {one.other} become part of this one? Members of both will see all of it.
                </legend>
                <label>
                  <input type="radio" name="yes" value="yes" required /> Yes
                </label>
                <label>
                  <input type="radio" name="yes" value="no" required /> No
                </label>
              </fieldset>
              <ReasonField />
            </CaseAct>
          ) : null}
          {lead && one.way === 'from' && one.undoUntil ? (
            <details className="form-behind">
              <summary>Undo, until {day(one.undoUntil)}</summary>
              <CaseAct
                data={data}
                again={again}
                word="Undo the merge"
                label="Undo the merge"
                path={`/merges/${one.id}/undoing`}
                body={(text) => ({ reason: text('reason') })}
              >
                <ReasonField />
              </CaseAct>
            </details>
          ) : null}
        </article>
      ))}
      {data.splits.map((one) => (
        <article key={one.id}>
          <p>
            {one.way === 'to' ? 'Split off into ' : 'Split off from '}
            {one.otherId ? <a href={href('case', one.otherId)}>case {one.other}</a> : `case ${one.other}`}
            {one.undone ? ' (undone)' : ''}: {one.people.map((person) => person.name).join(', ')} ·{' '}
            <Text value={nameOf(data, one.by)} />, {moment(one.at)}: <Text value={one.reason} />
          </p>
          {lead && one.undoUntil ? (
            <details className="form-behind">
              <summary>Undo, until {day(one.undoUntil)}</summary>
              <CaseAct
                data={data}
                again={again}
                word="Undo the split"
                label="Undo the split"
                path={`/splits/${one.id}/undoing`}
                body={(text) => ({ reason: text('reason') })}
              >
                <ReasonField />
              </CaseAct>
            </details>
          ) : null}
        </article>
      ))}
      {lead ? (
        <div className="two-readings">
          <details className="form-behind">
            <summary>Ask that this becomes part of another case</summary>
            <CaseAct
              data={data}
              again={again}
              word="Ask"
              done="Asked. If there is such a case, its lead finds the wish on their Today page."
              label="Ask to merge"
              path="/merges"
              body={(text) => ({ into: Number(text('into')), reason: text('reason') })}
            >
              <label>
                Number of the other case
                <input name="into" type="number" min={1} required />
              </label>
              <ReasonField />
            </CaseAct>
          </details>
          {data.people.length > 1 ? (
            <details className="form-behind">
              <summary>Split people off into a case of their own</summary>
              <CaseAct
                data={data}
                again={again}
                word="Split off"
                label="Split people off"
                path="/splits"
                body={(text, fields) => ({
                  people: fields.getAll('people').map(String),
                  title: text('title'),
                  reason: text('reason'),
                })}
              >
                <fieldset className="choices down">
                  <legend>Who goes into the new case</legend>
                  {data.people.map(({ person }) => (
                    <label key={person.handle}>
                      <input type="checkbox" name="people" value={person.handle} />
                      <Text value={person.name} />
                    </label>
                  ))}
                </fieldset>
                <label>
                  Title of the new case, without names
                  <input name="title" required minLength={3} maxLength={120} />
                </label>
                <ReasonField />
              </CaseAct>
            </details>
          ) : null}
        </div>
      ) : null}
    </Section>
  );
}

const mergeSays = {
  asked: 'asked, waits for the other lead',
  refused: 'not wanted',
  merged: 'merged',
  undone: 'undone',
} as const;
