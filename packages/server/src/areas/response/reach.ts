/**
 * What a person could reach and did, from the view of the last scan: read-only, by parameters, each kind of thing as
 * `content/playbooks/reach` says. What no source tells of is said as plainly as what was seen.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReachKind } from '@rollcall/engine/content/playbooks.js';
import { type Cell, Database, type Row } from '@rollcall/engine/lake/duckdb.js';
import type { PersonRow, Services } from '../../model/services.js';
import { playbooksOf } from '../playbooks.js';
import type { ReachKindView, ReachView } from './words.js';

/** Rows given of one kind; the number of all is given with them. */
const mostRows = 500;

/** What containment and letters are made from, besides what is shown. */
export interface Reach extends ReachView {
  /** Each account with each source that saw it. */
  accounts: { account: string; source: string }[];
  devices: { serial: string; hostname: string; sources: string[]; label: string }[];
  networks: { ip: string; where: string; last: string }[];
}

interface Span {
  first: string;
  last: string;
}

export async function reachOf(services: Services, person: PersonRow): Promise<Reach> {
  const { reach: kinds } = await playbooksOf(services);
  const folder = join(services.lake, 'view');
  const titles = new Map(services.content.connectors.map(({ id, title }) => [id, title]));
  const title = (source: string) => titles.get(source) ?? source;
  const asOf = services.results.current()?.asOf ?? services.now().toISOString();
  if (!existsSync(join(folder, 'events.parquet')))
    return {
      person: person.handle,
      asOf,
      sentences: ['Nothing can be said of what they could reach: there are no records to look in.'],
      kinds: [],
      missing: ['There is no view of the records yet. Hand in exports under Sources; a scan makes it.'],
      limits: [],
      accounts: [],
      devices: [],
      networks: [],
    };

  const database = await Database.open({ memory: '1GB', threads: 2 });
  try {
    const file = (table: string) =>
      `read_parquet('${join(folder, `${table}.parquet`).replaceAll("'", "''")}')`;
    for (const table of ['accounts', 'devices', 'inventory'])
      await database.run(`CREATE VIEW ${table} AS SELECT * FROM ${file(table)}`);
    const p = { p: person.id };
    // Read once, however many questions follow.
    await database.run(`CREATE TABLE events AS SELECT * FROM ${file('events')} WHERE person_id = $p`, p);
    const spans = new Map<string, Span>();
    for (const row of await database.rows(
      `SELECT source, min(time) AS first, max(time) AS last FROM ${file('events')} GROUP BY source ORDER BY source`,
    ))
      spans.set(text(row.source), { first: text(row.first), last: text(row.last) });
    for (const row of await database.rows(
      'SELECT source, min(seen_at) AS first, max(seen_at) AS last FROM inventory GROUP BY source ORDER BY source',
    ))
      if (!spans.has(text(row.source)))
        spans.set(text(row.source), { first: text(row.first), last: text(row.last) });

    const views: ReachKindView[] = [];
    const accounts = await accountsOf(database, p, title);
    const devices = await devicesOf(database, p);
    views.push(accounts.view, devices.view, await sessionsOf(database, p, spans, title));
    for (const kind of kinds) views.push(await ofKind(database, kind, p, spans, title));

    const [whole] = await database.rows(
      'SELECT min(time) AS first, max(time) AS last FROM events WHERE person_id = $p',
      p,
    );
    const networks = await database.rows(
      `SELECT src_ip AS ip, max(concat_ws(', ', src_city, src_country, src_network)) AS place, max(time) AS last
       FROM events WHERE person_id = $p AND src_ip IS NOT NULL GROUP BY src_ip ORDER BY last DESC, ip LIMIT 30`,
      p,
    );
    // Of sources that tell of other things, neither limits nor gaps matter here.
    const telling = new Set(kinds.flatMap(({ sources }) => sources));
    for (const source of spans.keys()) if (!telling.has(source)) spans.delete(source);
    const used = new Set([...spans.keys()].map(title));
    return {
      person: person.handle,
      asOf,
      ...(whole?.first ? { first: text(whole.first), last: text(whole.last) } : {}),
      sentences: views.filter(({ state }) => state === 'seen').map(({ says }) => says),
      kinds: views,
      missing: [
        ...views.filter(({ state }) => state === 'unknown').map(({ says }) => says),
        ...late(person, spans, title),
      ],
      limits: services.content.connectors
        .filter((connector) => used.has(connector.title))
        .flatMap((connector) => connector.limits.map((limit) => `${connector.title}: ${limit}`)),
      accounts: accounts.pairs,
      devices: devices.list,
      networks: networks.map((row) => ({ ip: text(row.ip), where: text(row.place), last: text(row.last) })),
    };
  } finally {
    database.close();
  }
}

