import type { PersonDocument, PersonPassage } from '@rollcall/engine/model/result.js';
import type { Applicants, Hit, ResumeCheck } from '@rollcall/server/areas/applicants/words.js';
import { useMemo, useRef, useState } from 'react';
import { bytes, count, countOf, day, percent, unhyphened } from '../../format.js';
import type { Lookup } from '../../lookup.js';
import { Band } from '../../parts/Band.js';
import { Bits } from '../../parts/Bits.js';
import { Evidence } from '../../parts/Evidence.js';
import { useRowKeys } from '../../parts/keys.js';
import { Passages } from '../../parts/Passages.js';
import { Resume } from '../../parts/Resume.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { StateLink, Text } from '../../parts/Text.js';
import { href, type Query, type Route, setQuery } from '../../route.js';
import { kindWords } from '../../words.js';
import { Refused, useGet } from '../api.js';
import { Loaded } from '../parts/Loaded.js';
import { SourcesLink } from '../parts/SourcesLink.js';
import { useMay } from '../session.js';
import '../style/applicants.css';

/** Who applies, and a new résumé against everybody known. */
export function ApplicantsPage({ route }: { route: Route }) {
  const may = useMay();
  return (
    <>
      <div className="page-head">
        <h1>Applicants</h1>
        <p className="lead">
          Drop a résumé to see who shares something with it, what stands out, and what to ask of every
          finalist.
        </p>
      </div>
      {may('applicants.check') ? <Drop /> : null}
      <List query={route.query} />
    </>
  );
}

interface Dropped {
  key: number;
  file: File;
  state: 'waiting' | 'reading' | 'ready' | 'failed';
  answer?: ResumeCheck;
  problem?: string;
}

const largest = 20_000_000;
/** Files under way at once: the server reads those together that have come. A browser has six connections to it. */
const atOnce = 5;

