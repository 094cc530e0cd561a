import { findCandidates, type Rule } from './blocking.js';
import { cluster, type Edges } from './clusters.js';
import { comparePairs, countPatterns, pickRandomPairs } from './compare.js';
import { type Comparison, comparison } from './comparisons.js';
import { Database } from './database.js';
import { estimate, type Parameters } from './estimate.js';
import { load } from './load.js';
import { assignOneToOne, looksOneToOne } from './one-to-one.js';
import { plan } from './plan.js';
import { profile } from './profile.js';
import { prepareRecords, type Size } from './records.js';
import { bitsOf, bitsSql, homeBitsSql, levelBits, priorBits, probability } from './score.js';
import { complete, type FullSettings, type Kind, type MatchSettings, type Source } from './settings.js';

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

/** What was learnt from the records, and by which steps. Plain data, fit for keeping beside the result. */
export interface Model {
  records: number;
  /** How many pairs are possible, and how many were compared. */
  pairs: number;
  compared: number;
  /** Probability that two records picked at random are one person, and the same in bits. */
  prior: number;
  priorBits: number;
  /** Probability that two records picked at random are of two people who share a home; 0 where that cannot be told. */
  home: number;
  columns: {
    column: string;
    kind: Kind;
    /** `m`, `u`: share of the level among pairs of one person, and of two. `bits` before the frequency of the value. */
    levels: { label: string; m: number; u: number; bits: number }[];
    /** People of one home do not share it. */
    personal: boolean;
  }[];
  ignored: { column: string; reason: string }[];
  /** How the pairs to compare were found. */
  rules: { label: string; largestBlock: number; pairs: number }[];
  threshold: number;
  /** Each record of one source was given at most one counterpart in the other. */
  oneToOne: boolean;
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
  const database = await Database.open(full);
  try {
    const loaded = await load(
      database,
      sources.right === undefined ? [sources.left] : [sources.left, sources.right],
      full.id,
    );
    const planned = await plan(database, await profile(database, loaded.columns), full);
    const comparisons = planned.compared.map((column) => comparison(column, full));
    const size = await prepareRecords(database, comparisons, loaded.counts, full);
    if (size.pairs === 0) return nothing(full, planned.ignored, size);

    const rules = await findCandidates(database, comparisons, size, full.pairsPerRecord);
    await comparePairs(database, comparisons, 'candidates', 'compared');
    const parameters = await learn(database, comparisons, size);
    await score(database, comparisons, parameters, size);

    const threshold = bitsOf(full.threshold);
    let edges = await readEdges(database);
    const oneToOne =
      size.linking && (full.oneToOne === 'auto' ? looksOneToOne(edges, threshold) : full.oneToOne);
    if (oneToOne) edges = assignOneToOne(edges, threshold);
    const groups = cluster(size.records, edges, {
      threshold,
      missing: uncompared,
      most: mostOfOnePair,
      ...(size.linking ? { first: size.first } : {}),
    });

    const [compared = 0] = await database.numbers('SELECT count(*) FROM compared');
    return {
      pairs: await readPairs(database, comparisons, full, oneToOne ? edges : undefined),
      clusters: await readClusters(database, groups),
      model: describe(comparisons, parameters, planned.ignored, rules, size, compared, full, oneToOne),
    };
  } finally {
    database.close();
  }
}

async function learn(
  database: Database,
  comparisons: readonly Comparison[],
  size: Size,
): Promise<Parameters> {
  await pickRandomPairs(database, size);
  await comparePairs(database, comparisons, 'chance', 'compared_chance');
  const candidates = await countPatterns(database, comparisons.length, 'compared');
  const chance = await countPatterns(database, comparisons.length, 'compared_chance');
  const levelCounts = comparisons.map((c) => c.levels.length);
  // To begin with: one record in two has a counterpart.
  const personal = comparisons.map((c) => c.personal);
  return estimate(levelCounts, candidates, chance, size.pairs, size.records / 2 / size.pairs, personal);
}

