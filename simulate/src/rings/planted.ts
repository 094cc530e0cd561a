import type { Person } from '../person.js';
import { compare } from '../text.js';
import { DAY } from '../time.js';
import type { Behaviour } from '../truth.js';
import type { Seen, World } from '../world.js';

/** Notes what was planted; a sharing counts once per person, from the first day it shows. */
export function plant(world: World, person: Person, id: Behaviour, at: number): void {
  const known = person.planted.find((one) => one.id === id);
  if (known) known.at = Math.min(known.at, at);
  else if (at < world.asOf + DAY) person.planted.push({ id, at });
}

/** For each of several times: when it and at least one of the others had happened. */
export function sharedSince(times: readonly number[]): number[] {
  return times.map((time, i) => Math.max(time, Math.min(...times.filter((_, j) => j !== i))));
}

/** The dates of what ordinary use of the farm shows, once the logs are written and say when that was. */
export function plantSeen(world: World): void {
  for (const { members } of world.rings) {
    const traces: readonly [keyof Seen, Behaviour[]][] = [
      ['egress', ['SI-07']],
      ['local', ['EP-12']],
      ['enrolled', ['ON-14']],
      ['used', ['SI-05']],
    ];
    for (const [trace, ids] of traces) {
      const groups = new Map<string, { person: Person; at: number }[]>();
      for (const person of members) {
        for (const [what, at] of world.seen.get(person)?.[trace] ?? [])
          groups.set(what, [...(groups.get(what) ?? []), { person, at }]);
      }
      for (const group of groups.values()) {
        if (group.length < 2) continue;
        const since = sharedSince(group.map((one) => one.at));
        for (const [i, { person }] of group.entries())
          for (const id of ids) plant(world, person, id, since[i] as number);
      }
    }
    for (const person of members) {
      const elsewhere = world.seen.get(person)?.elsewhere.get('phone');
      if (elsewhere !== undefined) plant(world, person, 'SI-04', elsewhere);
    }
    plantVendorSharing(world, members);
    for (const person of members) person.planted.sort((a, b) => a.at - b.at || compare(a.id, b.id));
  }
}

/** Two workers of one staffing firm share something hard: since the second of them does. */
function plantVendorSharing(world: World, members: readonly Person[]): void {
  const supplied = members.filter((one) => one.engagement === 'vendor');
  for (const id of ['ON-03', 'SI-07', 'ON-14'] as const) {
    const times = supplied.map(
      (one) => one.planted.find((each) => each.id === id)?.at ?? Number.POSITIVE_INFINITY,
    );
    if (times.filter((time) => Number.isFinite(time)).length < 2) continue;
    for (const [i, at] of sharedSince(times).entries()) plant(world, supplied[i] as Person, 'TP-04', at);
  }
}
