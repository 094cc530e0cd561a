import type {
  PersonResult,
  PolicySummary,
  SignalResult,
  WaterfallStep,
} from '@rollcall/engine/model/result.js';
import type { ReactNode } from 'react';
import { asSentence, bits, count, countOf, days, odds, percent, shown, unhyphened } from '../format.js';
import type { Lookup } from '../lookup.js';
import { href, setQuery } from '../route.js';
import { bandWords, explanationWords, fairnessWords } from '../words.js';
import { BandShape } from './Band.js';
import { Bits } from './Bits.js';
import { Evidence } from './Evidence.js';
import { Items } from './Items.js';
import { signalLetters } from './letters.js';
import { usePrinting } from './measure.js';
import { Line, PersonLink, StateLink, Text } from './Text.js';
import { type FoldPart, waterfallParts } from './waterfall-order.js';
import { type WaterfallBar, type WaterfallScale, waterfallScale } from './waterfall-scale.js';

const marked = ['watch', 'review', 'urgent'] as const;

interface Props {
  person: PersonResult;
  policy: PolicySummary;
  names: Lookup;
  /** Steps whose rows are open, by their place. */
  open: ReadonlySet<number>;
  /** Whether the small findings are told one by one. */
  small: boolean;
}

interface Row {
  step: WaterfallStep;
  index?: number;
  fold?: FoldPart;
}

/** How the weight on a person comes about, step by step; every step opens what stands behind it. */
export function Waterfall({ person, policy, names, open, small }: Props) {
  const printing = usePrinting();
  const letters = signalLetters(person);
  const parts = waterfallParts(person.waterfall);
  const spread = (fold: FoldPart) => small || printing || fold.indices.some((index) => open.has(index));
  const step = (index: number): WaterfallStep =>
    person.waterfall[index] ?? { kind: 'signal', label: '', bits: 0 };
  const rows = parts.flatMap((part): Row[] => {
    if (part.kind === 'step') return [{ step: step(part.index), index: part.index }];
    const line: Row = {
      step: { kind: part.side === 'for' ? 'check' : 'signal', label: '', bits: part.bits },
      fold: part,
    };
    if (!spread(part)) return [line];
    return [
      { ...line, step: { ...line.step, bits: 0 } },
      ...part.indices.map((index) => ({ step: step(index), index })),
    ];
  });
  const scale = waterfallScale(
    rows.map((row) => row.step),
    marked.map((band) => policy.bands[band]),
  );
  const written = (steps: ReadonlySet<number>) => [...steps].sort((a, b) => a - b).join('.');
  const toggle = (index: number) => {
    const next = new Set(open);
    if (!next.delete(index)) next.add(index);
    setQuery({ open: written(next) });
  };
  const folds = parts.filter((part) => part.kind === 'fold');
  const toggleSmall = (isOpen: boolean) => {
    const folded = new Set(folds.flatMap((fold) => fold.indices));
    setQuery({
      small: isOpen ? undefined : 'yes',
      open: isOpen ? written(new Set([...open].filter((index) => !folded.has(index)))) : written(open),
    });
  };
  return (
    <div className="waterfall">
      <div className="step-line step-head">
        <div className="seen">What was seen</div>
        <div className="innocent">What else it may be</div>
        <Axis scale={scale} policy={policy} />
      </div>
      <ol>
        {rows.map((row, place) => {
          const bar = scale.bars[place] ?? { from: 0, to: 0 };
          const { index, fold } = row;
          if (fold) {
            return (
              <li key={fold.side} className="step step-fold">
                <Fold
                  fold={fold}
                  open={spread(fold)}
                  toggle={() => toggleSmall(spread(fold))}
                  chart={
                    spread(fold) ? (
                      <div className="chart" aria-hidden="true">
                        <Lines scale={scale} policy={policy} />
                        <span className="riser through" style={{ left: `${scale.x(bar.to)}%` }} />
                      </div>
                    ) : (
                      <Chart scale={scale} policy={policy} step={row.step} bar={bar} />
                    )
                  }
                />
              </li>
            );
          }
          if (index === undefined) return null;
          const signal = row.step.signal === undefined ? undefined : person.signals[row.step.signal];
          return (
            <li key={index} className={`step step-${row.step.kind}`} id={`step-${index}`}>
              <Step
                step={row.step}
                signal={signal}
                letter={row.step.signal === undefined ? undefined : letters.get(row.step.signal)}
                index={index}
                open={open.has(index)}
                toggle={() => toggle(index)}
                chart={<Chart scale={scale} policy={policy} step={row.step} bar={bar} />}
              />
              {signal ? (
                <div className="behind" id={`behind-${index}`} hidden={!open.has(index)}>
                  <Behind
                    signal={signal}
                    index={row.step.signal ?? 0}
                    person={person}
                    names={names}
                    openText={written(open)}
                  />
                </div>
              ) : null}
            </li>
          );
        })}
      </ol>
      <div className="step-line step-total">
        <div className="seen">
          <p className="says">
            Together <Bits value={person.bits} />: odds of {odds(person.bits)} ({percent(person.probability)}
            ), if nothing else is known.
          </p>
          <p className="meta">
            Starting from the policy’s prior of {percent(policy.prior)}, and counting each facet as
            independent of the others. It ranks where to look. It is no probability of guilt, and does not say
            who did what.
          </p>
        </div>
        <div className="innocent">
          <p className="says">
            <BandShape band={person.band} /> {bandWords[person.band]?.word}.{' '}
            <Text value={person.bandReason} />
          </p>
        </div>
        <div className="chart" aria-hidden="true">
          <Lines scale={scale} policy={policy} />
          <span className="total-mark" style={{ left: `${scale.x(person.bits)}%` }} />
          <ValueLabel scale={scale} at={person.bits} end={person.bits} text={bits(person.bits)} />
        </div>
      </div>
    </div>
  );
}

