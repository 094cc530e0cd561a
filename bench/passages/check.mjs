/**
 * A new applicant against everybody known: an index of N résumés, 1,000 more, and 500 applicants checked.
 *
 *     node bench/passages/check.mjs [N] [SEED]
 *
 * Half of the applicants copied from somebody among the 1,000, a quarter of those each way; the other half did not. The
 * checks run in a process of their own that opens the index first. Times are on a warm page cache.
 */
import { spawnSync } from 'node:child_process';
import {
  createReadStream,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PassageIndex } from '../../packages/passages/dist/index.js';
import { Random } from '../../simulate/dist/random.js';
import { resumeText } from '../../simulate/dist/resumes/index.js';
import { independent, machine, partial, reordered, reworded, verbatim } from './groups.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.env.ROLLCALL_BENCH ?? join(here, 'out'));
const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 7);
const folder = join(out, `index-${count}-${seed}`);
const askedFile = join(out, `asked-${count}-${seed}.ndjson`);
const batchSize = 50_000;
const rss = () => Math.round(process.memoryUsage.rss() / 1048576);
const peak = () => Math.round(process.resourceUsage().maxRSS / 1024);
const secondsSince = (start) => ((performance.now() - start) / 1000).toFixed(2);

if (process.argv[4] === 'ask') await ask();
else {
  await build();
  const ran = spawnSync(process.execPath, [fileURLToPath(import.meta.url), count, seed, 'ask'].map(String), {
    stdio: 'inherit',
  });
  process.exitCode = ran.status ?? 1;
}

async function build() {
  const set = join(out, `${count}-${seed}-0.01`);
  if (!existsSync(join(set, 'counts.json')))
    spawnSync(process.execPath, [join(here, 'make.mjs'), count, seed, 0.01, out].map(String), {
      stdio: 'inherit',
    });
  rmSync(folder, { recursive: true, force: true });
  const index = await PassageIndex.open(folder);
  let batch = [];
  let inside = 0;
  const add = async () => {
    const start = performance.now();
    await index.add(batch);
    inside += performance.now() - start;
    batch = [];
  };
  for await (const line of createInterface({ input: createReadStream(join(set, 'documents.ndjson')) })) {
    batch.push(JSON.parse(line));
    if (batch.length === batchSize) await add();
  }
  if (batch.length > 0) await add();
  console.log(
    `built: ${count} résumés in ${(inside / 1000).toFixed(1)} s, batches of ${batchSize}, peak ${peak()} MB`,
  );
  const { known, asked } = applicants();
  writeFileSync(askedFile, asked.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const start = performance.now();
  await index.add(known);
  console.log(`added ${known.length} more in ${secondsSince(start)} s`);
  index.close();
}

/** 1,000 to add, and 500 who apply afterwards. */
function applicants() {
  const known = [];
  const asked = [];
  const put = (list, _random, { resume, from }, more) => {
    const id = `${list === known ? 'k' : 'n'}${list.length}`;
    list.push({ id, owner: `o${id}`, text: resumeText(resume, from.layout), ...more });
    return id;
  };
  const ways = { verbatim, partial, reordered, reworded };
  for (let i = 0; i < 250; i++) {
    const [name, way] = Object.entries(ways)[i % 4];
    const random = new Random('check', seed, i);
    const [first, second] = way(random).members;
    put(asked, random, second, { from: put(known, random, first), way: name });
  }
  for (let i = 0; known.length < 1000 || asked.length < 500; i++) {
    const random = new Random('check honest', seed, i);
    const [one] = (random.chance(0.25) ? machine : independent)(random).members;
    put(asked.length < 500 ? asked : known, random, one, asked.length < 500 ? { way: 'new' } : {});
  }
  return { known, asked };
}

async function ask() {
  const asked = readFileSync(askedFile, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const threshold = JSON.parse(readFileSync(join(out, 'chosen.json'), 'utf8')).ours;
  const before = rss();
  const opening = performance.now();
  const index = await PassageIndex.open(folder);
  const opened = performance.now() - opening;
  const times = [];
  const ways = {};
  for (const { way, from, text, owner } of asked) {
    const start = performance.now();
    const result = index.check(text, { owner });
    times.push(performance.now() - start);
    const found = scored(result, threshold.settings.score).filter(({ bits }) => bits >= threshold.threshold);
    ways[way] ??= { asked: 0, first: 0, found: 0, others: 0 };
    const row = ways[way];
    row.asked++;
    if (found[0]?.id === from && from !== undefined) row.first++;
    if (found.some(({ id }) => id === from)) row.found++;
    row.others += found.filter(({ id }) => id !== from).length;
  }
  const first = times[0];
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))].toFixed(1);
  console.log(
    `opened in ${opened.toFixed(0)} ms; ${sizeOf(folder)} MB on disk; RSS ${before} MB before, ${rss()} MB after, peak ${peak()} MB`,
  );
  console.log(
    `check: first ${first.toFixed(1)} ms, p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`,
  );
  for (const [way, { asked: n, first: top, found, others }] of Object.entries(ways))
    console.log(
      `  ${way.padEnd(10)} ${n} asked; source found ${found}, as the first ${top}; other documents named ${others}`,
    );
  index.close();
}

/** Bits by document, the most first. */
function scored({ matches }, how) {
  return matches
    .map(({ id, passages }) => {
      const bits = passages.map((one) => one.bits);
      return { id, bits: how === 'best' ? Math.max(...bits) : bits.reduce((sum, value) => sum + value, 0) };
    })
    .sort((a, b) => b.bits - a.bits);
}

function sizeOf(path) {
  const total = (at) =>
    readdirSync(at, { withFileTypes: true }).reduce(
      (sum, entry) =>
        sum + (entry.isDirectory() ? total(join(at, entry.name)) : statSync(join(at, entry.name)).size),
      0,
    );
  return Math.round(total(path) / 1e6);
}
