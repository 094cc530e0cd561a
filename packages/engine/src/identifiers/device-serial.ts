import type { IdentifierModule } from './identifier.js';
import { serial } from './serial.js';

/** The serial number of a computer. */
export const deviceSerial: IdentifierModule = {
  kind: 'device_serial',
  about: 'The serial number of a laptop, desktop or phone.',

  /** Letters and digits in upper case; placeholders of firmware are none. */
  canonical: serial,

  rarity: 'One machine. Machines are handed on, so two holders one after the other mean nothing.',
  traps: [
    'Boards sold without a serial report what the firmware’s author left there, the same on thousands.',
    'A laptop goes to the next person when somebody leaves.',
    'Virtual machines made from one image may bear one serial.',
  ],
};
