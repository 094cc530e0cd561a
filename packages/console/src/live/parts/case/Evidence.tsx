import type { CaseEvidence, Integrity, Item } from '@rollcall/server/areas/cases/words.js';
import { type ReactNode, useState } from 'react';
import { bytes, countOf, days, moment, shown } from '../../../format.js';
import type { Lookup } from '../../../lookup.js';
import { Bits } from '../../../parts/Bits.js';
import { Evidence } from '../../../parts/Evidence.js';
import { Items } from '../../../parts/Items.js';
import { Empty, Section, Wide } from '../../../parts/Section.js';
import { Text } from '../../../parts/Text.js';
import { href } from '../../../route.js';
import { get, send, useGet } from '../../api.js';
import { Act } from '../Act.js';
import { Loaded } from '../Loaded.js';
import { CaseAct, nameOf, type PartProps, StandingOf, Who } from './small.js';

const sinceWords: Record<NonNullable<Item['finding']>['since'], string> = {
  same: '',
  changed: 'reads otherwise in the last scan',
  explained: 'explained since',
  gone: 'not in the last scan',
  unknown: 'the person is not in the last scan',
};

const nobody: Lookup = {
  person: new Map(),
  ring: new Map(),
  names: new Map(),
  rank: new Map(),
  firings: new Map(),
};

const largest = 50 * 1024 * 1024;

