import { describe, expect, it } from 'vitest';
import {
  apply,
  applyWith,
  correlationOf,
  indent,
  itemRule,
  pipelineOf,
  refusals,
  ruleOf,
} from '../testing/pipelines.js';

const mark = '- {type: set_custom_attribute, attribute: marked, value: true';

/** Whether an item with these conditions (lines after `- type: ..`) is applied to the rule. */
function applies(rule: Parameters<typeof apply>[0], conditions: string, before = ''): boolean {
  const item = `- type: set_custom_attribute\n  attribute: marked\n  value: true\n${indent(conditions, 2)}`;
  return apply(rule, pipelineOf(`${before}\n${item}`)).custom.get('marked') === true;
}

const rule = ruleOf(
  "sel:\n  Image|endswith: '\\cmd.exe'\n  EventID: 4688\n  Flag: true\nother:\n  - User: 'a*'\n  - [kw]\ncondition: sel or other".replace(
    '\n  - [kw]',
    '\n  - kw',
  ),
);
const correlation = correlationOf(
  'type: event_count\nrules: [one]\ngroup-by: [User]\ntimespan: 5m\ncondition: {gte: 3}',
  'level: high',
);

describe('rule conditions', () => {
  it.each([
    ['{type: logsource, category: process_creation}', true],
    ['{type: logsource, category: PROCESS_CREATION, product: windows}', true],
    ['{type: logsource, product: windows, service: sysmon}', false],
    ['{type: contains_field, field: User}', true],
    ['{type: contains_field, field: user}', false],
    ["{type: contains_detection_item, field: Image, value: '*\\cmd.exe'}", true],
    ["{type: contains_detection_item, field: Image, value: '\\cmd.exe'}", false],
    ['{type: contains_detection_item, field: EventID, value: 4688}', true],
    ['{type: contains_detection_item, field: EventID, value: "4688"}', false],
    ['{type: contains_detection_item, field: Flag, value: true}', true],
    ["{type: contains_detection_item, field: User, value: 'a*'}", true],
    ['{type: is_sigma_rule}', true],
    ['{type: is_sigma_correlation_rule}', false],
    ['{type: tag, tag: attack.t1059}', true],
    ['{type: tag, tag: ATTACK.T1059}', true],
    ['{type: tag, tag: attack.t1060}', false],
  ])('%s', (condition, expected) => {
    expect(applies(rule, `rule_conditions:\n  - ${condition}`)).toBe(expected);
  });

  it.each([
    ['{type: is_sigma_rule}', false],
    ['{type: is_sigma_correlation_rule}', true],
    ['{type: contains_field, field: User}', false],
    ['{type: contains_detection_item, field: User, value: x}', false],
    ['{type: rule_attribute, attribute: level, value: medium, op: gt}', true],
  ])('of a correlation: %s', (condition, expected) => {
    expect(applies(correlation, `rule_conditions:\n  - ${condition}`)).toBe(expected);
  });

  it('know the log sources of the rules a correlation refers to', () => {
    const pipeline = pipelineOf(
      `- {type: change_logsource, product: windows, service: sysmon, rule_conditions: [{type: logsource, category: process_creation}]}
${mark}, rule_conditions: [{type: logsource, service: sysmon}]}
- {type: set_custom_attribute, attribute: late, value: true, rule_conditions: [{type: logsource, category: process_creation}]}`,
    );
    expect(apply(correlation, pipeline).custom.has('marked')).toBe(false);
    const known = applyWith(correlation, { referenced: [rule] }, pipeline);
    expect([known.custom.get('marked'), known.custom.has('late')]).toEqual([true, false]);
  });

  it.each([
    ['{attribute: level, value: medium}', true],
    ['{attribute: level, value: low, op: gt}', true],
    ['{attribute: level, value: high, op: gte}', false],
    ['{attribute: level, value: high, op: ne}', true],
    ['{attribute: status, value: experimental, op: gt}', true],
    ['{attribute: status, value: stable, op: lt}', true],
    ['{attribute: title, value: Test rule}', true],
    ['{attribute: title, value: test rule}', false],
    ['{attribute: title, value: Other, op: ne}', true],
    ['{attribute: date, value: 2024-05-06}', true],
    ['{attribute: date, value: 2024-05-07, op: lt}', true],
    ['{attribute: date, value: 2024-05-06, op: gt}', false],
    ['{attribute: tags, value: attack.t1059, op: in}', true],
    ['{attribute: tags, value: attack.t1059, op: not_in}', false],
    ['{attribute: tags, value: attack.t1059}', false],
    ['{attribute: tags, value: attack.t1059, op: ne}', true],
    ['{attribute: weight, value: 7}', true],
    ['{attribute: weight, value: "6", op: gt}', true],
    ['{attribute: author, value: x, op: ne}', false],
    ['{attribute: constructor, value: x, op: ne}', false],
  ])('rule_attribute %s', (parameters, expected) => {
    const condition = parameters.replace('{', '{type: rule_attribute, ');
    expect(applies(rule, `rule_conditions:\n  - ${condition}`)).toBe(expected);
  });

  it('rule_attribute cannot compare what has no order', () => {
    const pipeline = pipelineOf(
      `${mark}, rule_conditions: [{type: rule_attribute, attribute: weight, value: x, op: gt}]}`,
    );
    expect(refusals(rule, pipeline)).toEqual([
      expect.objectContaining({
        code: 'pipeline',
        severity: 'error',
        message: 'the attribute "weight" of "Test rule" is a number: "x" is none',
        at: { file: 'pipeline.yml', line: 3, column: 84 },
      }),
    ]);
  });

  it.each([
    ['val: 5', true],
    ['val: 4, op: gt', true],
    ['val: 5, op: lt', false],
    ['val: 6, op: ne', true],
    ['val: "5"', false],
    ['val: "4", op: gt', false],
  ])('processing_state %s', (parameters, expected) => {
    const condition = `rule_conditions:\n  - {type: processing_state, key: k, ${parameters}}`;
    expect(applies(rule, condition, '- {type: set_state, key: k, val: 5}')).toBe(expected);
    expect(applies(rule, condition)).toBe(false);
  });

  it('processing_item_applied is about items whose conditions held', () => {
    const condition = 'rule_conditions:\n  - {type: processing_item_applied, processing_item_id: first}';
    const first =
      '- {id: first, type: set_state, key: k, val: 1, rule_conditions: [{type: logsource, product: P}]}';
    expect(applies(rule, condition, first.replace('P', 'windows'))).toBe(true);
    expect(applies(rule, condition, first.replace('P', 'linux'))).toBe(false);
  });
});

