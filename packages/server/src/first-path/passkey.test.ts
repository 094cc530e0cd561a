/** Passkeys in a real browser: one is added as the second factor, lets its owner in by itself, and nobody without it. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../store/schema.js';
import { browserIsHere, choosePassword, type House, openHouse } from './console.js';

let house: House;
beforeAll(async () => {
  if (!browserIsHere) {
    if (process.env.CI) throw new Error('there is no Chromium: set CHROMIUM to its path');
    return;
  }
  house = await openHouse();
});
afterAll(() => house?.close());

/** A key of this browser alone, which asks for a finger and gets it. */
async function withKey(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    keys: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    /** A key for this house that the house has never seen. */
    makeUp: (userHandle: string) =>
      session.send('WebAuthn.addCredential', {
        authenticatorId,
        credential: {
          credentialId: randomBytes(32).toString('base64'),
          isResidentCredential: true,
          rpId: 'localhost',
          privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' })
            .privateKey.export({ type: 'pkcs8', format: 'der' })
            .toString('base64'),
          userHandle,
          signCount: 1,
        },
      }),
  };
}

const usePasskey = (page: Page) => page.getByRole('button', { name: 'Sign in with a passkey' }).click();
const signOut = async (page: Page) => {
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
};
const inside = (page: Page) => page.locator('nav[aria-label="Pages"]').waitFor();

describe.skipIf(!browserIsHere)('a passkey', () => {
  let page: Page;
  let key: Awaited<ReturnType<typeof withKey>>;

  it('is taken as the second factor of the first account', async () => {
    page = await house.person();
    key = await withKey(page);
    await page.goto(house.server.setupLink ?? '');
    await page.getByLabel('Your name').fill('Ada Example');
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await choosePassword(page, 'Set up');
    await page.getByRole('heading', { name: 'A second factor first' }).waitFor();
    await page.getByLabel('What you call it').fill('Work laptop');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await inside(page);
    expect(await key.keys()).toMatchObject([{ rpId: 'localhost', isResidentCredential: true }]);
  });

  it('lets its owner in without a password', async () => {
    await signOut(page);
    await usePasskey(page);
    await inside(page);
  });

  it('that nobody added lets nobody in, whomever it says it belongs to', async () => {
    const other = await house.person();
    const [held] = await key.keys();
    await (await withKey(other)).makeUp(held?.userHandle ?? '');
    await other.goto(house.server.url);
    await usePasskey(other);
    await other.getByText('this passkey is not known here', { exact: false }).waitFor();
    expect(await other.locator('nav[aria-label="Pages"]').count()).toBe(0);
  });

  it('stays while it is the only second factor', async () => {
    await page.evaluate('location.hash = "#/settings"');
    await page
      .getByRole('form', { name: 'Remove the passkey Work laptop' })
      .getByRole('button', { name: 'Remove' })
      .click();
    await page.getByText('a second factor is needed here', { exact: false }).first().waitFor();
  });

  it('is in the audit log, by what was done and never by what it is', async () => {
    const entries = await house.server.services.store.db.select().from(audit).orderBy(audit.number);
    const actions = entries.map((one) => one.action);
    expect(actions).toContain('account.passkey.add');
    expect(actions).toContain('sign-in');
    expect(actions).toContain('sign-in.fail');
    const [held] = await key.keys();
    const told = JSON.stringify(entries);
    expect(told).not.toContain(held?.credentialId ?? '?');
    expect(told).not.toContain('Ada');
  });
});
