/** What transformations promise about meaning, checked by evaluating rules before and after them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblem, Problems } from '../errors.js';
import type { Event } from '../event.js';
import { planRule } from '../planner.js';
import type { DetectionRule } from '../rule.js';
import { evaluate } from '../testing/naive.js';
import { apply, indent, pipelineOf, ruleOf } from '../testing/pipelines.js';

function matches(rule: DetectionRule, event: Event): boolean {
  const problems = new Problems();
  const planned = planRule(rule, problems);
  if (planned === undefined) throw new Error(problems.list.map(formatProblem).join('\n'));
  return evaluate(planned.plan, event);
}

const text = fc.string({
  unit: fc.constantFrom('a', 'B', '-', '/', '\\', '*', '?'),
  minLength: 1,
  maxLength: 4,
});
const plainText = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '-', '/', '\\'), maxLength: 4 });
const modifiers = fc.constantFrom(
  '',
  '|contains',
  '|startswith',
  '|endswith|cased',
  '|windash|contains',
  '|neq',
  '|contains|all',
  '|contains|all|neq',
);

/** Lines of a detection: items of the fields A and B, with tests for what is not there among them. */
const item = fc.oneof(
  fc
    .tuple(fc.constantFrom('A', 'B'), modifiers, fc.array(text, { minLength: 2, maxLength: 3 }))
    .map(([field, modifier, values]) => `${field}${modifier}: ${JSON.stringify(values)}`),
  fc.constantFrom(
    'A: null',
    'B: null',
    'A|neq: null',
    'A|exists: false',
    'B|exists: true',
    'A: 5',
    'B: [5, a]',
  ),
);
const detection = fc.tuple(
  fc.array(item, { minLength: 1, maxLength: 3 }),
  fc.constantFrom('sel', 'not sel', 'sel or 1 of s*', '1 of them'),
);
const rules = detection.map(([items, condition]) => {
  const lines = [...new Map(items.map((line) => [line.split(':')[0], line])).values()];
  return ruleOf(`sel:\n${indent(lines.join('\n'), 2)}\ncondition: ${condition}`);
});
const values = fc.oneof(plainText, fc.constant(5), fc.constant(null), fc.array(plainText, { maxLength: 2 }));
const events = fc.record({ A: values, B: values }, { requiredKeys: [] });

describe('meaning', () => {
  it('is kept by mappings, when the records have the new names', () => {
    const pipeline = pipelineOf('- {type: field_name_mapping, mapping: {A: [x, y], B: z}}');
    fc.assert(
      fc.property(rules, events, fc.boolean(), (rule, event, first) => {
        const renamed: Record<string, unknown> = {};
        if ('A' in event) renamed[first ? 'x' : 'y'] = event.A;
        if ('B' in event) renamed.z = event.B;
        expect(matches(apply(rule, pipeline), renamed)).toBe(matches(rule, event));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['{type: regex}', '{type: regex, method: ignore_case_flag}'])('is kept by %s', (transformation) => {
    const pipeline = pipelineOf(`- ${transformation}`);
    fc.assert(
      fc.property(rules, events, (rule, event) => {
        expect(matches(apply(rule, pipeline), event)).toBe(matches(rule, event));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['lower', 'upper'])('is kept by case %s but for `cased` items', (method) => {
    const pipeline = pipelineOf(`- {type: case, method: ${method}}`);
    fc.assert(
      fc.property(rules, events, (rule, event) => {
        fc.pre(!JSON.stringify(rule.detections.get('sel')).includes('cased'));
        expect(matches(apply(rule, pipeline), event)).toBe(matches(rule, event));
      }),
    );
  });

  it('is narrowed by conditions that are added', () => {
    const condition = 'conditions: {C: yes}, name: sel_added';
    const added = pipelineOf(`- {type: add_condition, ${condition}}`);
    const negated = pipelineOf(`- {type: add_condition, ${condition}, negated: true}`);
    fc.assert(
      fc.property(rules, events, fc.constantFrom('yes', 'no'), (rule, event, C) => {
        const with_ = { ...event, C };
        expect(matches(apply(rule, added), with_)).toBe(matches(rule, with_) && C === 'yes');
        expect(matches(apply(rule, negated), with_)).toBe(matches(rule, with_) && C === 'no');
      }),
    );
  });

  it('of keywords is kept in records of one field', () => {
    const pipeline = pipelineOf('- type: field_name_mapping\n  mapping:\n    null: message');
    const keywords = fc.array(fc.oneof(text, fc.constant(5)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(keywords, plainText, (words, message) => {
        const rule = ruleOf(`sel: ${JSON.stringify(words)}\ncondition: sel`);
        expect(matches(apply(rule, pipeline), { message })).toBe(matches(rule, { message }));
      }),
    );
  });

  it('of hashes is kept when they get fields of their own', () => {
    const hash = fc.constantFrom('a', 'b').map((digit) => digit.repeat(32));
    const pipeline = pipelineOf('- {type: hashes_fields, valid_hash_algos: [MD5, IMPHASH]}');
    const sought = fc
      .tuple(fc.constantFrom('MD5', 'IMPHASH'), hash)
      .map(([name, digits]) => `${name}=${digits}`);
    fc.assert(
      fc.property(
        fc.constantFrom('|contains', '|contains|all', '|contains|neq'),
        fc.array(sought, { minLength: 2, maxLength: 3 }),
        hash,
        hash,
        (modifier, list, MD5, IMPHASH) => {
          const rule = ruleOf(`sel:\n  Hashes${modifier}: ${JSON.stringify(list)}\ncondition: sel`);
          const before = matches(rule, { Hashes: `MD5=${MD5},IMPHASH=${IMPHASH}` });
          expect(matches(apply(rule, pipeline), { MD5, IMPHASH })).toBe(before);
        },
      ),
    );
  });
});