function Axis({ scale, policy }: { scale: WaterfallScale; policy: PolicySummary }) {
  // Where two bands begin close to each other, the second word stands above the first.
  let raised = false;
  const words = marked.map((band, index) => {
    const before = marked[index - 1];
    const left = scale.x(policy.bands[band]);
    raised = before !== undefined && !raised && left - scale.x(policy.bands[before]) < 17;
    return { band, left, raised };
  });
  return (
    <div className="chart axis" aria-hidden="true">
      {words.map((word) => (
        <span
          key={word.band}
          className={word.raised ? 'axis-band raised' : 'axis-band'}
          style={{ left: `${word.left}%` }}
        >
          {bandWords[word.band].word.toLowerCase()}
        </span>
      ))}
      {scale.ticks.map((tick) => (
        <span key={tick} className="axis-tick" style={{ left: `${scale.x(tick)}%` }}>
          {tick === 0 ? '0' : `${tick < 0 ? '−' : '+'}${Math.abs(tick)}`}
          {tick === 0 ? <span className="even">even odds</span> : null}
        </span>
      ))}
    </div>
  );
}

function Lines({ scale, policy }: { scale: WaterfallScale; policy: PolicySummary }) {
  return (
    <>
      <span className="line-zero" style={{ left: `${scale.x(0)}%` }} />
      {marked.map((band) => (
        <span key={band} className="line-band" style={{ left: `${scale.x(policy.bands[band])}%` }} />
      ))}
    </>
  );
}

function ValueLabel({
  scale,
  at,
  end,
  text,
}: {
  scale: WaterfallScale;
  at: number;
  end: number;
  text: string;
}) {
  const right = Math.max(scale.x(at), scale.x(end));
  const left = Math.min(scale.x(at), scale.x(end));
  return right < 84 ? (
    <span className="value" style={{ left: `${right}%` }}>
      {text}
    </span>
  ) : (
    <span className="value before" style={{ right: `${100 - left}%` }}>
      {text}
    </span>
  );
}

