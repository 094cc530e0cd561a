import type { PersonResult, ScanResult } from '@rollcall/engine/model/result.js';
import { useRef } from 'react';
import { asSentence, count, countOf, day, percent, unhyphened } from '../format.js';
import { telling, unconfirmed } from '../lookup.js';
import { Band, BandShape } from '../parts/Band.js';
import { Bits, BitsExplained } from '../parts/Bits.js';
import { Items } from '../parts/Items.js';
import { useRowKeys } from '../parts/keys.js';
import { Empty } from '../parts/Section.js';
import { Spread } from '../parts/Spread.js';
import { Line, PersonLink, Text } from '../parts/Text.js';
import { href } from '../route.js';
import { bandOrder, bandWords } from '../words.js';

/** In full on the first page; the rest is one key away, in the list of people. */
const most = 40;

export function OverviewPage({ result }: { result: ScanResult }) {
  const list = useRef<HTMLOListElement>(null);
  useRowKeys(list);
  const raised = result.people.filter((person) => person.band !== 'clear');
  const proposed = unconfirmed(result.proposals).length;
  const explained = result.people.filter((person) => person.band === 'clear').length;
  return (
    <>
      <div className="page-head">
        <h1>
          {raised.length > 0
            ? 'Who to look at first'
            : result.company.people > 0
              ? 'Nobody to look at first'
              : 'Nobody to look at yet'}
        </h1>
        {result.company.people > 0 ? <p className="lead">{headline(result, raised)}</p> : null}
        {proposed > 0 ? (
          <p className="proposed-line">
            <a href={href('explanations')}>
              {countOf(proposed, 'innocent reason', 'innocent reasons')} to check
            </a>
            : the data suggests {proposed === 1 ? 'it' : 'them'}, and none counts until a person confirms it.
          </p>
        ) : null}
        {raised.length > 0 ? <BitsExplained /> : null}
      </div>
      <div className="with-aside">
        <div>
          {raised.length === 0 ? (
            <Quiet result={result} />
          ) : (
            <>
              <div className="ranked ranked-head" aria-hidden="true">
                <div className="ranked-body pair">
                  <span>What was seen</span>
                  <span>What else it may be</span>
                </div>
              </div>
              <ol className="ranking" ref={list}>
                {raised.slice(0, most).map((person) => (
                  <Ranked key={person.id} person={person} result={result} />
                ))}
              </ol>
            </>
          )}
          {raised.length > most ? (
            <p className="more">
              <a href={href('people')}>
                {countOf(raised.length - most, 'more person', 'more people')} at watch or above →
              </a>
            </p>
          ) : null}
        </div>
        <aside aria-label="Summary">
          {result.company.people > 0 ? <Counts result={result} explained={explained} /> : null}
          <NotChecked result={result} />
          <Rings result={result} />
          <Exposures result={result} />
        </aside>
      </div>
    </>
  );
}

function headline(result: ScanResult, raised: readonly PersonResult[]): string {
  const { people, remote } = result.company;
  const scope = `On ${day(result.asOf)} (UTC), ${countOf(people, 'person was', 'people were')} looked at, ${count(remote)} of them remote.`;
  if (raised.length === 0) return scope;
  const needing = result.bands.urgent + result.bands.review;
  const call =
    needing === 0
      ? `Nobody needs a review; ${countOf(raised.length, 'person is', 'people are')} worth keeping in view.`
      : `${needing === 1 ? 'One needs' : `${count(needing)} need`} a closer look${result.bands.watch > 0 ? `, ${count(result.bands.watch)} more are worth keeping in view` : ''}.`;
  return `${scope} ${call} Each is a reason to look, not a finding of guilt.`;
}

function Ranked({ person, result }: { person: PersonResult; result: ScanResult }) {
  const signals = telling(person, person.band === 'watch' ? 2 : 3);
  const ring = result.rings.find((one) => one.id === person.ring);
  const next = person.next[0];
  const inFavour = person.signals.filter((signal) => signal.bits < 0);
  return (
    <li className="ranked">
      <div className="ranked-band">
        <Band band={person.band} />
        <Bits value={person.bits} />
      </div>
      <div className="ranked-body">
        <h2>
          <PersonLink id={person.id} name={person.name} known row />
        </h2>
        <p className="role">
          <Role person={person} />
        </p>
        {signals.map((signal) => (
          <div className="pair" key={`${signal.detection} ${signal.first} ${signal.says}`}>
            <p className="says">
              <Text value={signal.says} />
            </p>
            <p className="says other">
              <span className="narrow-only">It may also be: </span>
              <Line items={signal.innocent.slice(0, 2).map(asSentence)} between=" " />
            </p>
          </div>
        ))}
        {signals.length === 0 ? (
          <p className="says">
            <Text value={person.bandReason} />
          </p>
        ) : null}
        <p className="ranked-foot">
          {next ? (
            <span className="next">
              <b>Next:</b> <Text value={next} />
            </span>
          ) : null}
          {inFavour.length > 0 ? (
            <span className="in-favour">
              <b>In their favour:</b> {countOf(inFavour.length, 'finding', 'findings')},{' '}
              <Bits value={inFavour.reduce((sum, signal) => sum + signal.bits, 0)} />
            </span>
          ) : null}
          <span className="quiet">
            {person.facets.length > 0 ? (
              <>
                {countOf(person.facets.length, 'facet', 'facets')}: {person.facets.map(unhyphened).join(', ')}
              </>
            ) : null}
            {ring ? (
              <>
                {' · '}
                <a href={href('ring', ring.id)}>
                  in a ring with {countOf(ring.members.length - 1, 'other', 'others')}
                </a>
              </>
            ) : null}
          </span>
        </p>
      </div>
    </li>
  );
}

