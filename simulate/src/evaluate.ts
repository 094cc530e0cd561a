import type { ScanResult } from '@rollcall/engine';
import { compare } from './text.js';
import type { Behaviour, Lookalike, Sophistication, Truth, TruthPerson } from './truth.js';

type PersonResult = ScanResult['people'][number];
type Band = PersonResult['band'];
type Flag = Exclude<Band, 'clear'>;

/** A share, with the 95 % interval after Wilson: with few cases it is wide, and should be seen to be. */
export interface Rate {
  hits: number;
  of: number;
  /** Absent where nothing was counted. */
  share?: number;
  low?: number;
  high?: number;
}

export interface AtOrAbove {
  ring: number;
  honest: number;
  /** Ring members among those flagged. */
  precision: Rate;
  /** Flagged among ring members. */
  recall: Rate;
  /** Flagged among honest people. */
  honestFlagged: Rate;
}

export interface Found {
  members: number;
  watch: Rate;
  review: Rate;
  urgent: Rate;
}

export interface Case {
  id: string;
  name: string;
  band: Band;
  bits: number;
  /** What speaks against them, and has not been explained. */
  detections: string[];
}

export interface Evaluation {
  simulation: Truth['simulation'];
  asOf: string;
  people: { honest: number; ring: number; withLookalike: number };
  /** Ids the scan reports that the truth does not know; not counted anywhere. */
  unknown: string[];
  bands: Record<Flag, AtOrAbove>;
  bySophistication: Partial<Record<Sophistication, Found>>;
  byEngagement: Partial<Record<TruthPerson['engagement'], Found>>;
  byStage: Partial<Record<TruthPerson['stage'], Found>>;
  /** Honest people at review or above. */
  accused: (Case & { lookalikes: Lookalike[] })[];
  /** Ring members below review, with what was there to be found. */
  missed: (Case & { sophistication: Sophistication; planted: Behaviour[] })[];
  /** How far honest people of each kind got. */
  lookalikes: Partial<Record<Lookalike, { people: number; watch: number; review: number; urgent: number }>>;
  /** Each detection about people: who shows it, unexplained. `for`: it speaks in favour of whoever shows it. */
  signals: {
    detection: string;
    speaks: 'against' | 'for';
    state: 'ran' | 'blocked';
    ring: number;
    honest: number;
    precision: Rate;
  }[];
  /** Each planted behaviour: in how many of its bearers a detection of that catalogue id fired. */
  planted: Partial<Record<Behaviour, Rate>>;
  daysUntilFound: Partial<
    Record<Sophistication, { found: number; earliest: number; median: number; latest: number }>
  >;
}

const flags: readonly Flag[] = ['watch', 'review', 'urgent'];
const rank: Record<Band, number> = { clear: 0, watch: 1, review: 2, urgent: 3 };

/**
 * Holds a scan against the truth of the company it read. People are counted as human beings: two records of one person
 * count once, at the higher band.
 */
