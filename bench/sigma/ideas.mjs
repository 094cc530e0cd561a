/**
 * What each idea of the matcher brings: records per second of processor time with it left out.
 *
 *     node bench/sigma/ideas.mjs [LANE …]
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readRuleFiles } from '../../packages/sigma/dist/files.js';
import { loadRules, Matcher } from '../../packages/sigma/dist/index.js';

const data = resolve(import.meta.dirname, '../../../shared/data/sigma');
const lanes = process.argv.length > 2 ? process.argv.slice(2) : ['low_match', 'match_heavy', 'mixed_schema'];
const clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const read = clock();
const sources = await readRuleFiles(join(data, 'rules'));
const loading = clock();
const { set } = loadRules(sources);
const building = clock();
new Matcher(set.rules);
console.log(`${cpus()[0].model}, Node ${process.version}; ${set.rules.length} rules`);
console.log(
  `read ${(loading - read).toFixed(2)} s, parse and plan ${(building - loading).toFixed(2)} s, index ${(clock() - building).toFixed(2)} s`,
);

const source = (event) => ({ product: event.product, category: event.category, service: event.service });
const variants = [
  ['all ideas', {}, 1],
  ['index fixed: no learning', { index: 'fixed' }, 1],
  ['no memory of values', { remember: false }, 1],
  ['no index: every rule on every record', { index: 'none' }, 0.05],
  ['routed by log source', { source }, 1],
];
for (const lane of lanes) {
  const lines = gunzipSync(readFileSync(join(data, 'lanes', `${lane}.ndjson.gz`)))
    .toString('utf8')
    .trimEnd()
    .split('\n');
  for (const [name, options, share] of variants) {
    const matcher = new Matcher(set.rules, options);
    const some = lines.slice(0, Math.ceil(lines.length * share));
    let best = 0;
    for (let round = 0; round < 6; round++) {
      const start = clock();
      for (const line of some) matcher.match(JSON.parse(line));
      best = Math.max(best, some.length / (clock() - start));
    }
    const { evaluated, events } = matcher.statistics;
    console.log(
      `${lane} | ${name} | ${Math.round(best)}/s | ${(evaluated / events).toFixed(1)} rules evaluated a record`,
    );
  }
}
