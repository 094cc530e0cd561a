import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Reorder } from './reorder.js';

test('takes come in order of time, then number', () => {
  const item = fc.record({ time: fc.integer({ min: 0, max: 9 }), ref: fc.nat(), take: fc.boolean() });
  fc.assert(
    fc.property(fc.array(item), (items) => {
      const reorder = new Reorder<{ time: number; ref: number }>();
      let model: { time: number; ref: number }[] = [];
      const takeBoth = () => {
        model.sort((a, b) => a.time - b.time || a.ref - b.ref);
        const [first, ...rest] = model;
        model = rest;
        expect(reorder.first).toEqual(first);
        expect(reorder.take()).toEqual(first);
        expect(reorder.size).toBe(model.length);
      };
      for (const { time, ref, take } of items) {
        reorder.add({ time, ref });
        model.push({ time, ref });
        if (take) takeBoth();
      }
      while (model.length > 0) takeBoth();
      expect(reorder.take()).toBeUndefined();
    }),
  );
});