export function EvidencePart({ data, again, query }: PartProps) {
  const findings = data.items.filter((item) => item.kind === 'finding' && item.state === 'held');
  const others = data.items.filter((item) => item.kind !== 'finding');
  const earlier = data.items.filter((item) => item.state === 'replaced').length;
  const path = `/cases/${encodeURIComponent(data.id)}`;
  const open = data.state === 'open';
  return (
    <Section
      id="case-evidence"
      title="Evidence"
      lead="As it was when it was frozen. Each piece has a hash: what was kept cannot be changed without showing it. A finding is a reason to look, not a finding of guilt."
    >
      {data.people.map((one) => (
        <article key={one.person.handle}>
          <h3>
            <Text value={one.person.name} />
          </h3>
          <StandingOf data={data} one={one} />
          {one.since.map((says) => (
            <p key={says} className="doubt">
              {says}
            </p>
          ))}
          <Findings
            data={data}
            again={again}
            query={query}
            name={one.person.name}
            items={findings.filter((item) => item.person?.handle === one.person.handle)}
          />
          {one.frozen.map((frozen) => (
            <p key={frozen.id} className="meta hash">
              Frozen {moment(frozen.at)} by <Text value={nameOf(data, frozen.by)} />: evidence as of{' '}
              {moment(frozen.asOf)}, content {frozen.content}, SHA-256 {frozen.sha256}
              {frozen.intact ? '' : ' — what is stored does not agree with this hash'}
            </p>
          ))}
        </article>
      ))}
      {earlier > 0 ? (
        <p className="quiet">
          {countOf(earlier, 'earlier reading of a finding is', 'earlier readings of findings are')} kept, and
          replaced by later ones.
        </p>
      ) : null}
      <h3>Files, notes, checks</h3>
      {others.length === 0 ? (
        <Empty title="Nothing was added yet." />
      ) : (
        <Wide label="Files, notes, checks">
          <table>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">About</th>
                <th scope="col">Added</th>
                <th scope="col">SHA-256</th>
              </tr>
            </thead>
            <tbody>
              {others.map((item) => (
                <tr key={item.id}>
                  <td>
                    {item.kind === 'file' ? (
                      <>
                        File:{' '}
                        <a href={`/api${path}/files/${item.id}`} download data-row>
                          <Text value={item.says} />
                        </a>{' '}
                        ({bytes(item.bytes ?? 0)})
                      </>
                    ) : (
                      <>
                        {item.kind === 'note' ? 'Note' : item.kind === 'check' ? 'Check' : 'Event'}:{' '}
                        <Text value={item.says} />
                      </>
                    )}
                  </td>
                  <td>{item.person ? <Text value={item.person.name} /> : 'the case'}</td>
                  <td>
                    <Text value={nameOf(data, item.by)} />, {moment(item.at)}
                  </td>
                  <td className="hash">{item.sha256}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      {open ? (
        <div className="two-readings">
          <details className="form-behind">
            <summary>Add a note, an event or the outcome of a check</summary>
            <CaseAct
              data={data}
              again={again}
              word="Add"
              label="Add evidence"
              path="/items"
              body={(text) => ({
                kind: text('kind'),
                says: text('says'),
                ...(text('person') ? { person: text('person') } : {}),
              })}
            >
              <label>
                What it is
                <select name="kind">
                  <option value="note">A note</option>
                  <option value="event">
                    Something that happened (say when, with the zone, and where it stands)
                  </option>
                  <option value="check">The outcome of a check</option>
                </select>
              </label>
              <label>
                What was seen, not what you think of it
                <textarea name="says" required minLength={3} maxLength={4000} />
              </label>
              <Who data={data} optional />
            </CaseAct>
          </details>
          <details className="form-behind">
            <summary>Add a file</summary>
            <Act
              word="Add the file"
              label="Add a file"
              done="Added."
              act={async (fields) => {
                const file = fields.get('file');
                if (!(file instanceof File) || file.size === 0) throw new Error('choose a file first');
                if (file.size > largest) throw new Error('a file may have 50 MB');
                const person = String(fields.get('person') ?? '');
                const { id } = await send<{ id: string }>('POST', `${path}/files`, {
                  name: file.name,
                  ...(person ? { person } : {}),
                });
                await send('PUT', `${path}/files/${id}`, file);
                again();
              }}
            >
              <label>
                File, up to 50 MB
                <input type="file" name="file" required />
              </label>
              <Who data={data} optional />
            </Act>
          </details>
          <details className="form-behind">
            <summary>Freeze what the last scan says</summary>
            <CaseAct
              data={data}
              again={again}
              word="Freeze"
              done="Done. Nothing is added where nothing changed."
              label="Freeze the evidence again"
              path="/freezing"
              body={() => ({})}
            >
              <p>Keeps the findings of the last scan beside those that are frozen already.</p>
            </CaseAct>
          </details>
          <IntegrityCheck path={path} />
        </div>
      ) : (
        <IntegrityCheck path={path} />
      )}
    </Section>
  );
}

const bits = (item: Item) => item.finding?.bits ?? 0;

const weighedHeads = (
  <>
    <th scope="col">Kind</th>
    <th scope="col" className="number">
      Weight
    </th>
    <th scope="col">When</th>
  </>
);

function WeighedCells({ item, children }: { item: Item; children?: ReactNode }) {
  return (
    <>
      <td>{item.finding?.facet}</td>
      <td className="number">
        <Bits value={bits(item)} />
      </td>
      <td>
        {days(item.finding?.first, item.finding?.last)}
        {children}
      </td>
    </>
  );
}

/** What the last scan says of it, where that is something else. */
function Since({ item }: { item: Item }) {
  const says = item.finding ? sinceWords[item.finding.since] : '';
  return says ? <span className="meta">{says}</span> : null;
}

/** What was found on one person: each with its innocent readings beside it, and what speaks for them after it. */
function Findings({ items, name, ...given }: PartProps & { items: readonly Item[]; name: string }) {
  const against = items.filter((item) => bits(item) >= 0).sort((a, b) => bits(b) - bits(a));
  const favour = items.filter((item) => bits(item) < 0).sort((a, b) => bits(a) - bits(b));
  return (
    <>
      {against.length > 0 ? (
        <Wide label={`Findings on ${name}`}>
          <table className="case-findings">
            <thead>
              <tr>
                <th scope="col">What was seen</th>
                <th scope="col">What else it may be</th>
                {weighedHeads}
                <th scope="col">Counts</th>
              </tr>
            </thead>
            <tbody>
              {against.map((item) => (
                <tr key={item.id}>
                  <FindingCell {...given} item={item} />
                  <td data-is="What else it may be">
                    <Readings data={given.data} item={item} />
                  </td>
                  <WeighedCells item={item} />
                  <td data-is="Counts">
                    {countsOf(item)}
                    <Since item={item} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      ) : (
        <p className="quiet">No finding that asks for an explanation is held on this person.</p>
      )}
      {favour.length > 0 ? (
        <Wide label={`What speaks for ${name}`}>
          <table className="case-findings">
            <thead>
              <tr>
                <th scope="col">What speaks for them</th>
                {weighedHeads}
              </tr>
            </thead>
            <tbody>
              {favour.map((item) => (
                <tr key={item.id}>
                  <FindingCell {...given} item={item} />
                  <WeighedCells item={item}>
                    {item.setAside ? (
                      <span className="meta">does not count: the record was wrong</span>
                    ) : null}
                    <Since item={item} />
                  </WeighedCells>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      ) : null}
    </>
  );
}

function FindingCell({ data, again, query, item }: PartProps & { item: Item }) {
  return (
    <th scope="row">
      <a
        href={href('case', data.id, {
          part: query.part,
          item: item.id === query.item ? undefined : item.id,
        })}
        data-row
        aria-expanded={item.id === query.item}
      >
        <Text value={item.says} />
      </a>
      {item.id === query.item ? <FindingRows data={data} again={again} query={query} item={item} /> : null}
    </th>
  );
}

/** The innocent readings of a finding, as the hypotheses of the case hold them, with what was answered. */
function Readings({ data, item }: { data: PartProps['data']; item: Item }) {
  const readings = data.hypotheses.filter(
    (one) =>
      one.kind === 'innocent' &&
      one.person?.handle === item.person?.handle &&
      one.detections.includes(item.finding?.detection ?? ''),
  );
  if (readings.length === 0) return <>A record is wrong, or is about somebody else.</>;
  return (
    <ul>
      {readings.map((one) => (
        <li key={one.id}>
          <Text value={one.says} />
          {one.state === 'open' ? null : <span className="meta">{one.state}</span>}
        </li>
      ))}
    </ul>
  );
}

function countsOf(item: Item): string {
  if (item.setAside) return 'no: the record was wrong';
  if (item.finding?.explained) return 'no: explained';
  if (item.finding?.counts) return item.finding.conclusive ? 'yes, by itself' : 'yes';
  return 'no: too weak by itself, or an earlier verdict';
}

function IntegrityCheck({ path }: { path: string }) {
  const [found, setFound] = useState<Integrity>();
  return (
    <details className="form-behind">
      <summary>Check that nothing was changed</summary>
      <Act
        word="Check"
        label="Check the evidence against its hashes"
        act={async () => setFound(await get<Integrity>(`${path}/integrity`))}
      >
        <p>Compares every piece with its hash, files on disk, and what the audit log says was frozen.</p>
        {found ? (
          <div role="status">
            <p>
              {found.good
                ? `${countOf(found.checked, 'piece', 'pieces')} looked at: all as they were kept.`
                : `${countOf(found.problems.length, 'problem', 'problems')} in ${countOf(found.checked, 'piece', 'pieces')}:`}
            </p>
            <Items items={found.problems} className="plain-list" />
          </div>
        ) : null}
      </Act>
    </details>
  );
}

/** The rows behind a frozen finding, and its innocent readings beside them. */
function FindingRows({ data, again, item }: PartProps & { item: Item }) {
  const rows = useGet<CaseEvidence>(`/cases/${encodeURIComponent(data.id)}/items/${item.id}`);
  return (
    <div className="behind">
      <Loaded of={rows}>
        {(one) => (
          <>
            {one.intact ? null : (
              <p className="doubt">
                What is stored does not agree with the hash of this finding. Do not rely on it.
              </p>
            )}
            <div className="two-readings">
              <div>
                <h3>Why it matters</h3>
                <p>
                  <Text value={one.why} />
                </p>
                <p className="meta">Sources: {one.sources.map(shown).join('; ')}</p>
              </div>
              <div>
                <h3>{bits(item) < 0 ? 'How usual it is' : 'It can be innocent'}</h3>
                <Items items={one.innocent} className="plain-list" />
              </div>
            </div>
            <Evidence
              evidence={{ columns: one.columns, rows: one.rows, total: one.total }}
              label={item.says}
              names={nobody}
            />
            {one.others.length > 0 ? (
              <p>
                It names:{' '}
                {one.others.map((other, index) => (
                  <span key={other.handle}>
                    {index > 0 ? ', ' : ''}
                    <a href={href('person', other.handle)}>
                      <Text value={other.name} />
                    </a>
                  </span>
                ))}
              </p>
            ) : null}
            <p className="meta hash">
              {item.finding?.title} ({item.finding?.detection}, version {one.version}); SHA-256 {item.sha256}
            </p>
            {(data.state === 'open' || data.state === 'closed') && !item.setAside ? (
              <details className="form-behind">
                <summary>A record behind it was wrong</summary>
                <CaseAct
                  data={data}
                  again={again}
                  word="It was wrong"
                  label="Record that a record was wrong"
                  path="/corrections"
                  body={(text) => ({ item: item.id, says: text('says'), toldTo: text('toldTo') })}
                >
                  <p>The finding no longer counts: in this case at once, elsewhere from the next scan on.</p>
                  <label>
                    What is wrong, and what is right
                    <textarea name="says" required minLength={5} maxLength={2000} />
                  </label>
                  <label>
                    Whom it was told to, so that the source is put right
                    <input name="toldTo" required minLength={2} maxLength={300} />
                  </label>
                </CaseAct>
              </details>
            ) : null}
          </>
        )}
      </Loaded>
    </div>
  );
}
