/**
 * Placeholders of items with the `expand` modifier. What is filled in are Sigma strings: their wildcards are
 * wildcards. In regular expressions it is a part of the expression.
 */
import { scalarNumber } from '../event.js';
import { maxValues } from '../parse/detection.js';
import { many } from '../pattern.js';
import type { DetectionItem, Value } from '../rule.js';
import { itemFits } from './conditions.js';
import { mapRuleItems, type RuleWithDetections } from './items.js';
import { Refusal } from './limits.js';
import type { PipelineItem, PlaceholderChoice, PlaceholderTransformation } from './model.js';
import type { Run } from './run.js';
import {
  hasPlaceholder,
  type ItemKind,
  isPlaceholder,
  kindOfItem,
  normaliseText,
  readText,
  type Text,
  type TextPart,
  writeText,
} from './text.js';

export function fillPlaceholders<R extends RuleWithDetections>(
  run: Run,
  item: PipelineItem,
  transformation: PlaceholderTransformation,
  rule: R,
): R {
  return mapRuleItems(rule, (detectionItem) => {
    if (!detectionItem.modifiers.includes('expand') || !itemFits(run, item, detectionItem))
      return detectionItem;
    const result = new Filling(run, transformation, detectionItem).fill();
    if (result !== detectionItem) run.markItem(detectionItem, result, item.id);
    return result;
  }).rule;
}

/** Parts of all the values one value with several placeholders may become. */
const maxParts = 1_000_000;

function chosen({ include, exclude }: PlaceholderChoice, name: string): boolean {
  return (include?.has(name) ?? true) && !(exclude?.has(name) ?? false);
}

class Filling {
  readonly #run: Run;
  readonly #transformation: PlaceholderTransformation;
  readonly #item: DetectionItem;
  readonly #kind: ItemKind;

  constructor(run: Run, transformation: PlaceholderTransformation, item: DetectionItem) {
    this.#run = run;
    this.#transformation = transformation;
    this.#item = item;
    this.#kind = kindOfItem(item);
  }

  fill(): DetectionItem {
    let changed = false;
    const filled: { value: Value; texts: readonly Text[] | undefined }[] = [];
    let count = 0;
    for (const value of this.#item.values) {
      const text = this.#read(value);
      const texts = text && this.#expand(text, value);
      if (texts !== undefined && texts[0] !== text) changed = true;
      filled.push({ value, texts });
      count += texts?.length ?? 1;
      if (count > maxValues) throw tooMany(this.#item);
    }
    if (!changed) return this.#item;
    // Once nothing is left to fill in, the modifier goes: a percent sign means itself from then on.
    const open = filled.some(({ texts }) => texts?.some(hasPlaceholder) ?? false);
    const values = filled.flatMap(({ value, texts }) =>
      texts === undefined ? [value] : texts.map((text) => this.#write(text, value, open)),
    );
    const modifiers = open ? this.#item.modifiers : this.#item.modifiers.filter((name) => name !== 'expand');
    return { ...this.#item, modifiers, values };
  }

  #read(value: Value): Text | undefined {
    if (typeof value.value !== 'string') return undefined;
    if (this.#kind === 'regex') return readExpression(value.value);
    return readText(value.value, { expand: true, plain: value.plain === true || this.#literal });
  }

  /** Values that are no Sigma strings. */
  get #literal(): boolean {
    return this.#kind === 'cidr' || this.#kind === 'number';
  }

  #write(text: Text, value: Value, open: boolean): Value {
    const { at } = value;
    if (this.#kind === 'regex') return { value: writeExpression(text), at };
    const written = this.#literal ? writeExpression(text) : writeText(text, open);
    const number = this.#kind === 'number' && !open ? scalarNumber(written) : undefined;
    return { value: number ?? written, at };
  }

  /** Every combination of what the placeholders stand for; the text itself when none is to be filled. */
  #expand(text: Text, value: Value): readonly Text[] {
    let heads: TextPart[][] = [[]];
    let changed = false;
    for (const part of text) {
      const choices = isPlaceholder(part) ? this.#choices(part.placeholder, value) : undefined;
      if (choices === undefined) {
        for (const head of heads) head.push(part);
        continue;
      }
      changed = true;
      const count = heads.length * choices.length;
      if (count > maxValues || count * text.length > maxParts) throw tooMany(this.#item);
      if (choices.length === 1) for (const head of heads) head.push(...(choices[0] as Text));
      else heads = heads.flatMap((head) => choices.map((choice) => [...head, ...choice]));
    }
    return changed ? heads.map(normaliseText) : [text];
  }

  #choices(name: string, { at }: Value): readonly Text[] | undefined {
    if (!chosen(this.#transformation, name)) return undefined;
    switch (this.#transformation.type) {
      case 'wildcard_placeholders':
        if (this.#kind === 'regex') return [['.*']];
        if (this.#kind === 'text' || this.#kind === 'encoded') return [[many]];
        this.#run.error('placeholder', at, `the placeholder %${name}% cannot be a wildcard here`);
        return undefined;
      case 'query_expression_placeholders':
        this.#run.error(
          'unsupported',
          at,
          `a pipeline puts a query expression in place of %${name}%: it has a meaning in one query language only`,
        );
        return undefined;
      default: {
        const values = this.#run.variable(name);
        if (values === undefined) {
          this.#run.error('placeholder', at, `no pipeline has a variable "${name}" to fill %${name}% with`);
        }
        return values?.map((text) => this.#readVariable(text));
      }
    }
  }

  #readVariable(text: string): Text {
    if (this.#kind === 'regex') return [/^\w*$/.test(text) ? text : `(?:${text})`];
    return readText(text, { plain: this.#literal });
  }
}

function tooMany(item: DetectionItem): Refusal {
  return new Refusal('limit', item.at, `placeholders stand for more than ${maxValues} values`);
}

/** Placeholders in an expression; a backslash and what follows it is one character of it. */
function readExpression(source: string): Text {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of source.matchAll(/\\[\s\S]|%([^%\\*?]+)%/g)) {
    if (match[1] === undefined) continue;
    parts.push(source.slice(end, match.index), { placeholder: match[1] });
    end = match.index + match[0].length;
  }
  parts.push(source.slice(end));
  return parts.filter((part) => part !== '');
}

function writeExpression(text: Text): string {
  return text.map((part) => (isPlaceholder(part) ? `%${part.placeholder}%` : String(part))).join('');
}
