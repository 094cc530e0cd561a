import { expect, test } from 'vitest';
import { atOnce, inSlices, type Steps } from './slices.js';

/** Counts to a hundred, taking about a millisecond for each. */
function* slow(): Steps<number> {
  let sum = 0;
  for (let n = 1; n <= 100; n++) {
    const until = performance.now() + 1;
    while (performance.now() < until);
    sum += n;
    yield;
  }
  return sum;
}

test('work in slices makes the same as work done at once, and lets others have their turn', async () => {
  expect(atOnce(slow())).toBe(5050);
  let turns = 0;
  let over = false;
  const others = (async () => {
    while (!over) {
      turns += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  expect(await inSlices(slow())).toBe(5050);
  over = true;
  await others;
  expect(turns).toBeGreaterThan(4);
});

test('what goes wrong in a step is told', async () => {
  function* wrong(): Steps<void> {
    yield;
    throw new Error('in the second step');
  }
  await expect(inSlices(wrong())).rejects.toThrow('in the second step');
});
