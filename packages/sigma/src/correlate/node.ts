/** One correlation: puts records into groups, keeps their windows, says when the condition holds. */
import { SigmaError } from '../errors.js';
import { type Event, scalarText } from '../event.js';
import { isCorrelation, type PlannedCorrelation } from '../plan.js';
import {
  boundedText,
  combinations,
  combinedText,
  distinctTexts,
  type FieldReader,
  fieldReader,
} from './fields.js';
import { Groups } from './groups.js';
import type { CheckedOptions } from './options.js';
import { type Conjunction, meetsAll, readExpression } from './thresholds.js';
import type { Firing, GroupValue } from './types.js';
import { type ValuesReader, valuesReader } from './values.js';
import { CountWindows } from './window/count.js';
import { DistinctWindows } from './window/distinct.js';
import { RankWindows } from './window/rank.js';
import { SumWindows } from './window/sum.js';
import { TemporalWindows } from './window/temporal.js';
import type { Sample, WindowRule, Windows } from './window/window.js';

/** What an outer correlation needs of a firing. */
export interface Fired {
  /** Texts in the order of `group-by`. */
  readonly group: readonly string[];
  readonly value: number;
}

/** Counters and size of one correlation. */
export interface CorrelationState {
  readonly rule: PlannedCorrelation;
  readonly groups: number;
  /** Records, values or numbers held; for temporal types their fixed size in units of 16 bytes. */
  readonly entries: number;
  /** Groups dropped by `maxGroups` or `maxEntries`, entries dropped by `maxEntriesPerGroup`. */
  readonly droppedGroups: number;
  readonly droppedEntries: number;
  /** Records that matched an input but lacked a group-by field for it. */
  readonly missingGroup: number;
  /** Records left out of a group because they had no value to count there. */
  readonly missingValue: number;
  /** Records with more combinations of values than are looked at. */
  readonly cutCombinations: number;
  /** Memory of the windows and groups, in bytes. */
  readonly bytes: number;
}

/** How one group-by entry is read for one input. */
interface GroupField {
  /** Place of the field in the group of the inner correlation; -1: it is read from the record. */
  readonly inner: number;
  readonly read: FieldReader;
}

/** A group a record belongs to, and what put it there. */
interface Membership {
  readonly text: string;
  readonly group: readonly string[];
  readonly inputs: number[];
  /** Values of inner correlations. */
  readonly firings: number[];
}

/** The record at hand. */
interface Current {
  readonly time: number;
  readonly ref: number;
  readonly event: Event;
}

const noFirings: readonly Fired[] = [];
const noNumbers: readonly number[] = [];

export class CorrelationNode {
  readonly planned: PlannedCorrelation;
  /** Correlations that read this one, and as which input. */
  readonly outers: { readonly node: CorrelationNode; readonly input: number }[] = [];
  /** Place in the order of evaluation. */
  readonly place: number;
  readonly #options: CheckedOptions;
  readonly #reports: boolean;
  readonly #span: number;
  readonly #fields: readonly (readonly GroupField[])[];
  readonly #values: ValuesReader | undefined;
  readonly #windows: Windows;
  readonly #groups: Groups;
  /** For each input, what a record brings that hits it alone and has no values. */
  readonly #plain: readonly Sample[];
  /** Hits of the record at hand. */
  readonly #inputs: number[] = [];
  readonly #inner: (Fired | undefined)[] = [];
  #hits = 0;
  #fired: Fired[] | undefined;
  #missingGroup = 0;
  #missingValue = 0;
  #cutCombinations = 0;

