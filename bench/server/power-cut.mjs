// node bench/server/power-cut.mjs [--seed 1] [--cuts 60] [--whole 12] [--seconds 45] [--again]: what a power cut would leave
// of a server under load. It records all that the server does to its files, makes the disks that a cut at many moments could
// leave, opens each with the server's own code, and looks for what had been acknowledged. Needs Linux and strace.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { make } from '../scan/make.mjs';
import { makeDisk, models, numbers } from './disk.mjs';
import { killGroup, loadAverage, start } from './processes.mjs';
import { delivery } from './records.mjs';
import { canTrace, readTrace, traced } from './trace.mjs';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    /** Moments. */
    cuts: { type: 'string', default: '60' },
    /** Disks on which the whole server is started and reads what waits. */
    whole: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '45' },
    port: { type: 'string', default: '8596' },
    /** Uses the record that is there. */
    again: { type: 'boolean', default: false },
    /** One disk, left where it is: `--one LINE:MODEL:SEED`. */
    one: { type: 'string' },
  },
});
if (!canTrace()) throw new Error('strace is needed: apt-get install strace');
const here = fileURLToPath(new URL('.', import.meta.url));
const out = join(here, 'out', 'power-cut');
const root = join(out, 'disk');
const folder = join(root, 'company');
const record = join(out, 'trace.txt');
const log = join(out, 'bench.log');
const people = 80;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The load: everything that is acknowledged, with the id of the request that asked for it. */
async function underLoad() {
  await rm(out, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  await make(join(out, 'made'), 200, people);
  const chance = numbers(Number(values.seed));
  const asked = [];
  const refused = {};
  const password = 'many-made-up-words-for-one-bench';
  const [strace, ...flags] = traced(record, [process.execPath]);
  const given = { folder, port: Number(values.port), password, memory: '1GB', threads: 1 };
  const server = start(join(here, 'serve.mjs'), given, log, flags, {
    program: strace,
    env: { ...process.env, UV_USE_IO_URING: '0' },
  });
  const { token } = await server.heard('ready');
  const url = `http://127.0.0.1:${values.port}`;

  /** What is told is true from the moment its answer leaves. */
  const ask = (method, path, { headers = {}, body, tells } = {}) =>
    new Promise((done) => {
      const id = `cut-${String(asked.length).padStart(6, '0')}`;
      const one = { request: id, ok: false };
      asked.push(one);
      const going = request(
        {
          hostname: '127.0.0.1',
          port: values.port,
          method,
          path,
          headers: { ...headers, 'x-request-id': id },
        },
        (answer) => {
          const parts = [];
          answer.on('data', (piece) => parts.push(piece));
          answer.on('end', () => {
            const text = Buffer.concat(parts).toString();
            one.ok = answer.statusCode === 200;
            if (one.ok && tells) Object.assign(one, tells(text ? JSON.parse(text) : {}));
            if (!one.ok) {
              const key = `${method} ${path.replace(/[0-9a-f-]{36}|p[0-9a-z]{10}/g, '…')} ${answer.statusCode} ${text.slice(0, 160)}`;
              refused[key] = (refused[key] ?? 0) + 1;
            }
            done({ status: answer.statusCode, headers: answer.headers, body: text });
          });
        },
      );
      going.on('error', () => done({ status: 0, body: '' }));
      going.end(body);
    });
  const cookies = {};
  const as = (role, method, path, body, tells, headers = {}) =>
    ask(method, `/api${path}`, {
      headers: {
        cookie: cookies[role],
        origin: url,
        ...(Buffer.isBuffer(body) ? { 'content-type': 'application/octet-stream' } : {}),
        ...(body !== undefined && !Buffer.isBuffer(body) ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      body: body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      tells,
    });
  for (const role of ['analyst', 'hr', 'it', 'counsel']) {
    const answer = await ask('POST', '/api/auth/sign-in/email', {
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ email: `${role}@example.com`, password }),
    });
    cookies[role] = answer.headers['set-cookie'].map((one) => one.split(';')[0]).join('; ');
  }
  const sent = [];
  let counter = 0;
  const upload = async (name, text, as1 = {}) =>
    as('hr', 'POST', '/sources/files', Buffer.from(text), () => as1, {
      'x-file-name': encodeURIComponent(name),
    });
  await upload('workers.csv', readFileSync(join(out, 'made', 'workers.csv')), { kind: 'file' });
  const until = async (fine, seconds = 120) => {
    for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; ) {
      if (await fine()) return;
      await new Promise((done) => setTimeout(done, 300));
    }
    throw new Error('the server under strace does not get there');
  };
  let handles = [];
  await until(async () => {
    handles = (await server.ask('people')).all;
    return handles.length > 0;
  });
  let caseId;
  await as(
    'analyst',
    'POST',
    '/cases',
    {
      about: 'person',
      people: [handles[0]],
      title: 'A case of the bench',
      reason: 'The bench writes comments in it, and nothing else.',
      playbook: 'employee',
    },
    (answer) => {
      caseId = answer.id;
      return { kind: 'case', id: answer.id };
    },
  );
  let checked = 1;
  const deliver = (records, keyed) => {
    const name = `cut-${counter++}`;
    sent.push({ name, records });
    const body = gzipSync(delivery(name, records, people, '2026-06-01T12:00:00.000Z'));
    return ask('POST', '/api/intake/okta-system-log', {
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
        ...(keyed ? { 'idempotency-key': name } : {}),
      },
      body,
      tells: () => ({ kind: 'delivery', name, records }),
    });
  };
  const acts = [
    [4, () => deliver(20, true)],
    [3, () => deliver(5, false)],
    [
      1,
      () => {
        const name = `file-${counter++}`;
        sent.push({ name, records: 15 });
        return upload(`logs/${name}.ndjson`, delivery(name, 15, people, '2026-06-02T12:00:00.000Z'), {
          kind: 'delivery',
          name,
          records: 15,
        });
      },
    ],
    [
      4,
      () => {
        const says = `Comment ${counter++} of the bench`;
        return as('analyst', 'POST', `/cases/${caseId}/comments`, { says }, () => ({
          kind: 'comment',
          says,
        }));
      },
    ],
    [
      3,
      async () => {
        const person = handles[checked++ % handles.length];
        let id;
        await as('hr', 'POST', '/checks', { form: 'first-check-in', person }, (answer) => {
          id = answer.id;
          return { kind: 'check', id, state: 'asked' };
        });
        if (id)
          await as('it', 'POST', `/checks/${id}/outcome`, { answers: { near: 'near' } }, () => ({
            kind: 'check',
            id,
            state: 'done',
          }));
      },
    ],
    [
      5,
      () => {
        const person = handles[Math.floor(chance() * handles.length)];
        return as('analyst', 'GET', `/people/${person}`, undefined, () => ({ kind: 'view', person }));
      },
    ],
    [
      1,
      () => {
        const [one, two] = [
          handles[(3 * counter) % handles.length],
          handles[(3 * counter + 1) % handles.length],
        ];
        const why = `They are a couple, says number ${counter++}.`;
        return as(
          'analyst',
          'POST',
          '/explanations',
          { kind: 'household', people: [one, two], reason: why },
          ({ decision }) => ({ kind: 'decision', id: decision, why }),
        );
      },
    ],
    [
      1,
      async () => {
        const bytes = Buffer.from(`A file of the bench, number ${counter++}.\n`.repeat(500));
        let item;
        await as('analyst', 'POST', `/cases/${caseId}/files`, { name: 'note.txt' }, (answer) => {
          item = answer.id;
          return {};
        });
        if (item)
          await as('analyst', 'PUT', `/cases/${caseId}/files/${item}`, bytes, () => ({
            kind: 'evidence',
            sha256: sha256(bytes),
          }));
      },
    ],
    [
      0.5,
      () => {
        const domain = `made-up-${counter++}.example.org`;
        return as('analyst', 'POST', '/facts/disposable-mail-domains/rows', { cells: { domain } }, () => ({
          kind: 'fact',
          domain,
        }));
      },
    ],
    [
      0.3,
      () =>
        as(
          'analyst',
          'POST',
          `/cases/${caseId}/bundles`,
          { why: 'The bench tries what is left of it.' },
          (answer) => ({
            kind: 'bundle',
            id: answer.id,
            sha256: answer.sha256,
          }),
        ),
    ],
    [
      0.3,
      () =>
        as(
          'hr',
          'PUT',
          '/fairness/groups',
          Buffer.from(
            `Employee ID,Gender\n${Array.from({ length: 60 }, (_, i) => `E${i},group ${i % 3}`).join('\n')}\n`,
          ),
          () => ({ kind: 'groups' }),
          { 'content-type': 'text/csv' },
        ),
    ],
  ];
  const all = acts.reduce((sum, [weight]) => sum + weight, 0);
  const end = Date.now() + Number(values.seconds) * 1000;
  const going = new Set();
  while (Date.now() < end) {
    let at = chance() * all;
    const [, act] = acts.find(([weight]) => {
      at -= weight;
      return at < 0;
    });
    const one = act().finally(() => going.delete(one));
    going.add(one);
    if (going.size >= 4) await Promise.race(going);
    await new Promise((done) => setTimeout(done, chance() * 120));
  }
  await Promise.all(going);
  await as('hr', 'DELETE', '/fairness/groups', undefined, () => ({ kind: 'groups forgotten' }));
  // One after the other and no scan beside them, to count what each waits for.
  const { scans: before } = await server.ask('state');
  await until(async () => !(await server.ask('state')).scans.running);
  await server.ask('hold', { on: true });
  for (let n = 0; n < 20; n++) await acts[3][1]();
  for (let n = 0; n < 20; n++) await deliver(5, true);
  const { scans } = await server.ask('state');
  server.child.send({ kind: 'stop' });
  const late = setTimeout(() => killGroup(server.pid), 60_000);
  await server.ended;
  clearTimeout(late);
  writeFileSync(
    join(out, 'asked.json'),
    JSON.stringify({ asked, sent, refused, scans: scans.last ? scans : before }),
  );
}

