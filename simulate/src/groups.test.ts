import { describe, expect, it } from 'vitest';
import { areas } from './areas/index.js';
import { drawGroup, groups, leaning, leanings } from './groups.js';
import { plantLookalikes } from './lookalikes/plant.js';
import { Random } from './random.js';
import { lookalikes } from './truth.js';
import { World } from './world.js';

const world = new World({
  people: 2000,
  seed: 4,
  out: '',
  ringMembers: 0,
  asOf: '2026-09-30',
  days: 10,
  scenario: 'mixed',
  asRareAsInLife: false,
});
plantLookalikes(world, []);

describe('groups of honest people', () => {
  it('are all there, and drawn the same way for the same person', () => {
    expect(new Set(world.people.map((one) => one.group))).toEqual(new Set(groups));
    const draw = () => drawGroup(new Random(9, 'group', 3));
    expect(draw()).toBe(draw());
  });

  it('lean towards circumstances that exist, and are as likely as others where nothing is said', () => {
    const known = new Set<string>([
      ...lookalikes,
      ...areas.flatMap((area) => (area.makers ?? []).map((maker) => maker.kind)),
    ]);
    const named = Object.values(leanings).flatMap((table) => Object.keys(table));
    expect([...new Set(named)].filter((kind) => !known.has(kind))).toEqual([]);
    expect(leaning('none', 'satellite')).toBe(1);
    expect(leaning('rural', 'of-another-kind')).toBe(1);
  });

  it('make circumstances likelier, and do not decide them', () => {
    const share = (group: (typeof groups)[number], kind: string) => {
      const people = world.people.filter((one) => one.group === group);
      return people.filter((one) => one.lookalikes.has(kind)).length / people.length;
    };
    expect(share('privacy-minded', 'consumer-vpn')).toBeGreaterThan(3 * share('none', 'consumer-vpn'));
    expect(share('rural', 'satellite')).toBeGreaterThan(3 * share('none', 'satellite'));
    expect(share('privacy-minded', 'consumer-vpn')).toBeLessThan(0.5);
  });

  it('leave how common a circumstance is at all as it was', () => {
    const vpn = world.people.filter((one) => one.lookalikes.has('consumer-vpn')).length;
    expect(vpn).toBe(Math.round(2000 * 0.014));
  });
});
