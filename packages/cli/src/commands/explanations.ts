/** `rollcall explanations`: innocent reasons, proposed by the data, and confirmed or withdrawn by people. */
import {
  confirmExplanation,
  confirmed,
  holds,
  readDecisions,
  readProposals,
  withdrawExplanation,
} from '@rollcall/engine/links/index.js';
import { bold, dim, safe } from '../terminal.js';
import { type DecideFlags, told } from './rings.js';

/** Lists what is proposed, with what speaks against it, and what is confirmed. */
export async function listExplanations({
  lake,
  ...flags
}: {
  lake: string;
  json?: boolean;
}): Promise<number> {
  const recorded = confirmed(await readDecisions(lake));
  const now = new Date();
  const known = new Set(recorded.filter((one) => holds(one.explanation, now)).map((one) => one.id));
  const proposed = (await readProposals(lake)).filter((one) => !known.has(one.id));
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ proposed, confirmed: recorded }, null, 1)}\n`);
    return 0;
  }
  console.log(bold(`Proposed (${proposed.length}); none counts until somebody confirms it`));
  for (const one of proposed) {
    console.log(`\n${bold(one.id)}`);
    console.log(`  ${safe(one.says, 400)}`);
    for (const row of one.evidence.rows.slice(0, 8))
      console.log(dim(`    ${safe(row.filter((cell) => cell !== null).join(' · '), 160)}`));
    for (const sentence of one.silences.slice(0, 6)) console.log(`  would silence  ${safe(sentence, 240)}`);
    for (const sentence of one.against) console.log(`  against it     ${safe(sentence, 240)}`);
    console.log(`  before that    ${safe(one.check, 240)}`);
  }
  console.log(`\n${bold(`Confirmed (${recorded.length})`)}`);
  for (const { id, decision, explanation } of recorded)
    console.log(
      `  ${id}  ${safe(explanation.people.join(', '), 120)}: ${safe(explanation.reason, 200)} ${dim(`(${safe(explanation.by, 60)}, until ${explanation.until ?? 'withdrawn'}${holds(explanation, now) ? '' : ', which is over'}; decision ${decision})`)}`,
    );
  return 0;
}

export async function explanationConfirm(id: string, flags: DecideFlags & { until?: Date }): Promise<number> {
  const { until, ...who } = flags;
  return told(
    await confirmExplanation(flags.lake, id, {
      ...who,
      ...(until ? { until: until.toISOString().slice(0, 10) } : {}),
      now: new Date(),
    }),
  );
}

export async function explanationWithdraw(id: string, flags: DecideFlags): Promise<number> {
  return told(await withdrawExplanation(flags.lake, id, { ...flags, now: new Date() }));
}
