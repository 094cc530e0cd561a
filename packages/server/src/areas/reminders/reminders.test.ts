import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { sampleResult } from '../../../../console/fixtures/sample-result.js';
import { makeSight } from '../../access/sight.js';
import { checks } from '../../store/schema.js';
import { type TestServer, testServer } from '../../testing.js';
import { remind } from './index.js';

const [person] = sampleResult.people;
let server: TestServer;
let sent: { to: string; subject: string; text: string }[] = [];
let refused = false;

beforeAll(async () => {
  server = await testServer({ result: sampleResult, sight: makeSight });
  server.services.mail = {
    origin: 'https://rollcall.example.com',
    send: async (to, subject, text) => {
      if (refused) throw new Error(`no such mailbox: ${to}`);
      sent.push({ to, subject, text });
    },
  };
  await server.services.store.db.insert(checks).values({
    id: 'check-1',
    form: 'spot-check',
    person: person?.id ?? '',
    subject: '',
    occasion: 'by hand',
    state: 'asked',
    askedAt: new Date('2026-05-20T09:00:00Z'),
    dueAt: new Date('2026-05-25T23:59:59Z'),
    askedBy: 'user-hr',
    role: 'hr',
  });
  // They are accounts once they were seen.
  await server.as('hr')('GET', '/session');
  await server.as('auditor')('GET', '/session');
});
afterAll(() => server.close());
beforeEach(() => {
  sent = [];
  refused = false;
});

it('tells those for whom something is late, once a day, and nothing of whom', async () => {
  server.at('2026-06-01T05:00:00.000Z');
  await remind(server.services);
  expect(sent).toEqual([]);
  server.at('2026-06-01T07:00:00.000Z');
  await remind(server.services);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ to: 'user-hr@example.com', subject: 'Rollcall: 1 thing is late' });
  expect(sent[0]?.text).toContain('https://rollcall.example.com/#/today');
  const handle = server.services.keys.handle(person?.id ?? '');
  for (const word of [person?.name ?? '', person?.id ?? '', handle, 'spot'])
    expect(sent[0]?.text).not.toContain(word);
  await remind(server.services);
  expect(sent).toHaveLength(1);
  server.at('2026-06-02T07:00:00.000Z');
  await remind(server.services);
  expect(sent).toHaveLength(2);
  const log = await server.services.store.db.query.audit.findMany();
  expect(log.filter((one) => one.action === 'reminder.send').map((one) => one.subject)).toEqual([
    'account:user-hr',
    'account:user-hr',
  ]);
});

it('tries again what the mail server refused', async () => {
  server.at('2026-06-03T07:00:00.000Z');
  refused = true;
  await remind(server.services);
  refused = false;
  await remind(server.services);
  expect(sent).toHaveLength(1);
});

it('is silent where an administrator says so, and where nobody named a mail server', async () => {
  server.at('2026-06-04T07:00:00.000Z');
  const { status } = await server.as('admin')('PUT', '/settings/reminders.mail', { value: false });
  expect(status).toBe(200);
  await remind(server.services);
  expect(sent).toEqual([]);
  await server.as('admin')('PUT', '/settings/reminders.mail', { value: true });
  const { mail, ...without } = server.services;
  await remind(without);
  expect(sent).toEqual([]);
});
