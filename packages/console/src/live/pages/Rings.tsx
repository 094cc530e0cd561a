import type { ScanResult } from '@rollcall/engine/model/result.js';
import type { RingsPart } from '@rollcall/server/areas/rings/words.js';
import { useMemo } from 'react';
import type { Part } from '../../lookup.js';
import { RingsPage as ReportRings } from '../../pages/Rings.js';
import type { Route } from '../../route.js';
import { useGet } from '../api.js';
import { NoScanYet, PendingDecisions } from '../parts/deciding.js';
import { Loaded } from '../parts/Loaded.js';
import '../style/people.css';

export function RingsPage(_: { route: Route }) {
  const reading = useGet<RingsPart>('/rings', ['rings', 'people', 'cases']);
  return <Loaded of={reading}>{(data) => <All data={data} />}</Loaded>;
}

function All({ data }: { data: RingsPart }) {
  const result: Part | undefined = useMemo(
    () => (data.result ? { ...(data.result as ScanResult), elsewhere: data.elsewhere } : undefined),
    [data],
  );
  return (
    <>
      {result ? (
        <ReportRings result={result} />
      ) : (
        <>
          <h1>Rings</h1>
          <NoScanYet />
        </>
      )}
      <PendingDecisions pending={data.pending} />
    </>
  );
}
