/**
 * Records per second of processor time, per lane, against RSigma, whole processes in pairs on one core.
 *
 *     node bench/sigma/match.mjs [--rules DIR] [--lanes DIR] [--times 10] [--pairs 3] [--route] [--only LANE]
 *
 * The rate is the work beyond loading: (time with all records - time with one record) / records. Load time and
 * peak memory are given too. Peers are installed by bench/sigma/peers.sh.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';

const root = resolve(import.meta.dirname, '../..');
const data = resolve(root, '../shared/data/sigma');
const { values: flags } = parseArgs({
  options: {
    rules: { type: 'string', default: join(data, 'rules') },
    lanes: { type: 'string', default: join(data, 'lanes') },
    times: { type: 'string', default: '10' },
    pairs: { type: 'string', default: '3' },
    route: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const rsigma = [join(root, 'bench/sigma/.peers/bin/rsigma'), process.env.RSIGMA ?? ''].find((file) =>
  existsSync(file),
);
const folder = mkdtempSync(join(tmpdir(), 'sigma-bench-'));

/** Runs on one core; seconds of processor time and wall, peak memory in MiB, lines printed. */
function timed(command, args) {
  const run = spawnSync('taskset', ['-c', '0', '/usr/bin/time', '-f', '%e %U %S %M', command, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  const last = run.stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return {
    wall: last[0],
    cpu: last[1] + last[2],
    memory: last[3] / 1024,
    lines: run.stdout.split('\n').length - 1,
  };
}

const commands = {
  rollcall: (rules, events) => [
    process.execPath,
    [
      join(root, 'packages/cli/bin/rollcall.js'),
      'sigma',
      'match',
      rules,
      events,
      '--json',
      ...(flags.route ? ['--route'] : []),
    ],
  ],
  ...(rsigma && {
    rsigma: (rules, events) => [
      rsigma,
      [
        'engine',
        'eval',
        '-r',
        rules,
        '-e',
        `@${events}`,
        '--no-stats',
        ...(flags.route ? ['--logsource-routing'] : []),
        ...(events.includes('correlation') ? ['--no-detections'] : []),
      ],
    ],
  }),
};

const version = rsigma
  ? spawnSync(rsigma, ['--version'], { encoding: 'utf8' }).stdout.trim()
  : 'rsigma absent';
console.log(
  `${cpus()[0].model}, Node ${process.version}, ${version}; ${flags.route ? 'routed by log source' : 'every rule on every record'}`,
);
console.log('lane | records | rollcall /s | rsigma /s | ratio (min–max) | load s | memory MiB | hits alike');

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
try {
  for (const file of readdirSync(flags.lanes)
    .filter((name) => name.endsWith('.ndjson.gz'))
    .sort()) {
    const lane = file.replace('.ndjson.gz', '');
    if (flags.only && flags.only !== lane) continue;
    const text = gunzipSync(readFileSync(join(flags.lanes, file))).toString('utf8');
    const rules = lane === 'correlation' ? join(flags.lanes, 'correlation-rules.yml') : flags.rules;
    const all = join(folder, `${lane}.ndjson`);
    const single = join(folder, `${lane}.one.ndjson`);
    writeFileSync(all, text.repeat(Number(flags.times)));
    writeFileSync(single, `${text.split('\n', 1)[0]}\n`);
    const records = text.trimEnd().split('\n').length * Number(flags.times);
    const runs = { rollcall: [], rsigma: [] };
    for (let pair = 0; pair < Number(flags.pairs); pair++) {
      for (const [name, make] of Object.entries(commands)) {
        const load = timed(...make(rules, single));
        const whole = timed(...make(rules, all));
        runs[name].push({
          rate: records / Math.max(0.001, whole.cpu - load.cpu),
          load: load.cpu,
          memory: whole.memory,
          lines: whole.lines,
        });
      }
    }
    const of = (name, key) => median(runs[name].map((run) => run[key]));
    const ratios = runs.rsigma.map((run, i) => runs.rollcall[i].rate / run.rate);
    const both = runs.rsigma.length > 0;
    console.log(
      [
        lane,
        records,
        Math.round(of('rollcall', 'rate')),
        both ? Math.round(of('rsigma', 'rate')) : '-',
        both
          ? `${median(ratios).toFixed(1)} (${Math.min(...ratios).toFixed(1)}–${Math.max(...ratios).toFixed(1)})`
          : '-',
        `${of('rollcall', 'load').toFixed(2)}${both ? ` / ${of('rsigma', 'load').toFixed(2)}` : ''}`,
        `${Math.round(of('rollcall', 'memory'))}${both ? ` / ${Math.round(of('rsigma', 'memory'))}` : ''}`,
        both
          ? of('rollcall', 'lines') === of('rsigma', 'lines')
            ? `yes (${of('rollcall', 'lines')})`
            : `${of('rollcall', 'lines')} / ${of('rsigma', 'lines')}`
          : '-',
      ].join(' | '),
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
