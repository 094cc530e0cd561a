import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complaints, readPipeline } from '../testing/pipelines.js';

describe('parsePipeline', () => {
  it('reads all of a pipeline', () => {
    const { pipeline, problems } = readPipeline(
      'name: Mine\npriority: 20\nallowed_backends: [splunk]\nvars:\n  a: [x, 5, true]\n  b: y\n' +
        'transformations:\n  - {id: one, type: case}\n',
    );
    expect(problems).toEqual([]);
    expect(pipeline).toMatchObject({
      name: 'Mine',
      priority: 20,
      allowedBackends: ['splunk'],
      items: [{ id: 'one', transformation: { type: 'case', method: 'lower' }, at: { line: 8, column: 5 } }],
    });
    expect([...(pipeline?.vars ?? [])]).toEqual([
      ['a', ['x', '5', 'true']],
      ['b', ['y']],
    ]);
  });

  it('needs nothing but a map', () => {
    const { pipeline, problems } = readPipeline('transformations:\n');
    expect(problems).toEqual([]);
    expect(pipeline).toMatchObject({ priority: 0, items: [], allowedBackends: [] });
  });

  it('says once that changes of query text have no effect', () => {
    const { pipeline, problems } = readPipeline(
      'name: p\npostprocessing:\n  - {type: embed, prefix: a}\n  - {type: json}\nfinalizers:\n  - {type: concat}\n',
    );
    expect(pipeline).toBeDefined();
    expect(problems).toEqual([
      {
        code: 'pipeline',
        severity: 'warning',
        message: '"postprocessing" changes the text of queries: it has no effect here',
        at: { file: 'pipeline.yml', line: 2, column: 1 },
      },
      expect.objectContaining({ severity: 'warning', at: { file: 'pipeline.yml', line: 5, column: 1 } }),
    ]);
  });

  it.each([
    ['', '1:1: the file holds no pipeline'],
    ['- a', '1:1: a pipeline is a map, not a list'],
    ['name: a\n---\nname: b', '3:1: a file holds one pipeline'],
    ['nam: a', '1:1: "nam" is no part of a pipeline'],
    ['name: [a]', '1:7: "name" must be text, not a list'],
    ['priority: high', '1:11: "priority" is a whole number'],
    ['priority: 1.5', '1:11: "priority" is a whole number'],
    ['vars: [a]', '1:7: "vars" is a map, not a list'],
    ['vars:\n  a: []', '2:6: the variable "a" has no values'],
    ['vars:\n  a:\n    - b: c', '3:7: the variable "a" holds a map: text and numbers are possible'],
    ['vars:\n  a:\n    -', '3:6: the variable "a" holds null: text and numbers are possible'],
    ['allowed_backends: [1]', '1:20: "allowed_backends" must be text, not a number'],
    ['transformations: {a: b}', '1:18: "transformations" is a list, not a map'],
    ['transformations:\n  - case', '2:5: an item of a pipeline is a map, not text'],
    ['transformations:\n  - id: x', '2:5: an item needs "type"'],
    ['transformations:\n  - type: 5', '2:11: "type" must be text, not a number'],
    ['postprocessing: x', '1:17: "postprocessing" is a list, not text'],
  ])('refuses %j', (text, expected) => expect(complaints(text)).toContain(expected));

  it('gathers every problem', () => {
    expect(
      complaints(
        'priority: x\nother: 1\ntransformations:\n  - type: nothing\n    a: 1\n  - type: case\n    b: 1\n',
      ).map((line) => line.replace(/ is no transformation: .*/, ' is no transformation')),
    ).toEqual([
      '1:11: "priority" is a whole number',
      '4:11: "nothing" is no transformation',
      '7:5: "b" is no part of a "case" item',
      '2:1: "other" is no part of a pipeline',
    ]);
  });

  it('names no types of the prototype', () => {
    expect(complaints('transformations:\n  - type: constructor')[0]).toMatch(
      /^2:11: "constructor" is no transformation/,
    );
    expect(
      complaints('transformations:\n  - type: case\n    rule_conditions: [{type: toString}]')[0],
    ).toMatch(/^3:30: "toString" is no condition here/);
  });

  it('passes problems of the YAML on', () => {
    const { pipeline, problems } = readPipeline('name: a\nname: b\nvars: {');
    expect(pipeline).toBeUndefined();
    expect(problems.every(({ severity }) => severity === 'error')).toBe(true);
  });
});

