import { useState } from 'react';
import { send } from '../api.js';
import { Act } from './Act.js';
import { addPasskey, passkeysWork } from './passkeys.js';
import { QrCode } from './QrCode.js';

interface Begun {
  uri: string;
  codes: string[];
}

/** Sets up codes from an app: the secret as a picture and in letters, a first code, and what helps when the phone is lost. */
export function SetUpCodes({ done }: { done: () => void }) {
  const [begun, setBegun] = useState<Begun>();
  if (!begun)
    return (
      <Act
        label="Set up codes from an app"
        word="Show the secret"
        act={async (fields) => {
          setBegun(
            await send<Begun>('POST', '/auth/two-factor/enable', { password: fields.get('password') }),
          );
        }}
      >
        <p>
          An app on your phone shows a code of six digits that changes every half minute. Any such app will
          do.
        </p>
        <label>
          Your password
          <input name="password" type="password" required autoComplete="current-password" />
        </label>
      </Act>
    );
  const secret = new URL(begun.uri).searchParams.get('secret') ?? '';
  return (
    <div className="second-factor">
      <div className="second-factor-secret">
        <QrCode text={begun.uri} label="The secret as a picture, to be scanned with the app" />
        <div>
          <p>Scan this with the app, or type the secret:</p>
          <p>
            <code className="secret">{secret.match(/.{1,4}/g)?.join(' ')}</code>
          </p>
        </div>
      </div>
      <div>
        <p>
          Keep these codes where your phone is not. Each lets you in once when you do not have the app; they
          are shown this once.
        </p>
        <ul className="codes">
          {begun.codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
      </div>
      <Act
        label="Prove that the app works"
        word="Switch it on"
        act={async (fields) => {
          await send('POST', '/auth/two-factor/verify-totp', { code: fields.get('code') });
          done();
        }}
      >
        <label>
          The code that the app shows now
          <input
            name="code"
            required
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="[0-9 ]{6,7}"
            maxLength={7}
          />
        </label>
      </Act>
    </div>
  );
}

export function AddPasskey({ done }: { done: () => void }) {
  if (!passkeysWork())
    return (
      <p>
        This browser gives no passkeys here: they need an address that begins with https, or localhost. Codes
        from an app work everywhere.
      </p>
    );
  return (
    <Act
      label="Add a passkey"
      word="Add a passkey"
      act={async (fields) => {
        await addPasskey(String(fields.get('name')));
        done();
      }}
    >
      <p>
        A passkey stays on this device or on a key that you carry, asks for a finger, a face or a PIN, and
        cannot be talked out of you by a false page.
      </p>
      <label>
        What you call it
        <input name="name" required maxLength={60} placeholder="Work laptop" autoComplete="off" />
      </label>
    </Act>
  );
}
