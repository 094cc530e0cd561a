// Opens what a power cut left, with the code of the server, and looks for what had been acknowledged.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExplanations } from '../../packages/engine/dist/explain/kept.js';
import { loadContent, query } from '../../packages/engine/dist/index.js';
import { Known } from '../../packages/engine/dist/known/known.js';
import { Database, parquet } from '../../packages/engine/dist/lake/duckdb.js';
import { Store as Lake } from '../../packages/engine/dist/lake/store.js';
import { readDecisions } from '../../packages/engine/dist/links/decisions.js';
import { readProposals } from '../../packages/engine/dist/links/ring-book.js';
import { readRingLog } from '../../packages/engine/dist/links/ring-log.js';
import { tableNames } from '../../packages/engine/dist/model/tables.js';
import { exported } from '../../packages/server/dist/audit/export.js';
import { verify } from '../../packages/server/dist/audit/verify.js';
import { openIntake } from '../../packages/server/dist/intake/intake.js';
import { openKeys } from '../../packages/server/dist/keys.js';
import { openResults } from '../../packages/server/dist/results/results.js';
import { startServer } from '../../packages/server/dist/serve.js';
import { openStore } from '../../packages/server/dist/store/open.js';
import { audit, caseEntries, cases, checks, work } from '../../packages/server/dist/store/schema.js';
import { uuidOf } from './records.mjs';

const content = await loadContent(undefined, { withoutTests: true });
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const silent = () => {
  const errors = [];
  const log = Object.fromEntries(['trace', 'debug', 'info', 'warn'].map((level) => [level, () => undefined]));
  log.error = log.fatal = (about, says) => errors.push(`${says} ${JSON.stringify(about)}`);
  log.child = () => log;
  return { log, errors };
};
const below = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));

/** Starts the whole server, lets it read what waits, and stops it. */
async function settle(folder) {
  const { log } = silent();
  const server = await startServer({ folder, port: 0, memory: '1GB', threads: 1, log });
  try {
    const deadline = Date.now() + 180_000;
    for (let quiet = 0; quiet < 6; ) {
      await new Promise((done) => setTimeout(done, 500));
      const scans = server.services.scans.state();
      const waiting = server.services.intake.state();
      const busy = scans.running || scans.asked || waiting.records > 0 || waiting.files > 0;
      quiet = busy ? 0 : quiet + 1;
      if (Date.now() > deadline)
        throw new Error(
          `it does not come to rest: ${JSON.stringify(scans)}, ${waiting.records} records wait`,
        );
    }
  } finally {
    await server.stop();
  }
}

