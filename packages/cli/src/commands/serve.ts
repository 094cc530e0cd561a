import { randomInt } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { RollcallError } from '@rollcall/engine';
import { type RunningServer, startServer } from '@rollcall/server';
import { type Role, roles } from '@rollcall/server/model/roles.js';
import { bold, dim } from '../terminal.js';

export interface ServeFlags {
  folder: string;
  port: number;
  host: string;
  origin?: string;
  proxy: string[];
  policy?: string;
  content?: string;
  memory: string;
  threads?: number;
  demo?: boolean;
}

export async function serve(flags: ServeFlags): Promise<number> {
  const folder = resolve(flags.folder);
  if (flags.origin !== undefined && !URL.canParse(flags.origin))
    throw new RollcallError(
      'ARGUMENT_INVALID',
      '--origin must be an address such as https://rollcall.example.com',
    );
  const { DATABASE_URL: databaseUrl } = process.env;
  let lost: ((error: Error) => void) | undefined;
  const ended = new Promise<string>((done, failed) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done(signal));
    lost = failed;
  });
  const server = await startServer({
    folder,
    port: flags.port,
    host: flags.host,
    memory: flags.memory,
    proxies: flags.proxy,
    ...(databaseUrl ? { databaseUrl } : {}),
    ...(flags.origin ? { origin: flags.origin } : {}),
    ...(flags.policy ? { policy: flags.policy } : {}),
    ...(flags.content ? { content: flags.content } : {}),
    ...(flags.threads ? { threads: flags.threads } : {}),
    ...(lost ? { lost } : {}),
  });
  const say = (text: string) => process.stderr.write(`${text}\n`);
  try {
    if (flags.demo) await makeDemo(server, folder, say);
    else if (server.setupLink)
      say(
        `\n${bold('Set up')}  ${server.setupLink}\n${dim('Makes the first administrator. It works once, for 24 hours; starting again makes a new one.')}`,
      );
    say(
      `${bold('Rollcall')}  ${server.url}\n${dim('Ctrl-C ends it; nothing that was acknowledged is lost.')}\n`,
    );
    await ended;
    say(dim('Stopping …'));
  } finally {
    await server.stop();
  }
  return 0;
}

const demoPeople = 300;
/** Letters and digits nobody takes for others. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** The made-up company, handed in as a team would: files through the intake, one account for each role. */
async function makeDemo(server: RunningServer, folder: string, say: (text: string) => void): Promise<void> {
  const { services, access } = server;
  const there = await services.accounts.list();
  if (there.length === 0) {
    const passwords = new Map<Role, string>();
    for (const role of roles) {
      const password = Array.from({ length: 4 }, () =>
        Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join(''),
      ).join('-');
      passwords.set(role, password);
      await access.createAccount({
        email: `${role}@example.com`,
        name: `Demo ${role === 'hr' || role === 'it' ? role.toUpperCase() : role}`,
        roles: [role],
        password,
      });
    }
    // A demo is looked at alone, on one machine; elsewhere a second factor is asked for.
    await services.store.transaction((db) => services.settings.set(db, 'access.second-factor', false));
    say(`\n${bold('Accounts of the demo')} ${dim('(shown this once)')}`);
    for (const [role, password] of passwords) say(`  ${`${role}@example.com`.padEnd(24)} ${password}`);
  }
  if (services.results.current() || services.intake.state().files > 0 || existsSync(join(folder, 'lake')))
    return;
  say(dim(`\nMaking up a company of ${demoPeople} people, and handing in its exports`));
  const { simulate } = await import('@rollcall/simulate');
  const out = await mkdtemp(join(folder, 'demo-'));
  try {
    await simulate({
      people: demoPeople,
      seed: 1,
      out,
      ringMembers: Math.max(2, Math.round(demoPeople / 43)),
      days: 60,
      asRareAsInLife: true,
    });
    const exports = join(out, 'exports');
    for (const entry of await readdir(exports, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      await services.intake.file(relative(exports, path).split(sep).join('/'), createReadStream(path));
    }
  } finally {
    await rm(out, { recursive: true, force: true });
  }
  say(
    dim('Everybody in it is made up. The first scan takes about half a minute; pages fill when it is done.'),
  );
}
