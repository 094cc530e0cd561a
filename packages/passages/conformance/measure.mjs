/**
 * Speed and size on made-up résumés (`made-up-resumes.mjs`). Run after `npx tsc -b packages/passages`:
 *
 *   node conformance/measure.mjs batch 100000             everything against everything
 *   node conformance/measure.mjs add 1000000 FOLDER 400   an index, for at most 400 s; call again to go on
 *   node conformance/measure.mjs check 1000 FOLDER        new texts against it, half of them with copied points
 */
import { findSharedPassages, PassageIndex } from '../dist/index.js';
import { copiedFrom, resume } from './made-up-resumes.mjs';

const copies = 20;
const [what, count = '10000', folder = '', seconds = '1e9'] = process.argv.slice(2);
const wanted = Number(count);
const megabytes = () => `${Math.round(process.resourceUsage().maxRSS / 1000)} MB`;
const cpu = (since) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
};

if (what === 'batch') {
  const documents = [];
  for (let number = 0; number < wanted; number++) documents.push(resume(number, copies));
  const held = megabytes();
  const start = performance.now();
  const startCpu = process.cpuUsage();
  const { passages, crowded } = findSharedPassages(documents);
  const took = (performance.now() - start) / 1000;
  const pairs = new Set(passages.map(({ a, b }) => `${a} ${b}`));
  let planted = 0;
  let found = 0;
  for (let number = 0; number < wanted; number++) {
    const source = copiedFrom(number, copies);
    if (source < 0) continue;
    planted += 1;
    if (pairs.has(`${resume(source).id} ${resume(number).id}`)) found += 1;
  }
  const spent = cpu(startCpu);
  console.log(
    `${wanted} texts: ${took.toFixed(1)} s, ${spent.toFixed(1)} s of CPU, ${Math.round(wanted / spent)} texts per s of CPU`,
  );
  console.log(
    `copies found ${found} of ${planted}; pairs in all ${pairs.size}; with more candidates than looked at ${crowded.length}`,
  );
  console.log(`memory ${megabytes()}, of which texts ${held}`);
} else if (what === 'add') {
  const index = await PassageIndex.open(folder);
  const before = index.documents;
  const start = performance.now();
  let spent = 0;
  while (index.documents < wanted && performance.now() - start < Number(seconds) * 1000) {
    const documents = [];
    for (let at = index.documents; at < Math.min(wanted, index.documents + 20_000); at++)
      documents.push(resume(at, copies));
    const since = process.cpuUsage();
    await index.add(documents);
    spent += cpu(since);
  }
  const added = index.documents - before;
  console.log(`added ${added} in ${spent.toFixed(0)} s of CPU: ${Math.round(added / spent)} per s`);
  console.log(`${index.documents} texts, ${(index.bytes / 2 ** 30).toFixed(2)} GiB, memory ${megabytes()}`);
  index.close();
} else {
  const start = performance.now();
  const index = await PassageIndex.open(folder);
  const opened = performance.now() - start;
  console.log(
    `opened in ${opened.toFixed(0)} ms: ${index.documents} texts, ${(index.bytes / 2 ** 30).toFixed(2)} GiB, memory ${megabytes()}`,
  );
  const times = [];
  const spent = [];
  let planted = 0;
  let found = 0;
  let others = 0;
  for (let at = 0; at < wanted; at++) {
    const number = index.documents * 2 + at;
    const { text, owner } = resume(number, 1000);
    const from = performance.now();
    const since = process.cpuUsage();
    const { matches } = index.check(text, { owner });
    times.push(performance.now() - from);
    spent.push(cpu(since) * 1000);
    const source = resume(copiedFrom(number, 1000));
    if (index.text(source.id) === undefined) others += matches.length;
    else {
      planted += 1;
      if (matches.some(({ id }) => id === source.id)) found += 1;
    }
  }
  for (const [label, list] of [
    ['ms', times],
    ['ms of CPU', spent],
  ]) {
    list.sort((a, b) => a - b);
    const at = (share) => (list[Math.min(list.length - 1, Math.floor(share * list.length))] ?? 0).toFixed(1);
    console.log(
      `${wanted} checks, ${label}: p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, slowest ${at(1)}; memory ${megabytes()}`,
    );
  }
  console.log(`copies found ${found} of ${planted}; matches of the others ${others}`);
  index.close();
}
