// Rules over records, one by one. Run: node packages/sigma/examples/match.mjs
import { readFileSync } from 'node:fs';
import { explain, formatExplanation, formatProblem, loadRules, Run } from '@rollcall/sigma';

const file = new URL('rules/sign-ins.yml', import.meta.url);
const { set, problems } = loadRules([{ file: 'sign-ins.yml', text: readFileSync(file, 'utf8') }]);
for (const problem of problems) console.error(formatProblem(problem));

const records = Array.from({ length: 5 }, (_, i) => ({
  time: `2026-01-05T09:0${i}:00Z`,
  action: 'sign-in',
  outcome: i === 3 ? 'success' : 'failure',
  user: 'a.person@example.com',
  address: `198.51.100.${i}`,
}));

const run = new Run(set);
records.forEach((record, i) => {
  for (const hit of run.push(record, i + 1)) console.log(`record ${hit.line}: ${hit.rule.rule.title}`);
});
for (const hit of run.end().hits) {
  console.log(
    `record ${hit.line}: ${hit.rule.rule.title}`,
    hit.group,
    `value ${hit.value}, records ${hit.lines}`,
  );
}

console.log(`\n${formatExplanation(explain(set.rules[0], records[3]))}`);