/** Files are checked a few at a time; nothing is kept on the server, and here only while the page is open. */
function Drop() {
  const [files, setFiles] = useState<readonly Dropped[]>([]);
  const [openKey, setOpenKey] = useState<number>();
  const [over, setOver] = useState(false);
  const next = useRef(0);
  const waiting = useRef<Dropped[]>([]);
  const reading = useRef(0);
  const table = useRef<HTMLTableElement>(null);
  const change = (key: number, to: Partial<Dropped>) =>
    setFiles((before) => before.map((one) => (one.key === key ? { ...one, ...to } : one)));
  const check = async ({ key, file }: Dropped) => {
    change(key, { state: 'reading' });
    try {
      change(key, { state: 'ready', answer: await checkFile(file) });
    } catch (error) {
      change(key, { state: 'failed', problem: error instanceof Error ? error.message : String(error) });
    }
  };
  const checkNext = () => {
    while (reading.current < atOnce) {
      const one = waiting.current.shift();
      if (!one) return;
      reading.current += 1;
      void check(one).finally(() => {
        reading.current -= 1;
        checkNext();
      });
    }
  };
  const take = (list: FileList | null) => {
    const added = [...(list ?? [])].map((file): Dropped => {
      next.current += 1;
      return file.size > largest
        ? { key: next.current, file, state: 'failed', problem: 'a résumé may have at most 20 MB' }
        : { key: next.current, file, state: 'waiting' };
    });
    if (added.length === 0) return;
    setFiles((before) => [...before, ...added]);
    if (added.length === 1) setOpenKey(added[0]?.key);
    waiting.current.push(...added.filter((one) => one.state === 'waiting'));
    checkNext();
  };
  const open = files.find((one) => one.key === openKey);
  const left = files.filter((one) => one.state === 'waiting' || one.state === 'reading').length;
  return (
    <Section id="drop" title="Check a résumé">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an addition; the field inside does the same by keyboard */}
      <div
        className={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files);
        }}
      >
        <label htmlFor="resumes">
          Drop résumés here, one or many, or choose files (PDF, DOCX, ODT, RTF, HTML, text)
        </label>
        <input
          id="resumes"
          type="file"
          multiple
          onChange={(event) => {
            take(event.target.files);
            event.target.value = '';
          }}
        />
        <p className="quiet">
          Each is read and compared with everybody on record, not with the others dropped here, and nothing of
          it is kept. At most 20 MB each.
        </p>
      </div>
      <p role="status">
        {left > 0
          ? `Reading: ${countOf(left, 'file', 'files')} to go.`
          : files.length > 0
            ? `${countOf(files.length, 'file', 'files')} read.`
            : ''}
      </p>
      {files.length > 0 ? (
        <Wide label="Résumés that were dropped">
          <table className="dropped" ref={table}>
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col">Name it gives</th>
                <th scope="col" className="number">
                  Shares with
                </th>
                <th scope="col">What it shares most</th>
                <th scope="col" className="number">
                  Stands out
                </th>
              </tr>
            </thead>
            <tbody>
              {files.map((one) => (
                <tr key={one.key}>
                  <th scope="row" className="name-cell">
                    {one.answer ? (
                      <button
                        type="button"
                        aria-expanded={one.key === openKey}
                        onClick={() => setOpenKey(one.key === openKey ? undefined : one.key)}
                      >
                        <Text value={one.file.name} />
                      </button>
                    ) : (
                      <Text value={one.file.name} />
                    )}
                    <span className="meta">{bytes(one.file.size)}</span>
                  </th>
                  <Summary dropped={one} />
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      ) : null}
      {open?.answer ? <Answer answer={open.answer} file={open.file.name} /> : null}
    </Section>
  );
}

/** Asked again where the server is busy with other files, or away for a moment: nothing of it was kept there. */
async function checkFile(file: File): Promise<ResumeCheck> {
  for (let left = 8; ; left--) {
    const asked = fetch('/api/applicants/check', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'x-file-name': encodeURIComponent(file.name).slice(-200) },
      body: file,
    });
    const response = left === 0 ? await asked : await asked.catch(() => undefined);
    if (response === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      continue;
    }
    if (response.ok) return (await response.json()) as ResumeCheck;
    const told = (await response.json().catch(() => ({}))) as { title?: string; code?: string };
    if (response.status !== 429 || left === 0)
      throw new Refused(
        response.status,
        told.code ?? 'UNEXPECTED',
        told.title ?? `the server answered ${response.status}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 10_000));
  }
}

function Summary({ dropped }: { dropped: Dropped }) {
  const { answer } = dropped;
  if (!answer || answer.problem)
    return (
      <td colSpan={4}>
        {dropped.state === 'waiting' ? (
          'waits'
        ) : dropped.state === 'reading' ? (
          'is being read …'
        ) : (
          <>
            Not read: <Text value={answer?.problem ?? dropped.problem} />
          </>
        )}
      </td>
    );
  const others = answer.hits.filter((hit) => !hit.own);
  const [first] = others;
  if (answer.wordless && others.length === 0)
    return <td colSpan={4}>Holds no text: nothing in it could be compared</td>;
  if (answer.compared === 0)
    return (
      <>
        <td>
          <Text value={answer.name ?? 'none'} />
        </td>
        <td colSpan={2}>nobody is on record yet to compare it with</td>
        <td className="number">{count(answer.signals.filter((signal) => !signal.explained).length)}</td>
      </>
    );
  return (
    <>
      <td>
        <Text value={answer.name ?? 'none'} />
      </td>
      <td className="number">{countOf(others.length + answer.more, 'person', 'people')}</td>
      <td>{first ? shares(first) : `nothing that few others have, of ${count(answer.compared)} people`}</td>
      <td className="number">{count(answer.signals.filter((signal) => !signal.explained).length)}</td>
    </>
  );
}

const kindWord = (kind: string) =>
  (kindWords as Readonly<Record<string, string>>)[kind] ?? unhyphened(kind.replaceAll('_', '-'));

function shares(hit: Hit): string {
  const parts = [...new Set(hit.values.map((value) => kindWord(value.kind)))];
  if (hit.passages.length > 0) parts.push(countOf(hit.passages.length, 'passage', 'passages'));
  return parts.join(', ');
}

const noNames: Lookup = {
  person: new Map(),
  ring: new Map(),
  names: new Map(),
  rank: new Map(),
  firings: new Map(),
};

/** What one résumé came to. */
function Answer({ answer, file }: { answer: ResumeCheck; file: string }) {
  const mine = answer.name ?? file;
  const passages = useMemo(() => passagesOf(answer, file), [answer, file]);
  if (answer.problem)
    return (
      <div className="resume-answer">
        <Empty title="This file was not read.">
          <p>
            <Text value={answer.problem} />. Ask for it as a PDF or DOCX, or type in what it says.
          </p>
        </Empty>
      </div>
    );
  const own = answer.hits.filter((hit) => hit.own);
  const others = answer.hits.filter((hit) => !hit.own);
  const document = answer.document ? ({ ...answer.document, file } as unknown as PersonDocument) : undefined;
  return (
    <article className="resume-answer" aria-label={`What came of ${mine}`}>
      <h3>
        <Text value={mine} />
      </h3>
      {answer.wordless ? (
        <p className="problem">
          No text was found in this file: it is probably a picture of a page. Only what the file itself
          carries was looked at, so that nothing was found says nothing. Ask for the file it was made from.
        </p>
      ) : null}
      <p>
        {answer.compared === 0
          ? 'Nobody is on record yet, so it was compared with nobody: hand in the exports of applicants and staff under Sources first. '
          : `Compared with ${countOf(answer.compared, 'person', 'people')}. `}
        {answer.compared === 0
          ? ''
          : others.length === 0
            ? 'It shares nothing with anybody that few others have.'
            : `It shares something rare with ${countOf(others.length + answer.more, 'person', 'people')}.`}{' '}
        A reason to ask, not a finding of guilt; nothing of this was kept.
      </p>
      {own.map((hit) => (
        <p key={hit.handle}>
          On record already under this name, with the same mailbox or file: <Who hit={hit} />. It is their own
          record.
        </p>
      ))}
      {others.map((hit) => (
        <HitPart
          key={hit.handle}
          hit={hit}
          mine={mine}
          passages={passages.filter((one) => one.other.id === hit.handle)}
        />
      ))}
      {answer.more > 0 ? (
        <p className="quiet">{countOf(answer.more, 'more person', 'more people')} share less with it.</p>
      ) : null}
      {answer.common.length > 0 ? (
        <p className="quiet">
          Common, and not counted:{' '}
          {answer.common
            .map((one) => `${kindWord(one.kind)} (${countOf(one.holders, 'person', 'people')})`)
            .join(', ')}
          .
        </p>
      ) : null}
      <h4>What stands out</h4>
      {answer.signals.length === 0 ? (
        <p>Nothing in the file itself, alone or beside those it shares something with.</p>
      ) : (
        answer.signals.map((signal) => (
          <div key={signal.detection} className="hit">
            <div className="beside">
              <p>
                <Text value={signal.says} />
              </p>
              <p>
                {signal.explained ? (
                  <>
                    Explained: <Text value={signal.explained} />
                  </>
                ) : (
                  `Or: ${signal.innocent.join(' Or: ')}`
                )}
              </p>
            </div>
            <details>
              <summary>The rows behind it</summary>
              <Evidence evidence={signal.evidence} label={signal.title} names={noNames} />
            </details>
          </div>
        ))
      )}
      <h4>What to ask</h4>
      <p className="quiet">The same of every finalist for the role; a person asks and judges.</p>
      <ol className="ask-list">
        {answer.questions.map((one) => (
          <li key={`${one.id} ${one.question}`}>
            “<Text value={one.question} />”<span className="meta">Settles: {one.settles}</span>
            <span className="meta">{one.never.join(' ')}</span>
          </li>
        ))}
      </ol>
      {document ? <Resume resume={document} passages={passages} /> : null}
    </article>
  );
}

function passagesOf(answer: ResumeCheck, file: string): PersonPassage[] {
  return answer.hits
    .filter((hit) => !hit.own)
    .flatMap((hit) =>
      hit.passages.map((one, index) => ({
        passage: `${hit.handle} ${index}`,
        other: { id: hit.handle, name: hit.says },
        document: answer.document?.document ?? file,
        otherDocument: hit.handle,
        otherFile: '',
        text: one.text,
        otherText: one.otherText,
        similarity: one.similarity,
        words: one.words,
        people: one.people,
        bits: one.bits,
      })),
    );
}

function Who({ hit }: { hit: Hit }) {
  const may = useMay();
  return (
    <>
      {may('people.view') ? (
        <a href={href('person', hit.handle)}>
          <Text value={hit.says} />
        </a>
      ) : (
        <Text value={hit.says} />
      )}{' '}
      <span className="quiet">{unhyphened(hit.stage)}</span>
    </>
  );
}

function HitPart({ hit, mine, passages }: { hit: Hit; mine: string; passages: readonly PersonPassage[] }) {
  const may = useMay();
  return (
    <div className="hit">
      <h4>
        <Who hit={hit} /> <Bits value={hit.bits} /> <span className="unit">in common</span>
      </h4>
      {hit.samePerson !== undefined ? (
        <p>
          Probably the same human being ({percent(hit.samePerson)}), who is on record already. That is no
          reproach: people apply again.
        </p>
      ) : null}
      {hit.values.length > 0 ? (
        <ul>
          {hit.values.map((value) => (
            <li key={`${value.kind} ${value.label}`}>
              The same {kindWord(value.kind)}: <Text value={value.label} />{' '}
              <span className="quiet">
                ({countOf(value.holders, 'person has', 'people have')} it; <Text value={value.context} />)
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {passages.length > 0 ? (
        <Passages passages={passages} mine={mine} known={() => may('people.view')} />
      ) : null}
    </div>
  );
}

function List({ query }: { query: Query }) {
  const table = useRef<HTMLTableElement>(null);
  useRowKeys(table);
  const may = useMay();
  const search = new URLSearchParams();
  for (const name of ['stage', 'title', 'q', 'page']) if (query[name]) search.set(name, query[name]);
  const list = useGet<Applicants>(`/applicants?${search}`, ['people', 'checks']);
  return (
    <Section id="list" title="Who applies">
      <Loaded of={list}>
        {(data) => {
          const total = Object.values(data.byStage).reduce((sum, one) => sum + one, 0);
          if (total === 0)
            return (
              <Empty
                title={
                  data.scanned ? 'Nobody is at stage applicant or offer.' : 'Nothing has been scanned yet.'
                }
              >
                <p>
                  Applicants come from the exports of the system you recruit with. Hand them in under{' '}
                  <SourcesLink />. A résumé can be checked as soon as one scan has finished.
                </p>
              </Empty>
            );
          return (
            <>
              <div className="filters">
                <label className="choice">
                  Search{' '}
                  <input
                    id="search"
                    type="search"
                    value={query.q ?? ''}
                    maxLength={100}
                    onChange={(event) => setQuery({ q: event.target.value, page: undefined })}
                  />
                </label>
                <label className="choice">
                  Stage{' '}
                  <select
                    value={query.stage ?? ''}
                    onChange={(event) => setQuery({ stage: event.target.value, page: undefined })}
                  >
                    <option value="">any</option>
                    {Object.entries(data.byStage).map(([stage, number]) => (
                      <option key={stage} value={stage}>
                        {stage} ({count(number)})
                      </option>
                    ))}
                  </select>
                </label>
                <label className="choice">
                  Role{' '}
                  <select
                    value={query.title ?? ''}
                    onChange={(event) => setQuery({ title: event.target.value, page: undefined })}
                  >
                    <option value="">any</option>
                    {data.titles.map((title) => (
                      <option key={title} value={title}>
                        {title}
                      </option>
                    ))}
                  </select>
                </label>
                {query.q || query.stage || query.title ? (
                  <a href={href('applicants')}>Clear filters</a>
                ) : null}
              </div>
              {data.applicants.length === 0 ? (
                <Empty title="Nobody fits these filters.">
                  <p>
                    <a href={href('applicants')}>Show everybody who applies</a>. The search looks through what
                    is shown here.
                  </p>
                </Empty>
              ) : (
                <Wide label="Applicants">
                  <table className="applicants" ref={table}>
                    <thead>
                      <tr>
                        <th scope="col">Applicant</th>
                        <th scope="col">Role</th>
                        <th scope="col">Applied (UTC)</th>
                        {may('people.view') ? (
                          <>
                            <th scope="col">Band</th>
                            <th scope="col">What weighs most</th>
                          </>
                        ) : null}
                        <th scope="col" className="number">
                          Checks to do
                        </th>
                        <th scope="col" className="number">
                          Checks done
                        </th>
                      </tr>
                    </thead>
                    <tbody>
                      {data.applicants.map((one) => (
                        <tr key={one.handle}>
                          <th scope="row">
                            <a
                              href={
                                may('people.view')
                                  ? href('person', one.handle)
                                  : href('checks', '', { person: one.handle, state: 'all' })
                              }
                              data-row
                            >
                              <Text value={one.says} />
                            </a>
                            <span className="meta">{unhyphened(one.stage)}</span>
                          </th>
                          <td>
                            <Text value={one.title ?? ''} />
                          </td>
                          <td>{day(one.appliedAt)}</td>
                          {may('people.view') ? (
                            <>
                              <td>{one.band ? <Band band={one.band} /> : null}</td>
                              <td>{one.finding ?? <span className="quiet">nothing that weighs</span>}</td>
                            </>
                          ) : null}
                          <td className="number">
                            <a href={href('checks', '', { person: one.handle })}>{count(one.asked)}</a>
                          </td>
                          <td className="number">
                            <a href={href('checks', '', { person: one.handle, state: 'done' })}>
                              {count(one.done)}
                            </a>
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </Wide>
              )}
              {data.pages > 1 ? (
                <nav className="pager" aria-label="Pages of the list">
                  {data.page > 1 ? (
                    <StateLink to={href('applicants', '', { ...query, page: String(data.page - 1) })}>
                      Before
                    </StateLink>
                  ) : (
                    <span className="off">Before</span>
                  )}
                  <span>
                    Page {count(data.page)} of {count(data.pages)},{' '}
                    {countOf(data.total, 'applicant', 'applicants')}
                  </span>
                  {data.page < data.pages ? (
                    <StateLink to={href('applicants', '', { ...query, page: String(data.page + 1) })}>
                      Next
                    </StateLink>
                  ) : (
                    <span className="off">Next</span>
                  )}
                </nav>
              ) : null}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
