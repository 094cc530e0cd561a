import { Suspense, useEffect, useRef, useState } from 'react';
import { NotFound } from '../pages/Missing.js';
import { Guard } from '../parts/Guard.js';
import { Help } from '../parts/Help.js';
import { usePlaceKeys } from '../parts/keys.js';
import { Mark } from '../parts/Mark.js';
import { ThemeChoice } from '../parts/Theme.js';
import { href, useRoute } from '../route.js';
import { useVisit } from '../visit.js';
import { Refused, send, useGet } from './api.js';
import { pages } from './pages/index.js';
import { places } from './places.js';
import { NeedSecondFactor, SignIn } from './SignIn.js';
import { type Session, SessionContext } from './session.js';

/** The console: who is signed in, where they may go, and the page they are on. */
export function Shell() {
  const session = useGet<Session>('/session');
  const { page } = useRoute();
  useEffect(() => {
    const listener = () => session.again();
    window.addEventListener('rollcall:signed-in', listener);
    window.addEventListener('rollcall:signed-out', listener);
    return () => {
      window.removeEventListener('rollcall:signed-in', listener);
      window.removeEventListener('rollcall:signed-out', listener);
    };
  }, [session.again]);
  // A link to set up or to join is for whoever opens it, also where somebody else is signed in.
  if (page === 'setup') return <SignIn />;
  if (session.state === 'loading')
    return (
      <p className="waiting" role="status">
        Opening Rollcall …
      </p>
    );
  if (session.state === 'failed')
    return session.problem instanceof Refused && session.problem.status === 401 ? (
      <SignIn />
    ) : (
      <main className="empty alone" role="alert">
        <h1>The server does not answer</h1>
        <p>{session.problem.message}.</p>
        <p>
          <button type="button" onClick={session.again}>
            Try again
          </button>
        </p>
      </main>
    );
  if (session.data.needs) return <NeedSecondFactor name={session.data.user.name} />;
  return (
    <SessionContext value={session.data}>
      <Inside session={session.data} />
    </SessionContext>
  );
}

function Inside({ session }: { session: Session }) {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const [help, setHelp] = useState(false);
  useVisit(route, main);
  const mine = places.filter((place) => session.permissions.includes(place.permission));

  usePlaceKeys(mine, () => setHelp(true));

  const name = route.page === 'overview' ? 'today' : route.page;
  const place = places.find((one) => one.page === name || one.with?.some((other) => other === name));
  useEffect(() => {
    document.title = `${place?.word ?? 'No such page'} · Rollcall`;
  }, [place]);
  const Page = name === 'unknown' ? undefined : pages[name];
  return (
    <>
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header className="top">
        <div className="top-line">
          <Mark to="today" />
          <nav aria-label="Pages">
            <ul>
              {mine.map(({ page, word }) => (
                <li key={page}>
                  <a href={href(page)} aria-current={place?.page === page ? 'page' : undefined}>
                    {word}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <a className="who" href={href('settings')}>
            <span className="hidden">Settings and account of </span>
            {session.user.name}
          </a>
          <button
            type="button"
            className="quiet-button"
            onClick={() => {
              void send('POST', '/auth/sign-out', {}).finally(() =>
                window.dispatchEvent(new Event('rollcall:signed-out')),
              );
            }}
          >
            Sign out
          </button>
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
        Rollcall, printed by {session.user.name}. A reason to look, not a finding of guilt: a named person
        decides.
      </p>
      <main id="main" ref={main} tabIndex={-1} className={`page-${name}`}>
        <Guard key={`${name} ${route.id}`}>
          <Suspense
            fallback={
              <p className="waiting" role="status">
                Reading …
              </p>
            }
          >
            {Page ? <Page route={route} /> : <NotFound what="There is no such page here." />}
          </Suspense>
        </Guard>
      </main>
      <footer className="foot">
        <p>
          A reason to look, not a finding of guilt. Nothing here rejects, blocks or dismisses anybody: a named
          person decides, and says why. Whoever opens a person is recorded.
        </p>
      </footer>
      <Help open={help} close={() => setHelp(false)} places={mine} />
    </>
  );
}
