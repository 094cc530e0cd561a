import type { Comparison } from './comparisons.js';
import type { Parameters } from './estimate.js';

/** Bits of the prior: how many doublings from "as likely as not" to the odds of two records picked at random. */
export function priorBits(parameters: Parameters): number {
  return Math.log2(parameters.lambda / (1 - parameters.lambda - (parameters.home?.lambda ?? 0)));
}

/** Bits that a level adds, before the value's own frequency is looked at. */
export function levelBits(parameters: Parameters, comparison: number, level: number): number {
  const m = parameters.m[comparison]?.[level] ?? 1;
  const u = parameters.u[comparison]?.[level] ?? 1;
  return Math.log2(m / u);
}

export function probability(bits: number): number {
  return 1 / (1 + 2 ** -bits);
}

export function bitsOf(probability: number): number {
  return Math.log2(probability / (1 - probability));
}

/** The most that a value's rarity or commonness may change a level's bits. */
const mostRarity = 10;

/**
 * Bits of comparison `c`, as SQL over a compared pair `p` and its record `l`. Where both hold the same value,
 * chance is how often that value occurs, not how often any two values are the same: to share "Zbigniew" says more than to
 * share "John". `records` is how many there are.
 */
export function bitsSql(comparison: Comparison, c: number, parameters: Parameters, records: number): string {
  return ratioSql(comparison, c, parameters.m[c] ?? [], parameters.u[c] ?? [], records);
}

function ratioSql(
  comparison: Comparison,
  c: number,
  given: readonly number[],
  u: readonly number[],
  records: number,
): string {
  const whens = comparison.levels.map((level, k) => {
    const chance = u[k] ?? 1;
    const bits = Math.log2((given[k] ?? 1) / chance);
    if (!level.exact) return `WHEN ${k + 1} THEN ${bits}::DOUBLE`;
    const rarity = `log2(${chance * records}::DOUBLE / l.f${comparison.index})`;
    return `WHEN ${k + 1} THEN ${bits}::DOUBLE + greatest(-${mostRarity}, least(${mostRarity}, ${rarity}))`;
  });
  return `CASE p.g${c} ${whens.join(' ')} ELSE 0.0::DOUBLE END`;
}

/**
 * What is taken off because the pair may be two people of one home, in bits, 0 or below: with a the odds of one person
 * against two strangers and b those of one home, the odds against both are a / (1 + b).
 */
export function homeBitsSql(
  comparisons: readonly Comparison[],
  parameters: Parameters,
  records: number,
): string {
  const { home, lambda, u } = parameters;
  if (!home) return '0.0::DOUBLE';
  const shared = comparisons.flatMap((comparison, c) =>
    home.personal[c] ? [] : [ratioSql(comparison, c, home.h[c] ?? [], u[c] ?? [], records)],
  );
  const odds = [`${Math.log2(home.lambda / (1 - lambda - home.lambda))}::DOUBLE`, ...shared].join(' + ');
  return `-log2(1 + pow(2, least(500, ${odds})))`;
}
