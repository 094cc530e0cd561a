/** The stores against plain Maps and arrays that do the same. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Arena } from './arena.js';
import { none } from './columns.js';
import { hashText } from './hash.js';
import { Lists } from './lists.js';
import { Queues, refLane, timeLane, valueLane } from './queues.js';
import { SortedNumbers } from './sorted.js';
import { TextTable } from './texts.js';

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('', 'a', 'é', '\u00ff', '\u0100', '\ud800', 'x'.repeat(300)),
);

describe('Arena', () => {
  test('blocks in use never overlap, however often they are taken and given back', () => {
    const steps = fc.array(fc.record({ size: fc.integer({ min: 1, max: 9 }), keep: fc.boolean() }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(steps, (list) => {
        const arena = new Arena();
        const held: { block: number; size: number; mark: number }[] = [];
        list.forEach(({ size, keep }, mark) => {
          const block = arena.take(size);
          arena.words.fill(mark, block, block + size);
          held.push({ block, size, mark });
          if (keep) return;
          const first = held.shift();
          if (first !== undefined) arena.give(first.block, first.size);
        });
        for (const { block, size, mark } of held) {
          expect([...arena.words.subarray(block, block + size)]).toEqual(new Array(size).fill(mark));
        }
      }),
    );
  });

  test('given blocks are used again', () => {
    const arena = new Arena();
    for (let i = 0; i < 10_000; i++) arena.give(arena.take(3), 3);
    expect(arena.byteLength).toBeLessThan(1000);
  });
});

describe('hashText', () => {
  test('depends on text, length, owner and key', () => {
    const hashes = [
      hashText('', 0, [1, 2]),
      hashText('\0', 0, [1, 2]),
      hashText('\0\0', 0, [1, 2]),
      hashText('a', 0, [1, 2]),
      hashText('a\0', 0, [1, 2]),
      hashText('a', 1, [1, 2]),
      hashText('a', 0, [2, 2]),
      hashText('a', 0, [1, 3]),
      hashText('ab', 0, [1, 2]),
      hashText('ba', 0, [1, 2]),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test('spreads texts that differ little', () => {
    const buckets = new Uint32Array(1024);
    for (let i = 0; i < 102_400; i++) {
      const bucket = hashText(`user-${i}@example.com`, 0, [3, 4]) & 1023;
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    expect(Math.min(...buckets)).toBeGreaterThan(50);
    expect(Math.max(...buckets)).toBeLessThan(160);
  });
});

describe('TextTable', () => {
  test('is a map from owner and text to slot', () => {
    const step = fc.record({ text, owner: fc.integer({ min: 0, max: 2 }), remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const table = new TextTable(true);
        const model = new Map<string, number>();
        for (const { text, owner, remove } of steps) {
          const key = JSON.stringify([
            owner,
            ...Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)),
          ]);
          const hash = table.hash(text, owner);
          const found = table.find(text, hash, owner);
          expect(found).toBe(model.get(key) ?? none);
          if (found === none) {
            const slot = table.add(text, hash, owner);
            expect([...model.values()]).not.toContain(slot);
            expect(slot).toBeLessThan(table.capacity);
            model.set(key, slot);
          } else if (remove) {
            table.remove(found);
            model.delete(key);
          }
          expect(table.size).toBe(model.size);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('gives memory of removed texts back, whatever their lengths', () => {
    const table = new TextTable();
    const bytes: number[] = [];
    for (let round = 1; round <= 20; round++) {
      const texts = Array.from({ length: 2000 }, (_, i) => `${i}`.padStart(round * 12, '.'));
      const slots = texts.map((item) => table.add(item, table.hash(item)));
      bytes.push(table.byteLength);
      expect(texts.every((item, i) => table.find(item, table.hash(item)) === slots[i])).toBe(true);
      for (const slot of slots) table.remove(slot);
    }
    expect(table.size).toBe(0);
    // The last round alone holds 2000 texts of 240 bytes.
    expect(Math.max(...bytes)).toBeLessThan(2000 * 240 * 2.5);
  });

  test('texts survive when the others around them are removed', () => {
    const table = new TextTable();
    const texts = Array.from({ length: 5000 }, (_, i) => `text number ${i} of many`);
    const slots = texts.map((item) => table.add(item, table.hash(item)));
    slots.forEach((slot, i) => {
      if (i % 10 !== 0) table.remove(slot);
    });
    texts.forEach((item, i) => {
      expect(table.find(item, table.hash(item))).toBe(i % 10 === 0 ? slots[i] : none);
    });
  });
});

test('Lists keep slots in the order they were touched', () => {
  const step = fc.record({ slot: fc.nat({ max: 9 }), list: fc.nat({ max: 2 }), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const lists = new Lists();
      lists.reserveSlots(10);
      lists.reserveLists(3);
      const model: number[][] = [[], [], []];
      for (const { slot, list, remove } of steps) {
        const home = model.findIndex((slots) => slots.includes(slot));
        if (home < 0) {
          lists.add(list, slot);
          model[list]?.push(slot);
        } else {
          model[home] = (model[home] ?? []).filter((other) => other !== slot);
          if (remove) lists.remove(home, slot);
          else {
            lists.touch(home, slot);
            model[home].push(slot);
          }
        }
        model.forEach((slots, index) => {
          expect(lists.oldest(index)).toBe(slots[0] ?? none);
          const back: number[] = [];
          for (let at = lists.newest(index); at !== none; at = lists.older(at)) back.push(at);
          expect(back.reverse()).toEqual(slots);
          const forth: number[] = [];
          for (let at = lists.oldest(index); at !== none; at = lists.newer(at)) forth.push(at);
          expect(forth).toEqual(slots);
        });
      }
    }),
  );
});

test('Queues are first in, first out for each group', () => {
  const step = fc.record({ group: fc.nat({ max: 3 }), shift: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queues = new Queues(3);
      queues.reserve(4);
      const model: number[][] = [[], [], [], []];
      steps.forEach(({ group, shift }, number) => {
        const queue = model[group] ?? [];
        if (shift && queue.length > 0) {
          queues.shift(group);
          queue.shift();
        } else {
          const entry = queues.push(group, number, number * 2);
          queues.set(entry, valueLane, number * 3);
          queue.push(number);
        }
      });
      expect(queues.size).toBe(model.flat().length);
      model.forEach((queue, group) => {
        expect(queues.count(group)).toBe(queue.length);
        const seen: number[][] = [];
        for (let at = queues.oldest(group); at !== none; at = queues.newer(at)) {
          seen.push([timeLane, refLane, valueLane].map((lane) => queues.get(at, lane)));
        }
        expect(seen).toEqual(queue.map((number) => [number, number * 2, number * 3]));
      });
    }),
  );
});

test('SortedNumbers stay sorted and give memory back', () => {
  const step = fc.record({
    group: fc.nat({ max: 2 }),
    number: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, min: -5, max: 5 })),
    remove: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const sorted = new SortedNumbers();
      sorted.reserve(3);
      const model: number[][] = [[], [], []];
      for (const { group, number, remove } of steps) {
        const numbers = model[group] ?? [];
        if (remove && numbers.length > 0) sorted.remove(group, numbers.shift() as number);
        else {
          numbers.push(number + 0);
          sorted.add(group, number + 0);
        }
        if (numbers.length === 0) continue;
        const wanted = [...numbers].sort((a, b) => a - b);
        wanted.forEach((value, i) => {
          expect(sorted.quantile(group, wanted.length === 1 ? 0 : i / (wanted.length - 1))).toBeCloseTo(
            value,
          );
        });
      }
    }),
    { numRuns: 200 },
  );
  const burst = new SortedNumbers();
  burst.reserve(1);
  for (let i = 0; i < 100_000; i++) burst.add(0, i);
  const before = burst.byteLength;
  for (let i = 0; i < 99_990; i++) burst.remove(0, i);
  expect(burst.quantile(0, 0)).toBe(99_990);
  expect(burst.byteLength).toBeLessThan(before / 20);
});
