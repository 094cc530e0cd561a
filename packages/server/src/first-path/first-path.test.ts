/**
 * The first-time path as a new team walks it, with nothing made easier: a server on an empty folder, the link it prints,
 * invitations, exports handed in through the browser, and then a case from its opening to its sealed evidence.
 * `ROLLCALL_SCREENSHOTS=DIR` keeps a picture of every step.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { simulate } from '@rollcall/simulate';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyBundle } from '../areas/response/bundle/verify.js';
import { unpacked } from '../areas/response/bundle/zip.js';
import {
  browserIsHere,
  choosePassword,
  type House,
  invite,
  openHouse,
  scanned,
  settled,
  setUpCodes,
  visit,
} from './console.js';

let house: House;
let admin: Page;
let analyst: Page;
let hr: Page;
let counsel: Page;
let machines: Page;
/** Whom the case is about, the other of their ring, and the case. */
let first = '';
let other = '';
let theCase = '';
let path = '';

const reason =
  'Two laptops are driven from elsewhere, and share a bank account. To find out who works on them.';

beforeAll(async () => {
  if (!browserIsHere) {
    if (process.env.CI) throw new Error('there is no Chromium: set CHROMIUM to its path');
    return;
  }
  house = await openHouse();
  await simulate({ people: 150, seed: 6, out: join(house.work, 'company'), days: 14, ringMembers: 6 });
});
afterAll(() => house?.close());
// Each step stands on the one before it.
let stopped = false;
/** Scans take their time on a machine that does other things too. */
const patient = 400_000;
beforeEach(({ skip, onTestFailed }) => {
  if (stopped) skip();
  onTestFailed(() => {
    stopped = true;
  });
});
afterEach(() => {
  expect(house?.trouble.splice(0)).toEqual([]);
});

/** Names, addresses and numbers of people on record that stand in a text, but for those who are open to the reader. */
function namesIn(text: string, open: ReadonlySet<string> = new Set()): string[] {
  const people = house.server.services.results.current()?.people ?? [];
  return people
    .filter((one) => !open.has(one.id))
    .flatMap((one) => [one.name, one.workEmail, one.id])
    .filter((one) => one !== undefined && new RegExp(`\\b${one.replace(/[.+]/g, '\\$&')}\\b`, 'i').test(text))
    .map(String);
}

/** Whom somebody may see by name by their work: applicants, and whom a check is to be done with. */
async function openTo(email: string): Promise<ReadonlySet<string>> {
  const user = (await house.server.services.accounts.list()).find((one) => one.email === email);
  return user ? house.server.services.sight.open(user) : new Set();
}

async function joined(link: string, name: string): Promise<Page> {
  const page = await house.person();
  await page.goto(link);
  await page.getByRole('heading', { name: 'Welcome to Rollcall' }).waitFor();
  await house.look(page, `05-welcome-${name}`);
  await choosePassword(page, 'Choose this password');
  await setUpCodes(page);
  return page;
}

const resultOf = async (handle: string) => {
  const current = house.server.services.results.current();
  const row = current?.row(handle);
  return { row, person: row ? await current?.person(row.id) : undefined };
};

