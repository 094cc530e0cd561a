import { clean, type IdentifierModule, masked } from './identifier.js';

/** The number of an identity document. Sensitive: stored as a keyed hash. */
export const documentId: IdentifierModule = {
  kind: 'document_id',
  about: 'The number of a passport, licence or permit.',

  /** Letters and digits in upper case. */
  canonical(text) {
    const written = clean(text);
    const value = written.toUpperCase().replace(/[^0-9A-Z]/g, '');
    return !masked(written) && value.length >= 5 && !/^(.)\1+$/.test(value) ? value : undefined;
  },

  rarity: 'One person. Documents of two issuers may by chance bear one number.',
  traps: [
    'Two issuers number in the same way: a licence of one state may have the number of another’s.',
    'A clerk enters the number of the document that lay on top.',
    'A stolen document has a victim, who may be a person in these records.',
  ],
};
