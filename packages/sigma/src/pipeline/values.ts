/**
 * Transformations of values. Strings are changed as they are sought: a value of `contains` has its wildcards,
 * and an item that is changed loses that modifier for them. Values of items that are no plain comparison
 * (`re`, `cidr`, `fieldref`, `exists`, numbers compared, encodings) are left alone by all but `set_value`.
 */
import { scalarNumber } from '../event.js';
import { maxValues } from '../parse/detection.js';
import type { Detection, DetectionItem, Value } from '../rule.js';
import { itemFits } from './conditions.js';
import { extractFields } from './extract.js';
import { hashesFields } from './hashes.js';
import { mapRuleItems, type RuleWithDetections } from './items.js';
import { maxValueLength, Refusal } from './limits.js';
import type { PipelineItem, ValueTransformation } from './model.js';
import { toRegexItem } from './regex-values.js';
import { replaceString } from './replace.js';
import type { Run } from './run.js';
import {
  hasPlaceholder,
  isPlaced,
  kindOfItem,
  placeText,
  readText,
  type Text,
  textOf,
  viewText,
  withoutPlacements,
  writeText,
} from './text.js';

export function transformValues<R extends RuleWithDetections>(
  run: Run,
  item: PipelineItem,
  transformation: ValueTransformation,
  rule: R,
): R {
  return mapRuleItems(rule, (detectionItem) => {
    if (!itemFits(run, item, detectionItem)) return detectionItem;
    const result = change(run, transformation, detectionItem);
    if (result !== detectionItem) run.markItem(detectionItem, result, item.id);
    return result;
  }).rule;
}

function change(run: Run, transformation: ValueTransformation, item: DetectionItem): Detection {
  if (transformation.type === 'set_value') {
    const modifiers = item.modifiers.filter((name) => name === 'neq');
    return { ...item, modifiers, values: [{ value: transformation.value, at: item.at }] };
  }
  if (kindOfItem(item) !== 'text') return item;
  switch (transformation.type) {
    case 'replace_string':
      return mapValues(item, (value, text) => {
        const source =
          text ?? (typeof value.value === 'number' ? placedNumber(value.value, item) : undefined);
        return source && [replaceString(run, transformation, source)];
      });
    case 'map_string':
      return mapValues(item, (_, text) => {
        const mapped = text && transformation.mapping.get(viewText(text));
        return mapped?.map((to) => readText(to));
      });
    case 'case': {
      const convert = cases[transformation.method];
      return mapValues(
        item,
        (_, text) => text && [text.map((part) => (typeof part === 'string' ? convert(part) : part))],
      );
    }
    case 'convert_type':
      return transformation.target === 'str' ? toTexts(item) : toNumbers(run, item);
    case 'regex':
      return toRegexItem(run, transformation.method, item);
    case 'hashes_fields':
      return hashesFields(run, transformation, item);
    default:
      return extractFields(run, transformation, item);
  }
}

const cases: Readonly<Record<'lower' | 'upper' | 'snake_case', (text: string) => string>> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  // An underscore before every capital but the first character, as pySigma does it.
  snake_case: (text) => text.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase(),
};

function placedNumber(value: number, { modifiers }: DetectionItem): Text {
  return placeText([String(value)], modifiers);
}

/**
 * Each value replaced by the texts `change` gives for it; `undefined`: the value stays. `text` is the value as
 * sought, `undefined` for one that is no string.
 */
function mapValues(
  item: DetectionItem,
  change: (value: Value, text: Text | undefined) => readonly Text[] | undefined,
): DetectionItem {
  const { modifiers } = item;
  const expand = modifiers.includes('expand');
  const placed = isPlaced(modifiers);
  let changed = false;
  let asked = false;
  const values: Value[] = [];
  for (const value of item.values) {
    checkLength(value);
    const read = textOf(value, modifiers);
    const before = read && placeText(read, modifiers);
    const texts = change(value, before);
    asked ||= texts !== undefined;
    if (
      texts === undefined ||
      (before !== undefined && texts.length === 1 && sameText(texts[0] as Text, before))
    ) {
      values.push(placed ? withPlacement(value, modifiers, expand) : value);
    } else {
      changed = true;
      for (const text of texts) values.push({ value: writeText(text, expand), at: value.at });
    }
    if (values.length > maxValues)
      throw new Refusal('limit', item.at, `an item grows beyond ${maxValues} values`);
  }
  if (changed) return { ...item, modifiers: withoutPlacements(modifiers), values };
  // What was looked at counts as processed, even when it came out the same.
  return asked ? { ...item } : item;
}

function checkLength({ value, at }: Value): void {
  if (typeof value === 'string' && value.length > maxValueLength) {
    throw new Refusal(
      'limit',
      at,
      `a value of more than ${maxValueLength} characters is changed by no pipeline`,
    );
  }
}

function sameText(a: Text, b: Text): boolean {
  return writeText(a, true) === writeText(b, true);
}

/** The value with the wildcards that a modifier, about to be taken from the item, stands for. */
function withPlacement(value: Value, modifiers: readonly string[], expand: boolean): Value {
  if (value.value === null) return value;
  const text = textOf(value, modifiers) ?? [String(value.value)];
  return { value: writeText(placeText(text, modifiers), expand), at: value.at };
}

function toTexts(item: DetectionItem): DetectionItem {
  if (!item.values.some(({ value }) => typeof value === 'number')) return item;
  const values = item.values.map((value) =>
    typeof value.value === 'number' ? { value: String(value.value), at: value.at } : value,
  );
  return { ...item, values };
}

function toNumbers(run: Run, item: DetectionItem): DetectionItem {
  let changed = false;
  const values = item.values.map((value): Value => {
    const read = textOf(value, item.modifiers);
    if (read === undefined) return value;
    const text = viewText(placeText(read, item.modifiers));
    const number = hasPlaceholder(read) ? undefined : scalarNumber(text);
    if (number === undefined) {
      run.error('pipeline', value.at, `"${text}" cannot be made a number, as a pipeline asks`);
      return value;
    }
    changed = true;
    return { value: number, at: value.at };
  });
  return changed ? { ...item, values } : item;
}
