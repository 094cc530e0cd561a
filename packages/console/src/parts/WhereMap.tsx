import atlas from 'virtual:outlines';
import type { PersonResult } from '@rollcall/engine/model/result.js';
import { geoGraticule10, geoPath } from 'd3-geo';
import { useMemo, useRef } from 'react';
import { feature, mesh } from 'topojson-client';
import { count, kilometres, short, shown } from '../format.js';
import { setQuery } from '../route.js';
import { type Point, project } from './map-frame.js';
import { useWidth } from './measure.js';
import { distanceKm, hasPoint, type PlaceVisit } from './places.js';

const land = feature(atlas, atlas.objects.land);
const borders = mesh(atlas, atlas.objects.countries, (a, b) => a !== b);
const graticule = geoGraticule10();

interface Label {
  x: number;
  y: number;
  anchor: 'start' | 'end' | 'middle';
}

/** Puts each label right of, left of, above or below its mark: the first place where it covers nothing. */
function placeLabels(
  marks: { x: number; y: number; text: string }[],
  width: number,
  height: number,
): (Label | undefined)[] {
  const taken = marks.map(({ x, y }) => ({ left: x - 10, right: x + 10, top: y - 10, bottom: y + 10 }));
  return marks.map(({ x, y, text }) => {
    const length = text.length * 6.4 + 4;
    const tries: Label[] = [
      { x: x + 14, y: y + 4, anchor: 'start' },
      { x: x - 14, y: y + 4, anchor: 'end' },
      { x, y: y - 15, anchor: 'middle' },
      { x, y: y + 23, anchor: 'middle' },
    ];
    for (const attempt of tries) {
      const left =
        attempt.anchor === 'start'
          ? attempt.x
          : attempt.anchor === 'end'
            ? attempt.x - length
            : attempt.x - length / 2;
      const box = { left, right: left + length, top: attempt.y - 11, bottom: attempt.y + 4 };
      const inside = box.left > 2 && box.right < width - 2 && box.top > 2 && box.bottom < height - 2;
      const free = taken.every(
        (one) => box.right < one.left || box.left > one.right || box.bottom < one.top || box.top > one.bottom,
      );
      if (!inside || !free) continue;
      taken.push(box);
      return attempt;
    }
    return undefined;
  });
}

interface Props {
  person: PersonResult;
  places: readonly PlaceVisit[];
  /** Timeline entries to join in order of time: those of a chosen signal. */
  journey: readonly number[];
  chosen: number | undefined;
}

