import type { Ring } from '@rollcall/engine/model/result.js';
import { type MouseEvent, useMemo, useRef, useState } from 'react';
import { bits, countOf, short, shown } from '../format.js';
import type { Lookup } from '../lookup.js';
import { href, type Query, replace } from '../route.js';
import { bandWords, groupWords, kindGroups, kindWords } from '../words.js';
import { BandGlyph } from './Band.js';
import { useKeys } from './keys.js';
import { useWidth } from './measure.js';
import { Reason } from './Reason.js';
import { type LaidNode, memberKey, ringLayout, type SharedValue, ties } from './ring-layout.js';
import { type Choice, reasonsFor } from './ring-reasons.js';

/** Taller drawings do not fit a screen beside what is said about them: one sentence then stays in view. */
const tallest = 560;

interface Props {
  ring: Ring;
  values: readonly SharedValue[];
  names: Lookup;
  query: Query;
}

/**
 * Who shares what: people, and between them the things they share, each named. Pointing at a line or a box, or reaching it
 * by Tab, says why it is there; the table beneath says the same.
 */
export function RingGraph({ ring, values, names, query }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const measured = useWidth(frame);
  const width = Math.max(330, measured);
  const layout = useMemo(() => ringLayout(ring, values, width), [ring, values, width]);
  const [choice, choose] = useState<Choice>(() => ({
    value: values[Number.parseInt(query.value ?? '', 10) - 1]?.key,
  }));
  const chosen = choice.value !== undefined || choice.member !== undefined;
  useKeys((key) => {
    if (key !== 'Escape' || !chosen) return false;
    choose({});
    replace(href('ring', ring.id, { ...query, value: undefined }));
    return true;
  }, true);
  const letters = width < 620 ? 19 : 25;
  const groups = [...new Set(values.map((value) => kindGroups[value.kind]))];
  const lit = (value: string, member: string) =>
    (choice.value ?? value) === value && (choice.member ?? member) === member;
  const reasons = reasonsFor(values, choice);
  const tall = layout.height > tallest;
  const said = tall ? 1 : 3;
  return (
    <div className="ring-graph" ref={frame}>
      <svg
        className={chosen ? 'choosing' : undefined}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        width={layout.width}
        height={layout.height}
      >
        <title>{`${shown(ring.title)}: ${countOf(ring.members.length, 'person', 'people')} and ${countOf(values.length, 'shared value', 'shared values')}`}</title>
        <g>
          {ties(layout, values).map((tie) => {
            const line = { x1: tie.from.x, y1: tie.from.y, x2: tie.to.x, y2: tie.to.y };
            return (
              <g
                key={tie.key}
                className={lit(tie.value, tie.member) ? 'tie lit' : 'tie'}
                onPointerEnter={() => choose({ value: tie.value, member: tie.member })}
              >
                <line
                  className={`share group-${kindGroups[tie.kind]}`}
                  strokeWidth={Math.max(1.25, Math.min(4, tie.bits / 2))}
                  {...line}
                />
                <line className="reach" {...line} />
              </g>
            );
          })}
        </g>
        {values.map((value, index) => {
          const node = layout.nodes.get(value.key);
          if (!node) return null;
          const to = href('ring', ring.id, { ...query, value: String(index + 1) });
          const pick = () => choose({ value: value.key });
          return (
            <a
              key={value.key}
              href={to}
              onPointerEnter={pick}
              onFocus={pick}
              onClick={(event: MouseEvent) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                replace(to);
              }}
            >
              <g
                className={`value group-${kindGroups[value.kind]}${choice.value === value.key ? ' chosen' : ''}`}
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
            </a>
          );
        })}
        {ring.members.map((member) => (
          <Member
            key={member.id}
            member={member}
            node={layout.nodes.get(memberKey(member.id))}
            letters={letters}
            known={names.rank.has(member.id)}
            choose={() => choose({ member: member.id })}
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
        {values.length > 0 && !chosen ? (
          <span className="screen-only">point at a line or a box, or press Tab, to read why it is there</span>
        ) : null}
      </p>
      <div className={`why screen-only${tall ? ' stays' : ''}`} aria-live="polite">
        {reasons.slice(0, said).map((edge) => (
          <Reason key={`${edge.a} ${edge.b} ${edge.kind} ${edge.label}`} edge={edge} names={names} />
        ))}
        {reasons.length > said ? (
          <p className="meta">
            {countOf(reasons.length - said, 'more link', 'more links')} under “What they share”.
          </p>
        ) : null}
      </div>
    </div>
  );
}

interface MemberProps {
  member: Ring['members'][number];
  node: LaidNode | undefined;
  letters: number;
  known: boolean;
  choose: () => void;
}

function Member({ member, node, letters, known, choose }: MemberProps) {
  if (!node) return null;
  const { halfWidth, halfHeight } = node;
  const band = bandWords[member.band]?.word ?? member.band;
  const card = (
    <g className="member" transform={`translate(${node.x} ${node.y})`} onPointerEnter={choose}>
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
  return known ? (
    <a href={href('person', member.id)} onFocus={choose}>
      {card}
    </a>
  ) : (
    card
  );
}
