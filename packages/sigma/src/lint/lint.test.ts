import { describe, expect, it } from 'vitest';
import { lint, lintChecks } from './index.js';

const good = `title: Name of the thing
id: 929a690e-bef0-4204-a928-ef5e620d6fcc
status: test
description: Says in a sentence what it finds
author: somebody
date: 2026-01-02
tags:
    - attack.t1059
logsource:
    product: windows
detection:
    selection:
        Image|endswith: '\\a.exe'
    condition: selection
falsepositives:
    - Administrators
level: low
`;

/** Names of checks that find something. */
function found(text: string, file = 'proc_creation_thing.yml'): string[] {
  return lint([{ file, text }]).map(({ message }) => /\(([a-z-]+)\)$/.exec(message)?.[1] ?? message);
}

describe('lint', () => {
  it('is silent on a good rule', () => {
    expect(found(good)).toEqual([]);
  });

  it.each([
    ['id-missing', good.replace(/^id.*\n/m, '')],
    ['id-uuid', good.replace('929a690e', 'x')],
    ['title-form', good.replace('Name of', 'Detects')],
    ['title-long', good.replace('thing', 'x'.repeat(150))],
    ['description-missing', good.replace(/^description.*\n/m, '')],
    ['description-short', good.replace('Says in a sentence what it finds', 'Short')],
    ['status-missing', good.replace(/^status.*\n/m, '')],
    ['level-missing', good.replace(/^level.*\n/m, '')],
    ['author-missing', good.replace(/^author.*\n/m, '')],
    ['date-missing', good.replace(/^date.*\n/m, '')],
    ['modified-before-date', good.replace('tags:', 'modified: 2025-01-01\ntags:')],
    ['falsepositives-missing', good.replace('falsepositives:\n    - Administrators\n', '')],
    ['tag-form', good.replace('attack.t1059', 'attack.initial_access')],
    ['identifier-unused', good.replace('    condition', "    other:\n        a: 'b'\n    condition")],
    ['all-of-them', good.replace('condition: selection', 'condition: all of them')],
    ['value-twice', good.replace("'\\a.exe'", "\n            - '\\a.exe'\n            - '\\A.exe'")],
    ['wildcard-for-modifier', good.replace("Image|endswith: '\\a.exe'", "Image: '*\\a.exe'")],
    ['wildcard-useless', good.replace("'\\a.exe'", "'*\\a.exe'")],
    ['value-empty', good.replace("'\\a.exe'", "''")],
    ['value-space', good.replace("Image|endswith: '\\a.exe'", "Image: 'a.exe '")],
    ['field-space', good.replace('Image|endswith', 'Image |endswith')],
    ['regex-plain', good.replace("Image|endswith: '\\a.exe'", "Image|re: 'a-b'")],
    ['file-lines', good.replaceAll('\n', '\r\n')],
  ])('finds %s', (name, text) => {
    expect(found(text)).toContain(name);
  });

  it('finds names of files and doubtful correlations', () => {
    expect(found(good, 'Bad Name.yml')).toEqual(['file-name']);
    const correlation = `${good.replace('title', 'name: one\ntitle')}---\ntitle: Too easy\nid: 0e95725d-7320-415d-80f7-004da920fc11\ndescription: Says in a sentence what it finds\nlevel: low\ncorrelation:\n    type: event_count\n    rules: [one]\n    timespan: 1h\n    condition: {gte: 1}\n`;
    expect(found(correlation)).toEqual(['correlation-group', 'correlation-always']);
  });

  it('leaves out what it is told to, and reports errors beside', () => {
    const text = good.replace(/^id.*\n/m, '').replace('endswith', 'endwith');
    const problems = lint([{ file: 'proc_creation_thing.yml', text }], { without: ['id-missing'] });
    expect(problems.map(({ code }) => code)).toEqual(['modifier']);
    expect(new Set(lintChecks.map(({ name }) => name)).size).toBe(lintChecks.length);
  });
});
