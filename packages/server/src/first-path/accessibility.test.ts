/** Every page of the console, with data: nothing serious for axe, in light and dark; and the whole path by keyboard alone. */
import { createReadStream, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { simulate } from '@rollcall/simulate';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../model/roles.js';
import { browserIsHere, type House, openHouse, scanned, settled, signedIn, visit } from './console.js';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const list = readFileSync(new URL('../../../console/src/live/pages/index.ts', import.meta.url), 'utf8');
/** As the console has them. */
const pageNames = [...list.matchAll(/^ {2}(\w+): lazy\(/gm)].map((found) => found[1] ?? '');

let house: House;
let page: Page;
/** Addresses of one thing for each page that is about one. */
const one: Record<string, string> = {};

beforeAll(async () => {
  if (!browserIsHere) {
    if (process.env.CI) throw new Error('there is no Chromium: set CHROMIUM to its path');
    return;
  }
  house = await openHouse();
  const out = join(house.work, 'company');
  await simulate({ people: 80, seed: 3, out, days: 7, ringMembers: 4 });
  const exports = join(out, 'exports');
  for (const entry of await readdir(exports, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      await house.server.services.intake.file(relative(exports, path), createReadStream(path));
    }
  await scanned(house.server, 70);
  page = await signedIn(house, roles);
});
afterAll(() => house?.close());

async function serious(on: Page, where: string, only?: readonly string[]): Promise<string[]> {
  if (!(await on.evaluate<boolean>('"axe" in window'))) await on.evaluate(axeSource);
  const options = {
    resultTypes: ['violations'],
    ...(only ? { runOnly: { type: 'rule', values: only } } : {}),
  };
  const found = await on.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${where}: ${id}: ${nodes
          .slice(0, 3)
          .map(({ html }) => html.slice(0, 140))
          .join(' | ')}`,
    );
}

async function both(on: Page, where: string): Promise<string[]> {
  await on.emulateMedia({ colorScheme: 'light' });
  const light = await serious(on, where);
  await on.emulateMedia({ colorScheme: 'dark' });
  const dark = await serious(on, `${where}, dark`, ['color-contrast']);
  await house.look(on, `dark-${where.replace(/\W+/g, '-')}`);
  await on.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark];
}

/** What must be on paper of these pages, beside a heading and what it is a page of. */
const onPaper: Record<string, string> = {
  'case evidence': '.case-findings td, .case-findings .says, .hash',
  vendor: '.act label',
  module: '.act label',
};

/** A narrow window scrolls one way only; on paper there is what was found, and nothing that is pressed. */
async function narrowAndPrinted(on: Page, where: string): Promise<string[]> {
  await on.setViewportSize({ width: 420, height: 900 });
  const beyond = await on.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  await on.setViewportSize({ width: 1280, height: 900 });
  await on.emulateMedia({ media: 'print' });
  const [pressed, there] = await on.evaluate<[string[], boolean[]]>(`(() => {
    const seen = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
    return [
      seen('.top, .skip, nav, main button:not(.sorter), main input[type="file"], .filters, .pager, .screen-only')
        .map((one) => one.outerHTML.slice(0, 140)),
      ${JSON.stringify(['h1', '.paper-head', onPaper[where] ?? 'main'])}.map((selector) => seen(selector).length > 0),
    ];
  })()`);
  await on.emulateMedia({ media: 'screen' });
  return [
    ...(beyond > 0 ? [`${where}: scrolls sideways by ${beyond} pixels`] : []),
    ...pressed.map((html) => `${where}, printed: ${html}`),
    ...(there.every(Boolean) ? [] : [`${where}, printed: something is missing (${there.join()})`]),
  ];
}

const active = (on: Page) =>
  on.evaluate<{ words: string; seen: boolean; nowhere: boolean }>(`(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return { words: '', seen: false, nowhere: true };
    const style = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    const label = at.labels && at.labels.length ? at.labels[0].textContent : '';
    const words = [label, at.getAttribute('aria-label'), at.tagName === 'SELECT' ? '' : at.textContent].filter(Boolean).join(' ');
    const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
    return { words: words.trim(), seen: ring && box.width > 0, nowhere: false };
  })()`);

/** Presses Tab until what has the focus says this; each stop on the way must be visible. */
async function tabTo(on: Page, words: RegExp): Promise<void> {
  const hidden: string[] = [];
  for (let presses = 0; presses < 250; presses++) {
    await on.keyboard.press('Tab');
    const at = await active(on);
    if (!at.nowhere && !at.seen) hidden.push(at.words.slice(0, 60));
    if (words.test(at.words)) {
      expect(hidden).toEqual([]);
      return;
    }
  }
  throw new Error(`no Tab leads to ${words}`);
}

describe.skipIf(!browserIsHere)('the console', () => {
  it('is open to all before anybody is signed in', async () => {
    const stranger = await house.person();
    await stranger.goto(house.server.url);
    await stranger.getByRole('heading', { name: 'Sign in' }).waitFor();
    const found = await both(stranger, 'sign-in');
    for (const link of ['token=made-up', 'invitation=made-up']) {
      await stranger.goto(`${house.server.url}/#/setup?${link}`);
      await stranger.getByLabel('The same again').waitFor();
      found.push(...(await both(stranger, link)));
    }
    expect(found).toEqual([]);
    await stranger.context().close();
  });

  it('walks from Today to a case by keyboard alone, and never loses the focus', async () => {
    await page.reload();
    await settled(page);
    await tabTo(page, /^Person [0-9A-Z]{4}-[0-9A-Z]{2}$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /^Person / }).waitFor();
    await settled(page);
    expect((await active(page)).nowhere).toBe(false);
    one.person = await page.evaluate<string>('location.hash');
    await tabTo(page, /^Open a case to see who this is/);
    await page.keyboard.press('Enter');
    await tabTo(page, /^Why you need to know/);
    await page.keyboard.type('Two hires are paid into one account. Who works?');
    await tabTo(page, /^Open the case$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /^Case 1/ }).waitFor();
    await settled(page);
    expect((await active(page)).nowhere).toBe(false);
    one.case = await page.evaluate<string>('location.hash');
  });

  it('records a check by keyboard alone', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.getByRole('heading', { level: 1, name: 'Checks' }).waitFor();
    await settled(page);
    await tabTo(page, /^Ask for a check/);
    await page.keyboard.press('Enter');
    await settled(page);
    await tabTo(page, /^Which check/);
    await page.keyboard.type('A small live');
    await tabTo(page, /^Their handle/);
    await page.keyboard.type(one.person?.match(/p[0-9a-z]{10}/)?.[0] ?? '');
    await tabTo(page, /^Ask$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Write it down' }).waitFor();
    await settled(page);
    expect((await active(page)).nowhere).toBe(false);
    one.check = await page.evaluate<string>('location.hash');
    await tabTo(page, /^Done, and the picture held/);
    await page.keyboard.press('Space');
    await tabTo(page, /^Record it$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What was written down' }).waitFor();
    await settled(page);
    expect((await active(page)).nowhere).toBe(false);
  });

  it('closes its dialog with Escape, and gives the focus back', async () => {
    await visit(page, '#/today');
    await tabTo(page, /^Help and keys/);
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    expect(await serious(page, 'help')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    expect((await active(page)).words).toMatch(/^Help and keys/);
  });

  it('has nothing serious for axe on any page, fits a narrow window, and prints what was found', async () => {
    expect(pageNames.length).toBeGreaterThan(20);
    const current = house.server.services.results.current();
    one.ring = `#/ring/${encodeURIComponent(current?.head.rings[0]?.id ?? '')}`;
    for (const [from, name] of [
      ['vendors', 'vendor'],
      ['training', 'module'],
      ['detections', 'detection'],
      ['facts', 'fact'],
    ] as const) {
      await visit(page, `#/${from}`);
      one[name] = (await page.locator(`main a[href^="#/${name}/"]`).first().getAttribute('href')) ?? '';
    }
    const found: string[] = [];
    const states = pageNames.map((name) => [name, one[name] ?? `#/${name}`]);
    for (const part of [
      'tasks',
      'evidence',
      'hypotheses',
      'sweep',
      'decisions',
      'letters',
      'response',
      'members',
      'history',
    ])
      states.push([`case ${part}`, `${one.case}?part=${part}`]);
    for (const see of ['contain', 'reports', 'bundles', 'exercise'])
      states.push([`response ${see}`, `${one.case}?part=response&see=${see}`]);
    for (const part of ['accounts', 'tokens', 'rules', 'sign-on', 'keeping', 'about'])
      states.push([`settings ${part}`, `#/settings?part=${part}`]);
    for (const view of ['forms', 'draw', 'ask']) states.push([`checks ${view}`, `#/checks?view=${view}`]);
    states.push(['no such page', '#/nowhere']);
    for (const [name, hash] of states as [string, string][]) {
      await visit(page, hash);
      expect(await page.locator('h1').count(), name).toBe(1);
      found.push(...(await both(page, name)), ...(await narrowAndPrinted(page, name)));
    }
    expect(found).toEqual([]);
    expect(house.trouble.splice(0)).toEqual([]);
  }, 400_000);
});
