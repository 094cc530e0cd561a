import { resolve } from 'node:path';
import { type Scenario, simulate } from '@rollcall/simulate';

export async function simulateCompany(flags: {
  out: string;
  people: number;
  seed: number;
  ringMembers?: number;
  days: number;
  scenario: Scenario;
}): Promise<number> {
  const truth = await simulate({
    people: flags.people,
    seed: flags.seed,
    out: flags.out,
    days: flags.days,
    scenario: flags.scenario,
    ...(flags.ringMembers ? { ringMembers: flags.ringMembers } : {}),
  });
  const ring = truth.people.filter((person) => person.label === 'ring').length;
  console.log(
    `Wrote ${truth.people.length} people, ${ring} of them not who they claim to be, to ${resolve(flags.out)}.`,
  );
  return 0;
}
