import { describe, expect, it } from 'vitest';
import { type Scenario, scenarios } from '../scenario.js';
import { formRings } from './form.js';
import { sharedSince } from './planted.js';

describe('formRings', () => {
  const members = (total: number, scenario: Scenario) =>
    formRings(total, scenario).flatMap((one) => one.teams.flat());
  const count = (total: number, scenario: Scenario) =>
    (['careless', 'ordinary', 'careful'] as const).map(
      (kind) => members(total, scenario).filter((one) => one === kind).length,
    );

  it('places everybody, in every scenario', () => {
    for (const scenario of scenarios)
      for (let total = 0; total <= 60; total++)
        expect(members(total, scenario), `${total} members, ${scenario}`).toHaveLength(total);
  });

  it('has rings of two to five, and careful ones who are alone', () => {
    for (let total = 2; total <= 60; total++) {
      for (const { teams } of formRings(total)) {
        const [team = []] = teams;
        expect(teams).toHaveLength(1);
        expect(team.length, `${total} members: ${JSON.stringify(teams)}`).toBeLessThanOrEqual(5);
        if (team.length === 1 && total > 3) expect(team).toEqual(['careful']);
      }
    }
    expect(formRings(12).filter((one) => one.teams.flat().length === 1)).toHaveLength(1);
  });

  it('mixes the degrees of care', () => {
    expect(count(12, 'mixed')).toEqual([4, 5, 3]);
    expect(count(20, 'farm')).toEqual([8, 12, 0]);
    expect(count(7, 'careful-single')).toEqual([0, 0, 7]);
  });

  it('has one house in a farm, one supplier of a cohort, and nobody beside a careful one', () => {
    expect(formRings(60, 'farm')).toHaveLength(1);
    expect(formRings(20, 'staffing-firm').every((one) => one.through === 'one-firm')).toBe(true);
    expect(formRings(5, 'careful-single')).toHaveLength(5);
    expect(formRings(6, 'several-operators').every((one) => one.byTurns === 'everybody')).toBe(true);
    expect(formRings(6, 'exfiltration').every((one) => one.dismissed)).toBe(true);
  });
});

describe('sharedSince', () => {
  it('is when the second of two has it, for both, and its own time for whoever comes later', () => {
    expect(sharedSince([10, 20, 30])).toEqual([20, 20, 30]);
    expect(sharedSince([30, 10])).toEqual([30, 30]);
  });
});
