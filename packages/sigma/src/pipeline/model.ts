/**
 * Processing pipelines: lists of changes made to rules before they are planned, in the YAML format pySigma
 * introduced. What each transformation and condition does is stated with its type here and carried out in
 * the file of that subject.
 */
import type { Location } from '../errors.js';
import type { Scalar } from '../event.js';
import type { Detection } from '../rule.js';
import type { LinearRegex, Template } from './linear-regex.js';

export interface Pipeline {
  readonly name?: string;
  /** Lower ones come first; pipelines of one priority come in the order they were given. */
  readonly priority: number;
  /** Backends the author had in mind. Kept for tools; without effect here. */
  readonly allowedBackends: readonly string[];
  /** What `value_placeholders` fills in: Sigma strings by name. Lists are never empty. */
  readonly vars: ReadonlyMap<string, readonly string[]>;
  readonly items: readonly PipelineItem[];
  readonly at: Location;
}

/** One change, and when to make it. Conditions of different kinds must all hold; absent ones do. */
export interface PipelineItem {
  readonly id?: string;
  readonly transformation: Transformation;
  /** About the rule as a whole. */
  readonly ruleConditions?: Logic<RuleCondition>;
  /** About one detection item; for transformations that change detection items. */
  readonly itemConditions?: Logic<ItemCondition>;
  /** About one field name: of a detection item, in a list of fields, or in a `fieldref` value. */
  readonly fieldConditions?: Logic<FieldCondition>;
  readonly at: Location;
}

/** Conditions linked by `*_cond_op`, `*_cond_expr` and `*_cond_not`. */
export type Logic<C> =
  | { readonly kind: 'and' | 'or'; readonly args: readonly Logic<C>[] }
  | { readonly kind: 'not'; readonly arg: Logic<C> }
  | { readonly kind: 'test'; readonly test: C };

export const relations = ['eq', 'ne', 'gte', 'gt', 'lte', 'lt'] as const;
export type Relation = (typeof relations)[number];

/** An item with this id has changed the rule, the detection item or the field name before. */
interface ItemAppliedCondition {
  readonly type: 'processing_item_applied';
  readonly id: string;
}

/** A key set by `set_state` stands in this relation to a value. False while the key is not set. */
interface StateCondition {
  readonly type: 'processing_state';
  readonly key: string;
  readonly value: Scalar;
  readonly op: Relation;
}

export type RuleCondition =
  /** The rule's log source says at least this. A correlation: that of a rule it refers to does. */
  | {
      readonly type: 'logsource';
      readonly category?: string;
      readonly product?: string;
      readonly service?: string;
    }
  /** An item of this field has exactly this value, modifiers that place it (`contains`) counted in. */
  | { readonly type: 'contains_detection_item'; readonly field: string; readonly value: Scalar }
  | { readonly type: 'contains_field'; readonly field: string }
  | { readonly type: 'is_sigma_rule' }
  | { readonly type: 'is_sigma_correlation_rule' }
  | RuleAttributeCondition
  | { readonly type: 'tag'; readonly tag: string }
  | ItemAppliedCondition
  | StateCondition;

/** False for an attribute the rule does not have. */
export interface RuleAttributeCondition {
  readonly type: 'rule_attribute';
  readonly attribute: string;
  readonly value: Scalar;
  readonly op: Relation | 'in' | 'not_in';
  readonly at: Location;
}

/** `quantifier`: whether one or all of an item's values must satisfy the test. */
export type ItemCondition =
  /** The expression matches a string value from its start; other values do not match. */
  | {
      readonly type: 'match_string';
      readonly quantifier: Quantifier;
      readonly pattern: LinearRegex;
      readonly negate: boolean;
    }
  | { readonly type: 'match_value'; readonly quantifier: Quantifier; readonly value: Scalar }
  | { readonly type: 'contains_wildcard'; readonly quantifier: Quantifier }
  | { readonly type: 'is_null'; readonly quantifier: Quantifier }
  | ItemAppliedCondition
  | StateCondition;

export type Quantifier = 'any' | 'all';

export type FieldCondition = FieldListCondition | ItemAppliedCondition | StateCondition;

/** `re`: the expressions match from the start of the name. Keywords (no field) are in no list. */
export interface FieldListCondition {
  readonly type: 'include_fields' | 'exclude_fields';
  readonly names: ReadonlySet<string>;
  readonly patterns: readonly LinearRegex[];
}

