import type { IdentifierModule } from './identifier.js';
import { serial } from './serial.js';

/** The serial number a display reports. */
export const displaySerial: IdentifierModule = {
  kind: 'display_serial',
  about: 'The serial number a monitor reports over its cable.',

  /** Letters and digits in upper case; placeholders of firmware are none. */
  canonical: serial,

  rarity: 'One monitor, where its maker sets the number at all.',
  traps: [
    'Many monitors and most televisions report zero, ones, or the same number for the whole model.',
    'Docks and desks in shared offices show one monitor to many people.',
    'A remote-control box imitates a monitor, each of its kind the same one.',
  ],
};