/** Writes the table `scored` (l, r, weight, level g and bits b of each column) of all pairs that are not hopeless. */
async function score(
  database: Database,
  comparisons: readonly Comparison[],
  parameters: Parameters,
  size: Size,
): Promise<void> {
  const bits = comparisons.map((c, i) => `${bitsSql(c, i, parameters, size.records)} AS b${i}`);
  const sum = comparisons.map((_, i) => ` + b${i}`).join('');
  await database.run(
    `CREATE TABLE scored AS SELECT *, ${priorBits(parameters)}::DOUBLE${sum} + home AS weight
     FROM (SELECT p.*, ${bits.join(', ')}, ${homeBitsSql(comparisons, parameters, size.records)} AS home FROM compared p JOIN records l ON l.rid = p.l)
     WHERE weight >= ${hopeless}`,
  );
}

async function readEdges(database: Database): Promise<Edges> {
  const reader = await database.connection.runAndReadAll('SELECT l, r, weight FROM scored ORDER BY l, r');
  const [l = [], r = [], bits = []] = reader.getColumns();
  return {
    l: Int32Array.from(l, Number),
    r: Int32Array.from(r, Number),
    bits: Float64Array.from(bits, Number),
  };
}

/** The pairs to return; of a one-to-one linking only those that were assigned. */
async function readPairs(
  database: Database,
  comparisons: readonly Comparison[],
  settings: FullSettings,
  assigned: Edges | undefined,
): Promise<Pair[]> {
  const kept = assigned && new Set(Array.from(assigned.l, (l, i) => `${l} ${assigned.r[i]}`));
  const levels = comparisons.map((_, i) => `g${i}`);
  const bits = comparisons.map((_, i) => `round(b${i}, 3)`);
  const reader = await database.connection.runAndReadAll(
    `SELECT s.l, s.r, a.id, b.id, round(weight, 3) AS w, round(home, 3), ${[...levels, ...bits].join(', ')}
     FROM scored s JOIN raw a ON a.rid = s.l JOIN raw b ON b.rid = s.r
     WHERE weight >= ${bitsOf(settings.keep)} ORDER BY w DESC, s.l, s.r`,
  );
  const pairs: Pair[] = [];
  for (const [l, r, a, b, weight, home, ...rest] of reader.getRows()) {
    if (kept && !kept.has(`${l} ${r}`)) continue;
    const figures = rest.map(Number);
    pairs.push({
      a: String(a),
      b: String(b),
      probability: Number(probability(Number(weight)).toPrecision(6)),
      weight: Number(weight),
      levels: figures.slice(0, comparisons.length),
      bits: figures.slice(comparisons.length),
      home: Number(home),
    });
  }
  return pairs;
}

async function readClusters(database: Database, groups: Int32Array): Promise<Member[][]> {
  const members = new Map<number, Member[]>();
  const rows = await database.rows('SELECT source, id FROM raw ORDER BY rid');
  for (const [rid, [source, id]] of rows.entries()) {
    const group = groups[rid] ?? rid;
    const own = members.get(group) ?? [];
    own.push({ source: Number(source), id: String(id) });
    members.set(group, own);
  }
  return [...members.values()].filter((own) => own.length > 1);
}

function describe(
  comparisons: readonly Comparison[],
  parameters: Parameters,
  ignored: Model['ignored'],
  rules: readonly Rule[],
  size: Size,
  compared: number,
  settings: FullSettings,
  oneToOne: boolean,
): Model {
  return {
    records: size.records,
    pairs: size.pairs,
    compared,
    prior: figure(parameters.lambda),
    priorBits: figure(priorBits(parameters)),
    home: figure(parameters.home?.lambda ?? 0),
    columns: comparisons.map((c, i) => ({
      column: c.column,
      kind: c.kind,
      personal: c.personal,
      levels: c.levels.map(({ label }, k) => ({
        label,
        m: figure(parameters.m[i]?.[k] ?? 0),
        u: figure(parameters.u[i]?.[k] ?? 0),
        bits: figure(levelBits(parameters, i, k)),
      })),
    })),
    ignored,
    rules: rules.map((rule) => ({ label: rule.label, largestBlock: rule.largest, pairs: rule.pairs })),
    threshold: settings.threshold,
    oneToOne,
  };
}

/** Six digits: what is beyond depends on the processor rather than on the records. */
function figure(value: number): number {
  return Number(value.toPrecision(6));
}

function nothing(settings: FullSettings, ignored: Model['ignored'], size: Size): MatchResult {
  const parameters = { m: [], u: [], lambda: 0.5, home: undefined, rounds: 0 };
  return { pairs: [], clusters: [], model: describe([], parameters, ignored, [], size, 0, settings, false) };
}
