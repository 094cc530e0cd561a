import type { ResponseView } from '@rollcall/server/areas/response/words.js';
import { bytes, count, moment } from '../../format.js';
import { Section, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { send } from '../api.js';
import { useMay } from '../session.js';
import { Act } from './Act.js';

/** Bundles made so far, and a new one. */
export function BundlesPart({ caseId, data }: { caseId: string; data: ResponseView }) {
  const may = useMay();
  const path = `/cases/${encodeURIComponent(caseId)}/bundles`;
  return (
    <Section
      id="bundles"
      title="Sealed evidence"
      lead="One file that holds the case as it stands, with a signature. Whoever receives it can verify it with programs every system has; its README says how."
    >
      {data.bundles.length === 0 ? (
        <p>None was made yet.</p>
      ) : (
        <Wide label="bundles">
          <table>
            <thead>
              <tr>
                <th scope="col">Sealed</th>
                <th scope="col">By, and why</th>
                <th scope="col">Holds</th>
                <th scope="col">SHA-256</th>
                <th scope="col">File</th>
              </tr>
            </thead>
            <tbody>
              {data.bundles.map((one) => (
                <tr key={one.id}>
                  <td className="time">{moment(one.at)}</td>
                  <td>
                    <Text value={one.by} />
                    <span className="meta">
                      <Text value={one.why} />
                    </span>
                  </td>
                  <td>
                    {count(one.entries)} files, {bytes(one.bytes)}
                    <span className="meta">
                      {[
                        one.others ? 'names others' : 'others by pseudonym',
                        one.identity ? 'says who they say they are' : 'without identity',
                        one.files ? 'with files' : 'without files',
                      ].join(', ')}
                    </span>
                  </td>
                  <td className="hash">{one.sha256}</td>
                  <td>
                    {may('cases.export') ? (
                      <a href={`/api${path}/${encodeURIComponent(one.id)}/file`} download data-row={one.id}>
                        Download
                      </a>
                    ) : (
                      'not for your roles'
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      <p>
        Fingerprint of the key bundles are sealed with. Tell it to whoever receives one, by another way than
        the bundle: <span className="hash">{data.fingerprint}</span>
      </p>
      {may('cases.export') ? (
        <Act
          word="Seal the evidence"
          label="Seal the evidence of this case"
          done="Sealed. It stands in the list above."
          act={(fields) =>
            send('POST', path, {
              why: String(fields.get('why')),
              others: fields.get('others') === 'on',
              identity: fields.get('identity') === 'on',
              files: fields.get('files') === 'on',
            })
          }
        >
          <label>
            For whom, and why
            <input name="why" required minLength={5} maxLength={1000} />
          </label>
          <fieldset className="bundle-options">
            <legend>What it holds</legend>
            <label className="check">
              <input type="checkbox" name="identity" defaultChecked />
              <span>
                who the people of the case say they are
                <span className="meta">
                  Take it off for peers: it may be a victim’s identity. Files are left out then.
                </span>
              </span>
            </label>
            <label className="check">
              <input type="checkbox" name="files" defaultChecked />
              <span>
                files of the case
                <span className="meta">Nothing can be left out of a file.</span>
              </span>
            </label>
            <label className="check">
              <input type="checkbox" name="others" />
              <span>
                names of people who are not in the case
                <span className="meta">Only where a court or counsel asks for them.</span>
              </span>
            </label>
          </fieldset>
        </Act>
      ) : null}
    </Section>
  );
}
