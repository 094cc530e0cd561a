import type { DetectionAnswer, Finding, Findings } from '@rollcall/server/areas/detections/words.js';
import { useRef } from 'react';
import { asSentence, bits, count, countOf, day, percent, shown, unhyphened } from '../../format.js';
import { Band } from '../../parts/Band.js';
import { Bits, BitsExplained } from '../../parts/Bits.js';
import { useRowKeys } from '../../parts/keys.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { Line, Text } from '../../parts/Text.js';
import { href, type Route } from '../../route.js';
import { detectionStageWords, explanationWords, fairnessWords } from '../../words.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { Code } from '../parts/Code.js';
import { Loaded } from '../parts/Loaded.js';
import { Paging } from '../parts/Paging.js';
import { Weeks } from '../parts/Weeks.js';
import { useMay } from '../session.js';
import '../style/detections.css';

const verdictWords = {
  useful: 'Useful: it led to somebody who is not who they claim',
  innocent: 'True, but innocent',
  wrong: 'Wrong: the records were',
} as const;

/** One detection: what it asks, why, what it weighs here and why, and whom it found. */
export function DetectionPage({ route }: { route: Route }) {
  const may = useMay();
  const reading = useGet<DetectionAnswer>(`/detections/${encodeURIComponent(route.id)}`, [
    'detections',
    'people',
  ]);
  return (
    <Loaded of={reading}>
      {(data) => (
        <>
          <p>
            <a href={href('detections')}>All detections</a>
          </p>
          <Head data={data} />
          <About data={data} />
          {data.row.about === undefined || data.row.about === 'person' ? (
            may('people.view') ? (
              <Who route={route} />
            ) : (
              <Section id="who" title="Whom it found">
                <p>
                  {countOf(data.row.people, 'person', 'people')}. Who they are, also under pseudonyms, is not
                  for your roles.
                </p>
              </Section>
            )
          ) : null}
          <HowItAsks data={data} edit={may('detections.edit')} />
        </>
      )}
    </Loaded>
  );
}

function Head({ data: { row, asOf } }: { data: DetectionAnswer }) {
  return (
    <div className="page-head">
      <h1>
        <Text value={row.title} />
      </h1>
      <p className="lead">
        {row.state === 'blocked' ? (
          <>
            It could not run: there is no record of <Line items={row.missing} between=", " />
            {row.enabledBy.length > 0 ? (
              <>. An export of {row.enabledBy.slice(0, 4).map(shown).join(', or ')} would give it</>
            ) : null}
            .
          </>
        ) : row.about !== undefined && row.about !== 'person' ? (
          <>
            At the scan of {day(asOf)} it gave {countOf(row.signals, 'row', 'rows')}. It is about no person
            and is never weighed against one.
          </>
        ) : (
          <>
            At the scan of {day(asOf)} it found {countOf(row.people, 'person', 'people')}
            {row.explained ? <>, besides {count(row.explained)} whose finding is explained</> : null}.
          </>
        )}{' '}
        {row.weeks ? <Weeks weeks={row.weeks} asOf={asOf} /> : null}
      </p>
      <p className="meta">
        {(detectionStageWords as Record<string, string>)[row.stage] ?? row.stage} · about{' '}
        {unhyphened(row.facet)} · <code>{shown(row.id)}</code>
        {row.from === 'own' ? ' · written here' : row.from === 'rule' ? ' · a Sigma rule' : ''}
        {row.catalogue.length > 0 ? ` · ${row.catalogue.map(shown).join(', ')}` : ''}
      </p>
    </div>
  );
}

