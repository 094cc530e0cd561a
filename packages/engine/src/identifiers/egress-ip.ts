import { isIP } from 'node:net';
import { clean, type IdentifierModule } from './identifier.js';

/**
 * Addresses that many networks use at once, as a pattern for both JavaScript and SQL over lower-case text: private,
 * loopback, link-local, carrier NAT, multicast, reserved (RFC 6890, RFC 6598, RFC 4193, RFC 4291). The ranges for
 * documentation and benchmarking are left in: examples and made-up companies live on them, and no real line has one.
 */
export const notPublicIp =
  '^(?:0\\.|10\\.|127\\.|169\\.254\\.|192\\.168\\.|192\\.0\\.0\\.|172\\.(?:1[6-9]|2[0-9]|3[01])\\.|100\\.(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\\.|2(?:2[4-9]|[345][0-9])\\.|::1?$|fe[89ab][0-9a-f]:|f[cd][0-9a-f][0-9a-f]:|ff[0-9a-f][0-9a-f]:)';

const notPublic = new RegExp(notPublicIp);

/** An internet address someone was seen at. */
export const egressIp: IdentifierModule = {
  kind: 'egress_ip',
  about: 'The internet address that sign-ins and connections came from.',

  /** Text form of IPv4 or IPv6 (RFC 5952) without port or zone; addresses that many networks use at once are none. */
  canonical(text) {
    const written = clean(text)
      .toLowerCase()
      .replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
      .replace(/%.*$/, '')
      .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
    const family = isIP(written);
    if (family === 0) return undefined;
    const value = family === 4 ? written : shortened(written);
    return notPublic.test(value) ? undefined : value;
  },

  rarity: 'One home or office line at a time. Providers give addresses to the next customer, some every day.',
  traps: [
    'Behind carrier NAT hundreds of homes and phones share one address. Some carriers use public-looking addresses for it.',
    'VPN exits, relays, security gateways, hotels, trains and offices put strangers at one address.',
    'An address on one day and again a month later may be two customers.',
    'IPv6: a device changes the second half of its address by itself, so one home shows many.',
    'Housemates and neighbours may share a line.',
  ],
};

/** IPv6 in its short form; one that holds an IPv4 address is that address. */
function shortened(text: string): string {
  const host = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (!mapped) return host;
  const [high, low] = mapped.slice(1).map((part) => Number.parseInt(part, 16)) as [number, number];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
