import type { Keeping as KeepingAnswer, Removal } from '@rollcall/server/areas/removals/words.js';
import { count, countOf, day, moment } from '../../../format.js';
import { Empty } from '../../../parts/Section.js';
import { Text } from '../../../parts/Text.js';
import { href } from '../../../route.js';
import { send, useGet } from '../../api.js';
import { useMay } from '../../session.js';
import { Act } from '../Act.js';
import { Loaded } from '../Loaded.js';

/** How long things are kept, and people whose data are to be removed. */
export function Keeping() {
  const keeping = useGet<KeepingAnswer>('/removals', ['removals']);
  return (
    <Loaded of={keeping}>
      {(answer) => (
        <>
          <Ages answer={answer} />
          <h2>Removing a person</h2>
          <p className="lead">
            Somebody asked that what is held about them is deleted, or the law asks for it. One of you asks
            for it here, counsel who is somebody else agrees, and then everything of them goes: records,
            findings, checks, and cases that are over and about nobody else. It cannot be undone. While they
            are in an open case nothing goes.
          </p>
          {answer.mayAsk ? <Ask again={keeping.again} /> : null}
          {answer.removals.length === 0 ? (
            <Empty title="Nobody was asked to be removed." />
          ) : (
            <ul className="rules">
              {answer.removals.map((removal) => (
                <One key={removal.id} removal={removal} again={keeping.again} />
              ))}
            </ul>
          )}
          <h2>What is not removed</h2>
          <p className="lead">
            The audit log, which names nobody. Backups, sealed bundles and files that were taken away. What
            was handed in, which goes by itself after {countOf(answer.handedIn, 'day', 'days')}; until then it
            still holds records of theirs as they came. Lines in records of colleagues that name them, such as
            who manages whom.
          </p>
        </>
      )}
    </Loaded>
  );
}

function Ages({ answer }: { answer: KeepingAnswer }) {
  const may = useMay();
  const { ages, last } = answer;
  const rows = [
    ['Logs: sign-ins, devices, networks', ages.logs, 'after it happened'],
    ['Applicants who were never hired', ages.applicants, 'after the last word about them'],
    ['People who left', ages.leavers, 'after their last day'],
    ['Cases', ages.cases, 'after they were closed; their numbers stay'],
    ['What was handed in, as it came', answer.handedIn, 'after it was read'],
  ] as const;
  return (
    <>
      <h2>How long things are kept</h2>
      <dl className="facts">
        {rows.map(([what, age, from]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{age === undefined ? 'for ever' : `${countOf(age, 'day', 'days')} ${from}`}</dd>
          </div>
        ))}
      </dl>
      <p className="meta">
        {may('settings.edit')
          ? 'All but the last stand in the policy file, in its section “retention”. '
          : 'Administrators set this. '}
        Once a day what is older is removed, but nothing of anybody in an open case.
      </p>
      {last ? (
        <p>
          Last looked at {moment(last.at)}. Removed: {countOf(last.logs, 'row of logs', 'rows of logs')},{' '}
          {countOf(last.applicants, 'applicant', 'applicants')},{' '}
          {countOf(last.leavers, 'person who left', 'people who left')},{' '}
          {countOf(last.cases, 'case', 'cases')}.
          {last.held > 0 ? ` Put off for an open case: ${countOf(last.held, 'person', 'people')}.` : ''}
        </p>
      ) : null}
    </>
  );
}

function Ask({ again }: { again: () => void }) {
  return (
    <details>
      <summary>Ask for a removal</summary>
      <Act
        label="Ask for a removal"
        word="Ask"
        done="Asked. Counsel is told under Today."
        act={async (fields) => {
          await send('POST', '/removals', { who: fields.get('who'), reason: fields.get('reason') });
          again();
        }}
      >
        <label>
          Who: their number at HR or in the applicant system, their e-mail address, or the handle in the
          address of their page
          <input name="who" required maxLength={300} autoComplete="off" />
        </label>
        <label>
          Why
          <textarea name="reason" required minLength={3} maxLength={2000} rows={2} />
        </label>
      </Act>
    </details>
  );
}

const stateWords: Record<Removal['state'], string> = {
  asked: 'Waits for counsel',
  withdrawn: 'Taken back',
  refused: 'Refused',
  agreed: 'Agreed to; it begins in a moment, or once no case is open',
  held: 'Agreed to; put off, since a case was opened meanwhile',
  'under way': 'Under way: records are gone, the next scan follows',
  returned:
    'Records were removed; shown until the next scan is done. If it stays so, exports name them again',
  done: 'Removed',
};

function One({ removal, again }: { removal: Removal; again: () => void }) {
  const { id, who, state, counts } = removal;
  const path = `/removals/${id}`;
  const act = (what: string) => async () => {
    await send('POST', `${path}/${what}`);
    again();
  };
  return (
    <li>
      <h3>
        {who ? (
          state === 'done' ? (
            <Text value={who.called} />
          ) : (
            <a href={href('person', who.handle)}>
              <Text value={who.called} />
            </a>
          )
        ) : (
          'A person'
        )}
      </h3>
      <p>
        {stateWords[state]}
        {removal.doneAt ? ` on ${day(removal.doneAt)}` : ''}
        {state === 'done' && counts
          ? `, with ${countOf(counts.checks ?? 0, 'check', 'checks')} and ${countOf(counts.cases ?? 0, 'case', 'cases')} of theirs.${
              counts.casesWithOthers
                ? ` ${count(counts.casesWithOthers)} that others are in ${counts.casesWithOthers === 1 ? 'stays' : 'stay'} until its age is reached.`
                : ''
            }`
          : '.'}
      </p>
      {removal.reason ? (
        <p>
          Why: <Text value={removal.reason} />
        </p>
      ) : null}
      {removal.answer ? (
        <p>
          Why not: <Text value={removal.answer} />
        </p>
      ) : null}
      <p className="meta">
        Asked for by <Text value={removal.askedBy} />, {moment(removal.askedAt)}
        {removal.answeredBy && removal.answeredAt ? (
          <>
            ; answered by <Text value={removal.answeredBy} />, {moment(removal.answeredAt)}
          </>
        ) : null}
      </p>
      {removal.may.includes('agree') ? (
        <Act
          danger
          label={`Agree that ${who?.called ?? 'they'} is removed`}
          word="Agree: remove everything"
          act={act('agree')}
        >
          <p>
            First make sure that no law asks you to keep anything of theirs, and that they meant all of it.
          </p>
        </Act>
      ) : null}
      {removal.may.includes('refuse') ? (
        <Act
          label={`Refuse the removal of ${who?.called ?? 'a person'}`}
          word="Refuse"
          act={async (fields) => {
            await send('POST', `${path}/refuse`, { reason: fields.get('reason') });
            again();
          }}
        >
          <label>
            Why it is refused
            <input name="reason" required minLength={3} maxLength={2000} autoComplete="off" />
          </label>
        </Act>
      ) : null}
      {removal.may.includes('withdraw') ? (
        <Act label="Take this request back" word="Take it back" act={act('withdraw')} />
      ) : null}
    </li>
  );
}