/** What is shown and frozen: the same for everybody who asks. */
export function shownOf({ accounts: _, devices: __, networks: ___, ...view }: Reach): ReachView {
  return view;
}

async function accountsOf(database: Database, p: { p: string }, title: (source: string) => string) {
  const rows = await database.rows(
    `WITH used AS (
       SELECT account, source, count(*) AS times, min(time) AS first, max(time) AS last
       FROM events WHERE person_id = $p AND account IS NOT NULL GROUP BY account, source
     ), known AS (SELECT account, source, max(basis) AS basis FROM accounts WHERE person_id = $p GROUP BY account, source)
     SELECT coalesce(u.account, k.account) AS account, coalesce(u.source, k.source) AS source,
       coalesce(k.basis, (SELECT max(basis) FROM known b WHERE b.account = u.account)) AS basis,
       coalesce(u.times, 0) AS times, u.first, u.last
     FROM used u FULL JOIN known k ON k.account = u.account AND k.source = u.source
     ORDER BY last DESC NULLS LAST, account, source`,
    p,
  );
  const names = new Set(rows.map((row) => text(row.account)));
  const view: ReachKindView = {
    id: 'accounts',
    title: 'Accounts',
    state: rows.length > 0 ? 'seen' : 'nothing',
    says:
      rows.length > 0
        ? `Has ${count(names.size, 'account')}, seen in ${count(new Set(rows.map((row) => text(row.source))).size, 'source')}.`
        : 'No account is tied to them.',
    look: 'Close every account, also those that are not used. An account may have sessions and keys in products of its own.',
    count: names.size,
    ...span(rows),
    columns: ['account', 'source', 'tied by', 'records', 'first', 'last use'],
    rows: rows
      .slice(0, mostRows)
      .map((row) => [
        text(row.account),
        title(text(row.source)),
        cell(row.basis),
        Number(row.times),
        cell(row.first),
        cell(row.last),
      ]),
    total: rows.length,
    sources: [...new Set(rows.map((row) => title(text(row.source))))],
  };
  return { view, pairs: rows.map((row) => ({ account: text(row.account), source: text(row.source) })) };
}

async function devicesOf(database: Database, p: { p: string }) {
  const rows = await database.rows(
    `SELECT device_id, serial, hostname, kind, model, os, os_version, managed, enrolled_at, seen_at, source
     FROM devices WHERE person_id = $p ORDER BY seen_at DESC NULLS LAST, device_id`,
    p,
  );
  const view: ReachKindView = {
    id: 'devices',
    title: 'Devices',
    state: rows.length > 0 ? 'seen' : 'nothing',
    says:
      rows.length > 0 ? `Has ${count(rows.length, 'device')} on record.` : 'No device is assigned to them.',
    look: 'Lock, do not wipe: what is on the device is evidence, for and against.',
    count: rows.length,
    ...span(rows.map((row) => ({ first: row.enrolled_at ?? null, last: row.seen_at ?? null }))),
    columns: ['device', 'serial', 'name', 'model', 'system', 'managed', 'enrolled', 'last seen', 'source'],
    rows: rows
      .slice(0, mostRows)
      .map((row) => [
        cell(row.kind),
        cell(row.serial),
        cell(row.hostname),
        cell(row.model),
        [row.os, row.os_version].filter(Boolean).join(' '),
        row.managed === true ? 'yes' : row.managed === false ? 'no' : null,
        cell(row.enrolled_at),
        cell(row.seen_at),
        cell(row.source),
      ]),
    total: rows.length,
    sources: [...new Set(rows.flatMap((row) => text(row.source).split(', ')).filter(Boolean))],
  };
  const list = rows.map((row) => ({
    serial: text(row.serial),
    hostname: text(row.hostname),
    sources: text(row.source).split(', '),
    label: [row.kind, row.model, row.serial && `serial ${text(row.serial)}`, row.hostname]
      .filter(Boolean)
      .map((one) => text(one as Cell))
      .join(', '),
  }));
  return { view, list };
}