/** Every file as the record says it is, beside what is really there: the record can be believed. */
function compare(trace, into) {
  makeDisk(trace, { cut: trace.lines + 1, model: 'kill', into });
  const files = (at) =>
    readdirSync(at, { withFileTypes: true, recursive: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name).slice(at.length + 1))
      .sort();
  const [theirs, ours] = [files(root), files(into)];
  const wrong = [
    ...theirs.filter((one) => !ours.includes(one)).map((one) => `not in the record: ${one}`),
    ...ours.filter((one) => !theirs.includes(one)).map((one) => `only in the record: ${one}`),
    ...theirs
      .filter(
        (one) => ours.includes(one) && !readFileSync(join(root, one)).equals(readFileSync(join(into, one))),
      )
      .map((one) => `other bytes: ${one}`),
  ];
  if (wrong.length > 0) throw new Error(`the record is not what happened:\n${wrong.slice(0, 20).join('\n')}`);
  return theirs.length;
}

/** A process that looks at disks, one after the other; a new one where it died. */
function looker() {
  let child;
  let used = 0;
  const begin = async () => {
    child = fork(join(here, 'after-cut.mjs'), [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    child.stderr.on('data', (text) => {
      child.said = `${child.said ?? ''}${text}`.slice(-600);
    });
    child.died = new Promise((done) => child.once('exit', (code, signal) => done(signal ?? code)));
    used = 0;
    await new Promise((done) => child.once('message', done));
  };
  return {
    look: async (order) => {
      if (used++ > 20) {
        child.kill();
        child = undefined;
      }
      if (!child) await begin();
      const answer = new Promise((done) => child.once('message', done));
      child.send(order);
      const told = await Promise.race([answer, child.died.then((how) => ({ died: how }))]);
      if (told.died === undefined) return told;
      const { said } = child;
      child = undefined;
      return { problems: [`the process ended with ${told.died}: ${said ?? ''}`], seconds: 0 };
    },
    end: () => child?.kill(),
  };
}

console.log(`${new Date().toISOString()}; Node ${process.version}; load average ${loadAverage()}`);
if (!values.again || !existsSync(record)) await underLoad();
const { asked, sent, refused, scans } = JSON.parse(readFileSync(join(out, 'asked.json'), 'utf8'));
const trace = readTrace(record, root);
const shelf = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'rollcall-power-'));
process.on('exit', () => rmSync(shelf, { recursive: true, force: true }));
const told = asked
  .filter((one) => one.ok && one.kind)
  .map((one) => ({ ...one, line: trace.answers.get(one.request) }))
  .sort((a, b) => a.line - b.line);
