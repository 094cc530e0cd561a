/**
 * Our passages and their peers over the same labelled texts, by one evaluator.
 *
 *     npm run build:ts && bash bench/passages/peers.sh
 *     node bench/passages/run.mjs quality  [--peers ours,datasketch,datasketch-usual,datasketch-lines,text-dedup] [--common]
 *     node bench/passages/run.mjs speed    [--sizes 10000,100000,1000000] [--limit 600]
 *     node bench/passages/run.mjs neardup  [--sets clough_stevenson,pan]
 *     node bench/passages/check.mjs        (a new applicant against an index; see there)
 *
 * `quality` tries each matcher's settings and thresholds on sets of their own (seeds 101, 102), takes the best F1, and
 * measures that on held-out sets (seeds 1 to 5). `speed` and `neardup` use what `quality` chose. --common gives the
 * adverts' texts to every matcher. ROLLCALL_BENCH is the folder for sets and answers (default bench/passages/out; a
 * million résumés need 3 GB), ROLLCALL_DATA that of the shared data.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { best, mark, measure, pooled } from './evaluate.mjs';
import { nearDuplicates } from './neardup.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.env.ROLLCALL_BENCH ?? join(here, 'out'));
mkdirSync(out, { recursive: true });
const option = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : (process.argv[at + 1] ?? '').split(',');
};
const peers = option('peers') ?? ['ours', 'datasketch', 'datasketch-usual', 'datasketch-lines', 'text-dedup'];
const withAdverts = process.argv.includes('--common');
const limit = Number(option('limit')?.[0] ?? 600) * 1000;
const python = process.env.ROLLCALL_PEERS ?? join(here, '.peers/bin/python');

/** Settings tried on the sets for choosing. */
const grids = {
  ours: [{ score: 'sum' }, { score: 'best' }],
  datasketch: [
    { shingle: 5, perm: 128, lsh: 0.1, score: 'jaccard' },
    { shingle: 5, perm: 256, lsh: 0.08, score: 'jaccard' },
    { shingle: 5, perm: 256, lsh: 0.08, score: 'containment' },
    { shingle: 3, perm: 256, lsh: 0.1, score: 'jaccard' },
    { shingle: 3, perm: 256, lsh: 0.1, score: 'containment' },
    { shingle: 5, perm: 256, lsh: 0.15, score: 'jaccard' },
  ],
  // As one meets it in tutorials; with high thresholds it is much quicker.
  'datasketch-usual': [{ shingle: 5, perm: 128, lsh: 0.5, score: 'jaccard' }],
  'datasketch-lines': [
    { shingle: 2, perm: 64, lsh: 0.6, owners: 5 },
    { shingle: 2, perm: 64, lsh: 0.6, owners: 10 },
  ],
  'text-dedup': [0.2, 0.3, 0.4, 0.5].map((lsh) => ({ shingle: 5, perm: 256, lsh })),
};

function make(count, seed, share) {
  const folder = join(out, `${count}-${seed}-${share}`);
  if (existsSync(join(folder, 'counts.json'))) return folder;
  run(process.execPath, [join(here, 'make.mjs'), count, seed, share, out], 3_600_000);
  return folder;
}

function run(command, args, timeout) {
  const ran = spawnSync(command, args.map(String), { encoding: 'utf8', timeout, maxBuffer: 1 << 28 });
  if (ran.status !== 0)
    throw new Error(
      ran.error?.code === 'ETIMEDOUT'
        ? `no answer in ${timeout / 1000} s`
        : (ran.stderr ?? '').trim().slice(-300),
    );
}

/** A matcher over documents; its answer's file and figures. */
function answer(peer, documents, settings, adverts) {
  const name = join(out, `answer-${peer}-${process.pid}`);
  for (const end of ['.pairs', '.json']) rmSync(name + end, { force: true });
  const args = [documents, name, JSON.stringify(settings), ...(withAdverts && adverts ? [adverts] : [])];
  if (peer === 'ours')
    run(process.execPath, ['--max-old-space-size=12000', join(here, 'ours.mjs'), ...args], limit);
  else run(python, [join(here, 'peers.py'), peer.replace('-usual', ''), ...args], limit);
  return { pairs: `${name}.pairs`, figures: JSON.parse(readFileSync(`${name}.json`, 'utf8')) };
}

