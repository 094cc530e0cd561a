/**
 * Correlations evaluated the obvious way: for every record of a correlation, look through everything before
 * it. Quadratic, unbounded, and meant to be read side by side with the semantics in
 * `correlate/correlator.ts`. The streaming engine and the SQL target are tested against it.
 */
import { type Event, readField, scalarNumber, scalarText } from '../event.js';
import { isCorrelation, type PlannedCorrelation, type PlannedRule } from '../plan.js';
import type { Comparison, Condition } from '../rule.js';

export interface NaiveRecord {
  readonly ref: number;
  readonly time: number;
  readonly event: Event;
  readonly matched: readonly PlannedRule[];
}

export interface NaiveFiring {
  readonly rule: PlannedCorrelation;
  readonly group: readonly { readonly field: string; readonly value: string }[];
  readonly time: number;
  readonly ref: number;
  readonly value: number;
  /**
   * As in `Firing`, without a bound. For `temporal_ordered` the newest record of each input rule, not a
   * chain: which chain is reported when there are several is left open (see {@link isChain}).
   */
  readonly refs: readonly number[];
}

/** A record in one group of one correlation. */
interface Entry {
  readonly record: NaiveRecord;
  readonly group: NaiveFiring['group'];
  readonly key: string;
  /** Indexes of the inputs that hit. */
  readonly inputs: Set<number>;
  /** Firings of inner correlations that brought the record here. */
  readonly firings: NaiveFiring[];
  /** Whether the condition held here. */
  held: boolean;
}

const maxCombinations = 64;

/**
 * All firings of all given correlations (each after those it reads), ordered by time, ref, correlation and
 * group. `onset`: only those at which the condition starts to hold.
 */
export function naiveCorrelate(
  correlations: readonly PlannedCorrelation[],
  records: readonly NaiveRecord[],
  report: 'each' | 'onset' = 'each',
): NaiveFiring[] {
  const ordered = [...records].sort(inOrder);
  const all = new Map<PlannedCorrelation, NaiveFiring[]>();
  const reported: { readonly at: number; readonly firing: NaiveFiring }[] = [];
  for (const correlation of correlations) {
    const firings: NaiveFiring[] = [];
    all.set(correlation, firings);
    for (const { firing, onset } of correlate(correlation, ordered, all)) {
      firings.push(firing);
      if (report === 'each' || onset) reported.push({ at: correlations.indexOf(correlation), firing });
    }
  }
  return reported.sort((a, b) => inOrder(a.firing, b.firing) || a.at - b.at).map(({ firing }) => firing);
}

function inOrder(a: { time: number; ref: number }, b: { time: number; ref: number }): number {
  return a.time - b.time || a.ref - b.ref;
}

function* correlate(
  correlation: PlannedCorrelation,
  records: readonly NaiveRecord[],
  inner: ReadonlyMap<PlannedCorrelation, readonly NaiveFiring[]>,
): Iterable<{ firing: NaiveFiring; onset: boolean }> {
  const entries: Entry[] = [];
  for (const record of records) {
    for (const entry of entriesOf(correlation, record, inner)) {
      if (takesValues(correlation) && valuesOf(correlation, entry).length === 0) continue;
      const before = windowOf(correlation, entries, entry);
      entries.push(entry);
      const window = [...before, entry];
      const value = measure(correlation, window);
      entry.held = holds(correlation, window, value);
      if (!entry.held) continue;
      const { time, ref } = record;
      const refs = refsOf(correlation, window);
      yield {
        firing: { rule: correlation, group: entry.group, time, ref, value, refs },
        onset: before.at(-1)?.held !== true,
      };
    }
  }
}

/** Earlier entries of the same group, not older than the time span. */
function windowOf(correlation: PlannedCorrelation, entries: readonly Entry[], entry: Entry): Entry[] {
  const from = entry.record.time - correlation.rule.timespan * 1000;
  return entries.filter((other) => other.key === entry.key && other.record.time >= from);
}

