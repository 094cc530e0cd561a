// Asks at times fixed beforehand, whether or not what was asked before is answered: latency is from the time a request
// was meant to go out, so that a server that stands still is seen standing still.
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { delivery } from './records.mjs';

const given = JSON.parse(process.argv[2]);
const {
  url,
  cookies = [],
  token = '',
  seconds,
  warm,
  name,
  rate,
  posts,
  records,
  people,
  kind,
  found = [],
} = given;
process.on('disconnect', () => process.exit(1));
const agent = new Agent({ keepAlive: true, maxSockets: 512, scheduling: 'lifo' });
const { hostname, port } = new URL(url);

/** Repeatable numbers from 0 to 1. */
function numbers(seed) {
  let n = 0;
  return () => createHash('sha256').update(`${seed} ${n++}`).digest().readUInt32BE() / 2 ** 32;
}
const chance = numbers(name);
const pick = (list) => list[Math.floor(chance() * list.length)];

/** What is asked of the list, in the header that keeps words out of addresses. */
function listQuery() {
  const query = new URLSearchParams();
  const roll = chance();
  if (roll < 0.3) query.set('page', String(1 + Math.floor(chance() * Math.ceil(people / 100))));
  else if (roll < 0.45)
    query.set('band', pick(['urgent', 'review', 'watch', 'urgent.review', 'watch.clear']));
  else if (roll < 0.6) query.set('sort', pick(['person', 'signals', 'stage']));
  else if (roll < 0.7) query.set('remote', pick(['yes', 'no']));
  else if (roll < 0.8) query.set('stage', pick(['employed', 'applicant', 'left']));
  // Searches cannot be kept from one request to the next: letters of pseudonyms, each its own.
  else query.set('q', (pick(found) ?? 'p0123456789').slice(1, 5 + Math.floor(chance() * 3)));
  if (chance() < 0.2) query.set('order', 'back');
  return String(query);
}

/** A connection that the server had closed a moment ago is no answer: asked again, as browsers do. */
function ask(method, path, headers, body, again = true) {
  return new Promise((done) => {
    const going = request({ hostname, port, method, path, agent, headers }, (answer) => {
      let bytes = 0;
      answer.on('data', (part) => {
        bytes += part.length;
      });
      answer.on('end', () => done({ status: answer.statusCode, bytes }));
      answer.on('error', () => done({ status: 0, bytes }));
    });
    going.on('error', ({ code }) => {
      if (again && going.reusedSocket && code === 'ECONNRESET') done(ask(method, path, headers, body, false));
      else done({ status: 0, bytes: 0 });
    });
    going.setTimeout(60_000, () => going.destroy());
    going.end(body);
  });
}

const plan = [];
for (let at = 0; ; ) {
  // Visitors come by chance, not in step.
  at += (-Math.log(1 - chance()) / rate) * 1000;
  if (at > (warm + seconds) * 1000) break;
  const what = kind === 'pages' ? (chance() < 0.7 ? 'list' : 'person') : kind;
  const path =
    what === 'list'
      ? '/api/people'
      : what === 'person'
        ? `/api/people/${pick(found)}`
        : what === 'health'
          ? '/api/health'
          : '/api/fixed';
  plan.push({
    at,
    what,
    method: 'GET',
    path,
    headers: {
      ...(what === 'list' ? { 'x-rollcall-query': listQuery() } : {}),
      ...(cookies.length > 0 ? { cookie: pick(cookies) } : {}),
    },
  });
}
let packed = 0;
for (let nth = 0; nth < posts * (warm + seconds); nth++) {
  const id = `${name}-${nth}`;
  const body = gzipSync(delivery(id, records, people, new Date().toISOString()));
  packed += body.length;
  plan.push({
    at: (nth * 1000) / posts,
    what: 'delivery',
    method: 'POST',
    path: '/api/intake/okta-system-log',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
      'content-length': body.length,
      'idempotency-key': id,
    },
    body,
  });
}
plan.sort((a, b) => a.at - b.at);
const times = new Map();
const statuses = new Map();
const sizes = new Map();
let late = 0;
const begin = performance.now() + 200;
process.send({ kind: 'begun' });
const going = [];
for (const one of plan) {
  const wait = begin + one.at - performance.now();
  if (wait > 0) await new Promise((done) => setTimeout(done, wait));
  const counted = one.at >= warm * 1000;
  if (counted) late = Math.max(late, performance.now() - begin - one.at);
  going.push(
    ask(one.method, one.path, one.headers, one.body).then(({ status, bytes }) => {
      if (!counted) return;
      const taken = performance.now() - begin - one.at;
      times.set(one.what, [...(times.get(one.what) ?? []), taken]);
      const key = `${one.what} ${status}`;
      statuses.set(key, (statuses.get(key) ?? 0) + 1);
      sizes.set(one.what, [...(sizes.get(one.what) ?? []), bytes]);
    }),
  );
}
await Promise.all(going);
const spent = (performance.now() - begin) / 1000 - warm;
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
const round = (n) => Math.round(n * 10) / 10;
const result = {};
for (const [what, list] of times) {
  const sorted = list.sort((a, b) => a - b);
  const bytes = sizes.get(what).sort((a, b) => a - b);
  result[what] = {
    count: sorted.length,
    perSecond: round(sorted.length / spent),
    p50: round(at(sorted, 0.5)),
    p95: round(at(sorted, 0.95)),
    p99: round(at(sorted, 0.99)),
    max: round(sorted.at(-1)),
    bytes: at(bytes, 0.5),
    failed: [...statuses].reduce(
      (sum, [key, n]) => sum + (key.startsWith(`${what} `) && key !== `${what} 200` ? n : 0),
      0,
    ),
  };
}
const cpu = process.cpuUsage();
process.send({
  kind: 'done',
  seconds: round(spent),
  result,
  statuses: Object.fromEntries(statuses),
  recordsPerSecond: Math.round(((statuses.get('delivery 200') ?? 0) * records) / spent),
  senderLateMs: round(late),
  senderCpuSeconds: round((cpu.user + cpu.system) / 1e6),
  packedBytes: plan.length > 0 && posts > 0 ? Math.round(packed / (posts * (warm + seconds))) : 0,
});
setTimeout(() => process.exit(0), 100);
