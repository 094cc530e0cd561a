import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RingEvent, replay } from './ring-log.js';
import { nameRings } from './ring-names.js';
import type { RingOf } from './rings.js';

const group = (members: string[]): RingOf => ({
  id: `ring-${members[0]}`,
  members,
  between: [],
  links: [],
  values: 1,
});

/** The rings of several days, one after the other, as a lake would see them. */
function days(...all: string[][][]) {
  const log: RingEvent[] = [];
  return all.map((groups, day) => {
    const { rings, events } = nameRings(groups.map(group), replay(log), `2026-01-0${day + 1}T00:00:00Z`);
    log.push(...events);
    return {
      rings: Object.fromEntries(rings.map((ring) => [ring.id, ring.members.join('')])),
      events: events.map((event) =>
        [event.ring, event.event, event.into ?? event.from].filter(Boolean).join(' '),
      ),
    };
  });
}

describe('ids of rings', () => {
  it('stay as a ring grows and shrinks, and nothing is recorded where nothing changed', () => {
    const seen = days([['b', 'c']], [['a', 'b', 'c', 'd']], [['a', 'b', 'c', 'd']], [['a', 'b', 'c']]);
    expect(seen.map((day) => day.rings)).toEqual([
      { 'ring-b': 'bc' },
      { 'ring-b': 'abcd' },
      { 'ring-b': 'abcd' },
      { 'ring-b': 'abc' },
    ]);
    expect(seen.map((day) => day.events)).toEqual([
      ['ring-b formed'],
      ['ring-b grew'],
      [],
      ['ring-b shrank'],
    ]);
  });

  it('of two that merge the elder keeps its id', () => {
    const [, , merged] = days(
      [['x', 'y']],
      [
        ['a', 'b', 'c'],
        ['x', 'y'],
      ],
      [['a', 'b', 'c', 'x', 'y']],
    );
    expect(merged?.rings).toEqual({ 'ring-x': 'abcxy' });
    expect(merged?.events).toEqual(['ring-a merged ring-x', 'ring-x grew']);
  });

  it('of one that splits the larger part keeps it, and the other is new', () => {
    const [, split, later] = days(
      [['a', 'b', 'c', 'd', 'e']],
      [
        ['a', 'b'],
        ['c', 'd', 'e'],
      ],
      [
        ['a', 'b'],
        ['c', 'd', 'e'],
      ],
    );
    // The part that leaves would be named as the whole was: it gets a name of its own.
    expect(Object.values(split?.rings ?? {}).sort()).toEqual(['ab', 'cde']);
    expect(split?.rings['ring-a']).toBe('cde');
    expect(split?.events.map((event) => event.split(' ').slice(1).join(' '))).toEqual([
      'shrank',
      'split ring-a',
    ]);
    expect(later?.rings).toEqual(split?.rings);
    expect(later?.events).toEqual([]);
  });

  it('come back when a ring that dissolved is there again', () => {
    const seen = days([['a', 'b', 'c']], [], [['b', 'c', 'd']]);
    expect(seen.map((day) => day.events)).toEqual([
      ['ring-a formed'],
      ['ring-a dissolved'],
      ['ring-a formed again'],
    ]);
    expect(seen[2]?.rings).toEqual({ 'ring-a': 'bcd' });
  });

  it('do not pass on by a single person', () => {
    const [, after] = days([['a', 'b']], [['b', 'c', 'd']]);
    expect(after?.rings).toEqual({ 'ring-b': 'bcd' });
    expect(after?.events).toEqual(['ring-a dissolved', 'ring-b formed']);
  });

  it('are the same in whatever order groups come', () => {
    const before = replay(
      nameRings([group(['a', 'b']), group(['c', 'd'])], new Map(), '2026-01-01T00:00:00Z').events,
    );
    const groups = [group(['a', 'b', 'c', 'd']), group(['e', 'f'])];
    const one = nameRings(groups, before, '2026-01-02T00:00:00Z');
    expect(nameRings([...groups].reverse(), before, '2026-01-02T00:00:00Z')).toEqual(one);
  });
});

describe('rings over many days', () => {
  const letters = [...'abcdefgh'];
  /** People cut into groups, of which those of two and more are rings. */
  const day = fc
    .array(fc.nat(3), { minLength: letters.length, maxLength: letters.length })
    .map((groups) =>
      [0, 1, 2].map((group) => letters.filter((_, i) => groups[i] === group)).filter((one) => one.length > 1),
    );

  it('never give one id to two rings, nor touch one whose people did not change', () => {
    fc.assert(
      fc.property(fc.array(day, { maxLength: 8 }), (all) => {
        const untouched = ['x', 'y', 'z'];
        let id: string | undefined;
        for (const { rings, events } of days(...all.map((groups) => [...groups, untouched]))) {
          expect(new Set(Object.values(rings)).size).toBe(Object.keys(rings).length);
          const now = Object.keys(rings).find((one) => rings[one] === 'xyz');
          if (id !== undefined) {
            expect(now).toBe(id);
            expect(events.filter((event) => event.startsWith(`${id} `))).toEqual([]);
          }
          id = now;
        }
      }),
    );
  });

  it('say of every ring that is gone what became of it', () => {
    fc.assert(
      fc.property(day, day, (one, two) => {
        const [before, after] = days(one, two);
        for (const id of Object.keys(before?.rings ?? {}))
          if (!(id in (after?.rings ?? {})))
            expect(
              after?.events.some((event) => event.startsWith(`${id} merged`) || event === `${id} dissolved`),
            ).toBe(true);
      }),
    );
  });
});
