/** A company whose names, documents, devices and files were written to break pages and programs that read exports. */
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpacked } from '../areas/response/bundle/zip.js';
import { roles } from '../model/roles.js';
import { browserIsHere, type House, openHouse, scanned, settled, signedIn, visit } from './console.js';

const script = '<script>window.broken=1;alert(1)</script>';
const image = '<img src=x onerror="window.broken=2">';
const svg = '<svg/onload=window.broken=3><a xlink:href="javascript:window.broken=4">x</a></svg>';
const elsewhere =
  '"><iframe src=https://elsewhere.example/></iframe><link rel=stylesheet href=//elsewhere.example/x.css>';
const formula = '=HYPERLINK("https://elsewhere.example","x")';
const turned = 'Ada \u202Egpj.exe\u202C Example';
const markdown = [
  '[x](javascript:window.broken=5) $',
  '{window.broken=6} {{constructor.constructor("window.broken=7")()}}',
].join('');
const long = `Longname${'ä'.repeat(4000)}`;
const names = [
  script,
  image,
  svg,
  elsewhere,
  formula,
  '@SUM(1+1)*cmd|x',
  turned,
  markdown,
  long,
  'Nul\u0000l Example',
  '\u0000',
  '+1-555-0100',
  '-2+3',
  "O'Brien\u2028Line",
];

let house: House;
let page: Page;

const cell = (value: string) => `"${value.replaceAll('"', '""')}"`;
const csv = (rows: readonly (readonly string[])[]) => rows.map((row) => row.map(cell).join(',')).join('\r\n');

