import { clean, type IdentifierModule, masked } from './identifier.js';

/** An account that pay goes to. Sensitive: stored as a keyed hash. */
export const bankAccount: IdentifierModule = {
  kind: 'bank_account',
  about:
    'An account that pay or expenses go to: an IBAN, or routing and account number with a colon between.',

  /** Letters and digits in upper case, the colon between routing and account number kept. */
  canonical(text) {
    const written = clean(text);
    if (masked(written)) return undefined;
    const value = written
      .toUpperCase()
      .replace(/^IBAN\b/, '')
      .replace(/[^0-9A-Z:]/g, '');
    return /\d{4}/.test(value) && !/^(?:[0:]+|(\d)\1+)$/.test(value) ? value : undefined;
  },

  rarity:
    'One person or a couple. Strangers never share one, but for prepaid programmes that pool their customers.',
  traps: [
    'Couples and families share an account, also where both work here.',
    'Some pay cards and money-transfer services have one account number for many customers, told apart by a reference.',
    'An agency or a firm of one’s own receives the pay of several contractors.',
    'Payroll types a number wrongly, and it is somebody else’s.',
    'The same account as an IBAN and as domestic numbers gives two values.',
  ],
};