export function evaluate(truth: Truth, result: ScanResult): Evaluation {
  const main = new Map<string, TruthPerson>();
  for (const person of truth.people) if (!person.sameAs) main.set(person.id, person);
  const owner = new Map<string, TruthPerson>();
  for (const person of truth.people) {
    const human = main.get(person.sameAs ?? person.id);
    if (!human)
      throw new RangeError(`the truth says ${person.id} is ${person.sameAs}, whom it does not know`);
    owner.set(person.id, human);
    if (person.candidateId && !owner.has(person.candidateId)) owner.set(person.candidateId, human);
  }
  const seen = new Map<TruthPerson, PersonResult[]>();
  const unknown: string[] = [];
  for (const person of result.people) {
    const human = owner.get(person.id);
    if (!human) unknown.push(person.id);
    else
      seen.set(
        human,
        [...(seen.get(human) ?? []), person].sort((a, b) => rank[b.band] - rank[a.band] || b.bits - a.bits),
      );
  }
  const humans = [...main.values()];
  const ring = humans.filter((one) => one.label === 'ring');
  const honest = humans.filter((one) => one.label === 'honest');
  const bandOf = (human: TruthPerson): Band => seen.get(human)?.[0]?.band ?? 'clear';
  const reach = (people: readonly TruthPerson[], flag: Flag) =>
    people.filter((one) => rank[bandOf(one)] >= rank[flag]).length;
  const found = (members: readonly TruthPerson[]): Found => ({
    members: members.length,
    watch: rate(reach(members, 'watch'), members.length),
    review: rate(reach(members, 'review'), members.length),
    urgent: rate(reach(members, 'urgent'), members.length),
  });
  const caseOf = (human: TruthPerson): Case => {
    const records = seen.get(human) ?? [];
    return {
      id: human.id,
      name: human.name,
      band: bandOf(human),
      bits: Math.round((records[0]?.bits ?? 0) * 10) / 10,
      detections: [
        ...new Set(
          records.flatMap((one) =>
            one.signals
              .filter((signal) => signal.bits > 0 && !signal.explained)
              .map((signal) => signal.detection),
          ),
        ),
      ].sort(),
    };
  };

  return {
    simulation: truth.simulation,
    asOf: result.asOf,
    people: {
      honest: honest.length,
      ring: ring.length,
      withLookalike: honest.filter((one) => one.lookalikes.length > 0).length,
    },
    unknown: unknown.sort(),
    bands: Object.fromEntries(
      flags.map((flag) => [
        flag,
        atOrAbove(reach(ring, flag), ring.length, reach(honest, flag), honest.length),
      ]),
    ) as Record<Flag, AtOrAbove>,
    bySophistication: grouped(ring, (one) => one.sophistication, found),
    byEngagement: grouped(ring, (one) => one.engagement, found),
    byStage: grouped(ring, (one) => one.stage, found),
    accused: honest
      .filter((one) => rank[bandOf(one)] >= rank.review)
      .map((one) => ({ ...caseOf(one), lookalikes: one.lookalikes }))
      .sort((a, b) => b.bits - a.bits || compare(a.id, b.id)),
    missed: ring
      .filter((one) => rank[bandOf(one)] < rank.review)
      .map((one) => ({
        ...caseOf(one),
        sophistication: one.sophistication ?? 'careful',
        planted: (one.planted ?? []).map((each) => each.id),
      }))
      .sort((a, b) => compare(a.id, b.id)),
    lookalikes: lookalikesOf(honest, reach),
    signals: signalsOf(result, owner),
    planted: plantedOf(ring, result, seen),
    daysUntilFound: grouped(
      ring,
      (one) => one.sophistication,
      (members) => daysOf(members, result, seen),
    ),
  };
}

/** A share with its Wilson interval at 95 %. */
export function rate(hits: number, of: number): Rate {
  if (of === 0) return { hits, of };
  const z = 1.959964;
  const p = hits / of;
  const scale = 1 + (z * z) / of;
  const middle = p + (z * z) / (2 * of);
  const spread = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return {
    hits,
    of,
    share: p,
    low: Math.max(0, (middle - spread) / scale),
    high: Math.min(1, (middle + spread) / scale),
  };
}

function atOrAbove(ring: number, ringTotal: number, honest: number, honestTotal: number): AtOrAbove {
  return {
    ring,
    honest,
    precision: rate(ring, ring + honest),
    recall: rate(ring, ringTotal),
    honestFlagged: rate(honest, honestTotal),
  };
}

