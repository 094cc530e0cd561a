import type { VendorPage as Firm, VendorAudit } from '@rollcall/server/areas/vendors/words.js';
import { count, countOf, day, percent } from '../../format.js';
import { Items } from '../../parts/Items.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { go, href, type Route } from '../../route.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { Loaded } from '../parts/Loaded.js';
import { useMay } from '../session.js';
import '../style/vendors.css';

const answerWords = { good: 'In place', partly: 'Partly', no: 'Not in place' } as const;
const clauseWords = {
  signed: 'Signed',
  asked: 'Asked for',
  refused: 'Refused by the firm',
  'not needed': 'Not needed here',
} as const;
const outcomeWords: Record<string, string> = {
  passed: 'passed',
  gaps: 'gaps found',
  refused: 'refused by the firm',
};

export function VendorPage({ route }: { route: Route }) {
  const path = `/vendors/${encodeURIComponent(route.id)}`;
  const firm = useGet<Firm>(path, ['vendors', 'people']);
  return <Loaded of={firm}>{(data) => <OneFirm firm={data} path={path} route={route} />}</Loaded>;
}

function OneFirm({ firm, path, route }: { firm: Firm; path: string; route: Route }) {
  const may = useMay();
  const edits = may('vendors.edit');
  const shown = route.query.audit ?? firm.openAudit;
  return (
    <>
      <div className="page-head">
        <p className="steps">
          <a href={href('vendors')}>All firms</a>
        </p>
        <h1>
          <Text value={firm.name} />
        </h1>
        <p className="lead">
          {countOf(firm.workers, 'person it sent is', 'people it sent are')} here now.{' '}
          {firm.score === undefined
            ? 'It was not asked anything yet.'
            : `${percent(firm.score)} of what is asked is in place.`}{' '}
          {firm.due ? `The next thing is due on ${day(firm.due)}.` : ''}
        </p>
      </div>
      <Section id="gaps" title="What is missing">
        {firm.gaps.length === 0 ? (
          <p>Nothing: all was answered, signed and shown.</p>
        ) : (
          <Items items={firm.gaps} />
        )}
      </Section>
      <Section
        id="audits"
        title="Audits"
        lead="Twice a year, a tenth of the people it sent and at least five, drawn by chance. Being drawn says nothing about anybody."
      >
        {firm.audits.length === 0 ? (
          <Empty title="It was never audited." />
        ) : (
          <Wide label="Audits">
            <table className="vendors">
              <thead>
                <tr>
                  <th scope="col">Half-year</th>
                  <th scope="col">Sample</th>
                  <th scope="col">Drawn</th>
                  <th scope="col">State</th>
                </tr>
              </thead>
              <tbody>
                {firm.audits.map((audit) => (
                  <tr key={audit.id}>
                    <th scope="row">
                      <a href={href('vendor', firm.id, { audit: audit.id })}>{audit.period}</a>
                    </th>
                    <td>
                      {count(audit.size)} of {count(audit.of)}
                    </td>
                    <td>{day(audit.openedAt)}</td>
                    <td>
                      {audit.state === 'open'
                        ? 'under way'
                        : `${outcomeWords[audit.outcome ?? ''] ?? 'closed'}, ${day(audit.closedAt)}`}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        )}
        {edits && !firm.openAudit && firm.workers > 0 ? (
          <Act
            label="Draw a sample"
            word="Draw this half-year’s sample"
            act={async () => {
              const { audit } = await send<{ audit: string }>('POST', `${path}/audits`, {});
              go(href('vendor', firm.id, { audit }));
            }}
          />
        ) : null}
        {shown ? <Audit path={`${path}/audits/${encodeURIComponent(shown)}`} edits={edits} /> : null}
      </Section>
      <Section
        id="clauses"
        title="Contract"
        lead="For counsel to put into the words and the law of the contract."
      >
        <Wide label="Clauses">
          <table className="vendors">
            <thead>
              <tr>
                <th scope="col">Clause</th>
                <th scope="col">State</th>
                {edits ? <th scope="col">Record</th> : null}
              </tr>
            </thead>
            <tbody>
              {firm.clauses.map((clause) => (
                <tr key={clause.id}>
                  <th scope="row">
                    {clause.title}
                    {clause.required ? '' : ' (useful)'}
                    <span className="meta">{clause.says}</span>
                  </th>
                  <td>
                    {clause.state ? clauseWords[clause.state] : 'Not in the contract'}
                    <span className="meta">
                      <Text value={clause.note ?? ''} /> {clause.at ? `(recorded ${day(clause.at)})` : ''}
                    </span>
                  </td>
                  {edits ? (
                    <td>
                      <Act
                        label={`Record the clause ${clause.title}`}
                        word="Record"
                        act={(fields) =>
                          send('PUT', `${path}/clauses/${clause.id}`, {
                            state: fields.get('state'),
                            note: fields.get('note'),
                          })
                        }
                      >
                        <label>
                          State
                          <select name="state" defaultValue={clause.state ?? 'signed'}>
                            {Object.entries(clauseWords).map(([state, word]) => (
                              <option key={state} value={state}>
                                {word}
                              </option>
                            ))}
                          </select>
                        </label>
                        <label>
                          Since when, or why
                          <input name="note" required maxLength={500} />
                        </label>
                      </Act>
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      </Section>
      <Section id="questions" title={firm.questionnaire.title} lead={firm.questionnaire.why}>
        <p className="quiet">
          {firm.questionnaire.answeredAt
            ? `Answered on ${day(firm.questionnaire.answeredAt)}; counts until ${day(firm.questionnaire.countsUntil)}.`
            : 'Not answered yet.'}
        </p>
        {edits ? <Answer firm={firm} path={path} /> : <Answered firm={firm} />}
      </Section>
    </>
  );
}

function Answered({ firm }: { firm: Firm }) {
  return (
    <dl>
      {firm.questionnaire.questions.map((question) => (
        <div key={question.id}>
          <dt>{question.ask}</dt>
          <dd>
            {question.answer ? answerWords[question.answer] : 'No answer'}{' '}
            <Text value={question.note ?? ''} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Answer({ firm, path }: { firm: Firm; path: string }) {
  return (
    <Act
      label="The firm’s answers"
      word="Record the answers"
      done="Recorded."
      act={(fields) => {
        const answers: Record<string, { answer: string; note?: string }> = {};
        for (const { id } of firm.questionnaire.questions) {
          const answer = fields.get(`answer-${id}`);
          const note = String(fields.get(`note-${id}`) ?? '').trim();
          if (answer) answers[id] = { answer: String(answer), ...(note ? { note } : {}) };
        }
        return send('PUT', `${path}/answers`, { answers });
      }}
    >
      {firm.questionnaire.questions.map((question) => (
        <fieldset key={question.id} className="question">
          <legend>{question.ask}</legend>
          <p className="quiet">A good answer: {question.good}</p>
          {Object.entries(answerWords).map(([value, word]) => (
            <label key={value} className="choice">
              <input
                type="radio"
                name={`answer-${question.id}`}
                value={value}
                defaultChecked={question.answer === value}
              />{' '}
              {word}
            </label>
          ))}
          <label>
            What they said, in short
            <input name={`note-${question.id}`} defaultValue={question.note ?? ''} maxLength={2000} />
          </label>
        </fieldset>
      ))}
    </Act>
  );
}

function Audit({ path, edits }: { path: string; edits: boolean }) {
  const audit = useGet<VendorAudit>(path, ['vendors']);
  return (
    <Loaded of={audit}>
      {(data) => (
        <div className="vendor-audit">
          <h3>Audit of {data.period}</h3>
          <p className="quiet">
            Drawn: the {count(data.size)} of {count(data.from.length)} whose SHA-256 of seed, colon and handle
            is smallest. Seed <code>{data.seed}</code>
          </p>
          <Wide label="People drawn">
            <table className="vendors">
              <thead>
                <tr>
                  <th scope="col">Drawn</th>
                  <th scope="col">What the firm showed</th>
                  {edits && data.state === 'open' ? <th scope="col">Record</th> : null}
                </tr>
              </thead>
              <tbody>
                {data.workers.map((worker) => (
                  <tr key={worker.person}>
                    <th scope="row">
                      <Text value={worker.name} />
                    </th>
                    <td>
                      {worker.evidence
                        ? `Evidence of identity: ${worker.evidence}. The one at work is the one presented: ${worker.samePerson}. Employed by the firm: ${worker.employedByFirm}.`
                        : 'nothing recorded yet'}
                      <span className="meta">
                        <Text value={worker.note ?? ''} />
                      </span>
                    </td>
                    {edits && data.state === 'open' ? (
                      <td>
                        <Act
                          label={`Record what was shown for ${worker.name}`}
                          word="Record"
                          act={(fields) =>
                            send('PUT', `${path}/workers/${worker.person}`, {
                              evidence: fields.get('evidence'),
                              samePerson: fields.get('samePerson'),
                              employedByFirm: fields.get('employedByFirm'),
                              ...(fields.get('note') ? { note: fields.get('note') } : {}),
                            })
                          }
                        >
                          <label>
                            Evidence of identity
                            <select name="evidence" defaultValue={worker.evidence ?? 'shown'}>
                              <option>shown</option>
                              <option>not shown</option>
                              <option>another way agreed</option>
                            </select>
                          </label>
                          <label>
                            The one at work is the one presented
                            <select name="samePerson" defaultValue={worker.samePerson ?? 'unsure'}>
                              <option>yes</option>
                              <option>no</option>
                              <option>unsure</option>
                            </select>
                          </label>
                          <label>
                            Employed by the firm itself
                            <select name="employedByFirm" defaultValue={worker.employedByFirm ?? 'unsure'}>
                              <option>yes</option>
                              <option>no</option>
                              <option>unsure</option>
                            </select>
                          </label>
                          <label>
                            Note
                            <input name="note" maxLength={500} />
                          </label>
                        </Act>
                      </td>
                    ) : null}
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
          {data.state === 'closed' ? (
            <p>
              Closed: {outcomeWords[data.outcome ?? ''] ?? 'closed'}. <Text value={data.note ?? ''} />
            </p>
          ) : edits ? (
            <Act
              label="End the audit"
              word="End the audit"
              act={(fields) =>
                send('POST', `${path}/close`, { outcome: fields.get('outcome'), note: fields.get('note') })
              }
            >
              <label>
                How it ended
                <select name="outcome">
                  {Object.entries(outcomeWords).map(([value, word]) => (
                    <option key={value} value={value}>
                      {word}
                    </option>
                  ))}
                </select>
              </label>
              <label>
                What is to be done, and by when
                <input name="note" required maxLength={1000} />
              </label>
            </Act>
          ) : null}
        </div>
      )}
    </Loaded>
  );
}
