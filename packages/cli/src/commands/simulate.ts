import { resolve } from 'node:path';
import { simulate } from '@rollcall/simulate';

export async function simulateCompany(flags: {
  out: string;
  people: number;
  seed: number;
  ringMembers?: number;
}): Promise<number> {
  const truth = await simulate({
    people: flags.people,
    seed: flags.seed,
    out: flags.out,
    ...(flags.ringMembers ? { ringMembers: flags.ringMembers } : {}),
  });
  const ring = truth.people.filter((person) => person.label === 'ring').length;
  console.log(
    `Wrote ${truth.people.length} people, ${ring} of them not who they claim to be, to ${resolve(flags.out)}.`,
  );
  return 0;
}