describe.skipIf(!browserIsHere)('a new team', () => {
  it('is let in by the link that was printed, and sets up the first account with a second factor', async () => {
    admin = await house.person();
    await admin.goto(house.server.url);
    await admin.getByText('Nobody has set Rollcall up yet.').waitFor();
    await house.look(admin, '00-nobody-yet');
    const link = house.server.setupLink ?? '';
    expect(link).toMatch(/^http:\/\/localhost:\d+\/#\/setup\?token=/);
    await admin.goto(link);
    await admin.getByRole('heading', { name: 'Set up Rollcall' }).waitFor();
    await house.look(admin, '01-set-up');
    await admin.getByLabel('Your name').fill('Ada Example');
    await admin.getByLabel('E-mail address').fill('ada@example.com');
    await choosePassword(admin, 'Set up');
    await setUpCodes(admin, (name) => house.look(admin, `02-second-factor-${name}`));
    await settled(admin);
    await admin.getByRole('link', { name: 'Let the others in' }).waitFor();
    await house.look(admin, '03-first-steps');
    // The link is dead now.
    const late = await house.person();
    await late.goto(link);
    await late.getByLabel('Your name').fill('Eve Example');
    await late.getByLabel('E-mail address').fill('eve@example.com');
    await choosePassword(late, 'Set up');
    await late.getByText(/^Not done:/).waitFor();
    await late.context().close();
  });

  it('asks for two people to open a case, and lets the others in', async () => {
    await visit(admin, '#/settings?part=rules');
    const rule = admin.getByRole('form', { name: 'Two people open a case' });
    await rule.getByLabel('yes').check();
    await rule.getByRole('button').click();
    await admin.getByText('Now: yes. At first: no.').waitFor();
    await visit(admin, '#/settings?part=accounts');
    const links: string[] = [];
    for (const [name, role] of [
      ['Bo Looks', 'analyst'],
      ['Cy People', 'HR'],
      ['Di Counsel', 'counsel'],
      ['Ed Machines', 'IT'],
    ] as const)
      links.push(await invite(admin, name, `${role.toLowerCase()}@example.com`, [role]));
    await house.look(admin, '04-invited');
    [analyst, hr, counsel, machines] = (await Promise.all(
      links.map((link, at) => joined(link, ['analyst', 'hr', 'counsel', 'it'][at] as string)),
    )) as [Page, Page, Page, Page];
    // Nobody is led to a page that is not for them.
    expect(await counsel.getByRole('link', { name: 'Hand in exports' }).count()).toBe(0);
  });

  it(
    'hands in the exports of a company through the browser, and sees the scan work',
    async () => {
      await analyst.getByRole('link', { name: 'Hand in exports' }).click();
      await settled(analyst);
      await house.look(analyst, '06-sources-empty');
      await analyst.getByLabel('A whole folder').setInputFiles(join(house.work, 'company', 'exports'));
      await analyst.getByText(/\d+ files? (?:is|are) still on the way/).waitFor();
      await house.look(analyst, '07-on-the-way');
      // It begins before the last file is there, and is told while it works.
      const working = analyst.getByText('A scan is under way').first().waitFor({ timeout: 150_000 });
      await analyst.getByText(/\d+ files were handed in\./).waitFor({ timeout: 150_000 });
      await working;
      await house.look(analyst, '08-scanning');
      await scanned(house.server, 140);
      await analyst.getByText(/^What is shown was found/).waitFor();
      await settled(analyst);
      await house.look(analyst, '09-read');
      expect(await analyst.locator('main').innerText()).not.toContain('does not add up');
    },
    patient,
  );

  it('sees what waits and the ring, under pseudonyms', async () => {
    for (const [page, name] of [
      [admin, 'admin'],
      [hr, 'hr'],
      [counsel, 'counsel'],
      [machines, 'it'],
      [analyst, 'analyst'],
    ] as const) {
      await visit(page, '#/today');
      await house.look(page, `10-today-${name}`);
      const email = name === 'admin' ? 'ada@example.com' : `${name}@example.com`;
      expect(namesIn(await page.content(), await openTo(email)), name).toEqual([]);
    }
    const open = await openTo('analyst@example.com');
    const current = house.server.services.results.current();
    for (const row of current?.people.slice(0, 8) ?? []) expect(open.has(row.id)).toBe(false);
    await visit(analyst, '#/people');
    await house.look(analyst, '11-people');
    expect(namesIn(await analyst.content(), open)).toEqual([]);
    await visit(analyst, '#/rings');
    await house.look(analyst, '12-rings');
    await analyst
      .getByRole('link', { name: /people who share .*bank account/ })
      .first()
      .click();
    await settled(analyst);
    await house.look(analyst, '13-ring');
    expect(namesIn(await analyst.content(), open)).toEqual([]);
    await visit(analyst, '#/applicants');
    expect(namesIn(await analyst.content(), open)).toEqual([]);
    // What the pages read is looked through as well: it holds more than they show.
    for (const row of current?.people.slice(0, 20) ?? []) {
      const told = await analyst.evaluate(
        `fetch('/api/people/${row.handle}').then((answer) => answer.text())`,
      );
      expect(namesIn(told as string, open)).toEqual([]);
    }
  });

  it('asks to open a case on whoever stands first; a second person says yes; then the name is seen', async () => {
    await visit(analyst, '#/today');
    await analyst.locator('#unlooked a, .unlooked a').first().click();
    await settled(analyst);
    first = (await analyst.evaluate<string>('location.hash')).match(/p[0-9a-z]{10}/)?.[0] ?? '';
    const current = house.server.services.results.current();
    const ring = current?.row(first)?.ring;
    other = current?.people.find((one) => one.ring === ring && one.handle !== first)?.handle ?? '';
    const name = current?.row(first)?.name ?? '';
    expect([first, other, name]).not.toContain('');
    await house.look(analyst, '14-person');
    await analyst.getByText('Open a case to see who this is').click();
    await analyst.getByLabel('Why you need to know').fill(reason);
    await analyst.getByRole('checkbox', { name: /^Cy People/ }).check();
    await analyst.getByRole('checkbox', { name: /^Ed Machines/ }).check();
    await analyst
      .getByLabel('Who would decide on a step against them')
      .selectOption({ label: 'Di Counsel (counsel)' });
    await house.look(analyst, '15-open-a-case');
    await analyst.getByRole('button', { name: 'Ask for a case' }).click();
    await analyst.getByText(/it waits for a second person’s yes/).waitFor();
    await house.look(analyst, '16-asked');
    expect(await analyst.content()).not.toContain(name);

    await visit(hr, '#/today');
    await hr.getByRole('link', { name: /^Say whether a case may be opened/ }).click();
    await settled(hr);
    await house.look(hr, '17-may-it-be-opened');
    expect(await hr.content()).not.toContain(name);
    await hr.getByRole('radio', { name: 'Yes' }).check();
    await hr
      .getByLabel('Why, in a sentence')
      .fill('The reason says what was seen and what is to be found out.');
    await hr.getByRole('button', { name: 'Answer' }).click();
    await hr.getByRole('heading', { name: 'Waiting for a second person' }).waitFor({ state: 'detached' });

    await analyst.getByRole('heading', { level: 1, name }).waitFor();
    await house.look(analyst, '18-by-name');
    await analyst.getByRole('link', { name: /^Case 1: / }).click();
    await settled(analyst);
    path = await analyst.evaluate<string>('location.hash');
    theCase = path.replace('#/case/', '');
    await house.look(analyst, '19-case');
    // Who is no member knows nothing of it, and the people list still says the pseudonym to them.
    const stranger = await admin.evaluate(`fetch('/api/cases/${theCase}').then((answer) => answer.status)`);
    expect(stranger).toBe(403);
  });

  it('keeps the evidence, looks at the linked people, and answers the innocent readings', async () => {
    await visit(analyst, `${path}?part=evidence`);
    await house.look(analyst, '20-evidence');
    // A town that begins as somebody's first name stays a town.
    expect(await analyst.locator('main').innerText()).not.toMatch(/San Person/);
    await visit(analyst, `${path}?part=response`);
    await house.look(analyst, '21-reach');
    await analyst.getByRole('button', { name: 'Freeze it now' }).click();
    await analyst.getByText('agrees with its hash', { exact: true }).waitFor();

    await visit(analyst, `${path}?part=sweep`);
    await house.look(analyst, '22-linked');
    const pseudonym = `Person ${other.slice(1, 5).toUpperCase()}`;
    await analyst.getByRole('checkbox', { name: new RegExp(pseudonym) }).check();
    await analyst.getByLabel(/put in the case/).check();
    await analyst
      .getByLabel('Why, in words')
      .fill('They share a bank account, a router and the wording of their résumés.');
    await analyst.getByRole('button', { name: 'Save' }).click();
    await analyst.getByRole('checkbox', { name: new RegExp(pseudonym) }).waitFor({ state: 'detached' });
    await settled(analyst);
    if ((await analyst.getByRole('button', { name: 'Choose all' }).count()) > 0) {
      await analyst.getByRole('button', { name: 'Choose all' }).click();
      await analyst.getByLabel('set aside').check();
      await analyst
        .getByLabel('Why, in words')
        .fill('An office line and a manager in common, and nothing else.');
      await analyst.getByRole('button', { name: 'Save' }).click();
    }
    await analyst.getByText('Nobody is undecided.').waitFor();

    await visit(analyst, `${path}?part=hypotheses&who=${first}`);
    await house.look(analyst, '23-hypotheses');
    for (const says of [
      'A record is wrong, or is about somebody else.',
      'They are a victim: somebody else used their identity.',
      'They run servers at home, or test such devices, and plugged one into the laptop.',
      'The laptop stands in a test bench or data centre.',
      'They reach the laptop themselves, from another computer of theirs.',
      'A colleague or an outside firm helps with something that takes days.',
    ]) {
      await analyst.getByRole('link', { name: says }).click();
      const form = analyst.getByRole('form', { name: `What was found about: ${says}` });
      await form.getByLabel('ruled out').check();
      await form
        .getByLabel('What was looked at')
        .fill('IT and the manager were asked; nothing of the kind is known.');
      await form.getByRole('button', { name: 'Save' }).click();
      await analyst
        .getByRole('row')
        .filter({ has: analyst.getByRole('link', { name: says }) })
        .getByRole('cell', { name: 'ruled out' })
        .waitFor();
      await analyst.getByRole('link', { name: says }).click();
    }
    await house.look(analyst, '24-answered');
  });

  it('runs its checks, and takes what comes of them in both directions', async () => {
    await visit(hr, `${path}?part=tasks`);
    await hr.getByRole('link', { name: 'Verify with a check that clears the honest' }).click();
    await house.look(hr, '25-task');
    for (const [handle, outcome, at] of [
      [first, /the picture tore/, 'first'],
      [other, /the picture held/, 'other'],
    ] as const) {
      await visit(hr, `${path}?part=tasks`);
      await hr.getByRole('link', { name: 'Verify with a check that clears the honest' }).click();
      const name = (await resultOf(handle)).row?.name ?? '';
      await hr.getByRole('link', { name: `Ask for a check of ${name}` }).click();
      await settled(hr);
      await hr.getByLabel('Which check').selectOption('live-request');
      await hr.getByLabel('Who does it').selectOption('hr');
      await hr.getByRole('button', { name: 'Ask', exact: true }).click();
      await hr.getByRole('heading', { name: 'Write it down' }).waitFor();
      await house.look(hr, `26-check-${at}`);
      await hr.getByLabel(outcome).check();
      await hr.getByRole('button', { name: 'Record it' }).click();
      await hr.getByRole('heading', { name: 'What was written down' }).waitFor();
      await house.look(hr, `27-recorded-${at}`);
    }
  });

  it('shows IT what they are to do, and nothing of what was found', async () => {
    await visit(machines, path);
    await house.look(machines, '28-it-tasks');
    expect(await machines.getByRole('navigation', { name: 'Parts of the case' }).innerText()).not.toMatch(
      /Evidence|Hypotheses|Decisions|Linked/,
    );
    await machines.getByRole('link', { name: 'Plan the containment, without a sign' }).click();
    await machines.getByRole('link', { name: 'Stage the list' }).click();
    await settled(machines);
    await machines.getByRole('button', { name: 'Stage the list' }).click();
    await machines
      .getByText(/Preserve|Keep a copy|at once/i)
      .first()
      .waitFor();
    await settled(machines);
    await house.look(machines, '29-it-containment');
  });

  it('lets only the named decider decide, by the rule and with a reason', async () => {
    await visit(analyst, `${path}?part=decisions`);
    await analyst.getByText('To be decided by Di Counsel.').waitFor();
    await visit(counsel, `${path}?part=decisions&who=${first}`);
    await house.look(counsel, '30-decisions');
    await counsel.getByText(/Decide on a step against/).click();
    const step = counsel.getByRole('form', { name: 'Decide on a step' });
    await step.getByLabel('Step').selectOption('hold');
    await step.getByLabel(/is a remote keyboard and screen box/).check();
    await step.getByLabel('Why, in words').fill('The laptop is driven by somebody else, from elsewhere.');
    await step.getByLabel('No, because').check();
    await step.getByLabel('Why they were not told').fill('They are told once access is closed.');
    await step.getByRole('button').click();
    // One kind of evidence is not enough, however heavy.
    await step.getByText(/^Not done:/).waitFor();
    await house.look(counsel, '31-one-kind-is-not-enough');
    await step.getByLabel(/came into laptop/).check();
    await step.getByRole('button').click();
    await counsel.getByRole('heading', { name: /^Put on hold/ }).waitFor();
    await house.look(counsel, '32-decided');

    await counsel.getByText(/Give the verdict on/).click();
    const verdict = counsel.getByRole('form', { name: 'Give a verdict' });
    await verdict.getByLabel(/Confirmed/).check();
    await verdict.getByLabel(/is a remote keyboard and screen box/).check();
    await verdict.getByLabel(/came into laptop/).check();
    await verdict.getByLabel('Why, in words').fill('What was found fits no innocent reading.');
    await verdict.getByLabel('Yes, on (day)').check();
    await verdict.getByRole('button').click();
    await counsel.getByRole('heading', { name: /^Verdict: confirmed/ }).waitFor();

    await visit(counsel, `${path}?part=decisions&who=${other}`);
    await counsel.getByText(/Give the verdict on/).click();
    const cleared = counsel.getByRole('form', { name: 'Give a verdict' });
    await cleared.getByLabel(/Cleared/).check();
    await cleared
      .getByLabel('Why, in words')
      .fill('Met in person, with their documents; a victim of the first.');
    await cleared.getByLabel('Yes, on (day)').check();
    await cleared.getByRole('button').click();
    await counsel.getByRole('heading', { name: /^Verdict: cleared/ }).waitFor();
    await house.look(counsel, '33-verdicts');
  });

  it('seals the evidence, which others verify with nothing of ours', async () => {
    await visit(counsel, `${path}?part=response&see=bundles`);
    await counsel.getByLabel('For whom, and why').fill('For the file of this inquiry.');
    await counsel.getByRole('button', { name: 'Seal the evidence' }).click();
    await counsel.getByText('Sealed. It stands in the list above.').waitFor();
    await house.look(counsel, '34-sealed');
    const fingerprint = await counsel.locator('p .hash').last().innerText();
    const [download] = await Promise.all([
      counsel.waitForEvent('download'),
      counsel.getByRole('link', { name: 'Download' }).click(),
    ]);
    const zip = await readFile(await download.path());
    expect(namesIn(download.suggestedFilename())).toEqual([]);

    const told = verifyBundle(zip);
    expect(told.problems).toEqual([]);
    expect(told.fingerprint).toBe(fingerprint);

    // As docs/evidence-bundle.md says it, word by word, in a shell.
    const place = join(house.work, 'bundle');
    const entries = unpacked(zip);
    for (const [name, bytes] of entries) {
      await mkdir(dirname(join(place, name)), { recursive: true });
      await writeFile(join(place, name), bytes);
    }
    const page = await readFile(new URL('../../../../docs/evidence-bundle.md', import.meta.url), 'utf8');
    const [signature, sums, files, key] = [...page.matchAll(/^ {3}```\n {3}(.+)\n {3}```/gm)].map(
      (found) => found[1] ?? '',
    );
    const shell = (line = '') => execFileSync('sh', ['-c', line], { cwd: place, encoding: 'utf8' });
    expect(shell(signature)).toContain('Signature Verified Successfully');
    expect(
      shell(sums)
        .trim()
        .split('\n')
        .every((line) => line.endsWith(': OK')),
    ).toBe(true);
    expect(Number(shell(files))).toBe(entries.size);
    expect(shell(key)).toContain(fingerprint);
    // Of people outside the case only the pseudonym stands in it.
    const everything = [...entries.values()].map((bytes) => Buffer.from(bytes).toString('utf8')).join('\n');
    const people = house.server.services.results.current()?.people ?? [];
    expect(
      people
        .filter((one) => one.handle !== first && one.handle !== other && everything.includes(one.name))
        .map((one) => one.handle),
    ).toEqual([]);
  });

  it(
    'finds everything where it should be after the next scan',
    async () => {
      // What was verified and decided comes in by the queue: it may be another scan than the next.
      const found = async (handle: string) => {
        const { row, person } = await resultOf(handle);
        return [row?.band, ...(person?.signals ?? []).map((one) => one.detection)];
      };
      const soon = { timeout: 180_000, interval: 500 };
      await expect
        .poll(() => found(first), soon)
        .toEqual(expect.arrayContaining(['urgent', 'confirmed-not-who-they-claimed']));
      await expect
        .poll(() => found(other), soon)
        .toEqual(expect.arrayContaining(['clear', 'live-request-on-camera-passed']));
      await scanned(house.server);
      expect((await resultOf(other)).row?.checked).toMatchObject({
        liveness: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      });
      await visit(hr, `#/person/${other}`);
      await house.look(hr, '35-cleared');
      await visit(analyst, '#/today');
      await house.look(analyst, '36-today-after');
      const text = await analyst.locator('main').innerText();
      for (const handle of [first, other]) expect(text).not.toContain(handle.slice(1, 5).toUpperCase());
      // The audit log holds all of it, by handles, and its chain is whole.
      await visit(counsel, '#/audit');
      await house.look(counsel, '37-audit');
      const log = await house.server.services.store.db.query.audit.findMany();
      expect(namesIn(JSON.stringify(log))).toEqual([]);
      expect(new Set(log.map((one) => one.action))).toContain('case.open');
    },
    patient,
  );
});
