import type { BaseRate, DetectionSummary } from '@rollcall/engine/model/result.js';
import { bits, count, percent } from '../format.js';
import { href, setQuery } from '../route.js';
import { Section, Wide } from './Section.js';
import { Text } from './Text.js';

type Rate = BaseRate & { detection: DetectionSummary };

const populations = { workers: 'Workers', applicants: 'Applicants' } as const;

/** Lines of a table before the rest is asked for. */
const few = 12;

/** What a company's own people do to the weights: how often each thing is found, those that change most first. */
export function BaseRates({ detections, all }: { detections: readonly DetectionSummary[]; all: boolean }) {
  const rates = detections
    .flatMap((detection) => (detection.rates ?? []).map((rate): Rate => ({ ...rate, detection })))
    .sort(
      (a, b) =>
        Math.abs(b.bits - b.ownBits) - Math.abs(a.bits - a.ownBits) ||
        (a.detection.id < b.detection.id ? -1 : 1),
    );
  if (rates.length === 0) return null;
  const hidden = Object.keys(populations).some(
    (population) => rates.filter((rate) => rate.population === population).length > few,
  );
  return (
    <Section
      id="base-rates"
      title="What your own people do to the weights"
      lead="A finding weighs less the more honest people show it. Each detection brings its own figure; what is counted here corrects it."
    >
      {(['workers', 'applicants'] as const).map((population) => (
        <Rates
          key={population}
          title={populations[population]}
          rates={rates.filter((rate) => rate.population === population)}
          all={all}
        />
      ))}
      {hidden ? (
        <p>
          <button type="button" className="opener" onClick={() => setQuery({ rates: all ? '' : 'all' })}>
            {all ? 'Only those that change most' : 'All of them'}
          </button>
        </p>
      ) : null}
      <p className="aside-line">
        The figures of one person differ a little from these: they, and those a finding of theirs names, are
        left out of their own. What an explanation accounts for is not counted.
      </p>
    </Section>
  );
}

function Rates({ title, rates, all }: { title: string; rates: readonly Rate[]; all: boolean }) {
  if (rates.length === 0) return null;
  return (
    <Wide label={`Base rates: ${title}`}>
      <table className="detections">
        <caption>
          {title}: {count(rates.length)} {rates.length === 1 ? 'detection' : 'detections'}
        </caption>
        <thead>
          <tr>
            <th scope="col">Detection</th>
            <th scope="col" className="number">
              Own figure
            </th>
            <th scope="col" className="number">
              Used here
            </th>
            <th scope="col" className="number">
              Bits: own, here
            </th>
          </tr>
        </thead>
        <tbody>
          {rates.slice(0, all ? rates.length : few).map((rate) => (
            <tr key={rate.detection.id}>
              <th scope="row">
                <a href={href('detections', '', { q: rate.detection.id })}>
                  <Text value={rate.detection.title} />
                </a>
                <span className="meta">
                  <Text value={rate.says} />
                </span>
              </th>
              <td className="number">{percent(rate.own)}</td>
              <td className="number">{percent(rate.used)}</td>
              <td className="number">
                {bits(rate.ownBits)} → {bits(rate.bits)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