/** Sessions with a number of their own; many sources give none. */
async function sessionsOf(
  database: Database,
  p: { p: string },
  spans: ReadonlyMap<string, Span>,
  title: (source: string) => string,
): Promise<ReachKindView> {
  // A commit has its hash in that column.
  const where = `person_id = $p AND session_id IS NOT NULL AND action NOT LIKE 'code.%'`;
  const rows = await database.rows(
    `SELECT source, session_id, count(*) AS times, min(time) AS first, max(time) AS last,
       max(src_ip) AS ip, max(src_country) AS country, count(DISTINCT src_ip) AS addresses,
       bool_or(action = 'session.end') AS ended
     FROM events WHERE ${where} GROUP BY source, session_id ORDER BY last DESC, session_id`,
    p,
  );
  const open = rows.filter((row) => row.ended !== true);
  const sources = [...new Set(rows.map((row) => title(text(row.source))))];
  return {
    id: 'sessions',
    title: 'Sessions',
    state: rows.length > 0 ? 'seen' : spans.size > 0 ? 'nothing' : 'unknown',
    says:
      rows.length > 0
        ? `Had ${count(rows.length, 'session')}; no end of ${open.length} of them is on record.`
        : 'No session has a number on record; that does not mean that none is open.',
    look: 'End all sessions, whether or not they are listed here.',
    count: rows.length,
    ...span(rows),
    columns: ['source', 'session', 'records', 'first', 'last', 'address', 'addresses', 'country', 'ended'],
    rows: rows
      .slice(0, mostRows)
      .map((row) => [
        title(text(row.source)),
        text(row.session_id),
        Number(row.times),
        cell(row.first),
        cell(row.last),
        cell(row.ip),
        Number(row.addresses),
        cell(row.country),
        row.ended === true ? 'yes' : 'not on record',
      ]),
    total: rows.length,
    sources,
  };
}

async function ofKind(
  database: Database,
  kind: ReachKind,
  p: { p: string },
  spans: ReadonlyMap<string, Span>,
  title: (source: string) => string,
): Promise<ReachKindView> {
  const tells = kind.sources.filter((source) => spans.has(source));
  const base = { id: kind.id, title: kind.title, look: kind.look };
  const names = kind.sources.map(title);
  const list = (kind.actions.length > 0 ? kind.actions : kind.inventory)
    .map((one) => `'${one.replaceAll("'", "''")}'`)
    .join(', ');
  const events = kind.actions.length > 0;
  const where = events
    ? `FROM events WHERE person_id = $p AND action IN (${list}) AND outcome IS DISTINCT FROM 'failure'`
    : `FROM inventory WHERE person_id = $p AND kind IN (${list}) AND present IS DISTINCT FROM false`;
  const time = events ? 'time' : 'seen_at';
  const thing = events ? 'target' : 'key';
  const [sum] = await database.rows(
    `SELECT count(*) AS n, count(DISTINCT ${thing}) AS targets, min(${time}) AS first, max(${time}) AS last,
       list_sort(list_distinct(list(source))) AS sources ${where}`,
    p,
  );
  const n = Number(sum?.n ?? 0);
  if (n === 0)
    return {
      ...base,
      state: tells.length > 0 ? 'nothing' : 'unknown',
      says:
        tells.length > 0
          ? `${kind.none} ${period(tells, spans)}`
          : `${kind.title}: this cannot be known. No source that tells of it was handed in (${names.join(', ')}).`,
      count: 0,
      columns: [],
      rows: [],
      total: 0,
      sources: tells.length > 0 ? tells.map(title) : names,
    };
  const each = kind.rows === 'each';
  const [sql, columns] = events
    ? each
      ? [
          `SELECT time, activity AS what, target, detail, session_id AS mark, account, source, src_ip ${where}
           ORDER BY time DESC, target, event_uid`,
          kind.actions.includes('code.commit')
            ? ['time', 'repository', 'commit', 'author as written', 'account', 'source']
            : ['time', 'what', 'about', 'detail', 'account', 'from address', 'source'],
        ]
      : [
          `SELECT target, max(target_kind) AS kind, count(*) AS times, min(time) AS first, max(time) AS last,
             max(detail) AS detail, list_sort(list_distinct(list(source))) AS source ${where}
           GROUP BY target ORDER BY last DESC, target`,
          ['what', 'times', 'first', 'last', 'detail', 'source'],
        ]
    : [
        `SELECT key AS target, max(value) AS value, max(detail) AS detail, count(DISTINCT device_id) AS times,
           min(seen_at) AS first, max(seen_at) AS last, list_sort(list_distinct(list(source))) AS source ${where}
         GROUP BY key ORDER BY key`,
        ['what', 'value', 'detail', 'devices', 'first seen', 'last seen', 'source'],
      ];
  const rows = await database.rows(`${sql} LIMIT ${mostRows}`, p);
  const source = (row: Row) =>
    (Array.isArray(row.source) ? row.source : [row.source as Cell]).map((one) => title(text(one))).join(', ');
  const commits = kind.actions.includes('code.commit');
  return {
    ...base,
    state: 'seen',
    says: `${filledIn(kind.says, { count: n, targets: Number(sum?.targets ?? 0) })} ${between(sum)}`.trim(),
    count: n,
    ...span([sum ?? {}]),
    columns,
    rows: rows.map((row) =>
      events
        ? commits
          ? [
              cell(row.time),
              cell(row.target),
              cell(row.mark),
              cell(row.detail),
              cell(row.account),
              source(row),
            ]
          : each
            ? [
                cell(row.time),
                cell(row.what),
                cell(row.target),
                cell(row.detail),
                cell(row.account),
                cell(row.src_ip),
                source(row),
              ]
            : [
                cell(row.target),
                Number(row.times),
                cell(row.first),
                cell(row.last),
                cell(row.detail),
                source(row),
              ]
        : [
            cell(row.target),
            cell(row.value),
            cell(row.detail),
            Number(row.times),
            cell(row.first),
            cell(row.last),
            source(row),
          ],
    ),
    total: each ? n : Number(sum?.targets ?? 0),
    sources: (Array.isArray(sum?.sources) ? sum.sources : []).map((one) => title(text(one))),
  };
}

