import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierKinds, sensitiveKinds } from '../model/vocabulary.js';
import { canonical } from './canonical.js';

const options = { key: Buffer.alloc(32, 7), homeCountry: 'US' };
const value = (kind: Parameters<typeof canonical>[0], text: string) => canonical(kind, text, options)?.value;

describe('canonical identifiers', () => {
  it('reads one phone in its many spellings', () => {
    const spellings = ['(614) 555-0101', '+1 614 555 0101', '1-614-555-0101', '614.555.0101'];
    expect(new Set(spellings.map((text) => value('phone', text)))).toEqual(new Set(['+16145550101']));
    expect(value('phone', '000-000-0000')).toBeUndefined();
  });

  it('takes dots and tags out where the provider ignores them, and only there', () => {
    expect(value('email', 'A.da+jobs@Gmail.com')).toBe('ada@gmail.com');
    expect(value('email', 'a.da@example.org')).toBe('a.da@example.org');
    expect(value('email', 'not an address')).toBeUndefined();
  });

  it('brings an address to one form and keeps the unit', () => {
    const a = value('address', '12 Birch Street, Apt 4, Columbus, OH 43004');
    expect(value('address', '12 birch st #4 Columbus OH 43004-1234 USA')).toBe(a);
    expect(value('address', '12 Birch Street, Apt 5, Columbus, OH 43004')).not.toBe(a);
    expect(value('address', 'Remote')).toBeUndefined();
  });

  it('ignores serials that makers leave unset, and addresses that are private', () => {
    expect(value('device_serial', 'To Be Filled By O.E.M.')).toBeUndefined();
    expect(value('display_serial', '0000000000')).toBeUndefined();
    expect(value('egress_ip', '192.168.1.4')).toBeUndefined();
    expect(value('egress_ip', '100.64.3.4')).toBeUndefined();
    expect(value('egress_ip', '203.0.113.9')).toBe('203.0.113.9');
  });

  it('writes hardware addresses one way', () => {
    expect(value('wifi_bssid', '0:1A:2b:3:4:5')).toBe('00:1a:2b:03:04:05');
    expect(value('gateway_mac', '001A.2B03.0405')).toBe('00:1a:2b:03:04:05');
    expect(value('gateway_mac', 'ff:ff:ff:ff:ff:ff')).toBeUndefined();
  });

  it('keeps sensitive values only as keyed hashes, with a mask to show', () => {
    const account = canonical('bank_account', '021000021:000123456789', options);
    expect(account?.value).toMatch(/^[0-9a-f]{32}$/);
    expect(account?.label).toBe('bank account ending 89');
    expect(canonical('bank_account', '0210-00021:0001 2345 6789', options)?.value).toBe(account?.value);
    expect(
      canonical('bank_account', '021000021:000123456789', { ...options, key: Buffer.alloc(32, 8) })?.value,
    ).not.toBe(account?.value);
  });

  it('is stable: what is canonical stays as it is; nothing throws; sensitive text never comes out', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...identifierKinds),
        fc.string({ unit: 'binary', maxLength: 60 }),
        (kind, text) => {
          const once = canonical(kind, text, options);
          if (!once) return;
          if (sensitiveKinds.includes(kind)) expect(once.value).toMatch(/^[0-9a-f]{32}$/);
          else expect(canonical(kind, once.value, options)?.value).toBe(once.value);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
