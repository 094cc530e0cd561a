/** Which part of the world a person's map shows. */
import { type GeoPermissibleObjects, geoNaturalEarth1 } from 'd3-geo';

export type Point = [number, number];

/** The middle of some longitudes, the short way round: the map then never tears a journey across the Pacific apart. */
export function middleLongitude(longitudes: readonly number[]): number {
  const sorted = [...longitudes].sort((a, b) => a - b);
  if (sorted.length === 0) return 0;
  let widest = -1;
  let start = 0;
  sorted.forEach((longitude, index) => {
    const next = sorted[(index + 1) % sorted.length] ?? longitude;
    const gap = index === sorted.length - 1 ? next + 360 - longitude : next - longitude;
    if (gap > widest) {
      widest = gap;
      start = next;
    }
  });
  const middle = start + (360 - widest) / 2;
  return ((middle + 540) % 360) - 180;
}

/** A map needs some country around its points to be recognised. */
const leastSpanKm = 2600;

/** The world turned and enlarged so that these points, and some country around them, fill the frame. */
export function project(points: readonly Point[], width: number, height: number) {
  const lon = middleLongitude(points.map(([one]) => one));
  const projection = geoNaturalEarth1().rotate([-lon, 0]);
  const mean = points.reduce((sum, [, lat]) => sum + lat, 0) / Math.max(1, points.length);
  const half = (leastSpanKm / 2 / 6371) * (180 / Math.PI);
  const wide = half / Math.max(0.2, Math.cos((mean * Math.PI) / 180));
  const frame: GeoPermissibleObjects = {
    type: 'MultiPoint',
    coordinates: [
      ...points,
      [lon - wide, mean],
      [lon + wide, mean],
      [lon, Math.max(-85, mean - half * 0.6)],
      [lon, Math.min(85, mean + half * 0.6)],
    ],
  };
  const margin = Math.min(56, width * 0.08);
  return projection.fitExtent(
    [
      [margin, 36],
      [width - margin, height - 36],
    ],
    frame,
  );
}