describe('operators and expressions', () => {
  const yes = '{type: is_sigma_rule}';
  const no = '{type: is_sigma_correlation_rule}';

  it.each([
    [`rule_conditions: [${yes}, ${no}]`, false],
    [`rule_conditions: [${yes}, ${no}]\nrule_cond_op: and`, false],
    [`rule_conditions: [${yes}, ${no}]\nrule_cond_op: or`, true],
    [`rule_conditions: [${yes}, ${no}]\nrule_cond_not: true`, true],
    [`rule_conditions: [${yes}]\nrule_cond_not: true`, false],
    [`rule_conditions: {a: ${yes}, b: ${no}}\nrule_cond_op: or`, true],
    [`rule_conditions: {a: ${yes}, b: ${no}}\nrule_cond_expr: a and not b`, true],
    [`rule_conditions: {a: ${yes}, b: ${no}}\nrule_cond_expr: a and not b\nrule_cond_not: true`, false],
    [`rule_conditions: {a: ${yes}, b: ${no}, c-1: ${yes}}\nrule_cond_expr: not (a or b) or c-1`, true],
    [`rule_conditions: {a: ${yes}, b: ${no}, c: ${no}}\nrule_cond_expr: a or b and c`, true],
    ['rule_conditions: []', true],
  ])('%s', (conditions, expected) => expect(applies(rule, conditions)).toBe(expected));
});

describe('detection item conditions', () => {
  /** The fields of the items to which they apply. */
  function chosen(detection: string, conditions: string, before = ''): string[] {
    const item = `- type: field_name_suffix\n  suffix: "!"\n${indent(conditions, 2)}`;
    const result = apply(itemRule(detection), pipelineOf(`${before}\n${item}`)).detections.get('sel');
    const items = result?.kind === 'item' ? [result] : (result?.items ?? []);
    return items.flatMap((each) =>
      each.kind === 'item' && each.field?.endsWith('!') ? [each.field.slice(0, -1)] : [],
    );
  }
  const items =
    "A|contains: ['x1', 'y']\nB: 'x2'\nC: 5\nD: null\nE|re: 'x.*'\nF: ['x', 'x*']\nG: true\nH|contains: 7";

  it.each([
    ["{type: match_string, cond: any, pattern: '\\*?x'}", ['A', 'B', 'F']],
    ["{type: match_string, cond: all, pattern: '\\*?x'}", ['B', 'F']],
    ["{type: match_string, cond: all, pattern: 'x2$'}", ['B']],
    ["{type: match_string, cond: any, pattern: '2'}", []],
    ["{type: match_string, cond: all, pattern: '\\*?x', negate: true}", ['C', 'D', 'E', 'G', 'H']],
    ['{type: match_value, cond: any, value: 5}', ['C']],
    ['{type: match_value, cond: any, value: "*y*"}', ['A']],
    ['{type: match_value, cond: any, value: 7}', []],
    ['{type: match_value, cond: any, value: true}', ['G']],
    ['{type: contains_wildcard, cond: all}', ['A']],
    ['{type: contains_wildcard, cond: any}', ['A', 'F']],
    ['{type: is_null, cond: all}', ['D']],
  ])('%s', (condition, fields) => {
    expect(chosen(items, `detection_item_conditions:\n  - ${condition}`)).toEqual(fields);
  });

  it('match_string sees values as pySigma does', () => {
    const condition =
      "detection_item_conditions:\n  - {type: match_string, cond: any, pattern: '^\\\\\\*a\\?\\*$'}";
    expect(chosen("A: '\\*a?*'", condition)).toEqual(['A']);
  });

  it('processing_item_applied follows an item through what it becomes', () => {
    const before =
      '- {id: map, type: field_name_mapping, mapping: {A: [A1, A2], B: B1}}\n' +
      '- {type: case, method: upper}\n' +
      '- {id: miss, type: map_string, mapping: {nothing: x}}\n';
    const applied = (id: string) =>
      `detection_item_conditions:\n  - {type: processing_item_applied, processing_item_id: ${id}}`;
    expect(chosen('B: x\nC: y', applied('map'), before)).toEqual(['B1']);
    expect(chosen('B: x\nC: y', applied('miss'), before)).toEqual([]);
    expect(chosen('B: x\nC: y', `${applied('map')}\ndetection_item_cond_not: true`, before)).toEqual(['C']);
    const both = apply(
      itemRule('A: x'),
      pipelineOf(
        `${before}- {type: field_name_suffix, suffix: "!", ${applied('map').replace('\n  - ', ' [')}]}`,
      ),
    );
    expect(JSON.stringify(both.detections.get('sel'))).toMatch(/A1!.*A2!/);
  });

  it('processing_state', () => {
    const condition = 'detection_item_conditions:\n  - {type: processing_state, key: k, val: on}';
    expect(chosen('A: x', condition, '- {type: set_state, key: k, val: on}')).toEqual(['A']);
    expect(chosen('A: x', condition)).toEqual([]);
  });
});

