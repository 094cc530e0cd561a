import type { ScanResult } from '@rollcall/engine/model/result.js';
import { useRef } from 'react';
import { countOf } from '../format.js';
import { Band } from '../parts/Band.js';
import { useRowKeys } from '../parts/keys.js';
import { Empty } from '../parts/Section.js';
import { Text } from '../parts/Text.js';
import { href } from '../route.js';
import { bandOrder } from '../words.js';

const lead = 'People joined by something they share that no recorded explanation accounts for.';

export function RingsPage({ result }: { result: ScanResult }) {
  const list = useRef<HTMLOListElement>(null);
  useRowKeys(list);
  return (
    <>
      <div className="page-head">
        <h1>Rings</h1>
        <p className="lead">{lead}</p>
      </div>
      {result.rings.length === 0 ? (
        <Empty title="No ring was found.">
          <p>
            Rings come from shared addresses, phones, bank accounts, devices and internet addresses. The more
            of those exports were given, the more this says: see <a href={href('sources')}>Sources</a>.
          </p>
        </Empty>
      ) : (
        <ol className="ranking" ref={list}>
          {result.rings.map((ring) => {
            const highest =
              bandOrder.find((band) => ring.members.some((member) => member.band === band)) ?? 'clear';
            return (
              <li key={ring.id} className={`ranked band-edge-${highest}`}>
                <div className="ranked-band">
                  <Band band={highest} />
                  <span>{countOf(ring.members.length, 'person', 'people')}</span>
                </div>
                <div className="ranked-body">
                  <h2>
                    <a href={href('ring', ring.id)} data-row={ring.id}>
                      <Text value={ring.title} />
                    </a>
                  </h2>
                  <p className="says">
                    <Text value={ring.says} />
                  </p>
                  <p className="ranked-foot quiet">
                    {ring.members.map((member, index) => (
                      <span key={member.id}>
                        {index > 0 ? ', ' : ''}
                        <Text value={member.name} />
                      </span>
                    ))}
                  </p>
                </div>
              </li>
            );
          })}
        </ol>
      )}
    </>
  );
}
