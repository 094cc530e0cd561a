/** Where things happened to a person: their timeline, gathered by place and measured against the home they gave. */
import type { PersonResult, Place, TimelineEntry } from '@rollcall/engine/model/result.js';
import { instant } from '../format.js';
import { network } from '../words.js';

export interface PlaceVisit {
  key: string;
  label: string;
  lat: number;
  lon: number;
  /** How many events of each kind. */
  kinds: ReadonlyMap<TimelineEntry['kind'], number>;
  events: number;
  first: string;
  last: string;
  /** The place is that of a network's exit (VPN, relay …), not of the person; its name in words. */
  through?: string;
  /** Indexes of the signals that the events here are evidence of. */
  signals: ReadonlySet<number>;
  /** From the home they gave. */
  kilometres?: number;
  /** Indexes into the timeline. */
  entries: number[];
}

export function hasPoint(place: Place | undefined): place is Place & { lat: number; lon: number } {
  return (
    place !== undefined &&
    typeof place.lat === 'number' &&
    typeof place.lon === 'number' &&
    Math.abs(place.lat) <= 90 &&
    Math.abs(place.lon) <= 180
  );
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Great-circle distance on a sphere of the Earth's mean radius. */
export function distanceKm(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const half =
    Math.sin(radians(b.lat - a.lat) / 2) ** 2 +
    Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(radians(b.lon - a.lon) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** Events within about ten kilometres and through the same kind of network are one place; farthest from home first. */
export function placesOf(person: PersonResult): { places: PlaceVisit[]; unplaced: number } {
  const home = hasPoint(person.claimed) ? person.claimed : undefined;
  const found = new Map<
    string,
    PlaceVisit & { kinds: Map<TimelineEntry['kind'], number>; signals: Set<number> }
  >();
  let unplaced = 0;
  person.timeline.forEach((entry, index) => {
    if (!hasPoint(entry.place)) {
      if (entry.place) unplaced += entry.count;
      return;
    }
    const { lat, lon, label } = entry.place;
    const seen = entry.network ? network(entry.network) : undefined;
    const through = seen?.hidesPlace ? seen.words : undefined;
    const key = `${lat.toFixed(1)} ${lon.toFixed(1)} ${through ?? ''}`;
    let place = found.get(key);
    if (!place) {
      place = {
        key,
        label,
        lat,
        lon,
        kinds: new Map(),
        events: 0,
        first: entry.time,
        last: entry.time,
        signals: new Set(),
        entries: [],
        ...(through ? { through } : {}),
        ...(home ? { kilometres: distanceKm(home, { lat, lon }) } : {}),
      };
      found.set(key, place);
    }
    place.kinds.set(entry.kind, (place.kinds.get(entry.kind) ?? 0) + entry.count);
    place.events += entry.count;
    if ((instant(entry.time) ?? 0) < (instant(place.first) ?? 0)) place.first = entry.time;
    if ((instant(entry.time) ?? 0) > (instant(place.last) ?? 0)) place.last = entry.time;
    for (const signal of entry.signals) place.signals.add(signal);
    place.entries.push(index);
  });
  const places = [...found.values()].sort(
    (a, b) => (b.kilometres ?? 0) - (a.kilometres ?? 0) || b.events - a.events || a.key.localeCompare(b.key),
  );
  return { places, unplaced };
}
