import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problems } from '../errors.js';
import {
  apply,
  applyWith,
  correlationOf,
  freeze,
  indent,
  itemRule,
  pipelineOf,
  readRule,
  ruleOf,
  sel,
} from '../testing/pipelines.js';
import { applyPipelines, applyPipelinesToAll } from './apply.js';

const rule = itemRule('Image: x');
const suffix = (text: string, priority?: number) =>
  pipelineOf(
    `- {type: field_name_suffix, suffix: ${text}}`,
    priority === undefined ? '' : `priority: ${priority}`,
  );

describe('applyPipelines', () => {
  it('applies pipelines by priority, those of one priority as they were given', () => {
    expect(sel(apply(rule, suffix('c', 20), suffix('a'), suffix('b', 10), suffix('d', 20)))).toBe(
      'Imageabcd=x',
    );
    expect(sel(apply(rule, suffix('d', 20), suffix('c', 20), suffix('a', -1)))).toBe('Imageadc=x');
  });

  it('gives the same object when nothing changes', () => {
    const unchanged = pipelineOf(
      '- {type: field_name_mapping, mapping: {Other: y}}\n- {type: map_string, mapping: {other: y}}\n- {type: value_placeholders}\n' +
        '- {type: drop_detection_item, rule_conditions: [{type: is_sigma_correlation_rule}]}',
    );
    expect(apply(rule, unchanged)).toBe(rule);
  });

  it('without items is the identity, whatever the rule', () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9 ._%-]{1,8}$/).map((text) => JSON.stringify(text));
    const value = fc.oneof(word, fc.integer().map(String), fc.boolean().map(String));
    const item = fc.tuple(fc.constantFrom('A', 'B|contains', 'C|re', 'D|expand', 'E|neq'), value);
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 4 }), (items) => {
        const detection = [...new Map(items)].map(([key, text]) => `${key}: ${text}`).join('\n');
        const written = itemRule(detection);
        const problems = new Problems();
        expect(applyPipelines(written, [pipelineOf('[]'), pipelineOf('[]')], problems)).toBe(written);
        expect(problems.list).toEqual([]);
      }),
    );
  });

  it('changes the log source as a whole', () => {
    const pipeline = pipelineOf('- {type: change_logsource, product: Windows, service: sysmon}');
    expect(apply(rule, pipeline).logsource).toEqual({
      product: 'windows',
      service: 'sysmon',
      custom: new Map(),
    });
  });

  it('changes the list of fields', () => {
    const pipeline = (items: string) => apply(rule, pipelineOf(items)).fields;
    expect(pipeline('- {type: add_field, field: New}')).toEqual(['Image', 'CommandLine', 'New']);
    expect(pipeline('- {type: add_field, field: [A, B]}')).toEqual(['Image', 'CommandLine', 'A', 'B']);
    expect(pipeline('- {type: remove_field, field: [Image, Absent]}')).toEqual(['CommandLine']);
    expect(pipeline('- {type: set_field, fields: [A]}')).toEqual(['A']);
    expect(pipeline('- {type: set_field, fields: []}')).toEqual([]);
    expect(sel(apply(rule, pipelineOf('- {type: remove_field, field: Image}')))).toBe('Image=x');
  });

  it('sets custom attributes', () => {
    const pipeline = pipelineOf('- {type: set_custom_attribute, attribute: __proto__, value: {a: [1]}}');
    expect(apply(rule, pipeline).custom.get('__proto__')).toEqual({ a: [1] });
  });

  it('carries state and applied items from pipeline to pipeline, for one rule', () => {
    const first = pipelineOf('- {id: one, type: set_state, key: table, val: sysmon}', 'priority: 1');
    const second = pipelineOf(
      '- type: field_name_suffix\n  suffix: "!"\n  rule_conditions:\n' +
        '    - {type: processing_state, key: table, val: sysmon}\n    - {type: processing_item_applied, processing_item_id: one}',
      'priority: 2',
    );
    const state = new Map<string, unknown>();
    expect(sel(applyWith(rule, { state }, second, first))).toBe('Image!=x');
    expect([...state]).toEqual([['table', 'sysmon']]);
    expect(sel(apply(rule, second))).toBe('Image=x');
  });

  it('nests items, which share conditions, state and tracking with the rest', () => {
    const nested = (product: string) =>
      pipelineOf(`- id: outer
  type: nest
  rule_conditions: [{type: logsource, product: ${product}}]
  items:
    - {id: inner, type: field_name_mapping, mapping: {Image: img}}
    - {type: set_state, key: k, val: 1}
    - type: nest
      items:
        - {type: field_name_suffix, suffix: .x, rule_conditions: [{type: processing_state, key: k, val: 1}]}
- type: field_name_suffix
  suffix: .y
  rule_conditions:
    - {type: processing_item_applied, processing_item_id: inner}
    - {type: processing_item_applied, processing_item_id: outer}`);
    expect(sel(apply(rule, nested('windows')))).toBe('img.x.y=x');
    expect(apply(rule, nested('linux'))).toBe(rule);
  });

  it('stops at the item that fails, and gives the rule as it was before it', () => {
    const pipeline = pipelineOf(
      '- {type: field_name_suffix, suffix: a}\n' +
        '- {type: nest, items: [{type: field_name_suffix, suffix: b}, {type: rule_failure, message: stop}]}\n' +
        '- {type: rule_failure, message: never}',
    );
    const problems = new Problems();
    const result = applyPipelines(rule, [pipeline], problems);
    expect(sel(result)).toBe('Imageab=x');
    expect(problems.list.map(({ message }) => message)).toEqual(['stop']);
  });

  it('keeps nothing of an item that fails in part', () => {
    const written = itemRule("A|expand: '%known%'\nB|expand: '%unknown%'");
    const problems = new Problems();
    const pipeline = pipelineOf('- {type: value_placeholders}', 'vars: {known: x}');
    expect(applyPipelines(written, [pipeline], problems)).toBe(written);
    expect(problems.list).toHaveLength(1);
  });

  it('changes what filters detect', () => {
    const filter = readRule(
      'title: Filter\nlogsource: {product: windows}\nfilter:\n  rules: any\n  sel: {Image: x}\n  condition: not sel\n',
    );
    expect(sel(apply(filter, suffix('_s')))).toBe('Image_s=x');
  });
});

