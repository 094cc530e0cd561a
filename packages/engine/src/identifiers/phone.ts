import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { clean, type IdentifierModule, masked } from './identifier.js';

/** A phone number. */
export const phone: IdentifierModule = {
  kind: 'phone',
  about: 'A phone number someone gave.',

  /**
   * E.164. A number without a country code is read as one of the home country; an extension is dropped. Numbers that by
   * their kind are no person's (toll-free, premium, shared cost, company-wide, voicemail) are none.
   */
  canonical(text, { homeCountry }) {
    const written = clean(text);
    const digits = written.replace(/\D/g, '');
    if (
      masked(written.replace(/\b(?:x|ext\.?|extension)\s*\d+\s*$/i, '')) ||
      digits.length < 7 ||
      digits.length > 20
    )
      return undefined;
    const country = isSupportedCountry(homeCountry) ? (homeCountry as CountryCode) : undefined;
    const parsed =
      parsePhoneNumberFromString(written, country) ?? parsePhoneNumberFromString(digits, country);
    const type = parsed?.getType();
    if (type && impersonal.has(type)) return undefined;
    // Too short or too long to be dialled: kept as digits where they are enough to tell two numbers apart. A number
    // without its area code is another subscriber's in each area.
    const possible = parsed?.isPossible() === true;
    if (!possible && digits.length < 9) return undefined;
    const number = possible ? parsed.number : digits;
    return /^\+?(\d)\1+$/.test(number) || /^(\d)\1+$/.test(digits) ? undefined : number;
  },

  rarity: 'One person, or one household where the line is fixed.',
  traps: [
    'Numbers are given out again: the same number years apart is two people.',
    'A staffing agency puts its own number on the résumés of all its people.',
    'A switchboard is shared by all who work there. Extensions are dropped, so two desks of one office look alike.',
    'A couple or a parent’s fixed line is on the applications of the whole household.',
    'A number without a country code is read as one of the home country, and may be another country’s.',
  ],
};

const impersonal = new Set(['TOLL_FREE', 'PREMIUM_RATE', 'SHARED_COST', 'UAN', 'VOICEMAIL']);
