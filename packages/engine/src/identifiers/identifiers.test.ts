import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentFolder, loadContent } from '../content/load.js';
import { type IdentifierKind, identifierKinds, sensitiveKinds } from '../model/vocabulary.js';
import { splitRows } from './fact-rows.js';
import {
  type CanonicalOptions,
  canonical,
  digest,
  identifierContext,
  identifiers,
  isInstitutional,
  notPublicIp,
  sharingOf,
} from './index.js';

const { facts } = await loadContent(contentFolder, { withoutTests: true });
const key = Buffer.alloc(32, 7);
const context = await identifierContext({ key, homeCountry: 'US', facts });
const bare: CanonicalOptions = { key, homeCountry: 'US' };
const value = (kind: IdentifierKind, text: string, options: CanonicalOptions = context) =>
  canonical(kind, text, options)?.value;

/** All texts have this one value. */
function one(kind: IdentifierKind, expected: string, ...texts: string[]): void {
  for (const text of texts) expect([text, value(kind, text)]).toEqual([text, expected]);
}

/** None of the texts identifies anybody. */
function none(kind: IdentifierKind, ...texts: string[]): void {
  for (const text of texts) expect([text, value(kind, text)]).toEqual([text, undefined]);
}

describe('every kind', () => {
  it.each(identifierKinds)('%s says what it is, how rare, and how it misleads', (kind) => {
    const module = identifiers[kind];
    expect(module.kind).toBe(kind);
    for (const sentence of [module.about, module.rarity, ...module.traps])
      expect(sentence).toMatch(/^[A-Z].+\.$/s);
    expect(module.traps.length).toBeGreaterThanOrEqual(3);
    const sharing = sharingOf(kind, context);
    expect(sharing?.sharedByChance).toBeGreaterThan(0);
    expect(sharing?.commonAbove).toBeGreaterThanOrEqual(sharing?.peopleTypical as number);
    expect(sharing?.explainedBy.length).toBeGreaterThan(0);
  });

  it.each(identifierKinds)('%s is described in docs/identifiers.md as here', async (kind) => {
    const page = await readFile(new URL('../../../../docs/identifiers.md', import.meta.url), 'utf8');
    const section = page.split(`\n### ${kind}\n`)[1]?.split('\n#')[0];
    const { about, rarity, traps } = identifiers[kind];
    for (const sentence of [about, rarity, ...traps]) expect(section).toContain(sentence);
  });

  it.each([
    ['with facts', context],
    ['without facts', bare],
  ])('%s: what is canonical stays; nothing throws; nothing sensitive comes out', (_, options) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...identifierKinds),
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 60 }),
          fc.string({ unit: fc.constantFrom(...'aZ09@.-+:/ #x%[]()*ß½ü,|\n'), maxLength: 24 }),
        ),
        (kind, text) => {
          const first = canonical(kind, text, options);
          if (!first) return;
          expect(first.value).not.toBe('');
          if (sensitiveKinds.includes(kind)) expect(first.value).toMatch(/^[0-9a-f]{32}$/);
          else expect(canonical(kind, first.value, options)?.value).toBe(first.value);
        },
      ),
      { numRuns: 4000 },
    );
  });

  it.each(identifierKinds)('%s: what stands where nothing is known is no identifier', (kind) => {
    none(
      kind,
      '',
      '   ',
      '-',
      '—',
      'N/A',
      'n/a',
      'none',
      'NULL',
      'unknown',
      'undefined',
      'Not applicable',
      'x'.repeat(1001),
    );
  });

  it('leaves only values among the common ones that it could give itself', async () => {
    const { common, ...other } = context.facts;
    for (const [kind, { exact }] of common)
      for (const text of exact)
        if (!sensitiveKinds.includes(kind))
          expect([
            kind,
            text,
            value(kind, text, { ...bare, facts: { ...other, common: new Map() } }),
          ]).toEqual([kind, text, text]);
  });
});

