/** One set through Rollcall: prints {seconds, megabytes, thresholds: {default: groups}}. Called by run.mjs. */
import { writeFileSync } from 'node:fs';
import { matchRecords } from '../../packages/match/dist/index.js';

const [out, id, left, right] = process.argv.slice(2);
const start = performance.now();
const { clusters } = await matchRecords({ left, ...(right ? { right } : {}) }, { id });
const seconds = (performance.now() - start) / 1000;
const megabytes = process.resourceUsage().maxRSS / 1024;
const groups = clusters.map((members) => members.map((member) => member.id));
writeFileSync(out, JSON.stringify({ seconds, megabytes, thresholds: { default: groups } }));
