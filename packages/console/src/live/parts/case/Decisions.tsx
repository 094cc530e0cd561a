import { countOf, moment, shown } from '../../../format.js';
import { Empty, Section } from '../../../parts/Section.js';
import { Text } from '../../../parts/Text.js';
import { href, setQuery } from '../../../route.js';
import { CaseAct, nameOf, type PartProps, ReasonField, today, Who } from './small.js';
import { stepWords, verdictWords } from './words.js';

const verdictSays: Readonly<Record<string, string>> = {
  confirmed: 'Confirmed: they are not who they claim',
  cleared: 'Cleared: what was found up to today no longer counts, anywhere',
  inconclusive: 'Inconclusive: it could not be settled',
};

export function DecisionsPart({ data, again, query }: PartProps) {
  const chosen = data.people.find((one) => one.person.handle === query.who) ?? data.people[0];
  const open = data.state === 'open';
  return (
    <Section
      id="case-decisions"
      title="Decisions"
      lead="A named person decides and says why. Nothing is carried out from here: whoever does it, does it by hand and by your company’s rules."
    >
      {data.decisions.length === 0 ? (
        <Empty title="Nothing was decided yet." />
      ) : (
        data.decisions.map((one) => (
          <article key={one.id}>
            <h3>
              {one.kind === 'verdict'
                ? `Verdict: ${verdictWords[one.what] ?? one.what}`
                : (stepWords[one.what] ?? one.what)}
              , <Text value={one.person.name} />
            </h3>
            <p className="says">
              <Text value={one.reason} />
            </p>
            <p className="meta">
              Decided by <Text value={nameOf(data, one.by)} /> on {moment(one.at)}. <Text value={one.told} />
            </p>
            <p>
              <Text value={one.rule} />
            </p>
            {one.rests.length + one.readings.length > 0 ? (
              <div className="two-readings">
                <div>
                  <p>It rests on:</p>
                  <ul className="plain-list">
                    {one.rests.map((rest) => (
                      <li key={rest.item}>
                        <Text value={rest.says} />
                        <span className="meta hash">SHA-256 {rest.sha256}</span>
                      </li>
                    ))}
                  </ul>
                </div>
                <div>
                  <p>Innocent readings, and what was found about each:</p>
                  <ul className="plain-list">
                    {one.readings.map((reading) => (
                      <li key={reading.says}>
                        <Text value={reading.says} /> {reading.state}: <Text value={reading.answer} />
                      </li>
                    ))}
                  </ul>
                </div>
              </div>
            ) : null}
          </article>
        ))
      )}
      {open && data.people.length > 1 ? (
        <p className="screen-only">
          <label className="choice">
            About{' '}
            <select value={chosen?.person.handle} onChange={(event) => setQuery({ who: event.target.value })}>
              {data.people.map(({ person }) => (
                <option key={person.handle} value={person.handle}>
                  {shown(person.name)}
                </option>
              ))}
            </select>
          </label>
        </p>
      ) : null}
      {open && chosen ? (
        <>
          {data.me.decides ? (
            <>
              <Verdict
                key={`v ${chosen.person.handle}`}
                data={data}
                again={again}
                query={query}
                one={chosen}
              />
              {data.me.steps ? (
                <Step
                  key={`s ${chosen.person.handle}`}
                  data={data}
                  again={again}
                  query={query}
                  one={chosen}
                />
              ) : (
                <p>You opened this case: somebody else decides on steps against its people.</p>
              )}
            </>
          ) : (
            <p>
              {deciders(data).length === 0 ? (
                <>
                  Nobody is named to decide yet: a lead names somebody of HR or counsel under{' '}
                  <a href={href('case', data.id, { part: 'members' })}>Members</a>.
                </>
              ) : (
                <>
                  To be decided by <Text value={deciders(data).join(', ')} />.
                </>
              )}
            </p>
          )}
          {data.me.counsel ? (
            <details className="form-behind">
              <summary>Counsel: except a person from the rule of two kinds of evidence</summary>
              <CaseAct
                data={data}
                again={again}
                word="Record the exception"
                label="Record an exception"
                path="/exceptions"
                body={(text) => ({ person: text('person'), reason: text('reason') })}
              >
                <p>
                  The rule protects the innocent. The exception stays on record with your name; whoever
                  decides by it must be another person.
                </p>
                <Who data={data} />
                <ReasonField label="Why a step may be taken although the evidence is of one kind" />
              </CaseAct>
            </details>
          ) : null}
        </>
      ) : null}
    </Section>
  );
}

