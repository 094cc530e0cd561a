import type { ScanResult } from '@rollcall/engine/model/result.js';
import type { RingsPart } from '@rollcall/server/areas/rings/words.js';
import { useMemo } from 'react';
import type { Part } from '../../lookup.js';
import { RingPage as ReportRing } from '../../pages/Ring.js';
import { ActingContext } from '../../parts/acting.js';
import type { Route } from '../../route.js';
import { useGet } from '../api.js';
import { PendingDecisions, useDeciding } from '../parts/deciding.js';
import { Loaded } from '../parts/Loaded.js';
import '../style/people.css';

export function RingPage({ route }: { route: Route }) {
  const reading = useGet<RingsPart>(`/rings/${encodeURIComponent(route.id)}`, ['rings', 'people', 'cases']);
  const all = useGet<RingsPart>('/rings', ['rings']);
  const rings = (all.data?.result as ScanResult | undefined)?.rings;
  return <Loaded of={reading}>{(data) => <One data={data} route={route} rings={rings} />}</Loaded>;
}

function One({
  data,
  route,
  rings,
}: {
  data: RingsPart;
  route: Route;
  rings: ScanResult['rings'] | undefined;
}) {
  const result: Part = useMemo(() => ({ ...(data.result as ScanResult), elsewhere: data.elsewhere }), [data]);
  const others = useMemo(() => rings?.filter((one) => one.id !== route.id), [rings, route.id]);
  const acting = useDeciding(others);
  return (
    <ActingContext value={acting}>
      <ReportRing result={result} id={route.id} query={route.query} />
      <PendingDecisions pending={data.pending} />
    </ActingContext>
  );
}
