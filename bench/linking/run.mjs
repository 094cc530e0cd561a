/**
 * Our matcher and its peers over the same labelled sets, by one evaluator.
 *
 *     npm run build:ts && node bench/linking/run.mjs [--peers ours,splink,goldenmatch,recordlinkage,dedupe] [--sets febrl3,fake_1000]
 *
 * Peers need `bash bench/linking/peers.sh` once. ROLLCALL_DATA names the folder of the sets (default ../shared/data).
 * Ours runs with its defaults on every set. A peer's thresholds are tried and the *best* is reported.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluate, sets } from './sets.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const option = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1].split(',');
};
const data = resolve(process.env.ROLLCALL_DATA ?? join(here, '../../../shared/data'), 'linking');
if (!existsSync(data)) throw new Error(`${data}: no such folder; set ROLLCALL_DATA`);
const out = join(here, 'out');
const peers = option('peers') ?? ['ours', 'splink', 'goldenmatch', 'recordlinkage', 'dedupe'];
const limit = Number(option('limit')?.[0] ?? 300) * 1000;

const results = [];
console.log('set                  matcher        F1      precision recall   seconds  MB    threshold');
for (const set of sets(data, out)) {
  if (option('sets') && !option('sets').includes(set.name)) continue;
  for (const peer of peers) {
    const answer = join(out, `${set.name}.${peer}.json`);
    rmSync(answer, { force: true });
    const files = [set.left, ...(set.right ? [set.right] : [])];
    const [command, script] =
      peer === 'ours' ? [process.execPath, 'ours.mjs'] : [join(here, '.peers/bin/python'), 'peers.py'];
    const first = peer === 'ours' ? [] : [peer, set.name];
    const ran = spawnSync(command, [join(here, script), ...first, answer, set.id, ...files], {
      timeout: limit,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const label = `${set.name.padEnd(21)}${peer.padEnd(15)}`;
    if (!existsSync(answer)) {
      const why = ran.error?.code === 'ETIMEDOUT' ? `no answer in ${limit / 1000} s` : lastLine(ran.stderr);
      console.log(`${label}${why}`);
      results.push({ set: set.name, matcher: peer, failed: why });
      continue;
    }
    const { seconds, megabytes, thresholds } = JSON.parse(readFileSync(answer, 'utf8'));
    const tried = Object.entries(thresholds).map(([threshold, groups]) => ({
      threshold,
      ...evaluate(set, groups),
    }));
    const best = tried.reduce((a, b) => (b.f1 > a.f1 ? b : a));
    console.log(
      `${label}${best.f1.toFixed(4)}  ${best.precision.toFixed(4)}    ${best.recall.toFixed(4)}   ${seconds.toFixed(1).padStart(6)}  ${megabytes.toFixed(0).padStart(5)}  ${best.threshold}`,
    );
    results.push({ set: set.name, matcher: peer, seconds, megabytes, ...best, tried });
  }
}
writeFileSync(join(out, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);

function lastLine(text) {
  return (text ?? '').trim().split('\n').at(-1)?.slice(0, 100) ?? 'failed';
}
