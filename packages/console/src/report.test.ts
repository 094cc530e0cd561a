/**
 * The report as people meet it: built, filled with a made-up result, opened from disk in a real browser.
 * Without a browser these tests are skipped and say so; in CI that is a failure.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ScanResult } from '@rollcall/engine/model/result.js';
import type { AxeResults } from 'axe-core';
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { crowd, emptyResult, sampleResult } from '../fixtures/sample-result.js';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browserIsHere = existsSync(executablePath);
const marker = '<script type="application/json" id="rollcall-result">{}</script>';
const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const vite = dirname(require.resolve('vite/package.json'));
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const pages = {
  overview: '#/',
  people: '#/people',
  person: '#/person/E1042',
  'person with evidence open': '#/person/E1042?open=1.3&signal=4&at=8',
  'person with a hostile name': '#/person/E0871?open=1.2',
  'person with an endless name': '#/person/E0440',
  'person with an odd number': `#/person/${encodeURIComponent('E0777/ü?#&')}`,
  rings: '#/rings',
  ring: '#/ring/ring-nashville',
  'ring with a shared value chosen': '#/ring/ring-nashville?value=1',
  explanations: '#/explanations',
  exposure: '#/exposure',
  detections: '#/detections',
  sources: '#/sources',
  'no such page': '#/nowhere',
} as const;

let work: string;
let template: string;
let context: BrowserContext | undefined;
let opened: Page[] = [];

function embed(result: ScanResult): string {
  const json = JSON.stringify(result).replaceAll('<', '\\u003c');
  return template.split(marker).join(marker.replace('{}', () => json));
}

function save(name: string, html: string): string {
  const path = join(work, name);
  writeFileSync(path, html);
  return pathToFileURL(path).href;
}

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'rollcall-report-'));
  // As `npm run build` does it: under the test runner's own settings React would come out in its development form.
  execFileSync(process.execPath, [join(vite, 'bin/vite.js'), 'build', '--outDir', join(work, 'dist')], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  template = readFileSync(join(work, 'dist', 'report.html'), 'utf8');
  if (!browserIsHere) return;
  context = await chromium.launchPersistentContext(join(work, 'profile'), {
    executablePath,
    headless: true,
    viewport: { width: 1280, height: 900 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});

afterEach(async () => {
  await Promise.all(opened.map((page) => page.close()));
  opened = [];
});

afterAll(async () => {
  await context?.close();
  rmSync(work, { recursive: true, force: true });
});

interface Visit {
  page: Page;
  /** Console errors, uncaught errors, dialogs, and requests for anything but the file itself. */
  trouble: string[];
}

async function open(url: string): Promise<Visit> {
  if (!context) throw new Error('no browser');
  const page = await context.newPage();
  opened.push(page);
  const trouble: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      trouble.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url.split('#')[0]) trouble.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector('h1');
  return { page, trouble };
}

/** What was pressed or followed has been drawn: an address that changes is told of in a task of its own. */
const settled = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((done) =>
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done()))),
      ),
  );
const text = async (locator: Locator) => {
  await settled(locator.page());
  return (await locator.textContent()) ?? '';
};
const path = async (page: Page) => {
  await settled(page);
  return page.evaluate(() => window.location.hash);
};
const focusedRow = async (page: Page) => {
  await settled(page);
  return page.evaluate(() => document.activeElement?.getAttribute('data-row') ?? null);
};

describe('the built file', () => {
  it('has the place for a result exactly once, for the command line to replace', () => {
    expect(template.split(marker)).toHaveLength(2);
    expect(template.match(/id="rollcall-result"/g)).toHaveLength(1);
  });

  it('is one file under a megabyte that asks for nothing else', () => {
    expect(Buffer.byteLength(template)).toBeLessThan(1_000_000);
    // Not `toMatch`: a failure would print the whole file.
    expect(/<(?:script|link|img|iframe)\b[^>]*\s(?:src|href)=/i.test(template)).toBe(false);
    const afterScript = template.slice(template.indexOf('</script>'));
    const style = /<style[^>]*>([\s\S]*?)<\/style>/.exec(afterScript)?.[1] ?? '';
    expect(style.length).toBeGreaterThan(1000);
    expect(/@import|url\(/i.test(style)).toBe(false);
  });

  it('allows only its own script and style, by their hash', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(template)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'sha256-[^']+'(;|$)/);
    expect(policy).toMatch(/style-src 'sha256-[^']+'(;|$)/);
    expect(policy).not.toContain('unsafe');
    expect(template.indexOf('Content-Security-Policy')).toBeLessThan(
      template.indexOf('<script type="module"'),
    );
  });
});