/** The groups of one correlation a record belongs to, with the inputs that put it there. */
function entriesOf(
  correlation: PlannedCorrelation,
  record: NaiveRecord,
  inner: ReadonlyMap<PlannedCorrelation, readonly NaiveFiring[]>,
): Entry[] {
  const entries = new Map<string, Entry>();
  correlation.inputs.forEach((input, index) => {
    const fields = correlation.groupFields[index] ?? [];
    const firings = isCorrelation(input)
      ? (inner.get(input) ?? []).filter((firing) => firing.time === record.time && firing.ref === record.ref)
      : record.matched.includes(input)
        ? [undefined]
        : [];
    for (const firing of firings) {
      const texts = fields.map((field) => {
        const own = firing?.group.find((part) => part.field === field);
        return own === undefined ? textsOf(record.event, field) : [own.value];
      });
      for (const combination of product(texts).slice(0, maxCombinations)) {
        const group = correlation.rule.groupBy.map((field, i) => ({ field, value: combination[i] ?? '' }));
        const key = JSON.stringify(combination);
        const entry = entries.get(key) ?? { record, group, key, inputs: new Set(), firings: [], held: false };
        entries.set(key, entry);
        // A rule listed twice hits as both.
        correlation.inputs.forEach((other, place) => {
          if (other === input) entry.inputs.add(place);
        });
        if (firing !== undefined) entry.firings.push(firing);
      }
    }
  });
  return [...entries.values()];
}

/** Distinct texts of a field, in order. */
function textsOf(event: Event, field: string): string[] {
  return [...new Set(readField(event, field).values.map(scalarText))];
}

/** One of each list, the last list changing fastest; of no lists, one empty combination. */
function product(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>(
    (heads, list) => heads.flatMap((head) => list.map((item) => [...head, item])),
    [[]],
  );
}

function takesValues(correlation: PlannedCorrelation): boolean {
  return correlation.rule.type.startsWith('value_');
}

/** What a record brings to `value_*`: tuples as one text each, or numbers as text. */
function valuesOf(correlation: PlannedCorrelation, entry: Entry): string[] {
  const { type, countedFields } = correlation.rule;
  const { event } = entry.record;
  if (type !== 'value_count') return numbersOf(countedFields[0] ?? '', entry).map(String);
  const lists = countedFields.map((field) => textsOf(event, field));
  const stand = lists.some((list) => list.length === 0) ? entry.firings.map((firing) => firing.value) : [0];
  const tuples = stand.flatMap((value) =>
    product(lists.map((list) => (list.length === 0 ? [String(value)] : list))).slice(
      0,
      lists.length === 1 ? undefined : maxCombinations,
    ),
  );
  return [...new Set(tuples.map((tuple) => JSON.stringify(tuple)))];
}

function numbersOf(field: string, entry: Entry): number[] {
  const held = readField(entry.record.event, field).values;
  const values = held.length === 0 ? entry.firings.map((firing) => firing.value) : held;
  return values
    .map(scalarNumber)
    .filter((value) => value !== undefined && Number.isFinite(value)) as number[];
}

function measure(correlation: PlannedCorrelation, window: readonly Entry[]): number {
  const { type, percentile } = correlation.rule;
  const numbers = () => window.flatMap((entry) => valuesOf(correlation, entry).map(Number));
  const sum = () => numbers().reduce((total, value) => total + value, 0);
  switch (type) {
    case 'event_count':
      return window.length;
    case 'value_count':
      return new Set(window.flatMap((entry) => valuesOf(correlation, entry))).size;
    case 'value_sum':
      return sum();
    case 'value_avg':
      return sum() / numbers().length;
    case 'value_median':
      return quantile(numbers(), 0.5);
    case 'value_percentile':
      return quantile(numbers(), percentile / 100);
    case 'temporal':
      return new Set(inputsSeen(window).map((input) => correlation.inputs[input])).size;
    case 'temporal_ordered': {
      const order = orderOf(correlation);
      return chained(order, window, Number.NEGATIVE_INFINITY) ? order.length : 0;
    }
  }
}

function inputsSeen(window: readonly Entry[]): number[] {
  return [...new Set(window.flatMap((entry) => [...entry.inputs]))];
}

/** Linear interpolation between the closest ranks. */
function quantile(values: readonly number[], rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * rank;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? 0;
  const share = at - Math.floor(at);
  return share === 0 ? below : below * (1 - share) + above * share;
}

/** Whether hits of these inputs follow each other in the window, times never falling, none before `from`. */
function chained(order: readonly number[], window: readonly Entry[], from: number): boolean {
  const [first, ...rest] = order;
  if (first === undefined) return true;
  return window.some(
    (entry) =>
      entry.inputs.has(first) && entry.record.time >= from && chained(rest, window, entry.record.time),
  );
}