/** What is wrong with a disk, in words; nothing where all is there. */
async function look({ folder, acknowledged, sent, originals, whole }) {
  const problems = [];
  const must = (fine, what) => {
    if (!fine) problems.push(what);
  };
  /** A part that cannot be opened is a finding, and the others are looked at. */
  const part = async (name, run) => {
    const clock = performance.now();
    try {
      return await run();
    } catch (error) {
      problems.push(`${name}: ${error.code ?? ''} ${error.message.replaceAll(folder, '')}`.slice(0, 300));
      return undefined;
    } finally {
      if (process.env.POWER_CUT_TIMES) console.error(name, Math.round(performance.now() - clock));
    }
  };
  const of = (kind) => acknowledged.filter((one) => one.kind === kind);
  if (whole) await part('the server', () => settle(folder));

  const keys = await part('keys', () => openKeys(folder));
  if (acknowledged.length > 0)
    for (const name of ['secret', 'signing.pem'])
      must(
        existsSync(join(folder, 'keys', name)) &&
          sha256(readFileSync(join(folder, 'keys', name))) === originals[name],
        `keys/${name} is another`,
      );

  let scanWaits = false;
  await part('the database', async () => {
    const store = await openStore({ folder });
    try {
      const chain = await verify(exported(store.db));
      must(!chain.broken, `the audit log is broken: ${JSON.stringify(chain.broken)}`);
      const entries = await store.db.select({ action: audit.action, subject: audit.subject }).from(audit);
      const logged = (action) => entries.filter((one) => one.action === action);
      scanWaits = (await store.db.select().from(work)).some(
        (one) => one.kind === 'scan' && one.state !== 'failed',
      );
      const here = new Set((await store.db.select({ id: cases.id }).from(cases)).map((row) => row.id));
      for (const { id } of of('case')) must(here.has(id), 'a case is gone');
      const said = new Map();
      for (const { kind, says } of await store.db.select().from(caseEntries))
        if (kind === 'comment') said.set(says, (said.get(says) ?? 0) + 1);
      for (const { says } of of('comment'))
        must(said.get(says) === 1, `a comment is there ${said.get(says) ?? 0} times`);
      must(logged('case.comment').length === said.size, 'comments and their entries in the audit log differ');
      const rows = new Map((await store.db.select().from(checks)).map((row) => [row.id, row]));
      for (const { id, state } of of('check'))
        must(
          rows.has(id) && (state === 'asked' || rows.get(id).state === 'done'),
          `a check that was ${state} is ${rows.get(id)?.state ?? 'gone'}`,
        );
      const views = new Map();
      for (const { subject } of logged('person.view')) views.set(subject, (views.get(subject) ?? 0) + 1);
      const shown = new Map();
      for (const { person } of of('view')) shown.set(person, (shown.get(person) ?? 0) + 1);
      for (const [person, n] of shown)
        must((views.get(`person:${person}`) ?? 0) >= n, 'a page was shown and is not in the audit log');
      if (whole) {
        const failed = (await store.db.select().from(work)).filter((one) => one.state === 'failed');
        must(failed.length === 0, `work has failed: ${failed.map((one) => one.kind)}`);
        const done = [...rows.values()].filter(
          (row) => row.form === 'first-check-in' && row.state === 'done',
        );
        await part('the evidence of checks', async () => {
          const path = join(folder, 'lake', 'manifest.json');
          if (!existsSync(path)) return must(done.length === 0, 'there are checks, and no lake');
          const manifest = JSON.parse(readFileSync(path, 'utf8'));
          const database = await Database.open();
          const found = manifest.tables.events.length
            ? await database.rows(
                `SELECT person_ref, count(*) AS n FROM ${parquet(manifest.tables.events.map((file) => join(folder, 'lake', file)))} WHERE source = 'checks' GROUP BY person_ref`,
              )
            : [];
          database.close();
          const evidence = new Map(found.map((row) => [String(row.person_ref), Number(row.n)]));
          for (const { person } of done)
            must(evidence.get(person) === 1, `a check is evidence ${evidence.get(person) ?? 0} times`);
        });
      }
    } finally {
      await store.close();
    }
  });

  const inLake = new Map();
  if (existsSync(join(folder, 'lake')))
    await part('the lake', async () => {
      const lake = await Lake.open(join(folder, 'lake'));
      const database = await Database.open();
      try {
        for (const table of [...tableNames, 'records', 'vault']) {
          const files = lake.files(table);
          if (files.length > 0) await database.rows(`SELECT count(*) AS n FROM ${parquet(files)}`);
        }
        const files = lake.files('events');
        if (
          Object.keys(originals).includes('lake key') &&
          [...tableNames].some((one) => lake.files(one).length > 0)
        )
          must(sha256(lake.key) === originals['lake key'], 'the key of the lake is another');
        if (files.length > 0)
          for (const row of await database.rows(
            `SELECT right(uid, 36) AS own, count(*) AS n FROM ${parquet(files)} WHERE source = 'okta-system-log' GROUP BY own`,
          ))
            inLake.set(String(row.own), Number(row.n));
      } finally {
        database.close();
        await lake.close();
      }
      const decisions = await readDecisions(join(folder, 'lake'));
      for (const { id, why } of of('decision'))
        must(decisions[id - 1]?.reason === why, 'a decision is gone, or is another');
      await readRingLog(join(folder, 'lake'));
      await readProposals(join(folder, 'lake'));
      await readExplanations(join(folder, 'lake'));
    });
  else must(of('decision').length === 0, 'the lake is gone, with its decisions');

  await part('the intake', async () => {
    const { log, errors } = silent();
    const intake = await openIntake({
      folder,
      connectors: content.connectors,
      queue: () => undefined,
      ask: () => undefined,
      log,
      now: () => new Date(),
    });
    await intake.close();
    for (const one of errors) problems.push(`the intake says: ${one}`);
    scanWaits ||= existsSync(join(folder, 'intake', 'scan-wanted'));
    const waiting = new Set();
    for (const name of readdirSync(join(folder, 'intake')).filter((one) => /^\d+$/.test(one))) {
      const batch = join(folder, 'intake', name);
      const journal = join(batch, 'journal.ndjson');
      if (!existsSync(join(batch, 'done.json')) && existsSync(journal) && readFileSync(journal).length > 0)
        scanWaits = true;
      if (existsSync(join(batch, 'read.json')) || !existsSync(join(batch, 'data'))) continue;
      for (const path of below(join(batch, 'data')))
        for (const [, uuid] of readFileSync(path, 'utf8').matchAll(/"uuid":"([0-9a-f-]{36})"/g))
          waiting.add(uuid);
    }
    const counted = (name, n) => {
      let there = 0;
      for (let nth = 0; nth < n; nth++) {
        const uuid = uuidOf(name, nth);
        if (inLake.has(uuid) || (!whole && waiting.has(uuid))) there++;
        must(!(inLake.get(uuid) > 1), 'a record is in the lake twice');
      }
      return there;
    };
    for (const { name, records } of of('delivery')) {
      const there = counted(name, records);
      must(there === records, `of a delivery of ${records} records ${there} are there`);
    }
    if (whole)
      for (const { name, records } of sent) {
        const there = counted(name, records);
        must(there === 0 || there === records, `a delivery is there by halves: ${there} of ${records}`);
      }
  });

  await part('the results', async () => {
    const results = await openResults(join(folder, 'results'), keys);
    if (whole && of('delivery').length > 0) must(results.current() !== undefined, 'there is no result');
    // What a scan leaves beside its result is made anew by the next: where none is to come it must be there.
    if (results.current() && !scanWaits) {
      await query(
        join(folder, 'lake'),
        'SELECT (SELECT count(*) FROM people) + (SELECT count(*) FROM events)',
      );
      (await Known.open(join(folder, 'lake', 'known'), { readOnly: true })).close();
    }
    await results.close();
  });
  for (const { sha256: hash } of of('evidence'))
    must(
      existsSync(join(folder, 'files', hash)) && sha256(readFileSync(join(folder, 'files', hash))) === hash,
      'a file put into a case is gone, or is another',
    );
  for (const { id, sha256: hash } of of('bundle'))
    must(
      existsSync(join(folder, 'bundles', `${id}.zip`)) &&
        sha256(readFileSync(join(folder, 'bundles', `${id}.zip`))) === hash,
      'a sealed bundle is gone, or is another',
    );
  for (const { domain } of of('fact')) {
    const path = join(folder, 'facts-own', 'disposable-mail-domains.csv');
    must(existsSync(path) && readFileSync(path, 'utf8').includes(domain), 'a row of reference data is gone');
  }
  const groups = join(folder, 'walled', 'groups');
  if (of('groups forgotten').length > 0)
    must(!existsSync(groups), 'groups that were forgotten are there again');
  else if (of('groups').length > 0)
    must(existsSync(groups) && readFileSync(groups).length > 40, 'groups that were handed in are gone');
  return problems;
}

process.on('disconnect', () => process.exit(1));
process.on('message', (order) => {
  const clock = performance.now();
  look(order).then(
    (problems) => process.send({ problems, seconds: (performance.now() - clock) / 1000 }),
    (error) => process.send({ problems: [`${error.stack}`], seconds: 0 }),
  );
});
process.send({ ready: true });
