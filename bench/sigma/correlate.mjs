// Correlations over a stream: records a second, and memory a group.
//
//   node --expose-gc bench/sigma/correlate.mjs [groups] [events] [type|all|baseline] [lateness]
//
// Every record goes to one of `groups` accounts, chosen at random; the window holds all of them. `baseline` is
// event_count as one would first write it: a Map from key to an object with an array of objects. `lateness` is
// in seconds, 0 unless given. Times are processor time, all threads together, so that other work on the machine
// counts less.
import { Correlator } from '../../packages/sigma/dist/correlate/index.js';

const [groups = 1_000_000, events = 4_000_000] = process.argv.slice(2, 4).map(Number);
const chosen = process.argv[4] ?? 'all';
const lateness = Number(process.argv[5] ?? 0);
if (typeof globalThis.gc !== 'function') throw new Error('run with --expose-gc');

const at = { file: 'bench.yml', line: 1, column: 1 };
const head = { references: [], tags: [], falsepositives: [], fields: [], related: [], custom: new Map(), at };
const makeRule = (name) => ({
  rule: { ...head, title: name, name, kind: 'detection', detections: new Map(), conditions: [] },
  key: name,
  plan: { op: 'constant', value: false },
  parts: new Map(),
});
const rules = [makeRule('failed'), makeRule('succeeded')];

function makeSet(type, threshold) {
  const rule = {
    ...head,
    title: type,
    kind: 'correlation',
    type,
    rules: rules.map(({ key }) => ({ ref: key, at })),
    groupBy: ['user'],
    aliases: new Map(),
    timespan: 86_400,
    thresholds: threshold === undefined ? [] : [{ op: 'gte', value: threshold }],
    countedFields: ['bytes'],
    percentile: 95,
    generate: false,
  };
  const planned = { rule, key: type, inputs: rules, groupFields: [['user'], ['user']] };
  return { rules, correlations: [planned], silent: new Set() };
}

const memory = () => {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** Seconds of processor time since `before`. */
const cpu = (before) => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

/** Records in order, one after another, 10 ms apart at most. The same ones each time. */
function* records() {
  let state = 1;
  const random = (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
  const step = Math.min(10, 80_000_000 / events);
  const first = [rules[0]];
  const second = [rules[1]];
  const buffer = Buffer.from('user-0000000@example.com');
  for (let ref = 0; ref < events; ref++) {
    // The first pass reaches every group once, so that all exist. A new string each time, as from JSON.
    let number = ref < groups ? ref : random(groups);
    for (let i = 11; i > 4; i--) {
      buffer[i] = 48 + (number % 10);
      number = Math.floor(number / 10);
    }
    const user = buffer.latin1Slice();
    const event = { user, bytes: random(1000) };
    const matched = random(8) === 0 ? second : first;
    yield { ref, time: Math.floor(1_700_000_000_000 + ref * step), event, matched };
  }
}

function report(name, seconds, bytes, fired, note = '') {
  const rate = Math.round(events / seconds).toLocaleString('en');
  const each = (bytes / groups).toFixed(0);
  console.log(
    `${name.padEnd(18)} ${rate.padStart(11)} records/s ${each.padStart(6)} bytes/group  ${fired} fired ${note}`,
  );
}

/** The time the records alone take, which is no part of the figures. */
function emptyLoop() {
  const started = process.cpuUsage();
  let last = 0;
  for (const record of records()) last += record.event.bytes;
  return cpu(started) + (last < 0 ? 1 : 0);
}

function run(type, threshold) {
  const before = memory();
  const correlator = new Correlator(makeSet(type, threshold), { lateness });
  let fired = 0;
  const started = process.cpuUsage();
  for (const record of records()) fired += correlator.push(record).length;
  fired += correlator.flush().length;
  const seconds = cpu(started) - overhead;
  const bytes = memory() - before;
  const [state] = correlator.state().correlations;
  report(
    type,
    seconds,
    bytes,
    fired,
    `(${state.entries} entries, ${Math.round(state.bytes / groups)} counted)`,
  );
}

function baseline(threshold) {
  const before = memory();
  const kept = new Map();
  let fired = 0;
  const started = process.cpuUsage();
  for (const { ref, time, event } of records()) {
    let group = kept.get(event.user);
    if (group === undefined) {
      group = { entries: [] };
      kept.set(event.user, group);
    }
    group.entries.push({ time, ref });
    while (group.entries[0].time < time - 86_400_000) group.entries.shift();
    if (group.entries.length >= threshold) fired++;
  }
  const seconds = cpu(started) - overhead;
  report('baseline', seconds, memory() - before, fired, `(${kept.size} groups)`);
}

emptyLoop();
const overhead = emptyLoop();
console.log(`${groups} groups, ${events} records, ${overhead.toFixed(2)} s to make them`);
/** Thresholds few groups reach: firings cost more than records, see `event_count low`. */
const thresholds = {
  event_count: 20,
  value_count: 20,
  value_sum: 20_000,
  value_avg: 999,
  value_median: 999,
  value_percentile: 999,
  temporal: 3,
  temporal_ordered: undefined,
};
if (chosen === 'baseline' || chosen === 'all') baseline(20);
for (const [type, threshold] of Object.entries(thresholds)) {
  if (chosen === type || chosen === 'all') run(type, threshold);
}
