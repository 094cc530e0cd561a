// The whole of `rollcall scan`: from raw files to ranking, report and findings.
import { main } from '../../packages/cli/dist/main.js';

const [folder, lake, memory] = process.argv.slice(2);
const started = performance.now();
const log = console.log;
console.log = () => {};
const code = await main([
  'scan',
  folder,
  '--lake',
  lake,
  '--report',
  `${lake}.html`,
  '--findings',
  `${lake}.jsonl`,
  '--memory',
  memory,
  '--threads',
  '2',
  '--quiet',
]);
console.log = log;
console.log(
  JSON.stringify({
    code,
    seconds: (performance.now() - started) / 1000,
    maxRssMiB: process.resourceUsage().maxRSS / 1024,
  }),
);
