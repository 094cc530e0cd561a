import type { Rule } from './blocking.js';
import type { DateOrder } from './canonical.js';
import type { Parameters } from './estimate.js';
import type { Plan } from './plan.js';
import { type Compared, countWords, type Frequencies, type Size } from './records.js';
import { levelBits, priorBits } from './score.js';
import type { FullSettings, Kind } from './settings.js';

/** What was learnt from the records, and by which steps. Plain data, fit for keeping beside the result. */
export interface Model {
  records: number;
  /** Two sources were linked. */
  linking: boolean;
  /** How many pairs are possible, and how many were compared. */
  pairs: number;
  compared: number;
  /** Probability that two records picked at random are one person, and the same in bits. */
  prior: number;
  priorBits: number;
  /** Probability that two records picked at random are of two people who share a home; 0 where that cannot be told. */
  home: number;
  columns: ModelColumn[];
  ignored: { column: string; reason: string }[];
  /** How the pairs to compare were found. */
  rules: { label: string; largestBlock: number; pairs: number }[];
  threshold: number;
  /** Each record of one source was given at most one counterpart in the other. */
  oneToOne: boolean;
}

export interface ModelColumn {
  column: string;
  kind: Kind;
  /**
   * `m`, `u`: share of the level among pairs of one person, and of two; `h`: of two people of one home, where that can be
   * told. `bits` before the frequency of the value.
   */
  levels: { label: string; m: number; u: number; h?: number; bits: number }[];
  /** People of one home do not share it. */
  personal: boolean;
  /** How dates are read where the year comes last. */
  dateOrder: DateOrder;
  /** Columns whose words are left out of this one. */
  without: string[];
  /** The column that holds the same kind of name: they may be swapped. */
  crossed?: string;
  /** Of an e-mail column: those its addresses are made of. */
  echoes: string[];
}

/** A model with what is needed to compare further records as those it was learnt from. */
export interface SavedModel extends Model {
  /** Form of this structure; another one is refused. */
  version: 1;
  /** How common values are, for each of `columns`. */
  frequencies: Frequencies[];
  /** The nicknames that were given. */
  nicknames: readonly (readonly string[])[];
}

export function describe(
  compared: readonly Compared[],
  parameters: Parameters,
  planned: Plan,
  rules: readonly Rule[],
  size: Size,
  pairs: number,
  settings: FullSettings,
): Model {
  const { home } = parameters;
  const nameOf = new Map(planned.compared.map(({ index, column }) => [index, column]));
  const named = (index: number) => nameOf.get(index) ?? '';
  return {
    records: size.records,
    linking: size.linking,
    pairs: size.pairs,
    compared: pairs,
    prior: figure(parameters.lambda),
    priorBits: figure(priorBits(parameters)),
    home: figure(home?.lambda ?? 0),
    columns: compared.map(({ planned: own, comparison }, c) => ({
      column: own.column,
      kind: own.kind,
      personal: own.personal,
      dateOrder: own.dateOrder,
      without: own.without.map(named),
      ...(own.crossed === undefined ? {} : { crossed: named(own.crossed) }),
      echoes: own.echoes.map(named),
      levels: comparison.levels.map(({ label }, k) => ({
        label,
        m: figure(parameters.m[c]?.[k] ?? 0),
        u: figure(parameters.u[c]?.[k] ?? 0),
        ...(home && !home.personal[c] ? { h: figure(home.h[c]?.[k] ?? 0) } : {}),
        bits: figure(levelBits(parameters, c, k)),
      })),
    })),
    ignored: planned.ignored,
    rules: rules.map(({ label, largest, pairs }) => ({ label, largestBlock: largest, pairs })),
    threshold: settings.threshold,
    oneToOne: false,
  };
}

export function save(model: Model, compared: readonly Compared[], settings: FullSettings): SavedModel {
  const common = (counts: Iterable<[string, number]>): [string, number][] =>
    [...counts].filter(([, count]) => count > 1).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return {
    ...model,
    version: 1,
    nicknames: settings.nicknames,
    frequencies: compared.map(({ planned, values }) => ({
      values: common(values.map(({ text, count }) => [text, count])),
      words: planned.kind === 'text' ? common(countWords(values)) : [],
    })),
  };
}

/** Six digits: what is beyond depends on the processor rather than on the records. */
function figure(value: number): number {
  return Number(value.toPrecision(6));
}
