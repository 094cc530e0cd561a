import type { Fact } from '../../content/fact.js';
import { factRows } from '../fact-rows.js';

/** What a word may be in an address (`content/facts/street-words.csv`, column `role`). */
export type Role =
  | 'type'
  | 'type_minor'
  | 'ending'
  | 'direction'
  | 'unit'
  | 'building'
  | 'floor'
  | 'inside'
  | 'side'
  | 'box'
  | 'route'
  | 'box_in'
  | 'number_mark'
  | 'number_suffix'
  | 'numbered'
  | 'ordinal'
  | 'ordinal_suffix'
  | 'care_of'
  | 'elided'
  | 'city_drop'
  | 'county'
  | 'drop'
  | 'word'
  | 'refused';

/** A town; `name` stands for all its names. */
export interface Place {
  name: string;
  /** Regions that have a town of this name. */
  regions: ReadonlySet<string>;
}

/** How one country writes addresses (`content/facts/address-formats.csv`), with the words and names it takes. */
export interface AddressFormat {
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** Finds postcodes in folded text. */
  postcode: RegExp;
  /** A postcode of this country has letters: hardly anything else looks like it. */
  distinctive: boolean;
  postcodeSide: 'before' | 'after';
  postcodeKept: number;
  /** Whether a postcode alone tells a street from its namesakes, or only with the town. */
  place: 'postcode' | 'postcode-town';
  numberSide: 'first' | 'last';
  slash: 'unit-first' | 'unit-last' | 'whole';
  hyphen: 'unit-first' | 'unit-last' | 'whole';
  /** Words of a street are written together or apart at will. */
  joined: boolean;
  /** Umlauts may be written out. */
  umlauts: boolean;
  floorDoor: boolean;
  namedHouses: boolean;
  /** Written form to code; empty where regions are no part of an address. */
  regions: ReadonlyMap<string, string>;
  words: ReadonlyMap<string, ReadonlyMap<Role, string>>;
  /** Words of `words` made of several, as lists by their first; the longest first. */
  phrases: ReadonlyMap<string, readonly (readonly string[])[]>;
  /** Endings of longer words, the longest first: written, canonical. */
  endings: readonly (readonly [string, string])[];
  places: ReadonlyMap<string, Place>;
}

export interface AddressFacts {
  formats: readonly AddressFormat[];
  /** Folded name or code to ISO 3166-1 alpha-2. */
  countries: ReadonlyMap<string, string>;
}

/** Reads all that addresses need; without formats nothing but words is compared. */
export async function readAddressFacts(facts: readonly Fact[]): Promise<AddressFacts> {
  const rows = await factRows(facts, 'address-formats');
  const countries = new Map(
    (await factRows(facts, 'countries')).map((row) => [row.name_key as string, row.alpha2 as string]),
  );
  if (rows.length === 0) return { formats: [], countries };
  const words = await factRows(facts, 'street-words');
  const regions = await factRows(facts, 'regions');
  const places = await readPlaces(facts, new Set(rows.map((row) => row.country)));
  const formats = rows.map((row): AddressFormat => {
    const country = row.country as string;
    const languages = (row.languages as string).split(' ');
    const own = words.filter((word) => languages.includes(word.language as string));
    const lexicon = new Map<string, Map<Role, string>>();
    // A country's first language goes before its second where they disagree.
    for (const language of languages)
      for (const word of own.filter((one) => one.language === language && one.role !== 'ending')) {
        const roles = lexicon.get(word.written as string) ?? new Map<Role, string>();
        if (!roles.has(word.role as Role)) roles.set(word.role as Role, word.canonical as string);
        lexicon.set(word.written as string, roles);
      }
    const hasRegions = row.regions === 'true';
    return {
      country,
      postcode: postcodePattern(row.postcode as string, row.postcode_prefix as string),
      distinctive: (row.postcode as string).includes('A'),
      postcodeSide: row.postcode_side as 'before' | 'after',
      postcodeKept: Number(row.postcode_kept),
      place: row.place as 'postcode' | 'postcode-town',
      numberSide: row.number_side as 'first' | 'last',
      slash: row.slash as 'whole',
      hyphen: row.hyphen as 'whole',
      joined: row.joined === 'true',
      umlauts: row.umlauts === 'true',
      floorDoor: row.floor_door === 'true',
      namedHouses: row.named_houses === 'true',
      regions: new Map([
        ...(hasRegions
          ? regions
              .filter((region) => region.country === country)
              .map((region): [string, string] => [
                region.name_key as string,
                (region.code as string).toLowerCase(),
              ])
          : []),
        ...(row.extra_regions as string)
          .split(' ')
          .filter(Boolean)
          .map((code): [string, string] => [code, code]),
      ]),
      words: lexicon,
      phrases: phrasesOf(lexicon.keys()),
      endings: own
        .filter((word) => word.role === 'ending')
        .map((word): [string, string] => [word.written as string, word.canonical as string])
        .sort((a, b) => b[0].length - a[0].length || (a[0] < b[0] ? -1 : 1)),
      places: places.get(country) ?? new Map(),
    };
  });
  return { formats, countries };
}

