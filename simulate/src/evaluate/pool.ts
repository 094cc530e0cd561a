import type { Truth } from '../truth.js';
import { summary } from './days.js';
import { atOrAbove } from './evaluate.js';
import {
  type CalibrationBin,
  type DetectionWeight,
  type Evaluation,
  type Flag,
  type Found,
  flags,
  type GroupCount,
  type SignalValue,
} from './evaluation.js';
import { addRates, rate, type Spread, spread } from './rate.js';

type Summed = Omit<Evaluation, 'simulation' | 'asOf' | 'unknown' | 'accused' | 'missed'>;

/** Several companies as one: everything counted is added up, and shares are taken anew from the sums. */
export interface Pooled extends Summed {
  simulations: Truth['simulation'][];
  unknown: number;
  accused: (Evaluation['accused'][number] & { seed: number })[];
  missed: (Evaluation['missed'][number] & { seed: number })[];
  /** How far the companies lie apart; shares from 0 to 1. */
  spread: Record<Flag, { recall?: Spread; precision?: Spread; honestFlagged?: Spread }>;
}

/** Adds up companies. All must have been scanned with the same content. */
export function pool(evaluations: readonly Evaluation[]): Pooled {
  const [first] = evaluations;
  if (!first) throw new RangeError('there is nothing to add up');
  const versions = new Set(evaluations.map((one) => one.rollcall.content));
  if (versions.size > 1)
    throw new RangeError('these results are of different content: they cannot be added up');
  const sum = (of: (one: Evaluation) => number) => evaluations.reduce((total, one) => total + of(one), 0);
  return {
    rollcall: first.rollcall,
    simulations: evaluations.map((one) => one.simulation),
    people: {
      honest: sum((one) => one.people.honest),
      ring: sum((one) => one.people.ring),
      withLookalike: sum((one) => one.people.withLookalike),
    },
    unknown: sum((one) => one.unknown.length),
    bands: byFlag((flag) =>
      atOrAbove(
        sum((one) => one.bands[flag].ring),
        sum((one) => one.people.ring),
        sum((one) => one.bands[flag].honest),
        sum((one) => one.people.honest),
      ),
    ),
    spread: byFlag((flag) => {
      const of = (part: 'recall' | 'precision' | 'honestFlagged') =>
        spread(evaluations.flatMap((one) => one.bands[flag][part].share ?? []));
      const [recall, precision, honestFlagged] = [of('recall'), of('precision'), of('honestFlagged')];
      return {
        ...(recall ? { recall } : {}),
        ...(precision ? { precision } : {}),
        ...(honestFlagged ? { honestFlagged } : {}),
      };
    }),
    bySophistication: merged(
      evaluations.map((one) => one.bySophistication),
      foundOf,
    ),
    byEngagement: merged(
      evaluations.map((one) => one.byEngagement),
      foundOf,
    ),
    byStage: merged(
      evaluations.map((one) => one.byStage),
      foundOf,
    ),
    accused: evaluations.flatMap((one) =>
      one.accused.map((each) => ({ ...each, seed: one.simulation.seed })),
    ),
    missed: evaluations.flatMap((one) => one.missed.map((each) => ({ ...each, seed: one.simulation.seed }))),
    lookalikes: merged(
      evaluations.map((one) => one.lookalikes),
      (list) => ({
        people: total(list, (one) => one.people),
        watch: total(list, (one) => one.watch),
        review: total(list, (one) => one.review),
        urgent: total(list, (one) => one.urgent),
      }),
    ),
    signals: byDetection(
      evaluations.map((one) => one.signals),
      (list) => {
        const ring = total(list, (one) => one.ring);
        const honest = total(list, (one) => one.honest);
        return {
          detection: list[0].detection,
          speaks: list.some((one) => one.speaks === 'for') ? 'for' : 'against',
          state: list.some((one) => one.state === 'ran') ? 'ran' : 'blocked',
          ring,
          honest,
          precision: rate(ring, ring + honest),
        };
      },
    ),
    planted: merged(
      evaluations.map((one) => one.planted),
      addRates,
    ),
    daysUntilFound: merged(
      evaluations.map((one) => one.daysUntilFound),
      (list) => summary(list.flatMap((one) => one.each)),
    ),
    calibration: first.calibration.map((bin, i): CalibrationBin => {
      const bins = evaluations.flatMap((one) => one.calibration[i] ?? []);
      return {
        ...bin,
        people: total(bins, (one) => one.people),
        ring: total(bins, (one) => one.ring),
        expectedAsAssumed: total(bins, (one) => one.expectedAsAssumed),
        expected: total(bins, (one) => one.expected),
      };
    }),
    weights: byDetection(
      evaluations.map((one) => one.weights),
      (list): DetectionWeight => ({
        ...list[0],
        ring: addRates(list.map((one) => one.ring)),
        honest: addRates(list.map((one) => one.honest)),
        bits: total(list, (one) => one.bits),
      }),
    ),
    ...valuesOf('value', evaluations),
    ...valuesOf('facetValue', evaluations),
    groups: merged(
      evaluations.map((one) => one.groups),
      (list): GroupCount => ({
        people: total(list, (one) => one.people),
        watch: total(list, (one) => one.watch),
        review: total(list, (one) => one.review),
        urgent: total(list, (one) => one.urgent),
        detections: merged(
          list.map((one) => one.detections),
          (each) => ({
            people: total(each, (one) => one.people),
            watch: total(each, (one) => one.watch),
            review: total(each, (one) => one.review),
          }),
        ) as GroupCount['detections'],
      }),
    ),
  };
}

function valuesOf(key: 'value' | 'facetValue', evaluations: readonly Evaluation[]): Partial<Summed> {
  if (!evaluations.every((one) => one[key])) return {};
  const lists = evaluations.map((one) => one[key] ?? []);
  const values = byDetection(
    lists,
    (list): SignalValue => ({
      detection: list[0].detection,
      lost: byFlag((flag) => ({
        ring: total(list, (one) => one.lost[flag].ring),
        honest: total(list, (one) => one.lost[flag].honest),
      })),
    }),
  );
  return { [key]: values };
}

function total<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((sum, one) => sum + of(one), 0);
}

function byFlag<T>(make: (flag: Flag) => T): Record<Flag, T> {
  return Object.fromEntries(flags.map((flag) => [flag, make(flag)])) as Record<Flag, T>;
}

function foundOf(list: readonly Found[]): Found {
  return {
    members: total(list, (one) => one.members),
    watch: addRates(list.map((one) => one.watch)),
    review: addRates(list.map((one) => one.review)),
    urgent: addRates(list.map((one) => one.urgent)),
  };
}

/** Of several tables, one: what stands under one name in several of them is made one by `make`. */
function merged<K extends string, V>(
  tables: readonly Partial<Record<K, V>>[],
  make: (values: [V, ...V[]]) => V | undefined,
): Partial<Record<K, V>> {
  const values = new Map<K, V[]>();
  for (const table of tables)
    for (const [key, value] of Object.entries(table) as [K, V][])
      values.set(key, [...(values.get(key) ?? []), value]);
  const result: Partial<Record<K, V>> = {};
  for (const [key, list] of [...values].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const value = make(list as [V, ...V[]]);
    if (value !== undefined) result[key] = value;
  }
  return result;
}

function byDetection<T extends { detection: string }>(
  lists: readonly (readonly T[])[],
  make: (values: [T, ...T[]]) => T,
): T[] {
  const tables = lists.map((list) => Object.fromEntries(list.map((one) => [one.detection, one])));
  return Object.values(merged<string, T>(tables, make)) as T[];
}