/** Title, department, and how the company knows them, in one line. */
export function Role({ person }: { person: PersonResult }) {
  const parts = [
    person.title,
    person.department,
    person.vendor
      ? `through ${person.vendor}`
      : person.engagement === 'employee'
        ? undefined
        : person.engagement,
    person.stage === 'employed' ? undefined : person.stage,
  ].filter((part): part is string => Boolean(part));
  return parts.length > 0 ? <Line items={parts} between=" · " /> : <Text value={person.id} />;
}

function Counts({ result, explained }: { result: ScanResult; explained: number }) {
  const total = Math.max(1, result.company.people);
  return (
    <section aria-labelledby="counts-title">
      <h2 id="counts-title">By band</h2>
      <table className="counts">
        <tbody>
          {bandOrder.map((band) => (
            <tr key={band}>
              <th scope="row">
                <a href={href('people', '', { band })}>
                  <BandShape band={band} /> {bandWords[band].word}
                </a>
              </th>
              <td className="number">{count(result.bands[band])}</td>
              <td className="number quiet">{percent(result.bands[band] / total)}</td>
              <td className="means">{bandWords[band].means}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {explained > 0 ? (
        <p className="quiet">
          {countOf(explained, 'person', 'people')} among the clear showed something that was weighed or
          explained.
        </p>
      ) : null}
      {result.people.length > 0 ? <Spread people={result.people} policy={result.policy} /> : null}
    </section>
  );
}

function NotChecked({ result }: { result: ScanResult }) {
  const blocked = result.detections.filter((detection) => detection.state === 'blocked');
  return (
    <section aria-labelledby="limits-title">
      <h2 id="limits-title">What could not be checked</h2>
      {result.limits.length === 0 && blocked.length === 0 ? (
        <p>Every detection had the data it needs.</p>
      ) : (
        <>
          <Items items={result.limits} className="plain" />
          {blocked.length > 0 ? (
            <p>
              <a href={href('detections', '', { state: 'blocked' })}>
                {countOf(blocked.length, 'detection', 'detections')} could not run
              </a>{' '}
              for lack of data.
            </p>
          ) : null}
        </>
      )}
    </section>
  );
}

function Rings({ result }: { result: ScanResult }) {
  if (result.rings.length === 0) return null;
  return (
    <section aria-labelledby="rings-title">
      <h2 id="rings-title">Rings</h2>
      <ul className="plain">
        {result.rings.slice(0, 8).map((ring) => (
          <li key={ring.id}>
            <a href={href('ring', ring.id)}>
              <Text value={ring.title} />
            </a>
          </li>
        ))}
      </ul>
      {result.rings.length > 8 ? <a href={href('rings')}>All {count(result.rings.length)} rings</a> : null}
    </section>
  );
}

function Exposures({ result }: { result: ScanResult }) {
  if (result.exposures.length === 0) return null;
  return (
    <section aria-labelledby="exposures-title">
      <h2 id="exposures-title">What lets it happen here</h2>
      <ul className="plain">
        {result.exposures.slice(0, 6).map((exposure) => (
          <li key={exposure.detection}>
            <Text value={exposure.says} />
          </li>
        ))}
      </ul>
      <p>
        <a href={href('exposure')}>What to do about it</a>
      </p>
    </section>
  );
}

function Quiet({ result }: { result: ScanResult }) {
  if (result.company.people === 0) {
    return (
      <Empty title="No record says who works here.">
        <p>
          A scan needs to know who works here: add an export of the HR system (any CSV with names and work
          e-mails), then scan again. <a href={href('sources')}>What each file was recognised as</a>
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="Nobody stands at watch or above.">
      <p>
        That is what most companies should see. It holds for what could be checked, which is listed beside
        this; people with a weak signal are in the <a href={href('people')}>list</a>.
      </p>
    </Empty>
  );
}
