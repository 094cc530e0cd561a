import { describe, expect, it } from 'vitest';
import { cities, cityNamed, countryNames, kilometres } from './cities.js';

describe('cities', () => {
  it('are many, each once, and lie on the earth', () => {
    expect(cities.length).toBeGreaterThanOrEqual(140);
    expect(new Set(cities.map((one) => `${one.name}/${one.region}/${one.country}`)).size).toBe(cities.length);
    for (const city of cities) {
      expect(Math.abs(city.lat), city.name).toBeLessThan(70);
      expect(Math.abs(city.lon), city.name).toBeLessThanOrEqual(180);
      expect(city.region && city.regionName && city.postal, city.name).toBeTruthy();
      expect(countryNames[city.country], city.country).toBeTruthy();
    }
  });

  it('of North America have area codes to take numbers from', () => {
    for (const city of cities.filter((one) => one.country === 'US' || one.country === 'CA')) {
      expect(city.areaCodes.length, city.name).toBeGreaterThan(0);
      for (const code of city.areaCodes) expect(code).toMatch(/^[2-9]\d\d$/);
    }
  });

  it('have true distances between them', () => {
    expect(kilometres(cityNamed('New York', 'US'), cityNamed('Los Angeles', 'US'))).toBeCloseTo(3936, -2);
    expect(kilometres(cityNamed('London', 'GB'), cityNamed('Sydney', 'AU'))).toBeCloseTo(16994, -3);
    expect(kilometres(cityNamed('Berlin', 'DE'), cityNamed('Berlin', 'DE'))).toBe(0);
  });
});
