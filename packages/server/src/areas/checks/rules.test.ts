import { loadChecks } from '@rollcall/engine/content/checks.js';
import { describe, expect, it } from 'vitest';
import type { PersonRow } from '../../model/services.js';
import { situationOf } from './daily.js';
import { dayAfter } from './draw.js';
import { wantedOf, wantedOfCompany } from './rules.js';

const forms = await loadChecks();
const today = '2026-06-01';
const wanted = (situation: Partial<Parameters<typeof wantedOf>[1]>) =>
  wantedOf(forms, { person: 'p1', stage: 'employed', remote: true, findings: [], ...situation }, today);
const said = (list: ReturnType<typeof wanted>) => list.map((one) => `${one.form} ${one.occasion}`);

describe('the rules', () => {
  it('ask for the same-person check and the first check-in of whoever starts from afar, with their days', () => {
    const list = wanted({ startedAt: today });
    expect(said(list)).toEqual(expect.arrayContaining(['same-person start+0', 'first-check-in start+3']));
    expect(list.find((one) => one.form === 'same-person')?.due).toBe('2026-06-04');
    expect(said(wanted({ startedAt: dayAfter(today, -30) }))).toEqual(
      expect.arrayContaining(['same-person start+30', 'access-review start+30']),
    );
  });

  it.each([30, 60, 90])('ask for the access review at day %i, also of people in the office', (day) => {
    expect(said(wanted({ remote: false, startedAt: dayAfter(today, -day) }))).toContain(
      `access-review start+${day}`,
    );
    expect(said(wanted({ remote: false, startedAt: dayAfter(today, -day) })).join()).not.toContain(
      'same-person',
    );
  });

  it('do not flood a company with what should have been done long ago', () => {
    expect(wanted({ startedAt: '2019-04-01' })).toEqual([]);
    expect(wanted({})).toEqual([]);
  });

  it('hold the pay account when it changed, once for each change, and not for one that is long past', () => {
    const change = { detection: 'pay-account-changed-soon', day: '2026-05-28' };
    expect(said(wanted({ findings: [change] }))).toEqual([
      'pay-account-change finding:pay-account-changed-soon:2026-05-28',
    ]);
    expect(wanted({ findings: [{ ...change, day: '2026-03-01' }] })).toEqual([]);
    expect(wanted({ stage: 'left', findings: [change] })).toEqual([]);
  });

  it('ask one check once where it is for two stages that follow each other', () => {
    const both = (stage: string) =>
      wanted({ stage }).find((one) => one.form === 'identity-document')?.occasion;
    expect(both('offer')).toBe(both('onboarding'));
    expect(both('applicant')).toBeUndefined();
  });

  it('do not ask again for what was done and written down elsewhere, while it is of that occasion', () => {
    const forms = (situation: Parameters<typeof wanted>[0]) => wanted(situation).map((one) => one.form);
    expect(forms({ stage: 'offer' })).toContain('past-employer');
    const called = { employment: dayAfter(today, -20) };
    expect(forms({ stage: 'offer', checked: called })).not.toContain('past-employer');
    expect(forms({ stage: 'offer', checked: { employment: dayAfter(today, -900) } })).toContain(
      'past-employer',
    );
    // The word given before the first day is not that of the first day.
    const starts = { startedAt: dayAfter(today, -2) };
    expect(forms({ ...starts, checked: { same_person: dayAfter(today, -5) } })).toContain('same-person');
    expect(forms({ ...starts, checked: { same_person: dayAfter(today, -1) } })).not.toContain('same-person');
    const change = { detection: 'pay-account-changed-soon', day: dayAfter(today, -4) };
    expect(forms({ findings: [change], checked: { payroll_holder: dayAfter(today, -9) } })).toEqual([
      'pay-account-change',
    ]);
    expect(forms({ findings: [change], checked: { payroll_holder: dayAfter(today, -1) } })).toEqual([]);
  });

  it('come again for the company by the calendar', () => {
    const list = wantedOfCompany(forms, '2026-08-20');
    expect(list.find((one) => one.form === 'quarterly-hunt')).toMatchObject({ occasion: 'every:2026-07' });
    expect(list.find((one) => one.form === 'work-papers-apart')?.occasion).toBe('every:2026-07');
    expect(wantedOfCompany(forms, '2026-10-01').find((one) => one.form === 'quarterly-hunt')?.occasion).toBe(
      'every:2026-10',
    );
  });

  it('cannot see band, weight, ring or name: nobody is asked for more because of them', async () => {
    const row = (band: PersonRow['band']): PersonRow => ({
      id: 'p1',
      handle: 'ph',
      name: band,
      stage: 'employed',
      engagement: 'employee',
      remote: true,
      startedAt: '2026-05-30T00:00:00Z',
      band,
      bits: band === 'urgent' ? 12 : -9,
      facets: 4,
      signals: 0,
      checked: { same_person: '2026-05-30' },
      ring: band,
    });
    const none = { person: async () => undefined };
    const clear = await situationOf(row('clear'), new Set(), none);
    const urgent = await situationOf(row('urgent'), new Set(), none);
    expect(urgent).toEqual(clear);
    expect(Object.keys(clear).sort()).toEqual([
      'checked',
      'findings',
      'person',
      'remote',
      'stage',
      'startedAt',
    ]);
  });
});
