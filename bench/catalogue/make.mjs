// node bench/catalogue/make.mjs FOLDER [EVENTS] [PEOPLE] [CONTENT]: a lake in the resolved form with records of every kind.
//
// A made-up company is simulated and scanned, so that every export has its true form; its people are then copied until
// there are enough, each copy with values of its own, and the everyday events of each are repeated until their shares are
// those of a company that logs everything. What no export of it brings and a detection needs is stood in for.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../../packages/cli/dist/main.js';
import { loadContent } from '../../packages/engine/dist/content/load.js';
import { Database } from '../../packages/engine/dist/lake/duckdb.js';
import { createResolvedTables, loadFacts } from '../../packages/engine/dist/lake/resolve.js';
import { resolvedTables } from '../../packages/engine/dist/model/tables.js';
import { available, missing } from '../../packages/engine/dist/signals/needs.js';

/** Shares of all events that everyday actions have; the rest are as the simulated company has them. */
const shares = {
  signin: 0.2,
  'network.dns': 0.17,
  'process.start': 0.16,
  'network.connect': 0.1,
  'mfa.challenge': 0.07,
  'signin.policy': 0.06,
  'file.view': 0.06,
  'network.tls': 0.03,
  'device.checkin': 0.03,
  'file.download': 0.02,
  'repo.push': 0.015,
  'repo.clone': 0.01,
  'git.fetch': 0.01,
  edit: 0.01,
  'mfa.answer': 0.01,
  'meeting.join': 0.01,
  'meeting.leave': 0.01,
  logon: 0.01,
};

const quoted = (text) => `'${String(text).replaceAll("'", "''")}'`;
const perCompany = 250;