/** Where somebody says they live, and where their sign-ins and deliveries were. Drawn from what is inside the page. */
export function WhereMap({ person, places, journey, chosen }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, 720);
  const home = hasPoint(person.claimed) ? person.claimed : undefined;
  const drawn = useMemo(() => {
    const points: Point[] = [
      ...(home ? [[home.lon, home.lat] as Point] : []),
      ...places.map(({ lon, lat }): Point => [lon, lat]),
    ];
    // A wide journey needs a low map: first fitted to the greatest height, then to the height that it takes.
    const tallest = Math.round(Math.max(250, Math.min(430, width * 0.6)));
    const wide = project(points, width, tallest);
    const ys = points.map((point) => wide(point)?.[1] ?? 0);
    const arc = points.length > 1 ? tallest * 0.45 : 0;
    const height = Math.round(Math.max(250, Math.min(tallest, Math.max(...ys) - Math.min(...ys) + arc + 90)));
    const projection = project(points, width, height);
    const path = geoPath(projection);
    return {
      height,
      projection,
      path,
      land: path(land) ?? '',
      borders: path(borders) ?? '',
      graticule: path(graticule) ?? '',
    };
  }, [home, places, width]);
  const { height } = drawn;
  const at = (lon: number, lat: number): Point => drawn.projection([lon, lat]) ?? [0, 0];
  const line = (from: Point, to: Point) => drawn.path({ type: 'LineString', coordinates: [from, to] }) ?? '';
  const homeAt = home ? at(home.lon, home.lat) : undefined;
  const marks = places.map((place, index) => {
    const [x, y] = at(place.lon, place.lat);
    // What happened at home stands beside the house, not on top of it.
    const covered = homeAt !== undefined && Math.hypot(x - homeAt[0], y - homeAt[1]) < 18;
    return { x: covered ? homeAt[0] + 19 : x, y, text: short(place.label, 26), place, number: index + 1 };
  });
  const atHome = (place: PlaceVisit) => home !== undefined && distanceKm(home, place) < 30;
  const all = [
    ...(homeAt
      ? [{ x: homeAt[0], y: homeAt[1], text: `${short(home?.label ?? '', 26)} (home they gave)` }]
      : []),
    ...marks.map(({ x, y, text, place }) => ({ x, y, text: atHome(place) ? '' : text })),
  ];
  const labels = placeLabels(all, width, height);
  const steps = journey
    .map((index) => person.timeline[index]?.place)
    .filter(hasPoint)
    .filter((place, index, list) => index === 0 || distanceKm(place, list[index - 1] ?? place) > 10);
  return (
    <div className="map" ref={frame}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="img"
        aria-label={`Map. ${home ? `Home they gave: ${shown(home.label)}. ` : ''}${places
          .map(
            (place) =>
              `${shown(place.label)}: ${count(place.events)} events${place.through ? ` through ${place.through}` : ''}`,
          )
          .join('; ')}. The table says the same.`}
      >
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path className="arrow" d="M0 0 8 4 0 8Z" />
          </marker>
        </defs>
        <path className="graticule" d={drawn.graticule} />
        <path className="land" d={drawn.land} />
        <path className="borders" d={drawn.borders} />
        {home
          ? places.map((place) =>
              atHome(place) ? null : (
                <path
                  key={place.key}
                  className={place.through ? 'tie through' : 'tie'}
                  d={line([home.lon, home.lat], [place.lon, place.lat])}
                />
              ),
            )
          : null}
        {steps.slice(1).map((place, index) => {
          const from = steps[index];
          return from ? (
            <path
              // biome-ignore lint/suspicious/noArrayIndexKey: a leg is its place in the journey
              key={index}
              className="leg"
              markerEnd="url(#arrow)"
              d={line([from.lon, from.lat], [place.lon, place.lat])}
            />
          ) : null;
        })}
        {marks.map(({ x, y, place, number }) => (
          <PlaceMark
            key={place.key}
            x={x}
            y={y}
            place={place}
            number={number}
            chosen={chosen !== undefined && place.entries.includes(chosen)}
          />
        ))}
        {homeAt ? (
          <g className="home" transform={`translate(${homeAt[0]} ${homeAt[1]})`}>
            <path d="M-8 1 0 -8 8 1 8 8 -8 8Z" />
          </g>
        ) : null}
        {labels.map((label, index) =>
          label && all[index]?.text ? (
            <text
              // biome-ignore lint/suspicious/noArrayIndexKey: a label belongs to its mark
              key={index}
              className="place-label"
              x={label.x}
              y={label.y}
              textAnchor={label.anchor}
            >
              {all[index].text}
            </text>
          ) : null,
        )}
      </svg>
      <p className="legend">
        <span>
          <svg width="14" height="14" viewBox="-9 -9 18 18" aria-hidden="true">
            <g className="home">
              <path d="M-8 1 0 -8 8 1 8 8 -8 8Z" />
            </g>
          </svg>
          home they gave
        </span>
        <span>
          <svg width="14" height="14" viewBox="-9 -9 18 18" aria-hidden="true">
            <g className="visit">
              <rect x="-7" y="-7" width="14" height="14" />
            </g>
          </svg>
          a delivery
        </span>
        <span>
          <svg width="14" height="14" viewBox="-9 -9 18 18" aria-hidden="true">
            <g className="visit">
              <circle r="7.5" />
            </g>
          </svg>
          sign-ins and other events
        </span>
        <span>
          <svg width="14" height="14" viewBox="-9 -9 18 18" aria-hidden="true">
            <g className="visit through">
              <circle r="7.5" />
            </g>
          </svg>
          where a VPN or relay comes out: not where the person is
        </span>
      </p>
    </div>
  );
}

function PlaceMark(props: { x: number; y: number; place: PlaceVisit; number: number; chosen: boolean }) {
  const { x, y, place, number, chosen } = props;
  const classes = [
    'visit',
    place.through ? 'through' : '',
    place.signals.size > 0 ? 'evidence' : '',
    chosen ? 'chosen' : '',
  ];
  const away =
    place.kilometres === undefined ? '' : `, ${kilometres(place.kilometres)} from the home they gave`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the table beside the map does the same by key
    <g
      className={classes.filter(Boolean).join(' ')}
      transform={`translate(${x} ${y})`}
      onClick={() => setQuery({ at: String((place.entries[0] ?? 0) + 1) })}
    >
      <title>{`${shown(place.label)}: ${count(place.events)} events${place.through ? ` through ${place.through}` : ''}${away}`}</title>
      {place.kinds.has('delivery') ? <rect x="-9" y="-9" width="18" height="18" /> : <circle r="10" />}
      <text y="4" textAnchor="middle">
        {number}
      </text>
    </g>
  );
}
