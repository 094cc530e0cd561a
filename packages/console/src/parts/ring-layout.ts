/**
 * Where people and what they share stand in a ring's drawing. A value shared by several people is one node with a
 * line to each of them, so that one address between six people is one label and not fifteen. Same ring, same drawing.
 */
import type { Ring } from '@rollcall/engine/model/result.js';
import type { IdentifierKind } from '@rollcall/engine/model/vocabulary.js';
import { type Force, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from 'd3-force';

export interface SharedValue {
  key: string;
  kind: IdentifierKind;
  label: string;
  members: string[];
  bits: number;
  contexts: string[];
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
    const members = [...new Set(edges.flatMap((edge) => [edge.a, edge.b]))].sort();
    const pairs = new Set(edges.map((edge) => [edge.a, edge.b].sort().join(' ')));
    const first = edges[0];
    if (!first) continue;
    const whole = pairs.size === (members.length * (members.length - 1)) / 2;
    const parts = whole ? [edges] : edges.map((edge) => [edge]);
    parts.forEach((part, index) => {
      const contexts = [...new Set(part.flatMap((edge) => edge.contexts))].sort();
      values.push({
        key: parts.length > 1 ? `${key} ${index}` : key,
        kind: first.kind,
        label: first.label,
        members: whole ? members : [...new Set(part.flatMap((edge) => [edge.a, edge.b]))].sort(),
        bits: Math.max(...part.map((edge) => edge.bits)),
        contexts,
      });
    });
  }
  return values.sort((a, b) => b.members.length - a.members.length || b.bits - a.bits || a.key.localeCompare(b.key));
}

export interface LaidNode {
  key: string;
  x: number;
  y: number;
  /** Half the size of its box. */
  halfWidth: number;
  halfHeight: number;
}

interface Body extends SimulationNodeDatum {
  key: string;
  member: boolean;
  halfWidth: number;
  halfHeight: number;
}

/** Pushes boxes apart along the shorter way, so that no label covers another. */
function apart(gap: number): Force<Body, undefined> {
  let bodies: Body[] = [];
  const force = () => {
    for (let i = 0; i < bodies.length; i += 1) {
      for (let j = i + 1; j < bodies.length; j += 1) {
        const a = bodies[i];
        const b = bodies[j];
        if (!a || !b) continue;
        const dx = (b.x ?? 0) - (a.x ?? 0);
        const dy = (b.y ?? 0) - (a.y ?? 0);
        const overX = a.halfWidth + b.halfWidth + gap - Math.abs(dx);
        const overY = a.halfHeight + b.halfHeight + gap - Math.abs(dy);
        if (overX <= 0 || overY <= 0) continue;
        if (overX < overY) {
          const push = (overX / 2) * (dx < 0 ? -1 : 1);
          a.x = (a.x ?? 0) - push;
          b.x = (b.x ?? 0) + push;
        } else {
          const push = (overY / 2) * (dy < 0 ? -1 : 1);
          a.y = (a.y ?? 0) - push;
          b.y = (b.y ?? 0) + push;
        }
      }
    }
  };
  force.initialize = (nodes: Body[]) => {
    bodies = nodes;
  };
  return force;
}

export interface RingLayout {
  width: number;
  height: number;
  nodes: ReadonlyMap<string, LaidNode>;
}

export const memberKey = (id: string) => `member ${id}`;

export function ringLayout(ring: Ring, values: readonly SharedValue[], width: number): RingLayout {
  const members = ring.members.length;
  const narrow = width < 620;
  const size = narrow
    ? { member: { halfWidth: 62, halfHeight: 24 }, value: { halfWidth: 70, halfHeight: 17 } }
    : { member: { halfWidth: 84, halfHeight: 26 }, value: { halfWidth: 88, halfHeight: 18 } };
  const crowd = members + values.length;
  const height = Math.round(Math.max(narrow ? 420 : 380, Math.sqrt(crowd) * (narrow ? 190 : 130)));
  const bodies: Body[] = [
    ...ring.members.map((member, index): Body => {
      const angle = (index / Math.max(1, members)) * 2 * Math.PI - Math.PI / 2;
      return {
        key: memberKey(member.id),
        member: true,
        x: width / 2 + Math.cos(angle) * width * 0.36,
        y: height / 2 + Math.sin(angle) * height * 0.36,
        ...size.member,
      };
    }),
    ...values.map((value, index): Body => {
      const angle = (index / Math.max(1, values.length)) * 2 * Math.PI;
      return { key: value.key, member: false, x: width / 2 + Math.cos(angle) * 40, y: height / 2 + Math.sin(angle) * 40, ...size.value };
    }),
  ];
  const known = new Set(bodies.map((body) => body.key));
  const links = values.flatMap((value) =>
    value.members
      .map((id) => ({ source: memberKey(id), target: value.key }))
      .filter((link) => known.has(link.source)),
  );
  const keepInside: Force<Body, undefined> = () => {
    for (const body of bodies) {
      body.x = Math.max(body.halfWidth + 4, Math.min(width - body.halfWidth - 4, body.x ?? 0));
      body.y = Math.max(body.halfHeight + 6, Math.min(height - body.halfHeight - 6, body.y ?? 0));
    }
  };
  const simulation = forceSimulation(bodies)
    .force(
      'links',
      forceLink<Body, (typeof links)[number]>(links)
        .id((body) => body.key)
        .distance(narrow ? 90 : 150)
        .strength(0.25),
    )
    .force('charge', forceManyBody<Body>().strength((body) => (body.member ? -900 : -260)))
    .force('x', forceX<Body>(width / 2).strength(0.05))
    .force('y', forceY<Body>(height / 2).strength(width > height ? 0.12 : 0.06))
    .force('apart', apart(14))
    .force('inside', keepInside)
    .stop();
  for (let tick = 0; tick < 320; tick += 1) simulation.tick();
  return {
    width,
    height,
    nodes: new Map(
      bodies.map((body) => [
        body.key,
        {
          key: body.key,
          x: Math.round(body.x ?? 0),
          y: Math.round(body.y ?? 0),
          halfWidth: body.halfWidth,
          halfHeight: body.halfHeight,
        },
      ]),
    ),
  };
}