function About({ data }: { data: DetectionAnswer }) {
  const { row } = data;
  return (
    <>
      <div className="side-by-side">
        <Section id="why" title="Why it matters">
          {data.why ? (
            <p className="prose">
              <Text value={data.why.replace(/\s+/g, ' ')} />
            </p>
          ) : (
            <p>Its rule says nothing of this here; see Sources for what became of each Sigma rule.</p>
          )}
          {data.sources.length > 0 ? (
            <p className="meta">Public sources: {data.sources.map(shown).join(', ')}</p>
          ) : null}
        </Section>
        <Section id="innocent" title="How honest people come to show it">
          {data.innocent.length === 0 ? (
            <p>None is told. Ask before you conclude anything.</p>
          ) : (
            <ul className="prose">
              {data.innocent.map((one) => (
                <li key={one}>
                  <Text value={asSentence(one)} />
                </li>
              ))}
            </ul>
          )}
          <p className="meta">
            {data.explainedBy.length > 0
              ? `Explained by: ${data.explainedBy.map((one) => (explanationWords as Record<string, string>)[one]?.toLowerCase() ?? one).join('; ')}. `
              : 'No recorded reason explains it but an inquiry. '}
            Fairness: {(fairnessWords as Record<string, string>)[row.fairness] ?? unhyphened(row.fairness)}.
            {data.fairnessNote ? (
              <>
                {' '}
                <Text value={data.fairnessNote} />
              </>
            ) : null}
          </p>
        </Section>
      </div>
      {data.weight ? (
        <Section id="weight" title="What it weighs here">
          <BitsExplained />
          <dl className="facts">
            <div>
              <dt>By its own figures</dt>
              <dd>
                <Bits value={row.bits} />: seen with {percent(data.weight.ifNot[0])} to{' '}
                {percent(data.weight.ifNot[1])} of people who are not who they claim, and with{' '}
                {percent(data.weight.ifHonest)} of honest people.
                <p className="meta">
                  <Text value={data.weight.source.replace(/\s+/g, ' ')} />
                </p>
              </dd>
            </div>
            {row.rates.map((rate) => (
              <div key={rate.population}>
                <dt>{rate.population === 'workers' ? 'Among workers here' : 'Among applicants here'}</dt>
                <dd>
                  <Bits value={rate.bits} />. <Text value={rate.says} />
                </dd>
              </div>
            ))}
            {data.weight.conclusive ? (
              <div>
                <dt>Enough by itself</dt>
                <dd>One such finding is enough to look closely, without a second kind of evidence.</dd>
              </div>
            ) : null}
            {data.weight.atMost === undefined ? null : (
              <div>
                <dt>At most</dt>
                <dd>{bits(data.weight.atMost)} bits, however rare it is here.</dd>
              </div>
            )}
            <div>
              <dt>What became of its findings</dt>
              <dd>
                {row.falseShare ? (
                  <>
                    Of {countOf(row.falseShare.of, 'finding', 'findings')} that somebody judged,{' '}
                    {count(row.verdicts.useful)} {row.verdicts.useful === 1 ? 'was' : 'were'} useful,{' '}
                    {count(row.verdicts.innocent)} true but innocent, {count(row.verdicts.wrong)} wrong:{' '}
                    {percent(row.falseShare.share)} led to nobody ({percent(row.falseShare.low)} to{' '}
                    {percent(row.falseShare.high)}, 95 % interval).
                  </>
                ) : (
                  'Nobody has judged any yet. A verdict beside a finding below, or of a case, counts here.'
                )}
              </dd>
            </div>
          </dl>
        </Section>
      ) : null}
      {data.next.length > 0 ? (
        <Section id="next" title="What to do with a finding">
          <ol className="prose">
            {data.next.map((one) => (
              <li key={one}>
                <Text value={asSentence(one)} />
              </li>
            ))}
          </ol>
        </Section>
      ) : null}
    </>
  );
}

