import type { Ring } from '@rollcall/engine/model/result.js';
import { useMemo, useRef } from 'react';
import { bits, countOf, short, shown } from '../format.js';
import { href } from '../route.js';
import { bandWords, groupWords, kindGroups, kindWords } from '../words.js';
import { BandGlyph } from './Band.js';
import { useWidth } from './measure.js';
import { type LaidNode, memberKey, ringLayout, sharedValues, ties } from './ring-layout.js';

/** Who shares what: people, and between them the things they share, each named. The table beneath says the same. */
export function RingGraph({ ring, known }: { ring: Ring; known: (id: string) => boolean }) {
  const frame = useRef<HTMLDivElement>(null);
  const measured = useWidth(frame);
  const width = Math.max(330, measured);
  const values = useMemo(() => sharedValues(ring), [ring]);
  const layout = useMemo(() => ringLayout(ring, values, width), [ring, values, width]);
  const letters = width < 620 ? 19 : 25;
  const groups = [...new Set(values.map((value) => kindGroups[value.kind]))];
  return (
    <div className="ring-graph" ref={frame}>
      <svg viewBox={`0 0 ${layout.width} ${layout.height}`} width={layout.width} height={layout.height}>
        <title>{`${shown(ring.title)}: ${countOf(ring.members.length, 'person', 'people')} and ${countOf(values.length, 'shared value', 'shared values')}`}</title>
        <g>
          {ties(layout, values).map((tie) => (
            <line
              key={tie.key}
              className={`share group-${kindGroups[tie.kind]}`}
              strokeWidth={Math.max(1.25, Math.min(4, tie.bits / 2))}
              x1={tie.from.x}
              y1={tie.from.y}
              x2={tie.to.x}
              y2={tie.to.y}
            />
          ))}
        </g>
        {values.map((value) => {
          const node = layout.nodes.get(value.key);
          if (!node) return null;
          return (
            <g
              key={value.key}
              className={`value group-${kindGroups[value.kind]}`}
              transform={`translate(${node.x} ${node.y})`}
            >
              <title>{`${kindWords[value.kind]}: ${shown(value.label)}, shared by ${value.members.length}, ${bits(value.bits)} bits`}</title>
              <rect
                x={-node.halfWidth}
                y={-node.halfHeight}
                width={node.halfWidth * 2}
                height={node.halfHeight * 2}
                rx="3"
              />
              <rect
                className="edge"
                x={-node.halfWidth}
                y={-node.halfHeight}
                width="4"
                height={node.halfHeight * 2}
              />
              <text className="kind" x={-node.halfWidth + 11} y="-3">
                {kindWords[value.kind]}
              </text>
              <text x={-node.halfWidth + 11} y="11">
                {short(value.label, letters)}
              </text>
            </g>
          );
        })}
        {ring.members.map((member) => (
          <Member
            key={member.id}
            member={member}
            node={layout.nodes.get(memberKey(member.id))}
            letters={letters}
            known={known(member.id)}
          />
        ))}
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

interface MemberProps {
  member: Ring['members'][number];
  node: LaidNode | undefined;
  letters: number;
  known: boolean;
}

function Member({ member, node, letters, known }: MemberProps) {
  if (!node) return null;
  const { halfWidth, halfHeight } = node;
  const band = bandWords[member.band]?.word ?? member.band;
  const card = (
    <g className="member" transform={`translate(${node.x} ${node.y})`}>
      <title>{`${shown(member.name)}: ${band}, ${bits(member.bits)} bits`}</title>
      <rect x={-halfWidth} y={-halfHeight} width={halfWidth * 2} height={halfHeight * 2} rx="3" />
      <g className={`band-shape band-${member.band}`} transform={`translate(${-halfWidth + 10} -14)`}>
        <BandGlyph band={member.band} />
      </g>
      <text className="who" x={-halfWidth + 29} y="-4">
        {short(member.name, letters - 4)}
      </text>
      <text className="weight" x={-halfWidth + 29} y="13">
        {band} · {bits(member.bits)} bits
      </text>
    </g>
  );
  return known ? <a href={href('person', member.id)}>{card}</a> : card;
}