const first = (item: string) => complaints(`transformations:\n  - ${item.replaceAll('\n', '\n    ')}`);

describe('parameters of transformations', () => {
  it.each([
    ['type: field_name_mapping', '2:5: a "field_name_mapping" item needs "mapping"'],
    ['type: field_name_mapping\nmapping: [a]', '3:14: "mapping" must be a map, not a list'],
    ['type: field_name_mapping\nmapping: {a: []}', '3:18: "a" is an empty list'],
    ['type: field_name_mapping\nmapping: {a: null}', '3:18: "a" must be text, not null'],
    ['type: field_name_mapping\nmapping: {a: [b, 5]}', '3:22: "a" must be text, not a number'],
    [
      'type: field_name_mapping\nmapping: {}\nmap: {}',
      '4:5: "map" is no part of a "field_name_mapping" item',
    ],
    ['type: field_name_prefix', '2:5: a "field_name_prefix" item needs "prefix"'],
    ['type: field_name_suffix\nsuffix: {}', '3:13: "suffix" must be text, not a map'],
    [
      'type: field_name_transform\ntransform_func: reverse',
      '3:21: "transform_func" is one of lower, upper, title, snake_case',
    ],
    ['type: hashes_fields', '2:5: a "hashes_fields" item needs "valid_hash_algos"'],
    [
      'type: hashes_fields\nvalid_hash_algos: MD5\ndrop_algo_prefix: true',
      '4:5: without the algorithm the field needs a "field_prefix"',
    ],
    [
      'type: hashes_fields\nvalid_hash_algos: MD5\ndrop_algo_prefix: "yes"',
      '4:23: "drop_algo_prefix" is true or false',
    ],
    ["type: extract_fields\nregex: '(a)'", '3:12: "regex" has no named group such as (?P<name>..)'],
    [
      "type: extract_fields\nregex: '(?P<a>'",
      '3:12: "regex" cannot be run: error parsing regexp: missing closing ): `(?P<a>`',
    ],
    [
      'type: value_placeholders\ninclude: [a]\nexclude: [b]',
      '4:5: "include" and "exclude" exclude each other',
    ],
    ['type: query_expression_placeholders', '2:5: a "query_expression_placeholders" item needs "expression"'],
    ['type: add_condition', '2:5: a "add_condition" item needs "conditions"'],
    ['type: add_condition\nconditions: {A|nope: x}', '3:20: "nope" is no modifier'],
    ['type: add_condition\nconditions: {}', '3:17: "conditions" is an empty map'],
    [
      'type: add_condition\nconditions: {A: {b: c}}',
      '3:21: "A" holds a map where a value or a list of values is expected',
    ],
    [
      'type: add_condition\nconditions: {A: b}\nname: a b',
      '4:11: "a b" cannot be the name of a search identifier',
    ],
    ['type: change_logsource', '2:5: a log source needs a category, product or service'],
    ['type: add_field', '2:5: a "add_field" item needs "field"'],
    ['type: set_field\nfields: {}', '3:13: "fields" must be text, not a map'],
    [
      "type: replace_string\nregex: 'a(?=b)'\nreplacement: x",
      '3:12: "regex" cannot be run: look-around cannot be run in linear time',
    ],
    [
      "type: replace_string\nregex: a\nreplacement: '\\1'",
      '4:18: "replacement" cannot be used: the expression has no group 1',
    ],
    ['type: replace_string\nregex: a', '2:5: a "replace_string" item needs "replacement"'],
    ['type: map_string\nmapping: {a: []}', '3:18: "a" is an empty list'],
    ['type: set_state\nkey: a', '2:5: a "set_state" item needs "val"'],
    ['type: regex\nmethod: other', '3:13: "method" is one of plain, ignore_case_flag, ignore_case_brackets'],
    ['type: set_value', '2:5: a "set_value" item needs "value"'],
    ['type: set_value\nvalue: [1]', '3:12: "value" must be a single value, not a list'],
    ['type: set_value\nvalue: null\nforce_type: str', '3:12: "force_type" cannot be used with null'],
    ['type: set_value\nvalue: x\nforce_type: num', '3:12: "x" is no number'],
    ['type: convert_type\ntarget_type: bool', '3:18: "target_type" is one of str, num'],
    ['type: case\nmethod: title', '3:13: "method" is one of lower, upper, snake_case'],
    ['type: rule_failure', '2:5: a "rule_failure" item needs "message"'],
    ['type: set_custom_attribute\nattribute: a', '2:5: a "set_custom_attribute" item needs "value"'],
    ['type: nest', '2:5: a "nest" item needs "items"'],
    ['type: nest\nitems: x', '3:12: "items" is a list, not text'],
    ['type: nest\nitems:\n  - {type: case, mode: x}', '4:22: "mode" is no part of a "case" item'],
  ])('%j', (item, expected) => {
    expect(first(item).map((line) => line.replace(/; known: .*/, ''))).toContain(expected);
  });

  it.each(['file_placeholders', 'http_placeholders', 'command_placeholders'])('%s is refused', (type) => {
    expect(first(`type: ${type}\npath: x`)).toEqual([expect.stringMatching(/^2:11: .*put them in "vars"/)]);
  });
});

