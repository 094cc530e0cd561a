import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IdentifierKind } from '../model/vocabulary.js';
import { facetOf } from './kinds.js';
import type { Link } from './links.js';
import { findRings, findRingsInAll } from './rings.js';
import { type Held, sampleLake } from './sample-sharing.js';
import { ensureSharedValues } from './shared-values.js';

const options = { joining: 6, sameFacetShare: 0.15 };

function link(a: string, b: string, more: Partial<Link> & { kind?: IdentifierKind } = {}): Link {
  const kind = more.kind ?? 'phone';
  const label = more.label ?? `${kind} of ${a} and ${b}`;
  return {
    a,
    b,
    kind,
    value: label,
    label,
    facet: facetOf[kind],
    bits: 12,
    chance: 2 ** -12,
    holders: 2,
    outOf: 300,
    contexts: [],
    contextsA: [],
    contextsB: [],
    ...more,
  };
}

const shape = (links: readonly Link[]) => findRings(links, options).map((ring) => [ring.id, ring.members]);

describe('rings', () => {
  it('are named by their earliest link, so that later links leave the id as it is', () => {
    const early = link('a', 'b', { first: '2026-01-01' });
    const [before] = findRings([early], options);
    const [after] = findRings([early, link('b', 'c', { first: '2026-02-01' })], options);
    expect(after?.members).toEqual(['a', 'b', 'c']);
    expect(after?.id).toBe(before?.id);
  });

  it('come apart where the only link is explained, and not where another way is left', () => {
    const links = [link('a', 'b'), link('b', 'c'), link('a', 'c', { kind: 'address' })];
    const without = (gone: (one: Link) => boolean) =>
      findRings(
        links.filter((one) => !gone(one)),
        options,
      ).map((ring) => ring.members);
    expect(without((one) => one.a === 'a' && one.b === 'b')).toEqual([['a', 'b', 'c']]);
    expect(without((one) => one.a === 'a')).toEqual([['b', 'c']]);
  });

  it('do not join a couple by what was explained, nor cut off a third who shares it too', () => {
    // One value of three people; that of a and b is explained as their home.
    const value = { label: 'one address', kind: 'address' as const, holders: 3 };
    const couple = [link('a', 'c', value), link('b', 'c', value)];
    expect(findRings(couple, options).map((ring) => ring.members)).toEqual([['a', 'b', 'c']]);
    expect(findRings([], options)).toEqual([]);
  });

  it('take wording as pairs: it does not pass from one pair on to the next unseen', () => {
    const words = (a: string, b: string, bits: number) => link(a, b, { kind: 'passage', label: 'w', bits });
    expect(findRings([words('a', 'b', 12), words('b', 'c', 3)], options).map((ring) => ring.members)).toEqual(
      [['a', 'b']],
    );
  });

  it('are the same in whatever order links come, and untouched by people who share nothing with them', () => {
    const person = fc.constantFrom(...'abcdefgh');
    const some = fc
      .array(
        fc.record({
          a: person,
          b: person,
          bits: fc.integer({ min: 2, max: 16 }),
          kind: fc.constantFrom<IdentifierKind>('phone', 'address', 'bank_account'),
          day: fc.integer({ min: 1, max: 9 }),
        }),
        { maxLength: 24 },
      )
      .map((list) =>
        list
          .filter((one) => one.a < one.b)
          .map((one, i) =>
            link(one.a, one.b, {
              kind: one.kind,
              bits: one.bits,
              label: `value ${i}`,
              first: `2026-01-0${one.day}`,
            }),
          ),
      );
    const apart = (links: readonly Link[]) =>
      links.map((one) => ({
        ...one,
        a: `${one.a}2`,
        b: `${one.b}2`,
        value: `${one.value}2`,
        label: `${one.label}2`,
      }));
    fc.assert(
      fc.property(
        some.chain((links) =>
          fc.tuple(fc.constant(links), fc.shuffledSubarray(links, { minLength: links.length })),
        ),
        some,
        ([links, shuffled], others) => {
          const before = shape(links);
          expect(shape(shuffled)).toEqual(before);
          const after = new Set(shape([...links, ...apart(others)]).map((one) => JSON.stringify(one)));
          for (const ring of before) expect(after).toContain(JSON.stringify(ring));
        },
      ),
    );
  });
});

describe('rings among everyone', () => {
  it('find a chain of people who share one thing with the next, and leave out a household and an institution', async () => {
    const held: Held[] = Array.from({ length: 12 }, (_, i): Held[] => {
      const kind = (['phone', 'address', 'bank_account'] as const)[i % 3] as IdentifierKind;
      return [
        { person: `r${String(i).padStart(2, '0')}`, kind, value: `chain ${i}` },
        { person: `r${String(i + 1).padStart(2, '0')}`, kind, value: `chain ${i}` },
      ];
    }).flat();
    for (const person of ['h1', 'h2', 'h3'])
      held.push(
        { person, kind: 'address', value: 'a home' },
        { person, kind: 'phone', value: 'a home line' },
      );
    for (let i = 0; i < 30; i++) held.push({ person: `s${i}`, kind: 'phone', value: 'switchboard' });
    const run = async (rows: readonly Held[]) => {
      const database = await sampleLake(rows);
      try {
        await ensureSharedValues(database, { common_value: 8, base_rate_strength: 200 });
        return await findRingsInAll(database, { ...options, leastMembers: 3, leastValues: 3 });
      } finally {
        database.close();
      }
    };
    const rings = await run(held);
    expect(rings.map((ring) => [ring.members.length, ring.values])).toEqual([[13, 12]]);
    expect(rings[0]?.links).toHaveLength(12);
    expect(await run([...held].reverse())).toEqual(rings);
  });
});