function Chart(props: {
  scale: WaterfallScale;
  policy: PolicySummary;
  step: WaterfallStep;
  bar: WaterfallBar;
}) {
  const { scale, policy, step, bar } = props;
  const place = (from: number, to: number) => ({
    left: `${Math.min(scale.x(from), scale.x(to))}%`,
    width: `${Math.abs(scale.x(to) - scale.x(from))}%`,
  });
  const sign = step.bits < 0 ? 'down' : 'up';
  return (
    <div className="chart" aria-hidden="true">
      <Lines scale={scale} policy={policy} />
      {bar.full === undefined ? null : <span className="bar ghost" style={place(bar.from, bar.full)} />}
      {step.kind === 'prior' ? (
        <span className="start-mark" style={{ left: `${scale.x(bar.to)}%` }} />
      ) : (
        <>
          <span className="riser" style={{ left: `${scale.x(bar.from)}%` }} />
          <span className={`bar ${sign}`} style={place(bar.from, bar.to)} />
        </>
      )}
      <span className="runner" style={{ left: `${scale.x(bar.to)}%` }} />
      <ValueLabel
        scale={scale}
        at={bar.from}
        end={bar.full === undefined ? bar.to : Math.max(bar.to, bar.full)}
        text={step.kind === 'prior' ? `${bits(step.bits)}, ${odds(step.bits)}` : bits(step.bits)}
      />
    </div>
  );
}

/** The small findings of one direction in one line: how many, and what they come to. */
function Fold(props: { fold: FoldPart; open: boolean; toggle: () => void; chart: ReactNode }) {
  const { fold, open, toggle, chart } = props;
  const number = countOf(fold.indices.length, 'smaller finding', 'smaller findings');
  const all = fold.side === 'for' ? `${number} in their favour` : number;
  return (
    <div className="step-line">
      <div className="seen">
        <p className="says">
          And {all}, together <Bits value={fold.bits} />
        </p>
        <p className="meta">
          Each counts half a bit or less, by itself or after a stronger one about the same thing.
        </p>
        <p className="meta">
          <button
            type="button"
            className="opener"
            data-row={`fold-${fold.side}`}
            aria-expanded={open}
            onClick={toggle}
          >
            {open ? 'Fold the small ones' : 'Show each of them'}
            <span className="hidden">: {all}</span>
          </button>
        </p>
      </div>
      <div className="innocent"></div>
      {chart}
    </div>
  );
}

interface StepProps {
  step: WaterfallStep;
  signal: SignalResult | undefined;
  letter: string | undefined;
  index: number;
  open: boolean;
  toggle: () => void;
  chart: ReactNode;
}

function Step({ step, signal, letter, index, open, toggle, chart }: StepProps) {
  const rows = signal?.evidence.total ?? 0;
  return (
    <div className="step-line">
      <div className="seen">
        <p className="says">
          <Text value={signal?.says ?? step.label} />
        </p>
        <p className="meta">
          {letter ? <span className="letter">{letter}</span> : null}
          <span className="hidden">adds </span>
          <Bits value={step.bits} />
          {signal ? <> · {unhyphened(signal.facet)}</> : null}
          {signal ? <> · {days(signal.first, signal.last)}</> : null}
          {step.note ? (
            <>
              {' '}
              ·{' '}
              <Text
                value={
                  signal ? step.note.replace(`(${signal.facet})`, `(${unhyphened(signal.facet)})`) : step.note
                }
              />
            </>
          ) : null}
        </p>
        {signal ? (
          <p className="meta">
            <button
              type="button"
              className="opener"
              data-row={`step-${index}`}
              aria-expanded={open}
              aria-controls={`behind-${index}`}
              onClick={toggle}
            >
              {open
                ? 'Close'
                : rows === 1
                  ? 'Open the row behind this'
                  : `Open the ${count(rows)} rows behind this`}
              <span className="hidden">: {shown(signal.title)}</span>
            </button>
          </p>
        ) : null}
      </div>
      <div className="innocent">
        {signal?.explained ? (
          <p className="says explained">
            <a href={href('explanations', '', { show: signal.explained.id })}>Explained</a> by{' '}
            {explanationWords[signal.explained.kind]?.toLowerCase() ?? 'a reason on record'}:{' '}
            <Text value={signal.explained.reason} />
            <span className="by">
              {' '}
              (recorded by <Text value={signal.explained.by} />
              {signal.explained.until
                ? `, until ${days(signal.explained.until, undefined)}`
                : ', no last day'}
              )
            </span>
          </p>
        ) : null}
        {signal && signal.innocent.length > 0 ? (
          <Items items={signal.innocent.map(asSentence)} className="says" />
        ) : null}
      </div>
      {chart}
    </div>
  );
}

