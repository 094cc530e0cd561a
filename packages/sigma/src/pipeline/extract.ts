/** `extract_fields`: what the named groups of an expression match becomes fields of its own. */
import type { Detection, DetectionItem, Value } from '../rule.js';
import { group, linkOf } from './items.js';
import { checkFieldLength } from './limits.js';
import type { ExtractFields } from './model.js';
import type { Run } from './run.js';
import { placeText, readView, textOf, viewText, writeText } from './text.js';

/**
 * Items with values that are no strings stay, and so do those of which no value matches. The fields of one
 * value must all be there.
 */
export function extractFields(run: Run, transformation: ExtractFields, item: DetectionItem): Detection {
  const { modifiers } = item;
  if (item.values.some(({ value }) => typeof value !== 'string')) return item;
  const kept = modifiers.filter((name) => name === 'neq' || name === 'cased');
  const parts: Detection[] = [];
  const unmatched: Value[] = [];
  for (const value of item.values) {
    const text = textOf(value, modifiers) ?? [];
    const match = transformation.regex.matchStart(viewText(placeText(text, modifiers)), run.budget);
    if (match === undefined) {
      unmatched.push(value);
      continue;
    }
    const items: Detection[] = [];
    for (const [name, number] of transformation.regex.names) {
      const found = match.groups[number];
      if (found === undefined || found === '') continue;
      const field = checkFieldLength(
        transformation.prefix === undefined ? name : `${transformation.prefix}.${name}`,
      );
      items.push({ kind: 'item', field, modifiers: kept, values: [typed(found, value)], at: item.at });
    }
    if (items.length > 0) {
      parts.push(
        group(modifiers.includes('neq') ? 'any' : 'all', items as [Detection, ...Detection[]], item.at),
      );
    }
  }
  if (parts.length === 0) return item;
  if (transformation.preserveUnmatched && unmatched.length > 0) {
    const rest = modifiers.filter((name) => name !== 'all' || unmatched.length > 1);
    parts.push({ ...item, modifiers: rest, values: unmatched });
  }
  return group(linkOf(modifiers), parts as [Detection, ...Detection[]], item.at);
}

/** Numbers only where they are written the way they are printed: `007` and very long ones stay text. */
function typed(found: string, { at }: Value): Value {
  if (/^(?:null|none)$/i.test(found)) return { value: null, at };
  const number = Number(found);
  if (Number.isFinite(number) && String(number) === found) return { value: number, at };
  return { value: writeText(readView(found)), at };
}