const unseen = told.filter((one) => one.line === undefined).length;
if (unseen > 0) throw new Error(`${unseen} answers are not in the record`);
const counts = {};
for (const { kind } of told) counts[kind] = (counts[kind] ?? 0) + 1;
console.log(`acknowledged: ${JSON.stringify(counts)}; last scan ${JSON.stringify(scans?.last)}`);
console.log(`not answered with 200: ${JSON.stringify(refused)}`);
console.log(
  `recorded: ${trace.lines} calls, ${trace.counts.writes} writes and ${trace.counts.syncs} syncs below the folder; besides: ${trace.oddities.join('; ') || 'nothing'}`,
);
console.log(`the record gives back all ${compare(trace, join(shelf, 'all'))} files as they are`);
rmSync(join(shelf, 'all'), { recursive: true });

/** Syncs below some folder from one answer of a kind to the next, in the middle of the last of them. */
function waits(kind, below) {
  const last = told.filter((one) => one.kind === kind).slice(-15);
  const [from, to] = [last[0].line, last.at(-1).line];
  const n = trace.syncs.filter(
    (sync) => sync.to > from && sync.to < to && trace.inodes[sync.inode]?.path.startsWith(`company/${below}`),
  ).length;
  return Math.round((n / (last.length - 1)) * 10) / 10;
}
console.log(
  `syncs: a comment ${waits('comment', 'state')} in the database, a delivery ${waits('delivery', 'intake')} in the intake and ${waits('delivery', 'state')} in the database`,
);