export const fieldFunctions = ['lower', 'upper', 'title', 'snake_case'] as const;
export type FieldFunction = (typeof fieldFunctions)[number];

/** Which placeholders: all, those listed, or all but those listed. */
export interface PlaceholderChoice {
  readonly include?: ReadonlySet<string>;
  readonly exclude?: ReadonlySet<string>;
}

/** New names by old name; never empty. Several: any of the fields. */
export type NameMapping = ReadonlyMap<string, readonly string[]>;

export type FieldNameTransformation =
  /** `keywords`: the fields keywords are sought in from now on. */
  | {
      readonly type: 'field_name_mapping';
      readonly mapping: NameMapping;
      readonly keywords?: readonly string[];
    }
  | { readonly type: 'field_name_prefix_mapping'; readonly mapping: NameMapping }
  | { readonly type: 'field_name_prefix'; readonly prefix: string }
  | { readonly type: 'field_name_suffix'; readonly suffix: string }
  /** `mapping`: names the function is not asked for. */
  | {
      readonly type: 'field_name_transform';
      readonly function: FieldFunction;
      readonly mapping: NameMapping;
    };

export type PlaceholderTransformation =
  | (PlaceholderChoice & { readonly type: 'wildcard_placeholders' })
  | (PlaceholderChoice & { readonly type: 'value_placeholders' })
  | (PlaceholderChoice & { readonly type: 'query_expression_placeholders' });

export type ValueTransformation =
  | ReplaceString
  /** Keys are whole values; text as `match_string` sees it. */
  | { readonly type: 'map_string'; readonly mapping: ReadonlyMap<string, readonly string[]> }
  | { readonly type: 'regex'; readonly method: 'plain' | 'ignore_case_flag' | 'ignore_case_brackets' }
  | { readonly type: 'set_value'; readonly value: Scalar | null }
  | { readonly type: 'convert_type'; readonly target: 'str' | 'num' }
  | { readonly type: 'case'; readonly method: 'lower' | 'upper' | 'snake_case' }
  | HashesFields
  | ExtractFields;

export interface ReplaceString {
  readonly type: 'replace_string';
  readonly regex: LinearRegex;
  readonly replacement: Template;
  /** Only text between wildcards and placeholders is looked at. */
  readonly skipSpecial: boolean;
  /** With `skipSpecial`: wildcards in the replacement are wildcards. */
  readonly interpretSpecial: boolean;
}

export interface HashesFields {
  readonly type: 'hashes_fields';
  /** The fields that list hashes. */
  readonly fields: ReadonlySet<string>;
  /** Upper case. */
  readonly algorithms: ReadonlySet<string>;
  readonly prefix: string;
  /** The field is the prefix alone. */
  readonly dropAlgorithm: boolean;
}

export interface ExtractFields {
  readonly type: 'extract_fields';
  readonly regex: LinearRegex;
  readonly prefix?: string;
  /** Values the expression does not match stay; otherwise they are dropped. */
  readonly preserveUnmatched: boolean;
}

export interface AddCondition {
  readonly type: 'add_condition';
  readonly detection: Detection;
  readonly name?: string;
  /** `$category`, `$product` and `$service` in values are the rule's. */
  readonly template: boolean;
  readonly negated: boolean;
}

export type RuleTransformation =
  | { readonly type: 'drop_detection_item' }
  | AddCondition
  | {
      readonly type: 'change_logsource';
      readonly category?: string;
      readonly product?: string;
      readonly service?: string;
    }
  /** The rule's list of fields to show, not its detection items. */
  | { readonly type: 'add_field'; readonly fields: readonly string[] }
  | { readonly type: 'remove_field'; readonly fields: readonly string[] }
  | { readonly type: 'set_field'; readonly fields: readonly string[] }
  | { readonly type: 'set_state'; readonly key: string; readonly value: unknown }
  | { readonly type: 'set_custom_attribute'; readonly attribute: string; readonly value: unknown }
  | { readonly type: 'rule_failure'; readonly message: string }
  | { readonly type: 'detection_item_failure'; readonly message: string }
  /** Every field of the rule must have been mapped by an item before. */
  | { readonly type: 'strict_field_mapping_failure' }
  | { readonly type: 'nest'; readonly items: readonly PipelineItem[] };

export type Transformation =
  | FieldNameTransformation
  | PlaceholderTransformation
  | ValueTransformation
  | RuleTransformation;
