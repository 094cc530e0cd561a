import type { PersonResult, TimelineEntry } from '@rollcall/engine/model/result.js';
import { type KeyboardEvent, useRef } from 'react';
import { countOf, day, instant, moment, shown } from '../format.js';
import { setQuery } from '../route.js';
import { entryKinds, entryWords } from '../words.js';
import { useWidth } from './measure.js';
import type { Window } from './periods.js';
import { timeTicks } from './time-axis.js';

const laneHeight = 26;
const top = 24;

interface Mark {
  index: number;
  entry: TimelineEntry;
  time: number;
}

interface Props {
  person: PersonResult;
  window: Window;
  /** Indexes of the entries that pass the filters, in order of time. */
  shownEntries: readonly number[];
  chosen: number | undefined;
}

export function describe(entry: TimelineEntry): string {
  const times = entry.count > 1 ? `, ${entry.count} times` : '';
  const where = entry.place ? `, ${shown(entry.place.label)}` : '';
  return `${moment(entry.time)}: ${shown(entry.label)}${times}${where}${entry.signals.length > 0 ? ' (evidence)' : ''}`;
}

/** A person's days, a lane for each kind of event. Arrow keys step through the marks. */
export function Timeline({ person, window, shownEntries, chosen }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const left = width < 560 ? 88 : 104;
  const marks: Mark[] = [];
  for (const index of shownEntries) {
    const entry = person.timeline[index];
    const time = instant(entry?.time);
    if (entry && time !== undefined && time >= window.start && time <= window.end)
      marks.push({ index, entry, time });
  }
  const lanes = entryKinds.filter((kind) => marks.some((mark) => mark.entry.kind === kind));
  const height = top + Math.max(1, lanes.length) * laneHeight + 6;
  const x = (time: number) =>
    left + ((time - window.start) / (window.end - window.start)) * (width - left - 14);
  const ticks = timeTicks(window.start, window.end, Math.max(3, Math.floor((width - left) / 92)));
  const outside = shownEntries.length - marks.length;

  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0 || marks.length === 0) return;
    event.preventDefault();
    const at = marks.findIndex((mark) => mark.index === chosen);
    const next =
      marks[at < 0 ? (by > 0 ? 0 : marks.length - 1) : Math.max(0, Math.min(marks.length - 1, at + by))];
    if (next) setQuery({ at: String(next.index + 1) });
  };
  const current = marks.find((mark) => mark.index === chosen);
  const label = `Timeline of ${countOf(marks.length, 'event', 'events')}, ${day(window.start)} to ${day(window.end)}. Left and right arrows step through them.`;

  return (
    <div className="timeline" ref={frame}>
      <div
        className="timeline-frame"
        role="slider"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, marks.length - 1)}
        aria-valuenow={current ? marks.indexOf(current) : 0}
        aria-valuetext={current ? describe(current.entry) : 'no event chosen'}
        tabIndex={0}
        onKeyDown={step}
      >
        <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
          {ticks.map((tick) => (
            <g key={tick.at} className="tick">
              <line x1={x(tick.at)} x2={x(tick.at)} y1={top - 6} y2={height} />
              <text x={Math.min(x(tick.at) + 3, width - 60)} y={top - 10}>
                {tick.label}
              </text>
            </g>
          ))}
          {lanes.map((kind, lane) => {
            const y = top + lane * laneHeight + laneHeight / 2;
            return (
              <g key={kind} className="lane">
                <line x1={left} x2={width} y1={y} y2={y} />
                <text x={left - 10} y={y + 4} textAnchor="end">
                  {entryWords[kind]}
                </text>
                {marks
                  .filter((mark) => mark.entry.kind === kind)
                  .sort((a, b) => a.entry.signals.length - b.entry.signals.length)
                  .map((mark) => (
                    // biome-ignore lint/a11y/noStaticElementInteractions: the frame around it takes the keys
                    <circle
                      key={mark.index}
                      className={`event${mark.entry.signals.length > 0 ? ' evidence' : ''}${mark.index === chosen ? ' chosen' : ''}`}
                      cx={x(mark.time)}
                      cy={y}
                      r={Math.min(7, 3 + Math.log2(Math.max(1, mark.entry.count)) * 0.5)}
                      onClick={() => setQuery({ at: String(mark.index + 1) })}
                    >
                      <title>{describe(mark.entry)}</title>
                    </circle>
                  ))}
              </g>
            );
          })}
          {current ? (
            <line className="cursor" x1={x(current.time)} x2={x(current.time)} y1={top - 6} y2={height} />
          ) : null}
        </svg>
      </div>
      <p className="legend" aria-live="polite">
        {current ? (
          <bdi className="chosen-entry">{describe(current.entry)}</bdi>
        ) : (
          <>
            <span>
              <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
                <circle className="event evidence" r="4.5" />
              </svg>
              evidence of a signal
            </span>
            <span>
              <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
                <circle className="event" r="4" />
              </svg>
              anything else
            </span>
            <span>all times UTC; bigger: more events folded into one mark</span>
          </>
        )}
        {outside > 0 ? (
          <span>{countOf(outside, 'event lies', 'events lie')} outside this period (in the list below)</span>
        ) : null}
      </p>
    </div>
  );
}
