import type { ScanResult } from '@rollcall/engine/model/result.js';
import type { ExposurePart } from '@rollcall/server/areas/exposure/words.js';
import { useMemo } from 'react';
import { moment } from '../../format.js';
import type { Part } from '../../lookup.js';
import { ExposurePage as ReportExposure } from '../../pages/Exposure.js';
import type { Route } from '../../route.js';
import { useGet } from '../api.js';
import { Loaded } from '../parts/Loaded.js';
import '../style/people.css';

export function ExposurePage({ route }: { route: Route }) {
  const reading = useGet<ExposurePart>('/exposure', ['people', 'checks', 'vendors', 'training', 'sources']);
  return <Loaded of={reading}>{(data) => <All data={data} route={route} />}</Loaded>;
}

function All({ data, route }: { data: ExposurePart; route: Route }) {
  const result: Part = useMemo(() => {
    const part = data.result as Partial<ScanResult>;
    return { people: [], rings: [], proposals: [], ...part, elsewhere: data.elsewhere } as unknown as Part;
  }, [data]);
  return (
    <>
      <ReportExposure result={result} query={route.query} />
      {data.failed.length > 0 ? (
        <p role="alert">
          What {data.failed.join(', ')} could add could not be read just now; the log of the server says why.
        </p>
      ) : null}
      <p className="quiet">
        {data.finishedAt
          ? `Devices, settings and firms as of the scan of ${moment(data.finishedAt)}; checks, training and clauses as of now.`
          : 'Nothing has been scanned yet: only checks, training and clauses are looked at here.'}
      </p>
    </>
  );
}
