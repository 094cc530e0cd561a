import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailOf } from './mail.js';

const origin = 'https://rollcall.example.com';
const received: { from: string; to: string[]; text: string; user?: string }[] = [];
let server: SMTPServer;
let port = 0;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-mail-'));
  server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'of-the-mail-server' ? done(null, { user: username }) : done(new Error('no')),
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((one) => one.address),
          text: Buffer.concat(parts).toString(),
          ...(typeof session.user === 'string' ? { user: session.user } : {}),
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.server.address() as AddressInfo).port;
});
afterAll(async () => {
  await new Promise<void>((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const from = { ROLLCALL_MAIL_FROM: 'rollcall@example.com' };

describe('mail', () => {
  it('is sent nowhere unless a server was named', () => {
    expect(mailOf({}, origin)).toBeUndefined();
    expect(mailOf(from, origin)).toBeUndefined();
  });

  it('goes to one account, by the server that was named', async () => {
    const file = join(folder, 'password');
    await writeFile(file, 'of-the-mail-server\n');
    const mail = mailOf(
      { ...from, ROLLCALL_MAIL_URL: `smtp://rollcall@127.0.0.1:${port}`, ROLLCALL_MAIL_PASSWORD_FILE: file },
      origin,
    );
    await mail?.send('ada@example.com', 'Two words', 'A text of one line.');
    expect(received.at(-1)).toMatchObject({
      from: 'rollcall@example.com',
      to: ['ada@example.com'],
      user: 'rollcall',
    });
    expect(received.at(-1)?.text).toMatch(/Subject: Two words[\s\S]*A text of one line\./);
  });

  it('takes nothing for an address that is none', async () => {
    const mail = mailOf({ ...from, ROLLCALL_MAIL_URL: `smtp://127.0.0.1:${port}` }, origin);
    const before = received.length;
    await expect(mail?.send('a@example.com, b@example.com', 'x', 'y')).rejects.toThrow();
    await expect(mail?.send('a@example.com\r\nBcc: b@example.com', 'x', 'y')).rejects.toThrow();
    await mail?.send('ada@example.com', 'One\r\nBcc: eve@example.com', 'y');
    expect(received.slice(before).map(({ to }) => to)).toEqual([['ada@example.com']]);
    expect(received.at(-1)?.text).not.toMatch(/^Bcc:/m);
  });

  it('goes over no network in the clear', async () => {
    // Another name of this machine: to the sender it might be any.
    const mail = mailOf({ ...from, ROLLCALL_MAIL_URL: `smtp://0.0.0.0:${port}` }, origin);
    const before = received.length;
    await expect(mail?.send('ada@example.com', 'x', 'y')).rejects.toThrow(/STARTTLS|TLS/);
    expect(received).toHaveLength(before);
  });

  it.each([
    [{ ROLLCALL_MAIL_URL: 'https://mail.example.com' }, /is no mail server/],
    [{ ROLLCALL_MAIL_URL: 'mail.example.com' }, /is no mail server/],
    [{ ROLLCALL_MAIL_URL: 'smtp://a:secret@mail.example.com' }, /holds a password/],
    [{ ROLLCALL_MAIL_URL: 'smtp://mail.example.com', ROLLCALL_MAIL_FROM: 'Rollcall' }, /is no address/],
  ])('says what is wrong with %j, and no password', (environment, says) => {
    const asked = () => mailOf({ ...from, ...environment }, origin);
    expect(asked).toThrow(says);
    expect(asked).not.toThrow(/secret/);
  });
});
