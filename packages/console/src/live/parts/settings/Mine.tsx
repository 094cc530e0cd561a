import type { OwnAnswer } from '@rollcall/server/areas/access/words.js';
import { useState } from 'react';
import { day, moment } from '../../../format.js';
import { Section, Wide } from '../../../parts/Section.js';
import { Text } from '../../../parts/Text.js';
import { Refused, send, useGet } from '../../api.js';
import { Act } from '../Act.js';
import { Loaded } from '../Loaded.js';
import { roleWords } from '../roles.js';
import { AddPasskey, SetUpCodes } from '../SecondFactor.js';

const methods: Readonly<Record<string, string>> = {
  password: 'password',
  totp: 'password and code',
  code: 'password and kept code',
  passkey: 'passkey',
  'sign-on': 'single sign-on',
};

export function Mine() {
  const own = useGet<OwnAnswer>('/account', ['account']);
  return <Loaded of={own}>{(account) => <Own account={account} again={own.again} />}</Loaded>;
}

function Own({ account, again }: { account: OwnAnswer; again: () => void }) {
  const [codes, setCodes] = useState<string[]>();
  return (
    <>
      <Section id="me" title="Who you are here" lead="Name and roles are given by an administrator.">
        <dl className="facts">
          <div>
            <dt>Name</dt>
            <dd>
              <Text value={account.name} />
            </dd>
          </div>
          <div>
            <dt>E-mail address</dt>
            <dd>
              <Text value={account.email} />
            </dd>
          </div>
          <div>
            <dt>Roles</dt>
            <dd>
              {account.roles.length === 0
                ? 'None yet. An administrator gives you one under Settings, Accounts; until then nothing opens.'
                : account.roles.map((role) => roleWords[role]).join(', ')}
            </dd>
          </div>
        </dl>
      </Section>
      <Section
        id="email"
        title="E-mail address"
        lead="With a new one, you sign in with that, and are signed out everywhere else. That it changed stands in the audit log."
      >
        <Act
          label="Change the e-mail address"
          word="Change the address"
          done="Changed. Everywhere else you are signed out."
          act={async (fields) => {
            if (fields.get('email') !== fields.get('again'))
              throw new Refused(400, 'DIFFERENT', 'the two addresses differ');
            await send('PUT', '/account/email', {
              email: fields.get('email'),
              ...(account.password ? { password: fields.get('password') } : {}),
            });
            again();
          }}
        >
          <label>
            The new address
            <input name="email" type="email" required maxLength={254} autoComplete="email" />
          </label>
          <label>
            The new address again
            <input name="again" type="email" required maxLength={254} autoComplete="off" />
          </label>
          {account.password ? (
            <label>
              Your password, for the new address
              <input name="password" type="password" required autoComplete="current-password" />
            </label>
          ) : (
            <p className="quiet">You must have signed in within the last 15 minutes.</p>
          )}
        </Act>
      </Section>
      <Section
        id="passkeys"
        title="Passkeys"
        lead={account.passkeys.length === 0 ? 'None yet.' : 'Each lets you in by itself.'}
      >
        {account.passkeys.length > 0 ? (
          <Wide label="Passkeys">
            <table>
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Added</th>
                  <th scope="col">Where it is</th>
                  <th scope="col">
                    <span className="hidden">Remove</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {account.passkeys.map((one) => (
                  <tr key={one.id}>
                    <th scope="row">
                      <Text value={one.name || 'without a name'} />
                    </th>
                    <td>{one.createdAt ? day(one.createdAt) : '–'}</td>
                    <td>{one.synced ? 'with the maker’s account, on several devices' : 'on one device'}</td>
                    <td>
                      <Act
                        label={`Remove the passkey ${one.name}`}
                        word="Remove"
                        danger
                        act={async () => {
                          await send('POST', '/auth/passkey/delete-passkey', { id: one.id });
                          again();
                        }}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        ) : null}
        <AddPasskey done={again} />
      </Section>
      {account.password ? (
        <Section
          id="codes"
          title="Codes from an app"
          lead={
            account.codes
              ? 'On: after your password you are asked for a code.'
              : account.needed
                ? 'Off. A second factor is needed here: a passkey, or this.'
                : 'Off.'
          }
        >
          {account.codes ? (
            <>
              {codes ? (
                <>
                  <p>The old codes are gone. Keep these where your phone is not; they are shown this once.</p>
                  <ul className="codes">
                    {codes.map((code) => (
                      <li key={code}>
                        <code>{code}</code>
                      </li>
                    ))}
                  </ul>
                </>
              ) : null}
              <Act
                label="New kept codes"
                word="Make new kept codes"
                act={async (fields) => {
                  const made = await send<{ codes: string[] }>(
                    'POST',
                    '/auth/two-factor/generate-backup-codes',
                    { password: fields.get('password') },
                  );
                  setCodes(made.codes);
                }}
              >
                <label>
                  Your password, for new codes
                  <input name="password" type="password" required autoComplete="current-password" />
                </label>
              </Act>
              <Act
                label="Switch codes off"
                word="Switch codes off"
                danger
                act={async (fields) => {
                  await send('POST', '/auth/two-factor/disable', { password: fields.get('password') });
                  again();
                }}
              >
                <label>
                  Your password, to switch codes off
                  <input name="password" type="password" required autoComplete="current-password" />
                </label>
              </Act>
            </>
          ) : (
            <SetUpCodes done={again} />
          )}
        </Section>
      ) : null}
      {account.password ? (
        <Section id="password" title="Password" lead="With a new one, you are signed out everywhere else.">
          <Act
            label="Change the password"
            word="Change the password"
            done="Changed. Everywhere else you are signed out."
            act={async (fields) => {
              if (fields.get('new') !== fields.get('again'))
                throw new Refused(400, 'DIFFERENT', 'the two new passwords differ');
              await send('POST', '/auth/change-password', {
                currentPassword: fields.get('current'),
                newPassword: fields.get('new'),
              });
              again();
            }}
          >
            <label>
              The one you have
              <input name="current" type="password" required autoComplete="current-password" />
            </label>
            <label>
              The new one: at least 12 characters
              <input
                name="new"
                type="password"
                required
                minLength={12}
                maxLength={128}
                autoComplete="new-password"
              />
            </label>
            <label>
              The new one again
              <input name="again" type="password" required maxLength={128} autoComplete="new-password" />
            </label>
          </Act>
        </Section>
      ) : null}
      <Section
        id="sessions"
        title="Where you are signed in"
        lead={`A session ends 12 hours after signing in, or after ${account.idleMinutes} minutes in which nothing was done.`}
      >
        <Wide label="Sessions">
          <table>
            <thead>
              <tr>
                <th scope="col">Browser</th>
                <th scope="col">Address</th>
                <th scope="col">Signed in</th>
                <th scope="col">By</th>
                <th scope="col">Last used</th>
                <th scope="col">
                  <span className="hidden">End</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {account.sessions.map((one) => (
                <tr key={one.id}>
                  <th scope="row">
                    {one.here ? 'Here. ' : ''}
                    <Text value={one.browser || 'says nothing of itself'} />
                  </th>
                  <td>
                    <Text value={one.from || 'not known'} />
                  </td>
                  <td className="time">{moment(one.createdAt)}</td>
                  <td>{methods[one.method] ?? one.method}</td>
                  <td className="time">{moment(one.seenAt)}</td>
                  <td>
                    {one.here ? null : (
                      <Act
                        label={`End the session of ${moment(one.createdAt)}`}
                        word="End"
                        danger
                        act={async () => {
                          await send('DELETE', `/account/sessions/${encodeURIComponent(one.id)}`);
                          again();
                        }}
                      />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
        <Act
          label="Sign out everywhere"
          word="Sign out everywhere, here too"
          danger
          act={async () => {
            await send('DELETE', '/account/sessions');
            window.dispatchEvent(new Event('rollcall:signed-out'));
          }}
        />
      </Section>
    </>
  );
}
