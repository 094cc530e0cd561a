import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain, formatExplanation } from './explain.js';
import { loadRules } from './load.js';
import type { PlannedRule } from './plan.js';
import { eventArbitrary, planArbitrary } from './testing/arbitrary.js';
import { evaluate } from './testing/naive.js';
import { windowsEvent } from './windows-event.js';

const text = `title: Tool
id: 929a690e-bef0-4204-a928-ef5e620d6fcc
logsource:
    product: windows
detection:
    selection:
        Image|endswith: '\\tool.exe'
        Size|gt: 5
    filter:
        User: admin
    condition: selection and not filter
`;

function load(source: string): PlannedRule {
  const [rule] = loadRules([{ file: 'r.yml', text: source }]).set.rules;
  if (rule === undefined) throw new Error('must load');
  return rule;
}

describe('explain', () => {
  it('shows every condition with the values seen', () => {
    const explanation = explain(load(text), { Image: 'C:\\tool.exe', Size: 3, User: 'x' });
    expect(explanation.matched).toBe(false);
    expect(formatExplanation(explanation)).toBe(
      [
        '✗ Tool (929a690e-bef0-4204-a928-ef5e620d6fcc)',
        '  ✗ selection',
        '    ✗ all of',
        '      ✓ Image is like "*\\\\tool.exe"; seen: "C:\\\\tool.exe"',
        '      ✗ Size is > 5; seen: 3',
        '  ✗ filter',
        '    ✗ User is like "admin"; seen: "x"',
      ].join('\n'),
    );
  });

  it('says that a field is missing, and keeps long lists and values short', () => {
    const values = Array.from({ length: 100 }, (_, i) => `            - 'value ${i}'`).join('\n');
    const rule = load(text.replace("'\\tool.exe'", `\n${values}`));
    const { condition } = explain(rule, { Image: `${'x'.repeat(1000)}value 77`, Size: 9 });
    const out = JSON.stringify(condition);
    expect(condition.matched).toBe(true);
    expect(out).toContain('"omitted":80');
    expect(out).toContain('value 77');
    expect(out.length).toBeLessThan(12_000);
    expect(formatExplanation(explain(rule, {}))).toContain('no such field');
  });

  it('agrees with the plain evaluator', () => {
    const rule = load(text);
    fc.assert(
      fc.property(planArbitrary, eventArbitrary, (plan, event) => {
        expect(explain({ ...rule, plan }, event).matched).toBe(evaluate(plan, event));
      }),
      { numRuns: 500 },
    );
  });
});

describe('windowsEvent', () => {
  it('gives the names Sigma uses', () => {
    const event = windowsEvent({
      Event: {
        System: {
          Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } },
          EventID: { '#text': 1, '#attributes': { Qualifiers: 0 } },
          Execution: { '#attributes': { ProcessID: 5 } },
          TimeCreated: { '#attributes': { SystemTime: '2026-01-01T00:00:00Z' } },
          Computer: 'host.example.com',
        },
        EventData: { Image: 'C:\\a.exe', 'Threat Name': 'x' },
      },
    });
    expect(event).toMatchObject({
      Provider_Name: 'Microsoft-Windows-Sysmon',
      EventID: 1,
      Execution_ProcessID: 5,
      TimeCreated: '2026-01-01T00:00:00Z',
      Computer: 'host.example.com',
      Image: 'C:\\a.exe',
      ThreatName: 'x',
    });
  });

  it('reads lists of named data, and leaves other records alone', () => {
    const data = {
      Event: {
        System: { EventID: 4624 },
        EventData: { Data: [{ '#attributes': { Name: 'User' }, '#text': 'x' }] },
      },
    };
    expect(windowsEvent(data)).toMatchObject({ EventID: 4624, User: 'x' });
    const other = { System: 'x', a: 1 };
    expect(windowsEvent(other)).toBe(other);
  });
});
