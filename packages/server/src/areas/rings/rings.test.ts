import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addExplanation } from '@rollcall/engine/links/index.js';
import type { ScanResult } from '@rollcall/engine/model/result.js';
import { asc } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult } from '../../../../console/fixtures/sample-result.js';
import { makeSight } from '../../access/sight.js';
import { audit } from '../../store/schema.js';
import { type TestServer, testServer } from '../../testing.js';
import { area } from './index.js';
import type { ExplanationsPart, RingsPart } from './words.js';

let server: TestServer;
let analyst: ReturnType<TestServer['as']>;
const [ring] = sampleResult.rings;
if (!ring) throw new Error('the sample has no ring');
const twin = { ...ring, id: 'ring-other', members: ring.members.slice(0, 2), edges: [], history: [] };
const result: ScanResult = { ...sampleResult, rings: [...sampleResult.rings, twin] };
const woken: string[] = [];

beforeAll(async () => {
  server = await testServer({ result, sight: makeSight });
  server.services.intake.wake = async (reason) => {
    woken.push(reason);
  };
  analyst = server.as('analyst');
  // The day after the scan.
  server.at('2026-10-01T09:00:00.000Z');
  // What a scan leaves in the lake: which rings there are, and what it proposes.
  await mkdir(server.services.lake, { recursive: true });
  const time = '2026-05-31T00:00:00.000Z';
  const formed = [ring, twin].map((one) => ({
    time,
    event: 'formed',
    ring: one.id,
    members: one.members.map((member) => member.id),
    reason: 'they share things',
  }));
  await writeFile(
    join(server.services.lake, 'rings.jsonl'),
    formed.map((one) => `${JSON.stringify(one)}\n`).join(''),
  );
  await writeFile(join(server.services.lake, 'proposals.json'), JSON.stringify(result.proposals));
});
afterAll(() => server.close());

const handle = (id: string) => server.services.keys.handle(id);
const decisions = async () =>
  (await readFile(join(server.services.lake, 'decisions.jsonl'), 'utf8').catch(() => ''))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const reason = 'Two of them were seen at one desk.';

describe('reading', () => {
  it('shows rings under pseudonyms, and records who opened one', async () => {
    const { body } = await analyst<RingsPart>('GET', '/rings');
    expect((body.result as ScanResult).rings).toHaveLength(result.rings.length);
    const one = await analyst<RingsPart>('GET', `/rings/${ring.id}`);
    const text = JSON.stringify([body, one.body]);
    for (const member of ring.members) {
      expect(text).not.toContain(member.name);
      expect(text).toContain(handle(member.id));
    }
    const entries = await server.services.store.db.select().from(audit).orderBy(asc(audit.number));
    expect(entries.at(-1)).toMatchObject({ action: 'ring.view', subject: `ring:${ring.id}` });
    expect((await analyst('GET', '/rings/none')).status).toBe(404);
  });

  it('is not for those who have nothing to do with it', async () => {
    for (const role of ['admin', 'recruiter', 'it', 'auditor'] as const)
      for (const path of ['/rings', `/rings/${ring.id}`, '/explanations'])
        expect((await server.as(role)('GET', path)).status).toBe(403);
    expect(
      (await server.as('counsel')('POST', `/rings/${ring.id}/split`, { people: ['x'], reason })).status,
    ).toBe(403);
  });

  it('shows innocent reasons under pseudonyms, with what can be chosen', async () => {
    const { body } = await analyst<ExplanationsPart>('GET', '/explanations');
    const part = body.result as ScanResult;
    expect(part.proposals).toHaveLength(result.proposals.length);
    expect(part.explanations).toHaveLength(result.explanations.length);
    for (const person of result.proposals.flatMap((one) => one.people))
      expect(JSON.stringify(body)).not.toContain(person.name);
    expect(body.choices.detections.length).toBeGreaterThan(10);
  });
});

