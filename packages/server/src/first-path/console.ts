/**
 * What the tests of this folder share: a real server on an empty folder, a real browser in front of it, and people who
 * come in as a new team does, by the link that was printed and by invitations.
 */
import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';
import type { Role } from '../model/roles.js';
import { type RunningServer, startServer } from '../serve.js';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const browserIsHere = existsSync(executablePath);

export const password = 'four-made-up-words-of-mine';

export interface House {
  server: RunningServer;
  browser: Browser;
  /** A folder of this test alone; the server's own is in it. */
  work: string;
  /** What no page may do: errors, dialogs, refused scripts, requests to elsewhere. Filled while pages run. */
  trouble: string[];
  /** A browser of somebody's own: its cookies are nobody else's. */
  person(options?: { dark?: boolean }): Promise<Page>;
  /** A picture of the page, where somebody looks at them. */
  look(page: Page, name: string): Promise<void>;
  close(): Promise<void>;
}

export async function openHouse(): Promise<House> {
  const work = await mkdtemp(join(tmpdir(), 'rollcall-first-path-'));
  const pictures = process.env.ROLLCALL_SCREENSHOTS;
  if (pictures) await mkdir(pictures, { recursive: true });
  const server = await startServer({
    folder: join(work, 'folder'),
    port: 0,
    log: pino({ level: process.env.ROLLCALL_LOG ?? 'silent' }),
  });
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  const trouble: string[] = [];
  const contexts: BrowserContext[] = [];
  return {
    server,
    browser,
    work,
    trouble,
    person: async ({ dark = false } = {}) => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        reducedMotion: 'reduce',
        colorScheme: dark ? 'dark' : 'light',
        acceptDownloads: true,
      });
      contexts.push(context);
      const page = await context.newPage();
      watch(page, server.url, trouble);
      return page;
    },
    look: async (page, name) => {
      if (!pictures) return;
      // The menu stays at the top of the window: in a picture of the whole page it belongs at its top.
      await page.evaluate('scrollTo(0, 0)');
      const height = await page.evaluate<number>('Math.min(document.documentElement.scrollHeight, 2600)');
      const clip = { x: 0, y: 0, width: 1280, height };
      await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true, clip });
    },
    close: async () => {
      for (const context of contexts) await context.close();
      await browser.close();
      await server.stop();
      await rm(work, { recursive: true, force: true });
    },
  };
}

/** Refusals that a person provokes are answers; the browser's own line about them is no error of the page. */
const ofAnAnswer = /Failed to load resource: the server responded with a status of 4\d\d/;

function watch(page: Page, origin: string, trouble: string[]): void {
  page.on('console', (message) => {
    if ((message.type() === 'error' || message.type() === 'warning') && !ofAnAnswer.test(message.text()))
      trouble.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', () => trouble.push('a window was opened'));
  const open = new Set<Request>();
  underWay.set(page, open);
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.endsWith('/api/live')) open.add(request);
    if (!url.startsWith(`${origin}/`) && !/^(?:data|blob):/.test(url)) trouble.push(`request: ${url}`);
  });
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of six digits that an app would show for this secret now. */
export function codeOf(secret: string, at = Date.now()): string {
  const bits = [...secret.replace(/[\s=]/g, '')]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((one) => Number.parseInt(one, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = (digest.at(-1) as number) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Chooses a password twice, as the pages of a link ask for it. */
export async function choosePassword(page: Page, button: string): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('The same again').fill(password);
  await page.getByRole('button', { name: button }).click();
}

/** Sets up codes from an app, which an account must before anything else opens. */
export async function setUpCodes(page: Page, look?: (name: string) => Promise<void>): Promise<void> {
  await page.getByRole('heading', { name: 'A second factor first' }).waitFor();
  await look?.('asked');
  await page.getByLabel('Your password').fill(password);
  await page.getByRole('button', { name: 'Show the secret' }).click();
  const secret = (await page.locator('code.secret').textContent()) ?? '';
  await look?.('secret');
  await page.getByLabel('The code that the app shows now').fill(codeOf(secret));
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
}

/** An administrator invites somebody under Settings; answers the link. */
export async function invite(
  admin: Page,
  name: string,
  email: string,
  roles: readonly string[],
): Promise<string> {
  await admin.getByLabel('Name', { exact: true }).fill(name);
  await admin.getByLabel('E-mail address').fill(email);
  for (const role of roles) await admin.getByRole('checkbox', { name: new RegExp(`^${role}`, 'i') }).check();
  await admin.getByRole('button', { name: 'Make the account and its link' }).click();
  return admin.getByLabel(`Link for ${name}`).inputValue();
}

/** For tests that are not about coming in: an account with these roles, signed in without a second factor. */
export async function signedIn(
  house: House,
  roles: readonly Role[],
  options?: { dark?: boolean },
): Promise<Page> {
  const { server } = house;
  const name = `${roles[0]}${options?.dark ? '-dark' : ''}`;
  const email = `${name}@example.com`;
  await server.services.store.transaction((db) =>
    server.services.settings.set(db, 'access.second-factor', false),
  );
  if (!(await server.services.accounts.list()).some((one) => one.email === email))
    await server.access.createAccount({ email, name: `The ${name}`, roles: [...roles], password });
  const page = await house.person(options);
  await page.goto(server.url);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.locator('nav[aria-label="Pages"]').waitFor();
  return page;
}

/** Goes to a page of the console, and waits until it has read what it shows. */
export async function visit(page: Page, hash: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  await settled(page);
}

/** Requests under way, by page; the stream of changes never ends and does not count. */
const underWay = new WeakMap<Page, Set<Request>>();

/** Until the page has a heading, reads nothing any more, and has not begun to for a moment. */
export async function settled(page: Page): Promise<void> {
  const until = Date.now() + 30_000;
  let quiet = 0;
  while (quiet < 3) {
    await page.waitForTimeout(30);
    const waits = (underWay.get(page)?.size ?? 0) > 0 || (await page.locator('.waiting').count()) > 0;
    quiet = waits ? 0 : quiet + 1;
    if (Date.now() > until) throw new Error(`the page goes on reading: ${page.url().replace(/.*#/, '#')}`);
  }
  await page
    .locator('h1')
    .first()
    .waitFor({ timeout: 10_000 })
    .catch(async () => {
      const held = await page.evaluate<string>(
        'document.querySelector("main")?.outerHTML.slice(0, 600) ?? ""',
      );
      throw new Error(`no heading at ${page.url().replace(/.*#/, '#')}: ${held}`);
    });
}

/** Until nothing waits to be scanned and no scan is under way. */
export async function scanned(server: RunningServer, people = 1): Promise<void> {
  const until = Date.now() + 150_000;
  for (;;) {
    const { records, files } = server.services.intake.state();
    const { running, asked } = server.services.scans.state();
    const there = server.services.results.current()?.people.length ?? 0;
    if (records + files === 0 && !running && !asked && there >= people) return;
    if (Date.now() > until) throw new Error('no scan came to its end');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
