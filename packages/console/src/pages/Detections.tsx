import type { DetectionSummary, ScanResult } from '@rollcall/engine/model/result.js';
import { useMemo } from 'react';
import { bits, count, countOf, percent, shown, unhyphened } from '../format.js';
import { lookup } from '../lookup.js';
import { BaseRates } from '../parts/BaseRates.js';
import { Empty, Wide } from '../parts/Section.js';
import { Sparkline } from '../parts/Sparkline.js';
import { Line, Text } from '../parts/Text.js';
import { href, type Query, setQuery } from '../route.js';
import { detectionStageWords } from '../words.js';

const states = { fired: 'Found something', silent: 'Found nothing', blocked: 'Could not run' } as const;
type State = keyof typeof states;

function stateOf(detection: DetectionSummary): State {
  if (detection.state === 'blocked') return 'blocked';
  return detection.signals > 0 ? 'fired' : 'silent';
}

/** What speaks against people first, then what speaks for them, then the silent and the blocked. */
function group(detection: DetectionSummary): number {
  const state = stateOf(detection);
  return state === 'fired' ? (detection.bits < 0 ? 1 : 0) : state === 'silent' ? 2 : 3;
}

export function DetectionsPage({ result, query }: { result: ScanResult; query: Query }) {
  const { firings } = lookup(result);
  const blocked = result.detections.filter((detection) => detection.state === 'blocked');
  const fired = result.detections.filter((detection) => stateOf(detection) === 'fired');
  const stages = useMemo(() => [...new Set(result.detections.map((detection) => detection.stage))], [result]);
  const chosen = result.detections
    .filter((detection) => !query.state || stateOf(detection) === query.state)
    .filter((detection) => !query.stage || detection.stage === query.stage)
    .filter(
      (detection) =>
        !query.q ||
        `${detection.id} ${detection.title} ${detection.facet}`.toLowerCase().includes(query.q.toLowerCase()),
    )
    .sort((a, b) => group(a) - group(b) || b.people - a.people || b.bits - a.bits || (a.id < b.id ? -1 : 1));
  const filtered = Boolean(query.state || query.stage || query.q);
  return (
    <>
      <div className="page-head">
        <h1>Detections</h1>
        <p className="lead">
          {countOf(result.detections.length, 'question was', 'questions were')} put to the records:{' '}
          {count(fired.length)} found something,{' '}
          {count(result.detections.length - fired.length - blocked.length)} found nothing,{' '}
          {count(blocked.length)} could not run.
        </p>
        <p className="aside-line">
          Base rate: of this company’s own people in whom it could have been seen, the share who show it; the
          higher it is, the less it weighs; what that does to each weight stands at the end of this page.
          Fairness: “circumstance” marks what also touches moving, travel, a household or the like; ask before
          you conclude.
        </p>
      </div>
      {blocked.length > 0 && !filtered ? <Blocked blocked={blocked} /> : null}
      <div className="filters">
        <label className="choice">
          State{' '}
          <select value={query.state ?? ''} onChange={(event) => setQuery({ state: event.target.value })}>
            <option value="">any</option>
            {Object.entries(states).map(([state, word]) => (
              <option key={state} value={state}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <label className="choice">
          Stage{' '}
          <select value={query.stage ?? ''} onChange={(event) => setQuery({ stage: event.target.value })}>
            <option value="">any</option>
            {stages.map((stage) => (
              <option key={stage} value={stage}>
                {detectionStageWords[stage] ?? stage}
              </option>
            ))}
          </select>
        </label>
        {query.q ? (
          <span>
            only <code>{shown(query.q)}</code>
          </span>
        ) : null}
        {filtered ? <a href={href('detections')}>Show all</a> : null}
      </div>
      {chosen.length === 0 ? (
        <Empty title={filtered ? 'No detection fits these filters.' : 'No detection was loaded.'}>
          <p>
            <a href={href('detections')}>Show all</a>
          </p>
        </Empty>
      ) : (
        <Wide label="Detections">
          <table className="detections">
            <thead>
              <tr>
                <th scope="col">Detection</th>
                <th scope="col">State</th>
                <th scope="col" className="number">
                  People
                </th>
                <th scope="col" className="number">
                  Base rate
                </th>
                <th scope="col" className="number">
                  Bits
                </th>
                <th scope="col">When</th>
                <th scope="col">Fairness</th>
              </tr>
            </thead>
            <tbody>
              {chosen.map((detection) => (
                <tr key={detection.id} className={`state-${stateOf(detection)}`}>
                  <th scope="row">
                    <Text value={detection.title} />
                    <span className="meta">
                      <code>
                        <Text value={detection.id} />
                      </code>{' '}
                      · {detectionStageWords[detection.stage] ?? detection.stage} ·{' '}
                      {unhyphened(detection.facet)}
                      {detection.catalogue.length > 0 ? (
                        <> · {detection.catalogue.map(shown).join(', ')}</>
                      ) : null}
                    </span>
                  </th>
                  <td>
                    <State detection={detection} />
                  </td>
                  <td className="number">
                    {detection.people > 0 ? (
                      <a href={href('people', '', { q: detection.id })}>{count(detection.people)}</a>
                    ) : (
                      <span className="none">{detection.state === 'blocked' ? '–' : '0'}</span>
                    )}
                    {detection.signals > detection.people ? (
                      <span className="meta">{countOf(detection.signals, 'signal', 'signals')}</span>
                    ) : null}
                  </td>
                  <td className="number">
                    {detection.state === 'blocked' ? (
                      <span className="none">–</span>
                    ) : (
                      percent(detection.baseRate)
                    )}
                  </td>
                  <td className="number">{bits(detection.bits)}</td>
                  <td>
                    {detection.state === 'blocked' ? null : (
                      <Sparkline times={firings.get(detection.id) ?? []} asOf={result.asOf} />
                    )}
                  </td>
                  <td>
                    {detection.fairness === 'none' ? (
                      <span className="none">–</span>
                    ) : (
                      unhyphened(detection.fairness)
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      <BaseRates detections={chosen} all={query.rates === 'all'} />
    </>
  );
}

function State({ detection }: { detection: DetectionSummary }) {
  const state = stateOf(detection);
  return (
    <>
      <span className="state">
        <span aria-hidden="true">{state === 'fired' ? '●' : state === 'silent' ? '○' : '×'}</span>{' '}
        {states[state]}
      </span>
      {detection.missing.length > 0 ? (
        <span className="meta">
          needs <Line items={detection.missing} between=", " />
        </span>
      ) : null}
    </>
  );
}

function Blocked({ blocked }: { blocked: readonly DetectionSummary[] }) {
  const byCure = new Map<string, DetectionSummary[]>();
  for (const detection of blocked) {
    const cure =
      detection.enabledBy.length > 0 ? detection.enabledBy.join(' or ') : detection.missing.join(', ');
    const group = byCure.get(cure);
    if (group) group.push(detection);
    else byCure.set(cure, [detection]);
  }
  return (
    <section className="blocked" aria-labelledby="blocked-title">
      <h2 id="blocked-title">What more could be asked, with more records</h2>
      <dl className="facts">
        {[...byCure].map(([cure, detections]) => (
          <div key={cure}>
            <dt>
              Add <Text value={cure} />
            </dt>
            <dd>
              <Line items={detections.map((detection) => detection.title)} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
