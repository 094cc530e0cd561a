// node bench/server/run.mjs [--made FOLDER] [--store pglite|postgres] [--people N] [--events N] [--seconds N]:
// pages of a server with 100,000 people and ten million events while 5,000 records a second come in.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { make } from '../scan/make.mjs';
import { loadAverage, start, usageOf, watch } from './processes.mjs';
import { scanOnce } from './scan.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({
  options: {
    /** A folder with `lake` and `results` made before. */
    made: { type: 'string' },
    store: { type: 'string', default: 'pglite' },
    people: { type: 'string', default: '100000' },
    events: { type: 'string', default: '10000000' },
    seconds: { type: 'string', default: '60' },
    memory: { type: 'string', default: '5GB' },
    /** Only some of: floor, health, pages, scan. */
    phases: { type: 'string', default: 'floor,health,pages,scan' },
    /** A processor profile of the server, into out/. */
    profile: { type: 'boolean', default: false },
  },
});
const people = Number(values.people);
const events = Number(values.events);
const seconds = Number(values.seconds);
const out = join(here, 'out');
const folder = values.made ?? join(out, `${people}-${events}`);
const rate = 50;
const deliveries = { posts: 10, records: 500 };
const warm = 10;
const password = 'many-made-up-words-for-one-bench';

await mkdir(folder, { recursive: true });
if (!existsSync(join(folder, 'results', 'current.json'))) {
  const batch = join(out, `batch-${people}-${events}`);
  const there = existsSync(join(folder, 'lake', 'manifest.json'));
  if (!there && !existsSync(join(batch, 'made'))) {
    console.log(
      `making ${events.toLocaleString('en-US')} records of ${people.toLocaleString('en-US')} people`,
    );
    await make(join(batch, 'data'), events, people);
    await writeFile(join(batch, 'made'), '');
  }
  console.log(there ? 'concluding from the lake that is there' : 'the first scan: reading and concluding');
  const first = await scanOnce({
    folder,
    ...(there ? {} : { batch }),
    number: 1,
    memory: values.memory,
    threads: 2,
    say: console.log,
  });
  await rm(batch, { recursive: true, force: true });
  await writeFile(join(folder, 'scan.json'), JSON.stringify({ ...first, read: !there }));
}
const first = await readFile(join(folder, 'scan.json'), 'utf8').then(JSON.parse, () => undefined);

console.log(
  `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.version}; ${new Date().toISOString()}; load average before: ${loadAverage()}`,
);
if (first)
  console.log(
    `the scan before: ${first.read ? 'read and concluded' : 'concluded'} in ${first.seconds} s, ${first.cpuSeconds} s of processor, at most ${first.peakMiB} MiB`,
  );

