import type { IdentifierModule } from './identifier.js';
import { serial } from './serial.js';

/** The serial number a USB device reports. */
export const usbSerial: IdentifierModule = {
  kind: 'usb_serial',
  about: 'The serial number a USB device reports.',

  /** Letters and digits in upper case; placeholders of firmware are none. */
  canonical: serial,

  rarity:
    'One device, where its maker sets the number at all; cheap devices keep that of the sample firmware.',
  traps: [
    'Cheap devices all keep the number of the sample firmware they were built from.',
    'Docks and hubs in shared offices meet many laptops.',
    'A stick with the company’s files goes from hand to hand.',
    'Where a device has no number, the system makes one up from the port: equal ports give equal numbers.',
  ],
};
