import type { IdentifierModule } from './identifier.js';
import { mac } from './mac.js';

/** The hardware address of a wireless access point. */
export const wifiBssid: IdentifierModule = {
  kind: 'wifi_bssid',
  about: 'The hardware address of the wireless access point a device was connected to.',

  /** Lower case with colons. */
  canonical: (text) => mac(text),

  rarity: 'One access point: a home, a floor of an office, a corner of a hotel.',
  traps: [
    'Hotels, cafés, libraries, trains and co-working rooms serve strangers.',
    'A router is sold and stands in another home.',
    'One router has several addresses, one for each band: two people at home may show different ones.',
    'A phone that shares its connection may make up a new address each day.',
  ],
};
