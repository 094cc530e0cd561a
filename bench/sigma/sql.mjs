/**
 * The SQL target over files, beside pySigma's SQLite back end (one SELECT a rule, as Zircolite runs them), in the
 * same run. Whole processes on two cores; ours also with every rule evaluated for every row.
 *
 *     node bench/sigma/sql.mjs [LANE …]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const root = resolve(import.meta.dirname, '../..');
const data = resolve(root, '../shared/data/sigma');
const python = join(root, 'bench/sigma/.peers/python/bin/python');
const lanes = process.argv.length > 2 ? process.argv.slice(2) : ['low_match', 'mixed_schema', 'no_match'];
const folder = mkdtempSync(join(tmpdir(), 'sigma-sql-'));
const rules = join(data, 'rules');

function timed(command, args) {
  const run = spawnSync('/usr/bin/time', ['-f', '%e %M', command, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  const [wall, memory] = run.stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return { wall, memory: memory / 1024, stdout: run.stdout };
}
const match = (file) => [
  process.execPath,
  [join(root, 'packages/cli/bin/rollcall.js'), 'sigma', 'match', rules, file, '--json', '--target', 'sql'],
];

console.log(`${cpus()[0].model}, Node ${process.version}; all rules of ${rules.split('/').at(-1)}`);
console.log(
  'lane | records | our load s | our run s | records/s | MiB | hits || SQLite convert s | run s | records/s | hits',
);
try {
  for (const lane of lanes) {
    const text = gunzipSync(readFileSync(join(data, 'lanes', `${lane}.ndjson.gz`))).toString('utf8');
    const file = join(folder, `${lane}.ndjson`);
    const single = join(folder, 'one.ndjson');
    writeFileSync(file, text);
    writeFileSync(single, `${text.split('\n', 1)[0]}\n`);
    const records = text.trimEnd().split('\n').length;
    const load = timed(...match(single));
    const whole = timed(...match(file));
    const run = Math.max(0.01, whole.wall - load.wall);
    const ours = `${lane} | ${records} | ${load.wall.toFixed(1)} | ${run.toFixed(1)} | ${Math.round(records / run)} | ${Math.round(whole.memory)} | ${whole.stdout.split('\n').length - 1}`;
    if (!existsSync(python)) {
      console.log(`${ours} || peers not installed: bench/sigma/peers.sh`);
      continue;
    }
    const peer = JSON.parse(
      timed(python, [join(root, 'bench/sigma/pysigma.py'), rules, file]).stdout.split('\n')[0],
    );
    console.log(
      `${ours} || ${peer.convert_s} | ${peer.run_s} | ${peer.records_per_s} | ${peer.hits} (${peer.not_converted} rules not converted)`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
