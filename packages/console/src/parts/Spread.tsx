import type { PersonResult, PolicySummary } from '@rollcall/engine/model/result.js';
import type { Band } from '@rollcall/engine/model/vocabulary.js';
import { bits, countOf } from '../format.js';
import { bandWords } from '../words.js';

const width = 280;
const height = 96;
const base = 74;
const order: readonly Band[] = ['clear', 'watch', 'review', 'urgent'];
const marked = ['watch', 'review', 'urgent'] as const;

export interface SpreadBin {
  from: number;
  counts: Record<Band, number>;
}

/** People by whole bits. Whatever lies beyond forty bits either way is counted in the outermost column. */
export function spread(people: readonly PersonResult[]): SpreadBin[] {
  const bins = new Map<number, SpreadBin>();
  for (const person of people) {
    const from = Math.max(-40, Math.min(40, Math.floor(Number.isFinite(person.bits) ? person.bits : 0)));
    const bin = bins.get(from) ?? { from, counts: { clear: 0, watch: 0, review: 0, urgent: 0 } };
    bin.counts[person.band] += 1;
    bins.set(from, bin);
  }
  return [...bins.values()].sort((a, b) => a.from - b.from);
}

/** Where everybody with a signal stands: one column to a bit, each person one block while there is room. */
export function Spread({ people, policy }: { people: readonly PersonResult[]; policy: PolicySummary }) {
  const bins = spread(people);
  const edges = [...bins.map((bin) => bin.from), ...marked.map((band) => policy.bands[band])];
  const min = Math.floor(Math.min(...edges)) - 1;
  const max = Math.ceil(Math.max(...edges)) + 2;
  const x = (value: number) => ((value - min) / (max - min)) * width;
  const step = width / (max - min);
  const most = Math.max(...bins.map((bin) => order.reduce((sum, band) => sum + bin.counts[band], 0)));
  const block = Math.min(step, 60 / most);
  const label = `Everybody with a signal by weight, from ${bits(bins[0]?.from ?? 0)} to ${bits((bins.at(-1)?.from ?? 0) + 1)} bits; at most ${countOf(most, 'person', 'people')} within one bit`;
  // Where everybody stands wide apart, the bands begin too close to each other for their words to stand in one line.
  const close = x(policy.bands.urgent) - x(policy.bands.review) < 36;
  return (
    <figure className="spread">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        <title>{label}</title>
        {marked.map((band, index) => (
          <g key={band}>
            <line
              className="line-from"
              x1={x(policy.bands[band])}
              x2={x(policy.bands[band])}
              y1={10}
              y2={base + 3}
            />
            <text
              x={x(policy.bands[band]) + (index === 0 ? -3 : 3)}
              y={close && band === 'urgent' ? 8 : height - 8}
              textAnchor={index === 0 ? 'end' : 'start'}
            >
              {bandWords[band].word.toLowerCase()}
            </text>
          </g>
        ))}
        {bins.map((bin) => {
          let y = base;
          return order.map((band) => {
            const size = bin.counts[band] * block;
            y -= size;
            return size > 0 ? (
              <rect
                key={`${bin.from} ${band}`}
                className={`column band-${band}`}
                x={x(bin.from) + 0.75}
                width={step - 1.5}
                y={y}
                height={Math.max(1, size - (block > 3 ? 1 : 0))}
              />
            ) : null;
          });
        })}
        <line className="floor" x1="0" x2={width} y1={base + 0.5} y2={base + 0.5} />
      </svg>
      <figcaption>Everybody with a signal, by weight: one column to a bit.</figcaption>
    </figure>
  );
}