function Who({ route }: { route: Route }) {
  const page = Math.max(1, Number.parseInt(route.query.page ?? '1', 10) || 1);
  const path = `/detections/${encodeURIComponent(route.id)}/people?page=${page}`;
  const reading = useGet<Findings>(path, ['detections', 'people', 'cases']);
  const table = useRef<HTMLDivElement>(null);
  useRowKeys(table);
  return (
    <Section
      id="who"
      title="Whom it found"
      lead="Under pseudonyms, unless a case or your work opens them to you. That you look is recorded."
    >
      <Loaded of={reading}>
        {(data) =>
          data.total === 0 ? (
            <Empty title="Nobody." />
          ) : (
            <div ref={table}>
              <Wide label="Whom it found">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Person</th>
                      <th scope="col">Stands at</th>
                      <th scope="col">What was found</th>
                      <th scope="col">Since</th>
                      <th scope="col" className="number">
                        Bits
                      </th>
                      <th scope="col">Your word</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.findings.map((one) => (
                      <tr key={one.handle}>
                        <th scope="row">
                          <a href={href('person', one.handle)} data-row={one.handle}>
                            <Text value={one.name} />
                          </a>
                        </th>
                        <td>
                          <Band band={one.band as 'clear'} />
                        </td>
                        <td>
                          <Text value={one.says} />
                          {one.explained ? (
                            <span className="meta">
                              Explained:{' '}
                              {(explanationWords as Record<string, string>)[one.explained]?.toLowerCase() ??
                                one.explained}
                            </span>
                          ) : null}
                        </td>
                        <td className="time">{one.first ? day(one.first) : '–'}</td>
                        <td className="number">{bits(one.bits)}</td>
                        <td>
                          <Judge detection={route.id} finding={one} snoozable={data.snoozable} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Wide>
              <Paging route={route} page={data.page} size={data.size} total={data.total} what="people" />
            </div>
          )
        }
      </Loaded>
    </Section>
  );
}

function Judge({
  detection,
  finding,
  snoozable,
}: {
  detection: string;
  finding: Finding;
  snoozable: boolean;
}) {
  const may = useMay();
  const path = `/detections/${encodeURIComponent(detection)}`;
  const said = finding.verdict ? verdictWords[finding.verdict].split(':')[0] : undefined;
  if (!may('detections.edit')) return said ?? '–';
  return (
    <>
      {said}
      {finding.snoozed ? <span className="meta">Set aside until {day(finding.snoozed.until)}</span> : null}
      <details>
        <summary>
          Judge it<span className="hidden">: what was found about {shown(finding.name)}</span>
        </summary>
        <Act
          word="Record"
          done="Recorded."
          label={`What the finding about ${shown(finding.name)} is`}
          act={(fields) =>
            send('POST', `${path}/verdicts`, {
              person: finding.handle,
              verdict: String(fields.get('verdict')),
              ...(String(fields.get('note')).trim() ? { note: String(fields.get('note')).trim() } : {}),
            })
          }
        >
          <label>
            It is
            <select name="verdict" defaultValue={finding.verdict ?? 'innocent'}>
              {Object.entries(verdictWords).map(([value, word]) => (
                <option key={value} value={value}>
                  {word}
                </option>
              ))}
            </select>
          </label>
          <label>
            Note, for colleagues (name nobody)
            <input name="note" maxLength={2000} />
          </label>
        </Act>
      </details>
      {snoozable && !finding.snoozed && !finding.explained ? (
        <details>
          <summary>
            Set it aside<span className="hidden">: what was found about {shown(finding.name)}</span>
          </summary>
          <Act
            word="Set it aside"
            done="Set aside; it counts no longer from the next scan on."
            label={`Set the finding about ${shown(finding.name)} aside`}
            act={(fields) =>
              send('POST', `${path}/snoozes`, {
                person: finding.handle,
                reason: String(fields.get('reason')),
                until: String(fields.get('until')),
              })
            }
          >
            <label>
              Why
              <input name="reason" required minLength={3} maxLength={2000} />
            </label>
            <label>
              Last day, 90 days from now at most
              <input name="until" type="date" required />
            </label>
          </Act>
        </details>
      ) : null}
    </>
  );
}

function HowItAsks({ data, edit }: { data: DetectionAnswer; edit: boolean }) {
  const asks = data.query ?? data.sigma;
  if (!asks) return null;
  return (
    <>
      <Section id="query" title={data.query ? 'How it asks' : 'How it asks, as a Sigma rule'}>
        {data.needs.length > 0 ? (
          <p className="meta">
            Needs <Line items={data.needs} between=", " />.
          </p>
        ) : null}
        <Code text={asks.trim()} label="The query" />
        {data.attack.length > 0 ? (
          <p className="meta">ATT&amp;CK: {data.attack.map(shown).join(', ')}</p>
        ) : null}
        {edit && data.text ? (
          <p>
            <a href={href('detections', '', { part: 'drafts', draft: 'new', from: data.row.id })}>
              Write one of your own from it
            </a>
          </p>
        ) : null}
      </Section>
      <Section
        id="tests"
        title="Its tests"
        lead="Made-up rows, and what it must find in them: at least once something, at least once nothing."
      >
        {data.tests.map((test) => (
          <details key={test.name}>
            <summary>
              <Text value={test.name} />{' '}
              <span className="quiet">{test.fires > 0 ? `finds ${test.fires}` : 'finds nothing'}</span>
            </summary>
            <Code text={test.yaml} label={`Test: ${shown(test.name)}`} />
          </details>
        ))}
      </Section>
    </>
  );
}
