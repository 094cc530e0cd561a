import type { ScanResult } from '@rollcall/engine/model/result.js';
import { count } from '../format.js';
import { lookup } from '../lookup.js';
import { Evidence } from '../parts/Evidence.js';
import { Items } from '../parts/Items.js';
import { Empty } from '../parts/Section.js';
import { Line, Text } from '../parts/Text.js';
import { href, type Query, setQuery } from '../route.js';

export function ExposurePage({ result, query }: { result: ScanResult; query: Query }) {
  const open = new Set((query.open ?? '').split('.').filter(Boolean));
  return (
    <>
      <div className="page-head">
        <h1>Exposure</h1>
        <p className="lead">
          What lets the scheme happen here, or hides it. This is about devices, settings and firms, and is
          never weighed against a person.
        </p>
      </div>
      {result.exposures.length === 0 ? (
        <Empty title="No exposure was found.">
          <p>
            Exposure is looked for in device inventories and in what the logs hold. See{' '}
            <a href={href('detections', '', { stage: 'exposure' })}>which of these checks ran</a>.
          </p>
        </Empty>
      ) : (
        <ol className="exposures">
          {result.exposures.map((exposure, index) => (
            <li key={exposure.detection}>
              <h2>
                <Text value={exposure.title} />
                <span className="tally">{count(exposure.count)}</span>
              </h2>
              <p className="says">
                <Text value={exposure.says} />
              </p>
              <dl className="facts">
                <div>
                  <dt>Why it matters</dt>
                  <dd>
                    <Text value={exposure.why} />
                  </dd>
                </div>
                <div>
                  <dt>What to do</dt>
                  <dd>
                    <Items items={exposure.next} />
                  </dd>
                </div>
                {exposure.sources.length > 0 ? (
                  <div>
                    <dt>Reported by</dt>
                    <dd>
                      <Line items={exposure.sources} />
                    </dd>
                  </div>
                ) : null}
              </dl>
              {exposure.evidence.rows.length > 0 ? (
                <details
                  open={open.has(String(index + 1))}
                  onToggle={(event) => {
                    const next = new Set(open);
                    if (event.currentTarget.open) next.add(String(index + 1));
                    else next.delete(String(index + 1));
                    setQuery({ open: [...next].sort().join('.') });
                  }}
                >
                  <summary>Rows behind this</summary>
                  <Evidence
                    evidence={exposure.evidence}
                    names={lookup(result)}
                    label={`Rows behind: ${exposure.title}`}
                  />
                </details>
              ) : null}
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
