import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PersonRow } from '../model/services.js';
import { byGroups, byHandles } from './orders.js';

const person = fc.record({
  handle: fc.string({ maxLength: 3 }),
  bits: fc.constantFrom(-3, 0, 0.5, 7, 12.25),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<PersonRow>;
const places = (people: readonly PersonRow[]) => people.map((_, place) => place);

test('the order of pseudonyms is that of their characters, and the same pseudonyms stay as they stand', () => {
  fc.assert(
    fc.property(fc.array(person, { maxLength: 40 }), (people) => {
      const handle = (place: number) => people[place]?.handle ?? '';
      expect([...byHandles(people)]).toEqual(
        places(people).sort((a, b) => (handle(a) < handle(b) ? -1 : handle(a) > handle(b) ? 1 : a - b)),
      );
    }),
  );
});

test('those of one value stay as they stand, or as another order has them', () => {
  fc.assert(
    fc.property(fc.array(person, { maxLength: 40 }), (people) => {
      const bits = (place: number) => people[place]?.bits ?? 0;
      const grouped = (within?: Uint32Array) => [
        ...byGroups(
          people,
          (row) => row.bits,
          (a, b) => b - a,
          within,
        ),
      ];
      expect(grouped()).toEqual(places(people).sort((a, b) => bits(b) - bits(a) || a - b));
      const handles = byHandles(people);
      const rank = new Map([...handles].map((place, nth) => [place, nth]));
      const nth = (place: number) => rank.get(place) ?? 0;
      expect(grouped(handles)).toEqual(places(people).sort((a, b) => bits(b) - bits(a) || nth(a) - nth(b)));
    }),
  );
});
