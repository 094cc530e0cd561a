// Opens an index of everybody known and checks newcomers against it: `ask.mjs FOLDER PEOPLE`. Half of them have something
// of somebody known (a phone, or a reworded part of a résumé), half have nothing.
import { Known } from '../../packages/engine/dist/known/known.js';
import { Random } from '../../simulate/dist/random.js';
import { copyPart, drawTemplate, resumeText, rewordResume } from '../../simulate/dist/resumes/index.js';
import { personOf, resumeOf } from './people.mjs';

const [folder, people] = [process.argv[2], Number(process.argv[3])];
const before = process.memoryUsage.rss();
const opening = performance.now();
const known = await Known.open(folder);
const opened = performance.now() - opening;

const newcomers = Array.from({ length: 500 }, (_, i) => {
  const random = new Random('check', 'newcomer', i);
  const number = 3_000_000_000 + i;
  const own = personOf(number);
  const victim = random.int(0, people - 1);
  let resume = resumeOf(number);
  const values = own.values.filter(({ kind }) => kind !== 'phone');
  if (i % 4 === 0) values.push(personOf(victim).values.find(({ kind }) => kind === 'phone'));
  if (i % 4 === 2) resume = copyPart(random, rewordResume(random, resumeOf(victim), 'light'), resume, 5);
  const text = resumeText(resume, drawTemplate(random).layout);
  return { newcomer: { name: own.name, values, text }, victim: i % 2 === 0 ? `p${victim}` : undefined };
});
// The first few load code and are not counted.
for (const { newcomer } of newcomers.slice(0, 10)) known.check(newcomer);
const times = [];
const tally = { found: 0, planted: 0, others: 0 };
for (const { newcomer, victim } of newcomers) {
  const started = performance.now();
  const { hits } = known.check(newcomer);
  times.push(performance.now() - started);
  const named = hits.some((hit) => hit.person.id === victim);
  if (victim) {
    tally.planted++;
    if (named) tally.found++;
  }
  tally.others += hits.filter((hit) => hit.person.id !== victim && hit.bits >= 10).length;
}
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(1);
console.log(
  `open: ${opened.toFixed(0)} ms; resident memory grew by ${((process.memoryUsage.rss() - before) / 2 ** 20).toFixed(0)} MiB`,
);
console.log(
  `check, ${times.length} newcomers against ${known.size} people: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${times.at(-1).toFixed(1)} ms`,
);
console.log(
  `found ${tally.found} of ${tally.planted} planted; ${tally.others} other people with 10 bits or more in common`,
);
known.close();
