import { parseAddress } from './address/parse.js';
import { fold } from './address/words.js';
import { clean, type IdentifierModule } from './identifier.js';

/** A postal address. */
export const address: IdentifierModule = {
  kind: 'address',
  about: 'A postal address: a home, or where something was sent.',

  /**
   * `country|place|street|number|unit` in lower case, short forms as the post uses them. Place is the postcode, with the
   * town where one postcode covers several, or town and state. The unit is kept, since flats are different homes. Read by
   * the country's own order and words (content: address-formats, street-words); of countries not described, the words in
   * order. What has no house and no place ("Remote", "London, UK") is none.
   */
  canonical(text, { facts, homeCountry }) {
    const written = clean(text.replaceAll('½', ' 1/2'));
    if (isCanonical(written)) return written;
    const parsed = parseAddress(written, facts.address, homeCountry);
    if (!parsed) return undefined;
    return [parsed.country, parsed.place, parsed.street, parsed.number, parsed.unit]
      .map((field) => field.replaceAll('#', ' ').replace(/ +/g, ' ').trim())
      .join('|');
  },

  rarity: 'One household, where the unit is given. A house without its unit may be a block of hundreds.',
  traps: [
    'An apartment building is not a home: without a unit, strangers look like housemates. The building alone joins nobody.',
    'Mail drops, virtual offices and forwarders give hundreds of customers one street address, told apart by a box or suite.',
    'Families, couples and housemates live together. So do students in halls and staff in company housing.',
    'An agency’s or employer’s address stands where a home was asked for.',
    'People move: the same address years apart is two households.',
    'Written without its postcode an address has another form than with it: a match is missed, none is made up.',
  ],
};

function isCanonical(text: string): boolean {
  return (
    /^(?:[a-z]{2})?(?:\|[\p{L}\p{N} /-]*){4}$/u.test(text) && text.split('|')[2] !== '' && fold(text) === text
  );
}

/** The building of a canonical address: the same for all its flats. Undefined where only words are known of it. */
export function building(value: string): string | undefined {
  const [country, place, street, number] = value.split('|');
  return place && street ? [country, place, street, number].join('|') : undefined;
}
