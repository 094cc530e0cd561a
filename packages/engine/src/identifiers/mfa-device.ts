import { clean, type IdentifierModule, masked } from './identifier.js';
import { phone } from './phone.js';

/** What confirms a sign-in. */
export const mfaDevice: IdentifierModule = {
  kind: 'mfa_device',
  about: 'The phone, key or app that confirms sign-ins: its number, or the id or name its system gives it.',

  /** A number as a phone, all else in lower case. */
  canonical(text, context) {
    const written = clean(text);
    if (masked(written)) return undefined;
    const number = /^[+(]?[\d\s().-]{7,}$/.test(written) ? phone.canonical(written, context) : undefined;
    return number ?? (written.toLowerCase() || undefined);
  },

  rarity: 'One person carries it. Ids are unique; names such as “my phone” are not.',
  traps: [
    'Some systems give a device no id but a name, and thousands have the same. Known ones are left out.',
    'A household shares a tablet; a help desk enrols a key of its own to get someone going.',
    'A phone that was sold confirms for its next owner.',
  ],
};