async function over(peer, settings, folders) {
  const sets = [];
  const figures = { seconds: 0, cpu: 0, megabytes: 0, documents: 0 };
  for (const folder of folders) {
    const got = answer(peer, join(folder, 'documents.ndjson'), settings, join(folder, 'adverts.ndjson'));
    figures.seconds += got.figures.seconds;
    figures.cpu += got.figures.cpu;
    figures.documents += got.figures.documents;
    figures.megabytes = Math.max(figures.megabytes, got.figures.megabytes);
    sets.push(await mark(folder, got.pairs));
    rmSync(got.pairs);
  }
  return { set: pooled(sets), figures };
}

const chosenFile = join(out, `chosen${withAdverts ? '-common' : ''}.json`);
const chosen = existsSync(chosenFile) ? JSON.parse(readFileSync(chosenFile, 'utf8')) : {};
const keep = (name, value) => writeFileSync(join(out, `${name}.json`), `${JSON.stringify(value, null, 1)}\n`);
const share = (value) => (value * 100).toFixed(1).padStart(6);

async function quality() {
  const choosing = [101, 102].map((seed) => make(2000, seed, 0.25));
  const held = [1, 2, 3, 4, 5].map((seed) => make(2000, seed, 0.25));
  const results = {};
  for (const peer of peers) {
    const tried = [];
    for (const settings of grids[peer]) {
      const { set } = await over(peer, settings, choosing);
      tried.push({ settings, ...best(set) });
      console.log(`choosing  ${peer} ${JSON.stringify(tried.at(-1))}`);
    }
    chosen[peer] = tried.reduce((a, b) => (b.f1 > a.f1 ? b : a));
    const { set, figures } = await over(peer, chosen[peer].settings, held);
    results[peer] = {
      ...measure(set, chosen[peer].threshold),
      ...figures,
      chosen: chosen[peer],
      totals: set.totals,
    };
    writeFileSync(chosenFile, `${JSON.stringify(chosen, null, 1)}\n`);
    report(peer, results[peer]);
    keep(`quality${withAdverts ? '-common' : ''}-${peer}`, results[peer]);
  }
}

function report(peer, r) {
  console.log(
    `\n${peer}: F1 ${r.f1.toFixed(4)}  precision ${r.precision.toFixed(4)}  recall ${r.recallAll.toFixed(4)}  ${(r.documents / r.seconds).toFixed(0)} résumés/s (${(r.documents / r.cpu).toFixed(0)} a CPU second)  ${r.megabytes.toFixed(0)} MB`,
  );
  for (const [name, value] of Object.entries(r.recall))
    console.log(`  found ${share(value)} % of ${r.totals[name]} ${name}`);
  console.log(
    `  false links: ${r.wrong} (${r.perThousand.toFixed(2)} in 1,000 documents) ${JSON.stringify(r.falseLinks)}`,
  );
}

async function speed() {
  const results = [];
  for (const size of option('sizes')?.map(Number) ?? [10_000, 100_000, 1_000_000]) {
    const folder = make(size, 7, 0.01);
    for (const peer of peers) {
      if (!chosen[peer]) {
        console.log(`${size} ${peer}: no settings chosen yet; run "quality" first`);
        continue;
      }
      try {
        const { set, figures } = await over(peer, chosen[peer].settings, [folder]);
        const result = {
          peer,
          size,
          ...figures,
          totals: set.totals,
          ...measure(set, chosen[peer].threshold),
        };
        results.push(result);
        console.log(`\n${size} résumés in ${figures.seconds.toFixed(1)} s`);
        report(peer, result);
      } catch (error) {
        console.log(`\n${size} ${peer}: ${error.message}`);
        results.push({ peer, size, failed: error.message });
      }
      keep(`speed-${size}-${peer}`, results.at(-1));
    }
  }
}

async function neardup() {
  const data = join(resolve(process.env.ROLLCALL_DATA ?? join(here, '../../../shared/data')), 'neardup');
  if (!existsSync(data)) throw new Error(`${data}: no such folder; set ROLLCALL_DATA`);
  for (const peer of peers) {
    const { settings, threshold } = chosen[peer];
    const ask = (documents) => answer(peer, documents, settings).pairs;
    const rows = await nearDuplicates(data, out, ask, threshold, option('sets'));
    for (const row of rows) console.log(`${peer.padEnd(18)}${row}`);
  }
}

const lanes = { quality, speed, neardup };
const lane = lanes[process.argv[2]];
if (!lane) throw new RangeError('run.mjs quality|speed|neardup');
await lane();
