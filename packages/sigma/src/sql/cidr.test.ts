import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { inNetwork, parseNetwork } from '../network.js';
import type { Network } from '../plan.js';
import { networkRegex } from './cidr.js';

function fits(network: Network, text: string): boolean {
  return RE2JS.compile(networkRegex(network)).matcher(text).find();
}

function network(text: string): Network {
  const found = parseNetwork(text);
  if (found === undefined) throw new Error(text);
  return found;
}

/** One of the written forms of an address: `choices` picks zeros, case, elision and the dotted tail. */
function write(bytes: readonly number[], choices: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from(
    { length: 8 },
    (_, i) => ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number),
  );
  const texts = groups.map((group, i) => {
    const hex = group.toString(16).padStart(1 + ((choices[i] ?? 0) % 4), '0');
    return (choices[i] ?? 0) % 8 > 3 ? hex.toUpperCase() : hex;
  });
  const tail = (choices[8] ?? 0) % 3 === 0 ? [bytes.slice(12).join('.')] : texts.slice(6);
  const parts = [...texts.slice(0, 6), ...tail];
  const start = (choices[9] ?? 0) % 7;
  const length = (choices[10] ?? 0) % 5;
  const end = Math.min(start + length, 6);
  if (end > start && groups.slice(start, end).every((group) => group === 0)) {
    return `${parts.slice(0, start).join(':')}::${parts.slice(end).join(':')}`;
  }
  return parts.join(':');
}

const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 0, 0, 1, 128, 255));
const choices = fc.array(fc.nat(1000), { minLength: 11, maxLength: 11 });

describe('networkRegex', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '10.0.0.1\n', false],
    ['10.0.0.0/8', '10.0.0.01', false],
    ['10.0.0.0/8', '10.0.0', false],
    ['172.16.0.0/12', '172.31.255.255', true],
    ['172.16.0.0/12', '172.32.0.0', false],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.70', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '::1', false],
    ['0.0.0.0/0', '::ffff:192.0.2.1', false],
    ['::/0', '192.0.2.1', false],
    ['::/0', '2001:db8::1', true],
    ['2001:db8::/32', '2001:0DB8:0:0::', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['2001:db8::/33', '2001:db8:7fff::', true],
    ['2001:db8::/33', '2001:db8:8000::', false],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['::1', '::0.0.0.1', true],
    ['::1', '1::1', false],
    ['::ffff:192.0.2.0/120', '::ffff:192.0.2.200', true],
    ['::ffff:192.0.2.0/120', '::ffff:c000:2c8', true],
    ['::ffff:192.0.2.0/120', '::ffff:192.0.3.200', false],
    ['fe80::/10', 'febf::1', true],
    ['fe80::/10', 'fec0::1', false],
    ['fe80::/10', 'fe80::1%eth0', false],
    ['::/0', '1:2:3:4:5:6:7:8:9', false],
    ['::/0', '1:2:3:4:5:6:7', false],
    ['::/0', '1:2:3:4::5:6:7:8', false],
    ['::/0', '1::2::3', false],
    ['::/0', ':::', false],
    ['::/0', '::', true],
    ['::/0', '12345::', false],
  ])('%s holds %s: %s', (net, text, expected) => {
    expect(inNetwork(network(net), text)).toBe(expected);
    expect(fits(network(net), text)).toBe(expected);
  });

  it('agrees with the parser on IPv4', () => {
    fc.assert(
      fc.property(
        fc.tuple(byte, byte, byte, byte),
        fc.tuple(byte, byte, byte, byte),
        fc.integer({ min: 0, max: 32 }),
        (base, other, bits) => {
          const net = network(`${base.join('.')}/${bits}`);
          for (const text of [base.join('.'), other.join('.')]) {
            expect(fits(net, text)).toBe(inNetwork(net, text));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('agrees with the parser on every written form of IPv6', () => {
    fc.assert(
      fc.property(
        fc.array(byte, { minLength: 16, maxLength: 16 }),
        fc.array(fc.tuple(fc.nat(15), byte), { maxLength: 3 }),
        fc.integer({ min: 0, max: 128 }),
        choices,
        (base, changes, bits, how) => {
          const net = network(`${write(base, [])}/${bits}`);
          const near = [...base];
          for (const [i, value] of changes) near[i] = value;
          for (const text of [write(base, how), write(near, how)]) {
            expect(fits(net, text)).toBe(inNetwork(net, text));
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('agrees with the parser on texts that are nearly addresses', () => {
    const piece = fc.constantFrom(
      ':',
      '::',
      '.',
      '0',
      '1',
      'f',
      'ff',
      '0000',
      '10',
      '255',
      '256',
      'g',
      '1.2.3.4',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 18 }),
        fc.constantFrom('::/0', '::/16', '::/127', '0.0.0.0/0'),
        (pieces, net) => {
          const text = pieces.join('');
          expect(fits(network(net), text)).toBe(inNetwork(network(net), text));
        },
      ),
      { numRuns: 800 },
    );
  });
});
