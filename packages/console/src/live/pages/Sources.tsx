import type { Files, Overview, Rejects, UntiedPage } from '@rollcall/server/areas/sources/words.js';
import { bytes, count, countOf, day, moment } from '../../format.js';
import { addsUp, Sum } from '../../pages/Sources.js';
import { CountCells, CountHeads } from '../../parts/FileCounts.js';
import { Pager } from '../../parts/Pager.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { StateLink, Text } from '../../parts/Text.js';
import { Untied } from '../../parts/Untied.js';
import { href, type Query, type Route } from '../../route.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { HandIn } from '../parts/HandIn.js';
import { Loaded } from '../parts/Loaded.js';
import { useMay } from '../session.js';
import '../style/sources.css';

const pageSize = 100;
/** With few exports there is much that could not be looked at: more is folded. */
const limitsOpen = 8;

/** What comes in, from where, how fresh it is, and what became of every record of it. */
export function SourcesPage({ route }: { route: Route }) {
  const may = useMay();
  const overview = useGet<Overview>('/sources', ['sources']);
  return (
    <Loaded of={overview}>
      {(data) => (
        <>
          <div className="page-head">
            <h1>Sources</h1>
            <p className="lead">{leadOf(data)}</p>
            <ScanState data={data} />
            {data.sum.files > 0 ? <Sum sum={data.sum} wrong={data.sum.wrong} /> : null}
            {data.full ? (
              <p className="problem" role="alert">
                The disk of the server is nearly full: nothing more is taken over until there is room. What
                was acknowledged is kept.
              </p>
            ) : null}
            {data.sum.problems > 0 ? (
              <p>
                {countOf(data.sum.problems, 'file was', 'files were')} not recognised, not read, or not whole.{' '}
                <StateLink
                  to={href('sources', '', {
                    ...route.query,
                    files: undefined,
                    source: undefined,
                    only: 'problems',
                  })}
                  scrollTo="by-file"
                >
                  Show which, and why
                </StateLink>
              </p>
            ) : null}
          </div>
          {may('sources.upload') ? (
            <Section id="hand-in" title="Hand in">
              <HandIn largest={data.largestFile} done={overview.again} />
              <p className="quiet">
                Programs hand in records with a token, which an administrator makes under Settings; files that
                are put into the folder <code>watch</code> of the server are taken over by themselves.
              </p>
            </Section>
          ) : null}
          <NotTaken aside={data.aside} />
          <BySource data={data} query={route.query} />
          <FilesOf query={route.query} sources={data.sources} />
          <RejectsOf query={route.query} />
          <UntiedOf query={route.query} />
          {data.limits.length > 0 ? (
            <Section id="limits" title="What could not be looked at">
              <details open={data.limits.length <= limitsOpen}>
                <summary>
                  {countOf(data.limits.length, 'thing', 'things')}, each with the export that would give it
                </summary>
                <ul>
                  {data.limits.map((limit) => (
                    <li key={limit}>
                      <Text value={limit} />
                    </li>
                  ))}
                </ul>
              </details>
            </Section>
          ) : null}
          <Receipts data={data} />
        </>
      )}
    </Loaded>
  );
}

