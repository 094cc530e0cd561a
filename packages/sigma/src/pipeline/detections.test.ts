import { describe, expect, it } from 'vitest';
import { Problems } from '../errors.js';
import { planRule } from '../planner.js';
import {
  apply,
  correlationOf,
  itemRule,
  pipelineOf,
  readRule,
  refusals,
  ruleOf,
  sel,
  show,
  showCondition,
} from '../testing/pipelines.js';

describe('drop_detection_item', () => {
  const drop = pipelineOf(
    '- {type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [Drop]}]}',
  );
  const dropped = (detection: string) => {
    const rule = apply(ruleOf(detection), drop);
    return [
      [...rule.detections].map(([name, each]) => `${name}: ${show(each)}`),
      rule.conditions.map(showCondition),
    ];
  };

  it('leaves items out, and groups of which nothing is left', () => {
    expect(dropped('sel:\n  - {Drop: x, A: y}\n  - {Drop: x}\n  - {B: z}\ncondition: sel')).toEqual([
      ['sel: any(A=y B=z)'],
      ['sel'],
    ]);
  });

  it.each([
    ['keep and gone', 'keep'],
    ['keep or gone', 'keep'],
    ['keep and not gone', 'keep'],
    ['keep and not (gone or also)', '(keep and not also)'],
    ['keep and 1 of gon*', 'keep'],
    ['1 of *e*', 'any of *e*'],
    ['all of them', 'all of them'],
  ])('takes search identifiers it empties out of "%s"', (condition, expected) => {
    const [names, conditions] = dropped(
      `keep: {A: x}\nalso: {B: y}\ngone: {Drop: z}\ncondition: ${condition}`,
    );
    expect(names).toEqual(['keep: A=x', 'also: B=y']);
    expect(conditions).toEqual([expected]);
  });

  it('drops conditions of which nothing is left, but not the last', () => {
    expect(dropped('keep: {A: x}\ngone: {Drop: z}\ncondition: [keep, gone]')[1]).toEqual(['keep']);
    const rule = ruleOf('keep: {A: x}\ngone: {Drop: z}\ncondition: gone');
    expect(refusals(rule, drop)).toEqual([
      expect.objectContaining({
        code: 'pipeline',
        severity: 'error',
        message: 'a pipeline drops all that the condition of the rule asks for',
      }),
    ]);
  });
});

