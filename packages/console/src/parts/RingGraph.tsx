import type { Ring } from '@rollcall/engine/model/result.js';
import { useMemo, useRef } from 'react';
import { bits, countOf, shown, short } from '../format.js';
import { href } from '../route.js';
import { bandWords, groupWords, kindGroups, kindWords } from '../words.js';
import { BandGlyph } from './Band.js';
import { useWidth } from './measure.js';
import { memberKey, ringLayout, sharedValues } from './ring-layout.js';

/** Who shares what: people, and between them the things they share, each named. The table beneath says the same. */
export function RingGraph({ ring, known }: { ring: Ring; known: (id: string) => boolean }) {
  const frame = useRef<HTMLDivElement>(null);
  const measured = useWidth(frame);
  const width = Math.max(330, measured);
  const values = useMemo(() => sharedValues(ring), [ring]);
  const layout = useMemo(() => ringLayout(ring, values, width), [ring, values, width]);
  const letters = width < 620 ? 18 : 24;
  const groups = [...new Set(values.map((value) => kindGroups[value.kind]))];
  return (
    <div className="ring-graph" ref={frame}>
      <svg viewBox={`0 0 ${layout.width} ${layout.height}`} width={layout.width} height={layout.height}>
        <title>{`${shown(ring.title)}: ${countOf(ring.members.length, 'person', 'people')} and ${countOf(values.length, 'shared value', 'shared values')}`}</title>
        <g aria-hidden="true">
          {values.flatMap((value) =>
            value.members.map((id) => {
              const from = layout.nodes.get(memberKey(id));
              const to = layout.nodes.get(value.key);
              if (!from || !to) return null;
              return (
                <line
                  key={`${value.key} ${id}`}
                  className={`share group-${kindGroups[value.kind]}`}
                  strokeWidth={Math.max(1.25, Math.min(4, value.bits / 2))}
                  x1={from.x}
                  y1={from.y}
                  x2={to.x}
                  y2={to.y}
                />
              );
            }),
          )}
        </g>
        {values.map((value) => {
          const node = layout.nodes.get(value.key);
          if (!node) return null;
          return (
            <g key={value.key} className={`value group-${kindGroups[value.kind]}`} transform={`translate(${node.x} ${node.y})`}>
              <title>{`${kindWords[value.kind]}: ${shown(value.label)}, shared by ${value.members.length}, ${bits(value.bits)} bits`}</title>
              <rect x={-node.halfWidth} y={-node.halfHeight} width={node.halfWidth * 2} height={node.halfHeight * 2} rx="3" />
              <rect className="edge" x={-node.halfWidth} y={-node.halfHeight} width="4" height={node.halfHeight * 2} />
              <text className="kind" x={-node.halfWidth + 11} y="-3">
                {kindWords[value.kind]}
              </text>
              <text x={-node.halfWidth + 11} y="11">
                {short(value.label, letters)}
              </text>
            </g>
          );
        })}
        {ring.members.map((member) => {
          const node = layout.nodes.get(memberKey(member.id));
          if (!node) return null;
          const card = (
            <g className="member" transform={`translate(${node.x} ${node.y})`}>
              <title>{`${shown(member.name)}: ${bandWords[member.band]?.word}, ${bits(member.bits)} bits`}</title>
              <rect x={-node.halfWidth} y={-node.halfHeight} width={node.halfWidth * 2} height={node.halfHeight * 2} rx="3" />
              <g className={`band-shape band-${member.band}`} transform={`translate(${-node.halfWidth + 10} ${-14})`}>
                <BandGlyph band={member.band} />
              </g>
              <text className="who" x={-node.halfWidth + 29} y="-4">
                {short(member.name, letters - 3)}
              </text>
              <text className="weight" x={-node.halfWidth + 29} y="13">
                {bandWords[member.band]?.word} · {bits(member.bits)} bits
              </text>
            </g>
          );
          return known(member.id) ? (
            <a key={member.id} href={href('person', member.id)} aria-label={`${shown(member.name)}, ${bandWords[member.band]?.word}`}>
              {card}
            </a>
          ) : (
            <g key={member.id}>{card}</g>
          );
        })}
      </svg>
      <p className="legend">
        {groups.map((group) => (
          <span key={group}>
            <svg width="22" height="10" viewBox="0 0 22 10" aria-hidden="true">
              <line className={`share group-${group}`} strokeWidth="3" x1="0" x2="22" y1="5" y2="5" />
            </svg>
            {groupWords[group]}
          </span>
        ))}
        <span>thicker: rarer, and so weightier</span>
      </p>
    </div>
  );
}
