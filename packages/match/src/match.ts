import { Candidates, type Rule } from './blocking.js';
import { cluster, type Edges } from './clusters.js';
import { Comparer, forRandomPairs, Pairs, PatternCounter, type Patterns } from './compare.js';
import { estimate, freeOfBoth, type Linked } from './estimate.js';
import { type Loaded, load } from './load.js';
import { describe, type Model, type SavedModel, save } from './model.js';
import { assignOneToOne, type Sides, sidesOfOne } from './one-to-one.js';
import { type Plan, plan } from './plan.js';
import { profile } from './profile.js';
import { type Compared, prepareRecords, type Size, sizeOf } from './records.js';
import { bitsOf, probability, Scorer } from './score.js';
import { complete, type FullSettings, type MatchSettings, type Source } from './settings.js';

/** Two records and how surely they are one person. */
export interface Pair {
  /** Ids; of two sources, `a` is of the first and `b` of the second. */
  a: string;
  b: string;
  /** 0 to 1. */
  probability: number;
  /** Bits of evidence with the prior: 0 is as likely as not, each further bit doubles the odds. */
  weight: number;
  /** Level of each column of the model: 1 is the closest, 0 says that a side is not known. */
  levels: number[];
  /** Bits of each column of the model, in the same order. */
  bits: number[];
  /** Bits taken off because two people of one home would agree in much of this too; 0 or below. */
  home: number;
}

/** A record of a cluster; `source` is 0, or 1 for the second source. */
export interface Member {
  source: number;
  id: string;
}

export interface MatchResult {
  /** Pairs of at least `keep`, the surest first. */
  pairs: Pair[];
  /** Groups of two records or more that are taken for one person, by their first member. */
  clusters: Member[][];
  model: Model;
}

/** A pair that was not compared, or hardly agrees in anything, counts as this many bits in the mean of a group. */
const uncompared = -3;
/** The most bits that one pair may count in the mean of a group: a certain pair must not outvote many that disagree. */
const mostOfOnePair = 10;
/** Pairs below this many bits are as good as uncompared. */
const hopeless = -10;

/** Records that were read, and which columns of them are compared. */
interface Read {
  loaded: Loaded;
  planned: Plan;
  compared: Compared[];
  size: Size;
}

interface Learnt {
  model: Model;
  scorer: Scorer;
  patterns: Patterns;
  pairs: Pairs;
  /** Of which source a record was taken to have one counterpart at most; undefined where that was not asked. */
  one: Sides | undefined;
  /** The home class holds lookalikes. */
  lookalikes: boolean;
}

/**
 * Finds the records that are about the same person: duplicates within one source, or counterparts across two. Kinds of
 * columns, blocks and weights are all worked out from the records themselves. The same records give the same result, in
 * whatever order they come. Throws with the name of the file where one cannot be read.
 */
export async function matchRecords(
  sources: { left: Source; right?: Source },
  settings: MatchSettings = {},
): Promise<MatchResult> {
  const full = complete(settings);
  const read = await readRecords(sources, full);
  const learnt = learn(read, full);
  const { compared, size, loaded } = read;
  const comparer = new Comparer(compared);

  const threshold = bitsOf(full.threshold);
  let found = hopeful(learnt, comparer);
  const { one } = learnt;
  const clean = one?.left === true && one.right && isBoth(sidesOfOne(found, threshold));
  const oneToOne = size.linking && (full.oneToOne === true || clean);
  if (one && learnt.lookalikes) {
    // A lookalike that beats all its rivals is rarer than a lookalike.
    learnt.scorer.thinOut(freeOfBoth(learnt.model.prior, size, one));
    found = hopeful(learnt, comparer);
  }
  const edges: Edges = oneToOne ? assignOneToOne(found, threshold) : found;
  const groups = cluster(size.records, edges, {
    threshold,
    missing: uncompared,
    most: mostOfOnePair,
    ...(size.linking ? { first: size.first } : {}),
  });
  return {
    pairs: returned(learnt, comparer, full, loaded, found, oneToOne ? edges : undefined),
    clusters: membersOf(groups, loaded),
    model: { ...learnt.model, oneToOne },
  };
}

/**
 * Learns from records what agreement is worth, for comparing single records with them later (`scoreAgainst`). Plain data,
 * fit for a file; it holds the values that more than one record has, so keep it as you keep the records.
 */
export async function learnModel(
  sources: { left: Source; right?: Source },
  settings: MatchSettings = {},
): Promise<SavedModel> {
  const full = complete(settings);
  const read = await readRecords(sources, full);
  return save(learn(read, full).model, read.compared, full);
}

async function readRecords(sources: { left: Source; right?: Source }, settings: FullSettings): Promise<Read> {
  const { left, right } = sources;
  const loaded = await load(right === undefined ? [left] : [left, right], settings, settings.id);
  const planned = plan(loaded.columns, profile(loaded.columns), settings);
  const size = sizeOf(loaded.counts);
  return {
    loaded,
    planned,
    size,
    compared: prepareRecords(planned.compared, loaded.columns, size.records, size.linking, settings),
  };
}

function isBoth({ left, right }: Sides): boolean {
  return left && right;
}