beforeAll(async () => {
  if (!browserIsHere) {
    if (process.env.CI) throw new Error('there is no Chromium: set CHROMIUM to its path');
    return;
  }
  house = await openHouse();
  const out = join(house.work, 'exports');
  await mkdir(join(out, 'resumes'), { recursive: true });
  const plain = Array.from({ length: 14 }, (_, at) => `Plain ${String.fromCharCode(65 + at)} Example`);
  const everybody = [...names, ...plain];
  await writeFile(
    join(out, 'workers.csv'),
    csv([
      [
        'Employee ID',
        'Name',
        'Work Email',
        'Personal Email',
        'Phone',
        'Status',
        'Hire Date',
        'Employment Type',
        'Vendor',
        'Work Location',
        'Home Address',
        'Job Title',
        'Department',
        'Manager',
      ],
      ...everybody.map((name, at) => [
        `E-${at}`,
        name,
        `worker${at}@example.com`,
        at < 4 ? 'shared@example.org' : `own${at}@example.org`,
        at < 4 ? '+1 555 555 0123' : `+1 555 555 01${String(at + 30)}`,
        'Active',
        '2026-08-20',
        at % 3 === 0 ? 'Contractor' : 'Employee',
        at % 3 === 0 ? (names[at] ?? script) : '',
        'Remote',
        at < 4 ? `1 ${script} Road, Springfield` : `${at} Elm Street, Springfield`,
        names[(at + 1) % names.length] ?? '',
        names[(at + 2) % names.length] ?? '',
        names[(at + 3) % names.length] ?? '',
      ]),
    ]),
  );
  const signIns = everybody.flatMap((_, at) =>
    Array.from({ length: 4 }, (_, day) => ({
      uuid: `h-${at}-${day}`,
      published: `2026-09-0${day + 1}T1${at % 10}:00:00.000Z`,
      eventType: 'user.session.start',
      displayMessage: script,
      actor: {
        id: `00u${at}`,
        type: 'User',
        alternateId: `worker${at}@example.com`,
        displayName: names[at % names.length],
      },
      client: {
        ipAddress: at < 4 ? '203.0.113.7' : `198.51.100.${at + 1}`,
        userAgent: { rawUserAgent: `Mozilla/5.0 ${image}${script}`, browser: svg, os: formula },
        geographicalContext: { country: script, state: image, city: elsewhere },
      },
      securityContext: { asOrg: svg, isp: script },
      outcome: { result: 'SUCCESS', reason: script },
      target: [{ id: formula, type: 'AppInstance', alternateId: script, displayName: image }],
    })),
  );
  await writeFile(join(out, 'okta.ndjson'), signIns.map((one) => JSON.stringify(one)).join('\n'));
  const wording =
    'Led a team of seven to rebuild the billing ledger of a regional ferry company in eleven weeks, without a day of downtime.';
  for (const [at, name] of [
    [0, `${'<img src=x onerror=window.broken=8>'.replaceAll('/', '')}.txt`],
    [1, '=cmd calc.txt'],
    [2, "résumé' onmouseover='window.broken=9.html"],
  ] as const)
    await writeFile(
      join(out, 'resumes', name),
      `${names[at]}\nworker${at}@example.com\n${script}${image}\n\nExperience\n${wording}\nWrote the tide tables of three harbours into one schedule that the crews still use today.\n${formula}\n`,
    );
  const { services } = house.server;
  for (const entry of await readdir(out, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      await services.intake.file(relative(out, path), createReadStream(path));
    }
  await services.intake.file(
    '../../../../etc/<script>window.broken=10</script>.csv',
    Readable.from([Buffer.from(`a,b\n${script},1\n`)]),
  );
  await scanned(house.server, 20);
  page = await signedIn(house, roles);
});
afterAll(() => house?.close());

/** Nothing ran, nothing was asked of elsewhere, and what came as markup is text. */
async function unharmed(where: string): Promise<void> {
  expect(await page.evaluate<unknown>('window.broken ?? null'), where).toBeNull();
  const made = await page.evaluate<number>(
    'document.querySelectorAll("main script, main iframe, main img, main link, main object, main embed, main a[href^=\\"javascript\\"], main [onerror], main [onload], main [onmouseover]").length',
  );
  expect(made, where).toBe(0);
  expect(house.trouble.splice(0), where).toEqual([]);
}

describe.skipIf(!browserIsHere)('hostile records', () => {
  it('are text on every page', async () => {
    const current = house.server.services.results.current();
    const people = current?.people ?? [];
    expect(people.length).toBeGreaterThan(20);
    for (const name of [
      'today',
      'people',
      'rings',
      'explanations',
      'applicants',
      'checks',
      'vendors',
      'training',
      'cases',
      'detections',
      'sources',
      'exposure',
      'facts',
      'fairness',
      'audit',
      'settings',
    ]) {
      await visit(page, `#/${name}`);
      await unharmed(name);
    }
    await visit(page, '#/vendors');
    await house.look(page, 'hostile-vendors');
    for (const row of people.slice(0, 16)) {
      await visit(page, `#/person/${row.handle}`);
      await unharmed('person');
    }
    for (const ring of current?.head.rings ?? []) {
      await visit(page, `#/ring/${encodeURIComponent(ring.id)}`);
      await unharmed('ring');
    }
    const vendor = await page.evaluate<string>('fetch("/api/vendors").then((answer) => answer.text())');
    expect(vendor).toContain('window.broken');
    await visit(page, '#/vendors');
    const links = await page.locator('main a[href^="#/vendor/"]').all();
    const targets = await Promise.all(links.map((link) => link.getAttribute('href')));
    for (const target of targets.slice(0, 6)) {
      await visit(page, target ?? '');
      await unharmed('vendor');
    }
  });

  it('are text where somebody is seen by name, and in addresses that were made up', async () => {
    const people = house.server.services.results.current()?.people ?? [];
    const some = people
      .filter((one) => [script, image, svg, turned, long, formula].includes(one.name))
      .slice(0, 5);
    expect(some.length).toBeGreaterThan(3);
    const made = await page.evaluate<{ id: string }>(
      `fetch('/api/cases', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(
        JSON.stringify({
          about: 'person',
          people: some.map((one) => one.handle),
          title: `${script}${formula}`,
          reason: `${image} ${formula} ${turned}`,
          playbook: 'employee',
          members: [],
        }),
      )} }).then((answer) => answer.json())`,
    );
    const path = `#/case/${made.id}`;
    for (const part of [
      'summary',
      'tasks',
      'evidence',
      'hypotheses',
      'sweep',
      'decisions',
      'letters',
      'response',
      'members',
      'history',
      'all',
    ]) {
      await visit(page, `${path}?part=${part}`);
      await unharmed(`case ${part}`);
    }
    await house.look(page, 'hostile-case');
    for (const row of some) {
      await visit(page, `#/person/${row.handle}`);
      await unharmed('person by name');
      const wide = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth + 1');
      expect(wide, 'a name makes the page wider than the window').toBe(false);
    }
    await house.look(page, 'hostile-person');
    for (const hash of [
      `#/person/${encodeURIComponent(script)}`,
      `#/people?q=${encodeURIComponent(image)}&band=${encodeURIComponent(script)}`,
      `#/case/${encodeURIComponent('../../accounts')}?part=${encodeURIComponent(svg)}`,
      `#/detection/${encodeURIComponent('../../../etc/passwd')}`,
      '#/ring/%E0%A4%A',
      '#/signin?problem=<script>window.broken=11</script>',
    ]) {
      await visit(page, hash);
      await unharmed(hash);
    }
    // And what leaves the house: a bundle whose tables and page are safe to open.
    await visit(page, `${path}?part=response&see=bundles`);
    await page.getByLabel('For whom, and why').fill(formula);
    await page.getByRole('button', { name: 'Seal the evidence' }).click();
    await page.getByText('Sealed. It stands in the list above.').waitFor();
    await settled(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^[\w.-]+\.zip$/);
    const entries = unpacked(await readFile(await download.path()));
    const names = [...entries.keys()];
    expect(names.filter((name) => name.includes('..') || !/^[\w./-]+$/.test(name))).toEqual([]);
    for (const [name, bytes] of entries) {
      const text = Buffer.from(bytes).toString('utf8');
      if (name.endsWith('.csv')) expect(cellsOf(text).filter((one) => /^[=+\-@\t\r]/.test(one))).toEqual([]);
      if (name.endsWith('.html')) expect(text).not.toMatch(/<(?:script|img|iframe|svg|link|object)\b/i);
    }
    await unharmed('bundle');
  });
});

/** Cells of a table, with quotes taken away. */
function cellsOf(text: string): string[] {
  return [...text.matchAll(/(?:^|,|\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map((found) =>
    (found[1] ?? found[2] ?? '').replaceAll('""', '"'),
  );
}
