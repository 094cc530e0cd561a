// node bench/server/fresh.mjs [--people 300] [--days 60] [--times 5]: from a record's acknowledgement to the signal it gives, in the
// made-up company, with nothing else to do and while records come in without end.
import { cp, mkdir, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { simulate } from '../../simulate/dist/index.js';
import { loadAverage, start, watch } from './processes.mjs';
import { scanOnce } from './scan.mjs';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '300' },
    days: { type: 'string', default: '60' },
    times: { type: 'string', default: '5' },
  },
});
const here = fileURLToPath(new URL('.', import.meta.url));
const people = Number(values.people);
const folder = join(here, 'out', `fresh-${people}`);
const log = join(folder, 'bench.log');
const password = 'many-made-up-words-for-one-bench';
await rm(folder, { recursive: true, force: true });
const made = join(folder, 'made');
await mkdir(join(folder, 'batch'), { recursive: true });
await simulate({
  people,
  seed: 1,
  out: made,
  ringMembers: Math.max(2, Math.round(people / 43)),
  days: Number(values.days),
  asRareAsInLife: true,
});
await cp(join(made, 'exports'), join(folder, 'batch', 'data'), { recursive: true });
const first = await scanOnce({ folder, batch: join(folder, 'batch'), number: 1, memory: '2GB', threads: 1 });
await rm(made, { recursive: true });
await rm(join(folder, 'batch'), { recursive: true });
console.log(
  `${cpus().length} × ${cpus()[0]?.model}; Node ${process.version}; ${new Date().toISOString()}; load average ${loadAverage()}`,
);
console.log(`reading everything the first time: ${first.seconds} s, at most ${first.peakMiB} MiB`);

const server = start(join(here, 'serve.mjs'), { folder, port: 0, password }, log);
const { url, token } = await server.heard('ready');
const employed = (await server.ask('ids')).employed;
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' };
const state = () => server.ask('state');
const rest = async () => {
  for (let quiet = 0; quiet < 3; ) {
    await new Promise((done) => setTimeout(done, 500));
    const { scans, waiting } = await state();
    quiet = scans.running || scans.asked || waiting.records > 0 ? 0 : quiet + 1;
  }
};

/** From the answer to a record about somebody's passed check until their page shows one signal more. */
async function once(person) {
  const before = (await server.ask('signals', { person })).signals;
  const record = {
    employee_id: person,
    check: 'spot_check',
    outcome: 'passed',
    done_at: new Date().toISOString(),
    done_by: 'Bench',
  };
  const answer = await fetch(`${url}/api/intake/checks`, {
    method: 'POST',
    headers,
    body: JSON.stringify(record),
  });
  if (answer.status !== 200) throw new Error(`not taken: ${answer.status} ${await answer.text()}`);
  const clock = performance.now();
  for (;;) {
    await new Promise((done) => setTimeout(done, 100));
    if ((await server.ask('signals', { person })).signals > before)
      return Math.round((performance.now() - clock) / 100) / 10;
    if (performance.now() - clock > 300_000) throw new Error('no signal after five minutes');
  }
}

const times = Number(values.times);
await rest();
const quiet = [];
const ended = watch(server.pid);
for (let nth = 0; nth < times; nth++) {
  quiet.push(await once(employed[nth]));
  await rest();
}
const used = ended();
const scan = (await state()).scans.last;
console.log(
  `nothing else comes in: ${quiet.join(', ')} s; the last scan took ${scan.seconds} s; server ${used.rssMiB} MiB, scan ${used.scanRssMiB} MiB; load average ${loadAverage()}`,
);

// 500 records a second of somebody nobody knows, without end.
const sender = start(
  join(here, 'load.mjs'),
  {
    url,
    token,
    name: 'without end',
    kind: 'health',
    rate: 1,
    posts: 1,
    records: 500,
    people: 1000,
    warm: 0,
    seconds: 300 * times,
  },
  log,
);
await sender.heard('begun');
const busy = [];
for (let nth = 0; nth < times; nth++) busy.push(await once(employed[times + nth]));
process.kill(sender.pid, 'SIGTERM');
console.log(
  `while 500 records a second come in: ${busy.join(', ')} s; the last scan took ${(await state()).scans.last.seconds} s; load average ${loadAverage()}`,
);
server.child.send({ kind: 'stop' });
await server.ended;
process.exit(0);
