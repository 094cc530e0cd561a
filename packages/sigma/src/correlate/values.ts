/** The values a record brings to `value_*` correlations. */
import { type Event, type Scalar, scalarNumber } from '../event.js';
import type { CorrelationRule } from '../rule.js';
import { combinations, combinedText, distinctTexts, fieldReader } from './fields.js';

export interface Values {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
  /** Some combinations of several counted fields were left out. */
  readonly cut: boolean;
}

/**
 * Reads the values of a record. `firings`: values of the inner correlations that brought the record, which
 * stand in for a counted field the record has no value of.
 */
export type ValuesReader = (event: Event, firings: readonly number[]) => Values;

const none: Values = { texts: [], numbers: [], cut: false };

/** `undefined` for types that count no values. */
export function valuesReader(rule: CorrelationRule): ValuesReader | undefined {
  if (!rule.type.startsWith('value_')) return undefined;
  return rule.type === 'value_count' ? textsReader(rule.countedFields) : numbersReader(rule.countedFields[0]);
}

function textsReader(fields: readonly string[]): ValuesReader {
  const readers = fields.map(fieldReader);
  return (event, firings) => {
    const lists = readers.map((read) => distinctTexts(read(event)));
    if (!lists.some((list) => list.length === 0)) return tuples(lists);
    const texts = new Set<string>();
    let cut = false;
    for (const value of firings) {
      const filled = tuples(lists.map((list) => (list.length === 0 ? [String(value)] : list)));
      for (const text of filled.texts) texts.add(text);
      cut ||= filled.cut;
    }
    return { texts: [...texts], numbers: [], cut };
  };
}

function tuples(lists: readonly (readonly string[])[]): Values {
  const [only] = lists;
  if (only !== undefined && lists.length === 1) {
    return { texts: only.map((text) => combinedText([text])), numbers: [], cut: false };
  }
  const { list, cut } = combinations(lists);
  return { texts: list.map(combinedText), numbers: [], cut };
}

function numbersReader(field: string | undefined): ValuesReader {
  if (field === undefined) return () => none;
  const read = fieldReader(field);
  return (event, firings) => {
    const held = read(event);
    if (typeof held !== 'object') return numeric([held]);
    return numeric(held.length === 0 ? firings : held);
  };
}

/** Those that are finite numbers; never -0. */
function numeric(values: readonly Scalar[]): Values {
  const numbers: number[] = [];
  for (const value of values) {
    const number = scalarNumber(value);
    if (number !== undefined && Number.isFinite(number)) numbers.push(number + 0);
  }
  return { texts: [], numbers, cut: false };
}
