import { describe, it } from 'vitest';
import { conform, report } from './harness.js';

describe('x', () => {
  it('y', async () => {
    for (const s of (process.env.STREAMS ?? '').split(',')) console.log(report(s, await conform(s)));
  }, 300000);
});