const originals = {
  ...Object.fromEntries(
    ['secret', 'signing.pem'].map((name) => [name, sha256(readFileSync(join(folder, 'keys', name)))]),
  ),
  'lake key': sha256(readFileSync(join(folder, 'lake', 'key'))),
};
const chance = numbers(Number(values.seed));
const pick = (list) => list[Math.floor(chance() * list.length)];
/** Moments: when an answer leaves; just after a name was given or taken; just after something was waited for. */
const names = trace.inodes
  .filter((one) => one.folder)
  .flatMap((one) => one.changes.map((change) => change.to + 1));
const moments = Array.from({ length: Number(values.cuts) }, (_, nth) =>
  nth % 2 === 0 ? pick(told).line : nth % 4 === 1 ? pick(names) : pick(trace.syncs).to + 1,
).sort((a, b) => a - b);
const wholes = new Set(
  Array.from({ length: Number(values.whole) }, (_, nth) =>
    Math.floor(((nth + 0.5) * moments.length) / values.whole),
  ),
);
let disks = moments.flatMap((cut, nth) =>
  models
    .filter((model) => model !== 'kill' || nth % 10 === 0)
    .map((model) => ({
      cut,
      model,
      seed: nth + 1,
      whole: wholes.has(nth) && (model === 'strict' || model === 'mixed'),
    })),
);
if (values.one) {
  const [cut, model, seed, whole] = values.one.split(':');
  disks = [{ cut: Number(cut), model, seed: Number(seed ?? 1), whole: whole === 'whole' }];
}
const eyes = looker();
const clock = performance.now();
const tally = {};
const found = new Map();
for (const [nth, disk] of disks.entries()) {
  if (process.stderr.isTTY) process.stderr.write(`\r${nth} of ${disks.length}`);
  const into = join(shelf, 'disk');
  rmSync(into, { recursive: true, force: true });
  makeDisk(trace, { ...disk, into });
  const acknowledged = told.filter((one) => one.line <= disk.cut);
  const { problems } = await eyes.look({
    folder: join(into, 'company'),
    acknowledged,
    sent,
    originals,
    whole: disk.whole,
  });
  tally[disk.model] ??= { disks: 0, started: 0, wrong: 0 };
  const of = tally[disk.model];
  of.disks++;
  if (disk.whole) of.started++;
  if (problems.length > 0) {
    of.wrong++;
    const where = `${disk.cut}:${disk.model}:${disk.seed}${disk.whole ? ':whole' : ''}`;
    for (const problem of new Set(problems)) {
      const key = problem.replace(/\d+/g, '…');
      found.set(key, [...(found.get(key) ?? []), where]);
      if (found.get(key).length === 1 || values.one)
        console.log(`${where} (${acknowledged.length} acknowledged): ${problem}`);
    }
  }
}
eyes.end();
console.log(
  `${disks.length} disks of ${moments.length} moments looked at in ${Math.round((performance.now() - clock) / 1000)} s; load average ${loadAverage()}`,
);
for (const [model, { disks: n, started, wrong }] of Object.entries(tally))
  console.log(`${model}: ${n} disks, ${started} of them started whole; something lost or wrong on ${wrong}`);
if (found.size > 0) {
  console.log('LOST OR WRONG:');
  for (const [problem, places] of found)
    console.log(`${places.length} × ${problem} (${places.slice(0, 4).join(', ')})`);
  process.exit(1);
}
console.log('nothing that was acknowledged is lost');
process.exit(0);
