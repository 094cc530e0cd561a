// node bench/rings/run.mjs FOLDER [METHOD …] : every method over one folder of make.mjs, each in a process of its own;
// peak memory is the process's until then.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const methods = ['components', 'scored', 'rollcall'];
const [given, ...only] = process.argv.slice(2);
if (!given) throw new Error('usage: run.mjs FOLDER [METHOD …]');
const folder = resolve(given);
const limit = 1500; // seconds for one method
const versionOf = (name) =>
  JSON.parse(readFileSync(join(here, '../../node_modules', name, 'package.json'), 'utf8')).version;
const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8'));
console.log(
  `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0].toFixed(1)}; Node ${process.version}; @duckdb/node-api ${versionOf('@duckdb/node-api')}
${truth.applications.toLocaleString('en')} applications of ${truth.people.toLocaleString('en')} people at ${truth.companies} companies, ${truth.identifiers.toLocaleString('en')} identifiers; ${truth.rings.length} rings of ${truth.rings[0].members.length}
Per difficulty: share of identities in the largest group / honest people in it (median of the rings).`,
);
const difficulties = [...new Set(truth.rings.map((ring) => ring.difficulty))];
console.log(
  `${'method'.padEnd(34)}${difficulties.map((name) => name.padStart(15)).join('')}  other groups ≥3 per million   ≥10  largest  seconds   CPU s  peak MiB`,
);
mkdirSync(join(here, 'out'), { recursive: true });
for (const method of only.length > 0 ? only : methods) {
  const ran = spawnSync(process.execPath, [join(here, 'measure.mjs'), method, folder], {
    encoding: 'utf8',
    timeout: limit * 1000,
    maxBuffer: 1 << 28,
  });
  writeFileSync(join(here, 'out', `${truth.applications}-${method}.ndjson`), ran.stdout);
  for (const line of ran.stdout.split('\n').filter(Boolean)) {
    const { label, rings, others, seconds, cpuSeconds, maxRssMiB } = JSON.parse(line);
    const cells = [
      ...rings.map((ring) => `${Math.round(ring.found * 100)} % / ${ring.honest}`.padStart(15)),
      String(Math.round(others.perMillion)).padStart(30),
      String(others.from10).padStart(6),
      String(others.largest).padStart(9),
      String(seconds).padStart(9),
      String(cpuSeconds).padStart(8),
      String(maxRssMiB).padStart(10),
    ];
    console.log(`${label.padEnd(34)}${cells.join('')}`);
  }
  if (ran.status !== 0) {
    const failed =
      ran.stderr.split('\n').find((line) => /error|fatal/i.test(line)) ?? `ended with ${ran.status}`;
    console.log(
      `${method.padEnd(34)}${ran.error?.code === 'ETIMEDOUT' ? `no more in ${limit} s` : failed.slice(0, 120)}; ${ran.stderr}`,
    );
  }
}
