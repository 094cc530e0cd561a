import type {
  HealthAnswer,
  SettingRow,
  SettingsAnswer,
  SignOnAnswer,
} from '@rollcall/server/areas/access/words.js';
import { bytes, count, moment } from '../../../format.js';
import { Empty, Wide } from '../../../parts/Section.js';
import { Text } from '../../../parts/Text.js';
import { Refused, send, useGet } from '../../api.js';
import { useMay } from '../../session.js';
import { Act } from '../Act.js';
import { Loaded } from '../Loaded.js';
import { roleWords } from '../roles.js';

function inWords(value: boolean | number, unit: string | undefined): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : `${count(value)} ${unit ?? ''}`.trim();
}

/** How this installation behaves: each setting with what changes with it. */
export function Rules() {
  const settings = useGet<SettingsAnswer>('/settings', ['settings']);
  return (
    <Loaded of={settings}>
      {({ settings: rows }) => (
        <ul className="rules">
          {rows.map((row) => (
            <Rule key={row.key} row={row} again={settings.again} />
          ))}
        </ul>
      )}
    </Loaded>
  );
}

function Rule({ row, again }: { row: SettingRow; again: () => void }) {
  const may = useMay();
  return (
    <li>
      <h2 id={`rule-${row.key}`}>{row.title}</h2>
      <p>{row.about}</p>
      <p className="meta">
        Now: {inWords(row.value, row.unit)}. At first: {inWords(row.fallback, row.unit)}.
      </p>
      {may('settings.edit') ? (
        <Act
          key={String(row.value)}
          label={row.title}
          word="Change"
          done="Changed."
          act={async (fields) => {
            const text = String(fields.get('value'));
            const value = row.kind === 'yes-no' ? text === 'yes' : Number(text);
            if (value === row.value) throw new Refused(400, 'SAME', 'it is like that already');
            await send('PUT', `/settings/${encodeURIComponent(row.key)}`, { value });
            again();
          }}
        >
          {row.kind === 'yes-no' ? (
            <fieldset className="choices in-line">
              <legend className="hidden">{row.title}</legend>
              <label>
                <input type="radio" name="value" value="yes" defaultChecked={row.value === true} /> yes
              </label>
              <label>
                <input type="radio" name="value" value="no" defaultChecked={row.value === false} /> no
              </label>
            </fieldset>
          ) : (
            <label className="in-line">
              <span className="hidden">{row.title}, in</span>
              <input
                name="value"
                type="number"
                required
                min={row.min}
                max={row.max}
                defaultValue={String(row.value)}
              />{' '}
              {row.unit}
            </label>
          )}
        </Act>
      ) : null}
    </li>
  );
}

export function SignOn() {
  const signOn = useGet<SignOnAnswer>('/settings/sign-on');
  return (
    <Loaded of={signOn}>
      {(state) =>
        state.on ? (
          <dl className="facts">
            <div>
              <dt>Provider</dt>
              <dd>
                <Text value={state.title} />: <Text value={state.issuer} />
              </dd>
            </div>
            <div>
              <dt>Client</dt>
              <dd>
                <Text value={state.clientId} />
              </dd>
            </div>
            <div>
              <dt>Where it sends people back</dt>
              <dd>
                <code>{`${window.location.origin}/api/auth/callback/company`}</code>
              </dd>
            </div>
            <div>
              <dt>Addresses let in</dt>
              <dd>{state.domains.map((one) => `@${one}`).join(', ')}</dd>
            </div>
            <div>
              <dt>Roles</dt>
              <dd>
                {state.claim && state.roles.length > 0
                  ? `By “${state.claim}”, at every sign-in: ${state.roles
                      .map((one) => `${one.value} gives ${roleWords[one.role]}`)
                      .join('; ')}.`
                  : 'None come from the provider: whoever signs in first has no role until an administrator gives one.'}
              </dd>
            </div>
          </dl>
        ) : (
          <Empty title="Single sign-on is not set up.">
            <p>
              Set <code>ROLLCALL_OIDC_ISSUER</code>, <code>ROLLCALL_OIDC_CLIENT_ID</code>,{' '}
              <code>ROLLCALL_OIDC_CLIENT_SECRET_FILE</code> and <code>ROLLCALL_OIDC_DOMAINS</code> for the
              server, and start it anew. The secret is read from the file, and is never kept in the database.
              Tell the provider to send people back to{' '}
              <code>{`${window.location.origin}/api/auth/callback/company`}</code>.
            </p>
          </Empty>
        )
      }
    </Loaded>
  );
}

const stores = { pglite: 'embedded, in the folder', postgresql: 'PostgreSQL' } as const;

export function Health() {
  const health = useGet<HealthAnswer>('/settings/health', ['sources', 'people']);
  return (
    <Loaded of={health}>
      {(state) => {
        const failed = state.work.filter((one) => one.state === 'failed');
        return (
          <>
            <dl className="facts">
              <Line word="Rollcall">{`${state.version}, on Node ${state.node}`}</Line>
              <Line word="Up since">{moment(state.upSince)}</Line>
              <Line word="Database">{stores[state.store]}</Line>
              <Line word="Memory">{bytes(state.memoryBytes)}</Line>
              <Line word="Accounts">{count(state.accounts)}</Line>
              <Line word="People on record">{count(state.people)}</Line>
              <Line word="Last scan">
                {state.lastScanAt ? moment(state.lastScanAt) : 'none yet: upload exports under Sources'}
              </Line>
              <Line word="Waits to be scanned">
                {state.intake.records === 0 && state.intake.bytes === 0
                  ? 'nothing'
                  : `${count(state.intake.records)} records, ${bytes(state.intake.bytes)}`}
              </Line>
              <Line word="Last backup">
                {state.lastBackupAt
                  ? moment(state.lastBackupAt)
                  : 'none that Rollcall knows of: see “rollcall backup”'}
              </Line>
              <Line word="Audit log">{`${count(state.auditEntries)} entries`}</Line>
              <Line word="Background work">
                {failed.length === 0
                  ? 'none failed'
                  : `${count(failed.reduce((sum, one) => sum + one.count, 0))} failed: the log of the server says why`}
              </Line>
            </dl>
            {state.work.length > 0 ? (
              <Wide label="Background work">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Work</th>
                      <th scope="col">State</th>
                      <th scope="col" className="number">
                        How many
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {state.work.map((one) => (
                      <tr key={`${one.kind} ${one.state}`}>
                        <th scope="row">{one.kind}</th>
                        <td>{one.state}</td>
                        <td className="number">{count(one.count)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Wide>
            ) : null}
          </>
        );
      }}
    </Loaded>
  );
}

function Line({ word, children }: { word: string; children: string }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}
