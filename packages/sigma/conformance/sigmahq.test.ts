/**
 * Real rules and the events that must fire them. They are not part of the project (their licences differ) and
 * are read from `../shared/data/sigma` beside the checkout; without it these tests are skipped.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { matchBatches } from '../src/duckdb/run.js';
import { type ReadRecord, readRecords, readRuleFiles } from '../src/files.js';
import { type Loaded, loadRules, type RuleSource } from '../src/load.js';
import { Matcher } from '../src/match/matcher.js';
import { windowsEvent } from '../src/windows-event.js';

const data = resolve(import.meta.dirname, '../../../../shared/data/sigma');
const there = existsSync(data);
const why = there ? '' : ' (skipped: the SigmaHQ snapshot is not beside this checkout)';

async function sources(...folders: string[]): Promise<RuleSource[]> {
  return (await Promise.all(folders.map((folder) => readRuleFiles(join(data, folder))))).flat();
}

function errorsOf(loaded: Loaded): Record<string, number> {
  const out: Record<string, number> = {};
  for (const { code, severity } of loaded.problems)
    if (severity === 'error') out[code] = (out[code] ?? 0) + 1;
  return out;
}

describe.skipIf(!there)(`SigmaHQ${why}`, () => {
  let main: Loaded;
  beforeAll(async () => {
    main = loadRules(
      await sources('rules', 'rules-compliance', 'rules-emerging-threats', 'rules-threat-hunting'),
    );
  });

  it('every rule is read and planned, but those whose placeholders nobody filled', () => {
    expect(main.rules).toHaveLength(3141 + 3 + 473 + 140);
    expect(main.rules.filter(({ parsed }) => !parsed)).toEqual([]);
    const bad = main.rules.filter(({ planned }) => planned === undefined);
    expect(bad.flatMap(({ problems }) => problems.map(({ code }) => code))).toEqual([
      'placeholder',
      'placeholder',
    ]);
  });

  it('rules with placeholders are refused with that reason, unsupported ones for dropped aggregations', async () => {
    const placeholders = loadRules(await sources('rules-placeholder'));
    expect(Object.keys(errorsOf(placeholders))).toEqual(['placeholder']);
    const unsupported = loadRules(await sources('unsupported'));
    expect(Object.keys(errorsOf(unsupported)).sort()).toEqual(['condition', 'deprecated']);
  });

  it('every regression event fires its rule', async () => {
    const matcher = new Matcher(main.set.rules);
    const root = join(data, 'regression_data');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.json(cls)?$/.test(file),
    );
    expect(files.length).toBeGreaterThan(100);
    const silent: string[] = [];
    for (const file of files) {
      const info = readFileSync(join(root, file, '..', 'info.yml'), 'utf8');
      const wanted = /id: ([0-9a-f-]{36})\s+title:/.exec(info)?.[1];
      let fired = false;
      for await (const record of readRecords(join(root, file))) {
        if (!('event' in record)) continue;
        fired ||= matcher.match(windowsEvent(record.event)).some(({ key }) => key === wanted);
      }
      if (!fired) silent.push(file);
    }
    expect(silent).toEqual([]);
  });

  it('every regression event fires its rule in SQL too', async () => {
    const root = join(data, 'regression_data');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.json(cls)?$/.test(file),
    );
    const wanted = new Map<number, string>();
    const batch: ReadRecord[] = [];
    for (const file of files) {
      const info = readFileSync(join(root, file, '..', 'info.yml'), 'utf8');
      for await (const record of readRecords(join(root, file))) {
        if (!('event' in record)) continue;
        batch.push({ ...record, line: batch.length + 1 });
        wanted.set(batch.length, `${file} ${/id: ([0-9a-f-]{36})\s+title:/.exec(info)?.[1]}`);
      }
    }
    const ids = new Set([...wanted.values()].map((text) => text.split(' ').at(-1)));
    const rules = main.set.rules.filter(({ key }) => ids.has(key));
    const { hits } = await matchBatches({ rules, correlations: [], silent: new Set() }, [batch], {
      threads: 2,
    });
    const fired = new Set(hits.map(({ rule, line }) => `${wanted.get(line)?.split(' ')[0]} ${rule.key}`));
    expect([...new Set(wanted.values())].filter((text) => !fired.has(text))).toEqual([]);
  });

  it('published correlation rules are read, or say what is not Sigma in them', async () => {
    const loaded = loadRules(await sources('extra/correlation_rules'));
    expect(loaded.set.correlations.length).toBe(28);
    // Rules of other dialects: aggregations, missing mandatory parts, rules that are not in the file.
    const codes = Object.keys(errorsOf(loaded)).sort();
    expect([
      'condition',
      'deprecated',
      'missing',
      'reference',
      'type',
      'value',
      'regex',
      'modifier',
      'duplicate',
    ]).toEqual(expect.arrayContaining(codes));
  });

  it('the schema tests of the specification are read', async () => {
    const loaded = loadRules(await sources('spec/tests'));
    expect(loaded.rules.filter(({ parsed }) => !parsed).map(({ file }) => file)).toEqual([]);
  });
});