describe('email', () => {
  it('takes out dots and labels where the provider ignores them, and only there', () => {
    one(
      'email',
      'adaexample@gmail.com',
      'A.da.Example@Gmail.com',
      'ada.example+jobs@googlemail.com',
      'mailto:adaexample@gmail.com?subject=x',
      'Ada <ADA.EXAMPLE@gmail.com>',
    );
    one(
      'email',
      'adaexample@proton.me',
      'ada.example@protonmail.com',
      'ada-example@pm.me',
      'ada_example+x@proton.me',
    );
    one('email', 'ada@icloud.com', 'ada@me.com', 'ada+list@mac.com');
    one('email', 'ada.e@yandex.com', 'ada.e@ya.ru', 'ada.e+x@yandex.ru');
    one('email', 'ada@fastmail.com', 'ada+x@fastmail.com', 'anything@ada.fastmail.com');
    one('email', 'a.da@outlook.com', 'a.da+x@outlook.com');
    expect(value('email', 'a.da@outlook.com')).not.toBe(value('email', 'ada@outlook.com'));
    one('email', 'a.da+jobs@example.org', 'a.da+jobs@example.org', 'A.Da+Jobs@EXAMPLE.org.');
    one('email', 'ada-x@yahoo.com', 'ada-x@yahoo.com');
  });

  it('writes domains in ASCII', () =>
    one('email', 'ada@xn--bcher-kva.example', 'ada@bücher.example', 'ADA@BÜCHER.EXAMPLE'));

  it('has no rule of any provider without facts', () => {
    expect(value('email', 'a.da+jobs@gmail.com', bare)).toBe('a.da+jobs@gmail.com');
  });

  it('refuses what is none', () =>
    none(
      'email',
      'not an address',
      'a@b',
      '@example.com',
      'a@@example.com',
      'a b@example.com',
      '+x@gmail.com',
      'a@192.0.2.1',
      'test@example.com',
    ));

  it('knows the mailboxes of offices', () => {
    for (const text of [
      'jobs@example.com',
      'Human.Resources@example.com',
      'hr+eu@example.org',
      'no-reply@example.com',
    ])
      expect([text, isInstitutional('email', value('email', text) as string, context)]).toEqual([text, true]);
    for (const text of ['ada@example.com', 'hrabal@example.com', 'jobson@example.com'])
      expect([text, isInstitutional('email', text, context)]).toEqual([text, false]);
  });
});

describe('phone', () => {
  it('reads one number in its many spellings', () =>
    one(
      'phone',
      '+16145550101',
      '(614) 555-0101',
      '+1 614 555 0101',
      '1-614-555-0101',
      '614.555.0101',
      '614-555-0101 x123',
      '614-555-0101 ext. 4',
      'tel:+1-614-555-0101',
      '６１４-555-0101',
    ));

  it('reads a number without country code as one of the home country', () => {
    expect(value('phone', '020 7946 0101', { ...context, homeCountry: 'GB' })).toBe('+442079460101');
    expect(value('phone', '6145550101', { ...context, homeCountry: 'nowhere' })).toBe('6145550101');
  });

  it('refuses placeholders, masks and numbers that are no person’s', () =>
    none(
      'phone',
      '000-000-0000',
      '123-456-7890',
      '555-555-5555',
      '+1 (555) 123-4567',
      'XXX-XXX-0101',
      '***-***-0101',
      '12345',
      '555-0142',
      '1-800-555-0199',
      '+44 800 123 4567',
      '1'.repeat(30),
    ));
});

