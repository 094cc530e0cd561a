import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../../console/fixtures/sample-result.js';
import type { PersonRow } from '../../model/services.js';
import { audit } from '../../store/schema.js';
import { rows } from '../../store/store.js';
import { type TestServer, testServer } from '../../testing.js';
import { type Counted, interval, ratio, shown, smallest } from './counting.js';
import { keepQuarter } from './rates.js';
import type { Fairness, Impact, WalledRates, WalledState, WalledUpload } from './words.js';

let server: TestServer;
const hr = () => server.as('hr');
const upload = (text: string, roles = 'hr') =>
  server.request('/api/fairness/groups', {
    method: 'PUT',
    headers: { 'x-test-roles': roles, 'content-type': 'text/csv' },
    body: text,
  });

/** 400 workers in two departments, 60 of them at review; 3 in a department of their own. */
const others = Array.from(
  { length: 403 },
  (_, i): PersonRow => ({
    id: `W${i}`,
    handle: `h${i}`,
    name: `Worker ${i}`,
    stage: 'employed',
    engagement: i % 3 ? 'employee' : 'contractor',
    department: i >= 400 ? 'Board' : i % 2 ? 'Sales' : 'Engineering',
    workEmail: `w${i}@example.com`,
    remote: i % 4 !== 0,
    location: i % 5 ? 'Columbus, OH, US' : 'Leeds, GB',
    startedAt: `${2020 + (i % 6)}-03-01T00:00:00Z`,
    band: i < 400 && i % 20 < 3 ? 'review' : i % 20 === 5 ? 'watch' : 'clear',
    bits: 0,
    facets: 0,
    signals: 0,
  }),
);
/** What they told of themselves: answers that would be known anywhere. */
const told = `work_email,Sex,Race/Ethnicity,Salary\n${others
  .map(
    (row, i) =>
      `${row.workEmail},${i % 2 ? 'Zxfemale' : 'Zxmale'},${i < 4 ? 'Zxrare' : i % 3 ? 'Zxone' : 'Zxtwo'},1000`,
  )
  .join('\n')}\nnobody@example.com,Zxmale,Zxone,1\n`;

beforeAll(async () => {
  server = await testServer({ result: { ...sampleResult, people: [] }, others });
});
afterAll(() => server.close());

describe('rates by groups of work', () => {
  it('count each group with how sure they are, put small ones together, and say it in a sentence', async () => {
    const { status, body } = await server.as('auditor')<Fairness>('GET', '/fairness?measure=review');
    expect(status).toBe(200);
    const departments = body.divisions.find((one) => one.dimension === 'department');
    const sum = departments?.groups.reduce((total, one) => total + (one.of ?? 0), 0);
    expect(sum).toBe(403);
    expect(departments?.groups.every((one) => (one.of ?? 0) >= smallest)).toBe(true);
    // Three on the board are not shown as a group of their own, nor to be had by subtraction.
    expect(departments?.groups.map((one) => one.group).join()).not.toMatch(/(^|,)Board/);
    expect(departments?.says).toMatch(/department/);
    const regions = body.divisions.find((one) => one.dimension === 'region');
    expect(regions?.groups.map((one) => one.group)).toEqual(expect.arrayContaining(['US, OH', 'GB']));
    expect((await server.as('analyst')('GET', '/fairness')).status).toBe(403);
    expect((await hr()('GET', '/fairness?measure=guilt')).status).toBe(400);
  });

  it('tell nothing of cases while they are few', async () => {
    const { body } = await hr()<Fairness>('GET', '/fairness?measure=case');
    for (const division of body.divisions) {
      expect(division.all.hidden).toBe(true);
      expect(division.groups.every((one) => one.counted === undefined && one.share === undefined)).toBe(true);
    }
  });

  it('are kept by quarter, the last scan of each', async () => {
    await keepQuarter(server.services);
    await keepQuarter(server.services);
    const { body } = await hr()<Fairness>('GET', '/fairness?measure=review');
    const stage = body.trend.filter((one) => one.dimension === 'stage');
    expect(stage).toHaveLength(1);
    expect(stage[0]).toMatchObject({ group: 'employed', cell: { of: 403 } });
    expect(stage[0]?.quarter).toMatch(/^\d{4} Q[1-4]$/);
  });
});

