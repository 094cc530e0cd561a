import type { Pair } from './match.js';
import type { Model } from './model.js';
import { probability } from './score.js';

/** One step from the prior to the weight of a pair. */
export interface Step {
  /** Column, or `prior`, `one home`, `lookalikes`. */
  column: string;
  /** How the two values agree. */
  level: string;
  /** Bits this step adds; below zero it speaks against. */
  bits: number;
  /** Bits so far, and the probability they stand for. */
  total: number;
  probability: number;
}

/**
 * Why a pair has the weight it has, as a waterfall: the prior first, then each column in the order of the
 * model, then what is taken off for people of one home, or for lookalikes.
 */
export function explain(model: Model, pair: Pick<Pair, 'levels' | 'bits' | 'home'>): Step[] {
  const steps: Step[] = [];
  let total = 0;
  const add = (column: string, level: string, bits: number) => {
    total = Math.round((total + bits) * 1000) / 1000;
    steps.push({ column, level, bits, total, probability: Number(probability(total).toPrecision(6)) });
  };
  add('prior', 'two records picked at random', Number(model.priorBits.toFixed(3)));
  for (const [i, { column, levels }] of model.columns.entries()) {
    const level = pair.levels[i] ?? 0;
    add(column, level === 0 ? 'not known' : (levels[level - 1]?.label ?? 'not known'), pair.bits[i] ?? 0);
  }
  if (pair.home < 0) {
    const people = model.columns.some(({ personal }) => personal);
    if (people) add('one home', 'two people who live together may agree so, too', pair.home);
    else add('lookalikes', 'two that have much in common may agree so, too', pair.home);
  }
  return steps;
}

/** The waterfall as lines of text, for a terminal. */
export function explainText(model: Model, pair: Pair): string {
  const steps = explain(model, pair);
  const width = Math.max(...steps.map((step) => step.column.length));
  const signed = (bits: number) => `${bits >= 0 ? '+' : ''}${bits.toFixed(1)}`;
  return steps
    .map(
      (step) =>
        `${step.column.padEnd(width)}  ${signed(step.bits).padStart(6)}  ${signed(step.total).padStart(6)}  ${step.level}`,
    )
    .join('\n');
}
