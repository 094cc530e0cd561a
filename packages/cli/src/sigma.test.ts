import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from './main.js';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-sigma-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let out = '';
let err = '';
beforeEach(() => {
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text, done?: unknown) => {
    out += String(text);
    if (typeof done === 'function') done();
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
  return () => vi.restoreAllMocks();
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const rules = file(
  'rules.yml',
  `title: Refused
id: 929a690e-bef0-4204-a928-ef5e620d6fcc
name: refused
author: Somebody
license: DRL-1.1
level: low
logsource: {product: okta}
detection: {s: {outcome: refused}, condition: s}
---
title: Refused often
id: 0e95725d-7320-415d-80f7-004da920fc11
correlation:
    type: event_count
    rules: [refused]
    group-by: [user]
    timespan: 10m
    condition: {gte: 2}
    generate: true
`,
);
const events = file(
  'events.ndjson',
  `${[1, 2, 3].map((minute) => JSON.stringify({ time: `2026-01-01T10:0${minute}:00Z`, outcome: minute === 2 ? 'ok' : 'refused', user: 'a' })).join('\n')}\nnot json\n`,
);
const lines = () =>
  out
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('rollcall sigma', () => {
  it.each(['matcher', 'sql'])('match prints rule, line and group, on %s', async (target) => {
    const code = await main(['sigma', 'match', rules, events, '--json', '--target', target]);
    expect(lines()).toMatchObject([
      {
        kind: 'match',
        rule: '929a690e-bef0-4204-a928-ef5e620d6fcc',
        line: 1,
        author: 'Somebody',
        license: 'DRL-1.1',
      },
      { kind: 'match', line: 3 },
      {
        kind: 'correlation',
        rule: '0e95725d-7320-415d-80f7-004da920fc11',
        line: 3,
        group: { user: 'a' },
        value: 2,
      },
    ]);
    expect(err).toContain('events.ndjson:4: not JSON');
    expect(code).toBe(2);
  });

  it('match prints text for people', async () => {
    await main(['sigma', 'match', rules, events]);
    expect(out.split('\n')).toContain('3: Refused often user=a (event_count 2, lines 1 3)');
    expect(out.split('\n')).toContain('1: Refused [low]');
  });

  it('match leaves out rules for other logs', async () => {
    await main(['sigma', 'match', rules, events, '--source', 'product=github', '--json']);
    expect(lines()).toEqual([]);
    expect(await main(['sigma', 'match', rules, events, '--source', 'colour=red'])).toBe(2);
    expect(err).toContain('--source takes');
  });

  it('check says for every rule what became of it', async () => {
    const bad = file(
      'bad.yml',
      "title: B\nlogsource: {product: x}\ndetection: {s: {'a|re': '(?=b)'}, condition: s}\n",
    );
    expect(await main(['sigma', 'check', bad, '--json'])).toBe(1);
    const answer = JSON.parse(out) as { rules: unknown[]; summary: unknown };
    expect(answer.summary).toMatchObject({ rules: 1, parsed: 1, matcher: 0, sql: 0 });
    expect(answer.rules).toMatchObject([
      {
        parsed: true,
        targets: { matcher: { compiled: false, reason: expect.stringContaining('look-around') } },
      },
    ]);
    out = '';
    expect(await main(['sigma', 'check', rules])).toBe(0);
    expect(out).toContain('2 rules: 2 parsed, 2 compiled to the matcher, 2 to SQL');
  });

  it('lint names file, line and column', async () => {
    const bad = file(
      'lint_me_please.yml',
      'title: B\nlogsource: {product: x}\ndetection:\n    s:\n        a|cont: b\n    condition: s\n',
    );
    expect(await main(['sigma', 'lint', bad])).toBe(1);
    expect(out).toMatch(/lint_me_please\.yml:5:11: error \[modifier\] "cont" is no modifier/);
  });

  it('explain shows what was seen', async () => {
    expect(await main(['sigma', 'explain', rules, events, '--rule', 'refused', '--line', '2'])).toBe(1);
    expect(out).toContain('✗ outcome is like "refused"; seen: "ok"');
    expect(await main(['sigma', 'explain', rules, events, '--rule', 'refused', '--line', '9'])).toBe(2);
  });

  it('test runs cases beside rules on both targets', async () => {
    file(
      'rules.test.yml',
      "- name: twice\n  events:\n      - {time: '2026-01-01T10:00:00Z', outcome: refused, user: a}\n      - {time: '2026-01-01T10:01:00Z', outcome: refused, user: a}\n  fires: [{rule: 929a690e-bef0-4204-a928-ef5e620d6fcc, lines: [1, 2]}, {rule: 0e95725d-7320-415d-80f7-004da920fc11, group: {user: a}}]\n- name: once\n  events:\n      - {time: '2026-01-01T10:00:00Z', outcome: refused, user: a}\n  fires: [{rule: 929a690e-bef0-4204-a928-ef5e620d6fcc}]\n- name: not\n  events:\n      - {time: '2026-01-01T10:00:00Z', outcome: fine, user: a}\n  fires: []\n",
    );
    const code = await main(['sigma', 'test', rules]);
    expect(out).toContain('3 cases passed, 0 failed, on matcher and sql');
    expect(code).toBe(0);
  });

  it('runs nothing with a pipeline that has errors, and says where there are no rules', async () => {
    const pipeline = file('pipeline.yml', 'name: x\ntransformations:\n    - type: no_such\n');
    expect(await main(['sigma', 'match', rules, events, '--pipeline', pipeline])).toBe(2);
    expect(err).toContain('pipeline.yml:3');
    expect(await main(['sigma', 'lint', join(folder, 'none')])).toBe(2);
    expect(err).toContain('cannot read rules');
    expect(await main(['sigma', 'match', rules, join(folder, 'no.ndjson')])).toBe(2);
    expect(err).toContain('no.ndjson');
  });
});