function share([low, high]: readonly [number, number]): string {
  return low === high ? percent(low) : `${percent(low).replace(/ %$/, '')}–${percent(high)}`;
}

/** What stands behind one signal: its rows, how its weight was reached, where that comes from, what to do. */
function Behind(props: {
  signal: SignalResult;
  index: number;
  person: PersonResult;
  names: Lookup;
  openText: string;
}) {
  const { signal, index, person, names, openText } = props;
  const { weight } = signal;
  const dated = person.timeline.some((entry) => entry.signals.includes(index));
  return (
    <>
      <Evidence evidence={signal.evidence} names={names} label={`Rows behind: ${shown(signal.title)}`} />
      <dl className="facts">
        <div>
          <dt>Why it may matter</dt>
          <dd>
            <Text value={signal.why} />
          </dd>
        </div>
        <div>
          <dt>Why it weighs {bits(signal.bits)} bits</dt>
          <dd>
            Expected in {share(weight.ifNot)} of people who are not who they claim, against{' '}
            {percent(weight.ifHonest)} of honest people here (seen in {count(weight.seenIn)} of{' '}
            {count(weight.outOf)}{' '}
            {weight.amongWhom === undefined ? (
              'at the same stage'
            ) : (
              <>
                <Text value={weight.amongWhom} />, at the same stage
              </>
            )}
            ; published guess {percent(weight.prior)}). First figure: <Text value={weight.source} />.
          </dd>
        </div>
        {signal.next.length > 0 ? (
          <div>
            <dt>What to do next</dt>
            <dd>
              <Items items={signal.next} />
            </dd>
          </div>
        ) : null}
        {signal.others.length > 0 ? (
          <div>
            <dt>Also names</dt>
            <dd>
              {signal.others.map((id, place) => (
                <span key={id}>
                  {place > 0 ? ', ' : ''}
                  <PersonLink id={id} name={names.names.get(id) ?? id} known={names.rank.has(id)} />
                </span>
              ))}
            </dd>
          </div>
        ) : null}
        <div>
          <dt>Reported by</dt>
          <dd>{signal.sources.length > 0 ? <Line items={signal.sources} /> : 'no public source given'}</dd>
        </div>
        <div>
          <dt>Detection</dt>
          <dd>
            <a href={href('detections', '', { q: signal.detection })}>
              <code>
                <Text value={signal.detection} />
              </code>
            </a>{' '}
            version <Text value={signal.version} />; fairness:{' '}
            {fairnessWords[signal.fairness] ?? signal.fairness}
            {signal.attack.length > 0 ? <>; ATT&amp;CK {signal.attack.map(shown).join(', ')}</> : null}
          </dd>
        </div>
        {dated ? (
          <div className="screen-only">
            <dt>When</dt>
            <dd>
              <StateLink
                to={href('person', person.id, { go: 'when', open: openText, signal: String(index + 1) })}
                scrollTo="when"
              >
                Show these events on the timeline
              </StateLink>
            </dd>
          </div>
        ) : null}
      </dl>
    </>
  );
}
