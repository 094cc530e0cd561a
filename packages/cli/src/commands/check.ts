/** `rollcall check`: one new résumé against everybody known, at once. */
import { type CheckResult, checkFile } from '@rollcall/engine/check.js';
import { loadContent } from '@rollcall/engine/content/load.js';
import { loadPolicy } from '@rollcall/engine/content/policy.js';
import { confirmed, coversPeople, holds, readDecisions, shows } from '@rollcall/engine/links/index.js';
import type { Explanation } from '@rollcall/engine/model/policy.js';
import { bold, count, dim, safe } from '../terminal.js';

export interface CheckFlags {
  lake: string;
  policy?: string;
  content?: string;
  json?: boolean;
}

/** People and passages printed; `--json` has all. */
const peopleShown = 10;
const passagesShown = 5;

export async function check(file: string, flags: CheckFlags): Promise<number> {
  const policy = await loadPolicy(flags.policy);
  const result = await checkFile({
    file,
    lake: flags.lake,
    content: await loadContent(flags.content, { withoutTests: true }),
    policy,
  });
  if (flags.json) process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);
  else {
    const recorded = confirmed(await readDecisions(flags.lake)).map((one) => one.explanation);
    const now = new Date();
    print(
      result,
      [...policy.explanations, ...recorded].filter((one) => holds(one, now)),
    );
  }
  return result.file.problem ? 2 : 0;
}

function print(result: CheckResult, explanations: readonly Explanation[]): void {
  const { file, answer } = result;
  if (file.problem) {
    console.log(`${bold(safe(file.file))} was not read: ${safe(file.problem, 300)}`);
    return;
  }
  console.log(
    `${bold(safe(result.name ?? file.file))}  ${dim(safe(file.file))}  compared with ${count(result.compared)} people`,
  );
  const others = answer.hits.filter((hit) => !hit.own);
  for (const { person } of answer.hits.filter((hit) => hit.own))
    console.log(
      `  On record already under this name, with the same mailbox or file: ${safe(person.id, 60)} ${dim(person.stage)}. Their own record, compared with no further.`,
    );
  if (others.length === 0) console.log('  Shares nothing with anybody that few others have.');
  for (const { person, values, passages, bits, samePerson } of others.slice(0, peopleShown)) {
    console.log(
      `\n  ${bold(safe(person.name, 60))} ${dim(`${safe(person.id, 40)} · ${person.stage}`)}  ${bits.toFixed(1)} bits in common`,
    );
    if (samePerson)
      console.log(
        `    probably the same human being (${(samePerson.probability * 100).toFixed(0)} %), who is on record already: ${samePerson.steps
          .filter((step) => step.bits > 1)
          .map((step) => `${step.column} ${step.level}`)
          .join(', ')}`,
      );
    for (const { kind, label, context, holders, bits: own } of values) {
      console.log(
        `    the same ${kind.replaceAll('_', ' ')}: ${safe(label, 120)} (${safe(context, 60)}; ${count(holders)} known with it; ${own.toFixed(1)} bits)`,
      );
      // Whoever is new is named in none: only one about the value itself, and about the person known, speaks of it.
      const by = explanations.find(
        ({ value, ...one }) =>
          value && one.detections.length === 0 && shows(label, value) && coversPeople(one, [person.id]),
      );
      if (by)
        console.log(
          `      on record about it: ${safe(by.reason, 200)} ${dim(`(${by.kind}, ${safe(by.by, 60)})`)}`,
        );
    }
    for (const { text, otherText, words } of passages.slice(0, passagesShown)) {
      console.log(`    the same wording (${words} words of meaning):`);
      console.log(`      here   “${safe(text, 200)}”`);
      console.log(`      theirs “${safe(otherText, 200)}”`);
    }
    if (passages.length > passagesShown)
      console.log(dim(`      … and ${passages.length - passagesShown} more passages`));
  }
  if (others.length > peopleShown)
    console.log(dim(`\n  … and ${others.length - peopleShown} more people: see --json`));
  for (const { kind, label, holders } of answer.common)
    console.log(
      dim(
        `  ${kind.replaceAll('_', ' ')} ${safe(label, 80)} is shared with ${count(holders)} people: common`,
      ),
    );
  if (result.signals.length > 0) console.log(`\n${bold('What stands out')}`);
  for (const { says, innocent, explained } of result.signals) {
    console.log(`  ${safe(says, 300)}`);
    if (explained) {
      console.log(`    explained: ${safe(explained.reason, 200)} ${dim(`(${safe(explained.by, 60)})`)}`);
      continue;
    }
    if (innocent[0]) console.log(dim(`    or: ${safe(innocent[0], 200)}`));
  }
  if (result.questions.length > 0)
    console.log(
      `\n${bold('What to ask')} (the same of every finalist for the role; a person asks and judges)`,
    );
  for (const { question, settles } of result.questions) {
    console.log(`  ${safe(question, 400)}`);
    console.log(dim(`    settles: ${safe(settles, 200)}`));
  }
  console.log(
    dim(
      '\nA reason to ask, not a finding of guilt. Nothing of this check was kept, and nothing decides by itself.',
    ),
  );
}
