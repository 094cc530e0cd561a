import type { Entry, Look, Page } from '@rollcall/server/areas/audit/words.js';
import type { FormEvent } from 'react';
import { count, countOf } from '../../format.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { go, href, type Query, type Route } from '../../route.js';
import '../style/audit.css';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { Loaded } from '../parts/Loaded.js';

const filters = ['actor', 'action', 'subject', 'day'] as const;

/** Who did and saw what, newest first, and whether anybody changed the record of it. */
export function AuditPage({ route: { query } }: { route: Route }) {
  const search = new URLSearchParams();
  for (const name of [...filters, 'before']) {
    const value = query[name];
    if (value) search.set(name, value);
  }
  const page = useGet<Page>(`/audit?${search}`, query.before ? [] : ['audit']);
  return (
    <>
      <div className="page-head">
        <h1>Audit</h1>
        <p className="lead">
          Who did what and who looked at whom, newest first. People on record appear under pseudonyms. Each
          entry holds the hash of the one before: nothing can be changed or taken out unnoticed.
        </p>
      </div>
      <Chain />
      <Section id="entries" title="Entries">
        <Filters query={query} />
        <Loaded of={page}>{(data) => <Entries page={data} query={query} />}</Loaded>
      </Section>
    </>
  );
}

function Chain() {
  const look = useGet<Look>('/audit/look', ['audit-look']);
  return (
    <Section id="chain" title="The chain">
      <Loaded of={look}>
        {(data) => (
          <>
            <p role="status">
              {data.at === undefined ? (
                'Nobody has looked through the whole chain yet.'
              ) : data.broken ? (
                <strong>
                  Broken at entry {count(data.broken.line)}: {data.broken.why}. Keep an export of it as it is,
                  and tell counsel.
                </strong>
              ) : (
                <>
                  Whole at {moment(data.at)}: {countOf(data.entries, 'entry', 'entries')}
                  {data.first && data.last ? `, ${moment(data.first)} to ${moment(data.last)}` : ''}.
                </>
              )}
              {data.underWay ? ' It is being looked through now …' : ''}
            </p>
            {data.at !== undefined && !data.broken ? (
              <p className="quiet">
                Head <code className="hash">{data.head}</code>. Note it somewhere else: an export that lacks
                it was cut off, or is another log.
              </p>
            ) : null}
            <Act
              word="Look through the whole chain"
              label="Look through the whole chain"
              act={() => send('POST', '/audit/look')}
              done="Asked for; the answer appears here."
            />
            <p>
              <a href="/api/audit/export" download>
                Export the whole log
              </a>{' '}
              <span className="quiet">
                (NDJSON; that it was taken is an entry too). <code>rollcall audit verify FILE</code> checks
                it, and so can anybody without Rollcall: see “Checking the audit log” in the documentation.
              </span>
            </p>
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Filters({ query }: { query: Query }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    go(
      href(
        'audit',
        '',
        Object.fromEntries(filters.map((name) => [name, String(fields.get(name) ?? '').trim()])),
      ),
    );
  };
  return (
    <form
      className="filters audit-filters"
      aria-label="Which entries"
      onSubmit={submit}
      key={filters.map((name) => query[name] ?? '').join('\n')}
    >
      <label>
        Account <input name="actor" defaultValue={query.actor ?? ''} placeholder="its id, or system" />
      </label>
      <label>
        What was done{' '}
        <input name="action" defaultValue={query.action ?? ''} placeholder="person.view, or case." />
      </label>
      <label>
        To what <input name="subject" defaultValue={query.subject ?? ''} placeholder="person:… or case:…" />
      </label>
      <label>
        Day (UTC) <input name="day" type="date" defaultValue={query.day ?? ''} />
      </label>
      <button type="submit" className="quiet-button">
        Show
      </button>
      {filters.some((name) => query[name]) ? <a href={href('audit')}>Show all</a> : null}
    </form>
  );
}

function Entries({ page, query }: { page: Page; query: Query }) {
  if (page.entries.length === 0)
    return (
      <Empty title="There is no such entry.">
        {filters.some((name) => query[name]) ? (
          <p>
            A wider question may find more: <a href={href('audit')}>show all entries</a>. An action is matched
            as a whole, or by its beginning where it ends in a dot.
          </p>
        ) : (
          <p>The first is written when somebody signs in, changes something or looks at a person.</p>
        )}
      </Empty>
    );
  return (
    <>
      <Wide label="Entries of the audit log">
        <table className="audit">
          <thead>
            <tr>
              <th scope="col" className="number">
                Number
              </th>
              <th scope="col">When (UTC)</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">To what</th>
              <th scope="col">More</th>
            </tr>
          </thead>
          <tbody>
            {page.entries.map((entry) => (
              <Row key={entry.number} entry={entry} query={query} />
            ))}
          </tbody>
        </table>
      </Wide>
      <nav className="pager" aria-label="Pages of entries">
        {query.before ? <a href={href('audit', '', { ...query, before: undefined })}>← Newest</a> : null}
        {page.older ? (
          <a href={href('audit', '', { ...query, before: String(page.older) })} rel="next">
            Older →
          </a>
        ) : (
          <span className="off">That is the oldest.</span>
        )}
      </nav>
    </>
  );
}

function Row({ entry, query }: { entry: Entry; query: Query }) {
  const only = (name: (typeof filters)[number], value: string) =>
    href('audit', '', { ...query, before: undefined, [name]: value });
  const more = Object.entries(entry.detail);
  return (
    <tr>
      <td className="number">{count(entry.number)}</td>
      <td>
        <time dateTime={entry.time}>{moment(entry.time)}</time>
      </td>
      <td>
        <a href={only('actor', entry.actor)}>
          <Text value={entry.who ?? entry.actor} />
        </a>
      </td>
      <td>
        <a href={only('action', entry.action)}>
          <code>
            <Text value={entry.action} />
          </code>
        </a>
      </td>
      <td>
        {entry.subject === '' ? (
          <span className="none">–</span>
        ) : (
          <a href={only('subject', entry.subject)}>
            <Text value={entry.about ?? entry.subject} />
          </a>
        )}
      </td>
      <td>
        {more.length === 0 ? (
          <span className="none">–</span>
        ) : (
          <Text value={more.map(([key, value]) => `${key}: ${told(value)}`).join('; ')} />
        )}
      </td>
    </tr>
  );
}

/** A table of minutes: the seconds count here, the zone stands once in its head. */
function moment(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)}Z`;
}

/** So many of a list are shown; the export has all of them. */
const most = 8;

function told(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.length > most)
    return `${JSON.stringify(value.slice(0, most))} and ${count(value.length - most)} more`;
  return JSON.stringify(value);
}
