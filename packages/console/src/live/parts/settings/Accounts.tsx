import type { AccountRow, AccountsAnswer, InvitationAnswer } from '@rollcall/server/areas/access/words.js';
import { useRef, useState } from 'react';
import { countOf, moment } from '../../../format.js';
import { useRowKeys } from '../../../parts/keys.js';
import { Section, Wide } from '../../../parts/Section.js';
import { StateLink, Text } from '../../../parts/Text.js';
import { href } from '../../../route.js';
import { send, useGet } from '../../api.js';
import { useMay, useSession } from '../../session.js';
import { Act } from '../Act.js';
import { Loaded } from '../Loaded.js';
import { roleAbout, roleList, roleWords } from '../roles.js';
import { Shown } from './Shown.js';

interface Link extends InvitationAnswer {
  name: string;
}

export function Accounts({ chosen }: { chosen: string | undefined }) {
  const accounts = useGet<AccountsAnswer>('/accounts', ['accounts']);
  const may = useMay();
  const [link, setLink] = useState<Link>();
  const inviting = may('settings.edit') && !chosen;
  return (
    <>
      {link ? (
        <Shown
          label={`Link for ${link.name}: give it to them yourself, by a way you trust`}
          value={`${window.location.origin}/#/setup?invitation=${link.token}`}
        >
          It works once, until {moment(link.expiresAt)}, and is shown this once.
        </Shown>
      ) : null}
      <Loaded of={accounts}>
        {({ accounts: rows }) => (
          <>
            <List rows={rows} chosen={chosen} />
            {may('settings.edit') && rows.some((one) => one.id === chosen) ? (
              <Chosen
                key={chosen}
                account={rows.find((one) => one.id === chosen) as AccountRow}
                again={accounts.again}
                linked={setLink}
              />
            ) : null}
          </>
        )}
      </Loaded>
      {inviting ? (
        <Section
          id="invite"
          title="Invite somebody"
          lead="They get a link from you with which they choose a password. No e-mail is sent."
        >
          <Act
            label="Invite somebody"
            word="Make the account and its link"
            act={async (fields) => {
              const name = String(fields.get('name'));
              const made = await send<InvitationAnswer>('POST', '/accounts', {
                name,
                email: fields.get('email'),
                roles: fields.getAll('role'),
              });
              setLink({ ...made, name });
              accounts.again();
            }}
          >
            <label>
              Name
              <input name="name" required maxLength={120} autoComplete="off" />
            </label>
            <label>
              E-mail address
              <input name="email" type="email" required maxLength={254} autoComplete="off" />
            </label>
            <Roles held={[]} />
          </Act>
        </Section>
      ) : null}
    </>
  );
}

function Roles({ held }: { held: readonly string[] }) {
  return (
    <fieldset className="choices">
      <legend>Roles</legend>
      {roleList.map((role) => (
        <label key={role}>
          <input type="checkbox" name="role" value={role} defaultChecked={held.includes(role)} />{' '}
          <span>
            {roleWords[role]} <span className="meta">{roleAbout[role]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function standing(one: AccountRow): string {
  if (!one.active) return 'closed';
  if (one.invitedUntil && one.ways.length === 0) return `invited, until ${moment(one.invitedUntil)}`;
  if (one.ways.length === 0) return 'no way in: make a new link';
  const ways = one.ways.map((way) => (way === 'password' ? 'password' : 'single sign-on'));
  const more = one.secondFactors.map((factor) => (factor === 'codes' ? 'codes' : 'passkey'));
  return [...ways, ...more].join(', ');
}

function List({ rows, chosen }: { rows: readonly AccountRow[]; chosen: string | undefined }) {
  const table = useRef<HTMLTableElement>(null);
  useRowKeys(table);
  return (
    <Wide label="Accounts">
      <table ref={table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Roles</th>
            <th scope="col">Signs in by</th>
            <th scope="col">Last signed in</th>
            <th scope="col">Now</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.id} aria-current={one.id === chosen ? 'true' : undefined}>
              <th scope="row">
                <a
                  data-row={one.id}
                  href={href('settings', '', {
                    part: 'accounts',
                    account: one.id === chosen ? undefined : one.id,
                  })}
                >
                  <Text value={one.name} />
                </a>
                <span className="meta">
                  <Text value={one.email} />
                </span>
              </th>
              <td>{one.roles.length === 0 ? 'none' : one.roles.map((role) => roleWords[role]).join(', ')}</td>
              <td>{standing(one)}</td>
              <td className="time">{one.lastSignInAt ? moment(one.lastSignInAt) : 'never'}</td>
              <td>{one.sessions === 0 ? 'not signed in' : countOf(one.sessions, 'session', 'sessions')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Chosen({
  account,
  again,
  linked,
}: {
  account: AccountRow;
  again: () => void;
  linked: (link: Link) => void;
}) {
  const { user } = useSession();
  const path = `/accounts/${encodeURIComponent(account.id)}`;
  return (
    <Section
      id="account"
      title={account.name}
      lead="A change of roles, or closing the account, signs them out everywhere at once."
    >
      <Act
        label={`Roles of ${account.name}`}
        word="Give these roles"
        done="Given."
        act={async (fields) => {
          await send('PUT', `${path}/roles`, { roles: fields.getAll('role') });
          again();
        }}
      >
        <Roles held={account.roles} />
      </Act>
      {account.active && account.id !== user.id ? (
        <Act
          label={`A new beginning for ${account.name}`}
          word="Make a link to begin again"
          danger
          act={async () => {
            const made = await send<InvitationAnswer>('POST', `${path}/invitation`);
            linked({ ...made, name: account.name });
            again();
          }}
        >
          <p>
            For a lost password, phone or passkey: what they signed in with is removed, and a link is made.
          </p>
        </Act>
      ) : null}
      <Act
        label={
          account.active ? `Close the account of ${account.name}` : `Open the account of ${account.name}`
        }
        word={account.active ? 'Close the account' : 'Open the account again'}
        danger={account.active}
        act={async () => {
          await send('PUT', `${path}/active`, { active: !account.active });
          again();
        }}
      >
        <p>
          {account.active
            ? 'Whoever left signs in no more. What they did stays in the log, under their account.'
            : 'They sign in as before, with the roles above.'}
        </p>
      </Act>
      <p>
        <StateLink to={href('settings', '', { part: 'accounts' })}>Back to the list</StateLink>
      </p>
    </Section>
  );
}