describe('numbers of accounts and papers', () => {
  it('are kept only as keyed hashes, each kind its own, with a mask to show', () => {
    const account = canonical('bank_account', '021000021:000987654321', context);
    expect(account?.value).toMatch(/^[0-9a-f]{32}$/);
    expect(account?.label).toBe('bank account ending 21');
    expect(value('bank_account', '0210-00021:0009 8765 4321')).toBe(account?.value);
    expect(
      value('bank_account', '021000021:000987654321', { ...context, key: Buffer.alloc(32, 8) }),
    ).not.toBe(account?.value);
    expect(value('tax_id', '987-65-4320')).toBe(value('tax_id', '987654320'));
    expect(value('tax_id', 'C01X00T47')).not.toBe(value('document_id', 'C01X00T47'));
  });

  it('refuses masks and what forms are filled with', () => {
    none('bank_account', '****1234', 'xxxxxx1234', '000000000', '123', 'DE89 3704 0044 0532 0130 00');
    none('tax_id', '***-**-1234', 'XXX-XX-1234', '000-00-0000', '123-45-6789', '078-05-1120', '12');
    none('document_id', '00000', 'A12345678', '•••••678');
  });
});

describe('devices', () => {
  it('writes serials one way and knows what makers leave unset', () => {
    for (const kind of ['device_serial', 'display_serial', 'usb_serial'] as const) {
      one(kind, 'C02EX123', 'c02ex123', 'C02-EX 123');
      none(
        kind,
        'To Be Filled By O.E.M.',
        'Default string',
        'System Serial Number',
        '0123456789',
        '00000000',
        'FFFFFFFF',
        'None',
        '123',
        '0x01010101',
      );
    }
  });

  it('takes the fixed serials of remote-control boxes from the facts about them', () => {
    none('usb_serial', 'CAFEBABE', '6b65796d696d6570690');
    expect(value('usb_serial', 'CAFEBABE', bare)).toBe('CAFEBABE');
  });

  it('reads second factors as numbers, ids or names, and leaves product names out', () => {
    one('mfa_device', '+16145550101', '(614) 555-0101', '+1 614 555 0101');
    one('mfa_device', 'opf1a2b3', 'OPF1A2B3');
    none('mfa_device', 'iPhone', 'Okta Verify', '+1 XXX-XXX-0101', 'SMS');
  });

  it('keeps the case of device tokens', () => one('device_token', 'DT-aBc', ' DT-aBc '));
});

describe('networks', () => {
  it('writes addresses one way', () => {
    one(
      'egress_ip',
      '203.0.113.9',
      '203.0.113.9',
      ' 203.0.113.9:443',
      '::ffff:203.0.113.9',
      '::FFFF:cb00:7109',
    );
    one('egress_ip', '2001:db8::1', '2001:DB8:0:0:0:0:0:1', '[2001:db8::1]:443', '2001:0db8::0001%eth0');
  });

  it('refuses addresses that many networks use at once, in the same words as the lake', () => {
    const shared =
      '10.1.2.3 127.0.0.1 169.254.1.1 172.16.0.1 172.31.255.1 192.168.1.4 100.64.3.4 100.127.0.1 0.0.0.0 224.0.0.1 239.1.1.1 255.255.255.255 :: ::1 fe80::1 febf::1 fc00::1 fd12:3456::1 ff02::1'.split(
        ' ',
      );
    for (const ip of shared) {
      none('egress_ip', ip);
      expect([ip, new RegExp(notPublicIp).test(ip)]).toEqual([ip, true]);
    }
    none('egress_ip', 'office', '203.0.113', '203.0.113.999', '2001:db8::/32', '8.8.8.8', '::ffff:10.0.0.1');
    for (const ip of [
      '9.9.9.1',
      '100.63.0.1',
      '100.128.0.1',
      '172.15.0.1',
      '172.32.0.1',
      '192.0.2.4',
      '198.17.0.1',
      '198.20.0.1',
      '223.1.1.1',
      '11.0.0.1',
      '2001:db8::1',
      'fec::1',
    ])
      expect([ip, new RegExp(notPublicIp).test(ip)]).toEqual([ip, false]);
  });

  it('writes hardware addresses one way', () => {
    one(
      'wifi_bssid',
      '00:1a:2b:03:04:05',
      '0:1A:2b:3:4:5',
      '00-1A-2B-03-04-05',
      '001A.2B03.0405',
      '001a2b030405',
    );
    none(
      'wifi_bssid',
      'ff:ff:ff:ff:ff:ff',
      '00:00:00:00:00:00',
      '02:00:00:00:00:00',
      '01:00:5e:00:00:01',
      '00:1a:2b:03:04',
      'home',
    );
    none('gateway_mac', '00:00:5e:00:01:0a', '00:00:0c:07:ac:01', '52:54:00:12:35:02', '02:42:ac:11:00:01');
    one('gateway_mac', '00:00:0c:08:00:01', '0000.0c08.0001');
  });
});

