import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../../console/fixtures/sample-result.js';
import type { PersonRow } from '../../model/services.js';
import { type TestServer, testServer } from '../../testing.js';
import { draw, halfYear, sampleSize } from './draw.js';
import { area } from './index.js';
import type { VendorAudit, VendorPage, VendorStanding } from './words.js';

const firm = 'Example <b>Staffing</b>, "Inc."';
let server: TestServer;
let id = '';
beforeAll(async () => {
  const others: PersonRow[] = Array.from({ length: 12 }, (_, index) => ({
    id: `V-${index}`,
    handle: `pmadeup${index}`,
    name: `Worker Sample${index}`,
    stage: 'employed',
    engagement: 'vendor',
    vendor: firm,
    band: 'clear',
    bits: -10,
    facets: 0,
    signals: 0,
  }));
  server = await testServer({ result: { ...sampleResult, people: [] }, others });
  const { body } = await server.as('hr')<{ vendors: VendorStanding[] }>('GET', '/vendors');
  id = body.vendors.find((one) => one.name === firm)?.id ?? '';
});
afterAll(() => server.close());

const page = async () => (await server.as('hr')<VendorPage>('GET', `/vendors/${id}`)).body;

describe('the draw of an audit', () => {
  it('is redone by anybody from seed and list, whatever the order of the list', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.string(), (handles, seed) => {
        const size = sampleSize(handles.length);
        const drawn = draw(handles, seed, size);
        expect(draw([...handles].reverse(), seed, size)).toEqual(drawn);
        expect(new Set(drawn).size).toBe(size);
      }),
    );
  });

  it('takes a tenth, at least five, never more than there are', () => {
    expect([3, 5, 12, 50, 51, 400].map(sampleSize)).toEqual([3, 5, 5, 5, 6, 40]);
  });

  it('knows the half-year', () => {
    expect(halfYear(new Date('2026-06-30T23:59:59Z'))).toBe('2026-H1');
    expect(halfYear(new Date('2026-07-01T00:00:00Z'))).toBe('2026-H2');
  });
});

describe('a staffing firm', () => {
  it('stands with what it answered, signed and showed; what is missing is said in sentences', async () => {
    const before = await page();
    expect(before).toMatchObject({ workers: 12, raised: 0 });
    expect(before.score).toBeUndefined();
    expect(before.gaps[0]).toBe('It was never audited.');
    const answers = Object.fromEntries(
      before.questionnaire.questions.map((question) => [question.id, { answer: 'good' }]),
    );
    expect((await server.as('hr')('PUT', `/vendors/${id}/answers`, { answers })).status).toBe(200);
    for (const clause of before.clauses)
      await server.as('hr')('PUT', `/vendors/${id}/clauses/${clause.id}`, {
        state: 'signed',
        note: '2026-05-01',
      });
    const after = await page();
    expect(after.gaps).toEqual(['It was never audited.']);
    expect(after.score).toBeGreaterThan(0.8);
    expect((await area.exposures?.(server.services))?.[0]?.says).toMatch(/^1 of 1 staffing firms/);
  });

  it('refuses answers to no question, unknown clauses and firms, and roles that only look', async () => {
    const as = server.as('hr');
    expect(
      (await as('PUT', `/vendors/${id}/answers`, { answers: { nonsense: { answer: 'good' } } })).status,
    ).toBe(422);
    expect((await as('PUT', `/vendors/${id}/clauses/none`, { state: 'signed', note: 'x' })).status).toBe(404);
    expect((await as('GET', '/vendors/pnobody')).status).toBe(404);
    expect((await server.as('auditor')('POST', `/vendors/${id}/audits`)).status).toBe(403);
    expect((await as('POST', '/vendors', { name: firm.toUpperCase() })).status).toBe(409);
  });

  it('is audited by a sample drawn once, and what it showed becomes evidence in both directions', async () => {
    const as = server.as('hr');
    const { body: opened } = await as<{ audit: string; size: number }>('POST', `/vendors/${id}/audits`);
    expect(opened.size).toBe(5);
    expect((await as('POST', `/vendors/${id}/audits`)).status).toBe(409);
    const audit = (await as<VendorAudit>('GET', `/vendors/${id}/audits/${opened.audit}`)).body;
    expect(
      draw(audit.from, audit.seed, audit.size)
        .map((handle) => server.services.results.current()?.row(handle)?.name)
        .sort(),
    ).toEqual(audit.workers.map((worker) => worker.name).sort());
    const seen = (await server.as('auditor')<VendorAudit>('GET', `/vendors/${id}/audits/${opened.audit}`))
      .body;
    expect(JSON.stringify(seen)).not.toContain('Worker Sample');

    expect(
      (await as('POST', `/vendors/${id}/audits/${opened.audit}/close`, { outcome: 'passed', note: 'all' }))
        .status,
    ).toBe(422);
    const [first, ...rest] = audit.from.filter((handle) =>
      draw(audit.from, audit.seed, audit.size).includes(handle),
    );
    const shown = { evidence: 'shown', samePerson: 'yes', employedByFirm: 'yes' };
    for (const handle of rest)
      expect((await as('PUT', `/vendors/${id}/audits/${opened.audit}/workers/${handle}`, shown)).status).toBe(
        200,
      );
    await as('PUT', `/vendors/${id}/audits/${opened.audit}/workers/${first}`, {
      ...shown,
      evidence: 'not shown',
      samePerson: 'unsure',
    });
    expect(
      (await as('POST', `/vendors/${id}/audits/${opened.audit}/close`, { outcome: 'passed', note: 'x' }))
        .status,
    ).toBe(422);
    expect(
      (
        await as('POST', `/vendors/${id}/audits/${opened.audit}/close`, {
          outcome: 'gaps',
          note: 'one missing',
        })
      ).status,
    ).toBe(200);
    const records = server.taken.flatMap((one) => one.records as Record<string, string>[]);
    expect(
      records
        .filter((one) => one.Check === 'Vendor evidence')
        .map((one) => one.Outcome)
        .sort(),
    ).toEqual(['failed', 'passed', 'passed', 'passed', 'passed']);
    expect(records.filter((one) => one.Check === 'Same person')).toHaveLength(4);
    expect(records.find((one) => one.Vendor)).toMatchObject({ Vendor: firm, 'Audit Outcome': 'gaps found' });
    expect((await page()).gaps).toEqual(['The last audit found gaps.']);
    const closed = (await as<VendorAudit>('GET', `/vendors/${id}/audits/${opened.audit}`)).body;
    expect(JSON.stringify(closed)).not.toContain('Worker Sample');
  });

  it('is asked again when its answers and audits are over', async () => {
    server.at('2027-06-15T09:00:00.000Z');
    expect((await page()).gaps).toEqual([
      'The last audit is over half a year old.',
      'The last audit found gaps.',
      'The answers to the questionnaire are over a year old.',
    ]);
    server.at('2026-06-01T09:00:00.000Z');
  });
});