/** Compares all candidates, and random pairs beside them, and estimates the weights. */
function learn({ compared, size, planned }: Read, settings: FullSettings): Learnt {
  const comparer = new Comparer(compared);
  const chance = new PatternCounter(compared.length);
  const counter = new PatternCounter(compared.length);
  const pairs = new Pairs();
  let rules: Rule[] = [];
  if (size.pairs > 0) {
    forRandomPairs(size, (l, r) => {
      comparer.compare(l, r);
      chance.add(comparer.levels);
    });
    const candidates = Candidates.find(compared, size, settings.pairsPerRecord);
    rules = candidates.rules;
    candidates.forEach((l, r) => {
      comparer.compare(l, r);
      pairs.push(l, r, counter.add(comparer.levels));
    });
  }
  const levels = compared.map(({ comparison }) => comparison.levels);
  const patterns = counter.patterns();
  const counts = levels.map(({ length }) => length);
  const random = chance.patterns();
  // To begin with: one record in two has a counterpart.
  const start = size.pairs === 0 ? 0.1 : size.records / 2 / size.pairs;
  const personal = compared.map(({ planned }) => planned.personal);
  const learnt = (linked?: Linked): Learnt => {
    const parameters = estimate(counts, patterns, random, size.pairs, start, personal, linked);
    return {
      model: describe(compared, parameters, planned, rules, size, pairs.length, settings),
      scorer: new Scorer(levels, parameters, size.records),
      patterns,
      pairs,
      one: linked?.one,
      lookalikes: linked !== undefined && !personal.includes(true),
    };
  };
  const plain = learnt();
  if (!size.linking || settings.oneToOne === false) return plain;
  const one = onesOf(plain, comparer, settings, personal.includes(true));
  return one.left || one.right ? learnt({ pairs, size, one }) : plain;
}

/**
 * Of which source a record has one counterpart at most, going by what was learnt without asking that. Where both seem to
 * have many, people have duplicates; things have lookalikes, which were taken for counterparts.
 */
function onesOf(plain: Learnt, comparer: Comparer, settings: FullSettings, people: boolean): Sides {
  if (settings.oneToOne === true) return { left: true, right: true };
  const one = sidesOfOne(hopeful(plain, comparer), bitsOf(settings.threshold));
  return one.left || one.right || people ? one : { left: true, right: true };
}

/** The weight of the pair with that number. */
function weigh({ scorer, patterns, pairs }: Learnt, comparer: Comparer, i: number): number {
  const l = pairs.l[i] ?? 0;
  const start = (pairs.pattern[i] ?? 0) * scorer.bits.length;
  return scorer.weigh(patterns.levels, start, (c) => comparer.value(c, l)?.count ?? 1);
}

/** Pairs that are not hopeless, with their numbers. */
interface Hopeful extends Edges {
  numbers: Int32Array;
}

function hopeful(learnt: Learnt, comparer: Comparer): Hopeful {
  const { pairs } = learnt;
  const numbers: number[] = [];
  const bits: number[] = [];
  for (let i = 0; i < pairs.length; i++) {
    const weight = weigh(learnt, comparer, i);
    if (weight < hopeless) continue;
    numbers.push(i);
    bits.push(weight);
  }
  return {
    l: Int32Array.from(numbers, (i) => pairs.l[i] ?? 0),
    r: Int32Array.from(numbers, (i) => pairs.r[i] ?? 0),
    bits: Float64Array.from(bits),
    numbers: Int32Array.from(numbers),
  };
}

/** The pairs to return, the surest first; of a one-to-one linking only those that were assigned. */
function returned(
  learnt: Learnt,
  comparer: Comparer,
  settings: FullSettings,
  loaded: Loaded,
  hopeful: Hopeful,
  assigned: Edges | undefined,
): Pair[] {
  const { pairs, patterns, scorer } = learnt;
  const width = scorer.bits.length;
  const kept = assigned && new Set(Array.from(assigned.l, (l, i) => `${l} ${assigned.r[i]}`));
  const found: Pair[] = [];
  const least = bitsOf(settings.keep);
  for (const [at, i] of hopeful.numbers.entries()) {
    const [l, r] = [hopeful.l[at] ?? 0, hopeful.r[at] ?? 0];
    if ((hopeful.bits[at] ?? 0) < least || (kept && !kept.has(`${l} ${r}`))) continue;
    const weight = weigh(learnt, comparer, i);
    const start = (pairs.pattern[i] ?? 0) * width;
    found.push({
      a: loaded.ids[l] ?? '',
      b: loaded.ids[r] ?? '',
      ...rounded(weight, patterns.levels.subarray(start, start + width), scorer),
    });
  }
  // Sorting is stable: of equal weight the lower record numbers come first.
  return found.sort((x, y) => y.weight - x.weight);
}

/** The figures of the pair that was weighed last, in thousandths of a bit: what is beyond is noise. */
export function rounded(weight: number, levels: Uint8Array, scorer: Scorer): Omit<Pair, 'a' | 'b'> {
  const thousandths = (bits: number) => Math.round(bits * 1000) / 1000 + 0;
  return {
    probability: Number(probability(weight).toPrecision(6)),
    weight: thousandths(weight),
    levels: [...levels],
    bits: Array.from(scorer.bits, thousandths),
    home: thousandths(scorer.home),
  };
}

function membersOf(groups: Int32Array, loaded: Loaded): Member[][] {
  const members = new Map<number, Member[]>();
  for (const [record, group] of groups.entries()) {
    const own = members.get(group) ?? [];
    own.push({ source: record < (loaded.counts[0] ?? 0) ? 0 : 1, id: loaded.ids[record] ?? '' });
    members.set(group, own);
  }
  return [...members.values()].filter((own) => own.length > 1);
}
