/**
 * Sorts pairs of 32-bit numbers by the digits asked for, stably, in place. `passes` names the digits from the least
 * significant on: which array, how far to the right, how many bits. `spare` are arrays of the same length.
 */
export interface Pass {
  of: 'high' | 'rest';
  shift: number;
  bits: number;
}

export interface Pairs {
  high: Uint32Array;
  rest: Uint32Array;
}

export function radixSort(pairs: Pairs, spare: Pairs, length: number, passes: readonly Pass[]): Pairs {
  let from = pairs;
  let to = spare;
  for (const { of, shift, bits } of passes) {
    const digits = from[of];
    const mask = 2 ** bits - 1;
    const places = new Uint32Array(mask + 2);
    for (let i = 0; i < length; i++) {
      const slot = (((digits[i] as number) >>> shift) & mask) + 1;
      places[slot] = (places[slot] as number) + 1;
    }
    for (let i = 1; i <= mask; i++) places[i] = (places[i] as number) + (places[i - 1] as number);
    const { high, rest } = from;
    const { high: toHigh, rest: toRest } = to;
    for (let i = 0; i < length; i++) {
      const slot = ((digits[i] as number) >>> shift) & mask;
      const place = places[slot] as number;
      places[slot] = place + 1;
      toHigh[place] = high[i] as number;
      toRest[place] = rest[i] as number;
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}