describe('what people told of themselves', () => {
  it('is taken over by HR only, as groups, and told back as numbers', async () => {
    expect((await hr()<WalledState>('GET', '/fairness/groups')).body.present).toBe(false);
    expect((await hr()('GET', '/fairness/groups/rates')).status).toBe(404);
    for (const role of ['analyst', 'admin', 'auditor', 'counsel'])
      expect((await upload(told, role)).status).toBe(403);
    expect((await upload('a,b\n1,2\n')).status).toBe(422);
    expect((await upload('work_email,salary\nw1@example.com,2\n')).status).toBe(422);
    expect((await upload(`{"work_email": 1}`)).status).toBe(422);
    const dates = others.map((row, i) => `${row.workEmail},19${50 + (i % 50)}-01-01`).join('\n');
    expect((await upload(`work_email,Age band\n${dates}\n`)).status).toBe(422);
    const response = await upload(told);
    expect(response.status).toBe(200);
    expect((await response.json()) as WalledUpload).toEqual({
      rows: 404,
      matched: 403,
      unmatched: 1,
      columns: ['sex', 'race or ethnicity'],
      ignored: 1,
    });
  });

  it('comes out as counts of five people or more', async () => {
    const { body } = await hr()<WalledRates>(
      'GET',
      '/fairness/groups/rates?measure=review&population=workers',
    );
    const sex = body.divisions.find((one) => one.dimension === 'sex');
    expect(sex?.groups.map((one) => one.group).sort()).toEqual(['Zxfemale', 'Zxmale']);
    expect(sex?.groups.every((one) => (one.counted ?? 5) >= smallest)).toBe(true);
    // Four people of one answer are no group.
    expect(JSON.stringify(body)).not.toMatch(/"group":"Zxrare"/);
  });

  it('gives the tables of New York City’s rule, and says what “selected” means', async () => {
    const { body } = await hr()<Impact>('GET', '/fairness/impact?population=workers');
    expect(body.tables.map((one) => one.title)).toEqual([
      'Sex',
      'Race or ethnicity',
      'Race or ethnicity, and sex',
    ]);
    const [sex] = body.tables;
    const best = Math.max(...(sex?.rows.map((one) => one.rate ?? 0) ?? []));
    for (const row of sex?.rows ?? []) {
      expect(row.rate).toBeCloseTo((row.selected ?? 0) / (row.applicants ?? 1), 10);
      expect(row.ratio).toBeCloseTo((row.rate ?? 0) / best, 10);
    }
    expect(body.tables[1]?.rows.find((one) => one.category === 'Zxrare')).toEqual({
      category: 'Zxrare',
      underTwoPercent: true,
    });
    expect(body.says.join(' ')).toContain('not at review or above');
    const csv = await (
      await server.request('/api/fairness/impact/export?population=workers', {
        headers: { 'x-test-roles': 'counsel' },
      })
    ).text();
    expect(csv.split('\n')[0]).toContain('impact_ratio');
    expect(csv).toContain('fewer than 5');
    expect((await server.as('analyst')('GET', '/fairness/impact')).status).toBe(403);
    expect((await hr()('GET', '/fairness/impact?population=everybody')).status).toBe(400);
  });

  it('stands in no table, no lake, no result and no route, and on disk only as cipher', async () => {
    const { services } = server;
    const { db } = services.store;
    for (const { name } of await rows<{ name: string }>(
      db,
      sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    )) {
      const held = await rows(db, sql.raw(`SELECT * FROM "${name}"`));
      expect(JSON.stringify(held), name).not.toMatch(/Zx(fe)?male|Zxone|Zxtwo|Zxrare/);
    }
    expect(
      JSON.stringify([services.results.current()?.head, services.results.current()?.people]),
    ).not.toContain('Zx');
    const files = await readdir(services.folder, { recursive: true, withFileTypes: true });
    const walled = files.filter((one) => one.isFile() && one.parentPath.endsWith('walled'));
    expect(walled).toHaveLength(1);
    // Whole words: two letters of them stand in a cipher now and then.
    for (const one of files.filter((file) => file.isFile()))
      expect(await readFile(join(one.parentPath, one.name), 'latin1'), one.name).not.toMatch(
        /Zx(fe)?male|Zxone|Zxtwo|Zxrare/,
      );
    // Every route that reads, as somebody of all roles: nothing names a person together with an answer.
    const document = await import('../index.js');
    const { Router } = await import('../../api/router.js');
    const { OpenAPIHono } = await import('@hono/zod-openapi');
    const router = new Router(new OpenAPIHono(), services, {
      case: async () => undefined,
      intake: async () => undefined,
    });
    for (const area of document.areas) area.routes(router);
    const reads = router.routes.filter(
      (one) =>
        one.method === 'get' &&
        !one.path.includes('{') &&
        one.permission !== 'intake' &&
        !/live/.test(one.path),
    );
    expect(reads.some((one) => one.path.startsWith('/fairness'))).toBe(true);
    for (const route of reads) {
      const response = await server.request(`/api${route.path}`, {
        headers: { 'x-test-roles': 'admin,analyst,recruiter,hr,it,counsel,auditor' },
      });
      const type = response.headers.get('content-type') ?? '';
      if (!/json|csv|text/.test(type) || type.includes('event-stream')) continue;
      const text = await response.text();
      if (route.path.startsWith('/fairness'))
        expect(text, route.path).not.toMatch(/w\d+@example\.com|"W\d+"|Worker \d|"h\d+"/);
      else expect(text, route.path).not.toContain('Zx');
    }
    const log = JSON.stringify(await services.store.db.select().from(audit));
    expect(log).toContain('fairness.groups-upload');
    expect(log).not.toContain('Zx');
  });

  it('cannot be opened with another key, nor once it was changed; and is forgotten when HR says so', async () => {
    const { services } = server;
    const { derive } = services.keys;
    services.keys.derive = () => new Uint8Array(32);
    expect((await hr()('GET', '/fairness/groups')).status).toBe(409);
    services.keys.derive = derive;
    expect((await hr()<WalledState>('GET', '/fairness/groups')).body).toMatchObject({
      present: true,
      people: 403,
    });
    expect((await server.as('counsel')('DELETE', '/fairness/groups')).status).toBe(403);
    expect((await hr()('DELETE', '/fairness/groups')).status).toBe(200);
    expect((await hr()<WalledState>('GET', '/fairness/groups')).body.present).toBe(false);
  });
});