describe('deciding', () => {
  it('takes people out of a ring, and asks for a scan; the audit log names nobody', async () => {
    const [one] = ring.members;
    const { status } = await analyst('POST', `/rings/${ring.id}/split`, {
      people: [handle(one?.id ?? '')],
      reason,
    });
    expect(status).toBe(200);
    expect((await decisions()).at(-1)).toMatchObject({
      kind: 'ring.split',
      by: 'user-analyst',
      reason,
      what: { ring: ring.id, people: [one?.id] },
    });
    expect(woken.length).toBe(1);
    const entries = await server.services.store.db.select().from(audit).orderBy(asc(audit.number));
    expect(entries.at(-1)).toMatchObject({
      action: 'ring.split',
      subject: `ring:${ring.id}`,
      detail: { people: [handle(one?.id ?? '')] },
    });
    expect(JSON.stringify(entries)).not.toContain(one?.name);
    // Until the scan has run, the page says what was decided, and by whom.
    const { body } = await analyst<RingsPart>('GET', `/rings/${ring.id}`);
    expect(body.pending.at(-1)).toMatchObject({ decision: 1, by: 'Account user-analyst', reason });
    expect(JSON.stringify(body.pending)).not.toContain(one?.name);
  });

  it('puts rings together, and undoes it', async () => {
    const made = await analyst<{ decision: number }>('POST', `/rings/${ring.id}/merge`, {
      other: twin.id,
      reason,
    });
    expect(made.status).toBe(200);
    const undone = await analyst('POST', `/decisions/${made.body.decision}/undo`, { reason });
    expect(undone.status).toBe(200);
    expect((await analyst('POST', `/decisions/${made.body.decision}/undo`, { reason })).status).toBe(409);
    expect((await decisions()).at(-1)).toMatchObject({ kind: 'undo', undoes: made.body.decision });
  });

  it('refuses what makes no sense, and writes nothing', async () => {
    const before = (await decisions()).length;
    const all = ring.members.map((member) => handle(member.id));
    const post = async (path: string, body: unknown) => (await analyst('POST', path, body)).status;
    expect(await post(`/rings/${ring.id}/split`, { people: all, reason })).toBe(409);
    expect(await post(`/rings/${ring.id}/split`, { people: [], reason })).toBe(400);
    expect(await post(`/rings/${ring.id}/split`, { people: ['pnobody0000'], reason })).toBe(400);
    expect(await post(`/rings/${ring.id}/split`, { people: [ring.members[0]?.id], reason })).toBe(400);
    expect(await post(`/rings/${ring.id}/split`, { people: [all[0]], reason: ' ' })).toBe(400);
    expect(await post(`/rings/${ring.id}/merge`, { other: ring.id, reason })).toBe(409);
    expect(await post(`/rings/${ring.id}/merge`, { other: 'ring-none', reason })).toBe(404);
    expect(await post('/decisions/9999/undo', { reason })).toBe(409);
    expect(await post('/decisions/x/undo', { reason })).toBe(400);
    expect((await decisions()).length).toBe(before);
  });

  it('confirms a reason that was suggested, with its last day, and takes it back', async () => {
    const proposal = result.proposals.find((one) => !one.policy && !one.confirmed);
    if (!proposal) throw new Error('the sample proposes nothing');
    const path = `/explanations/${encodeURIComponent(proposal.id)}`;
    expect((await analyst('POST', `${path}/confirm`, { reason, until: '2020-01-01' })).status).toBe(400);
    expect((await analyst('POST', `${path}/confirm`, { reason, until: '2027-01-31' })).status).toBe(200);
    expect((await decisions()).at(-1)).toMatchObject({
      kind: 'explanation.confirm',
      by: 'user-analyst',
      what: { id: proposal.id, explanation: { until: '2027-01-31' } },
    });
    expect((await analyst('POST', `${path}/confirm`, { reason })).status).toBe(409);
    expect((await analyst('POST', `${path}/withdraw`, { reason })).status).toBe(200);
    expect((await analyst('POST', `${path}/withdraw`, { reason })).status).toBe(409);
    expect((await analyst('POST', '/explanations/none/confirm', { reason })).status).toBe(404);
  });

  it('leaves to the policy file what is for the policy file', async () => {
    const proposal = result.proposals.find((one) => one.policy);
    if (!proposal) return;
    const { status } = await analyst('POST', `/explanations/${encodeURIComponent(proposal.id)}/confirm`, {
      reason,
    });
    expect(status).toBe(409);
  });

  it('puts a reason on record that nobody suggested, by handle or by pseudonym', async () => {
    const [one, two] = ring.members;
    const pseudonym = server.services.sight.pseudonym(two?.id ?? '').replace('Person ', '');
    const { status } = await analyst('POST', '/explanations', {
      kind: 'household',
      people: [handle(one?.id ?? ''), pseudonym],
      reason,
    });
    expect(status).toBe(200);
    expect((await decisions()).at(-1)).toMatchObject({
      what: { explanation: { kind: 'household', people: [one?.id, two?.id] } },
    });
    const add = async (body: object) => (await analyst('POST', '/explanations', { reason, ...body })).status;
    expect(await add({ kind: 'household' })).toBe(400);
    expect(await add({ kind: 'household', people: ['nobody'] })).toBe(400);
    expect(await add({ kind: 'guilty', people: [handle(one?.id ?? '')] })).toBe(400);
    expect(await add({ kind: 'household', departments: ['No such department'] })).toBe(400);
    expect(
      await add({ kind: 'travel', people: [handle(one?.id ?? '')], from: '2026-05-02', to: '2026-05-01' }),
    ).toBe(400);
    expect(
      await add({
        kind: 'travel',
        people: [handle(one?.id ?? '')],
        detections: ['two-people-paid-into-one-account'],
      }),
    ).toBe(400);
  });
});

describe('decisions without an entry', () => {
  const found = async () =>
    (await server.services.store.db.select().from(audit)).filter(({ action }) => action === 'decision.found');
  const account = () => area.work?.['decisions.account']?.({}, server.services);
  const last = async () => (await decisions()).at(-1)?.id as number;

  it('are put down once, by number and never by name, and those that have one are not', async () => {
    const [member] = ring.members;
    // Decided here, with an entry; and, where no server looked on, by two others.
    await analyst('POST', '/explanations', { kind: 'travel', people: [handle(member?.id ?? '')], reason });
    const made = await last();
    const elsewhere = (by: string, kind: 'move' | 'on-call') =>
      addExplanation(
        server.services.lake,
        { kind, people: [member?.id ?? ''], detections: [] },
        { by, reason, now: server.services.now() },
      );
    await elsewhere('Pat Sample', 'move');
    await elsewhere('user-analyst', 'on-call');
    // Whoever decided this very moment may still be writing.
    await account();
    expect(await found()).toEqual([]);
    server.at('2026-10-01T10:00:00.000Z');
    await account();
    await account();
    const lines = await found();
    expect(lines.map(({ subject }) => subject)).toEqual([`decision:${made + 1}`, `decision:${made + 2}`]);
    expect(lines.map(({ detail }) => detail.by)).toEqual(['elsewhere', 'user-analyst']);
    expect(JSON.stringify(lines)).not.toContain('Sample');
  });
});
