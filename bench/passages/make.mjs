/**
 * Labelled résumés, made up.
 *
 *     npm run build:ts && node bench/passages/make.mjs N SEED [SHARE] [FOLDER]
 *
 * Writes FOLDER/N-SEED-SHARE/ (default bench/passages/out):
 *   documents.ndjson   {id, owner, text}, all that a matcher may see
 *   pairs.ndjson       {a, b, class, scored}: the pairs that share text because somebody copied
 *   labels.ndjson      {id, template, employers, advert, style}: why a pair may resemble without a copy
 *   adverts.ndjson     the texts of the adverts, one JSON string a line
 *   counts.json
 * SHARE (0.25) is the share of documents that belong to a copy. The same arguments give the same bytes.
 */

import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '../../simulate/dist/random.js';
import { resumeText } from '../../simulate/dist/resumes/index.js';
import { adverts, copies, honest } from './groups.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [count = 2000, seed = 1, share = 0.25] = process.argv.slice(2, 5).map(Number);
if (!(count > 0) || !(share >= 0 && share <= 1)) throw new RangeError('make.mjs N SEED [SHARE] [FOLDER]');
const folder = join(resolve(process.argv[5] ?? join(here, 'out')), `${count}-${seed}-${share}`);
mkdirSync(folder, { recursive: true });

/** Documents that belong together wait here, so that they do not stand beside each other in the file. */
const window = 20_000;
const order = new Random('order', seed, count);

const open = (name) => createWriteStream(join(folder, name), { highWaterMark: 1 << 20 });
const files = Object.fromEntries(
  ['documents', 'pairs', 'labels'].map((name) => [name, open(`${name}.ndjson`)]),
);
async function put(name, value) {
  if (!files[name].write(`${JSON.stringify(value)}\n`)) await once(files[name], 'drain');
}

const counts = { documents: 0, pairs: {} };
let made = 0;
let bytes = 0;
const waiting = [];
async function release() {
  const at = order.int(0, waiting.length - 1);
  const line = waiting[at];
  waiting[at] = waiting[waiting.length - 1];
  waiting.pop();
  bytes += line.text.length;
  await put('documents', line);
}

/** Ids say nothing of who belongs together. */
function idOf(number) {
  const mixed = Math.imul(number + seed * 7919, 2654435761) >>> 0;
  return `r${mixed.toString(36).padStart(7, '0')}`;
}

let copied = 0;
for (let n = 0; made < count; n++) {
  const random = new Random('group', seed, n);
  const kind = copied < share * (made + 1) ? copies : honest;
  const drawn = random.weighted(kind)(random);
  if (kind === copies) copied += drawn.members.length;
  const ids = [];
  for (const [i, { resume, from, employers, advert, style }] of drawn.members.entries()) {
    if (made >= count) break;
    const id = idOf(made++);
    ids.push(id);
    const owner = drawn.one && i > 0 ? `p${ids[0]}` : `p${id}`;
    waiting.push({ id, owner, text: resumeText(resume, from.layout) });
    await put('labels', {
      id,
      owner,
      template: from.id,
      employers: employers.map((one) => one.id),
      advert,
      style,
    });
    if (waiting.length > window) await release();
  }
  if (drawn.class)
    for (let i = 0; i < ids.length; i++)
      for (let j = i + 1; j < ids.length; j++) {
        const [a, b] = [ids[i], ids[j]].sort();
        await put('pairs', { a, b, class: drawn.class, scored: drawn.scored });
        counts.pairs[drawn.class] = (counts.pairs[drawn.class] ?? 0) + 1;
      }
}
while (waiting.length > 0) await release();
for (const file of Object.values(files)) {
  file.end();
  await once(file, 'finish');
}
writeFileSync(join(folder, 'adverts.ndjson'), adverts.map((text) => `${JSON.stringify(text)}\n`).join(''));
counts.documents = made;
counts.charactersEach = Math.round(bytes / made);
counts.adverts = adverts.length;
writeFileSync(join(folder, 'counts.json'), `${JSON.stringify(counts, null, 1)}\n`);
console.log(`${folder}: ${JSON.stringify(counts)}`);