/** What `make` says of each group; groups it says nothing of are left out. */
function grouped<K extends string, V>(
  people: readonly TruthPerson[],
  key: (one: TruthPerson) => K | undefined,
  make: (members: TruthPerson[]) => V | undefined,
): Partial<Record<K, V>> {
  const groups = new Map<K, TruthPerson[]>();
  for (const person of people) {
    const name = key(person);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), person]);
  }
  const result: Partial<Record<K, V>> = {};
  for (const [name, members] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const value = make(members);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function lookalikesOf(
  honest: readonly TruthPerson[],
  reach: (people: readonly TruthPerson[], flag: Flag) => number,
): Evaluation['lookalikes'] {
  const result: Evaluation['lookalikes'] = {};
  for (const kind of [...new Set(honest.flatMap((one) => one.lookalikes))].sort()) {
    const people = honest.filter((one) => one.lookalikes.includes(kind));
    result[kind] = {
      people: people.length,
      watch: reach(people, 'watch'),
      review: reach(people, 'review'),
      urgent: reach(people, 'urgent'),
    };
  }
  return result;
}

function signalsOf(result: ScanResult, owner: ReadonlyMap<string, TruthPerson>): Evaluation['signals'] {
  return result.detections
    .filter((one) => one.stage !== 'exposure')
    .map(({ id, state }) => {
      const bearers = new Set<TruthPerson>();
      let bits = 0;
      for (const person of result.people) {
        const human = owner.get(person.id);
        const signals = person.signals.filter((one) => one.detection === id && !one.explained);
        if (!human || signals.length === 0) continue;
        bearers.add(human);
        for (const signal of signals) bits += signal.bits;
      }
      const ring = [...bearers].filter((one) => one.label === 'ring').length;
      const honest = bearers.size - ring;
      const speaks: 'against' | 'for' = bits < 0 ? 'for' : 'against';
      return { detection: id, speaks, state, ring, honest, precision: rate(ring, bearers.size) };
    })
    .sort((a, b) => compare(a.detection, b.detection));
}

function plantedOf(
  ring: readonly TruthPerson[],
  result: ScanResult,
  seen: ReadonlyMap<TruthPerson, PersonResult[]>,
): Evaluation['planted'] {
  const catalogue = new Map(
    result.detections.map((one) => [one.id, one.catalogue.flatMap((id) => id.split('/'))]),
  );
  const planted: Evaluation['planted'] = {};
  for (const behaviour of [
    ...new Set(ring.flatMap((one) => (one.planted ?? []).map((each) => each.id))),
  ].sort()) {
    const bearers = ring.filter((one) => one.planted?.some((each) => each.id === behaviour));
    const shown = bearers.filter((one) =>
      seen
        .get(one)
        ?.some((record) =>
          record.signals.some((signal) => catalogue.get(signal.detection)?.includes(behaviour)),
        ),
    );
    planted[behaviour] = rate(shown.length, bearers.length);
  }
  return planted;
}

/**
 * One scan does not say on which day it would first have reached review. What is computed: take a member's signals in
 * the order of their first day, add the bits each counted for to the prior and to all that speaks in favour, and stop
 * where the sum and the number of facets are enough for review; the first day of that last signal, counted from the
 * first day of work (below zero: before it). Bits are today's, so a base rate that was different then is not seen.
 */
function daysOf(
  members: readonly TruthPerson[],
  result: ScanResult,
  seen: ReadonlyMap<TruthPerson, PersonResult[]>,
): { found: number; earliest: number; median: number; latest: number } | undefined {
  const days: number[] = [];
  for (const human of members) {
    const record = seen.get(human)?.[0];
    if (!record || rank[record.band] < rank.review || !human.startedAt) continue;
    const at = dayOfReview(record, result);
    if (at !== undefined)
      days.push(Math.round((Date.parse(at.slice(0, 10)) - Date.parse(human.startedAt)) / 86_400_000));
  }
  if (days.length === 0) return undefined;
  days.sort((a, b) => a - b);
  const middle = Math.floor(days.length / 2);
  const median =
    days.length % 2 === 1
      ? (days[middle] as number)
      : ((days[middle - 1] as number) + (days[middle] as number)) / 2;
  return { found: days.length, earliest: days[0] as number, median, latest: days[days.length - 1] as number };
}

function dayOfReview(record: PersonResult, result: ScanResult): string | undefined {
  const { policy } = result;
  const counted = new Map<number, number>();
  let sum = 0;
  for (const step of record.waterfall) {
    if (step.signal === undefined || step.bits <= 0) sum += step.bits;
    else counted.set(step.signal, (counted.get(step.signal) ?? 0) + step.bits);
  }
  if (!record.waterfall.some((step) => step.kind === 'prior'))
    sum += Math.log2(policy.prior / (1 - policy.prior));
  const signals = [...counted]
    .map(([index, bits]) => ({ signal: record.signals[index], bits }))
    .filter(
      (one): one is { signal: PersonResult['signals'][number]; bits: number } => one.signal !== undefined,
    )
    .sort((a, b) => (a.signal.first < b.signal.first ? -1 : a.signal.first > b.signal.first ? 1 : 0));
  const facets = new Set<string>();
  // Review may also rest on one conclusive finding; then the sum alone decides.
  const needed = Math.min(policy.facetsForReview, new Set(signals.map((one) => one.signal.facet)).size);
  for (const { signal, bits } of signals) {
    sum += bits;
    facets.add(signal.facet);
    if (sum >= policy.bands.review && facets.size >= needed) return signal.first;
  }
  return signals.at(-1)?.signal.first;
}

/** The evaluation as text for a terminal. */
export function formatEvaluation(e: Evaluation): string {
  const lines: string[] = [];
  const { simulation: s } = e;
  lines.push(
    `${e.people.ring + e.people.honest} people (seed ${s.seed}, ${s.days} days to ${s.asOf}): ${e.people.ring} in rings, ${e.people.honest} honest, ${e.people.withLookalike} of them with a lookalike.`,
    '',
  );
  lines.push('At or above   ring found                     honest flagged                 precision');
  for (const flag of flags) {
    const band = e.bands[flag];
    lines.push(
      `  ${flag.padEnd(10)}  ${text(band.recall).padEnd(29)}  ${text(band.honestFlagged, 2).padEnd(29)}  ${text(band.precision)}`,
    );
  }
  for (const [title, groups] of [
    ['By care taken', e.bySophistication],
    ['By engagement', e.byEngagement],
    ['By stage', e.byStage],
  ] as const) {
    lines.push('', `${title.padEnd(14)}members  watch            review           urgent`);
    for (const [name, found] of Object.entries(groups)) {
      lines.push(
        `  ${name.padEnd(12)}${String(found.members).padStart(7)}  ${[found.watch, found.review, found.urgent].map((one) => short(one).padEnd(15)).join('  ')}`.trimEnd(),
      );
    }
  }
  if (Object.keys(e.daysUntilFound).length > 0) {
    lines.push(
      '',
      'Days from the first day of work until the evidence was enough for review (estimated from one scan)',
    );
    for (const [name, days] of Object.entries(e.daysUntilFound))
      lines.push(
        `  ${name.padEnd(12)}${days.found} found; earliest ${days.earliest}, median ${days.median}, latest ${days.latest}`,
      );
  }
  lines.push(
    '',
    e.accused.length > 0
      ? `Honest people at review or above (${e.accused.length})`
      : 'No honest person is at review or above.',
  );
  for (const one of e.accused)
    lines.push(
      `  ${one.id}  ${one.name}, ${one.band}, ${one.bits} bits: ${one.detections.join(', ')}${one.lookalikes.length > 0 ? `  [${one.lookalikes.join(', ')}]` : ''}`,
    );
  lines.push(
    '',
    e.missed.length > 0
      ? `Ring members below review (${e.missed.length})`
      : 'No ring member is below review.',
  );
  for (const one of e.missed)
    lines.push(
      `  ${one.id}  ${one.name}, ${one.sophistication}, ${one.band}, ${one.bits} bits: ${one.detections.join(', ') || 'nothing seen'}  [planted: ${one.planted.join(', ') || 'nothing'}]`,
    );
  const against = e.signals.filter((one) => one.speaks === 'against');
  const inFavour = e.signals.filter((one) => one.speaks === 'for');
  for (const [title, signals] of [
    ['Signal', against],
    ['Speaks for them', inFavour],
  ] as const) {
    if (signals.length === 0) continue;
    lines.push('', `${title.padEnd(58)} ring  honest  ${signals === against ? 'precision' : ''}`.trimEnd());
    const sorted = [...signals].sort(
      (a, b) => b.ring - a.ring || a.honest - b.honest || compare(a.detection, b.detection),
    );
    for (const one of sorted) {
      const name = one.detection.length > 56 ? `${one.detection.slice(0, 55)}…` : one.detection.padEnd(56);
      const counts = `${String(one.ring).padStart(5)}${String(one.honest).padStart(8)}`;
      const note =
        one.state === 'blocked' ? 'could not run' : one.speaks === 'against' ? short(one.precision) : '';
      lines.push(`  ${name}${counts}  ${note}`.trimEnd());
    }
  }
  lines.push('', 'Planted behaviour, and the share of its bearers in whom it was seen');
  for (const [id, seen] of Object.entries(e.planted)) lines.push(`  ${id}  ${short(seen as Rate)}`);
  if (e.unknown.length > 0)
    lines.push(
      '',
      `The scan reports ${e.unknown.length} people the truth does not know: ${e.unknown.slice(0, 5).join(', ')}${e.unknown.length > 5 ? ' …' : ''}`,
    );
  return `${lines.join('\n')}\n`;
}

function text(one: Rate, digits = 1): string {
  if (one.share === undefined || one.low === undefined || one.high === undefined)
    return `${one.hits} of ${one.of}`;
  const percent = (value: number) => (value * 100).toFixed(digits);
  return `${one.hits} of ${one.of}: ${percent(one.share)} % (${percent(one.low)}–${percent(one.high)})`;
}

function short(one: Rate): string {
  return one.share === undefined ? '–' : `${one.hits}/${one.of} ${(one.share * 100).toFixed(0)} %`;
}
