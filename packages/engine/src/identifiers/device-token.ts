import { clean, type IdentifierModule } from './identifier.js';

/** A mark a service puts on a browser or device. */
export const deviceToken: IdentifierModule = {
  kind: 'device_token',
  about: 'A cookie or device id by which a sign-in service knows a browser or device again.',

  /** As it is: case matters. */
  canonical: (text) => clean(text) || undefined,

  rarity: 'One browser profile. Whoever uses it shares the mark.',
  traps: [
    'A couple uses one computer; a meeting room or a help desk has one browser for all.',
    'An image from which laptops are made may hold a browser profile, and with it one mark for all.',
    'Support signs in for somebody from its own browser.',
  ],
};
