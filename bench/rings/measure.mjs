// node bench/rings/measure.mjs METHOD FOLDER [key=value …] : one method over one folder; prints a line of JSON for
// each variant as it is found, and the steps on the other stream. Called by run.mjs.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { evaluate, readTruth } from './evaluate.mjs';
import { methods } from './methods.mjs';

const [name, folder, ...rest] = process.argv.slice(2);
const options = {
  memory: '8GB',
  ...Object.fromEntries(
    rest
      .map((text) => text.split('='))
      .map(([key, value]) => [key, Number.isNaN(Number(value)) ? value : Number(value)]),
  ),
};
const method = methods[name];
if (!method || !folder)
  throw new Error(`usage: measure.mjs ${Object.keys(methods).join('|')} FOLDER [key=value …]`);
const spill = join(folder, `spill-${process.pid}`);
mkdirSync(spill, { recursive: true });
const instance = await DuckDBInstance.create(':memory:');
const truth = await readTruth(folder, await instance.connect());
instance.closeSync();

/** What each step took: on the clock, and of both cores together. */
const steps = {};
const step = async (what, work) => {
  const from = performance.now();
  const cpu = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  steps[what] = {
    seconds: Math.round((performance.now() - from) / 100) / 10,
    cpuSeconds: Math.round((user + system) / 1e5) / 10,
  };
  console.error(what, steps[what]);
  return result;
};
const sum = (names, key) => Math.round(names.reduce((all, what) => all + steps[what][key], 0) * 10) / 10;
for await (const { groups, steps: names, ...told } of method({ folder, spill, options, step, truth })) {
  const maxRssMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  const cost = { seconds: sum(names, 'seconds'), cpuSeconds: sum(names, 'cpuSeconds'), maxRssMiB };
  console.log(JSON.stringify({ ...told, ...cost, ...evaluate(truth, groups) }));
}
