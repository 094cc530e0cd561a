import type { DoorAnswer } from '@rollcall/server/areas/access/words.js';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { go, useRoute } from '../route.js';
import { Refused, send, useGet } from './api.js';
import { Act } from './parts/Act.js';
import { passkeysWork, signInWithPasskey } from './parts/passkeys.js';
import { AddPasskey, SetUpCodes } from './parts/SecondFactor.js';
import './style/settings.css';

const signedIn = () => window.dispatchEvent(new Event('rollcall:signed-in'));

/** For those who are not signed in yet: with the link of the first start, with an invitation, or as every day. */
export function SignIn() {
  const { page, query } = useRoute();
  if (page === 'setup' && query.token) return <SetUp token={query.token} />;
  if (page === 'setup' && query.invitation) return <Join token={query.invitation} />;
  return <EveryDay problem={page === 'signin' ? query.problem : undefined} />;
}

function Frame({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Rollcall`;
  }, [title]);
  return (
    <main className="door">
      <p className="mark">
        <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
          <path d="M1 4h9M1 9h7M1 14h4" />
          <path className="tick-mark" d="M8.5 13l2.8 2.8L17 8.5" />
        </svg>
        Rollcall
      </p>
      <h1 ref={heading}>{title}</h1>
      <p className="lead">{lead}</p>
      {children}
    </main>
  );
}

function EveryDay({ problem }: { problem: string | undefined }) {
  const door = useGet<DoorAnswer>('/door');
  const [step, setStep] = useState<'password' | 'code' | 'spare'>('password');
  const { page } = useRoute();
  const inside = () => {
    if (page === 'signin' || page === 'setup') go('#/');
    signedIn();
  };
  const info = door.state === 'ready' ? door.data : undefined;
  if (step !== 'password')
    return (
      <Frame
        title="One thing more"
        lead={
          step === 'code'
            ? 'The code of six digits that your app shows now.'
            : 'One of the codes that you kept when you set up the app. Each works once.'
        }
      >
        <Act
          key={step}
          label="Second factor"
          word="Sign in"
          act={async (fields) => {
            const path = step === 'code' ? 'verify-totp' : 'verify-backup-code';
            await send('POST', `/auth/two-factor/${path}`, { code: fields.get('code') });
            inside();
          }}
        >
          <label>
            Code
            <input
              name="code"
              required
              // biome-ignore lint/a11y/noAutofocus: the only field of the step that was just asked for
              autoFocus
              inputMode={step === 'code' ? 'numeric' : 'text'}
              autoComplete="one-time-code"
              maxLength={20}
            />
          </label>
        </Act>
        <p className="door-other">
          <button
            type="button"
            className="quiet-button"
            onClick={() => setStep(step === 'code' ? 'spare' : 'code')}
          >
            {step === 'code' ? 'Use a kept code' : 'Use the app'}
          </button>
          <button type="button" className="quiet-button" onClick={() => setStep('password')}>
            Begin again
          </button>
        </p>
      </Frame>
    );
  return (
    <Frame
      title="Sign in"
      lead={
        info?.setUp
          ? 'Nobody has set Rollcall up yet. Open the link that the server printed when it started; it works once, for a day.'
          : 'What you open here is recorded: whose page, and when.'
      }
    >
      {problem === 'sign-on' ? (
        <p className="door-problem" role="alert">
          Your company’s sign-in did not let you in. Your address may not be among those that are let in, or
          the account is closed. An administrator of Rollcall can say.
        </p>
      ) : null}
      {info?.signOn ? (
        <Act
          label="Single sign-on"
          word={`Sign in with ${info.signOn}`}
          act={async () => {
            const { to } = await send<{ to: string }>('POST', '/auth/sign-in/social', {});
            window.location.assign(to);
          }}
        />
      ) : null}
      <Act
        label="Sign in"
        word="Sign in"
        act={async (fields) => {
          const answer = await send<{ second?: string }>('POST', '/auth/sign-in/email', {
            email: fields.get('email'),
            password: fields.get('password'),
          });
          if (answer.second) setStep('code');
          else inside();
        }}
      >
        <label>
          E-mail address
          <input name="email" type="email" required autoComplete="username" maxLength={254} />
        </label>
        <label>
          Password
          <input name="password" type="password" required autoComplete="current-password" maxLength={128} />
        </label>
      </Act>
      {passkeysWork() ? (
        <Act
          label="Sign in with a passkey"
          word="Sign in with a passkey"
          act={async () => {
            await signInWithPasskey();
            inside();
          }}
        />
      ) : null}
      <p className="door-note">
        Password, phone or passkey lost? An administrator makes you a link to begin again, under Settings,
        Accounts.
      </p>
    </Frame>
  );
}

/** The two fields of a new password: the same twice, since nobody sees what they type. */
function NewPassword() {
  return (
    <>
      <label>
        Password
        <input
          name="password"
          type="password"
          required
          minLength={12}
          maxLength={128}
          autoComplete="new-password"
          aria-describedby="password-advice"
        />
      </label>
      <p className="door-note" id="password-advice">
        At least 12 characters; four unrelated words make a good one.
      </p>
      <label>
        The same again
        <input name="again" type="password" required maxLength={128} autoComplete="new-password" />
      </label>
    </>
  );
}

function passwordOf(fields: FormData): string {
  const password = String(fields.get('password'));
  if (password !== fields.get('again')) throw new Refused(400, 'DIFFERENT', 'the two passwords differ');
  return password;
}

async function enter(email: string, password: string) {
  await send('POST', '/auth/sign-in/email', { email, password });
  go('#/');
  signedIn();
}

const further = [
  ['analyst', 'Analyst: looks into what was found'],
  ['hr', 'HR: checks, vendors, and decisions'],
  ['it', 'IT: exports, laptops, exposure'],
  ['recruiter', 'Recruiter: applicants'],
  ['counsel', 'Counsel: cases and decisions'],
  ['auditor', 'Auditor: the audit log and rates'],
] as const;

function SetUp({ token }: { token: string }) {
  return (
    <Frame
      title="Set up Rollcall"
      lead="You are the first. Your account is the administrator’s: it lets others in and changes settings, and sees no person and no case unless you take a further role."
    >
      <Act
        label="Set up Rollcall"
        word="Set up"
        act={async (fields) => {
          const password = passwordOf(fields);
          const { email } = await send<{ email: string }>('POST', '/auth/set-up', {
            token,
            name: fields.get('name'),
            email: fields.get('email'),
            password,
            roles: fields.getAll('role'),
          });
          await enter(email, password);
        }}
      >
        <label>
          Your name
          <input name="name" required maxLength={120} autoComplete="name" />
        </label>
        <label>
          E-mail address
          <input name="email" type="email" required maxLength={254} autoComplete="username" />
        </label>
        <NewPassword />
        <fieldset className="choices">
          <legend>What else you do here</legend>
          {further.map(([role, words]) => (
            <label key={role}>
              <input type="checkbox" name="role" value={role} /> {words}
            </label>
          ))}
        </fieldset>
      </Act>
    </Frame>
  );
}

function Join({ token }: { token: string }) {
  return (
    <Frame
      title="Welcome to Rollcall"
      lead="You were invited. Choose a password; the link you came by works this once."
    >
      <Act
        label="Choose a password"
        word="Choose this password"
        act={async (fields) => {
          const password = passwordOf(fields);
          const { email } = await send<{ email: string }>('POST', '/auth/accept', { token, password });
          await enter(email, password);
        }}
      >
        <NewPassword />
      </Act>
    </Frame>
  );
}

/** Signed in by password alone, where more is asked for: nothing else opens before this is done. */
export function NeedSecondFactor({ name }: { name: string }) {
  return (
    <Frame
      title="A second factor first"
      lead={`${name}, a password alone can be guessed or read along. Set up one of these two; you can add the other later.`}
    >
      <section aria-labelledby="passkey-title">
        <h2 id="passkey-title">A passkey</h2>
        <AddPasskey done={signedIn} />
      </section>
      <section aria-labelledby="codes-title">
        <h2 id="codes-title">Codes from an app</h2>
        <SetUpCodes done={signedIn} />
      </section>
      <p className="door-other">
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
      </p>
    </Frame>
  );
}
