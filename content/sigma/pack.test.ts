/** The packs of rules here: their own tests, and what every rule of a pack has to have. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sqlTarget } from '../../packages/sigma/src/duckdb/index.js';
import { formatProblem } from '../../packages/sigma/src/errors.js';
import { lint } from '../../packages/sigma/src/lint/index.js';
import { loadRules, type RuleSource } from '../../packages/sigma/src/load.js';
import { isCorrelation } from '../../packages/sigma/src/plan.js';
import type { Detection, DetectionItem } from '../../packages/sigma/src/rule.js';
import {
  formatRuleTestProblem,
  isRuleTestFile,
  matcherTarget,
  runRuleTests,
} from '../../packages/sigma/src/rule-tests/index.js';
import { naiveTarget } from '../../packages/sigma/src/testing/rule-test-targets.js';

const folder = join(import.meta.dirname, 'remote-employment-fraud');
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .sort()
  .map((name) => ({ file: name, text: readFileSync(join(folder, name), 'utf8') }));
const ruleFiles = sources.filter(({ file }) => !isRuleTestFile(file));
const testFiles = sources.filter(({ file }) => isRuleTestFile(file));
const loaded = loadRules(ruleFiles);
const { set } = loaded;
const reporting = [...set.correlations, ...set.rules].filter((item) => !set.silent.has(item));

describe('the pack against remote-employment fraud', () => {
  it('passes its own tests, run as a stream, plainly and as SQL', async () => {
    const targets = [matcherTarget, naiveTarget, sqlTarget];
    const results = await runRuleTests(sources, { requireTests: true, targets });
    expect(results.problems.map(formatRuleTestProblem)).toEqual([]);
    expect(results).toMatchObject({ passed: true, cases: { failed: 0 }, untested: [] });
    expect(results.cases.passed).toBeGreaterThanOrEqual(2 * reporting.length);
  }, 180_000);

  it('loads and lints without a word', () => {
    expect(lint(ruleFiles).map(formatProblem)).toEqual([]);
  });

  it('holds one correlation in each file that reports, called like the file', () => {
    expect(reporting.every(isCorrelation)).toBe(true);
    expect(reporting.length).toBeGreaterThanOrEqual(14);
    expect(reporting.map(({ rule }) => `${rule.name}.yml`).sort()).toEqual(ruleFiles.map(({ file }) => file));
  });

  it('uses every way of correlating it can show', () => {
    const { correlations } = set;
    expect(new Set(correlations.map(({ rule }) => rule.type))).toEqual(
      new Set(['event_count', 'value_count', 'value_sum', 'temporal', 'temporal_ordered']),
    );
    expect(correlations.some(({ rule }) => rule.expression !== undefined)).toBe(true);
    expect(correlations.some(({ rule }) => rule.aliases.size > 0)).toBe(true);
    expect(correlations.some(({ inputs }) => inputs.some(isCorrelation))).toBe(true);
  });

  it.each(reporting.map(({ rule }) => [rule.name, rule] as const))(
    'says who, why and what else: %s',
    (_, rule) => {
      expect(rule).toMatchObject({
        status: 'experimental',
        author: 'Rollcall',
        date: '2026-11-22',
        license: 'Apache-2.0',
      });
      expect(rule.description).toMatch(/Threshold: |Both changes are asked for/);
      expect(rule.references.length).toBeGreaterThanOrEqual(2);
      expect(rule.falsepositives.length).toBeGreaterThanOrEqual(2);
      expect(rule.tags.filter((tag) => /^attack\.t\d{4}(\.\d{3})?$/.test(tag)).length).toBeGreaterThan(0);
      expect(['low', 'medium']).toContain(rule.level);
    },
  );

  it('gives every rule a random id and a name no other has, so that any tool can load all files at once', () => {
    const rules = loaded.rules.map(({ rule }) => rule);
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(rules.filter(({ id }) => !uuid.test(id ?? ''))).toEqual([]);
    for (const key of ['id', 'name', 'title'] as const) {
      const texts = rules.map((rule) => rule[key]);
      expect(texts.filter((text, i) => text === undefined || texts.indexOf(text) !== i)).toEqual([]);
    }
  });

  it('finds no place and no name suspicious in itself', () => {
    // Such a field may be there, and may be compared with itself: nothing else.
    const personal = /country|geo|city|region|state$|locale|lang|timezone|display_?name|user_name|location/i;
    const items = loaded.rules.flatMap(({ rule }) =>
      rule.kind === 'detection' ? [...rule.detections.values()].flatMap(itemsOf) : [],
    );
    const fields = items.filter(({ field }) => personal.test(field ?? ''));
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.filter(({ modifiers }) => modifiers.join() !== 'exists')).toEqual([]);
    expect(
      set.correlations.flatMap(({ rule }) => rule.groupBy.filter((field) => personal.test(field))),
    ).toEqual([]);
    expect(items.filter(({ field }) => field === null)).toEqual([]);
  });

  it('tests with addresses of documentation and mail of example domains only', () => {
    const text = testFiles.map((source) => source.text).join('\n');
    const addresses = [...text.matchAll(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g)].map(([address]) => address);
    expect(addresses.length).toBeGreaterThan(0);
    const allowed = /^(?:192\.0\.2|198\.51\.100|203\.0\.113|10\.0\.0|172\.16\.0|192\.168\.0)\.\d+$/;
    expect(addresses.filter((address) => !allowed.test(address))).toEqual([]);
    const mail = [...text.matchAll(/[\w.+-]+@([\w.-]+)/g)].map(([, domain]) => domain);
    expect(mail.filter((domain) => !/^example\.(?:com|net|org)$/.test(domain ?? ''))).toEqual([]);
  });

  it('describes every rule in its README, and no other', () => {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/^### `([a-z0-9_]+)`$/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(ruleFiles.map(({ file }) => file.replace('.yml', '')));
  });

  it.each(ruleFiles.map(({ file }) => file))(
    'pins every number, order and exception by a case: %s',
    async (file) => {
      const rules = ruleFiles.find((source) => source.file === file) as RuleSource;
      const tests = testFiles.find(
        (source) => source.file === file.replace('.yml', '.test.yml'),
      ) as RuleSource;
      const passes = async (text: string) => (await runRuleTests([{ file, text }, tests])).passed;
      expect(await passes(rules.text)).toBe(true);
      const changes = changesOf(rules.text);
      expect(changes.length).toBeGreaterThan(2);
      const unnoticed: string[] = [];
      for (const { what, text } of changes) if (await passes(text)) unnoticed.push(what);
      expect(unnoticed).toEqual([]);
    },
  );
});

function itemsOf(detection: Detection): DetectionItem[] {
  return detection.kind === 'item' ? [detection] : detection.items.flatMap(itemsOf);
}

/** The text with one line changed so that the rule means something else, for every such line. */
function changesOf(text: string): { what: string; text: string }[] {
  const lines = text.split('\n');
  const out: { what: string; text: string }[] = [];
  lines.forEach((line, i) => {
    const change = (pattern: RegExp, replacement: (match: RegExpExecArray) => string) => {
      const match = pattern.exec(line);
      if (match === null) return;
      const changed =
        line.slice(0, match.index) + replacement(match) + line.slice(match.index + match[0].length);
      out.push({ what: `${i + 1}: ${changed.trim()}`, text: lines.with(i, changed).join('\n') });
    };
    change(/(gte?: )(\d+)$/, ([, key, value]) => `${key}${Number(value) + 1}`);
    change(/(gte?: )(\d+)$/, ([, key, value]) => `${key}${Number(value) - 1}`);
    change(/(timespan: )(\d+)(\w)$/, ([, key, value, unit]) => `${key}${Number(value) * 50}${unit}`);
    change(/(timespan: )\d+\w$/, ([, key]) => `${key}1s`);
    change(/temporal_ordered$/, () => 'temporal');
    change(/ and not 1 of filter_main_\*$/, () => '');
    change(/ and not windows_remote_access_deployed$/, () => '');
  });
  return out;
}
