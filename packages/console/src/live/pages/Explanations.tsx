import type { ScanResult } from '@rollcall/engine/model/result.js';
import type { ExplanationBody, ExplanationsPart } from '@rollcall/server/areas/rings/words.js';
import { useMemo, useState } from 'react';
import type { Part } from '../../lookup.js';
import { ExplanationsPage as ReportExplanations } from '../../pages/Explanations.js';
import { ActingContext } from '../../parts/acting.js';
import { Section } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { type Route, setQuery } from '../../route.js';
import { explanationWords } from '../../words.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { LastDay, NoScanYet, PendingDecisions, useDeciding, Why } from '../parts/deciding.js';
import { Loaded } from '../parts/Loaded.js';
import { useMay } from '../session.js';
import '../style/people.css';

export function ExplanationsPage({ route }: { route: Route }) {
  const reading = useGet<ExplanationsPart>('/explanations', ['rings', 'people', 'cases']);
  return <Loaded of={reading}>{(data) => <All data={data} route={route} />}</Loaded>;
}

function All({ data, route }: { data: ExplanationsPart; route: Route }) {
  const may = useMay();
  const acting = useDeciding(undefined);
  const result: Part | undefined = useMemo(
    () => (data.result ? { ...(data.result as ScanResult), elsewhere: data.elsewhere } : undefined),
    [data],
  );
  return (
    <ActingContext value={acting}>
      {result ? (
        <ReportExplanations result={result} query={route.query} />
      ) : (
        <>
          <h1>Explanations</h1>
          <NoScanYet />
        </>
      )}
      <PendingDecisions pending={data.pending} />
      {result && may('rings.decide') ? (
        <Section
          id="add"
          title="One that nobody suggested"
          lead="What you know, or were told by whoever it is about: a household, a move, an agreed way of doing a check. It says why something was seen, and never that somebody may not be looked at."
        >
          <details
            className="deciding"
            open={route.query.add === 'yes'}
            onToggle={(event) => setQuery({ add: event.currentTarget.open ? 'yes' : undefined })}
          >
            <summary>Put it on record</summary>
            <Add choices={data.choices} about={route.query.about ?? ''} />
          </details>
        </Section>
      ) : null}
    </ActingContext>
  );
}

/** Handles, or pseudonyms as they are read elsewhere: `Person K7QF-2M`. */
function handles(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '' && !/^(person|and)$/i.test(word));
}

function Add({ choices, about }: { choices: ExplanationsPart['choices']; about: string }) {
  const [kind, setKind] = useState<ExplanationBody['kind']>('household');
  const fitting = choices.detections.filter((one) => one.kinds.includes(kind));
  return (
    <Act
      word="Put it on record"
      label="Put an innocent reason on record"
      done="On record. The next scan takes it into account; one is asked for."
      act={async (fields) => {
        const text = (name: string) => String(fields.get(name) ?? '').trim();
        const all = (name: string) => fields.getAll(name).map(String).filter(Boolean);
        await send('POST', '/explanations', {
          kind,
          people: handles(text('people')),
          departments: all('department'),
          vendors: all('vendor'),
          detections: all('detection'),
          ...(text('value') ? { value: text('value') } : {}),
          ...(text('from') ? { from: text('from') } : {}),
          ...(text('to') ? { to: text('to') } : {}),
          ...(text('until') ? { until: text('until') } : {}),
          reason: text('reason'),
        });
      }}
    >
      <label>
        What it is
        <select
          name="kind"
          value={kind}
          onChange={(event) => setKind(event.target.value as ExplanationBody['kind'])}
        >
          {Object.entries(explanationWords).map(([one, word]) => (
            <option key={one} value={one}>
              {word}
            </option>
          ))}
        </select>
      </label>
      <label>
        Whom it is about
        <input name="people" defaultValue={about} autoComplete="off" />
        <span className="meta">
          The numbers on their pages (they begin with p), with commas between. Leave it empty where it is
          about a department, a vendor or a value.
        </span>
      </label>
      <label>
        Or everybody of a department
        <select name="department" defaultValue="">
          <option value="">none</option>
          {choices.departments.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      {choices.vendors.length > 0 ? (
        <label>
          Or everybody through a vendor
          <select name="vendor" defaultValue="">
            <option value="">none</option>
            {choices.vendors.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
      ) : null}
      <label>
        Only where it hangs on this value
        <input name="value" maxLength={300} autoComplete="off" />
        <span className="meta">An address, a number, a program. Empty: whatever they share or show.</span>
      </label>
      {fitting.length > 0 ? (
        <details>
          <summary>Only what certain detections find</summary>
          <fieldset className="colleagues">
            <legend>Which; none chosen means all of these</legend>
            {fitting.map((one) => (
              <label key={one.id}>
                <input type="checkbox" name="detection" value={one.id} /> <Text value={one.title} />
              </label>
            ))}
          </fieldset>
        </details>
      ) : null}
      <div className="days">
        <label>
          First day it covers
          <input type="date" name="from" />
        </label>
        <label>
          Last day it covers
          <input type="date" name="to" />
        </label>
      </div>
      <LastDay />
      <Why help="How you know: whom you asked, what you saw." />
    </Act>
  );
}