/** Sources that begin after the person did: what came before is not known. */
function late(
  person: PersonRow,
  spans: ReadonlyMap<string, Span>,
  title: (source: string) => string,
): string[] {
  if (!person.startedAt) return [];
  const start = person.startedAt.slice(0, 10);
  return [...spans]
    .filter(([, { first }]) => first !== '' && first.slice(0, 10) > start)
    .map(
      ([source, { first }]) =>
        `${title(source)} is on record from ${day(first)} on; they began on ${day(start)}.`,
    );
}

function period(sources: readonly string[], spans: ReadonlyMap<string, Span>): string {
  const said = sources.flatMap((source) => spans.get(source) ?? []).filter(({ first }) => first !== '');
  const first = said.map((one) => one.first).sort()[0];
  const last = said
    .map((one) => one.last)
    .sort()
    .at(-1);
  return first && last ? `Looked at from ${day(first)} to ${day(last)} (UTC).` : '';
}

function between(row: Row | undefined): string {
  const first = text(row?.first ?? '');
  const last = text(row?.last ?? '');
  if (!first) return '';
  return day(first) === day(last) ? `On ${day(first)} (UTC).` : `From ${day(first)} to ${day(last)} (UTC).`;
}

function span(rows: readonly Row[]): { first?: string; last?: string } {
  const first = rows
    .map((row) => text(row.first ?? ''))
    .filter(Boolean)
    .sort()[0];
  const last = rows
    .map((row) => text(row.last ?? ''))
    .filter(Boolean)
    .sort()
    .at(-1);
  return { ...(first ? { first } : {}), ...(last ? { last } : {}) };
}

const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** `3 March 2026` */
export function day(time: string): string {
  const [year, month, date] = time.slice(0, 10).split('-');
  return `${Number(date)} ${months[Number(month) - 1] ?? month} ${year}`;
}

/** `{count time times}` becomes `1 time` or `12 times`. */
function filledIn(says: string, numbers: Readonly<Record<'count' | 'targets', number>>): string {
  return says.replace(
    /\{(count|targets) (\S+) (\S+)\}/g,
    (_, which: 'count' | 'targets', one: string, many: string) =>
      `${numbers[which].toLocaleString('en-US')} ${numbers[which] === 1 ? one : many}`,
  );
}

const count = (n: number, one: string) => `${n.toLocaleString('en-US')} ${one}${n === 1 ? '' : 's'}`;
const text = (value: Cell | undefined): string =>
  value === null || value === undefined ? '' : String(value);
const cell = (value: Cell | undefined): string | number | boolean | null =>
  value === null || value === undefined || typeof value === 'object' ? null : value;