describe('parameters of conditions', () => {
  const inRule = (conditions: string) => first(`type: case\n${conditions}`);

  it.each([
    ['rule_conditions: x', '3:22: "rule_conditions" is a list or a map of conditions'],
    ['rule_conditions: [x]', '3:23: a condition is a map, not text'],
    ['rule_conditions: [{a: b}]', '3:23: this condition needs "type"'],
    [
      'rule_conditions: [{type: logsource}]',
      '3:23: a log source condition needs a category, product or service',
    ],
    [
      'rule_conditions: [{type: logsource, produkt: x, product: y}]',
      '3:41: "produkt" is no part of this condition',
    ],
    ['rule_conditions: [{type: tag, tag: x}]', '3:40: "x" is no tag: a namespace, a dot and a name are'],
    ['rule_conditions: [{type: processing_state, key: a}]', '3:23: this condition needs "val"'],
    [
      'rule_conditions: [{type: processing_state, key: a, val: 1, op: in}]',
      '3:68: "op" is one of eq, ne, gte, gt, lte, lt',
    ],
    [
      'rule_conditions: [{type: contains_detection_item, field: a, value: null}]',
      '3:72: "value" must be text, a number, true or false, not null',
    ],
    [
      'rule_conditions: [{type: rule_attribute, attribute: level, value: big}]',
      '3:71: "big" is no level: one of informational, low, medium, high, critical is',
    ],
    [
      'rule_conditions: [{type: rule_attribute, attribute: date, value: soon}]',
      '3:70: "soon" is no date: YYYY-MM-DD is',
    ],
    [
      'rule_conditions: [{type: rule_attribute, attribute: title, value: a, op: gt}]',
      '3:78: "title" is text: it can be asked for "eq" and "ne"',
    ],
    [
      'rule_conditions: [{type: rule_attribute, attribute: level, value: low, op: in}]',
      '3:80: "level" is no list: it cannot be asked for "in"',
    ],
    ['detection_item_conditions: [{type: match_string, pattern: a}]', '3:33: this condition needs "cond"'],
    [
      'detection_item_conditions: [{type: match_string, cond: some, pattern: a}]',
      '3:60: "cond" is one of any, all',
    ],
    [
      "detection_item_conditions: [{type: match_string, cond: any, pattern: '('}]",
      '3:74: "pattern" cannot be run: error parsing regexp: missing closing ): `(`',
    ],
    ['detection_item_conditions: [{type: logsource, product: a}]', '3:40: "logsource" is no condition here'],
    ['field_name_conditions: [{type: include_fields}]', '3:29: this condition needs "fields"'],
    ['field_name_conditions: [{type: include_fields, fields: []}]', '3:60: "fields" is an empty list'],
    [
      "field_name_conditions: [{type: include_fields, fields: [a, '['], mode: re}]",
      '3:64: "fields" cannot be run: error parsing regexp: missing closing ]: `[`',
    ],
    [
      'field_name_conditions: [{type: include_fields, fields: a, mode: glob}]',
      '3:69: "mode" is one of plain, re',
    ],
    ['rule_cond_op: or', '3:5: "rule_cond_op" has no "rule_conditions" to work on'],
    ['rule_cond_not: true', '3:5: "rule_cond_not" has no "rule_conditions" to work on'],
    ['rule_cond_op: xor\nrule_conditions: [{type: is_sigma_rule}]', '3:19: "rule_cond_op" is one of and, or'],
    ['rule_cond_not: 1\nrule_conditions: [{type: is_sigma_rule}]', '3:20: "rule_cond_not" is true or false'],
    [
      'rule_cond_expr: a\nrule_conditions: [{type: is_sigma_rule}]',
      '3:21: "rule_cond_expr" needs conditions with names: make "rule_conditions" a map',
    ],
    [
      'rule_cond_expr: a and b\nrule_conditions: {a: {type: is_sigma_rule}}',
      '3:27: no condition is called "b"',
    ],
    [
      'rule_cond_expr: "a and b"\nrule_conditions: {a: {type: is_sigma_rule}}',
      '3:28: no condition is called "b"',
    ],
    [
      'rule_cond_expr: 1 of a*\nrule_conditions: {a: {type: is_sigma_rule}}',
      '3:26: no condition is called "any of a*"',
    ],
    [
      'rule_cond_expr: a\nrule_conditions: {a: {type: is_sigma_rule}, b: {type: is_sigma_rule}}',
      '3:21: the expression leaves out the conditions "b"',
    ],
    [
      'rule_cond_expr: (a\nrule_conditions: {a: {type: is_sigma_rule}}',
      '3:23: a parenthesis is not closed in condition "(a"',
    ],
    [
      'rule_cond_expr: a\nrule_cond_op: or\nrule_conditions: {a: {type: is_sigma_rule}}',
      '4:5: "rule_cond_op" and "rule_cond_expr" exclude each other',
    ],
  ])('%j', (conditions, expected) => {
    expect(
      inRule(conditions).map((line) => line.replace(/ no condition here: .*/, ' no condition here')),
    ).toContain(expected);
  });
});

