import { useState } from 'react';
import { day, moment } from '../../../format.js';
import { Empty, Section } from '../../../parts/Section.js';
import { Text } from '../../../parts/Text.js';
import { useMay } from '../../session.js';
import { CaseAct, nameOf, type PartProps, today, Who } from './small.js';
import { letterWords } from './words.js';

/** The person's side: what they are told, may read and say. */
export function LettersPart({ data, again }: PartProps) {
  const may = useMay();
  const active = data.state === 'open' || data.state === 'closed';
  return (
    <Section
      id="case-letters"
      title="Letters and disputes"
      lead="The person’s side: what they are told, what they can read, what they say to it. Letters are drafts for people to edit and send; nothing is sent from here."
    >
      <h3>Disputes</h3>
      {data.disputes.length === 0 ? (
        <p className="quiet">
          None. When the person says that something is wrong, record it here, in their words and with the day
          it came in. Until it is answered no step is recorded against them.
        </p>
      ) : (
        data.disputes.map((one) => (
          <article key={one.id}>
            <p className="meta">
              <Text value={one.person.name} />, received {day(one.received)}, recorded by{' '}
              <Text value={nameOf(data, one.by)} />
            </p>
            <p className="text-block">
              <Text value={one.says} />
            </p>
            {one.answer ? (
              <p>
                Answered by <Text value={nameOf(data, one.answeredBy ?? '')} />, {moment(one.answeredAt)}:{' '}
                <Text value={one.answer} />
              </p>
            ) : active ? (
              <CaseAct
                data={data}
                again={again}
                word="Answer"
                label="Answer the dispute"
                path={`/disputes/${one.id}/answer`}
                body={(text) => ({ answer: text('answer') })}
              >
                <label>
                  The answer, after looking into it
                  <textarea name="answer" required minLength={5} maxLength={10000} />
                </label>
              </CaseAct>
            ) : null}
          </article>
        ))
      )}
      {active && data.people.length > 0 ? (
        <details className="form-behind">
          <summary>Record a dispute</summary>
          <CaseAct
            data={data}
            again={again}
            word="Record"
            label="Record a dispute"
            path="/disputes"
            body={(text) => ({ person: text('person'), says: text('says'), received: text('received') })}
          >
            <Who data={data} />
            <label>
              What they say, in their words
              <textarea name="says" required minLength={3} maxLength={20000} />
            </label>
            <label>
              Received on
              <input type="date" name="received" required defaultValue={today()} />
            </label>
          </CaseAct>
        </details>
      ) : null}
      {data.corrections.length > 0 ? (
        <>
          <h3>Records that were wrong</h3>
          <ul className="plain-list">
            {data.corrections.map((one) => (
              <li key={one.id}>
                <Text value={one.person.name} />: <Text value={one.says} /> Told to{' '}
                <Text value={one.toldTo} />, {moment(one.at)}.
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <h3>Letters</h3>
      {data.letters.length === 0 ? <Empty title="No letter was drafted yet." /> : null}
      {data.letters.map((letter) => (
        <LetterForm key={letter.id} data={data} again={again} letter={letter} />
      ))}
      {active && data.people.length > 0 ? (
        <details className="form-behind">
          <summary>Draft a letter</summary>
          <CaseAct
            data={data}
            again={again}
            word="Draft"
            label="Draft a letter"
            path="/letters"
            body={(text) => ({
              person: text('person'),
              template: text('template'),
              ...(text('answerBy') ? { answerBy: text('answerBy') } : {}),
            })}
          >
            <Who data={data} />
            <label>
              Letter
              <select name="template">
                {Object.entries(letterWords).map(([value, word]) => (
                  <option key={value} value={value}>
                    {word}
                  </option>
                ))}
              </select>
            </label>
            <label>
              Answer hoped for by
              <input type="date" name="answerBy" />
            </label>
            <p className="meta">
              It holds the heaviest finding of each kind and its innocent readings, without what would tell
              about other people. What the law asks for where you are, counsel adds.
            </p>
          </CaseAct>
        </details>
      ) : null}
      {active && may('cases.export') ? (
        <>
          <h3>Copy of the evidence for them</h3>
          <p>What is held about a person, in plain words, without the names and values of others.</p>
          <ul className="plain-list">
            {data.people.map(({ person }) => (
              <li key={person.handle}>
                <a href={`/api/cases/${encodeURIComponent(data.id)}/copies/${person.handle}`} download>
                  Copy for <Text value={person.name} />
                </a>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Section>
  );
}

function LetterForm({
  data,
  again,
  letter,
}: Omit<PartProps, 'query'> & { letter: PartProps['data']['letters'][number] }) {
  const [text, setText] = useState(letter.text);
  const head = (
    <>
      {letterWords[letter.template]}, <Text value={letter.person.name} />
    </>
  );
  if (letter.sent || data.state === 'merged')
    return (
      <details className="form-behind">
        <summary>
          {head} {letter.sent ? `· sent ${day(letter.sent)}` : ''}
        </summary>
        <p className="text-block">
          <Text value={letter.text} />
        </p>
      </details>
    );
  return (
    <details className="form-behind">
      <summary>{head} · draft</summary>
      <CaseAct
        data={data}
        again={again}
        method="PATCH"
        word="Save the words"
        done="Saved."
        label="Edit the letter"
        path={`/letters/${letter.id}`}
        body={() => ({ text })}
      >
        <label>
          The letter
          <textarea
            className="letter-text"
            value={text}
            onChange={(event) => setText(event.target.value)}
            required
            minLength={10}
            maxLength={50000}
          />
        </label>
      </CaseAct>
      <CaseAct
        data={data}
        again={again}
        method="PATCH"
        word="It was sent"
        label="Record that the letter was sent"
        path={`/letters/${letter.id}`}
        body={(field) => ({ text, sent: field('sent') })}
      >
        <label>
          Sent on, by whatever way
          <input type="date" name="sent" required defaultValue={today()} />
        </label>
        <p className="meta">A letter that was sent can no longer be changed.</p>
      </CaseAct>
    </details>
  );
}
