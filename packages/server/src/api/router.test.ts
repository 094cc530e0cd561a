import { z } from '@hono/zod-openapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assemble } from '../app.js';
import { audit } from '../store/schema.js';
import { type TestServer, testServer } from '../testing.js';

let server: TestServer;
let app: ReturnType<typeof assemble>['app'];
beforeAll(async () => {
  server = await testServer();
  const made = assemble(server.services, async () => undefined);
  app = made.app;
  made.router.add(
    {
      method: 'post',
      path: '/made-up/{id}',
      summary: 'Made up',
      permission: 'cases.open',
      audit: 'made-up.change',
      params: z.object({ id: z.string() }),
      body: z.object({ word: z.string().min(2) }),
      answer: z.object({ word: z.string() }),
    },
    async ({ params, body, note }) => {
      note(`made-up:${params.id}`, { length: body.word.length });
      if (body.word === 'fall') throw new Error('unforeseen, with a name in it: Ada Example');
      return { word: body.word };
    },
  );
  made.router.add(
    {
      method: 'get',
      path: '/made-up/{id}',
      summary: 'Made up, too',
      permission: 'cases.open',
      audit: 'made-up.view',
      params: z.object({ id: z.string() }),
      answer: z.object({ id: z.string() }),
    },
    async ({ params, note }) => {
      note(`made-up:${params.id}`, { sight });
      return { id: params.id };
    },
  );
});
afterAll(() => server.close());

let sight = 'veiled';
const look = async (id: string, { background = false, as = 'analyst' } = {}) => {
  const answer = await app.request(`/api/made-up/${id}`, {
    headers: { 'x-test-roles': as, ...(background ? { 'x-rollcall-background': '1' } : {}) },
  });
  expect(await answer.json()).toEqual({ id });
};

const post = (body: string, roles?: string) =>
  app.request('/api/made-up/7', {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      ...(roles === undefined ? {} : { 'x-test-roles': roles }),
    },
  });

describe('a route', () => {
  it('is closed to strangers, before what they send is looked at', async () => {
    expect((await post('{"word":"x"}')).status).toBe(401);
  });

  it('is closed to roles it does not name', async () => {
    expect((await post('{"word":"good"}', 'recruiter,it')).status).toBe(403);
  });

  it('says which field is wrong', async () => {
    const answer = await post('{"word":"x"}', 'analyst');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: 'INPUT_INVALID',
      title: expect.stringMatching(/^word: /),
    });
  });

  it('says so where the body is no JSON', async () => {
    expect((await post('{', 'analyst')).status).toBe(400);
  });

  it('leaves an entry in the audit log with what it changed', async () => {
    expect(await (await post('{"word":"good"}', 'analyst')).json()).toEqual({ word: 'good' });
    const rows = await server.services.store.db.select().from(audit);
    expect(rows).toMatchObject([
      {
        number: 1,
        actor: 'user-analyst',
        action: 'made-up.change',
        subject: 'made-up:7',
        detail: { length: 4 },
      },
    ]);
  });

  it('that fails changes nothing, and tells no details', async () => {
    const answer = await post('{"word":"fall"}', 'analyst');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('Ada');
    expect(await server.services.store.db.select().from(audit)).toHaveLength(1);
  });

  it('records every look, and of a page that reads itself again the first and whatever is new', async () => {
    const looks = async () =>
      (await server.services.store.db.select().from(audit).orderBy(audit.number))
        .filter((one) => one.action === 'made-up.view')
        .map((one) => `${one.actor} ${one.subject} ${(one.detail as { sight: string }).sight}`);
    // Whoever only says that nobody looks is recorded all the same.
    await look('1', { background: true });
    await look('1', { background: true });
    await look('1', { background: true });
    expect(await looks()).toEqual(['user-analyst made-up:1 veiled']);
    await look('1');
    await look('2', { background: true });
    await look('1', { background: true, as: 'hr' });
    sight = 'open';
    await look('1', { background: true });
    await look('1', { background: true });
    expect((await looks()).slice(1)).toEqual([
      'user-analyst made-up:1 veiled',
      'user-analyst made-up:2 veiled',
      'user-hr made-up:1 veiled',
      'user-analyst made-up:1 open',
    ]);
  });
});
