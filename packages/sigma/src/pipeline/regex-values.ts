/** `regex`: string values as regular expressions that match the same texts. */
import { RE2JS } from 're2js';
import { dashes, many, one } from '../pattern.js';
import type { Detection, DetectionItem, Value } from '../rule.js';
import { group, linkOf } from './items.js';
import type { ValueTransformation } from './model.js';
import type { Run } from './run.js';
import { hasPlaceholder, normaliseText, placeText, type Text, textOf } from './text.js';

type Method = (ValueTransformation & { readonly type: 'regex' })['method'];

/**
 * The item with its strings as expressions; values of other types stand in an item of their own. `plain`
 * minds case, the other methods do not unless the item is `cased`. Expressions are anchored where the value
 * has no wildcard, because `re` looks anywhere in a field.
 */
export function toRegexItem(run: Run, method: Method, item: DetectionItem): Detection {
  const { modifiers } = item;
  const cased = method === 'plain' || modifiers.includes('cased');
  const dash = modifiers.includes('windash');
  const style = { brackets: !cased && method === 'ignore_case_brackets', dash };
  const expressions: Value[] = [];
  const rest: Value[] = [];
  for (const value of item.values) {
    const read = textOf(value, modifiers);
    if (read === undefined) {
      rest.push(value);
      continue;
    }
    if (hasPlaceholder(read)) {
      run.error('placeholder', value.at, 'a placeholder cannot become a regular expression: fill it before');
      return item;
    }
    const placed = placeText(read, modifiers);
    const text = item.field === null ? normaliseText([many, ...placed, many]) : placed;
    expressions.push({ value: expressionOf(text, style), at: value.at });
  }
  if (expressions.length === 0) return item;
  const flags = [
    're',
    ...(!cased && method === 'ignore_case_flag' ? ['i'] : []),
    's',
    ...modifiers.filter((name) => name === 'neq' || (name === 'all' && expressions.length > 1)),
  ];
  const changed: DetectionItem = { ...item, modifiers: flags, values: expressions };
  if (rest.length === 0) return changed;
  const others = modifiers.filter((name) => name !== 'all' || rest.length > 1);
  return group(linkOf(modifiers), [changed, { ...item, modifiers: others, values: rest }], item.at);
}

interface Style {
  readonly brackets: boolean;
  readonly dash: boolean;
}

function expressionOf(text: Text, style: Style): string {
  if (text.length === 1 && text[0] === many) return '.*';
  const start = text[0] === many ? 1 : 0;
  const end = text.at(-1) === many ? text.length - 1 : text.length;
  const body = text.slice(start, end).map((part) => {
    if (part === many) return '.*';
    if (part === one) return '.';
    return [...(part as string)].map((char) => characterOf(char, style)).join('');
  });
  return `${start > 0 ? '' : '^'}${body.join('')}${end < text.length ? '' : '$'}`;
}

function characterOf(char: string, { brackets, dash }: Style): string {
  if (dash && dashes.includes(char)) return `[${dashes}]`;
  if (brackets && /\p{L}/u.test(char)) {
    const forms = new Set([char.toLowerCase(), char.toUpperCase()].filter((form) => [...form].length === 1));
    if (forms.size > 1) return `[${[...forms].join('')}]`;
  }
  return RE2JS.quote(char);
}
