/** Transformations of field names: in detection items, `fieldref` values, lists of fields and correlations. */

import { many } from '../pattern.js';
import type { CorrelationRule, Detection, DetectionItem, SigmaRule, Value } from '../rule.js';
import { itemConditionsHold, listedName, type Name, nameFits, ownName } from './conditions.js';
import { group, mapRuleItems } from './items.js';
import { checkFieldLength } from './limits.js';
import type { FieldFunction, FieldNameTransformation, PipelineItem } from './model.js';
import type { Run } from './run.js';
import { kindOfItem, normaliseText, readText, writeText } from './text.js';

export function transformFieldNames(
  run: Run,
  item: PipelineItem,
  transformation: FieldNameTransformation,
  rule: SigmaRule,
): SigmaRule {
  return new FieldNames(run, item, transformation).apply(rule);
}

/** The new names of a field; `undefined`: it keeps its own. `null` stands for keywords. */
export function newNames(
  transformation: FieldNameTransformation,
  field: string | null,
): readonly string[] | undefined {
  if (field === null) {
    return transformation.type === 'field_name_mapping' ? transformation.keywords : undefined;
  }
  switch (transformation.type) {
    case 'field_name_mapping':
      return transformation.mapping.get(field);
    case 'field_name_prefix_mapping':
      for (const [prefix, replacements] of transformation.mapping) {
        if (field.startsWith(prefix)) {
          return replacements.map((replacement) =>
            checkFieldLength(replacement + field.slice(prefix.length)),
          );
        }
      }
      return undefined;
    case 'field_name_prefix':
      return [checkFieldLength(transformation.prefix + field)];
    case 'field_name_suffix':
      return [checkFieldLength(field + transformation.suffix)];
    default:
      return (
        transformation.mapping.get(field) ?? [checkFieldLength(functions[transformation.function](field))]
      );
  }
}

const functions: Readonly<Record<FieldFunction, (name: string) => string>> = {
  lower: (name) => name.toLowerCase(),
  upper: (name) => name.toUpperCase(),
  title: (name) =>
    name.replace(/\p{L}+/gu, (word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1).toLowerCase()}`),
  snake_case: snakeCase,
};

/** `ParentProcessId` to `parent_process_id`, `EventID` to `event_id`, `DNSQuery` to `dns_query`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .replace(/[\s-]+/g, '_')
    .toLowerCase();
}

class FieldNames {
  readonly #run: Run;
  readonly #item: PipelineItem;
  readonly #transformation: FieldNameTransformation;

  constructor(run: Run, item: PipelineItem, transformation: FieldNameTransformation) {
    this.#run = run;
    this.#item = item;
    this.#transformation = transformation;
  }

  apply(rule: SigmaRule): SigmaRule {
    const fields = this.#list(rule.fields);
    const base = same(fields, rule.fields) ? rule : { ...rule, fields };
    return base.kind === 'correlation'
      ? this.#correlation(base)
      : mapRuleItems(base, (item) => this.#detectionItem(item)).rule;
  }

  /** Field name conditions count, conditions on detection items do not. */
  #list(names: readonly string[]): readonly string[] {
    return names.flatMap((name) => this.#listed(name));
  }

  #listed(name: string): readonly string[] {
    const names = this.#names(listedName(this.#run, name));
    if (names === undefined) return [name];
    this.#run.markField(name, names, this.#item.id);
    return names;
  }

  #names(name: Name): readonly string[] | undefined {
    const names = newNames(this.#transformation, name.field);
    return names !== undefined && nameFits(this.#run, this.#item, name) ? names : undefined;
  }

  #correlation(rule: CorrelationRule): CorrelationRule {
    const aliases = new Map<string, ReadonlyMap<string, string>>();
    for (const [alias, fields] of rule.aliases) {
      const mapped = new Map<string, string>();
      for (const [ref, field] of fields) mapped.set(ref, this.#one(rule, field, `the alias "${alias}"`));
      aliases.set(alias, mapped);
    }
    const named = (name: string) => rule.aliases.has(name);
    return {
      ...rule,
      aliases,
      groupBy: [...new Set(rule.groupBy.flatMap((name) => (named(name) ? [name] : this.#listed(name))))],
      countedFields: rule.countedFields.map((name) =>
        named(name) ? name : this.#one(rule, name, 'the field of the condition'),
      ),
    };
  }

  /** Where only one field can stand. */
  #one(rule: CorrelationRule, field: string, what: string): string {
    const names = this.#listed(field);
    const [only] = names;
    if (names.length === 1 && only !== undefined) return only;
    this.#run.error(
      'pipeline',
      rule.at,
      `${what} would become several fields: ${field} to ${names.join(', ')}`,
    );
    return field;
  }

  #detectionItem(item: DetectionItem): Detection {
    if (!itemConditionsHold(this.#run, this.#item, item)) return item;
    const values = kindOfItem(item) === 'fieldref' ? this.#references(item.values) : item.values;
    const own = ownName(this.#run, item);
    const names = this.#names(own);
    if (names === undefined && values === item.values) return item;
    const result = names === undefined ? { ...item, values } : renamed({ ...item, values }, names);
    this.#run.markItem(item, result, this.#item.id, names !== undefined);
    if (names !== undefined) {
      for (const name of names) this.#run.mapped.add(name);
      if (item.field !== null) this.#run.mapped.add(item.field);
    }
    return result;
  }

  /** Fields that `fieldref` values name. */
  #references(values: readonly Value[]): readonly Value[] {
    const out = values.flatMap((value) => {
      if (typeof value.value !== 'string') return [value];
      const names = this.#listed(value.value);
      return names.length === 1 && names[0] === value.value
        ? [value]
        : names.map((name): Value => ({ value: name, at: value.at }));
    });
    return same(out, values) ? values : out;
  }
}

/**
 * The item under its new names: any of them may hold the value. What says that there is no value must hold
 * of all of them, or it would hold whenever a record knows only one of the names.
 */
function renamed(item: DetectionItem, names: readonly string[]): Detection {
  const source = item.field === null ? placedKeywords(item) : item;
  const under = (values: readonly Value[], kind: 'any' | 'all'): Detection[] => {
    if (values.length === 0) return [];
    const items = names.map((field): DetectionItem => ({ ...source, field, values }));
    return items.length <= 1 ? items : [{ kind, items, at: item.at }];
  };
  const nothing = source.values.filter((value) => saysNothing(source, value));
  if (nothing.length === 0 || names.length === 1) return under(source.values, 'any')[0] as Detection;
  const something = source.values.filter((value) => !nothing.includes(value));
  const parts = [...under(nothing, 'all'), ...under(something, 'any')];
  return group(
    source.modifiers.includes('all') ? 'all' : 'any',
    parts as [Detection, ...Detection[]],
    item.at,
  );
}

function saysNothing(item: DetectionItem, { value }: Value): boolean {
  return item.modifiers.includes('exists')
    ? value === false
    : value === null && !item.modifiers.includes('neq');
}

/** A keyword may stand anywhere in a value; so it is sought in a field. */
function placedKeywords(item: DetectionItem): DetectionItem {
  if (kindOfItem(item) !== 'text') return item;
  const expand = item.modifiers.includes('expand');
  const values = item.values.map((value): Value => {
    if (value.value === null) return value;
    const text = readText(String(value.value), {
      expand,
      plain: value.plain === true || typeof value.value !== 'string',
    });
    return { value: writeText(normaliseText([many, ...text, many]), expand), at: value.at };
  });
  return { ...item, values };
}

function same<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((element, i) => element === b[i]);
}