/** Files of the watched folder that lie apart. */
function NotTaken({ aside }: { aside: Overview['aside'] }) {
  if (aside.length === 0) return null;
  return (
    <Section
      id="not-taken"
      title="Not taken from the watched folder"
      lead="They were moved to the folder watch-refused of the server, and nothing of them was read. Put them right and hand them in again; a line goes when its file is removed from there."
    >
      <Wide label="Files that were not taken from the watched folder">
        <table>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Why</th>
              <th scope="col">Since</th>
            </tr>
          </thead>
          <tbody>
            {aside.map((one) => (
              <tr key={`${one.at} ${one.file}`}>
                <th scope="row" className="path">
                  <Text value={one.file} />
                </th>
                <td>
                  <Text value={one.why} />
                </td>
                <td>{moment(one.at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </Section>
  );
}

function leadOf({ waiting, sources, sum }: Overview): string {
  const silent = sources.filter((source) => source.stalled).length;
  const parts: string[] = [];
  if (waiting.records > 0) parts.push(countOf(waiting.records, 'record', 'records'));
  if (waiting.files > 0) parts.push(countOf(waiting.files, 'file', 'files'));
  return [
    sum.files === 0
      ? parts.length === 0
        ? 'Nothing has come in yet.'
        : 'Nothing has been read yet.'
      : `${countOf(sources.length, 'source', 'sources')}; what was read, and what became of every record.`,
    parts.length > 0 ? `${parts.join(' and ')} (${bytes(waiting.bytes)}) wait for the next scan.` : '',
    silent > 0 ? `${countOf(silent, 'source has', 'sources have')} been silent for longer than usual.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function ScanState({ data }: { data: Overview }) {
  const may = useMay();
  const { scan } = data;
  return (
    <>
      <div className="scan-state">
        {scan.running ? (
          <p role="status">
            A scan is under way since {moment(scan.running.since)}: {scan.running.step}.{' '}
            {scan.running.totalBytes > 0 && scan.running.bytes < scan.running.totalBytes ? (
              <progress max={scan.running.totalBytes} value={scan.running.bytes} aria-label="Read">
                {bytes(scan.running.bytes)} of {bytes(scan.running.totalBytes)}
              </progress>
            ) : null}
          </p>
        ) : (
          <p role="status">
            {scan.asked
              ? 'A scan begins in a moment. '
              : scan.result
                ? ''
                : 'No scan has been done yet: hand something in, and one begins by itself. '}
            {scan.result
              ? `What is shown was found ${moment(scan.result.finishedAt)}, for the records up to ${moment(scan.result.asOf)}${scan.last ? `; the last scan took ${count(Math.round(scan.last.seconds))} s` : ''}.`
              : null}
          </p>
        )}
      </div>
      {scan.last?.problem ? (
        <p className="problem" role="alert">
          The scan of {moment(scan.last.startedAt)} did not come to its end:{' '}
          <Text value={scan.last.problem} />. What came in is kept; it is tried again by itself.
        </p>
      ) : null}
      {scan.last?.unread ? (
        <p className="problem" role="alert">
          <Text value={scan.last.unread} />. All else was looked at. It is kept, and tried again by itself.
        </p>
      ) : null}
      {may('sources.upload') && !scan.running && data.sum.files > 0 ? (
        <Act label="Scan now" word="Look at everything now" act={() => send('POST', '/sources/scan')} />
      ) : null}
    </>
  );
}

function BySource({ data, query }: { data: Overview; query: Query }) {
  if (data.sources.length === 0)
    return (
      <Section id="by-source" title="By source">
        <Empty title="No source yet.">
          <p>
            The people first: an export of the HR system. Then what they do: sign-ins, devices, shipments.
            After each scan this page says what was understood.
          </p>
        </Empty>
      </Section>
    );
  return (
    <Section
      id="by-source"
      title="By source"
      lead="A source is silent when nothing came for more than four of its usual gaps, and longer than ever before."
    >
      <Wide label="Sources">
        <table className="sources">
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">Last arrival</th>
              <th scope="col">Usually every</th>
              <th scope="col">Records up to</th>
              <th scope="col" className="number">
                Kept
              </th>
              <th scope="col" className="number">
                Duplicate
              </th>
              <th scope="col" className="number">
                Rejected
              </th>
              <th scope="col">Known limits</th>
            </tr>
          </thead>
          <tbody>
            {data.sources.map((source) => (
              <tr key={source.source} aria-current={query.source === source.source ? 'true' : undefined}>
                <th scope="row">
                  <StateLink
                    to={href('sources', '', { ...query, files: undefined, source: source.source })}
                    scrollTo="by-file"
                  >
                    <Text value={source.title} />
                  </StateLink>
                  <span className="meta">
                    <code>{source.source}</code>
                  </span>
                </th>
                <td>
                  {moment(source.lastArrival)}
                  {source.stalled ? <span className="meta silent">silent for longer than usual</span> : null}
                </td>
                <td>
                  {source.usualGapSeconds === undefined ? 'not known yet' : gap(source.usualGapSeconds)}
                </td>
                <td>{source.lastRecord ? day(source.lastRecord) : <span className="none">no times</span>}</td>
                <td className="number">{count(source.kept)}</td>
                <td className="number">{count(source.duplicate)}</td>
                <td className="number">{count(source.rejected)}</td>
                <td>
                  {source.limits.length > 0 ? (
                    <details>
                      <summary>{countOf(source.limits.length, 'limit', 'limits')}</summary>
                      <ul>
                        {source.limits.map((limit) => (
                          <li key={limit}>
                            <Text value={limit} />
                          </li>
                        ))}
                      </ul>
                    </details>
                  ) : (
                    <span className="none">none</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </Section>
  );
}

/** A length of time with its unit, rounded to what matters. */
function gap(seconds: number): string {
  if (seconds >= 172_800) return `${count(Math.round(seconds / 86_400))} days`;
  if (seconds >= 7200) return `${count(Math.round(seconds / 3600))} hours`;
  if (seconds >= 120) return `${count(Math.round(seconds / 60))} minutes`;
  return `${count(Math.round(seconds))} s`;
}

const at = (query: Query, name: string) => Math.max(0, Number.parseInt(query[name] ?? '1', 10) - 1 || 0);

function FilesOf({ query, sources }: { query: Query; sources: Overview['sources'] }) {
  const search = new URLSearchParams({ page: String(at(query, 'files') + 1) });
  if (query.source) search.set('source', query.source);
  if (query.only === 'problems') search.set('only', 'problems');
  const files = useGet<Files>(`/sources/files?${search}`, ['sources']);
  const title = sources.find((source) => source.source === query.source)?.title;
  return (
    <Section id="by-file" title={title ? `Files of “${title}”` : 'By file'}>
      <p className="filters">
        <StateLink
          to={href('sources', '', { ...query, files: undefined, only: query.only ? undefined : 'problems' })}
          scrollTo="by-file"
        >
          {query.only ? 'Show all files' : 'Only those with problems'}
        </StateLink>{' '}
        {query.source ? (
          <StateLink
            to={href('sources', '', { ...query, files: undefined, source: undefined })}
            scrollTo="by-file"
          >
            Show every source
          </StateLink>
        ) : null}
      </p>
      {query.only ? (
        <p className="quiet">
          A file that is not recognised stays unread. Hand in one kind of record a file, as the product
          exports it; a table needs the names of its columns in its first line. What a connector looks for
          stands beside the file it is nearest to.
        </p>
      ) : null}
      <Loaded of={files}>
        {(data) =>
          data.total === 0 ? (
            <p>{query.only ? 'None has a problem.' : 'None yet.'}</p>
          ) : (
            <>
              <Wide label="Files">
                <table className="files">
                  <thead>
                    <tr>
                      <th scope="col">File</th>
                      <th scope="col">Recognised as</th>
                      <th scope="col">Came in</th>
                      <th scope="col" className="number">
                        Size
                      </th>
                      <th scope="col" className="number">
                        Received
                      </th>
                      <CountHeads />
                    </tr>
                  </thead>
                  <tbody>
                    {data.files.map((file, index) => {
                      const right =
                        addsUp(file) && (file.received === undefined || file.received === file.read);
                      return (
                        // biome-ignore lint/suspicious/noArrayIndexKey: names of documents are not shown, so several are alike
                        <tr key={`${file.batch} ${index}`} className={right ? undefined : 'wrong'}>
                          <th scope="row" className="path">
                            <Text value={file.file} />
                            <span className="meta">
                              batch {file.batch}
                              {right ? '' : '; does not add up'}
                            </span>
                          </th>
                          <td>
                            <Text value={file.recognised} />
                            <span className="meta">
                              <Text value={file.problem ?? file.format} />
                            </span>
                          </td>
                          <td>{moment(file.lastAt)}</td>
                          <td className="number">{bytes(file.bytes)}</td>
                          <td className="number">
                            {file.received === undefined ? (
                              <span className="none">–</span>
                            ) : (
                              count(file.received)
                            )}
                          </td>
                          <CountCells of={file} />
                        </tr>
                      );
                    })}
                  </tbody>
                </table>
              </Wide>
              <Pager
                page="sources"
                query={query}
                name="files"
                at={at(query, 'files')}
                size={pageSize}
                total={data.total}
                what="files"
              />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function RejectsOf({ query }: { query: Query }) {
  const rejects = useGet<Rejects>(`/sources/rejects?page=${at(query, 'rejects') + 1}`, ['sources']);
  return (
    <Section id="rejected" title="Records that could not be read" lead="What they held is not shown here.">
      <Loaded of={rejects}>
        {(data) =>
          data.total === 0 ? (
            <p>None.</p>
          ) : (
            <>
              <Wide label="Rejected records">
                <table className="rejects">
                  <thead>
                    <tr>
                      <th scope="col">Where</th>
                      <th scope="col">Batch</th>
                      <th scope="col">Why</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.rejects.map((reject, index) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: one line can be rejected twice
                      <tr key={index}>
                        <th scope="row" className="path">
                          <Text value={`${reject.file}:${reject.line}`} />
                        </th>
                        <td>{reject.batch}</td>
                        <td>
                          <Text value={reject.reason} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Wide>
              <Pager
                page="sources"
                query={query}
                name="rejects"
                at={at(query, 'rejects')}
                size={pageSize}
                total={data.total}
                what="rejects"
              />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function UntiedOf({ query }: { query: Query }) {
  const open = query.untied !== undefined;
  return (
    <Section
      id="untied"
      title="Accounts and devices without a person"
      lead="They could not be tied to anybody, and are never guessed. An explicit map ties them."
    >
      {open ? (
        <UntiedList query={query} />
      ) : (
        <p>
          <StateLink to={href('sources', '', { ...query, untied: '1' })} scrollTo="untied">
            Show them
          </StateLink>{' '}
          <span className="quiet">Whoever looks is recorded.</span>
        </p>
      )}
    </Section>
  );
}

function UntiedList({ query }: { query: Query }) {
  // Not read again by itself: each reading is recorded.
  const untied = useGet<UntiedPage>(`/sources/untied?page=${at(query, 'untied') + 1}`);
  return (
    <Loaded of={untied}>
      {(data) =>
        data.total === 0 ? (
          <p>None: every account and device is somebody’s.</p>
        ) : (
          <>
            <Untied rows={data.untied} />
            <Pager
              page="sources"
              query={query}
              name="untied"
              at={at(query, 'untied')}
              size={pageSize}
              total={data.total}
              what="without a person"
            />
          </>
        )
      }
    </Loaded>
  );
}

function Receipts({ data }: { data: Overview }) {
  if (data.receipts.length === 0) return null;
  return (
    <Section
      id="receipts"
      title="Last deliveries"
      lead="Each was on disk before it was acknowledged. The sum is the SHA-256 of what was sent."
    >
      <Wide label="Last deliveries">
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col" className="number">
                Records
              </th>
              <th scope="col" className="number">
                Size
              </th>
              <th scope="col">Sum</th>
            </tr>
          </thead>
          <tbody>
            {data.receipts.map((receipt) => (
              <tr key={receipt.id}>
                <th scope="row">{moment(receipt.receivedAt)}</th>
                <td>
                  <Text value={receipt.file ?? receipt.source} />
                </td>
                <td className="number">
                  {receipt.source === 'file' ? <span className="none">–</span> : count(receipt.records)}
                </td>
                <td className="number">{bytes(receipt.bytes)}</td>
                <td>
                  <code title={receipt.sha256}>{receipt.sha256.slice(0, 16)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </Section>
  );
}