if (!browserIsHere && process.env.CI) {
  it('has a browser to be tested in', () => {
    throw new Error(`CI needs a browser at ${executablePath}; set CHROMIUM to another path`);
  });
}

describe.skipIf(!browserIsHere)(`in a browser (skipped where ${executablePath} is missing)`, () => {
  it('runs nothing but itself, even where an attacker got markup into the file', async () => {
    const attack =
      '<script>window.owned = 1</script><img src="x:" onerror="window.owned = 1"><a id="bait" href="javascript:window.owned = 1">x</a>';
    const url = save(
      'attacked.html',
      embed(sampleResult).replace('<body>', () => `<body>${attack}`),
    );
    const { page } = await open(url);
    await page.evaluate(() => document.getElementById('bait')?.click());
    await page.waitForTimeout(50);
    expect(await page.evaluate(() => 'owned' in window)).toBe(false);
  });

  it('shows hostile names and cells as text, and never as markup', async () => {
    const { page, trouble } = await open(`${save('sample.html', embed(sampleResult))}#/people`);
    const name = '<img src=x onerror=alert(1)>';
    expect(await page.getByRole('link', { name, exact: true }).count()).toBe(1);
    await page.getByRole('link', { name, exact: true }).click();
    expect(await text(page.locator('h1'))).toBe(name);
    expect(await page.title()).toBe(`${name} · Rollcall`);
    await page
      .getByRole('button', { name: /rows behind this/ })
      .first()
      .click();
    await page
      .getByRole('button', { name: /rows behind this/ })
      .last()
      .click();
    await settled(page);
    expect(await page.locator('.evidence:visible').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining('<b onmouseover=alert(4)>account ending 14</b>')]),
    );
    expect(
      await page.locator('main img, main script, main iframe, main [onerror], main [onload]').count(),
    ).toBe(0);
    expect(await page.locator('a[href^="javascript"], a[href^="data"]').count()).toBe(0);
    expect(trouble).toEqual([]);
  });

  it('names the characters that would turn a name around, and keeps its direction to itself', async () => {
    const { page } = await open(`${save('sample.html', embed(sampleResult))}#/people`);
    const link = page.locator('[data-row="A-77120"]');
    expect(await text(link)).toBe('Sam ⟨U+202E⟩gnitset⟨U+202C⟩ Novak');
    expect(await link.locator('bdi').count()).toBe(1);
    expect(await text(page.locator('[data-row="E0612"]'))).toBe('Zoë 🦊👩🏽‍💻 Brandt');
    const isolated = await page
      .locator('[data-row="E0955"] bdi')
      .evaluate((bdi) => getComputedStyle(bdi).unicodeBidi);
    expect(isolated).toBe('isolate');
  });

  it.each([
    ['wide', 1280],
    ['narrow', 380],
  ])('never scrolls sideways, whatever the length of a name (%s)', async (_name, width) => {
    const unbroken: ScanResult = {
      ...sampleResult,
      people: sampleResult.people.map((person) => ({
        ...person,
        name: 'W'.repeat(300),
        title: 'M'.repeat(300),
      })),
    };
    const url = save('unbroken.html', embed(unbroken));
    const { page } = await open(url);
    await page.setViewportSize({ width, height: 800 });
    for (const hash of Object.values(pages)) {
      await page.evaluate((to) => {
        window.location.hash = to;
      }, hash);
      await page.waitForTimeout(60);
      const beyond = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(beyond, hash).toBeLessThanOrEqual(0);
    }
  });

  it('goes from the list to a person and back by keyboard, to the same row', async () => {
    const { page } = await open(save('sample.html', embed(sampleResult)));
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.waitForSelector('table.people');
    for (const key of ['j', 'j', 'j', 'k', 'ArrowDown']) await page.keyboard.press(key);
    const chosen = sampleResult.people[2]?.id;
    expect(await focusedRow(page)).toBe(chosen);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.waterfall');
    expect(await path(page)).toBe(`#/person/${chosen}`);
    await page.keyboard.press('n');
    await page.waitForFunction((id) => window.location.hash.includes(id), sampleResult.people[3]?.id ?? '');
    await page.keyboard.press('Escape');
    await page.waitForSelector('table.people');
    expect(await path(page)).toBe('#/people');
    expect(await focusedRow(page)).toBe(chosen);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.waterfall');
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.waitForSelector('table.people');
    expect(await path(page)).toBe('#/people');
  });

  it('finds a place on the list again after Back', async () => {
    const { page } = await open(`${save('crowd.html', embed(crowd(300)))}#/people?page=2`);
    const row = page.locator('[data-row="P00180"]');
    await row.scrollIntoViewIfNeeded();
    const before = await page.evaluate(() => window.scrollY);
    expect(before).toBeGreaterThan(0);
    await row.click();
    await page.waitForSelector('.waterfall');
    expect(await page.evaluate(() => window.scrollY)).toBe(0);
    await page.goBack();
    await page.waitForSelector('table.people');
    expect(await focusedRow(page)).toBe('P00180');
    expect(Math.abs((await page.evaluate(() => window.scrollY)) - before)).toBeLessThan(50);
  });

  it('searches from anywhere, and keeps what was searched in the address', async () => {
    const { page } = await open(`${save('sample.html', embed(sampleResult))}#/sources`);
    await page.keyboard.press('/');
    await page.keyboard.type('nashville');
    await page.keyboard.press('Enter');
    await page.waitForSelector('table.people');
    expect(await path(page)).toBe('#/people?q=nashville');
    const found = await page.locator('table.people tbody tr').count();
    expect(found).toBe(4);
    await page.locator('#search').fill('nashville vendor-that-is-not-there');
    expect(await text(page.locator('.empty-title'))).toBe('Nobody fits these filters.');
    await page.reload();
    await page.waitForSelector('.empty-title');
    expect(await page.locator('#search').inputValue()).toBe('nashville vendor-that-is-not-there');
  });

  it('opens help by key, and can switch single keys off', async () => {
    const { page } = await open(save('sample.html', embed(sampleResult)));
    await page.keyboard.press('?');
    await settled(page);
    expect(await page.locator('dialog[open]').count()).toBe(1);
    await page.getByLabel('Single keys act on the page').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    expect(await focusedRow(page)).toBe(null);
    await page.keyboard.press('?');
    await settled(page);
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await page.getByRole('button', { name: 'Help and keys' }).click();
    await page.getByLabel('Single keys act on the page').check();
  });

  it('opens the rows behind a step, and keeps them open in the address', async () => {
    const { page } = await open(`${save('sample.html', embed(sampleResult))}#/person/E1042`);
    const cell = page.getByRole('cell', { name: '192.0.2.140' });
    expect(await cell.isVisible()).toBe(false);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await settled(page);
    expect(await cell.isVisible()).toBe(true);
    expect(await path(page)).toBe('#/person/E1042?open=1');
    await page.reload();
    await page.waitForSelector('.waterfall');
    expect(await cell.isVisible()).toBe(true);
  });

  it('says every innocent reading beside its signal, in the same type', async () => {
    const { page } = await open(`${save('sample.html', embed(sampleResult))}#/person/E1042`);
    const person = sampleResult.people[0];
    for (const signal of person?.signals ?? []) {
      const step = page.locator('.step', { hasText: signal.says });
      for (const reading of signal.innocent) {
        expect((await text(step.locator('.innocent'))).toLowerCase()).toContain(reading.toLowerCase());
      }
    }
    const fonts = await page.evaluate(() =>
      ['.step .seen .says', '.step .innocent .says'].map((selector) => {
        const element = document.querySelector(selector);
        const style = element ? getComputedStyle(element) : undefined;
        return `${style?.fontSize} ${style?.fontFamily} ${style?.color}`;
      }),
    );
    expect(fonts[0]).toBe(fonts[1]);
  });

  it('draws the waterfall so that the bars join up to the sum', async () => {
    const { page } = await open(`${save('sample.html', embed(sampleResult))}#/person/E1042`);
    const edges = await page.evaluate(() =>
      [...document.querySelectorAll('.step .chart .bar:not(.ghost)')].map((bar) => {
        const box = bar.getBoundingClientRect();
        return [box.left, box.right] as const;
      }),
    );
    const total = await page.locator('.total-mark').evaluate((mark) => {
      const box = mark.getBoundingClientRect();
      return (box.left + box.right) / 2;
    });
    expect(edges).toHaveLength(6);
    edges.slice(1).forEach(([left], index) => {
      expect(Math.abs(left - (edges[index]?.[1] ?? 0))).toBeLessThan(2.5);
    });
    expect(Math.abs((edges.at(-1)?.[1] ?? 0) - total)).toBeLessThan(2.5);
  });

  it('puts the small findings in one line, opens each of them, and keeps that in the address', async () => {
    const people = sampleResult.people.map((person) =>
      person.id === 'E1042'
        ? {
            ...person,
            waterfall: [
              ...person.waterfall,
              ...[0.2, 0.1, 0.3].map((bits) => ({ kind: 'signal' as const, label: `Small, ${bits}`, bits })),
            ],
          }
        : person,
    );
    const { page } = await open(`${save('small.html', embed({ ...sampleResult, people }))}#/person/E1042`);
    const fold = page.locator('.step-fold', { hasText: 'smaller findings, together' }).first();
    const told = page.locator('.step .says', { hasText: 'Small, 0.2' });
    expect(await told.count()).toBe(0);
    await fold.getByRole('button').click();
    await settled(page);
    expect(await told.count()).toBe(1);
    expect(await path(page)).toContain('small=yes');
    await fold.getByRole('button').click();
    await settled(page);
    expect(await told.count()).toBe(0);
  });

  it('steps along the timeline by arrow key, and shows the same event in the list and on the map', async () => {
    const { page } = await open(`${save('sample.html', embed(sampleResult))}#/person/E1042?signal=4`);
    await page.locator('.timeline-frame').focus();
    const before = await page.evaluate(() => window.scrollY);
    await page.keyboard.press('ArrowRight');
    await settled(page);
    expect(await page.evaluate(() => window.scrollY)).toBe(before);
    expect(await text(page.locator('.chosen-entry'))).toContain('17 Aug 2026, 02:15 UTC');
    expect(await text(page.locator('.events tr.chosen'))).toContain('Shenyang, China');
    expect(await page.locator('.map .visit.chosen').count()).toBe(1);
  });

  it('says what the company’s own people do to the weights, workers and applicants apart', async () => {
    const { page } = await open(`${save('sample.html', embed(sampleResult))}#/detections?rates=all`);
    const rates = page.locator('#base-rates');
    expect(await rates.locator('caption').allInnerTexts()).toEqual([
      expect.stringMatching(/^Workers: \d+ detections$/),
      expect.stringMatching(/^Applicants: 1 detection$/),
    ]);
    const text = await rates.innerText();
    expect(text).toContain('Everyone here does this: it counts for nothing.');
    expect(text).toMatch(/Found in \d+ of 1840 people whose sign-ins are on record/);
  });

  it('says of a VPN that its place is not the person’s', async () => {
    const { page } = await open(`${save('sample.html', embed(sampleResult))}#/person/E1042`);
    const row = page.locator('.places tr', { hasText: 'Seattle' });
    expect(await text(row)).toContain('the network’s exit, not the person');
    expect(await text(row)).toContain('2,850 km');
  });

  it('says the same of a ring in words as in its drawing', async () => {
    const { page } = await open(`${save('sample.html', embed(sampleResult))}#/ring/ring-nashville`);
    const drawn = await page.locator('.ring-graph .value .kind').allTextContents();
    const told = await page.locator('.shared-values .kind').allTextContents();
    expect([...drawn].sort()).toEqual([...told].sort());
    expect(drawn).toHaveLength(5);
    await page.locator('.ring-graph a', { hasText: 'Robin Fairweather' }).click();
    expect(await text(page.locator('h1'))).toBe('Robin Fairweather');
  });

  it('says why people are joined on pointing at the drawing, by Tab, and in the table', async () => {
    const { page, trouble } = await open(`${save('sample.html', embed(sampleResult))}#/ring/ring-nashville`);
    const edges = sampleResult.rings[0]?.edges ?? [];
    const said = page.locator('.why .says');
    expect(await said.count()).toBe(0);
    await page.locator('.ring-graph .value', { hasText: 'account ending 21' }).hover();
    await settled(page);
    expect(await said.allTextContents()).toEqual(
      edges.filter((edge) => edge.kind === 'bank_account').map((edge) => edge.says),
    );
    expect(await text(page.locator('.why'))).toContain('both 19 Jun – 25 Sep 2026');
    expect(await page.locator('.tie.lit').count()).toBe(2);
    await page.locator('.ring-graph a', { hasText: 'Morgan Petrakis' }).focus();
    await settled(page);
    expect(await said.first().textContent()).toContain('+1 303-555-0117');
    for (const sentence of await said.allTextContents()) expect(sentence).toContain('Morgan Petrakis');
    await page.locator('.ring-graph a', { hasText: 'Postal address' }).click();
    expect(await path(page)).toBe('#/ring/ring-nashville?value=1');
    expect(await text(page.locator('.why'))).toContain('3 more links');
    await page.reload();
    await page.waitForSelector('.why .says');
    await page.keyboard.press('Escape');
    await settled(page);
    expect(await said.count()).toBe(0);
    expect(await path(page)).toBe('#/ring/ring-nashville');
    const told = await page.locator('.reasons .says').allTextContents();
    expect([...told].sort()).toEqual(edges.map((edge) => edge.says).sort());
    expect(await text(page.locator('.shared-values tr', { hasText: '203.0.113.24' }).first())).toContain(
      'Casey Lindqvist 10–30 Jun 2026',
    );
    expect(trouble).toEqual([]);
  });

  it('says of people between that they are no members, and does not draw them as such', async () => {
    const { page } = await open(`${save('sample.html', embed(sampleResult))}#/ring/ring-nashville`);
    const between = page.locator('#between');
    expect(await text(between)).toContain('who are not part of it');
    expect(await text(between)).toContain('landlord');
    expect(await between.locator('h3').allTextContents()).toEqual([
      'Pat "><img src=x onerror=alert(7)> Okonkwo not a member',
      'Dana Whitlock not a member',
    ]);
    expect(await text(between)).toContain('⟨U+202E⟩on ecno⟨U+202C⟩ <b>only</b>');
    expect(await page.locator('.ring-graph .member').count()).toBe(4);
    expect(await text(page.locator('.members'))).not.toContain('Okonkwo');
  });

  it('tells what became of a ring and what people decided, in order, with how to undo it', async () => {
    const { page } = await open(`${save('sample.html', embed(sampleResult))}#/ring/ring-nashville`);
    const rows = await page.locator('.ring-history tbody tr').allTextContents();
    expect(rows.map((row) => row.split('2026')[0])).toEqual([
      '20 Aug ',
      '3 Sep ',
      '10 Sep ',
      '16 Sep ',
      '17 Sep ',
    ]);
    expect(rows[2]).toContain('Took up ring-franklin');
    expect(rows[3]).toContain('Alexis </td><script>alert(8)</script> Thorne');
    expect(await page.locator('#history .command').allTextContents()).toContain(
      'rollcall rings undo 3 --by NAME --reason TEXT',
    );
  });

  it('shows each innocent reason with what is against it in the same type, and the command that confirms it', async () => {
    const { page, trouble } = await open(`${save('sample.html', embed(sampleResult))}#/`);
    await page.getByRole('link', { name: '2 innocent reasons to check' }).click();
    expect(await path(page)).toBe('#/explanations');
    const waiting = page.locator('#waiting .proposal');
    expect(await waiting.count()).toBe(2);
    const agency = waiting.first();
    const proposal = sampleResult.proposals[0];
    for (const sentence of [
      proposal?.says,
      proposal?.check,
      ...(proposal?.silences ?? []),
      ...(proposal?.against ?? []),
    ])
      expect(await text(agency)).toContain(sentence);
    expect(await text(agency.locator('.command'))).toBe(
      'rollcall explanations confirm agency-5f1c09aa21 --by NAME --reason TEXT',
    );
    await agency.locator('summary').click();
    expect(await text(agency.locator('.evidence'))).toContain('<img src=x onerror=alert(9)>');
    const types = await agency.locator('.weighed .says').evaluateAll((all) =>
      all.map((one) => {
        const { fontSize, fontFamily, color } = getComputedStyle(one);
        return `${fontSize} ${fontFamily} ${color}`;
      }),
    );
    expect(new Set(types).size).toBe(1);
    expect(await text(waiting.last())).toContain('Nothing in the data.');
    expect(await text(waiting.last().locator('.command'))).toContain("'shared-office-'\\''; echo 1 #'");
    expect(await text(waiting.last())).toContain('and 6 more');
    expect(trouble).toEqual([]);
  });

  it('lists what each reason on record accounts for, and what is over, and a finding leads to its reason', async () => {
    const url = save('sample.html', embed(sampleResult));
    const { page, trouble } = await open(`${url}#/explanations`);
    const inForce = page.locator('#in-force .recorded');
    expect(await inForce.count()).toBe(2);
    const travel = inForce.first();
    expect(await text(travel)).toContain('Recorded by Alexis Thorne on 10 Aug 2026, until 1 Feb 2027');
    expect(await text(travel)).toContain('Their VPN dropped once, in Japan');
    expect(await text(travel)).toContain('2 of its 7 rows; the others count');
    expect(await text(travel.locator('.command'))).toContain('explanations withdraw travel-1aa0e9c0d2');
    expect(await text(inForce.last())).toContain(
      'Ines Marchetti and Tom Okafor share an internet connection',
    );
    expect(await text(page.locator('#not-yet'))).toContain('everybody of Support & <b>Care</b>');
    expect(await text(page.locator('#over'))).toContain('what it accounted for counts again');
    expect(await page.locator('#over .command').count()).toBe(0);
    const person = sampleResult.people.find((one) =>
      one.signals.some((signal) => signal.explained?.kind === 'travel'),
    );
    await page.goto(`${url}#/person/${person?.id}`);
    const link = page.locator('.says.explained a').first();
    expect(await text(page.locator('.says.explained').first())).toContain('recorded by Alexis Thorne, until');
    await link.click();
    expect(await path(page)).toBe('#/explanations?show=travel-1aa0e9c0d2');
    await page.waitForSelector('#recorded-travel-1aa0e9c0d2');
    expect(trouble).toEqual([]);
  });

  it('puts the innocent reasons that concern a person or a ring on their pages, and only those', async () => {
    const url = save('sample.html', embed(sampleResult));
    for (const [hash, titles] of [
      ['#/person/V2009', ['One agency: Robin Fairweather, Morgan Petrakis']],
      ['#/person/E0301', ['One household: Ines Marchetti, Tom Okafor']],
      ['#/ring/ring-nashville', ['One agency: Robin Fairweather, Morgan Petrakis']],
      ['#/person/E1042', []],
    ] as const) {
      const { page } = await open(url + hash);
      expect(await page.locator('.proposal h3').allTextContents(), hash).toEqual(titles);
    }
  });

  it('says when every innocent reason is confirmed, and then asks for nothing on the first page', async () => {
    const proposals = sampleResult.proposals.filter((proposal) => proposal.confirmed);
    const url = save('confirmed.html', embed({ ...sampleResult, proposals }));
    const { page } = await open(`${url}#/explanations`);
    expect(await text(page.locator('#waiting'))).toContain('Nothing waits');
    await page.goto(`${url}#/`);
    await page.waitForSelector('.ranking');
    expect(await page.locator('.proposed-line').count()).toBe(0);
  });

  it('keeps a ring of sixty people to a bounded page', async () => {
    const people = Array.from({ length: 60 }, (_, index) => `M${String(index).padStart(2, '0')}`);
    const [ring] = sampleResult.rings;
    const [like] = ring?.edges ?? [];
    if (!ring || !like) throw new Error('the sample has a ring');
    const big: ScanResult = {
      ...sampleResult,
      rings: [
        {
          ...ring,
          members: people.map((id) => ({ id, name: `Member ${id}`, band: 'watch', bits: -4 })),
          edges: people.flatMap((a, index) => people.slice(index + 1).map((b) => ({ ...like, a, b }))),
        },
      ],
    };
    const { page, trouble } = await open(`${save('sixty.html', embed(big))}#/ring/ring-nashville`);
    expect(await page.locator('.reasons .says').count()).toBe(100);
    expect(await text(page.locator('.reasons'))).toContain('1,670 more: rollcall rings --json');
    await page.locator('.ring-graph .value').hover();
    await settled(page);
    expect(await page.locator('.why .says').count()).toBe(1);
    expect(await page.locator('body *').count()).toBeLessThan(4000);
    expect(trouble).toEqual([]);
  });

  it('shows passages side by side, and marks them in the résumé, whose own marks stay text', async () => {
    const { page, trouble } = await open(
      `${save('sample.html', embed(sampleResult))}#/person/E1042?go=resumes`,
    );
    const pair = page.locator('#resumes .passages li').first();
    expect(await pair.locator('blockquote').allTextContents()).toEqual([
      expect.stringContaining('once by weight and once by name'),
      expect.stringContaining('(by weight, then by name)'),
    ]);
    expect(await pair.locator('mark').allTextContents()).toContain('Taught');
    expect(await page.locator('#resumes .passages details li:visible').count()).toBe(0);
    await page.locator('#resumes .passages summary', { hasText: '1 more passage' }).click();
    await settled(page);
    expect(await page.locator('#resumes .passages details li:visible').count()).toBe(1);
    expect(await text(page.locator('.resume-text mark'))).toContain('Taught the night ledger');
    expect(await text(page.locator('.resume-text'))).toContain('<b>the queue</b>');
    expect(await text(page.locator('.traces'))).toContain('Text that is not seen');
    expect(await text(page.locator('.claims'))).toContain('2019-03 to now');
    await page.goto(`${page.url().split('#')[0]}#/ring/ring-nashville`);
    expect(await page.locator('#wording .passages li').count()).toBe(4);
    expect(trouble).toEqual([]);
  });

  it('keeps a list of ten thousand people to a bounded page, in order, and finds the last of them', async () => {
    const { page, trouble } = await open(`${save('crowd.html', embed(crowd(10_000)))}#/people`);
    const rows = page.locator('table.people tbody tr');
    expect(await rows.count()).toBe(100);
    expect(await page.locator('body *').count()).toBeLessThan(4000);
    await page.locator('[data-row="P00099"]').focus();
    await page.keyboard.press('j');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-row') === 'P00100');
    expect(await path(page)).toBe('#/people?page=2');
    await page.locator('#search').fill('jarrow 9999');
    await page.waitForFunction(() => document.querySelectorAll('table.people tbody tr').length === 1);
    expect(await text(rows)).toContain('Logan Jarrow 9999');
    await page.locator('#search').fill('');
    await page.getByRole('button', { name: 'Person', exact: true }).click();
    expect(await text(rows.first())).toContain('Avery Ashby 0');
    await page.goto(`${page.url().split('#')[0]}#/`);
    await page.waitForSelector('.ranking');
    expect(await page.locator('.ranking > li').count()).toBeLessThanOrEqual(40);
    expect(trouble).toEqual([]);
  });

  it.each([
    ['dark', 'rgb(20, 23, 26)'],
    ['light', 'rgb(252, 252, 250)'],
  ] as const)('follows the system into %s, and the reader’s own choice over it', async (scheme, paper) => {
    const { page } = await open(save('sample.html', embed(sampleResult)));
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.emulateMedia({ colorScheme: scheme });
    expect(await background()).toBe(paper);
    await page.getByLabel(scheme === 'dark' ? 'Light' : 'Dark', { exact: true }).check({ force: true });
    await settled(page);
    expect(await background()).not.toBe(paper);
    await page.reload();
    await page.waitForSelector('h1');
    expect(await background()).not.toBe(paper);
    await page.getByLabel('Auto', { exact: true }).check({ force: true });
    await settled(page);
    expect(await background()).toBe(paper);
  });

  it('prints a person in full: light, every row opened, nothing that only works on a screen', async () => {
    const { page } = await open(`${save('sample.html', embed(sampleResult))}#/person/E1042`);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const hiddenRows = await page
      .locator('.behind')
      .evaluateAll((all) => all.filter((one) => one.clientHeight === 0).length);
    expect(hiddenRows).toBe(0);
    expect(await page.locator('.top').isVisible()).toBe(false);
    expect(await page.locator('.opener:visible, select:visible, .screen-only:visible').count()).toBe(0);
    expect(await text(page.locator('.paper-head'))).toContain('not a finding of guilt');
    const ink = await page.evaluate(() => getComputedStyle(document.documentElement).color);
    expect(ink).toBe('rgb(26, 28, 30)');
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.byteLength).toBeGreaterThan(10_000);
  });

  it('says in every empty part why it is empty and what to do', async () => {
    const url = save('empty.html', embed(emptyResult));
    for (const [hash, words] of [
      ['#/', 'add an export of the HR system'],
      ['#/people', 'Nobody has a signal.'],
      ['#/rings', 'No ring was found.'],
      ['#/explanations', 'The data suggests no innocent reason, and none is on record.'],
      ['#/exposure', 'No exposure was found.'],
      ['#/detections', 'No detection was loaded.'],
      ['#/sources', 'No file was read.'],
    ] as const) {
      const { page, trouble } = await open(url + hash);
      expect(await text(page.locator('main'))).toContain(words);
      expect(trouble).toEqual([]);
    }
  });

  it('says so when there is no result, half a result, or one of another shape', async () => {
    const blank = await open(save('blank.html', template));
    expect(await text(blank.page.locator('h1'))).toBe('This report is empty');
    const half = await open(
      save(
        'half.html',
        template.replace(marker, () => marker.replace('{}', '{"people": [')),
      ),
    );
    expect(await text(half.page.locator('main'))).toContain('not whole');
    const other = await open(
      save(
        'other.html',
        template.replace(marker, () => marker.replace('{}', '{"people": []}')),
      ),
    );
    expect(await text(other.page.locator('main'))).toContain('another version');
    const bent = {
      ...sampleResult,
      people: [{ ...sampleResult.people[0], signals: null }],
    } as unknown as ScanResult;
    const broken = await open(`${save('bent.html', embed(bent))}#/sources`);
    expect(await text(broken.page.locator('main'))).toContain('It adds up');
  });

  it('says when the records do not add up', async () => {
    const files = sampleResult.files.map((file, index) =>
      index === 0 ? { ...file, kept: file.kept - 1 } : file,
    );
    const { page } = await open(`${save('wrong.html', embed({ ...sampleResult, files }))}#/sources`);
    expect(await text(page.locator('.sum'))).toContain('does not add up in 1 file');
    expect(await page.locator('tr.wrong').count()).toBe(1);
  });

  it.each(Object.entries(pages))(
    'draws %s without an error or a request, accessible in either colour scheme',
    async (_name, hash) => {
      const { page, trouble } = await open(save('sample.html', embed(sampleResult)) + hash);
      await page.waitForTimeout(50);
      expect(trouble).toEqual([]);
      expect(await text(page.locator('main'))).not.toContain('could not be drawn');
      await page.evaluate(axeSource);
      // Of the two only colours differ.
      const rules = {
        light: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        dark: ['color-contrast'],
      };
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const results = await page.evaluate<AxeResults>(
          `axe.run(document, { runOnly: ${JSON.stringify(rules[colorScheme])}, resultTypes: ['violations'] })`,
        );
        const found = results.violations.map(
          ({ id, impact, nodes }) =>
            `${impact} ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
        );
        expect(found, colorScheme).toEqual([]);
      }
    },
  );
});
