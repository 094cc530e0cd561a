import { email } from './email.js';
import { clean, type IdentifierModule } from './identifier.js';
import { phone } from './phone.js';

/** How to reach somebody who speaks for an applicant. */
export const referenceContact: IdentifierModule = {
  kind: 'reference_contact',
  about: 'The e-mail address, phone or name of a person who speaks for an applicant.',

  /** An address or a number where it is one, else the words in lower case. */
  canonical(text, context) {
    const written = clean(text);
    if (written.includes('@')) return email.canonical(written, context);
    if (/^[+(]?[\d\s().-]{7,}$/.test(written)) return phone.canonical(written, context);
    return written.toLowerCase().replace(/\s+/g, ' ') || undefined;
  },

  rarity:
    'A manager speaks for several former staff, so shared referees are ordinary; strangers with no employer in common seldom have one.',
  traps: [
    'A popular manager or teacher is named by many who really worked there.',
    'Verification firms and personnel departments answer for everyone who ever worked at a company.',
    'Two referees may have one name.',
    'Agencies name the same contact for all their people.',
  ],
};
