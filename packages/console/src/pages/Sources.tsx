import type { FileAccount, ScanResult } from '@rollcall/engine/model/result.js';
import { bytes, count, countOf, days, shown } from '../format.js';
import { CountCells, CountHeads } from '../parts/FileCounts.js';
import { Pager, paged } from '../parts/Pager.js';
import { Empty, Section, Wide } from '../parts/Section.js';
import { Line, Text } from '../parts/Text.js';
import { Untied } from '../parts/Untied.js';
import type { Query } from '../route.js';

const pageSize = 100;

type Sum = Record<'read' | 'kept' | 'duplicate' | 'rejected' | 'unused' | 'bytes', number>;

export function totals(files: readonly FileAccount[]): Sum {
  const sum: Sum = { read: 0, kept: 0, duplicate: 0, rejected: 0, unused: 0, bytes: 0 };
  for (const file of files) for (const name of Object.keys(sum) as (keyof Sum)[]) sum[name] += file[name];
  return sum;
}

export function addsUp(sum: Pick<Sum, 'read' | 'kept' | 'duplicate' | 'rejected'>): boolean {
  return sum.read === sum.kept + sum.duplicate + sum.rejected;
}

export function SourcesPage({ result, query }: { result: ScanResult; query: Query }) {
  const sum = totals(result.files);
  const unrecognised = result.files.filter((file) => file.problem !== undefined);
  const files = paged(result.files, query.files, pageSize);
  const rejects = paged(result.rejects, query.rejects, pageSize);
  const untied = paged(result.untied, query.untied, pageSize);
  const wrong = result.files.filter((file) => !addsUp(file));
  return (
    <>
      <div className="page-head">
        <h1>Sources</h1>
        <p className="lead">
          What was read, and what became of every record. {countOf(result.files.length, 'file', 'files')},{' '}
          {bytes(sum.bytes)}.
        </p>
        {result.files.length > 0 ? <Sum sum={sum} wrong={wrong.length} /> : null}
      </div>
      {result.files.length === 0 ? (
        <Empty title="No file was read.">
          <p>
            Point <code>rollcall scan</code> at a folder with exports: sign-in logs, the HR system’s CSV,
            shipments, device inventory. Compressed and nested folders are fine.
          </p>
        </Empty>
      ) : null}

      {unrecognised.length > 0 ? (
        <Section
          id="unrecognised"
          title={countOf(unrecognised.length, 'file could not be used', 'files could not be used')}
        >
          <dl className="facts">
            {unrecognised.slice(0, pageSize).map((file) => (
              <div key={file.file}>
                <dt className="path">
                  <Text value={file.file} />
                </dt>
                <dd>
                  <Text value={file.problem} /> <span className="quiet">({shown(file.recognised)})</span>
                </dd>
              </div>
            ))}
          </dl>
        </Section>
      ) : null}

      {result.sources.length > 0 ? (
        <Section id="by-source" title="By source">
          <Wide label="Sources">
            <table className="sources">
              <thead>
                <tr>
                  <th scope="col">Source</th>
                  <th scope="col" className="number">
                    Files
                  </th>
                  <th scope="col" className="number">
                    Records
                  </th>
                  <th scope="col">Covers (UTC)</th>
                  <th scope="col">Known limits</th>
                </tr>
              </thead>
              <tbody>
                {result.sources.map((source) => (
                  <tr key={source.source}>
                    <th scope="row">
                      <Text value={source.title} />
                      <span className="meta">
                        <code>
                          <Text value={source.source} />
                        </code>
                      </span>
                    </th>
                    <td className="number">{count(source.files)}</td>
                    <td className="number">{count(source.records)}</td>
                    <td>{days(source.first, source.last)}</td>
                    <td>
                      {source.limits.length > 0 ? (
                        <Line items={source.limits} between=" " />
                      ) : (
                        <span className="none">–</span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        </Section>
      ) : null}

      {result.files.length > 0 ? (
        <Section id="by-file" title="By file">
          <Wide label="Files">
            <table className="files">
              <thead>
                <tr>
                  <th scope="col">File</th>
                  <th scope="col">Recognised as</th>
                  <th scope="col" className="number">
                    Size
                  </th>
                  <CountHeads />
                </tr>
              </thead>
              <tbody>
                {files.items.map((file) => (
                  <tr key={file.file} className={addsUp(file) ? undefined : 'wrong'}>
                    <th scope="row" className="path">
                      <Text value={file.file} />
                      {addsUp(file) ? null : <span className="meta">does not add up</span>}
                    </th>
                    <td>
                      <Text value={file.recognised} />
                      <span className="meta">{shown(file.format)}</span>
                    </td>
                    <td className="number">{bytes(file.bytes)}</td>
                    <CountCells of={file} />
                  </tr>
                ))}
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row" colSpan={2}>
                    All files
                  </th>
                  <td className="number">{bytes(sum.bytes)}</td>
                  <CountCells of={{ ...sum, unused: 0 }} />
                </tr>
              </tfoot>
            </table>
          </Wide>
          <Pager
            page="sources"
            query={query}
            name="files"
            at={files.at}
            size={pageSize}
            total={result.files.length}
            what="files"
          />
        </Section>
      ) : null}

      <Section id="rejected" title="Records that could not be read">
        {result.rejects.length === 0 ? (
          <p>None.</p>
        ) : (
          <>
            <Wide label="Rejected records">
              <table className="rejects">
                <thead>
                  <tr>
                    <th scope="col">Where</th>
                    <th scope="col">Why</th>
                    <th scope="col">How it begins</th>
                  </tr>
                </thead>
                <tbody>
                  {rejects.items.map((reject, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: one line can be rejected twice
                    <tr key={index}>
                      <th scope="row" className="path">
                        <Text value={`${reject.file}:${reject.line}`} />
                      </th>
                      <td>
                        <Text value={reject.reason} />
                      </td>
                      <td>
                        <code>
                          <Text value={reject.sample} />
                        </code>
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
              at={rejects.at}
              size={pageSize}
              total={result.rejects.length}
              what="rejects"
            />
            {sum.rejected > result.rejects.length ? (
              <p className="quiet">
                {count(result.rejects.length)} of {count(sum.rejected)} are shown here.
              </p>
            ) : null}
          </>
        )}
      </Section>

      <Section
        id="untied"
        title="Accounts and devices without a person"
        lead="They could not be tied to anybody, and are never guessed. An explicit map ties them."
      >
        {result.untied.length === 0 ? (
          <p>None: every account and device is somebody’s.</p>
        ) : (
          <>
            <Untied rows={untied.items} />
            <Pager
              page="sources"
              query={query}
              name="untied"
              at={untied.at}
              size={pageSize}
              total={result.untied.length}
              what="without a person"
            />
          </>
        )}
      </Section>
    </>
  );
}

/** The sum that must always come out: said, not only shown. */
export function Sum({ sum, wrong }: { sum: Sum; wrong: number }) {
  const right = addsUp(sum) && wrong === 0;
  return (
    <p className={right ? 'sum' : 'sum wrong'}>
      <span>
        <b>{count(sum.read)}</b> read
      </span>
      <span aria-hidden="true">=</span>
      <span>
        <b>{count(sum.kept)}</b> kept
      </span>
      <span aria-hidden="true">+</span>
      <span>
        <b>{count(sum.duplicate)}</b> duplicate
      </span>
      <span aria-hidden="true">+</span>
      <span>
        <b>{count(sum.rejected)}</b> rejected
      </span>
      <span className="verdict">
        {right
          ? '✓ It adds up, in every file.'
          : `✗ It does not add up${wrong > 0 ? ` in ${countOf(wrong, 'file', 'files')}` : ''}: please report this as a bug.`}
      </span>
    </p>
  );
}
