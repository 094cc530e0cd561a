import { describe, expect, it } from 'vitest';
import { apply, correlationOf, itemRule, pipelineOf, refusals, ruleOf, sel } from '../testing/pipelines.js';
import { snakeCase } from './fields.js';

describe('field_name_mapping', () => {
  const one = pipelineOf('- {type: field_name_mapping, mapping: {Image: process.executable}}');
  const several = pipelineOf('- {type: field_name_mapping, mapping: {Image: [a, b]}}');

  it('renames items, with their modifiers, and the list of fields', () => {
    const rule = apply(itemRule('Image|endswith|cased: x\nOther: y'), one);
    expect(sel(rule)).toBe('all(process.executable|endswith|cased=x Other=y)');
    expect(rule.fields).toEqual(['process.executable', 'CommandLine']);
  });

  it('makes several names alternatives', () => {
    const rule = apply(itemRule('Image|contains|all: [x, y]\nOther: z'), several);
    expect(sel(rule)).toBe('all(any(a|contains|all=x,y b|contains|all=x,y) Other=z)');
    expect(rule.fields).toEqual(['a', 'b', 'CommandLine']);
  });

  it('makes alternatives of alternatives one list', () => {
    const further = pipelineOf('- {type: field_name_mapping, mapping: {a: [c, d]}}');
    expect(sel(apply(itemRule('Image: x'), several, further))).toBe('any(c=x d=x b=x)');
  });

  it('asks for the absence of all names', () => {
    expect(sel(apply(itemRule('Image: null'), several))).toBe('all(a=<null> b=<null>)');
    expect(sel(apply(itemRule('Image|exists: false'), several))).toBe(
      'all(a|exists=<false> b|exists=<false>)',
    );
    expect(sel(apply(itemRule('Image|exists: true'), several))).toBe('any(a|exists=<true> b|exists=<true>)');
    expect(sel(apply(itemRule('Image|neq: x'), several))).toBe('any(a|neq=x b|neq=x)');
  });

  it('renames what `fieldref` refers to', () => {
    expect(sel(apply(itemRule('Other|fieldref: Image'), one))).toBe('Other|fieldref=process.executable');
    expect(sel(apply(itemRule('Other|fieldref: Image'), several))).toBe('Other|fieldref=a,b');
  });

  it('is case-sensitive and leaves other fields alone', () => {
    const rule = itemRule('image: x');
    expect(sel(apply(rule, one))).toBe('image=x');
  });

  it('looks for keywords in a field, anywhere in it', () => {
    const keywords = ruleOf('sel:\n  - evil\n  - "a*"\n  - 7\ncondition: sel');
    const pipeline = pipelineOf('- type: field_name_mapping\n  mapping:\n    null: message');
    expect(sel(apply(keywords, pipeline))).toBe('message=*evil*,*a*,*7*');
    const quoted = pipelineOf('- type: field_name_mapping\n  mapping:\n    "null": message');
    expect(sel(apply(keywords, quoted))).toBe('=evil,a*,<7>');
    expect(sel(apply(itemRule('"null": x'), quoted))).toBe('message=x');
  });

  it('knows no names of the prototype', () => {
    const rule = itemRule('constructor: x\n__proto__: y');
    expect(sel(apply(rule, one))).toBe(sel(rule));
    const pipeline = pipelineOf('- {type: field_name_mapping, mapping: {__proto__: safe}}');
    expect(sel(apply(rule, pipeline))).toBe('all(constructor=x safe=y)');
  });
});

describe('other transformations of names', () => {
  const rule = itemRule('win.Image: x\nCommandLine: y');

  it('field_name_prefix_mapping takes the first prefix that fits', () => {
    const items = '- {type: field_name_prefix_mapping, mapping: {win.: windows., w: never}}';
    expect(sel(apply(rule, pipelineOf(items)))).toBe('all(windows.Image=x CommandLine=y)');
    const several = '- {type: field_name_prefix_mapping, mapping: {win.: [a., b.]}}';
    expect(sel(apply(rule, pipelineOf(several)))).toBe('all(any(a.Image=x b.Image=x) CommandLine=y)');
  });

  it('field_name_prefix and field_name_suffix', () => {
    const pipeline = pipelineOf(
      '- {type: field_name_prefix, prefix: p.}\n- {type: field_name_suffix, suffix: .s}',
    );
    const result = apply(rule, pipeline);
    expect(sel(result)).toBe('all(p.win.Image.s=x p.CommandLine.s=y)');
    expect(result.fields).toEqual(['p.Image.s', 'p.CommandLine.s']);
  });

  it('leave keywords alone', () => {
    const keywords = ruleOf('sel: [evil]\ncondition: sel');
    expect(sel(apply(keywords, pipelineOf('- {type: field_name_prefix, prefix: p.}')))).toBe('=evil');
  });

  it.each([
    ['lower', 'all(win.image=x kept=y)'],
    ['upper', 'all(WIN.IMAGE=x kept=y)'],
    ['title', 'all(Win.Image=x kept=y)'],
    ['snake_case', 'all(win.image=x kept=y)'],
  ])('field_name_transform %s', (name, expected) => {
    const items = `- {type: field_name_transform, transform_func: ${name}, mapping: {CommandLine: kept}}`;
    expect(sel(apply(rule, pipelineOf(items)))).toBe(expected);
  });

  it.each([
    ['CommandLine', 'command_line'],
    ['ParentProcessID', 'parent_process_id'],
    ['DNSQuery', 'dns_query'],
    ['already_snake', 'already_snake'],
    ['sha256Hash', 'sha256_hash'],
  ])('%s in snake case', (name, expected) => expect(snakeCase(name)).toBe(expected));
});

describe('correlations', () => {
  const correlation = correlationOf(
    'type: value_count\nrules: [one, two]\ngroup-by: [User, target]\ntimespan: 5m\n' +
      'condition: {gte: 3, field: Image}\n' +
      'aliases:\n  target: {one: Computer, two: Host}',
    'fields: [User]',
  );

  it('map group-by, aliases, the counted field and the list of fields', () => {
    const pipeline = pipelineOf(
      '- {type: field_name_mapping, mapping: {User: user.name, Image: process, Computer: host, target: wrong}}',
    );
    const rule = apply(correlation, pipeline);
    expect(rule.groupBy).toEqual(['user.name', 'target']);
    expect([...(rule.aliases.get('target') ?? [])]).toEqual([
      ['one', 'host'],
      ['two', 'Host'],
    ]);
    expect(rule.countedFields).toEqual(['process']);
    expect(rule.fields).toEqual(['user.name']);
  });

  it('group by every name a field gets', () => {
    const pipeline = pipelineOf('- {type: field_name_mapping, mapping: {User: [a, b]}}');
    expect(apply(correlation, pipeline).groupBy).toEqual(['a', 'b', 'target']);
  });

  it.each([
    ['Image', 'the field of the condition'],
    ['Computer', 'the alias "target"'],
  ])('cannot have several names for %s', (field, what) => {
    const pipeline = pipelineOf(`- {type: field_name_mapping, mapping: {${field}: [a, b]}}`);
    expect(refusals(correlation, pipeline)).toEqual([
      expect.objectContaining({
        code: 'pipeline',
        severity: 'error',
        message: `${what} would become several fields: ${field} to a, b`,
      }),
    ]);
  });
});
