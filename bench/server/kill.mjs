// node bench/server/kill.mjs [--times 10] [--store pglite|postgres] [--made FOLDER --people N]: the server is killed under
// load, its scan with it, started again, and at the end what it had acknowledged is looked for. FOLDER: one that run.mjs
// made; its lake and results are copied. Without it, a company of 2,000.
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Database, parquet } from '../../packages/engine/dist/lake/duckdb.js';
import { exported } from '../../packages/server/dist/audit/export.js';
import { verify } from '../../packages/server/dist/audit/verify.js';
import { openStore } from '../../packages/server/dist/store/open.js';
import { audit, batchFiles, caseEntries, checks, work } from '../../packages/server/dist/store/schema.js';
import { make } from '../scan/make.mjs';
import { killGroup, loadAverage, start } from './processes.mjs';
import { delivery, uuidOf } from './records.mjs';
import { scanOnce } from './scan.mjs';

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '10' },
    store: { type: 'string', default: 'pglite' },
    port: { type: 'string', default: '8597' },
    made: { type: 'string' },
    people: { type: 'string', default: '2000' },
  },
});
const here = fileURLToPath(new URL('.', import.meta.url));
const people = Number(values.people);
const records = 500;
/** A second. */
const rates = {
  delivery: 10,
  comment: 4,
  check: 3,
  person: values.made ? 40 : 10,
  list: values.made ? 10 : 1,
};
/** Milliseconds from being up to being killed. */
const life = [4000, 16_000];
const folder = join(here, 'out', `kill-${values.store}`);
const log = join(folder, 'bench.log');
const password = 'many-made-up-words-for-one-bench';
const url = `http://127.0.0.1:${values.port}`;
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
if (values.made) {
  for (const part of ['lake', 'results'])
    await cp(join(values.made, part), join(folder, part), { recursive: true });
} else {
  const batch = join(folder, 'made');
  await make(join(batch, 'data'), 20_000, people);
  await scanOnce({ folder, batch, number: 1, memory: '2GB', threads: 2 });
  await rm(batch, { recursive: true });
}

/** What of the lake the bench may have brought: records by the end of their number, and checks by person. */
async function broughtIn() {
  const manifest = JSON.parse(readFileSync(join(folder, 'lake', 'manifest.json'), 'utf8'));
  const events = parquet(manifest.tables.events.map((file) => join(folder, 'lake', file)));
  const database = await Database.open();
  const count = async (sql) =>
    new Map((await database.rows(sql)).map((row) => [String(row.k), Number(row.n)]));
  try {
    return {
      records: await count(`SELECT right(uid, 36) AS k, count(*) AS n FROM ${events}
        WHERE source = 'okta-system-log' AND uid NOT LIKE '%00000000-0000-4000-8000-%' GROUP BY k`),
      checks: await count(
        `SELECT person_ref AS k, count(*) AS n FROM ${events} WHERE source = 'checks' GROUP BY k`,
      ),
      all: Number((await database.rows(`SELECT count(*) AS n FROM ${events}`))[0].n),
    };
  } finally {
    database.close();
  }
}
const before = await broughtIn();
/** A scan of a large lake takes its time. */
const patience = values.made ? 3_600_000 : 600_000;

let databaseUrl;
let stopPostgres = async () => undefined;
if (values.store === 'postgres') {
  const { startPostgres } = await import('../../packages/server/dist/store/postgres-for-tests.js');
  const postgres = await startPostgres();
  databaseUrl = await postgres.database();
  stopPostgres = postgres.stop;
}
const where = databaseUrl ? { folder, databaseUrl } : { folder };

function ask(method, path, { headers = {}, body } = {}) {
  return new Promise((done) => {
    const going = request(
      { hostname: '127.0.0.1', port: values.port, method, path, agent, headers },
      (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => done({ status: answer.statusCode, body: Buffer.concat(parts).toString() }));
        answer.on('error', () => done({ status: 0 }));
      },
    );
    going.on('error', () => done({ status: 0 }));
    going.setTimeout(30_000, () => going.destroy());
    going.end(body);
  });
}

