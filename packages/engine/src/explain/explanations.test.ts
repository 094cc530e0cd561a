import { describe, expect, it } from 'vitest';
import { Database } from '../lake/duckdb.js';
import { createResolvedTables } from '../lake/resolve.js';
import { type Explanation, explanationSchema, policySchema } from '../model/policy.js';
import {
  coversPeople,
  coversTime,
  doubtsAbout,
  holds,
  idOf,
  shows,
  stateOf,
  withMembers,
} from './explanations.js';

const about = (more: Partial<Explanation> = {}): Explanation =>
  explanationSchema.parse({ kind: 'travel', people: ['a'], reason: 'asked', by: 'Ada', ...more });
const at = (text: string) => new Date(text);

describe('an explanation', () => {
  it('is in force from its first day to the end of its last', () => {
    const one = about({ from: '2026-03-02', until: '2026-03-31' });
    expect(stateOf(one, at('2026-03-01T23:59:59Z'))).toBe('not yet');
    expect(stateOf(one, at('2026-03-02T00:00:00Z'))).toBe('in force');
    expect(stateOf(one, at('2026-03-31T23:59:59Z'))).toBe('in force');
    expect(stateOf(one, at('2026-04-01T00:00:00Z'))).toBe('over');
    expect(holds(about(), at('2050-01-01'))).toBe(true);
  });

  it('covers what happened on its days, not before, not after, and nothing undated where it ends', () => {
    const one = about({ from: '2026-03-02', to: '2026-03-06' });
    expect(coversTime(one, '2026-03-02T00:00:00Z')).toBe(true);
    expect(coversTime(one, '2026-03-06T23:00:00Z')).toBe(true);
    expect(coversTime(one, '2026-03-01T23:59:59Z')).toBe(false);
    expect(coversTime(one, '2026-03-07T00:00:00Z')).toBe(false);
    expect(coversTime(one, '2026-01-01', '2026-03-03')).toBe(true);
    expect(coversTime(one)).toBe(false);
    expect(coversTime(about({ from: '2026-03-02' }))).toBe(true);
    // Over as a reminder is something else than the last day it covers.
    expect(coversTime(about({ until: '2026-03-06' }), '2026-05-01T00:00:00Z')).toBe(true);
  });

  it('is about a value wherever it stands, and never about part of a longer number', () => {
    for (const [text, value] of [
      ['AnyDesk.exe', 'anydesk'],
      ['12 Elm Street, Flat 3', 'elm street'],
      ['192.0.2.10 and 192.0.2.1', '192.0.2.1'],
      ['from 192.0.2.1.', '192.0.2.1'],
      ['+447700900484', '+447700900484'],
      ['2001:db8::1', '2001:db8::1'],
    ] as const)
      expect(shows(text, value), text).toBe(true);
    for (const [text, value] of [
      ['192.0.2.10', '192.0.2.1'],
      ['3.192.0.2.1', '192.0.2.1'],
      ['2001:db8::1f', '2001:db8::1'],
      ['112 Elm Street', '12 elm street'],
    ] as const)
      expect(shows(text, value), text).toBe(false);
  });

  it('keeps its id while it says the same, and another has another', () => {
    expect(idOf(about())).toBe(idOf(about({ reason: 'asked again', until: '2026-12-31' })));
    expect(idOf(about())).toMatch(/^travel-[0-9a-f]{10}$/);
    const others = [about({ people: ['b'] }), about({ value: 'x' }), about({ to: '2026-01-01' })];
    expect(new Set([about(), ...others].map(idOf)).size).toBe(4);
    expect(idOf(about({ id: 'mine' }))).toBe('mine');
  });

  it('says what whoever keeps it should look at', () => {
    const now = at('2026-06-01');
    expect(doubtsAbout(about({ from: '2026-01-01', to: '2026-01-05', until: '2026-07-01' }), now)).toEqual(
      [],
    );
    expect(doubtsAbout(about({ until: '2026-07-01' }), now).join()).toContain('from which day to which');
    expect(doubtsAbout(about({ kind: 'move' }), now).join()).toContain('no last day');
    expect(doubtsAbout(about({ kind: 'move', until: '2026-05-31' }), now).join()).toContain('counts again');
    expect(doubtsAbout(about({ kind: 'agency', people: [], until: '2026-07-01' }), now).join()).toContain(
      'covers everybody',
    );
  });

  it('covers everybody of a department or a vendor as they are today, and nobody where there is none', async () => {
    const database = await Database.open({ threads: 1 });
    try {
      await createResolvedTables(database);
      await database.run(
        "INSERT INTO people (person_id, department, vendor) VALUES ('a', 'Field  Team', NULL), ('b', 'field team', 'Northgate'), ('c', 'Design', 'Northgate'), ('d', NULL, NULL)",
      );
      const groups = (...list: Explanation['groups'] & object) => about({ people: [], groups: list });
      const [field, vendor, both, none, everyone] = await withMembers(database, [
        groups({ department: 'FIELD TEAM' }),
        groups({ vendor: 'northgate' }),
        { ...groups({ department: 'design' }), people: ['d'] },
        groups({ department: 'Nowhere' }),
        about({ people: [] }),
      ]);
      expect(field?.people).toEqual(['a', 'b']);
      expect(vendor?.people).toEqual(['b', 'c']);
      expect(both?.people).toEqual(['d', 'c']);
      expect(coversPeople(field as Explanation, ['a', 'b'])).toBe(true);
      expect(coversPeople(field as Explanation, ['a', 'c'])).toBe(false);
      expect(coversPeople(none as Explanation, ['a'])).toBe(false);
      expect(coversPeople(everyone as Explanation, ['a', 'z'])).toBe(true);
      expect(field?.id).toBe(idOf(groups({ department: 'FIELD TEAM' })));
    } finally {
      database.close();
    }
  });
});

describe('the policy', () => {
  it('takes days and addresses only as they are written', () => {
    const given = (explanation: object) =>
      policySchema.safeParse({ explanations: [{ kind: 'travel', reason: '-', by: '-', ...explanation }] });
    expect(given({ until: '2026-03-31' }).success).toBe(true);
    for (const wrong of [{ until: 'soon' }, { from: '31.03.2026' }, { groups: [{ team: 'x' }] }])
      expect(given(wrong).success, JSON.stringify(wrong)).toBe(false);
    const updates = (url: string) => policySchema.safeParse({ facts: { updates: { places: url } } }).success;
    expect(updates('https://example.com/places.csv')).toBe(true);
    for (const wrong of ['http://example.com/x.csv', 'file:///etc/passwd', 'example.com'])
      expect(updates(wrong), wrong).toBe(false);
  });
});
