import { compare } from '../text.js';
import { type DetectionWeight, type Evaluation, flags } from './evaluation.js';
import { impacts } from './groups.js';
import type { Pooled } from './pool.js';
import { type Rate, rate, ratio, type Spread } from './rate.js';

/** The evaluation of one company as text for a terminal. */
export function formatEvaluation(e: Evaluation): string {
  const { simulation: s } = e;
  const lines = [
    `${e.people.ring + e.people.honest} people (seed ${s.seed}, ${s.days} days to ${s.asOf}${s.scenario && s.scenario !== 'mixed' ? `, ${s.scenario}` : ''}): ${e.people.ring} in rings, ${e.people.honest} honest, ${e.people.withLookalike} of them with a lookalike.`,
    '',
    ...found(e),
    ...days(e),
    '',
    e.accused.length > 0
      ? `Honest people at review or above (${e.accused.length})`
      : 'No honest person is at review or above.',
    ...e.accused.map((one) => `  ${one.id}  ${one.name}, ${accusedOf(one)}`),
    '',
    e.missed.length > 0
      ? `Ring members below review (${e.missed.length})`
      : 'No ring member is below review.',
    ...e.missed.map(
      (one) =>
        `  ${one.id}  ${one.name}, ${one.sophistication}, ${one.band}, ${one.bits} bits: ${one.detections.join(', ') || 'nothing seen'}  [planted: ${one.planted.join(', ') || 'nothing'}]`,
    ),
    ...signals(e),
    ...value(e),
    ...groups(e),
    ...planted(e),
  ];
  if (e.unknown.length > 0)
    lines.push(
      '',
      `The scan reports ${e.unknown.length} people the truth does not know: ${e.unknown.slice(0, 5).join(', ')}${e.unknown.length > 5 ? ' …' : ''}`,
    );
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Several companies together, as text for a terminal. */
export function formatPooled(p: Pooled): string {
  const seeds = p.simulations.map((one) => one.seed).sort((a, b) => a - b);
  const kinds = [...new Set(p.simulations.map((one) => `${one.scenario}, ${one.days} days of logs`))];
  const lines = [
    `${p.simulations.length} companies (seeds ${seeds.join(', ')}; ${kinds.join('; ')}): ${p.people.ring} in rings, ${p.people.honest} honest, ${p.people.withLookalike} of them with a lookalike. Content ${p.rollcall.content}.`,
    '',
    ...found(p),
    '',
    'From company to company: least, middle, greatest',
    ...flags.map((flag) => {
      const { recall, honestFlagged, precision } = p.spread[flag];
      return `  ${flag.padEnd(10)}  found ${apart(recall)}   honest flagged ${apart(honestFlagged, 2)}   precision ${apart(precision)}`;
    }),
    ...days(p),
    '',
    `Honest people at review or above: ${p.accused.length}`,
    ...p.accused.slice(0, 30).map((one) => `  seed ${one.seed}, ${one.id}  ${accusedOf(one)}`),
    ...(p.accused.length > 30 ? [`  and ${p.accused.length - 30} more`] : []),
    ...calibration(p),
    ...weights(p),
    ...value(p),
    ...groups(p),
    ...circumstances(p),
    ...planted(p),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

type Shared = Omit<Pooled, 'simulations' | 'spread' | 'unknown' | 'accused' | 'missed'>;

function accusedOf(one: Evaluation['accused'][number]): string {
  return `${one.band}, ${one.bits} bits: ${one.detections.join(', ')}${one.lookalikes.length > 0 ? `  [${one.lookalikes.join(', ')}]` : ''}`;
}

function found(e: Shared): string[] {
  const lines = ['At or above   ring found                     honest flagged                 precision'];
  for (const flag of flags) {
    const band = e.bands[flag];
    lines.push(
      `  ${flag.padEnd(10)}  ${text(band.recall).padEnd(29)}  ${text(band.honestFlagged, 2).padEnd(29)}  ${text(band.precision)}`,
    );
  }
  for (const [title, table] of [
    ['By care taken', e.bySophistication],
    ['By engagement', e.byEngagement],
    ['By stage', e.byStage],
  ] as const) {
    lines.push('', `${title.padEnd(14)}members  watch            review           urgent`);
    for (const [name, one] of Object.entries(table))
      lines.push(
        `  ${name.padEnd(12)}${String(one.members).padStart(7)}  ${[one.watch, one.review, one.urgent].map((each) => short(each).padEnd(15)).join('  ')}`,
      );
  }
  return lines;
}

function days(e: Shared): string[] {
  if (Object.keys(e.daysUntilFound).length === 0) return [];
  return [
    '',
    'Days from the first day of work until the evidence was enough for review (estimated from one scan)',
    ...Object.entries(e.daysUntilFound).map(
      ([name, one]) =>
        `  ${name.padEnd(12)}${one.found} found; earliest ${one.earliest}, median ${one.median}, latest ${one.latest}`,
    ),
  ];
}

function signals(e: Shared): string[] {
  const lines: string[] = [];
  for (const [title, speaks] of [
    ['Signal', 'against'],
    ['Speaks for them', 'for'],
  ] as const) {
    const list = e.signals.filter((one) => one.speaks === speaks);
    if (list.length === 0) continue;
    lines.push('', `${title.padEnd(58)} ring  honest  ${speaks === 'against' ? 'precision' : ''}`);
    const sorted = [...list].sort(
      (a, b) => b.ring - a.ring || a.honest - b.honest || compare(a.detection, b.detection),
    );
    for (const one of sorted) {
      const counts = `${String(one.ring).padStart(5)}${String(one.honest).padStart(8)}`;
      const note =
        one.state === 'blocked' ? 'could not run' : speaks === 'against' ? short(one.precision) : '';
      lines.push(`  ${cut(one.detection)}${counts}  ${note}`);
    }
  }
  return lines;
}

function calibration(e: Shared): string[] {
  return [
    '',
    'Do bits mean what they say? Workers by the sum of their bits, and how many of them are in rings',
    '  bits          people   in rings: observed               expected   (with 1 in 1,000 assumed)',
    ...e.calibration
      .filter((bin) => bin.people > 0)
      .map((bin) => {
        const range = `${bin.from ?? '…'} to ${bin.to ?? '…'}`;
        const share = (value: number) => `${((value / bin.people) * 100).toFixed(2)} %`;
        return `  ${range.padEnd(12)}${String(bin.people).padStart(8)}   ${text(rate(bin.ring, bin.people), 2).padEnd(33)}${share(bin.expected).padStart(9)}   ${share(bin.expectedAsAssumed).padStart(9)}`;
      }),
  ];
}

/** What a detection says it weighs, against what it weighed: within the interval, above it or below it. */
export function verdictOn(one: DetectionWeight): 'fits' | 'says too much' | 'says too little' | 'too few' {
  const bearers = one.ring.hits + one.honest.hits;
  const observed = ratio(one.ring, one.honest);
  if (bearers === 0 || !observed) return 'too few';
  const stated = one.bits / bearers;
  if (stated >= observed.low && stated <= observed.high) return 'fits';
  // What speaks for somebody has bits below zero, and says too much when they are too far below.
  return stated > observed.high === stated >= 0 ? 'says too much' : 'says too little';
}

function weights(e: Shared): string[] {
  const lines = [
    '',
    'What each detection says it weighs (bits, mean), and what it weighed here (log2 of the ratio, 95 % interval)',
  ];
  const shown = e.weights.filter((one) => one.ring.hits + one.honest.hits > 0);
  for (const one of shown) {
    const observed = ratio(one.ring, one.honest);
    if (!observed) continue;
    const verdict = verdictOn(one);
    const bits = (value: number) => `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(1)}`;
    lines.push(
      `  ${cut(one.detection)}${bits(one.bits / (one.ring.hits + one.honest.hits)).padStart(6)}  ${bits(observed.bits).padStart(5)} (${bits(observed.low)} to ${bits(observed.high)})  ring ${one.ring.hits}/${one.ring.of}, honest ${one.honest.hits}/${one.honest.of}${verdict === 'fits' ? '' : `  ${verdict}`}`,
    );
  }
  const silent = e.weights.length - shown.length;
  if (silent > 0) lines.push(`  ${silent} detections were shown by nobody.`);
  return lines;
}

function value(e: Shared): string[] {
  return [
    ...valueTable('Without one detection, no longer at or above', e.value),
    ...valueTable('Without all of one facet', e.facetValue),
  ];
}

function valueTable(title: string, values: Evaluation['value']): string[] {
  if (!values) return [];
  const list = values
    .filter((one) => flags.some((flag) => one.lost[flag].ring !== 0 || one.lost[flag].honest !== 0))
    .sort(
      (a, b) =>
        b.lost.review.ring - a.lost.review.ring ||
        b.lost.watch.ring - a.lost.watch.ring ||
        b.lost.watch.honest - a.lost.watch.honest ||
        compare(a.detection, b.detection),
    );
  const count = ({ ring, honest }: { ring: number; honest: number }) =>
    `${String(ring).padStart(6)}${String(honest).padStart(8)}`;
  return [
    '',
    `${title.padEnd(58)}      review         watch`,
    `${''.padEnd(58)}  ring  honest  ring  honest`,
    ...list.map((one) => `  ${cut(one.detection)}${count(one.lost.review)}${count(one.lost.watch)}`),
    `  The other ${values.length - list.length} could each be missing without anybody's band changing.`,
  ];
}

function groups(e: Shared): string[] {
  const found = impacts(e.groups);
  if (found.length === 0) return [];
  const lines: string[] = [];
  for (const band of ['watch', 'review'] as const) {
    lines.push(
      '',
      `Honest people at ${band} or above, by how they live`,
      '  group               flagged                        not flagged, against best   against everybody else',
    );
    for (const one of found.filter((each) => each.band === band)) {
      lines.push(
        `  ${one.group.padEnd(19)} ${text(one.flagged, 2).padEnd(30)} ${one.favourable.toFixed(3).padStart(6)}                      ${times(one.ratio)} (${times(one.low)} to ${times(one.high)})  ${one.verdict}`,
      );
      for (const cause of one.causes)
        lines.push(
          `    ${cause.detection}: shown by ${percent(cause.group.share)} here, ${percent(cause.others.share)} elsewhere; ${cause.beyond.toFixed(1)} more flagged than at the others' rate`,
        );
    }
  }
  return lines;
}

function circumstances(e: Shared): string[] {
  const list = Object.entries(e.lookalikes)
    .flatMap(([kind, one]) => (one && one.watch > 0 ? [{ kind, ...one }] : []))
    .sort((a, b) => b.review - a.review || b.watch - a.watch || compare(a.kind, b.kind));
  return [
    '',
    'Honest circumstances that brought anybody to watch',
    ...list.map(
      (one) =>
        `  ${one.kind.padEnd(28)}${String(one.people).padStart(6)} people, ${one.watch} at watch or above (${percent(one.watch / one.people)}), ${one.review} at review`,
    ),
  ];
}

function planted(e: Shared): string[] {
  return [
    '',
    'Planted behaviour, and the share of its bearers in whom it was seen',
    ...Object.entries(e.planted).map(([id, seen]) => `  ${id}  ${short(seen as Rate)}`),
  ];
}

function cut(detection: string): string {
  return detection.length > 56 ? `${detection.slice(0, 55)}…` : detection.padEnd(56);
}

function text(one: Rate, digits = 1): string {
  if (one.share === undefined || one.low === undefined || one.high === undefined)
    return `${one.hits} of ${one.of}`;
  const of100 = (value: number) => (value * 100).toFixed(digits);
  return `${one.hits} of ${one.of}: ${of100(one.share)} % (${of100(one.low)}–${of100(one.high)})`;
}

function short(one: Rate): string {
  return one.share === undefined ? '–' : `${one.hits}/${one.of} ${(one.share * 100).toFixed(0)} %`;
}

function apart(one: Spread | undefined, digits = 0): string {
  if (!one) return '–';
  const of100 = (value: number) => (value * 100).toFixed(digits);
  return `${of100(one.least)}, ${of100(one.median)}, ${of100(one.greatest)} %`;
}

function percent(value: number | undefined): string {
  return value === undefined ? '–' : `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
}

function times(value: number): string {
  return Number.isFinite(value) ? `×${value.toFixed(2)}` : '∞';
}
