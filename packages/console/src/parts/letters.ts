import type { PersonResult } from '@rollcall/engine/model/result.js';
import { waterfallOrder } from './waterfall-order.js';

/** A letter for each signal, in the order of the waterfall, by which the other parts of a page refer to it. */
export function signalLetters(person: PersonResult): ReadonlyMap<number, string> {
  const letters = new Map<number, string>();
  for (const index of waterfallOrder(person.waterfall)) {
    const step = person.waterfall[index];
    if (step?.signal !== undefined && !letters.has(step.signal))
      letters.set(step.signal, letter(letters.size));
  }
  return letters;
}

function letter(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}
