import type { CheckPageData, Form } from '@rollcall/server/areas/checks/words.js';
import { useState } from 'react';
import { countOf, day, moment } from '../../format.js';
import { Section } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { href, type Route } from '../../route.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { Loaded } from '../parts/Loaded.js';
import { rolesSaid, roleWord } from '../parts/roles.js';
import { About, outcomeWords, standing } from './Checks.js';
import '../style/checks.css';

/** One check: what to say and do on the left, what to write down on the right. Nothing of it is kept in the browser. */
export function CheckPage({ route }: { route: Route }) {
  const page = useGet<CheckPageData>(`/checks/${encodeURIComponent(route.id)}`, ['checks']);
  return <Loaded of={page}>{(data) => <Check data={data} />}</Loaded>;
}

function Check({ data }: { data: CheckPageData }) {
  const { check, form } = data;
  return (
    <div className="check-page">
      <div className="page-head check-head">
        <p className="crumb">
          <a href={href('checks')}>Checks</a>
        </p>
        <h1>{check.title}</h1>
        <p className="lead">
          <About check={check} />
        </p>
        <p>
          {check.state === 'asked' ? (
            <span className={check.late ? 'late' : undefined}>
              Due {day(check.due)} UTC{check.late ? ', late' : ''}
            </span>
          ) : (
            `${standing(check)}${check.doneAt ? `, ${moment(check.doneAt)}` : ''}`
          )}
          {' · '}
          <Text value={roleWord(check.by)} />
          {' · '}
          {check.occasion} · asked by <Text value={data.askedBy} />, {day(data.askedAt)}
          {check.expiresAt && check.state === 'done' ? ` · counts until ${day(check.expiresAt)}` : ''}
        </p>
        {data.reason ? (
          <p>
            {check.state === 'excused' ? 'Agreed instead: ' : 'Why it was taken back: '}
            <Text value={data.reason} />
          </p>
        ) : null}
        {data.case ? (
          <p>
            It belongs to a <a href={href('case', data.case)}>case of yours</a>.
          </p>
        ) : null}
        {form.hold && check.state === 'asked' ? <p className="request">{form.hold}</p> : null}
        {check.about.handle ? (
          <p>
            <a href={href('checks', '', { view: 'chain', person: check.about.handle })}>
              Whether the same person was met at each step
            </a>
          </p>
        ) : null}
      </div>
      <div className="check-sides">
        <div>
          <Section id="script" title="What to say and do" lead={form.why}>
            {data.challenge ? (
              <div className="request">
                <p>
                  The request picked at random
                  {data.challenge.window ? `, for the ${data.challenge.window} of their working day` : ''}:
                </p>
                <p>{data.challenge.says}</p>
                {data.challenge.word ? (
                  <p>
                    Today’s word: <strong>{data.challenge.word}</strong>
                  </p>
                ) : null}
              </div>
            ) : null}
            <ol className="script">
              {form.script.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ol>
          </Section>
          <Section id="other-way" title="Another way">
            <p>{form.accommodation}</p>
          </Section>
          {data.questions.length > 0 ? (
            <Section id="questions" title="The fixed questions">
              {data.questions.map((one) => (
                <details key={one.id}>
                  <summary>{one.title}</summary>
                  <p>“{one.asks}”</p>
                  <p className="meta">Settles: {one.settles}</p>
                  <ul className="fair-list">
                    {one.never.map((never) => (
                      <li key={never}>{never}</li>
                    ))}
                  </ul>
                </details>
              ))}
            </Section>
          ) : null}
          <Section id="fair" title="Fair to everybody">
            <ul className="fair-list">
              {[...form.fairness, ...form.never].map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </Section>
          <Section id="done-means" title="When it is done">
            <p>
              {form.done} It counts for {countOf(form.days, 'day', 'days')}.
            </p>
            <p>Kept: {form.evidence.join(' ')}</p>
            <p className="meta">
              Controls {form.controls.join(', ')}; sources {form.sources.join(', ')}.
            </p>
          </Section>
        </div>
        <div>
          {data.words.length > 0 ? <Words data={data} /> : null}
          {data.may.record ? (
            <Record data={data} />
          ) : check.state === 'asked' ? (
            <Section id="record" title="To be written down">
              <p>
                {data.may.why
                  ? `Not yours to record: ${data.may.why}.`
                  : 'Your roles may read this, and not record it.'}
              </p>
            </Section>
          ) : null}
          {data.may.plan ? <Plan data={data} /> : null}
        </div>
      </div>
    </div>
  );
}

function Words({ data }: { data: CheckPageData }) {
  return (
    <Section id="words" title={data.form.second ? 'Words given' : 'What was written down'}>
      <ul className="words-given">
        {data.words.map((word) => (
          <li key={`${word.by} ${word.at}`}>
            <Text value={word.by} />, {moment(word.at)}:{' '}
            {word.outcome ? outcomeWords[word.outcome] : 'given, and shown once both are there'}
            {word.otherWay ? ', in an agreed other way' : ''}
            {word.answers.map((one) => (
              <span key={one.label} className="meta">
                {one.label} <Text value={one.answer} />
              </span>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Record({ data }: { data: CheckPageData }) {
  const { form, check } = data;
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const asked = form.fields.filter(
    (field) => !field.only || field.only.is.includes(answers[field.only.field] ?? ''),
  );
  return (
    <Section
      id="record"
      title={form.second ? 'Your word' : 'Write it down'}
      lead={
        form.second
          ? `It takes the word of two: ${rolesSaid(form.who)}, and ${rolesSaid(form.second)}, each from another account.`
          : 'Write what you saw, not what you think of it.'
      }
    >
      <Act
        word={form.second ? 'Give my word' : 'Record it'}
        label={`Record: ${form.title}`}
        done="Written down."
        act={async (fields) => {
          await send('POST', `/checks/${encodeURIComponent(check.id)}/outcome`, {
            answers: Object.fromEntries(
              asked.flatMap((field) => {
                const value = String(fields.get(field.id) ?? '').trim();
                return value === '' ? [] : [[field.id, value]];
              }),
            ),
            otherWay: fields.get('other-way') === 'yes',
          });
          setAnswers({});
        }}
      >
        <div className="answers">
          {asked.map((field) => (
            <Field
              key={field.id}
              field={field}
              chosen={answers[field.id]}
              choose={(value) => setAnswers((before) => ({ ...before, [field.id]: value }))}
            />
          ))}
          <label className="choice-line">
            <input type="checkbox" name="other-way" value="yes" />
            It was done in another way that was agreed. It counts as much, and the reason is not written down.
          </label>
        </div>
      </Act>
    </Section>
  );
}

function Field({
  field,
  chosen,
  choose,
}: {
  field: Form['fields'][number];
  chosen: string | undefined;
  choose: (value: string) => void;
}) {
  if (field.choices.length > 0)
    return (
      <fieldset>
        <legend>{field.label}</legend>
        {field.choices.map(({ value, means }) => (
          <label key={value} className="choice-line">
            <input
              type="radio"
              name={field.id}
              value={value}
              checked={chosen === value}
              required={!field.optional}
              onChange={() => choose(value)}
            />
            {field.kind === 'yes-no-unsure' && !means.toLowerCase().startsWith(value)
              ? `${word(value)}. ${means}`
              : means}
          </label>
        ))}
        {field.help ? <p className="help">{field.help}</p> : null}
      </fieldset>
    );
  const id = `field-${field.id}`;
  const common = {
    id,
    name: field.id,
    required: !field.optional,
    'aria-describedby': field.help ? `${id}-help` : undefined,
  };
  return (
    <div className="one-line">
      <label htmlFor={id} className="label">
        {field.label}
        {field.unit ? `, in ${field.unit}` : ''}
        {field.optional ? ' (may stay empty)' : ''}
      </label>
      {field.kind === 'number' ? (
        <input {...common} type="number" min={0} step="any" inputMode="decimal" />
      ) : field.kind === 'date' ? (
        <input {...common} type="date" />
      ) : field.kind === 'hash' ? (
        <input {...common} type="text" pattern="[0-9a-fA-F]{64}" spellCheck={false} autoComplete="off" />
      ) : (
        <input {...common} type="text" maxLength={200} autoComplete="off" />
      )}
      {field.help ? (
        <p id={`${id}-help`} className="help">
          {field.help}
        </p>
      ) : null}
    </div>
  );
}

const word = (value: string) => `${value.slice(0, 1).toUpperCase()}${value.slice(1)}`;

function Plan({ data }: { data: CheckPageData }) {
  const { check, form } = data;
  const at = `/checks/${encodeURIComponent(check.id)}`;
  return (
    <Section id="plan" title="Plan it otherwise">
      <details>
        <summary>Give it to a colleague or a role</summary>
        <Act
          word="Give it"
          label="Give the check to somebody"
          done="Given."
          act={(fields) => {
            const [kind, ...rest] = String(fields.get('to')).split(':');
            return send(
              'POST',
              `${at}/assign`,
              kind === 'role' ? { role: rest.join(':') } : { assignee: rest.join(':') },
            );
          }}
        >
          <label>
            To whom
            <select name="to">
              {form.who.map((role) => (
                <option key={role} value={`role:${role}`}>
                  anybody of {roleWord(role)}
                </option>
              ))}
              {data.colleagues.map((one) => (
                <option key={one.id} value={`account:${one.id}`}>
                  {one.name} ({rolesSaid(one.roles, 'and')})
                </option>
              ))}
            </select>
          </label>
        </Act>
      </details>
      {form.hold ? (
        <p className="meta">
          What is held is let go by two people’s word above; it is neither taken back nor agreed away.
        </p>
      ) : (
        <>
          {check.about.kind === 'person' ? (
            <details>
              <summary>Agree another way instead</summary>
              <Act
                word="Agree it"
                label="Agree another way"
                act={(fields) => send('POST', `${at}/excuse`, { otherWay: String(fields.get('other-way')) })}
              >
                <label>
                  Which way was agreed; not the reason
                  <input name="other-way" required minLength={3} maxLength={200} autoComplete="off" />
                </label>
              </Act>
            </details>
          ) : null}
          <details>
            <summary>Take it back</summary>
            <Act
              word="Take it back"
              danger
              label="Take the check back"
              act={(fields) => send('POST', `${at}/cancel`, { reason: String(fields.get('reason')) })}
            >
              <label>
                Why it is not needed, without names
                <input name="reason" required minLength={3} maxLength={300} autoComplete="off" />
              </label>
            </Act>
          </details>
        </>
      )}
    </Section>
  );
}