describe('hostile files', () => {
  it('never throw', () => {
    const keys = fc.constantFrom(
      'type',
      'id',
      'mapping',
      'items',
      'conditions',
      'regex',
      'rule_conditions',
      'rule_cond_expr',
      '__proto__',
      'vars',
      'fields',
    );
    const values = fc.constantFrom(
      'nest',
      'case',
      'replace_string',
      'field_name_mapping',
      'add_condition',
      'a',
      '(',
      5,
      null,
      true,
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        values,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    const item = fc.dictionary(keys, tree, { maxKeys: 6 });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 3 }), (transformations) => {
        complaints(JSON.stringify({ transformations }));
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.string(), (text) => void complaints(text)));
  });

  it('are bounded in items', () => {
    const many = `transformations:\n${'  - {type: case}\n'.repeat(5_001)}`;
    expect(complaints(many)).toEqual(['5002:5: more than 5000 items']);
    const nested = `transformations:\n  - type: nest\n    items:\n${'      - {type: case}\n'.repeat(5_000)}`;
    expect(complaints(nested)).toEqual(['5003:9: more than 5000 items']);
  });

  it('are read when their maps are large', () => {
    const mapping = Array.from({ length: 20_000 }, (_, i) => `      f${i}: g${i}`).join('\n');
    const { pipeline, problems } = readPipeline(
      `transformations:\n  - type: field_name_mapping\n    mapping:\n${mapping}\n`,
    );
    expect(problems).toEqual([]);
    expect(pipeline?.items).toHaveLength(1);
  });
});
