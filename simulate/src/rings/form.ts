import type { Scenario } from '../scenario.js';
import type { Sophistication } from '../truth.js';
import { care } from './care.js';

/** How one ring is made up. */
export interface RingPlan {
  /** Members by team. A ring has one house; telephones, accounts and mailboxes are shared within a team. */
  teams: Sophistication[][];
  /** Whether its members came through one staffing firm. */
  through: 'nobody' | 'firm-in-part' | 'one-firm';
  /** Members whose identity several people work by turns. */
  byTurns: 'nobody' | 'first' | 'everybody';
  /** Its members copy what they can in the last days, and are dismissed. */
  dismissed: boolean;
}

/** Shares members among degrees of care, and those into rings, as the scenario has it. */
export function formRings(total: number, scenario: Scenario = 'mixed'): RingPlan[] {
  const plan = (teams: Sophistication[][], more: Partial<RingPlan> = {}): RingPlan => ({
    teams,
    through: 'nobody',
    byTurns: 'nobody',
    dismissed: false,
    ...more,
  });
  if (total === 0) return [];
  const counts = shared(total, care[scenario]);
  const count = (kind: Sophistication) => counts.find((one) => one.kind === kind)?.count ?? 0;
  switch (scenario) {
    case 'farm':
      return [plan(groups(counts))];
    case 'staffing-firm':
      return groups(counts).map((team) => plan([team], { through: 'one-firm' }));
    case 'careful-single':
      return Array.from({ length: total }, () => plan([['careful']]));
    case 'several-operators':
      return counts.flatMap(({ kind, count }) =>
        Array.from({ length: count }, () => plan([[kind]], { byTurns: 'everybody' })),
      );
    case 'exfiltration':
      return groups(counts).map((team) => plan([team], { dismissed: true }));
    case 'mixed': {
      // Half of the careful are alone; nobody else is, but where there is only one.
      const careful = count('careful');
      const alone =
        careful === 1 ? 1 : Math.floor(careful / 2) - (careful - Math.floor(careful / 2) === 1 ? 1 : 0);
      const together = counts.map((one) =>
        one.kind === 'careful' ? { ...one, count: one.count - alone } : one,
      );
      return [
        ...groups(together).map((team, i) =>
          plan([team], {
            // Every third came in through one staffing firm, in part; in every fourth, one identity is worked by several.
            through: i % 3 === 1 ? 'firm-in-part' : 'nobody',
            byTurns: i % 4 === 2 ? 'first' : 'nobody',
          }),
        ),
        ...Array.from({ length: alone }, () => plan([['careful']])),
      ];
    }
  }
}

interface Count {
  kind: Sophistication;
  count: number;
}

/** Whole members by their shares; what is left over goes to the largest rests. */
function shared(total: number, shares: Readonly<Record<Sophistication, number>>): Count[] {
  const counts = (Object.entries(shares) as [Sophistication, number][]).map(([kind, share]) => ({
    kind,
    count: Math.floor(total * share),
    rest: (total * share) % 1,
  }));
  for (const one of [...counts].sort((a, b) => b.rest - a.rest)) {
    if (counts.reduce((sum, each) => sum + each.count, 0) < total) one.count++;
  }
  return counts;
}

/** Groups of two to five of one degree of care; never one over, but where there is nobody to join. */
function groups(counts: readonly Count[]): Sophistication[][] {
  const made: Sophistication[][] = [];
  let single: Sophistication[] = [];
  for (const { kind, count } of counts) {
    for (let left = count; left > 0; ) {
      // Never leave one over, and vary the sizes.
      let size = Math.min(left, 5 - (made.length % 3));
      if (left - size === 1) size = left <= 5 ? left : size - 1;
      if (size === 1) single.push(kind);
      else made.push(Array<Sophistication>(size).fill(kind));
      left -= size;
    }
  }
  // A degree of care with one member only joins somebody else's ring.
  if (single.length === 1 && made.length > 0) {
    [...made].sort((a, b) => a.length - b.length)[0]?.push(...single);
    single = [];
  }
  if (single.length > 0) made.push(single);
  return made;
}
