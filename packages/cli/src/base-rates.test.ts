import type { ScanResult } from '@rollcall/engine/model/result.js';
import { expect, it } from 'vitest';
import { ratesOf } from './commands/base-rates.js';
import { main } from './main.js';

const rate = (ownBits: number, bits: number, population = 'workers') => ({
  population,
  seenIn: 3,
  outOf: 40,
  own: 0.1,
  used: 0.2,
  ownBits,
  bits,
  says: 'Found in 3 of 40 workers: more than expected, so it counts for less.',
});

it('lists base rates by how much they move a weight, each population by itself', () => {
  const result = {
    detections: [
      { id: 'b', title: 'B', rates: [rate(3, 2.9), rate(3, 0, 'applicants')] },
      { id: 'a', title: 'A', amongWhom: 'people who were asked', rates: [rate(2, 1)] },
      { id: 'c', title: 'C', rates: [rate(4, 3)] },
      { id: 'd', title: 'D', rates: [] },
    ],
  } as unknown as ScanResult;
  expect(ratesOf(result).map((one) => `${one.detection} ${one.population}`)).toEqual([
    'b applicants',
    'a workers',
    'c workers',
    'b workers',
  ]);
  expect(ratesOf(result)[1]).toMatchObject({ title: 'A', amongWhom: 'people who were asked', bits: 1 });
});

it('asks for a scan first where there is none', async () => {
  expect(await main(['base-rates', '--lake', '/nowhere/at-all'])).toBe(2);
});
