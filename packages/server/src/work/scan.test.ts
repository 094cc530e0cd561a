import { pino } from 'pino';
import { expect, test } from 'vitest';
import { makeScans, type ScansOptions } from './scan.js';

test('a scan that fails is asked for again, also when nothing new comes in, until one begins', async () => {
  const asked: unknown[] = [];
  const scans = makeScans({
    folder: '/nowhere',
    lake: '/nowhere/lake',
    content: '/nowhere/content',
    policy: async () => {
      throw new Error('no space left on device');
    },
    queue: () => ({
      add: async (_db: unknown, kind: string, payload: unknown) => void asked.push([kind, payload]),
    }),
    intake: () => ({ seal: async () => [] }),
    results: { current: () => undefined },
    live: { publish: () => undefined },
    log: pino({ level: 'silent' }),
    now: () => new Date('2026-06-01T09:00:00Z'),
    store: {},
    again: 40,
  } as unknown as ScansOptions);
  await expect(scans.run({ reason: 'records' })).rejects.toThrow();
  expect(scans.state().last?.problem).toBeDefined();
  expect(asked).toEqual([]);
  await expect.poll(() => asked, { timeout: 5000 }).toEqual([['scan', { reason: 'again' }]]);
  // Whoever stops the server is not asked again.
  await expect(scans.run({ reason: 'again' })).rejects.toThrow();
  await scans.stop();
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(asked).toHaveLength(1);
});