function deciders(data: PartProps['data']): string[] {
  return data.members.filter((one) => one.part === 'decider').map((one) => nameOf(data, one.user));
}

type One = PartProps & { one: PartProps['data']['people'][number] };

function told(text: (name: string) => string) {
  return text('told') === 'yes' ? { on: text('on') } : { whyNot: text('whyNot') };
}

/** When the person was told, or why not. */
function Told() {
  return (
    <fieldset className="choices down">
      <legend>Was the person told what was found?</legend>
      <label>
        <input type="radio" name="told" value="yes" required /> Yes, on (day){' '}
        <input type="date" name="on" defaultValue={today()} aria-label="Day on which they were told" />
      </label>
      <label>
        <input type="radio" name="told" value="no" required /> No, because{' '}
        <input name="whyNot" maxLength={2000} aria-label="Why they were not told" />
      </label>
    </fieldset>
  );
}

function Rests({ data, one }: One) {
  const items = data.items
    .filter(
      (item) =>
        item.state === 'held' &&
        (item.kind === 'finding'
          ? item.finding?.counts && item.person?.handle === one.person.handle
          : !item.person || item.person.handle === one.person.handle),
    )
    .sort((a, b) => (b.finding?.bits ?? 0) - (a.finding?.bits ?? 0));
  if (items.length === 0) return <p>No evidence that counts is held on this person.</p>;
  return (
    <fieldset className="choices down">
      <legend>What it rests on: choose what convinced you</legend>
      {items.map((item) => (
        <label key={item.id}>
          <input type="checkbox" name="rests" value={item.id} />
          <span>
            <Text value={item.says} />{' '}
            <span className="meta">{item.finding ? `kind: ${item.finding.facet}` : item.kind}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Step({ data, again, query, one }: One) {
  const may = (one.rule.met || one.exception) && !one.disputed && one.unanswered === 0;
  return (
    <details className="form-behind">
      <summary>
        Decide on a step against <Text value={one.person.name} />
      </summary>
      {may ? null : (
        <p className="doubt">
          {one.disputed
            ? 'They dispute what was found: answer that first.'
            : !one.rule.met && !one.exception
              ? `${one.rule.says} Counsel of the case can record an exception.`
              : `${countOf(one.unanswered, 'innocent reading has', 'innocent readings have')} no answer yet. Those of what you rest on must be answered, under Hypotheses.`}
        </p>
      )}
      <CaseAct
        data={data}
        again={again}
        danger
        word="Record the decision"
        label="Decide on a step"
        path="/steps"
        body={(text, fields) => ({
          person: one.person.handle,
          what: text('what'),
          reason: text('reason'),
          rests: fields.getAll('rests').map(String),
          told: told(text),
        })}
      >
        <label>
          Step
          <select name="what">
            {Object.entries(stepWords).map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <Rests data={data} again={again} query={query} one={one} />
        <ReasonField label="Why, in words that the person and a judge may read" />
        <Told />
      </CaseAct>
    </details>
  );
}

function Verdict({ data, again, query, one }: One) {
  return (
    <details className="form-behind">
      <summary>
        Give the verdict on <Text value={one.person.name} />
      </summary>
      <CaseAct
        data={data}
        again={again}
        word="Give the verdict"
        label="Give a verdict"
        path="/verdicts"
        body={(text, fields) => ({
          person: one.person.handle,
          verdict: text('verdict'),
          reason: text('reason'),
          rests: fields.getAll('rests').map(String),
          told: told(text),
        })}
      >
        <fieldset className="choices down">
          <legend>After all that was looked at</legend>
          {(data.me.steps ? ['cleared', 'inconclusive', 'confirmed'] : ['cleared', 'inconclusive']).map(
            (verdict) => (
              <label key={verdict}>
                <input type="radio" name="verdict" value={verdict} required /> {verdictSays[verdict]}
              </label>
            ),
          )}
        </fieldset>
        <p className="meta">“Confirmed” needs what a step against them needs.</p>
        <Rests data={data} again={again} query={query} one={one} />
        <ReasonField label="Why, in words that the person and a judge may read" />
        <Told />
      </CaseAct>
    </details>
  );
}