describe('field name conditions', () => {
  const detection = 'Image: x\nImageLoaded: y\nUser: z\nRef|fieldref: User';
  function fields(conditions: string, before = ''): string {
    const item = `- type: field_name_prefix\n  prefix: "+"\n${indent(conditions, 2)}`;
    const result = apply(itemRule(detection), pipelineOf(`${before}\n${item}`));
    const items = result.detections.get('sel');
    if (items?.kind !== 'all') throw new Error('no items');
    const names = items.items.map((each) => (each.kind === 'item' ? each.field : '?'));
    const ref = items.items[3];
    return [...names, ref?.kind === 'item' ? ref.values[0]?.value : '?', ...result.fields].join(' ');
  }

  it.each([
    [
      '{type: include_fields, fields: [Image, User]}',
      '+Image ImageLoaded +User Ref +User +Image CommandLine',
    ],
    ['{type: include_fields, fields: Image}', '+Image ImageLoaded User Ref User +Image CommandLine'],
    [
      "{type: include_fields, mode: re, fields: ['Im', 'mage']}",
      '+Image +ImageLoaded User Ref User +Image CommandLine',
    ],
    [
      "{type: include_fields, mode: re, fields: 'Image$'}",
      '+Image ImageLoaded User Ref User +Image CommandLine',
    ],
    ['{type: exclude_fields, fields: [Image]}', 'Image +ImageLoaded +User +Ref +User Image +CommandLine'],
    [
      "{type: exclude_fields, mode: re, fields: ['.*a']}",
      'Image ImageLoaded +User +Ref +User Image CommandLine',
    ],
  ])('%s', (condition, expected) => {
    expect(fields(`field_name_conditions:\n  - ${condition}`)).toBe(expected);
  });

  it('processing_item_applied knows items, lists and references', () => {
    const before = '- {id: map, type: field_name_mapping, mapping: {Image: I, User: U}}';
    const condition = 'field_name_conditions:\n  - {type: processing_item_applied, processing_item_id: map}';
    expect(fields(condition, before)).toBe('+I ImageLoaded +U Ref +U +I CommandLine');
    expect(fields(`${condition}\nfield_name_cond_not: true`, before)).toBe(
      'I +ImageLoaded U +Ref U I +CommandLine',
    );
  });

  it('processing_state', () => {
    const condition = 'field_name_conditions:\n  - {type: processing_state, key: k, val: 1}';
    expect(fields(condition, '- {type: set_state, key: k, val: 1}')).toBe(
      '+Image +ImageLoaded +User +Ref +User +Image +CommandLine',
    );
  });

  it('count for lists of fields where conditions on detection items do not', () => {
    const never = 'detection_item_conditions:\n  - {type: is_null, cond: all}';
    expect(fields(never)).toBe('Image ImageLoaded User Ref User +Image +CommandLine');
  });

  it('keywords are in no list', () => {
    const keywords = ruleOf('sel: [evil]\ncondition: sel');
    const items = (type: string) =>
      pipelineOf(`- {type: set_value, value: set, field_name_conditions: [{type: ${type}, fields: [x]}]}`);
    expect(JSON.stringify(apply(keywords, items('include_fields')).detections.get('sel'))).toContain('evil');
    expect(JSON.stringify(apply(keywords, items('exclude_fields')).detections.get('sel'))).toContain('"set"');
  });
});