const cookies = {};
const change = (role, path, body) =>
  ask('POST', `/api${path}`, {
    headers: { cookie: cookies[role], origin: url, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** What was sent: by name, whether it was acknowledged. */
const deliveries = new Map();
const comments = new Map();
const recorded = new Map();
const views = new Map();
const refused = new Map();
const refuse = (what, answer) => {
  const key = `${what} ${answer.status}`;
  refused.set(key, (refused.get(key) ?? 0) + 1);
};

let token = '';
let handles = [];
let caseId;
let counter = 0;
let checked = 0;

async function deliver(name) {
  const body = gzipSync(delivery(name, records, people, '2026-06-01T12:00:00.000Z'), { level: 1 });
  const answer = await ask('POST', '/api/intake/okta-system-log', {
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
      'content-length': body.length,
      'idempotency-key': name,
    },
    body,
  });
  if (answer.status === 200) deliveries.set(name, 'acknowledged');
  else refuse('delivery', answer);
}

const acts = {
  delivery: async () => {
    const name = `kill-${counter++}`;
    deliveries.set(name, 'sent');
    await deliver(name);
  },
  comment: async () => {
    const says = `Comment ${counter++} of the bench`;
    comments.set(says, 'sent');
    const answer = await change('analyst', `/cases/${caseId}/comments`, { says });
    if (answer.status === 200) comments.set(says, 'acknowledged');
    else refuse('comment', answer);
  },
  check: async () => {
    const person = handles[checked++];
    if (person === undefined) return;
    const asked = await change('hr', '/checks', { form: 'first-check-in', person });
    if (asked.status !== 200) return refuse('check asked', asked);
    const { id } = JSON.parse(asked.body);
    recorded.set(id, 'asked');
    const answer = await change('it', `/checks/${id}/outcome`, { answers: { near: 'near' } });
    if (answer.status === 200) recorded.set(id, 'done');
    else refuse('check recorded', answer);
  },
  list: async () => {
    const answer = await ask('GET', '/api/people', { headers: { cookie: cookies.analyst } });
    if (answer.status !== 200) refuse('list', answer);
  },
  person: async () => {
    const person = handles[randomInt(handles.length)];
    const seen = views.get(person) ?? { sent: 0, acknowledged: 0 };
    views.set(person, seen);
    seen.sent++;
    const answer = await ask('GET', `/api/people/${person}`, { headers: { cookie: cookies.analyst } });
    if (answer.status === 200) seen.acknowledged++;
    else refuse('person', answer);
  },
};

const begin = async () => {
  const server = start(
    join(here, 'serve.mjs'),
    {
      ...where,
      port: Number(values.port),
      password,
      memory: values.made ? '5GB' : '1GB',
      threads: values.made ? 2 : 1,
    },
    log,
  );
  const clock = performance.now();
  token = (await server.heard('ready')).token;
  return { server, seconds: (performance.now() - clock) / 1000 };
};

console.log(`${values.store}; ${new Date().toISOString()}; load average ${loadAverage()}`);
for (let round = 1; round <= Number(values.times); round++) {
  const { server, seconds } = await begin();
  if (round === 1) {
    handles = (await server.ask('people')).all;
    for (const role of ['analyst', 'hr', 'it']) {
      const answer = await fetch(`${url}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify({ email: `${role}@example.com`, password }),
      });
      cookies[role] = answer.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; ');
    }
    const opened = await change('analyst', '/cases', {
      about: 'person',
      people: [handles[0]],
      title: 'A case of the bench',
      reason: 'The bench writes comments in it, and nothing else.',
      playbook: 'employee',
    });
    if (opened.status !== 200) throw new Error(`no case: ${opened.status} ${opened.body}`);
    caseId = JSON.parse(opened.body).id;
  }
  // What was not answered is sent again under its key, every second time; the others stay in doubt.
  const doubtful = [...deliveries].filter(([, state]) => state === 'sent').map(([name]) => name);
  const again = doubtful.filter((_, nth) => nth % 2 === 0);
  for (const name of doubtful) if (!again.includes(name)) deliveries.set(name, 'in doubt');
  await Promise.all(again.map(deliver));

  const lives = randomInt(life[0], life[1]);
  const going = [];
  let on = true;
  const timers = Object.entries(rates).map(([what, rate]) =>
    setInterval(() => {
      if (on) going.push(acts[what]());
    }, 1000 / rate),
  );
  let scans = {};
  const looking = setInterval(() => {
    server.ask('state').then(
      (state) => {
        scans = state.scans;
      },
      () => undefined,
    );
  }, 100);
  await new Promise((done) => setTimeout(done, lives));
  killGroup(server.pid);
  on = false;
  clearInterval(looking);
  for (const timer of timers) clearInterval(timer);
  await server.ended;
  await Promise.all(going);
  const acknowledged = [...deliveries.values()].filter((state) => state === 'acknowledged').length;
  console.log(
    `${round}. up after ${seconds.toFixed(1)} s, ${again.length} sent again; killed after ${(lives / 1000).toFixed(1)} s, ${scans.running ? `while a scan ran (“${scans.running.step}”)` : 'while no scan ran'}; acknowledged so far: ${acknowledged * records} records, ${count(comments, 'acknowledged')} comments, ${count(recorded, 'done')} checks`,
  );
}

const { server, seconds } = await begin();
console.log(`up again after ${seconds.toFixed(1)} s; reading what is left`);
await server.ask('hold', { on: false });
const deadline = Date.now() + patience;
for (let quiet = 0; quiet < 8; ) {
  await new Promise((done) => setTimeout(done, 1000));
  const { scans, waiting } = await server.ask('state');
  quiet = !scans.running && !scans.asked && waiting.records === 0 && waiting.files === 0 ? quiet + 1 : 0;
  if (Date.now() > deadline)
    throw new Error(`it does not come to rest: ${JSON.stringify({ scans, waiting })}`);
}
server.child.send({ kind: 'stop' });
await server.ended;

const problems = [];
const must = (fine, what) => {
  if (!fine) problems.push(what);
};
const after = await broughtIn();
const found = after.records;
for (const [own, n] of before.records) if (found.get(own) === n) found.delete(own);
const inLake = [...found.values()].reduce((sum, n) => sum + n, 0);
let [whole, missing, twice, halves, doubtfulThere, expected] = [0, 0, 0, 0, 0, 0];
for (const [name, state] of deliveries) {
  const counts = Array.from({ length: records }, (_, nth) => found.get(uuidOf(name, nth)) ?? 0);
  const there = counts.filter((n) => n > 0).length;
  twice += counts.filter((n) => n > 1).length;
  expected += there;
  if (state === 'acknowledged') {
    missing += records - there;
    if (there === records) whole++;
  } else {
    if (there > 0 && there < records) halves++;
    if (there === records) doubtfulThere++;
  }
}
const acknowledged = count(deliveries, 'acknowledged');
must(missing === 0, `${missing} acknowledged records are not in the lake`);
must(twice === 0, `${twice} records are in the lake twice`);
must(halves === 0, `${halves} deliveries that were not acknowledged are there by halves`);
must(inLake === expected, `${inLake - expected} records are in the lake that nobody sent`);
console.log(
  `records: ${acknowledged * records} acknowledged in ${acknowledged} deliveries, ${whole} of them whole and once in the lake; ${missing} missing, ${twice} twice; of ${deliveries.size - acknowledged} deliveries without an answer ${doubtfulThere} are there whole, ${halves} by halves`,
);

const store = await openStore(where);
const entries = await store.db.select().from(caseEntries);
const said = new Map();
for (const { kind, says } of entries) if (kind === 'comment') said.set(says, (said.get(says) ?? 0) + 1);
const lost = [...comments].filter(([says, state]) => state === 'acknowledged' && said.get(says) !== 1);
must(lost.length === 0, `${lost.length} acknowledged comments are not there once`);
console.log(
  `comments: ${count(comments, 'acknowledged')} acknowledged of ${comments.size}, ${said.size} there`,
);

const rows = new Map((await store.db.select().from(checks)).map((row) => [row.id, row]));
const undone = [...recorded].filter(([id, state]) => {
  const row = rows.get(id);
  return !row || (state === 'done' && row.state !== 'done');
});
must(undone.length === 0, `${undone.length} acknowledged checks are not as they were acknowledged`);
const done = [...rows.values()].filter((row) => row.form === 'first-check-in' && row.state === 'done');
const evidence = after.checks;
for (const [person, n] of before.checks) if (evidence.get(person) === n) evidence.delete(person);
const without = done.filter((row) => evidence.get(row.person) !== 1);
must(without.length === 0, `${without.length} recorded checks are not evidence in the lake exactly once`);
must(evidence.size === done.length, `${evidence.size - done.length} checks in the lake that nobody recorded`);
console.log(
  `checks: ${count(recorded, 'done')} acknowledged as done of ${recorded.size} asked, ${done.length} done, ${evidence.size} of them evidence in the lake`,
);

const log0 = await store.db.select({ action: audit.action, subject: audit.subject }).from(audit);
const seen = new Map();
for (const { action, subject } of log0)
  if (action === 'person.view') seen.set(subject, (seen.get(subject) ?? 0) + 1);
let [asked, shown, unlogged, tooMany] = [0, 0, 0, 0];
for (const [person, { sent, acknowledged: answered }] of views) {
  const n = seen.get(`person:${person}`) ?? 0;
  asked += sent;
  shown += answered;
  unlogged += Math.max(0, answered - n);
  tooMany += Math.max(0, n - sent);
}
must(unlogged === 0, `${unlogged} pages of people were shown without an entry in the audit log`);
must(tooMany === 0, `${tooMany} entries for pages nobody asked for`);
const of = (action) => log0.filter((entry) => entry.action === action).length;
must(of('case.comment') === said.size, 'comments and their entries in the audit log differ in number');
must(of('check.record') === done.length, 'checks and their entries in the audit log differ in number');
const chain = await verify(exported(store.db));
must(!chain.broken, `the audit log is broken: ${JSON.stringify(chain.broken)}`);
console.log(
  `audit log: ${chain.entries} entries, ${chain.broken ? 'BROKEN' : 'whole'}; ${shown} pages of people shown of ${asked} asked for, ${unlogged} without an entry`,
);

const sums = (await store.db.select().from(batchFiles)).reduce(
  (sum, row) => {
    for (const key of ['received', 'read', 'kept', 'duplicate', 'rejected']) sum[key] += row[key] ?? 0;
    return sum;
  },
  { received: 0, read: 0, kept: 0, duplicate: 0, rejected: 0 },
);
must(sums.received === sums.read, 'received and read differ');
must(sums.read === sums.kept + sums.duplicate + sums.rejected, 'the account does not add up');
must(sums.rejected === 0, `${sums.rejected} records were rejected`);
const left = await store.db.select().from(work);
const failed = left.filter((one) => one.state === 'failed');
// What is killed more often than it is tried is set down as such, and asked for again by the clock.
must(
  failed.every((one) => one.problem === 'INTERRUPTED'),
  'work in the background has failed',
);
if (failed.length > 0)
  console.log(
    `work that was killed each of the times it is tried: ${failed.map((one) => one.kind).join(', ')}`,
  );
console.log(
  `account of the server: ${JSON.stringify(sums)}; in the lake: ${inLake} of deliveries, ${evidence.size} checks, ${before.all} events from before; batches: ${(await readdir(join(folder, 'intake'))).filter((name) => /^\d+$/.test(name)).length}`,
);
console.log(`not answered or refused, mostly by the kill: ${JSON.stringify(Object.fromEntries(refused))}`);
await store.close();
await stopPostgres();
if (problems.length > 0) {
  console.log(`LOST OR WRONG:\n${problems.join('\n')}`);
  process.exit(1);
}
console.log('nothing that was acknowledged is lost, nothing is there twice');
process.exit(0);

function count(map, state) {
  return [...map.values()].filter((one) => one === state).length;
}