describe('add_condition', () => {
  const add = (more = '', conditions = 'Channel: Security\n    EventID|contains: [1, 2]') =>
    pipelineOf(`- type: add_condition\n  conditions:\n    ${conditions}\n${more}`);
  const added = (rule: ReturnType<typeof ruleOf>, ...pipelines: Parameters<typeof refusals>[1][]) => {
    const result = apply(rule, ...pipelines);
    const names = [...result.detections.keys()].filter((name) => !rule.detections.has(name));
    return [
      names.map((name) => `${name}: ${show(result.detections.get(name))}`),
      result.conditions.map(showCondition),
    ];
  };
  const rule = ruleOf('sel: {A: x}\nother: {B: y}\ncondition: [sel or other, sel]');

  it('narrows every condition', () => {
    expect(added(rule, add())).toEqual([
      ['_cond: all(Channel=Security EventID|contains=<1>,<2>)'],
      ['(_cond and (sel or other))', '(_cond and sel)'],
    ]);
  });

  it('can be negated and named, and takes a name once', () => {
    expect(added(rule, add('  name: extra\n  negated: true'))[1]).toEqual([
      '(not extra and (sel or other))',
      '(not extra and sel)',
    ]);
    expect(added(rule, add('  name: sel'))[1]).toEqual(['(sel_2 and (sel or other))', '(sel_2 and sel)']);
    expect(added(rule, add(), add())[1]?.[1]).toBe('(_cond_2 and (_cond and sel))');
  });

  it.each(['1 of them', 'all of *', '1 of e*'])('is not reached by "%s" of the rule', (condition) => {
    const names = ruleOf(`e1: {A: x}\ne2: {B: y}\ncondition: ${condition}`);
    const result = apply(names, add('  name: extra'));
    const problems = new Problems();
    const text = JSON.stringify(planRule(result, problems)?.plan);
    expect(problems.list).toEqual([]);
    expect(text.match(/"Channel"/g)).toHaveLength(1);
    expect(showCondition(result.conditions[0] as never)).toContain('extra and (e1');
  });

  it('fills in the log source of the rule', () => {
    const conditions = `A: '$category-\${product}-$$-$categoryx-$other'\n    B|re: '$product.'`;
    expect(added(rule, add('  template: true', conditions))[0]).toEqual([
      '_cond: all(A=process_creation-windows-$-$categoryx-$other B|re=windows.)',
    ]);
    expect(added(rule, add('', conditions))[0]).toEqual([
      `_cond: all(A=$category-\${product}-$$-$categoryx-$other B|re=$product.)`,
    ]);
  });

  it('fills it in as text', () => {
    const strange = ruleOf('sel: {A: x}\ncondition: sel', "{category: 'a*b', product: 'c.d'}");
    const conditions = "A: '$category'\n    B|re: '$product'";
    expect(added(strange, add('  template: true', conditions))[0]).toEqual([
      '_cond: all(A=a\\*b B|re=c\\.d)',
    ]);
  });

  it('refuses a rule without what the template asks for', () => {
    expect(refusals(rule, add('  template: true', "A: '$service'"))).toEqual([
      expect.objectContaining({
        code: 'pipeline',
        message: 'the log source of the rule has no service, which "$service" stands for',
        at: expect.objectContaining({ file: 'pipeline.yml', line: 3 }),
      }),
    ]);
  });

  it('marks its items as its own', () => {
    const pipeline = pipelineOf(
      '- {id: mine, type: add_condition, conditions: {A: x, B: y}}\n' +
        '- type: field_name_prefix\n  prefix: "+"\n' +
        '  detection_item_conditions: [{type: processing_item_applied, processing_item_id: mine}]',
    );
    const result = apply(itemRule('C: z'), pipeline);
    expect([sel(result), show(result.detections.get('_cond'))]).toEqual(['C=z', 'all(+A=x +B=y)']);
  });

  it('leaves correlations and filters to the rules they are about', () => {
    const correlation = correlationOf('type: temporal\nrules: [a, b]\ntimespan: 1m');
    expect(apply(correlation, add())).toBe(correlation);
    const filter = readRule(
      'title: Filter\nlogsource: {product: windows}\nfilter:\n  rules: any\n  sel: {A: x}\n  condition: not sel\n',
    );
    expect(apply(filter, add())).toBe(filter);
  });
});

describe('failures', () => {
  it('rule_failure refuses the rule', () => {
    const pipeline = pipelineOf(
      '- {type: rule_failure, message: not here, rule_conditions: [{type: contains_field, field: A}]}',
    );
    expect(refusals(itemRule('B: x'), pipeline)).toEqual([]);
    expect(refusals(itemRule('A: x'), pipeline)).toEqual([
      {
        code: 'pipeline',
        severity: 'error',
        message: 'not here',
        at: { file: 'rule.yml', line: 1, column: 1 },
      },
    ]);
  });

  it('detection_item_failure refuses it at the item', () => {
    const pipeline = pipelineOf(
      '- {type: detection_item_failure, message: not this, detection_item_conditions: [{type: is_null, cond: any}]}',
    );
    expect(refusals(itemRule('A: x\nB: null'), pipeline)).toEqual([
      {
        code: 'pipeline',
        severity: 'error',
        message: 'not this',
        at: { file: 'rule.yml', line: 13, column: 5 },
      },
    ]);
  });

  it('strict_field_mapping_failure refuses fields nobody mapped', () => {
    const pipeline = pipelineOf(
      '- {type: field_name_mapping, mapping: {A: [a1, a2], B: B}}\n' +
        '- {type: field_name_mapping, mapping: {a1: deep}}\n' +
        '- {type: strict_field_mapping_failure}',
    );
    expect(refusals(itemRule('A: x\nB: y'), pipeline)).toEqual([]);
    expect(refusals(itemRule('A: x\nC: y'), pipeline).map(({ message }) => message)).toEqual([
      'the field "C" is mapped by no pipeline',
    ]);
  });
});
