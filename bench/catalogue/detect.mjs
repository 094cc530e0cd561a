// Runs every detection and every Sigma rule over a lake of make.mjs, and prints times and peak memory as JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadContent } from '../../packages/engine/dist/content/load.js';
import { Database } from '../../packages/engine/dist/lake/duckdb.js';
import { loadFacts } from '../../packages/engine/dist/lake/resolve.js';
import { policySchema } from '../../packages/engine/dist/model/policy.js';
import { resolvedTables } from '../../packages/engine/dist/model/tables.js';
import { runSigma } from '../../packages/engine/dist/sigma/run.js';
import { available } from '../../packages/engine/dist/signals/needs.js';
import { runDetections } from '../../packages/engine/dist/signals/run.js';

const [folder, memory = '4GB', contentFolder, only] = process.argv.slice(2);
const { asOf: day } = JSON.parse(readFileSync(join(folder, 'made.json'), 'utf8'));
const asOf = new Date(day);
const policy = policySchema.parse({});
const content = await loadContent(contentFolder || undefined, { withoutTests: true });
const database = await Database.open({ memory, threads: 2, tempDirectory: join(folder, 'spill') });
const parquet = (table) => `read_parquet('${join(folder, 'tables', `${table}.parquet`)}')`;
/** What it gives, and the seconds and the processor's seconds it took. */
const seconds = async (work) => {
  const [started, used] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(used);
  return [value, (performance.now() - started) / 1000, (user + system) / 1e6];
};
const [, load, loadCpu] = await seconds(async () => {
  await loadFacts(database, content.facts);
  for (const table of [...Object.keys(resolvedTables), 'passages'])
    await database.run(`CREATE TABLE ${table} AS SELECT * FROM ${parquet(table)}`);
  await database.run(`CREATE VIEW stored_events AS SELECT * FROM ${parquet('stored_events')}`);
});
const [has] = await seconds(() => available(database));
const wanted = (id) => only === undefined || only.split(',').includes(id);
const [sigma, sigmaSeconds, sigmaCpu] = await seconds(() =>
  only === undefined || content.detections.some((detection) => detection.sigma && wanted(detection.id))
    ? runSigma({ database, content, policy, directories: [], asOf })
    : undefined,
);
const inSigma = new Map(sigma?.own.map((detection) => [detection.id, detection]));
const detections = [
  ...content.detections.map((detection) => inSigma.get(detection.id) ?? detection),
  ...(sigma?.detections ?? []),
].filter(({ id }) => wanted(id));
const [runs, detectSeconds, detectCpu] = await seconds(() =>
  runDetections({ database, detections, unable: sigma?.unable ?? new Map(), policy, asOf, has }),
);
const sum = runs.reduce((total, run) => total + run.milliseconds, 0);
console.log(
  JSON.stringify({
    content: content.version,
    seconds: { load, sigma: sigmaSeconds, detections: detectSeconds },
    cpuSeconds: { load: loadCpu, sigma: sigmaCpu, detections: detectCpu },
    peakMiB: Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024),
    ran: runs.filter((run) => run.missing.length === 0 && run.problem === undefined).length,
    notRun: runs
      .filter((run) => run.missing.length > 0 || run.problem !== undefined)
      .map((run) => ({ id: run.detection.id, why: run.problem ?? `needs ${run.missing.join(', ')}` })),
    rules: sigma?.summary?.rules.filter((rule) => rule.state !== 'not run').length ?? 0,
    rulesNotRun: sigma?.summary?.rules.filter((rule) => rule.state === 'not run').length ?? 0,
    detections: runs
      .filter((run) => run.milliseconds > 0)
      .map((run) => ({
        id: run.detection.id,
        ms: Math.round(run.milliseconds),
        share: Number((run.milliseconds / sum).toFixed(4)),
        found: run.signals.length || run.total,
      }))
      .sort((a, b) => b.ms - a.ms),
  }),
);
database.close();