describe('applyPipelinesToAll', () => {
  const named = (name: string, logsource: string) =>
    readRule(
      `title: ${name}\nname: ${name}\nlogsource: ${logsource}\ndetection: {sel: {User: x}, condition: sel}\n`,
    );
  const correlation = (name: string, rules: string) =>
    correlationOf(
      `type: event_count\nrules: ${rules}\ngroup-by: [User]\ntimespan: 5m\ncondition: {gte: 3}`,
      `name: ${name}`,
    );

  it('lets correlations have the log sources of all they rest on', () => {
    const rules = [
      correlation('outer', '[inner]'),
      correlation('inner', '[windows_rule]'),
      correlation('elsewhere', '[linux_rule]'),
      named('windows_rule', '{category: process_creation, product: windows}'),
      named('linux_rule', '{product: linux}'),
    ];
    const pipeline = pipelineOf(
      '- {type: change_logsource, service: sysmon, rule_conditions: [{type: logsource, product: windows}]}\n' +
        '- {type: field_name_mapping, mapping: {User: user.name}, rule_conditions: [{type: logsource, service: sysmon}]}',
    );
    const results = applyPipelinesToAll(rules, [pipeline]);
    const groups = results.map(({ rule: each }) => (each.kind === 'correlation' ? each.groupBy : sel(each)));
    expect(groups).toEqual([['user.name'], ['user.name'], ['User'], 'user.name=x', 'User=x']);
  });

  it('takes an item for applied to a correlation where it was to a rule below it', () => {
    const rules = [named('one', '{category: dns_query, product: windows}'), correlation('two', '[one]')];
    const pipeline = pipelineOf(
      '- {id: change, type: change_logsource, service: sysmon, rule_conditions: [{type: logsource, category: dns_query}]}\n' +
        '- {type: field_name_suffix, suffix: _s, rule_conditions: [{type: processing_item_applied, processing_item_id: change}]}',
    );
    expect(applyPipelinesToAll(rules, [pipeline])[1]?.rule).toMatchObject({ groupBy: ['User_s'] });
  });

  it('ends on correlations that refer to each other', () => {
    const rules = [correlation('a', '[b]'), correlation('b', '[a]')];
    const results = applyPipelinesToAll(rules, [suffix('_s')]);
    expect(results.map(({ problems }) => problems.length)).toEqual([0, 0]);
  });

  it('keeps the problems of each rule apart', () => {
    const pipeline = pipelineOf(
      '- {type: rule_failure, message: no, rule_conditions: [{type: contains_field, field: A}]}',
    );
    const results = applyPipelinesToAll([itemRule('A: x'), itemRule('B: x')], [pipeline]);
    expect(results.map(({ problems }) => problems.length)).toEqual([1, 0]);
  });
});

