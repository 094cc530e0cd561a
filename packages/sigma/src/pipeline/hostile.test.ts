import { describe, expect, it } from 'vitest';
import { apply, itemRule, pipelineOf, refusals, ruleOf, sel } from '../testing/pipelines.js';

const repeat = (item: string, times: number) => Array.from({ length: times }, () => item).join('\n');
const limits = (rule: Parameters<typeof refusals>[0], items: string, top = '') =>
  refusals(rule, pipelineOf(items, top)).map(
    ({ code, message }) => `${code}: ${message.replace(/ \(pipeline item.*/, '')}`,
  );

describe('growth is bounded', () => {
  it('of values', () => {
    expect(limits(itemRule('A: x'), repeat('- {type: map_string, mapping: {x: [x, x]}}', 40))).toEqual([
      'limit: an item grows beyond 50000 values',
    ]);
  });

  it('of what placeholders stand for', () => {
    const value = '%x%'.repeat(30);
    const items = '- {type: value_placeholders}';
    expect(limits(itemRule(`A|expand: '${value}'`), items, 'vars: {x: [a, b]}')).toEqual([
      'limit: placeholders stand for more than 50000 values',
    ]);
    const long = '%x%'.repeat(20_000);
    expect(sel(apply(itemRule(`A|expand: '${long}'`), pipelineOf(items, 'vars: {x: a}')))).toHaveLength(
      20_002,
    );
  });

  it('of detection items, side by side and nested', () => {
    expect(
      limits(itemRule('A: x'), repeat('- {type: field_name_mapping, mapping: {A: [A, A]}}', 40)),
    ).toEqual(['limit: the rule grows beyond 10000 detection items']);
    const onA = 'field_name_conditions: [{type: include_fields, fields: A}]';
    const deeper = `- {type: extract_fields, regex: '(?P<A>.+)(?P<B>.)', ${onA}}
- {type: field_name_mapping, mapping: {A: [A, C]}}`;
    expect(limits(itemRule(`A: ${'x'.repeat(200)}`), repeat(deeper, 50))).toEqual([
      'limit: the rule grows deeper than 64 levels',
    ]);
  });

  it('of values in length', () => {
    expect(
      limits(itemRule('A: x'), repeat('- {type: replace_string, regex: x, replacement: xx}', 20)),
    ).toEqual([
      expect.stringMatching(/^limit: (?:a value grows beyond|a value of more than|the regular expressions)/),
    ]);
  });

  it('of field names in length', () => {
    const prefix = 'p'.repeat(100);
    expect(limits(itemRule('A: x'), repeat(`- {type: field_name_prefix, prefix: ${prefix}}`, 20))).toEqual([
      'limit: a field name grows beyond 1024 characters',
    ]);
  });

  it('not of what a rule was written with', () => {
    const items = Array.from({ length: 12_000 }, (_, i) => `  F${i}: x`).join('\n');
    const rule = ruleOf(`sel:\n${items}\ncondition: sel`);
    expect(apply(rule, pipelineOf('- {type: field_name_prefix, prefix: p.}')).detections.size).toBe(1);
  });
});

describe('time is bounded', () => {
  it.each(['(a+)+$', '(a|aa)+$', '(.*a){20}', '([a-z]+)*X'])('for %s', (regex) => {
    const rule = itemRule(`A: ${'a'.repeat(5_000)}b`);
    const pipeline = pipelineOf(
      `- {type: replace_string, regex: '${regex}', replacement: x}\n` +
        `- {type: case, detection_item_conditions: [{type: match_string, cond: any, pattern: '${regex}'}]}`,
    );
    // Either it is done or it is refused; it never hangs.
    for (const { code } of refusals(rule, pipeline)) expect(code).toBe('limit');
  });

  it('for many expressions on many values', () => {
    const values = Array.from({ length: 2_000 }, (_, i) => `    - ${'ab'.repeat(50)}${i}`).join('\n');
    const rule = ruleOf(`sel:\n  A:\n${values}\ncondition: sel`);
    const item = "- {type: replace_string, regex: '(a*b|a)*c|a', replacement: a}";
    expect(limits(rule, repeat(item, 50))).toEqual([
      'limit: the regular expressions of the pipelines take too long on this rule',
    ]);
  });
});

it('names the item that was too much', () => {
  const [problem] = refusals(
    itemRule('A: x'),
    pipelineOf(repeat('- {type: field_name_suffix, suffix: sssssssssssssssss}', 100)),
  );
  expect(problem).toMatchObject({ code: 'limit', at: { file: 'rule.yml' } });
  expect(problem?.message).toMatch(/\(pipeline item at pipeline\.yml:\d+\)$/);
});