function phrasesOf(words: Iterable<string>): Map<string, string[][]> {
  const phrases = new Map<string, string[][]>();
  for (const phrase of [...words].filter((word) => word.includes(' ')).map((word) => word.split(' ')))
    phrases.set(phrase[0] as string, [...(phrases.get(phrase[0] as string) ?? []), phrase]);
  for (const list of phrases.values()) list.sort((a, b) => b.length - a.length);
  return phrases;
}

/** Masks (9 digit, A letter, X letter or digit of an Eircode) as a pattern; spaces and hyphens may be left out. */
function postcodePattern(masks: string, prefix: string): RegExp {
  const signs: Record<string, string> = { '9': '\\d', A: '[a-z]', X: '[0-9acdefhknprtvwxy]' };
  const one = masks
    .split('|')
    .map((mask) => [...mask].map((sign) => signs[sign] ?? '[ -]?').join(''))
    .join('|');
  return new RegExp(`(?<![0-9a-z])(?:(?:${prefix || '(?!)'})[ -]?)?(${one})(?![0-9a-z-])`, 'g');
}

/** Towns by country and name. A name that several towns of a country bear stands for itself. */
async function readPlaces(
  facts: readonly Fact[],
  countries: ReadonlySet<string | undefined>,
): Promise<Map<string, Map<string, Place>>> {
  const rows = (await factRows(facts, 'places')).filter((row) => countries.has(row.country));
  const spotOf = (row: Record<string, string>) => `${row.country} ${row.lat} ${row.lon}`;
  const spotOfName = new Map<string, string | undefined>();
  const namesOfSpot = new Map<string, string[]>();
  for (const row of rows) {
    const [name, spot] = [`${row.country} ${row.ascii_name}`, spotOf(row)];
    spotOfName.set(name, !spotOfName.has(name) || spotOfName.get(name) === spot ? spot : undefined);
    const names = namesOfSpot.get(spot);
    if (names) names.push(row.ascii_name as string);
    else namesOfSpot.set(spot, [row.ascii_name as string]);
  }
  const unambiguous = (country: string, name: string) => spotOfName.get(`${country} ${name}`) !== undefined;
  const places = new Map<string, Map<string, { name: string; regions: Set<string> }>>();
  for (const row of rows) {
    const country = row.country as string;
    const written = row.ascii_name as string;
    const own = places.get(country) ?? new Map<string, { name: string; regions: Set<string> }>();
    places.set(country, own);
    const names = unambiguous(country, written)
      ? (namesOfSpot.get(spotOf(row)) ?? []).filter((name) => unambiguous(country, name)).sort()
      : [written];
    const place = own.get(written) ?? { name: names[0] as string, regions: new Set<string>() };
    place.regions.add((row.region as string).toLowerCase());
    own.set(written, place);
  }
  return places;
}
