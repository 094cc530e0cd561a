// node bench/server/resumes.mjs [--files 400] [--at-once 5] [--kill]: made-up résumés dropped on the page Applicants, as
// the page sends them, in the made-up company of 300; how long one takes, and how long all. With `--kill` the server is
// killed once when half of them are answered, and the others are sent again when it is back, as the page does.
import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { simulate } from '../../simulate/dist/index.js';
import { docx } from '../../simulate/dist/papers/docx.js';
import { pdf } from '../../simulate/dist/papers/pdf.js';
import { Random } from '../../simulate/dist/random.js';
import { drawIdentity, drawTemplate, makeResume, resumeText } from '../../simulate/dist/resumes/index.js';
import { killGroup, loadAverage, start, watch } from './processes.mjs';
import { scanOnce } from './scan.mjs';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '400' },
    'at-once': { type: 'string', default: '5' },
    kill: { type: 'boolean', default: false },
  },
});
const count = Number(values.files);
const here = fileURLToPath(new URL('.', import.meta.url));
const folder = join(here, 'out', 'resumes');
const password = 'many-made-up-words-for-one-bench';
const log = join(folder, 'bench.log');
if (!existsSync(join(folder, 'results'))) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'batch'), { recursive: true });
  const made = join(folder, 'made');
  await simulate({ people: 300, seed: 1, out: made, ringMembers: 7, days: 60, asRareAsInLife: true });
  await cp(join(made, 'exports'), join(folder, 'batch', 'data'), { recursive: true });
  await scanOnce({ folder, batch: join(folder, 'batch'), number: 1, memory: '2GB', threads: 1 });
  await rm(made, { recursive: true });
  await rm(join(folder, 'batch'), { recursive: true });
}

/** Résumés of nobody on record: 60 % PDF, 30 % DOCX, the others text. */
const files = Array.from({ length: count }, (_, nth) => {
  const random = new Random('bench', 'dropped', nth);
  const identity = drawIdentity(random);
  const text = resumeText(makeResume(random, { identity }), drawTemplate(random).layout);
  const created = Date.UTC(2026, 0, 1 + (nth % 300));
  const author = `${identity.name.given} ${identity.name.family}`;
  const origin = String(nth).padStart(32, '0');
  if (nth % 10 < 6)
    return {
      name: `${nth}.pdf`,
      body: pdf(text, {
        author,
        creator: 'Example Writer 4',
        producer: 'Example PDF Library 2.1',
        created,
        origin,
      }),
    };
  if (nth % 10 < 9)
    return {
      name: `${nth}.docx`,
      body: docx(text, {
        author,
        lastModifiedBy: author,
        created,
        modified: created,
        revision: 3,
        rsidRoot: `00${origin.slice(0, 6)}`,
      }),
    };
  return { name: `${nth}.txt`, body: text };
});

const options = { folder, port: 0, password };
let server = start(join(here, 'serve.mjs'), options, log);
let { url } = await server.heard('ready');
let cookie = await signIn();
console.log(
  `${cpus().length} × ${cpus()[0]?.model}; Node ${process.version}; ${new Date().toISOString()}; load average ${loadAverage()}`,
);

async function signIn() {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'analyst@example.com', password }),
  });
  if (!answer.ok) throw new Error(`could not sign in: ${answer.status}`);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}

async function check({ name, body }) {
  const from = performance.now();
  const answer = await fetch(`${url}/api/applicants/check`, {
    method: 'POST',
    headers: { origin: url, cookie, 'x-file-name': name },
    body,
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${told.code}`);
  return { milliseconds: performance.now() - from, told };
}

const at = (times, share) => (times[Math.floor(share * (times.length - 1))] / 1000).toFixed(2);
const first = await check(files[0]);
console.log(`the first, with everything to be started: ${(first.milliseconds / 1000).toFixed(2)} s`);
const alone = [];
for (const file of files.slice(0, 12)) alone.push((await check(file)).milliseconds);
alone.sort((a, b) => a - b);
console.log(`one after the other: p50 ${at(alone, 0.5)} s, worst ${at(alone, 1)} s`);

const used = watch(server.pid);
const began = performance.now();
const times = [];
const compared = new Map();
let unread = 0;
let next = 0;
let killed;
const lane = async () => {
  while (next < files.length) {
    const nth = next++;
    for (;;) {
      try {
        const { milliseconds, told } = await check(files[nth]);
        times.push(milliseconds);
        compared.set(nth, (compared.get(nth) ?? 0) + 1);
        if (told.problem) unread++;
        break;
      } catch (error) {
        if (!killed) throw error;
        await killed;
      }
    }
    if (values.kill && !killed && times.length >= files.length / 2) killed = restart();
  }
};
async function restart() {
  killGroup(server.pid);
  server = start(join(here, 'serve.mjs'), options, log);
  ({ url } = await server.heard('ready'));
  cookie = await signIn();
}
await Promise.all(Array.from({ length: Number(values['at-once']) }, lane));
const seconds = (performance.now() - began) / 1000;
const usage = used();
times.sort((a, b) => a - b);
console.log(
  `${files.length} files, ${values['at-once']} at a time: ${seconds.toFixed(0)} s, ${(seconds / files.length).toFixed(2)} s a file; each p50 ${at(times, 0.5)} s, p95 ${at(times, 0.95)} s, worst ${at(times, 1)} s; ${compared.size} answered once${
    [...compared.values()].every((one) => one === 1) ? '' : ' (some twice)'
  }, ${unread} not read; server ${JSON.stringify(usage)}; load average ${loadAverage()}`,
);
server.child.send({ kind: 'stop' });
await server.ended;