describe('names, referees and files', () => {
  it('reads logins', () => {
    one('code_login', 'ada-example', 'Ada-Example', '@ada-example');
    one(
      'code_login',
      'code.example/ada',
      'https://www.code.example/Ada/',
      'code.example/ada?tab=repositories',
    );
    none('code_login', 'dependabot[bot]', '@');
  });

  it('reads referees by mail, number or name', () => {
    one('reference_contact', 'refexample@gmail.com', 'Ref.Example@gmail.com');
    one('reference_contact', '+16145550190', '(614) 555-0190');
    one('reference_contact', 'ada example', 'Ada  Example');
    none('reference_contact', 'Available upon request');
    expect(isInstitutional('reference_contact', 'hr@example.com', context)).toBe(true);
  });

  it('reads digests and ids of files', () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    one('file_hash', 'ab12cd34', 'AB12CD34');
    none('file_hash', empty, empty.toUpperCase(), '0000000000000000');
    none('image_hash', 'ffffffffffffffff');
    one(
      'file_origin',
      'f3c1a2b0-1111-4222-8333-444455556666',
      'xmp.did:F3C1A2B0-1111-4222-8333-444455556666',
      'uuid:f3c1a2b0-1111-4222-8333-444455556666',
      '{F3C1A2B0-1111-4222-8333-444455556666}',
    );
    one('file_origin', '00a1b2c3', '00A1B2C3', '<00A1B2C3>');
    none('file_origin', '00000000', '00000000-0000-0000-0000-000000000000');
  });
});

describe('context', () => {
  it('is the same for facts in any order, and reads a list of facts once', async () => {
    const turned = await identifierContext({ key, homeCountry: 'US', facts: [...facts].reverse() });
    expect(turned.facts.address.formats.map((format) => format.country)).toEqual(
      context.facts.address.formats.map((format) => format.country),
    );
    expect(value('address', '12 Birch St #4, Columbus OH 43004', turned)).toBe('us|43004|birch st|12|4');
    const again = await identifierContext({ key, homeCountry: 'DE', facts });
    expect(again.facts).toBe(context.facts);
  });

  it('does without facts', async () => {
    const empty = await identifierContext({ key, homeCountry: 'US', facts: [] });
    expect(value('address', '12 Birch St #4, Columbus OH 43004', empty)).toBe(
      '||12 birch st 4 columbus oh 43004||',
    );
    expect(sharingOf('email', empty)).toBeUndefined();
  });
});

describe('rows of a fact', () => {
  it('reads quotes, commas and line breaks in cells, and names a broken row', () => {
    expect(splitRows('a,b\n1,"x, ""y"""\r\n"2\n3",\n')).toEqual([
      ['a', 'b'],
      ['1', 'x, "y"'],
      ['2\n3', ''],
    ]);
    expect(() => splitRows('a\n"b')).toThrow(/row 2/);
    expect(() => splitRows('a\nb"c"')).toThrow(/row 2/);
  });

  it('gives back what was written', () => {
    const quote = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    const cells = fc.string({ unit: fc.constantFrom(...'ab,"\n '), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constant('x'), cells, cells), { minLength: 1 }), (rows) => {
        expect(splitRows(rows.map((row) => row.map(quote).join(',')).join('\n'))).toEqual(rows);
      }),
    );
  });
});

describe('digest', () => {
  it('is short, stable and knows where a part ends', () => {
    expect(digest('a', 'b')).toMatch(/^[0-9a-f]{10}$/);
    expect(digest('a', 'b')).toBe(digest('a', 'b'));
    expect(digest('a', 'b')).not.toBe(digest('ab'));
  });
});
