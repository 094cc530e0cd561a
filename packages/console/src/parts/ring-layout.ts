/**
 * Where people and what they share stand in a ring's drawing. A value shared by several people is one node with a
 * line to each of them, so that one address between six people is one label and not fifteen. Same ring, same drawing.
 */
import type { Ring, RingEdge } from '@rollcall/engine/model/result.js';
import type { IdentifierKind } from '@rollcall/engine/model/vocabulary.js';
import { type Force, forceLink, forceSimulation, forceY } from 'd3-force';

export interface SharedValue {
  key: string;
  kind: IdentifierKind;
  label: string;
  members: string[];
  bits: number;
  contexts: string[];
  /** The links it makes, the strongest first. */
  edges: RingEdge[];
}

/**
 * Gathers edges into shared values. Two values can look alike ("account ending 21"), so edges become one value only
 * where every pair of their people is joined by it: anything less stays apart.
 */
export function sharedValues(ring: Ring): SharedValue[] {
  const alike = new Map<string, Ring['edges']>();
  for (const edge of ring.edges) {
    const key = `${edge.kind} ${edge.label}`;
    const group = alike.get(key);
    if (group) group.push(edge);
    else alike.set(key, [edge]);
  }
  const values: SharedValue[] = [];
  for (const [key, edges] of alike) {
    const first = edges[0];
    if (!first) continue;
    const everybody = membersOf(edges);
    const pairs = new Set(edges.map((edge) => [edge.a, edge.b].sort().join('\n')));
    const whole = pairs.size === (everybody.length * (everybody.length - 1)) / 2;
    const parts = whole ? [edges] : edges.map((edge) => [edge]);
    parts.forEach((part, index) => {
      values.push({
        key: parts.length > 1 ? `${key} ${index}` : key,
        kind: first.kind,
        label: first.label,
        members: membersOf(part),
        bits: Math.max(...part.map((edge) => edge.bits)),
        contexts: [...new Set(part.flatMap((edge) => edge.contexts))].sort(),
        edges: [...part].sort((x, y) => y.bits - x.bits),
      });
    });
  }
  return values.sort(
    (a, b) => b.members.length - a.members.length || b.bits - a.bits || (a.key < b.key ? -1 : 1),
  );
}

function membersOf(edges: Ring['edges']): string[] {
  return [...new Set(edges.flatMap((edge) => [edge.a, edge.b]))].sort();
}

export interface LaidNode {
  x: number;
  y: number;
  /** Half the size of its box. */
  halfWidth: number;
  halfHeight: number;
}

export interface RingLayout {
  width: number;
  height: number;
  /** People on the left and values on the right, or values among the people. */
  form: 'columns' | 'ellipse';
  nodes: ReadonlyMap<string, LaidNode>;
}

export const memberKey = (id: string) => `member ${id}`;

/** More people than this do not fit around an ellipse, and on a small screen nobody does: they stand in columns. */
const mostAround = 16;
const leastWidth = 620;

interface Body extends LaidNode {
  key: string;
  fixed: boolean;
  fx?: number;
  fy?: number;
}

export function ringLayout(ring: Ring, values: readonly SharedValue[], width: number): RingLayout {
  const ids = ring.members.map((member) => member.id);
  if (width >= leastWidth && ids.length <= mostAround) {
    const around = ellipse(ids, values, width);
    if (isClear(around)) return around;
  }
  return columns(ids, values, width);
}

/** Whether every box is inside the frame and none covers another. */
function isClear({ nodes, width, height }: RingLayout): boolean {
  const boxes = [...nodes.values()];
  return boxes.every((a, index) => {
    const inside =
      a.x >= a.halfWidth && a.x <= width - a.halfWidth && a.y >= a.halfHeight && a.y <= height - a.halfHeight;
    return (
      inside &&
      boxes
        .slice(index + 1)
        .every(
          (b) =>
            Math.abs(a.x - b.x) >= a.halfWidth + b.halfWidth ||
            Math.abs(a.y - b.y) >= a.halfHeight + b.halfHeight,
        )
    );
  });
}

