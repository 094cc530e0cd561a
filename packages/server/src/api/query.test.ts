/** No address of the API can carry anybody's name. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../console/fixtures/sample-result.js';
import { assemble } from '../app.js';
import { type TestServer, testServer } from '../testing.js';
import { queryHeader } from './query.js';

let server: TestServer;
let app: ReturnType<typeof assemble>['app'];
beforeAll(async () => {
  server = await testServer({ result: sampleResult });
  ({ app } = assemble(server.services, async () => undefined));
});
afterAll(() => server.close());

const ask = async (path: string, asked?: string, roles = 'analyst') => {
  const answer = await app.request(`/api${path}`, {
    headers: { 'x-test-roles': roles, ...(asked === undefined ? {} : { [queryHeader]: asked }) },
  });
  return {
    status: answer.status,
    body: (await answer.json()) as { total: number; code: string; title: string },
  };
};

describe('what is asked of a list', () => {
  it('is read from the header, together with what the address may carry', async () => {
    const everybody = (await ask('/people')).body.total;
    const some = (await ask('/people?page=1', 'stage=applicant&sort=signals')).body.total;
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(everybody);
    expect((await ask('/people', `q=${encodeURIComponent('zz nobody at all')}`)).body.total).toBe(0);
    expect((await ask('/people', 'q=Software+Engineer')).body.total).toBe(
      (await ask('/people', 'q=software%20engineer')).body.total,
    );
  });

  it('is refused in the address where it takes words, and nothing of it is repeated', async () => {
    for (const [path, roles] of [
      ['/people?q=Somebody%20Secret', 'analyst'],
      ['/people?department=Secret', 'analyst'],
      ['/applicants?q=Secret', 'hr'],
      ['/audit?subject=Secret', 'auditor'],
      ['/checks?person=Secret', 'hr'],
      ['/facts/jigglers?q=Secret', 'analyst'],
    ] as const) {
      const { status, body } = await ask(path, undefined, roles);
      expect([path, status, body.code]).toEqual([path, 400, 'WORDS_IN_ADDRESS']);
      expect(body.title).toContain(queryHeader);
      expect(body.title).not.toContain('Secret');
    }
  });

  it('is still looked at as strictly', async () => {
    for (const bad of ['sort=name', 'page=0', `q=${'x'.repeat(300)}`, 'q=%ED%A0%80%00'])
      expect([bad, (await ask('/people', bad)).status]).toEqual([bad, 400]);
    expect((await ask('/people', 'q=%E0%A4%A')).status).toBe(200);
    expect((await ask('/people', '', 'recruiter')).status).toBe(403);
  });

  it('stands in the document of the API where it belongs: no address takes words', async () => {
    const document = (await (
      await app.request('/api/openapi.json', { headers: { 'x-test-roles': 'analyst' } })
    ).json()) as {
      paths: Record<
        string,
        Record<
          string,
          {
            parameters?: {
              in: string;
              name: string;
              schema: { type?: string; enum?: string[]; format?: string; pattern?: string };
            }[];
          }
        >
      >;
    };
    const words: string[] = [];
    const headers: string[] = [];
    for (const [path, methods] of Object.entries(document.paths))
      for (const { parameters = [] } of Object.values(methods))
        for (const { in: where, name, schema } of parameters) {
          if (where === 'header') headers.push(`${path} ${name}`);
          if (
            where === 'query' &&
            schema.type === 'string' &&
            !schema.enum &&
            !schema.format &&
            !schema.pattern
          )
            words.push(`${path} ${name}`);
        }
    expect(words).toEqual([]);
    for (const path of [
      '/api/people',
      '/api/people/{person}',
      '/api/applicants',
      '/api/audit',
      '/api/checks',
    ])
      expect(headers).toContain(`${path} ${queryHeader}`);
    expect(headers).toContain('/api/sources/files x-file-name');
  });
});

describe('the name of a file that is handed in', () => {
  const put = async (name: string | undefined) => {
    const answer = await app.request('/api/sources/files', {
      method: 'POST',
      headers: { 'x-test-roles': 'analyst', ...(name === undefined ? {} : { 'x-file-name': name }) },
      body: 'Employee ID,Name\n',
    });
    return { status: answer.status, body: (await answer.json()) as { source: string; code: string } };
  };

  it('comes in a header, with its folders and in any script', async () => {
    const { status, body } = await put(encodeURIComponent('résumés/Ада Пример.pdf'));
    expect(status).toBe(200);
    // The intake of these tests says what it was given.
    expect(body.source).toBe('résumés/Ада Пример.pdf');
  });

  it('is asked for where it is missing, broken or too long', async () => {
    for (const name of [undefined, '', '%E0%A4%A', 'a%00b', encodeURIComponent('x'.repeat(2001))]) {
      const { status } = await put(name);
      expect([name?.slice(0, 20), status]).toEqual([name?.slice(0, 20), 400]);
    }
  });

  it('has no place in an address any more', async () => {
    const answer = await app.request('/api/sources/files/somebody.csv', {
      method: 'PUT',
      headers: { 'x-test-roles': 'analyst' },
      body: 'x',
    });
    expect(answer.status).toBe(404);
  });
});
