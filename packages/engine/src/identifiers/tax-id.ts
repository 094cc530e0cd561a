import { clean, type IdentifierModule, masked } from './identifier.js';

/** A number of a tax or social-insurance office. Sensitive: stored as a keyed hash. */
export const taxId: IdentifierModule = {
  kind: 'tax_id',
  about: 'A number a tax or social-insurance office gave.',

  /** Letters and digits in upper case. */
  canonical(text) {
    const written = clean(text);
    const value = written.toUpperCase().replace(/[^0-9A-Z]/g, '');
    return !masked(written) && value.length >= 5 && !/^(.)\1+$/.test(value) ? value : undefined;
  },

  rarity: 'One person for life. Two people with one number are a mistake, or one of them uses the other’s.',
  traps: [
    'Forms that insist on a number get made-up ones, the same by many.',
    'A firm’s number stands for all contractors it sends.',
    'A borrowed or stolen number has a victim, who may be a person in these records.',
  ],
};
