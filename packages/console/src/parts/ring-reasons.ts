/** Which links of a ring to say first. */
import type { RingEdge } from '@rollcall/engine/model/result.js';
import type { SharedValue } from './ring-layout.js';

/** A value, a person, or what one person has to do with one value. */
export interface Choice {
  value?: string | undefined;
  member?: string | undefined;
}

/**
 * The links that a choice is about: one of each value before a second of any, the strongest first. Nothing chosen is
 * about nothing.
 */
export function reasonsFor(values: readonly SharedValue[], choice: Choice): RingEdge[] {
  if (choice.value === undefined && choice.member === undefined) return [];
  return values
    .filter((value) => choice.value === undefined || value.key === choice.value)
    .flatMap((value) =>
      value.edges
        .filter(({ a, b }) => choice.member === undefined || choice.member === a || choice.member === b)
        .map((edge, nth) => ({ edge, nth })),
    )
    .sort((x, y) => x.nth - y.nth || y.edge.bits - x.edge.bits)
    .map(({ edge }) => edge);
}

export interface Seen {
  person: string;
  first: string | undefined;
  last: string | undefined;
}

/** When each person was first and last seen with a value, by all links that say so. */
export function seenWith(value: SharedValue): Seen[] {
  return value.members.map((person) => {
    const times = value.edges
      .flatMap((edge) =>
        edge.a === person ? [edge.firstA, edge.lastA] : edge.b === person ? [edge.firstB, edge.lastB] : [],
      )
      .filter((time) => time !== undefined)
      .sort();
    return { person, first: times[0], last: times.at(-1) };
  });
}
