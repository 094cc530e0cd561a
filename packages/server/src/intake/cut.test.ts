/** Deliveries the network cuts off: nothing of them is taken, and they can be sent again. */
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createAdaptorServer } from '@hono/node-server';
import { loadContent } from '@rollcall/engine';
import { pino } from 'pino';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../model/refusal.js';
import { readBody } from './body.js';
import { type OpenIntake, openIntake } from './intake.js';
import { watchFolder } from './watch.js';

let connectors: Awaited<ReturnType<typeof loadContent>>['connectors'];
let folder: string;
let intake: OpenIntake;
let server: ReturnType<typeof createAdaptorServer>;
/** How each request that came in ended. */
let ended: unknown[];

beforeAll(async () => {
  ({ connectors } = await loadContent(undefined, { withoutTests: true }));
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-cut-'));
  ended = [];
  intake = await openIntake({
    folder,
    connectors,
    queue: () => ({ add: async () => undefined }),
    ask: () => undefined,
    log: pino({ level: 'silent' }),
    now: () => new Date('2026-06-01T09:00:00Z'),
  });
  server = createAdaptorServer({
    fetch: async (request) => {
      try {
        const receipt = new URL(request.url).pathname.startsWith('/files')
          ? await intake.file('log.ndjson', request.body as unknown as AsyncIterable<Uint8Array>)
          : await intake.deliver(
              'checks',
              await readBody(request),
              request.headers.get('idempotency-key') ?? undefined,
            );
        ended.push('taken');
        return Response.json(receipt);
      } catch (error) {
        ended.push(error);
        const { status, code } = error as Refusal;
        return Response.json({ code }, { status: status ?? 500 });
      }
    },
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  server.close();
  await intake.close();
  await rm(folder, { recursive: true, force: true });
});

const rows = Array.from({ length: 2000 }, (_, at) => ({
  employee_id: `E-${at}`,
  check: 'Spot check',
  date: '2026-05-01',
  outcome: 'passed',
  by: 'K. Lead',
}));
const whole = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const packed = gzipSync(whole);
const address = () => server.address() as AddressInfo;

/** Sends a head and a part of the body, and breaks off. */
async function sendPart(head: readonly string[], part: Buffer, how: 'reset' | 'end'): Promise<void> {
  const socket: Socket = connect(address().port, '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise<void>((done) => socket.once('connect', done));
  socket.write(`${['POST / HTTP/1.1', 'Host: localhost', ...head].join('\r\n')}\r\n\r\n`);
  await new Promise<void>((done) => socket.write(part, () => done()));
  // What was sent arrives before the connection breaks.
  await new Promise((done) => setTimeout(done, 100));
  if (how === 'reset') socket.resetAndDestroy();
  else socket.destroy();
  await expect.poll(() => ended.length, { timeout: 5000 }).toBeGreaterThan(0);
}

const send = async (body: Buffer, headers: Record<string, string>, path = '') => {
  const answer = await fetch(`http://127.0.0.1:${address().port}/${path}`, { method: 'POST', body, headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

async function nothingTaken(): Promise<void> {
  expect(intake.state()).toMatchObject({ records: 0, files: 0, bytes: 0, takenRecords: 0 });
  const batch = join(folder, 'intake/000001');
  expect(existsSync(join(batch, 'journal.ndjson'))).toBe(false);
  expect(await readdir(join(batch, 'data/records'))).toEqual([]);
  expect(await readdir(join(folder, 'intake/uploads'))).toEqual([]);
}

const endOfLine = whole.indexOf(10, whole.length / 2) + 1;

describe('a delivery that the network cuts off', () => {
  it.each([
    ['in the midst of a line', whole, whole.subarray(0, endOfLine + 20), []],
    ['at the end of a line', whole, whole.subarray(0, endOfLine), []],
    ['in the midst of its gzip', packed, packed.subarray(0, packed.length / 2), ['Content-Encoding: gzip']],
    ['before its body', whole, Buffer.alloc(0), []],
  ] as const)('%s leaves nothing behind, and is taken when it is sent again', async (_, all, part, more) => {
    const heads = [
      [`Content-Length: ${all.length}`, 'Idempotency-Key: k1', ...more],
      ['Transfer-Encoding: chunked', 'Idempotency-Key: k1', ...more],
    ];
    for (const head of heads)
      for (const how of ['reset', 'end'] as const) {
        ended = [];
        const framed = head[0]?.startsWith('Transfer')
          ? Buffer.concat([Buffer.from(`${all.length.toString(16)}\r\n`), part])
          : part;
        await sendPart(head, framed, how);
        expect(ended).toEqual([expect.any(Refusal)]);
        expect(ended[0]).toMatchObject({
          status: 400,
          code: 'DELIVERY_CUT',
          message: expect.stringContaining('nothing was taken'),
        });
        await nothingTaken();
      }
    const headers: Record<string, string> = {
      'idempotency-key': 'k1',
      ...(more.length > 0 ? { 'content-encoding': 'gzip' } : {}),
    };
    expect(await send(all, headers)).toMatchObject({ status: 200, body: { records: 2000, again: false } });
    expect(await send(all, headers)).toMatchObject({ status: 200, body: { records: 2000, again: true } });
    expect(intake.state().records).toBe(2000);
  });

  it('before it was sent, with a true length for the half, is refused as what it is', async () => {
    const key = { 'idempotency-key': 'k2' };
    expect(await send(whole.subarray(0, endOfLine + 20), key)).toMatchObject({
      status: 422,
      body: { code: 'RECORD_INVALID' },
    });
    expect(
      await send(packed.subarray(0, packed.length / 2), { ...key, 'content-encoding': 'gzip' }),
    ).toMatchObject({ status: 422, body: { code: 'GZIP_DAMAGED' } });
    await nothingTaken();
    expect(await send(whole, key)).toMatchObject({ status: 200, body: { records: 2000, again: false } });
  });

  it('is told in words where it is a file, and nothing of it stays', async () => {
    const socket = connect(address().port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `POST /files HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${whole.length}\r\n\r\n${whole.subarray(0, 5000)}`,
    );
    await expect.poll(async () => readdir(join(folder, 'intake/uploads'))).toHaveLength(1);
    socket.resetAndDestroy();
    await expect.poll(() => ended.length, { timeout: 5000 }).toBe(1);
    expect(ended[0]).toMatchObject({ status: 400, code: 'DELIVERY_CUT' });
    await nothingTaken();
    expect(await send(whole, {}, 'files')).toMatchObject({ status: 200, body: { bytes: whole.length } });
  });
});

describe('a file of the watched folder that the server may not read', () => {
  /** Permissions mean nothing to root: its tests look as somebody else. */
  const asNobody = async (run: () => Promise<void>) => {
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65534);
    try {
      await run();
    } finally {
      if (root) process.seteuid?.(0);
    }
  };

  it('is put aside with what to do, and the others are taken', async () => {
    const watched = join(folder, 'watch');
    await mkdir(join(watched, 'closed'), { recursive: true });
    await writeFile(join(watched, 'secret.csv'), 'Employee ID\nE-1\n');
    await writeFile(join(watched, 'good.csv'), 'Employee ID\nE-2\n');
    if (process.getuid?.() === 0)
      for (const path of await readdir(folder, { recursive: true }).then((all) => ['', ...all]))
        await chown(join(folder, path), 65534, 65534);
    await chmod(join(watched, 'secret.csv'), 0o000);
    await chmod(join(watched, 'closed'), 0o000);
    await asNobody(async () => {
      const options = { folder, intake, log: pino({ level: 'silent' }), still: 100, every: 30 };
      const stop = await watchFolder(options);
      await expect.poll(() => intake.state().files, { timeout: 5000 }).toBe(1);
      await expect.poll(() => intake.state().aside.length, { timeout: 5000 }).toBe(2);
      await stop();
    });
    const why = Object.fromEntries(intake.state().aside.map((one) => [one.file, one.why]));
    expect(why).toEqual({
      'secret.csv': 'the server may not read it: let its account read it',
      closed: expect.stringContaining('the server may not look into it'),
    });
    expect(await readdir(watched)).toEqual(['closed']);
    const refused = await readdir(join(folder, 'watch-refused'));
    const kept = refused.find((name) => /secret\.csv-\w+$/.test(name)) ?? '';
    expect(await readFile(join(folder, 'watch-refused', kept), 'utf8')).toContain('E-1');
    await chmod(join(watched, 'closed'), 0o700);
  });
});
