import { describe, expect, it } from 'vitest';
import { explore, type Found, formatSources } from './sources.js';

/** A company where deliveries and sign-ins say little apart and much together, and nobody needs the chat log. */
async function look(sources: readonly string[]): Promise<Found> {
  const has = (source: string) => sources.includes(source);
  const ring = has('shipments') && has('sign-ins') ? 6 : has('pay') ? 2 : has('shipments') ? 2 : 0;
  return {
    sources: [...sources],
    ring: 10,
    honest: 90,
    review: { ring: ring + (has('pay') && ring > 2 ? 1 : 0), honest: has('pay') ? 1 : 0 },
    watch: { ring: ring + (has('sign-ins') ? 1 : 0), honest: 3 },
  };
}

describe('what each export is worth', () => {
  const explored = explore('people', ['chat', 'pay', 'shipments', 'sign-ins'], look, () => {});

  it('is what is lost without it', async () => {
    const { without } = await explored;
    expect(without.map((one) => [one.source, one.review.ring])).toEqual([
      ['chat', 7],
      ['pay', 6],
      ['shipments', 2],
      ['sign-ins', 2],
    ]);
  });

  it('and what it adds to the list of people, three times over, honest people counting where it is even', async () => {
    const { best, alone } = await explored;
    expect(alone).toHaveLength(4);
    expect(best.map((one) => one.sources)).toEqual([
      ['people'],
      // Pay finds as many, and wrongs somebody.
      ['people', 'shipments'],
      ['people', 'shipments', 'sign-ins'],
      ['people', 'shipments', 'sign-ins', 'pay'],
    ]);
  });

  it('reads in a terminal', async () => {
    const text = formatSources([
      { seed: 1, content: 'x', all: await look(['people', 'pay']), ...(await explored) },
    ]);
    expect(text).toContain('seed 1: shipments + sign-ins + pay');
    expect(text).toContain('6 of 10');
  });
});