let databaseUrl;
let stopPostgres = async () => undefined;
if (values.store === 'postgres') {
  const { startPostgres } = await import('../../packages/server/dist/store/postgres-for-tests.js');
  const postgres = await startPostgres();
  databaseUrl = await postgres.database();
  stopPostgres = postgres.stop;
}
await rm(join(folder, 'intake'), { recursive: true, force: true });
const log = join(folder, 'bench.log');
await rm(log, { force: true });
const began = performance.now();
const server = start(
  join(here, 'serve.mjs'),
  {
    folder,
    port: 0,
    password,
    hold: true,
    memory: values.memory,
    threads: 1,
    ...(databaseUrl ? { databaseUrl } : {}),
  },
  log,
  values.profile ? ['--cpu-prof', `--cpu-prof-dir=${out}`] : [],
);
try {
  const { url, token } = await server.heard('ready');
  const about = await server.ask('people');
  console.log(
    `${values.store}; up with ${about.everybody.toLocaleString('en-US')} people, ${about.found.length.toLocaleString('en-US')} of them with findings (${JSON.stringify(about.bands)}), after ${((performance.now() - began) / 1000).toFixed(1)} s; ${usageOf(server.pid).rssMiB} MiB`,
  );
  // What a start asks for each day (checks by rule, rates) is done first; pages answer meanwhile, but are not measured.
  for (let quiet = 0; quiet < 3; quiet = (await server.ask('work')).busy === 0 ? quiet + 1 : 0)
    await new Promise((done) => setTimeout(done, 500));
  console.log(
    `work of the day done after ${((performance.now() - began) / 1000).toFixed(1)} s; ${usageOf(server.pid).peakMiB} MiB at most`,
  );
  // Spread over all of them; more would not fit on the sender's command line.
  const step = Math.max(1, Math.ceil(about.found.length / 5000));
  const found = about.found.filter((_, nth) => nth % step === 0);
  const cookies = [];
  for (const role of ['analyst', 'hr', 'counsel']) cookies.push(await signIn(url, role));
  const entries = async () => (await server.ask('audit')).entries;
  const before = await entries();

  const rows = [];
  const measure = async (title, given, watched) => {
    const loads = loadAverage();
    const ended = watch(watched);
    const sender = start(
      join(here, 'load.mjs'),
      { seconds, warm, rate, people, found, name: title, ...given },
      log,
    );
    const done = await sender.heard('done');
    const used = ended();
    rows.push({ title, ...done, used, loads, loadsAfter: loadAverage() });
    for (const [what, one] of Object.entries(done.result))
      console.log(
        `${title.padEnd(22)} ${what.padEnd(9)} ${String(one.perSecond).padStart(6)}/s  p50 ${String(one.p50).padStart(7)}  p95 ${String(one.p95).padStart(7)}  p99 ${String(one.p99).padStart(7)}  max ${String(one.max).padStart(8)} ms  failed ${one.failed}  ${one.bytes} B`,
      );
    console.log(
      `${''.padEnd(22)} ${done.recordsPerSecond} records/s; server ${used.rssMiB} MiB, ${used.cpuPercent} % of a processor; scan ${used.scanRssMiB} MiB, ${used.scanCpuPercent} %; sender ${done.senderCpuSeconds} s of processor with packing, late by ${done.senderLateMs} ms at most; load average ${loads} → ${loadAverage()}; ${JSON.stringify(done.statuses)}`,
    );
    return done;
  };
  const wanted = new Set(values.phases.split(','));
  const list = await size(`${url}/api/people`, cookies[0]);
  if (wanted.has('floor')) {
    const floor = start(join(here, 'floor.mjs'), { bytes: list }, log);
    const { url: bare } = await floor.heard('ready');
    await measure('Hono alone', { url: bare, kind: 'fixed', ...deliveries }, floor.pid);
    floor.child.send({ kind: 'stop' });
    await floor.ended;
  }
  const real = { url, cookies, token, ...deliveries };
  if (wanted.has('health')) await measure('health and intake', { ...real, kind: 'health' }, server.pid);
  if (wanted.has('pages')) await measure('no scan', { ...real, kind: 'pages' }, server.pid);
  if (wanted.has('scan')) {
    await server.ask('hold', { on: false });
    for (let state; !state?.scans.running; state = await server.ask('state'))
      await new Promise((done) => setTimeout(done, 500));
    await measure('while a scan runs', { ...real, kind: 'pages' }, server.pid);
    const { scans, waiting } = await server.ask('state');
    console.log(`the scan is at: ${JSON.stringify(scans)}; waiting: ${JSON.stringify(waiting)}`);
    if (!scans.running) console.log('NOTE: the scan ended before the load did');
  }
  const views = (await entries()) - before;
  const asked = rows.reduce((sum, row) => sum + (row.result.person?.count ?? 0), 0);
  console.log(
    `entries in the audit log since: ${views} (${asked} pages of people counted, and those of warming up)`,
  );
  console.log(`most memory of the server ever: ${usageOf(server.pid).peakMiB} MiB`);
  const told = join(out, `run-${values.store}.json`);
  await mkdir(out, { recursive: true });
  await writeFile(told, `${JSON.stringify(rows, null, 1)}\n`);
} finally {
  server.child.send({ kind: 'stop' }, () => undefined);
  await Promise.race([server.ended, new Promise((done) => setTimeout(done, 30_000))]);
  if (server.child.exitCode === null) process.kill(-server.pid, 'SIGKILL');
  await stopPostgres();
}
process.exit(0);

async function signIn(url, role) {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email: `${role}@example.com`, password }),
  });
  if (answer.status !== 200)
    throw new Error(`${role} could not sign in: ${answer.status} ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}

async function size(url, cookie) {
  const answer = await fetch(url, { headers: { cookie } });
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}`);
  return (await answer.arrayBuffer()).byteLength;
}
