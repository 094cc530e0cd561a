import type { LetterView } from '@rollcall/server/areas/response/words.js';
import { useId } from 'react';
import { moment, shown } from '../../format.js';
import { Section, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { href, setQuery } from '../../route.js';
import { send, useGet } from '../api.js';
import { useMay, useSession } from '../session.js';
import { Act } from './Act.js';
import { Loaded } from './Loaded.js';
import { Copy } from './ResponseCopy.js';
import type { PersonPart } from './response-props.js';

const kindWords: Record<string, string> = {
  report: 'Reports to authorities',
  letter: 'Letters',
  memo: 'Memos for counsel',
  form: 'Forms for inside use',
};

/** Reports, letters, memos and forms: begun from the case, edited here, released by counsel, filed by people. */
export function ReportsPart({ caseId, data, person, query }: PersonPart) {
  const may = useMay();
  const template = useId();
  const letters = data.letters.filter((one) => one.person === person.handle);
  const opened = data.letters.find(({ id }) => id === query.letter);
  return (
    <>
      <Section
        id="reports"
        title={`Reports and letters about ${person.name}`}
        lead="Filled in with what the case holds, for you to edit and to send by your own way. What leaves the house is released by counsel first. Who a possible victim is stands in none that goes to others."
      >
        {letters.length === 0 ? (
          <p>Nothing is begun yet.</p>
        ) : (
          <Wide label="reports and letters">
            <table>
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">Begun</th>
                  <th scope="col">Released</th>
                  <th scope="col">Filed or sent</th>
                </tr>
              </thead>
              <tbody>
                {letters.map((one) => (
                  <tr key={one.id} className={one.id === opened?.id ? 'opened' : undefined}>
                    <th scope="row">
                      <a
                        data-row={one.id}
                        href={href('case', caseId, {
                          part: 'response',
                          person: person.handle,
                          letter: one.id,
                        })}
                      >
                        {one.title}
                      </a>
                    </th>
                    <td className="time">
                      {moment(one.at)} <span className="meta">{shown(one.by)}</span>
                    </td>
                    <td>
                      {one.released ? (
                        <>
                          {moment(one.released.at)} <span className="meta">{shown(one.released.by)}</span>
                        </>
                      ) : one.counsel ? (
                        'waits for counsel'
                      ) : (
                        'need not be'
                      )}
                    </td>
                    <td>{one.filed ? <Text value={one.filed.says} /> : 'no'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        )}
        {may('cases.work') ? (
          <Act
            word="Begin"
            label="Begin a report or letter"
            act={async (fields) => {
              const made = await send<{ id: string }>(
                'POST',
                `/cases/${encodeURIComponent(caseId)}/reports`,
                {
                  person: person.handle,
                  template: String(fields.get('template')),
                },
              );
              setQuery({ see: undefined, letter: made.id });
            }}
          >
            <label htmlFor={template}>
              A new one
              <select id={template} name="template" required>
                {Object.entries(kindWords).map(([kind, word]) => (
                  <optgroup key={kind} label={word}>
                    {data.templates
                      .filter((one) => one.kind === kind)
                      .map((one) => (
                        <option key={one.id} value={one.id}>
                          {one.title}
                          {one.identity ? '' : ' · says nothing of who they are'}
                        </option>
                      ))}
                  </optgroup>
                ))}
              </select>
            </label>
          </Act>
        ) : null}
      </Section>
      {opened ? <Letter caseId={caseId} id={opened.id} /> : null}
    </>
  );
}

function Letter({ caseId, id }: { caseId: string; id: string }) {
  const path = `/cases/${encodeURIComponent(caseId)}/reports/${encodeURIComponent(id)}`;
  const letter = useGet<LetterView>(path, [`case:${caseId}`]);
  return <Loaded of={letter}>{(data) => <Opened key={data.version} path={path} letter={data} />}</Loaded>;
}

function Opened({ path, letter }: { path: string; letter: LetterView }) {
  const may = useMay();
  const { user } = useSession();
  const free = letter.released !== undefined || !letter.counsel;
  return (
    <Section id="report" title={letter.title} lead={`For: ${letter.for}`}>
      {letter.released ? (
        <>
          <p>
            Counsel (<Text value={letter.released.by} />) released this text on {moment(letter.released.at)}.
            SHA-256 <span className="hash">{letter.released.sha256}</span>
          </p>
          <Copy text={letter.text} label="the released text" />
        </>
      ) : may('cases.work') ? (
        <Act
          word="Save"
          label="Edit the text"
          done="Saved; earlier versions are kept."
          act={(fields) => send('PUT', path, { text: String(fields.get('text')), version: letter.version })}
        >
          <label>
            {letter.counsel ? 'Draft, not released by counsel' : 'Text'} (version {letter.version})
            <textarea name="text" rows={28} defaultValue={letter.text} className="letter-text" spellCheck />
          </label>
        </Act>
      ) : (
        <pre className="letter-text">{shown(letter.text)}</pre>
      )}
      {free ? (
        <p>
          <a href={`/api${path}/text`} download>
            Download as text
          </a>
        </p>
      ) : user.roles.includes('counsel') ? (
        <Act
          word="Release this version"
          label="Release as counsel"
          done="Released."
          act={() => send('POST', `${path}/release`, { version: letter.version })}
        >
          <p>Read it as it stands; what you release cannot be changed. Save first if you edited it.</p>
        </Act>
      ) : (
        <p>It can be downloaded once counsel has released it.</p>
      )}
      {letter.filed ? (
        <p>
          Filed or sent: <Text value={letter.filed.says} /> ({moment(letter.filed.at)},{' '}
          <Text value={letter.filed.by} />)
        </p>
      ) : free && may('cases.work') ? (
        <Act
          word="Record that it was sent"
          label="Record that it was filed or sent"
          act={(fields) => send('POST', `${path}/filed`, { says: String(fields.get('says')) })}
        >
          <label>
            Day, way and number
            <input
              name="says"
              required
              minLength={5}
              maxLength={500}
              placeholder="3 March 2026, web form, number I-123"
            />
          </label>
        </Act>
      ) : null}
    </Section>
  );
}
