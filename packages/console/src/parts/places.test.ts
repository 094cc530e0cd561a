import type { PersonResult, TimelineEntry } from '@rollcall/engine/model/result.js';
import { describe, expect, it } from 'vitest';
import { sampleResult } from '../../fixtures/sample-result.js';
import { middleLongitude, project } from './map-frame.js';
import { distanceKm, placesOf } from './places.js';

const paris = { label: 'Paris', lat: 48.86, lon: 2.35 };
const newYork = { label: 'New York', lat: 40.71, lon: -74.01 };

function entry(more: Partial<TimelineEntry>): TimelineEntry {
  return {
    time: '2026-06-01T12:00:00Z',
    kind: 'signin',
    label: 'Signed in',
    source: 's',
    signals: [],
    count: 1,
    ...more,
  };
}

function person(timeline: TimelineEntry[], claimed: PersonResult['claimed'] = paris): PersonResult {
  const [first] = sampleResult.people;
  if (!first) throw new Error('the sample has people');
  return { ...first, claimed, timeline };
}

describe('places', () => {
  it('measure distances over the ground', () => {
    expect(distanceKm(paris, newYork)).toBeGreaterThan(5830);
    expect(distanceKm(paris, newYork)).toBeLessThan(5845);
    expect(distanceKm({ lat: 0, lon: 179.9 }, { lat: 0, lon: -179.9 })).toBeLessThan(23);
  });

  it('gather what happened there, farthest from home first', () => {
    const { places } = placesOf(
      person([
        entry({ place: paris, count: 3, time: '2026-06-02T00:00:00Z' }),
        entry({ place: newYork, kind: 'delivery', signals: [4] }),
        entry({ place: { ...paris, lat: 48.87 }, count: 2, time: '2026-06-01T00:00:00Z' }),
      ]),
    );
    expect(places.map((place) => [place.label, place.events])).toEqual([
      ['New York', 1],
      ['Paris', 5],
    ]);
    expect(places[0]?.signals.has(4)).toBe(true);
    expect(places[1]).toMatchObject({ first: '2026-06-01T00:00:00Z', last: '2026-06-02T00:00:00Z' });
  });

  it('keep where a VPN comes out apart from where somebody was', () => {
    const { places } = placesOf(
      person([
        entry({ place: newYork }),
        entry({ place: newYork, network: 'vpn:example' }),
        entry({ place: newYork, network: 'mobile' }),
      ]),
    );
    expect(places.map((place) => [place.through ?? '', place.events]).sort()).toEqual([
      ['', 2],
      ['VPN (example)', 1],
    ]);
  });

  it('count what has no coordinates, or impossible ones, instead of guessing', () => {
    const { places, unplaced } = placesOf(
      person([
        entry({ place: { label: 'US' }, count: 7 }),
        entry({ place: { label: 'nowhere', lat: 999, lon: 0 } }),
        entry({}),
      ]),
    );
    expect(places).toEqual([]);
    expect(unplaced).toBe(8);
  });
});

describe('the frame of the map', () => {
  it('looks across the Pacific where that is the short way', () => {
    expect(Math.abs(middleLongitude([-122, 140]))).toBeGreaterThan(160);
    expect(middleLongitude([-74, 2])).toBeCloseTo(-36);
    expect(middleLongitude([10])).toBeCloseTo(10);
  });

  it('shows every point, however near or far apart', () => {
    for (const points of [
      [[2.35, 48.86]],
      [
        [-97.7, 30.3],
        [123.4, 41.8],
      ],
      [
        [179.9, -89],
        [-179.9, 89],
        [0, 0],
      ],
    ] as [number, number][][]) {
      const projection = project(points, 700, 400);
      for (const point of points) {
        const [x, y] = projection(point) ?? [Number.NaN, Number.NaN];
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(700);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(400);
      }
    }
  });
});
