/**
 * Mail that this installation sends, to those with an account here and nobody else. Told in the environment, because the
 * password must not stand in the database; without it nothing is sent anywhere:
 *
 *   ROLLCALL_MAIL_URL        smtp://user@mail.example.com:587, or smtps://… for TLS from the first byte
 *   ROLLCALL_MAIL_PASSWORD, or ROLLCALL_MAIL_PASSWORD_FILE
 *   ROLLCALL_MAIL_FROM       rollcall@example.com
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { Mail } from './model/services.js';

const address = z.email().max(250);

/** `origin`: address of the console, for links. */
export function mailOf(environment: NodeJS.ProcessEnv, origin: string): Mail | undefined {
  const given = environment.ROLLCALL_MAIL_URL;
  if (!given) return undefined;
  const wrong = (message: string, hint: string): never => {
    throw new RollcallError('ARGUMENT_INVALID', `${message}: ${hint}`);
  };
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !['smtp:', 'smtps:'].includes(url.protocol) || !url.hostname)
    return wrong('ROLLCALL_MAIL_URL is no mail server', 'write smtp://user@mail.example.com:587');
  if (url.password)
    wrong(
      'ROLLCALL_MAIL_URL holds a password',
      'put it into a file and name that in ROLLCALL_MAIL_PASSWORD_FILE',
    );
  const from = address.safeParse(environment.ROLLCALL_MAIL_FROM);
  if (!from.success)
    return wrong('ROLLCALL_MAIL_FROM is no address', 'it is whom the mail comes from: rollcall@example.com');
  const file = environment.ROLLCALL_MAIL_PASSWORD_FILE;
  const pass = file ? readFileSync(file, 'utf8').trim() : (environment.ROLLCALL_MAIL_PASSWORD ?? '');
  const user = decodeURIComponent(url.username);
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const here = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  const transport = createTransport({
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    // Nothing goes over a network in the clear.
    requireTLS: !secure && !here,
    ...(user ? { auth: { user, pass } } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    socketTimeout: 60_000,
  });
  return {
    origin,
    send: async (to, subject, text) => {
      await transport.sendMail({ from: from.data, to: address.parse(to), subject, text });
    },
  };
}
