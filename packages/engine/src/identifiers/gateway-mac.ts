import type { IdentifierModule } from './identifier.js';
import { mac } from './mac.js';

/** The hardware address of the router a device reaches the internet through. */
export const gatewayMac: IdentifierModule = {
  kind: 'gateway_mac',
  about: 'The hardware address of the router a device reaches the internet through.',

  /** Lower case with colons; virtual routers, whose address is the same everywhere, are none. */
  canonical: (text) => mac(text),

  rarity: 'One router: a home, or a place where strangers sit.',
  traps: [
    'Redundant routers, virtual machines and containers use addresses that are the same all over the world.',
    'Some VPN clients show a router of their own, the same for all their users.',
    'Hotels, co-working rooms and shared houses have one router for strangers.',
    'A router is sold and stands in another home.',
  ],
};