export async function make(folder, events = 10_000_000, people = 5_000, contentFolder = undefined) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'tables'), { recursive: true });
  const copies = Math.ceil(people / perCompany);
  const quiet = console.log;
  console.log = () => {};
  const company = join(folder, 'company');
  const lake = join(folder, 'lake');
  await main(['simulate', '--people', String(perCompany), '--ring-members', '5', '--out', company]);
  const code = await main([
    ...['scan', join(company, 'exports'), '--lake', lake, '--quiet'],
    ...['--report', join(folder, 'report.html'), '--findings', join(folder, 'findings.jsonl')],
    ...(contentFolder ? ['--content', contentFolder] : []),
  ]);
  console.log = quiet;
  if (code !== 0) throw new Error(`the scan ended with ${code}`);

  const content = await loadContent(contentFolder, { withoutTests: true });
  const database = await Database.open({
    memory: '4GB',
    threads: 2,
    tempDirectory: join(folder, 'spill'),
  });
  const view = (table) => `read_parquet(${quoted(join(lake, 'view', `${table}.parquet`))})`;
  await loadFacts(database, content.facts);
  await createResolvedTables(database);
  for (const table of [...Object.keys(resolvedTables), 'passages'])
    await database.run(`INSERT INTO ${table} BY NAME SELECT * FROM ${view(table)}`);
  const standIns = await standIn(database, content);

  // Copies of people: what names a person, a device or a value is another in each, but facts and words stay.
  const own = {
    people: ['person_id', 'work_email', 'personal_email', 'household'],
    identifiers: ['person_id', 'value'],
    accounts: ['account', 'person_id'],
    devices: ['device_id', 'person_id', 'serial', 'hostname'],
    inventory: ['device_id', 'person_id'],
    documents: ['person_id', 'document'],
    claims: ['person_id', 'document'],
    traces: ['person_id', 'document'],
    passages: ['person_id', 'other', 'passage', 'document', 'other_document'],
  };
  const replaced = (columns, suffix) =>
    columns.map((column) => `${column} || ${suffix} AS ${column}`).join(', ');
  const save = (name, query) =>
    database.run(
      `COPY (${query}) TO ${quoted(join(folder, 'tables', `${name}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`,
    );
  for (const [table, columns] of Object.entries(own))
    await save(
      table,
      `SELECT * REPLACE (${replaced(columns, "('~' || c)")}) FROM ${table}, range(${copies}) AS n(c)`,
    );

  await database.run('CREATE TABLE repeats (action VARCHAR, times BIGINT)');
  const counts = await database.rows('SELECT action, count(*) AS n FROM events GROUP BY action');
  for (const { action, n } of counts) {
    const wanted = (shares[action] ?? 0) * events;
    await database.run('INSERT INTO repeats VALUES ($action, CAST($times AS BIGINT))', {
      action,
      times: String(Math.max(1, Math.round(wanted / (Number(n) * copies)))),
    });
  }
  // Repetitions stand a minute and a half apart, so that days, places and machines stay what they were.
  await save(
    'events',
    `SELECT e.* REPLACE (e.event_uid || '~' || c || '~' || j AS event_uid, e.time + INTERVAL 1 SECOND * (j * 97 + c) AS time,
         ${replaced(['account', 'person_id', 'device_id', 'device_token', 'mfa_device', 'session_id'], "('~' || c)").replaceAll('account ||', 'e.account ||')})
     FROM events e JOIN repeats r ON r.action = e.action, range(${copies}) AS n(c), unnest(range(r.times)) AS m(j)
     ORDER BY e.source, time`,
  );
  // Records as received, for Sigma: each person's once.
  await save(
    'stored_events',
    `SELECT s.* REPLACE (s.uid || '~' || c || '~0' AS uid, s.time + INTERVAL 1 SECOND * c AS time, s.account || ('~' || c) AS account)
     FROM read_parquet(${quoted(join(lake, 'data', '*', 'events-*.parquet'))}, union_by_name = true) s, range(${copies}) AS n(c)`,
  );
  const of = (table) =>
    database.number(
      `SELECT count(*) FROM read_parquet(${quoted(join(folder, 'tables', `${table}.parquet`))})`,
    );
  const [asOf] = await database.rows('SELECT max(time) + INTERVAL 1 DAY AS t FROM events');
  const made = {
    asOf: asOf.t,
    people: await of('people'),
    events: await of('events'),
    records: await of('stored_events'),
    inventory: await of('inventory'),
    identifiers: await of('identifiers'),
    standIns,
  };
  writeFileSync(join(folder, 'made.json'), JSON.stringify(made, null, 1));
  database.close();
  for (const rest of ['company', 'lake', 'spill', 'report.html', 'findings.jsonl'])
    rmSync(join(folder, rest), { recursive: true, force: true });
  return made;
}

/** Rows for what detections need and no export of the company brings, so that none is left out for lack of data. */
async function standIn(database, content) {
  const has = await available(database);
  const lacking = [...new Set(content.detections.flatMap((detection) => missing(detection, has)))].sort();
  const done = [];
  for (const need of lacking) {
    const [table, ...rest] = need.split(' or ')[0].split('.');
    const word = quoted(rest.join('.'));
    const some = 'hash(person_id)';
    const sql = {
      events: `INSERT INTO events BY NAME SELECT * REPLACE (event_uid || '~' || ${word} AS event_uid, ${word} AS action, 'stand-in' AS source,
          CASE WHEN hash(event_uid) % 20 = 0 THEN 'failure' ELSE 'success' END AS outcome)
        FROM events WHERE action = 'signin' AND person_id IS NOT NULL QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY hash(event_uid)) <= 8`,
      inventory: `INSERT INTO inventory BY NAME SELECT device_id, person_id, ${word} AS kind, 'stand-in ' || (hash(device_id) % 50) AS key,
          'x' || device_id AS value, true AS present, seen_at, 'stand-in' AS source FROM devices`,
      identifiers: `INSERT INTO identifiers BY NAME SELECT person_id, ${word} AS kind, ${word} || (${some} % 240) AS value, 'stand-in' AS label,
          'stand-in' AS context, 'stand-in' AS source, started_at AS first_seen FROM people`,
      claims: `INSERT INTO claims BY NAME SELECT person_id, document, ${word} AS kind, 'stand-in' AS subject FROM documents`,
      traces: `INSERT INTO traces BY NAME SELECT person_id, document, ${word} AS kind, 'stand-in' AS value FROM documents`,
      people: `UPDATE people SET ${rest[0]} = coalesce(${rest[0]}, ${rest[0]}) WHERE false`,
      devices: `UPDATE devices SET ${rest[0]} = ${some} % 10 > 0 WHERE ${rest[0]} IS NULL`,
    }[table];
    if (sql === undefined) continue;
    try {
      await database.run(sql);
      done.push(need);
    } catch (error) {
      console.error(`${need}: ${String(error).split('\n')[0]}`);
    }
  }
  return done;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, events, people, contentFolder] = process.argv.slice(2);
  console.log(await make(folder, Number(events) || undefined, Number(people) || undefined, contentFolder));
}
