// node bench/scan/run.mjs [records …] : how long a scan takes beside DuckDB's own copy of the same file.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { make } from './make.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const sizes = process.argv.slice(2).map(Number).filter(Boolean);
const repeats = 3;
const memory = '2GB';
const run = (script, ...args) =>
  JSON.parse(
    execFileSync(process.execPath, [join(here, script), ...args], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .at(-1),
  );
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const versionOf = (name) =>
  JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8'))
    .version;

console.log(
  `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.version}; @duckdb/node-api ${versionOf('@duckdb/node-api')}; ${repeats} runs each in turn, medians`,
);
console.log('records      GB   floor s   scan s   ratio   floor MiB   scan MiB');
for (const records of sizes.length > 0 ? sizes : [200_000, 650_000, 2_000_000]) {
  const folder = join(here, 'out', String(records));
  await make(join(folder, 'exports'), records);
  const source = join(folder, 'exports', 'okta.ndjson');
  const floors = [];
  const scans = [];
  for (let i = 0; i < repeats; i++) {
    const target = join(folder, 'floor.parquet');
    rmSync(target, { force: true });
    floors.push(run('floor.mjs', source, target, memory));
    const lake = join(folder, 'lake');
    rmSync(lake, { recursive: true, force: true });
    const result = run('scan.mjs', join(folder, 'exports'), lake, memory);
    if (result.code !== 0) throw new Error(`scan ended with ${result.code}`);
    scans.push(result);
  }
  const floor = median(floors.map((r) => r.seconds));
  const scan = median(scans.map((r) => r.seconds));
  const ratio = median(scans.map((r, i) => r.seconds / floors[i].seconds));
  const rss = (list) => Math.round(Math.max(...list.map((r) => r.maxRssMiB)));
  console.log(
    `${String(records).padStart(7)}  ${(statSync(source).size / 1e9).toFixed(2).padStart(6)}  ${floor.toFixed(1).padStart(8)} ${scan.toFixed(1).padStart(8)}  ${ratio.toFixed(2).padStart(6)}  ${String(rss(floors)).padStart(10)} ${String(rss(scans)).padStart(10)}`,
  );
  rmSync(folder, { recursive: true, force: true });
}