/** People on the left, what they share on the right beside those who share it. */
function columns(ids: readonly string[], values: readonly SharedValue[], width: number): RingLayout {
  const small = width < leastWidth;
  const member = { halfWidth: small ? 74 : 92, halfHeight: 25 };
  const value = { halfWidth: small ? 72 : 94, halfHeight: 19 };
  const height = Math.max(ids.length * 64, values.length * 50) + 20;
  const middle = (one: SharedValue) =>
    one.members.reduce((sum, id) => sum + ids.indexOf(id), 0) / Math.max(1, one.members.length);
  const ordered = values
    .map((one) => ({ one, at: middle(one) }))
    .sort((a, b) => a.at - b.at || (a.one.key < b.one.key ? -1 : 1));
  const spread = (index: number, of: number) => Math.round(((index + 0.5) / of) * height);
  return {
    width,
    height,
    form: 'columns',
    nodes: new Map<string, LaidNode>([
      ...ids.map((id, index): [string, LaidNode] => [
        memberKey(id),
        { x: member.halfWidth + 3, y: spread(index, ids.length), ...member },
      ]),
      ...ordered.map(({ one }, index): [string, LaidNode] => [
        one.key,
        { x: Math.min(width, 720) - value.halfWidth - 3, y: spread(index, ordered.length), ...value },
      ]),
    ]),
  };
}

/** People on an ellipse, what they share between them. */
function ellipse(ids: readonly string[], values: readonly SharedValue[], width: number): RingLayout {
  const member = { halfWidth: 92, halfHeight: 25 };
  const value = { halfWidth: 94, halfHeight: 19 };
  const height =
    ids.length < 3 ? 40 + values.length * 56 : 240 + values.length * 34 + Math.max(0, ids.length - 4) * 24;
  const centre = { x: width / 2, y: height / 2 };
  const turn = ids.length === 2 ? Math.PI : -Math.PI / 2 - (ids.length % 2 === 0 ? Math.PI / ids.length : 0);
  const angles = ids.map((_, index) => (index / Math.max(1, ids.length)) * 2 * Math.PI + turn);
  // Stretched so that the outermost people touch the frame: four people stand in its corners.
  const reach = (sizes: number[]) => Math.max(0.01, ...sizes.map(Math.abs));
  const wide = Math.min(500, centre.x - member.halfWidth - 4) / reach(angles.map(Math.cos));
  const tall = (centre.y - member.halfHeight - 8) / reach(angles.map(Math.sin));
  const places = angles.map((angle) => ({
    x: centre.x + Math.cos(angle) * wide,
    y: centre.y + Math.sin(angle) * tall,
  }));
  const order = shortestLines(ids, values, places);
  const bodies: Body[] = [
    ...order.map((id, index): Body => {
      const place = places[index] ?? centre;
      return { key: memberKey(id), fixed: true, ...place, fx: place.x, fy: place.y, ...member };
    }),
    ...values.map((one, index): Body => {
      const its = one.members.map((id) => places[order.indexOf(id)] ?? centre);
      const x = its.reduce((sum, place) => sum + place.x, 0) / Math.max(1, its.length);
      const y = its.reduce((sum, place) => sum + place.y, 0) / Math.max(1, its.length);
      // Two values between the same people start at the same place: a small step apart gives them a way to part.
      return { key: one.key, fixed: false, x, y: y + (index - values.length / 2) * 3, ...value };
    }),
  ];
  const known = new Set(bodies.map((body) => body.key));
  const links = values.flatMap((one) =>
    one.members
      .map((id) => ({ source: memberKey(id), target: one.key }))
      .filter((link) => known.has(link.source)),
  );
  const inside: Force<Body, undefined> = () => {
    for (const body of bodies) {
      body.x = Math.max(body.halfWidth + 3, Math.min(width - body.halfWidth - 3, body.x));
      body.y = Math.max(body.halfHeight + 3, Math.min(height - body.halfHeight - 3, body.y));
    }
  };
  const simulation = forceSimulation(bodies)
    .force(
      'links',
      forceLink<Body, (typeof links)[number]>(links)
        .id((body) => body.key)
        .distance(0)
        .strength(0.06),
    )
    .force('middle', forceY<Body>(centre.y).strength(0.02))
    .force('inside', inside)
    .force('apart', apart(bodies, 16))
    .stop();
  for (let tick = 0; tick < 300; tick += 1) simulation.tick();
  return {
    width,
    height,
    form: 'ellipse',
    nodes: new Map(
      bodies.map(({ key, x, y, halfWidth, halfHeight }) => [
        key,
        { x: Math.round(x), y: Math.round(y), halfWidth, halfHeight },
      ]),
    ),
  };
}