  /** `reports`: whether it reports firings of its own. */
  constructor(planned: PlannedCorrelation, place: number, reports: boolean, options: CheckedOptions) {
    this.planned = planned;
    this.place = place;
    this.#reports = reports;
    this.#options = options;
    this.#span = planned.rule.timespan * 1000;
    this.#fields = planned.inputs.map((input, index) =>
      (planned.groupFields[index] ?? []).map((field) => ({
        inner: isCorrelation(input) ? input.rule.groupBy.indexOf(field) : -1,
        read: fieldReader(field),
      })),
    );
    this.#plain = planned.inputs.map((_, input) => ({ inputs: [input], texts: [], numbers: [] }));
    this.#values = valuesReader(planned.rule);
    this.#windows = makeWindows(planned, options);
    this.#groups = new Groups(this.#windows, options.maxGroups);
  }

  /** Notes that the record at hand hit an input. Whether it is the first hit. */
  hit(input: number, fired: Fired | undefined): boolean {
    this.#inputs[this.#hits] = input;
    this.#inner[this.#hits] = fired;
    return ++this.#hits === 1;
  }

  /** Evaluates the record at hand. Firings to report are added to `out`; all are returned. */
  run(current: Current, out: Firing[]): readonly Fired[] {
    this.#groups.expire(current.time - this.#span);
    this.#fired = undefined;
    const text =
      this.#hits === 1 && this.#inner[0] === undefined ? this.#onlyGroup(current.event) : undefined;
    if (text !== undefined) {
      const sample = this.#sample(current.event, this.#plain[this.#inputs[0] as number] as Sample, noNumbers);
      if (sample === undefined) this.#missingValue++;
      else this.#admit(current, text, undefined, sample, out);
    } else {
      let missingValue = false;
      for (const { text, group, inputs, firings } of this.#memberships(current.event)) {
        const sample = this.#sample(current.event, { inputs, texts: [], numbers: [] }, firings);
        if (sample === undefined) missingValue = true;
        else this.#admit(current, text, group, sample, out);
      }
      if (missingValue) this.#missingValue++;
    }
    this.#hits = 0;
    return this.#fired ?? noFirings;
  }

  /** Forgets what is older than the window of a record at `time`. */
  advance(time: number): void {
    this.#groups.expire(time - this.#span);
  }

  state(): CorrelationState {
    return {
      rule: this.planned,
      groups: this.#groups.size,
      entries: this.#windows.entries,
      droppedGroups: this.#groups.dropped,
      droppedEntries: this.#windows.dropped,
      missingGroup: this.#missingGroup,
      missingValue: this.#missingValue,
      cutCombinations: this.#cutCombinations,
      bytes: this.#groups.byteLength + this.#windows.byteLength,
    };
  }

  /** The sample with the values the record brings; `undefined` when it has to have some and has none. */
  #sample(event: Event, plain: Sample, firings: readonly number[]): Sample | undefined {
    if (this.#values === undefined) return plain;
    const { texts, numbers, cut } = this.#values(event, firings);
    if (cut) this.#cutCombinations++;
    return texts.length > 0 || numbers.length > 0 ? { inputs: plain.inputs, texts, numbers } : undefined;
  }

  /** Adds the record to one group and checks the condition. `group`: its texts, if they are at hand. */
  #admit(
    current: Current,
    text: string,
    group: readonly string[] | undefined,
    sample: Sample,
    out: Firing[],
  ): void {
    const { time, ref } = current;
    const from = time - this.#span;
    const slot = this.#groups.enter(text, time);
    const value = this.#windows.add(slot, time, ref, from, sample);
    while (this.#windows.entries > this.#options.maxEntries && this.#groups.size > 1)
      this.#groups.dropOldest();
    const holds = this.#windows.holds(slot, value, from);
    const held = this.#groups.hold(slot, holds);
    if (!holds) return;
    const texts = group ?? this.#listsOf(current.event, 0).map((list) => list[0] as string);
    if (this.outers.length > 0) {
      this.#fired ??= [];
      this.#fired.push({ group: texts, value });
    }
    if (!this.#reports || (held && this.#options.report === 'onset')) return;
    const { refs, refsCut } = this.#windows.refs(slot, from, this.#options.maxRefs);
    out.push({ rule: this.planned, group: this.#named(texts), time, ref, value, refs, refsCut });
  }

  #named(group: readonly string[]): GroupValue[] {
    return this.planned.rule.groupBy.map((field, index) => ({ field, value: group[index] as string }));
  }

  /** The text of the group when every field has one scalar: the usual case, without detours. */
  #onlyGroup(event: Event): string | undefined {
    const fields = this.#fields[this.#inputs[0] as number] as readonly GroupField[];
    if (fields.length !== 1) {
      const lists = this.#listsOf(event, 0);
      return lists.every((list) => list.length === 1)
        ? combinedText(lists.map((list) => list[0] as string))
        : undefined;
    }
    const value = (fields[0] as GroupField).read(event);
    return typeof value === 'object' ? undefined : boundedText(scalarText(value));
  }

  /** The texts of each group-by field for one hit of the record at hand. */
  #listsOf(event: Event, hit: number): (readonly string[])[] {
    const fired = this.#inner[hit];
    const fields = this.#fields[this.#inputs[hit] as number] as readonly GroupField[];
    return fields.map(({ inner, read }) =>
      inner >= 0 && fired !== undefined ? [fired.group[inner] as string] : distinctTexts(read(event)),
    );
  }

  /** The groups of the record at hand, in the order of inputs and values. */
  #memberships(event: Event): Iterable<Membership> {
    const hits = this.#inputs.slice(0, this.#hits).map((_, hit) => hit);
    hits.sort((a, b) => (this.#inputs[a] as number) - (this.#inputs[b] as number));
    const merged = new Map<string, Membership>();
    // A record is counted once, however many of its hits had no group or too many.
    let isMissing = false;
    let isCut = false;
    for (const hit of hits) {
      const input = this.#inputs[hit] as number;
      const fired = this.#inner[hit];
      const { list, cut } = combinations(this.#listsOf(event, hit));
      isMissing ||= list.length === 0;
      isCut ||= cut;
      for (const group of list) {
        const text = combinedText(group);
        const known = merged.get(text);
        const membership = known ?? { text, group, inputs: [], firings: [] };
        if (known === undefined) merged.set(text, membership);
        membership.inputs.push(input);
        if (fired !== undefined) membership.firings.push(fired.value);
      }
    }
    if (isMissing) this.#missingGroup++;
    if (isCut) this.#cutCombinations++;
    return merged.values();
  }
}

function makeWindows(planned: PlannedCorrelation, options: CheckedOptions): Windows {
  const { rule } = planned;
  const meets = (value: number) => meetsAll(rule.thresholds, value);
  const windowRule = (counts: boolean): WindowRule => ({
    meets,
    maxEntries: counts ? entriesNeeded(planned, options) : options.maxEntriesPerGroup,
  });
  switch (rule.type) {
    case 'event_count':
      return new CountWindows(windowRule(true));
    case 'value_count':
      return new DistinctWindows(windowRule(true));
    case 'value_sum':
    case 'value_avg':
      return new SumWindows(windowRule(false), rule.type === 'value_avg');
    case 'value_median':
      return new RankWindows(windowRule(false), 0.5);
    case 'value_percentile':
      return new RankWindows(windowRule(false), rule.percentile / 100);
    case 'temporal':
    case 'temporal_ordered':
      return temporalWindows(planned, meets);
  }
}

/**
 * Entries a group may hold so that a count can pass every threshold: dropping entries must not keep a rule
 * from ever firing, or make it fire for ever.
 */
function entriesNeeded(planned: PlannedCorrelation, options: CheckedOptions): number {
  const { rule } = planned;
  const highest = Math.max(0, ...rule.thresholds.map(({ value }) => Math.ceil(value) + 1));
  if (highest > options.maxEntries) {
    const message = `the threshold of "${rule.title}" is above the ${options.maxEntries} entries that may be kept`;
    throw new SigmaError([{ code: 'limit', severity: 'error', message, at: rule.at }]);
  }
  return Math.max(highest, options.maxEntriesPerGroup);
}

function temporalWindows(planned: PlannedCorrelation, meets: (value: number) => boolean): TemporalWindows {
  const { rule, inputs } = planned;
  const distinct = [...new Set(inputs)];
  const ruleOf = inputs.map((input) => distinct.indexOf(input));
  const isOrdered = rule.type === 'temporal_ordered';
  const expression = rule.expression === undefined ? undefined : readExpression(rule, rule.expression);
  const order = isOrdered
    ? (expression?.named ?? inputs.map((_, index) => index)).map((input) => ruleOf[input] as number)
    : undefined;
  /** The value when everything that is asked for is there. */
  const complete = order?.length ?? distinct.length;
  let condition: Conjunction;
  if (expression !== undefined) {
    condition = (value, seen) => meets(value) && (!isOrdered || value === complete) && expression.holds(seen);
  } else if (rule.thresholds.length > 0) condition = meets;
  else condition = (value) => value === complete;
  return new TemporalWindows({ ruleOf, rules: distinct.length, order, condition });
}
