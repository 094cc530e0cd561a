/** `rollcall forget`: removes people, or what is older than the policy keeps it, from a lake. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { loadPolicy } from '@rollcall/engine';
import { type Because, type Forgotten, forget } from '@rollcall/engine/forget/forget.js';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { bold, count, dim, safe } from '../terminal.js';

export interface ForgetFlags {
  lake: string;
  old?: boolean;
  policy?: string;
  yes?: boolean;
  json?: boolean;
}

/** Says what would go; with `--yes` it goes. */
export async function forgetPeople(people: string[], flags: ForgetFlags): Promise<number> {
  if (people.length === 0 && !flags.old)
    throw new RollcallError(
      'ARGUMENT_INVALID',
      'say who: “rollcall forget ID …”, or --old for what has reached the ages of the policy',
    );
  // The keys of a console lie beside its lake: there open cases are known, and everything is recorded.
  if (existsSync(join(dirname(resolve(flags.lake)), 'keys', 'secret')))
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `${flags.lake} belongs to a console; ask there (Settings, “Keeping and removing”), where open cases are known`,
    );
  const ages = flags.old ? (await loadPolicy(flags.policy)).retention : undefined;
  if (flags.old && !ages)
    throw new RollcallError(
      'POLICY_INVALID',
      flags.policy
        ? `${flags.policy} has no section “retention”: nothing is ever too old`
        : 'without a policy file (--policy) with a section “retention” nothing is ever too old',
    );
  const told = await forget({
    lake: flags.lake,
    people,
    ...(ages ? { ages } : {}),
    now: new Date(),
    dryRun: !flags.yes,
  });
  if (flags.json) process.stdout.write(`${JSON.stringify({ done: Boolean(flags.yes), ...told }, null, 1)}\n`);
  else print(told, Boolean(flags.yes));
  return 0;
}

const because: Record<Because, string> = {
  asked: 'named by you',
  applicant: 'applicants who were never hired',
  leaver: 'people who left',
};
const peopleListed = 40;

function print(told: Forgotten, done: boolean): void {
  const verb = done ? 'Removed' : 'Would be removed';
  const logs = Object.values(told.logs?.rows ?? {}).reduce((sum, rows) => sum + rows, 0);
  if (told.people.length === 0 && logs === 0) {
    console.log('Nothing is old enough to be removed.');
    return;
  }
  for (const [reason, words] of Object.entries(because)) {
    const ids = told.people.filter((one) => one.because === reason).map((one) => one.id);
    if (ids.length === 0) continue;
    console.log(
      `${bold(`${verb}: everything of ${count(ids.length)} ${ids.length === 1 ? 'person' : 'people'}`)} (${words})`,
    );
    console.log(
      dim(
        `  ${safe(ids.slice(0, peopleListed).join(', '), 600)}${ids.length > peopleListed ? ` and ${count(ids.length - peopleListed)} more` : ''}`,
      ),
    );
  }
  for (const [table, rows] of Object.entries(told.rows)) console.log(`  ${table.padEnd(12)} ${count(rows)}`);
  if (told.logs) {
    console.log(bold(`${verb}: logs of before ${told.logs.before} (UTC)`));
    for (const [table, rows] of Object.entries(told.logs.rows))
      console.log(`  ${table.padEnd(12)} ${count(rows)}`);
  }
  console.log(
    done
      ? 'They do not come back when the same exports are read again. Scan, so that conclusions follow.'
      : 'Nothing was changed. With --yes it is done; it cannot be undone.',
  );
  if (done)
    console.log(
      dim(
        'Still to be removed by you: exports, reports and findings that were written, backups, and lines of the policy file that name them.',
      ),
    );
}
