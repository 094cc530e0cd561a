// One newcomer against everybody known: builds an index of N made-up people with résumés, then measures in a process of
// its own how long opening and checking take. Usage: node bench/check/run.mjs [people] [folder]
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Known, rowOf } from '../../packages/engine/dist/known/known.js';
import { respelled } from '../../packages/engine/dist/known/respelled.js';
import { learnModel } from '../../packages/match/dist/index.js';
import { personOf, textOf } from './people.mjs';

const [people = 100_000, folder = join(tmpdir(), `rollcall-check-${people}`)] = [
  process.argv[2] ? Number(process.argv[2]) : undefined,
  process.argv[3],
];
const batch = 10_000;
const seconds = (from) => (performance.now() - from) / 1000;
const bytesIn = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0)
    : statSync(path).size;

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
let built = 0;
if (!existsSync(join(folder, 'people.json'))) {
  rmSync(folder, { recursive: true, force: true });
  const sample = Array.from({ length: 5_000 }, (_, i) => ({ id: `p${i}`, ...rowOf(personOf(i)) }));
  const model = await learnModel(
    { left: { name: 'people', rows: sample }, right: { name: 'respelled', rows: sample.map(respelled) } },
    { id: 'id' },
  );
  const kinds = ['email', 'phone', 'address', 'file_hash'].map((kind) => ({
    kind,
    byChance: 1e-5,
    commonAbove: 8,
    people,
    pairs: Math.round(people * 0.01),
  }));
  await Known.keepSettings(folder, { kinds, common: [], model });
  const known = await Known.open(folder);
  for (let from = 0; from < people; from += batch) {
    const numbers = Array.from({ length: Math.min(batch, people - from) }, (_, i) => from + i);
    const persons = numbers.map(personOf);
    const texts = persons.map((person, i) => ({
      document: person.documents[0],
      owner: person.id,
      text: textOf(numbers[i]),
    }));
    const started = performance.now();
    await known.add(persons, texts);
    built += seconds(started);
    if ((from / batch) % 10 === 9) console.log(`  ${from + batch} people, ${built.toFixed(0)} s of adding`);
  }
  known.close();
  console.log(
    `built: ${built.toFixed(1)} s, ${Math.round(people / built)} people a second (making them not counted)`,
  );
}
console.log(`on disk: ${(bytesIn(folder) / 2 ** 30).toFixed(2)} GiB`);
const known = await Known.open(folder);
const more = Array.from({ length: 1_000 }, (_, i) =>
  personOf(2_000_000_000 + i + Math.floor(Date.now() % 1e6) * 1000),
);
const texts = more.map((person) => ({
  document: person.documents[0],
  owner: person.id,
  text: textOf(Number(person.id.slice(1))),
}));
const started = performance.now();
await known.add(more, texts);
console.log(`1,000 more: ${seconds(started).toFixed(2)} s`);
known.close();
process.stdout.write(
  execFileSync(
    process.execPath,
    [fileURLToPath(new URL('ask.mjs', import.meta.url)), folder, String(people)],
    {
      encoding: 'utf8',
    },
  ),
);
