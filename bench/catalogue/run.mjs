// node bench/catalogue/run.mjs [--made] [EVENTS] [PEOPLE]: the whole catalogue over ten million events.
// --made: over the lake that an earlier run left.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { make } from './make.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const [events, people] = process.argv
  .slice(2)
  .filter((arg) => !arg.startsWith('--'))
  .map(Number);
const folder = join(here, 'out', 'lake');
mkdirSync(join(here, 'out'), { recursive: true });
const made =
  process.argv.includes('--made') && existsSync(join(folder, 'made.json'))
    ? JSON.parse(readFileSync(join(folder, 'made.json'), 'utf8'))
    : await make(folder, events, people);
const version = (name) =>
  JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8'))
    .version;
const machine = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0].toFixed(1)}; Node ${process.version}; @duckdb/node-api ${version('@duckdb/node-api')}`;
console.log(machine);
console.log(
  `${made.events.toLocaleString('en')} events of ${made.people.toLocaleString('en')} people, ${made.records.toLocaleString('en')} records for Sigma, ${made.inventory.toLocaleString('en')} inventory rows`,
);
if (made.standIns.length > 0) console.log(`stood in for: ${made.standIns.join(', ')}`);
const result = JSON.parse(
  execFileSync(process.execPath, [join(here, 'detect.mjs'), folder], { encoding: 'utf8', maxBuffer: 1 << 26 })
    .trim()
    .split('\n')
    .at(-1),
);
const { seconds, cpuSeconds } = result;
const whole = seconds.sigma + seconds.detections;
console.log(
  `${result.ran} detections and ${result.rules} Sigma rules in ${whole.toFixed(1)} s (rules ${seconds.sigma.toFixed(1)}, detections ${seconds.detections.toFixed(1)}; opening the tables ${seconds.load.toFixed(1)} more), peak ${result.peakMiB} MiB`,
);
console.log(
  `processor seconds: rules ${cpuSeconds.sigma.toFixed(1)}, detections ${cpuSeconds.detections.toFixed(1)}, opening ${cpuSeconds.load.toFixed(1)}: read these on a machine that is shared`,
);
console.log('\n    ms   share   found  detection');
for (const { id, ms, share, found } of result.detections.slice(0, 25))
  console.log(
    `${String(ms).padStart(6)}  ${`${(share * 100).toFixed(1)} %`.padStart(6)}  ${String(found).padStart(6)}  ${id}`,
  );
for (const { id, why } of result.notRun) console.log(`not run: ${id} (${why})`);
const bars = [
  ['under 120 s', whole < 120],
  ['under 6 GiB', result.peakMiB < 6144],
  ['no detection above a tenth', (result.detections[0]?.share ?? 0) <= 0.1],
];
console.log();
for (const [bar, met] of bars) console.log(`${met ? 'met' : 'NOT MET'}: ${bar}`);
writeFileSync(join(here, 'out', 'result.json'), JSON.stringify({ machine, made, ...result }, null, 1));
