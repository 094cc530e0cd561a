/**
 * Documents through @rollcall/passages; run.mjs calls it.
 *
 *     ours.mjs DOCUMENTS.ndjson OUT '{"score": "sum"}' [ADVERTS.ndjson]
 *
 * Writes OUT.pairs and OUT.json as peers.py does. Two documents score the bits of the passages they share, added up or
 * the best of them. Adverts, if given, are common wording.
 */
import { createReadStream, createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { findSharedPassages } from '../../packages/passages/dist/index.js';

const [documentsFile, out, settings, adverts] = process.argv.slice(2);
const { score } = JSON.parse(settings);
const common =
  adverts && existsSync(adverts)
    ? readFileSync(adverts, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    : [];

const started = performance.now();
const cpuBefore = process.cpuUsage();
const documents = [];
for await (const line of createInterface({ input: createReadStream(documentsFile) }))
  documents.push(JSON.parse(line));
const { passages, crowded, cut } = findSharedPassages(documents, { common });
const pairs = new Map();
for (const { a, b, bits } of passages) {
  const key = `${a}\t${b}`;
  const known = pairs.get(key) ?? 0;
  pairs.set(key, score === 'best' ? Math.max(known, bits) : known + bits);
}
const file = createWriteStream(`${out}.pairs`);
for (const [key, bits] of pairs) file.write(`${key}\t${bits.toFixed(5)}\n`);
await new Promise((done) => file.end(done));
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
const megabytes = process.resourceUsage().maxRSS / 1024;
writeFileSync(
  `${out}.json`,
  JSON.stringify({
    seconds,
    cpu: (user + system) / 1e6,
    megabytes,
    documents: documents.length,
    passages: passages.length,
    crowded: crowded.length,
    cut: cut.length,
  }),
);