/** Seats people who share something near each other, by swapping seats for as long as that shortens the lines. */
function shortestLines(
  ids: readonly string[],
  values: readonly SharedValue[],
  places: readonly { x: number; y: number }[],
): string[] {
  const order = [...ids];
  const cost = () => {
    let sum = 0;
    for (const value of values) {
      const seats = value.members.map((id) => places[order.indexOf(id)]).filter((seat) => seat !== undefined);
      for (const [index, a] of seats.entries())
        for (const b of seats.slice(index + 1)) sum += Math.hypot(a.x - b.x, a.y - b.y) / seats.length;
    }
    return sum;
  };
  let best = cost();
  for (let better = true; better; ) {
    better = false;
    for (let i = 0; i < order.length; i += 1) {
      for (let j = i + 1; j < order.length; j += 1) {
        const swap = () => {
          [order[i], order[j]] = [order[j] ?? '', order[i] ?? ''];
        };
        swap();
        const next = cost();
        if (next < best - 1e-6) {
          best = next;
          better = true;
        } else {
          swap();
        }
      }
    }
  }
  return order;
}

/** Pushes boxes apart along the shorter way, so that no label covers another. */
function apart(bodies: readonly Body[], gap: number): Force<Body, undefined> {
  return () => {
    for (const [index, a] of bodies.entries()) {
      for (const b of bodies.slice(index + 1)) {
        if (a.fixed && b.fixed) continue;
        const dx = b.x - a.x;
        const dy = b.y - a.y;
        const overX = a.halfWidth + b.halfWidth + gap - Math.abs(dx);
        const overY = a.halfHeight + b.halfHeight + gap - Math.abs(dy);
        if (overX <= 0 || overY <= 0) continue;
        const toA = a.fixed ? 0 : b.fixed ? 1 : 0.5;
        const toB = b.fixed ? 0 : a.fixed ? 1 : 0.5;
        if (overX < overY) {
          const push = overX * (dx < 0 ? -1 : 1);
          a.x -= push * toA;
          b.x += push * toB;
        } else {
          const push = overY * (dy < 0 ? -1 : 1);
          a.y -= push * toA;
          b.y += push * toB;
        }
      }
    }
  };
}

export interface Tie {
  key: string;
  value: string;
  member: string;
  kind: IdentifierKind;
  bits: number;
  from: { x: number; y: number };
  to: { x: number; y: number };
}

/** The lines from people to what they share. They leave a person's box side by side, so that none hides another. */
export function ties(layout: RingLayout, values: readonly SharedValue[]): Tie[] {
  const found: Tie[] = [];
  const beside = layout.form === 'columns';
  for (const id of new Set(values.flatMap((value) => value.members))) {
    const person = layout.nodes.get(memberKey(id));
    if (!person) continue;
    const its = values
      .filter((value) => value.members.includes(id))
      .map((value) => ({ value, node: layout.nodes.get(value.key) }))
      .filter((one): one is { value: SharedValue; node: LaidNode } => one.node !== undefined)
      .sort((a, b) => (beside ? a.node.y - b.node.y : a.node.x - b.node.x || a.node.y - b.node.y));
    its.forEach(({ value, node }, index) => {
      const along = its.length === 1 ? 0 : index / (its.length - 1) - 0.5;
      found.push({
        key: `${value.key} ${id}`,
        value: value.key,
        member: id,
        kind: value.kind,
        bits: value.bits,
        from: beside
          ? { x: person.x + person.halfWidth, y: person.y + along * person.halfHeight * 1.2 }
          : { x: person.x + along * person.halfWidth * 1.3, y: person.y },
        to: beside ? { x: node.x - node.halfWidth, y: node.y } : { x: node.x, y: node.y },
      });
    });
  }
  return found;
}