describe('counting', () => {
  it('knows its intervals', () => {
    const [low, high] = interval(10, 100);
    expect(low).toBeCloseTo(0.0552, 3);
    expect(high).toBeCloseTo(0.1744, 3);
    expect(interval(0, 10)[0]).toBe(0);
    expect(interval(10, 10)[1]).toBe(1);
    const twice = ratio(20, 100, 10, 100);
    expect(twice?.value).toBeCloseTo(2, 10);
    expect(twice?.low).toBeLessThan(1);
    expect(ratio(0, 10, 0, 10)?.value).toBeCloseTo(1, 10);
  });

  it('finds the four-fifths rule broken where it is, and says so', () => {
    const seen = shown(
      [
        { group: 'A', of: 100, counted: 5 },
        { group: 'B', of: 100, counted: 40 },
      ],
      { discreet: false, what: 'department', flagged: 'at review or above' },
    );
    expect(seen.groups.find((one) => one.group === 'B')?.result).toBe('fails four fifths');
    expect(seen.says).toContain('B stays below four fifths of A');
  });

  it('never lets a hidden count be had by subtraction', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 1,
          maxLength: 6,
        }),
        (given) => {
          const groups = given.map(
            ([of, share], i): Counted => ({ group: `g${i}`, of, counted: Math.round(of * share) }),
          );
          const seen = shown(groups, { discreet: true, what: 'x', flagged: 'y' });
          const hidden = seen.groups.filter((one) => one.counted === undefined);
          for (const one of seen.groups) {
            if (one.of !== undefined) expect(one.of).toBeGreaterThanOrEqual(smallest);
            if (one.counted === undefined) continue;
            expect(one.counted).toBeGreaterThanOrEqual(smallest);
            expect((one.of ?? 0) - one.counted).toBeGreaterThanOrEqual(smallest);
          }
          if (seen.all.counted !== undefined && seen.groups.length > 1) expect(hidden.length).not.toBe(1);
        },
      ),
    );
  });
});
