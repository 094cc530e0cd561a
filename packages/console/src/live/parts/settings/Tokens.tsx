import type { NewToken, TokensAnswer } from '@rollcall/server/areas/access/words.js';
import { useState } from 'react';
import { day, moment } from '../../../format.js';
import { Empty, Section, Wide } from '../../../parts/Section.js';
import { Text } from '../../../parts/Text.js';
import { send, useGet } from '../../api.js';
import { useMay } from '../../session.js';
import { Act } from '../Act.js';
import { Loaded } from '../Loaded.js';
import { Shown } from './Shown.js';

export function Tokens() {
  const tokens = useGet<TokensAnswer>('/tokens', ['tokens']);
  const may = useMay();
  const [made, setMade] = useState<NewToken>();
  return (
    <>
      <p className="lead">
        Programs hand in records with a token, each limited to its sources. Whoever holds one can add records
        and read nothing.
      </p>
      {made ? (
        <Shown label="The token" value={made.token}>
          Good until {day(made.expiresAt)}. It is shown this once: put it where the program reads it.
        </Shown>
      ) : null}
      <Loaded of={tokens}>
        {({ tokens: rows, sources }) => (
          <>
            {rows.length === 0 ? (
              <Empty title="No program hands in records yet.">
                <p>Make a token below, or upload exports under Sources.</p>
              </Empty>
            ) : (
              <Wide label="Tokens">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">For</th>
                      <th scope="col">Sources</th>
                      <th scope="col">Made</th>
                      <th scope="col">Good until</th>
                      <th scope="col">Last used</th>
                      <th scope="col">
                        <span className="hidden">Withdraw</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {rows.map((one) => (
                      <tr key={one.id}>
                        <th scope="row">
                          <Text value={one.title} />
                          <span className="meta">{one.id}</span>
                        </th>
                        <td>{one.sources.length === 0 ? 'all' : one.sources.join(', ')}</td>
                        <td className="time">{day(one.createdAt)}</td>
                        <td className="time">
                          {one.state === 'revoked'
                            ? 'withdrawn'
                            : one.state === 'expired'
                              ? `ended ${day(one.expiresAt)}`
                              : day(one.expiresAt)}
                        </td>
                        <td className="time">{one.usedAt ? moment(one.usedAt) : 'never'}</td>
                        <td>
                          {one.state === 'good' && may('settings.edit') ? (
                            <Act
                              label={`Withdraw the token for ${one.title}`}
                              word="Withdraw"
                              danger
                              act={async () => {
                                await send('DELETE', `/tokens/${encodeURIComponent(one.id)}`);
                                tokens.again();
                              }}
                            />
                          ) : null}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Wide>
            )}
            {may('settings.edit') ? (
              <Section id="new-token" title="Make a token">
                <Act
                  label="Make a token"
                  word="Make the token"
                  act={async (fields) => {
                    setMade(
                      await send<NewToken>('POST', '/tokens', {
                        title: fields.get('title'),
                        days: Number(fields.get('days')),
                        sources: fields.getAll('source'),
                      }),
                    );
                    tokens.again();
                  }}
                >
                  <label>
                    What hands in with it
                    <input
                      name="title"
                      required
                      maxLength={120}
                      placeholder="Sign-ins, hourly"
                      autoComplete="off"
                    />
                  </label>
                  <label>
                    Good for how many days
                    <input name="days" type="number" required min={1} max={730} defaultValue={180} />
                  </label>
                  <fieldset className="choices columns">
                    <legend>For which sources; none chosen means all</legend>
                    {sources.map((source) => (
                      <label key={source.id}>
                        <input type="checkbox" name="source" value={source.id} />{' '}
                        <Text value={source.title} />
                      </label>
                    ))}
                  </fieldset>
                </Act>
              </Section>
            ) : null}
          </>
        )}
      </Loaded>
    </>
  );
}