describe('any pipeline on any rule', () => {
  const transformations = [
    'type: field_name_mapping\nmapping: {A: [B, C], B: A, null: D}',
    'type: field_name_mapping\nmapping: {C: A}',
    'type: field_name_prefix_mapping\nmapping: {A: AA}',
    'type: field_name_prefix\nprefix: B',
    'type: field_name_transform\ntransform_func: lower',
    'type: drop_detection_item\ndetection_item_conditions: [{type: contains_wildcard, cond: any}]',
    'type: hashes_fields\nvalid_hash_algos: [MD5]\nfield_to_parse: [A]',
    "type: extract_fields\nregex: '(?P<x>.)(?P<y>.*)'",
    'type: wildcard_placeholders',
    'type: value_placeholders',
    'type: add_condition\nconditions: {A: x}',
    "type: replace_string\nregex: '[ab]'\nreplacement: 'b*'",
    "type: replace_string\nregex: 'x*'\nreplacement: '?'\nskip_special: true\ninterpret_special: true",
    'type: map_string\nmapping: {a: [a, b]}',
    'type: regex',
    'type: set_value\nvalue: 1',
    'type: convert_type\ntarget_type: str',
    'type: convert_type\ntarget_type: num',
    'type: case\nmethod: snake_case',
  ];
  const keys = [
    'A',
    'B|contains',
    'A|contains|all',
    'A|re',
    'B|expand',
    'A|windash|endswith',
    'A|fieldref',
    'A|neq',
    '"|contains"',
  ];
  const detection = fc.array(
    fc.tuple(
      fc.constantFrom(...keys),
      fc.array(
        fc.string({ unit: fc.constantFrom('a', 'b', '*', '\\', '%x%', '-'), minLength: 1, maxLength: 4 }),
        { minLength: 2, maxLength: 3 },
      ),
    ),
    { minLength: 1, maxLength: 4 },
  );

  it('neither throws nor changes its input', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...transformations), { maxLength: 8 }),
        detection,
        (items, written) => {
          const text = [...new Map(written)]
            .map(([key, values]) => `${key}: ${JSON.stringify(values)}`)
            .join('\n');
          const pipeline = pipelineOf(
            items.length === 0 ? '[]' : items.map((item) => `- ${indent(item, 2).trimStart()}`).join('\n'),
            'vars: {x: [1, "a*"]}',
          );
          const before = ruleOf(`sel:\n${indent(text, 2)}\ncondition: sel`);
          const problems = new Problems();
          const result = freeze(applyPipelines(before, [pipeline], problems));
          expect(result.kind).toBe('detection');
          for (const { at } of problems.list) expect(at.line).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
