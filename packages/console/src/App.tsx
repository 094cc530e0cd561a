import type { ScanResult } from '@rollcall/engine/model/result.js';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Embedded } from './embedded.js';
import { count, day, shown } from './format.js';
import { lookup, unconfirmed } from './lookup.js';
import { DetectionsPage } from './pages/Detections.js';
import { ExplanationsPage } from './pages/Explanations.js';
import { ExposurePage } from './pages/Exposure.js';
import { NoResult, NotFound } from './pages/Missing.js';
import { OverviewPage } from './pages/Overview.js';
import { PeoplePage } from './pages/People.js';
import { PersonPage } from './pages/Person.js';
import { RingPage } from './pages/Ring.js';
import { RingsPage } from './pages/Rings.js';
import { SourcesPage } from './pages/Sources.js';
import { Guard } from './parts/Guard.js';
import { Help } from './parts/Help.js';
import { usePlaceKeys } from './parts/keys.js';
import { Mark } from './parts/Mark.js';
import { ThemeChoice } from './parts/Theme.js';
import { addressable, go, href, type PageName, type Route, setQuery, useRoute } from './route.js';
import { useVisit } from './visit.js';

const places: { page: PageName; word: string; key: string; of?: (result: ScanResult) => number }[] = [
  { page: 'overview', word: 'Overview', key: 'o' },
  { page: 'people', word: 'People', key: 'p', of: (result) => result.people.length },
  { page: 'rings', word: 'Rings', key: 'r', of: (result) => result.rings.length },
  {
    page: 'explanations',
    word: 'Explanations',
    key: 'x',
    of: (result) => unconfirmed(result.proposals).length,
  },
  { page: 'exposure', word: 'Exposure', key: 'e', of: (result) => result.exposures.length },
  { page: 'detections', word: 'Detections', key: 'd', of: (result) => result.detections.length },
  { page: 'sources', word: 'Sources', key: 's', of: (result) => result.files.length },
];

export function App({ embedded }: { embedded: Embedded }) {
  return embedded.state === 'ready' ? <Report result={embedded.result} /> : <NoResult embedded={embedded} />;
}

function Report({ result }: { result: ScanResult }) {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const [help, setHelp] = useState(false);
  useVisit(route, main);

  usePlaceKeys(places, () => setHelp(true));

  const title = titleOf(route, result);
  useEffect(() => {
    document.title = `${title} · Rollcall`;
  }, [title]);

  return (
    <>
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header className="top">
        <div className="top-line">
          <Mark to="overview" />
          <nav aria-label="Pages">
            <ul>
              {places.map(({ page, word, of }) => (
                <li key={page}>
                  <a href={href(page)} aria-current={isHere(route.page, page) ? 'page' : undefined}>
                    {word}
                    {of ? <span className="tally">{count(of(result))}</span> : null}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <Search route={route} />
          <ThemeChoice />
          <button
            type="button"
            className="help-button"
            aria-label="Help and keys"
            onClick={() => setHelp(true)}
          >
            ?
          </button>
        </div>
      </header>
      <p className="paper-head">
        Rollcall, as of {day(result.asOf)} (UTC). A reason to look, not a finding of guilt: a named person
        decides.
      </p>
      <main id="main" ref={main} tabIndex={-1} className={`page-${route.page}`}>
        <Guard key={`${route.page} ${route.id}`}>
          <Page route={route} result={result} />
        </Guard>
      </main>
      <footer className="foot">
        <p>
          A reason to look, not a finding of guilt. Nothing here rejects, blocks or dismisses anybody: a named
          person decides, and says why.
        </p>
        <p>
          As of {day(result.asOf)} (UTC) · Rollcall {shown(result.rollcall.version)}, content{' '}
          {shown(result.rollcall.content)} · this page reads and sends nothing: all of it is in this one file.
          Treat the file as you would treat a personnel record.
        </p>
      </footer>
      <Help open={help} close={() => setHelp(false)} />
    </>
  );
}

function isHere(at: Route['page'], page: PageName): boolean {
  return at === page || (at === 'person' && page === 'people') || (at === 'ring' && page === 'rings');
}

function titleOf(route: Route, result: ScanResult): string {
  if (route.page === 'person')
    return shown(lookup(result).person.get(addressable(route.id))?.name ?? 'Nobody');
  if (route.page === 'ring') return shown(lookup(result).ring.get(addressable(route.id))?.title ?? 'No ring');
  return places.find((place) => place.page === route.page)?.word ?? 'No such page';
}

/** One search for the whole report: it filters the list of people, and goes there from any other page. */
function Search({ route }: { route: Route }) {
  const asked = route.page === 'people' ? (route.query.q ?? '') : '';
  const [text, setText] = useState(asked);
  const last = useRef(asked);
  useLayoutEffect(() => {
    if (asked !== last.current) setText(asked);
    last.current = asked;
  }, [asked]);
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (route.page !== 'people') go(href('people', '', { q: text }));
          else document.querySelector<HTMLElement>('main [data-row]')?.focus();
        }}
      >
        <label className="hidden" htmlFor="search">
          Search people
        </label>
        <input
          id="search"
          type="search"
          placeholder="Search people  /"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            if (route.page === 'people') {
              last.current = event.target.value;
              setQuery({ q: event.target.value, page: undefined });
            }
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
            if (event.key === 'ArrowDown' && route.page === 'people') {
              event.preventDefault();
              document.querySelector<HTMLElement>('main [data-row]')?.focus();
            }
          }}
        />
      </form>
    </search>
  );
}

function Page({ route, result }: { route: Route; result: ScanResult }): ReactNode {
  switch (route.page) {
    case 'overview':
      return <OverviewPage result={result} />;
    case 'people':
      return <PeoplePage result={result} query={route.query} />;
    case 'person':
      return <PersonPage result={result} id={route.id} query={route.query} />;
    case 'rings':
      return <RingsPage result={result} />;
    case 'ring':
      return <RingPage result={result} id={route.id} query={route.query} />;
    case 'explanations':
      return <ExplanationsPage result={result} query={route.query} />;
    case 'exposure':
      return <ExposurePage result={result} query={route.query} />;
    case 'detections':
      return <DetectionsPage result={result} query={route.query} />;
    case 'sources':
      return <SourcesPage result={result} query={route.query} />;
    default:
      return <NotFound what="There is no such page in this report." />;
  }
}