/** The inputs whose order counts: all, or those the expression names outside a negation. */
function orderOf(correlation: PlannedCorrelation): number[] {
  const { expression, rules } = correlation.rule;
  const indexes = rules.map((_, index) => index);
  if (expression === undefined) return indexes;
  const wanted = plainNames(expression, false, correlation);
  return indexes.filter((index) => wanted.includes(rules[index]?.ref ?? ''));
}

function plainNames(condition: Condition, negated: boolean, correlation: PlannedCorrelation): string[] {
  switch (condition.kind) {
    case 'not':
      return plainNames(condition.arg, !negated, correlation);
    case 'name':
      return negated ? [] : [condition.name];
    case 'of':
      return negated ? [] : refsLike(condition.pattern, correlation);
    default:
      return condition.args.flatMap((arg) => plainNames(arg, negated, correlation));
  }
}

function refsLike(pattern: string, correlation: PlannedCorrelation): string[] {
  const refs = correlation.rule.rules.map(({ ref }) => ref);
  if (pattern === 'them') return refs;
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return refs.filter((ref) => new RegExp(`^${parts.join('.*')}$`, 's').test(ref));
}

const comparisons: Record<Comparison, (actual: number, wanted: number) => boolean> = {
  gt: (actual, wanted) => actual > wanted,
  gte: (actual, wanted) => actual >= wanted,
  lt: (actual, wanted) => actual < wanted,
  lte: (actual, wanted) => actual <= wanted,
  eq: (actual, wanted) => actual === wanted,
  neq: (actual, wanted) => actual !== wanted,
};

function holds(correlation: PlannedCorrelation, window: readonly Entry[], value: number): boolean {
  const { rule } = correlation;
  const met = rule.thresholds.every((threshold) => comparisons[threshold.op](value, threshold.value));
  const inOrder = rule.type !== 'temporal_ordered' || value === orderOf(correlation).length;
  if (rule.expression !== undefined) {
    const seen = inputsSeen(window).map((input) => rule.rules[input]?.ref ?? '');
    return met && inOrder && isTrue(rule.expression, seen, correlation);
  }
  if (rule.thresholds.length > 0) return met;
  if (rule.type === 'temporal') return value === new Set(correlation.inputs).size;
  return inOrder;
}

function isTrue(condition: Condition, seen: readonly string[], correlation: PlannedCorrelation): boolean {
  switch (condition.kind) {
    case 'not':
      return !isTrue(condition.arg, seen, correlation);
    case 'name':
      return seen.includes(condition.name);
    case 'of': {
      const refs = refsLike(condition.pattern, correlation);
      return condition.quantifier === 'any'
        ? refs.some((ref) => seen.includes(ref))
        : refs.every((ref) => seen.includes(ref));
    }
    case 'and':
      return condition.args.every((arg) => isTrue(arg, seen, correlation));
    case 'or':
      return condition.args.some((arg) => isTrue(arg, seen, correlation));
  }
}

function refsOf(correlation: PlannedCorrelation, window: readonly Entry[]): number[] {
  const newest = new Map<unknown, number>();
  for (const entry of window)
    for (const mark of marksOf(correlation, entry)) newest.set(mark, entry.record.ref);
  const counted = new Set(newest.values());
  return window.map((entry) => entry.record.ref).filter((ref) => counted.has(ref));
}

/** What a record stands for in the window; only the newest record of each mark is reported. */
function marksOf(correlation: PlannedCorrelation, entry: Entry): Iterable<unknown> {
  switch (correlation.rule.type) {
    case 'value_count':
      return valuesOf(correlation, entry);
    case 'temporal':
    case 'temporal_ordered':
      return [...entry.inputs].map((input) => correlation.inputs[input]);
    default:
      return [entry];
  }
}

/**
 * Whether the records `refs`, all of them and no others, make a chain of the input rules that have to be met in
 * order. For correlations of detection rules.
 */
export function isChain(
  correlation: PlannedCorrelation,
  records: readonly NaiveRecord[],
  refs: readonly number[],
): boolean {
  const chosen = records.filter((record) => refs.includes(record.ref));
  const order = orderOf(correlation).map((index) => correlation.inputs[index]);
  const step = (position: number, from: number, used: readonly NaiveRecord[]): boolean => {
    const input = order[position];
    if (input === undefined) return new Set(used).size === refs.length;
    return chosen.some(
      (record) =>
        !isCorrelation(input) &&
        record.matched.includes(input) &&
        record.time >= from &&
        step(position + 1, record.time, [...used, record]),
    );
  };
  return step(0, Number.NEGATIVE_INFINITY, []);
}
