import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentFolder, loadContent } from '../content/load.js';
import { type AddressPair, noHome, otherHome, sameHome } from './address-pairs.js';
import { building, canonical, identifierContext } from './index.js';

const { facts } = await loadContent(contentFolder, { withoutTests: true });
const at = (homeCountry: string) => identifierContext({ key: Buffer.alloc(32, 7), homeCountry, facts });
const context = await at('US');
const value = (text: string, own = context) => canonical('address', text, own)?.value;

const merged = ([a, b]: AddressPair, own = context) => {
  const [x, y] = [value(a, own), value(b, own)];
  return x !== undefined && x === y;
};
const shown = ([a, b]: AddressPair) => `${a} → ${value(a)}   ${b} → ${value(b)}`;

describe('one home, however it is written', () => {
  it.each(Object.entries(sameHome))('%s', (_, pairs) => {
    expect(pairs.filter((pair) => !merged(pair)).map(shown)).toEqual([]);
  });
});

describe('two homes that look alike stay two', () => {
  it.each(Object.entries(otherHome))('%s', (_, pairs) => {
    const wrong = pairs.filter((pair) => merged(pair) || pair.some((text) => value(text) === undefined));
    expect(wrong.map(shown)).toEqual([]);
  });
});

describe('a company of another country', () => {
  it.each(['GB', 'DE', 'AU', 'IN'])('%s makes no two homes one', async (country) => {
    const own = await at(country);
    const wrong = Object.values(otherHome)
      .flat()
      .filter((pair) => merged(pair, own));
    expect(wrong.map(shown)).toEqual([]);
  });

  it('reads an address that names no country as one of its own', async () => {
    expect(value('Lindenweg 3, Leipzig', await at('DE'))).toBe('de|leipzig|lindenweg|3|');
    expect(value('Lindenweg 3, Leipzig')).toBeUndefined();
  });
});

describe('what is no address', () => {
  it.each(noHome)('“%.40s”', (text) => {
    expect(value(text)).toBeUndefined();
  });
});

/** Made-up addresses as their parts, and the ways a country writes them. */
interface Home {
  street: string;
  number: number;
  unit: number;
  town: number;
}
const homes = fc.record({
  street: fc.constantFrom('birch', 'quarry', 'willow', 'fern', 'kelp', 'linden'),
  number: fc.integer({ min: 1, max: 250 }),
  unit: fc.integer({ min: 1, max: 60 }),
  town: fc.integer({ min: 0, max: 1 }),
});
const choose = <T>(list: readonly T[], n: number) => list[n % list.length] as T;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const writers: Record<string, (home: Home, way: readonly number[]) => string> = {
  US: ({ street, number, unit, town }, [a = 0, b = 0, c = 0, d = 0]) =>
    choose(
      [
        `${number} ${capital(street)} ${choose(['Street', 'St', 'St.'], a)}, ${choose(['Apt', 'Apt.', 'Unit', '#', 'Suite'], b)} ${unit}`,
        `${choose(['Apt', 'Unit', '#'], b)} ${unit}, ${number} ${capital(street)} ${choose(['Street', 'St'], a)}`,
        `${number} ${capital(street)} ${choose(['Street', 'St'], a)} #${unit}`,
      ],
      c,
    ) +
    choose([', ', '\n'], d) +
    choose(
      [
        ['Columbus, OH 43004', 'Columbus, Ohio 43004-1234, USA', 'Columbus OH 43004'],
        ['Dayton, OH 45402', 'Dayton OH 45402', 'Dayton, Ohio 45402, US'],
      ][town] as string[],
      a + b,
    ),
  GB: ({ street, number, unit, town }, [a = 0, b = 0, c = 0]) =>
    choose(
      [
        `${choose(['Flat', 'Apartment', 'Apt'], a)} ${unit}, ${number} ${capital(street)} ${choose(['Road', 'Rd'], b)}`,
        `${number} ${capital(street)} ${choose(['Road', 'Rd.'], b)}, Flat ${unit}`,
        `Flat ${unit} ${number} ${capital(street)} Road`,
      ],
      c,
    ) +
    choose(
      [
        [', Leeds, LS1 4AB', ' Leeds LS14AB', ', Leeds LS1 4AB, UK'],
        [', Leeds, LS1 4AD', ' Leeds LS14AD', ', Leeds LS1 4AD, England'],
      ][town] as string[],
      a + b,
    ),
  AU: ({ street, number, unit, town }, [a = 0, b = 0]) =>
    choose(
      [
        `${unit}/${number} ${capital(street)} St`,
        `Unit ${unit}, ${number} ${capital(street)} Street`,
        `Flat ${unit} ${number} ${capital(street)} St`,
      ],
      a,
    ) +
    choose(
      [
        [', Newtown NSW 2042', ', Newtown, New South Wales 2042, Australia', ' Newtown NSW 2042'],
        [', Richmond VIC 3121', ', Richmond, Victoria 3121', ' Richmond VIC 3121'],
      ][town] as string[],
      b,
    ),
  CA: ({ street, number, unit, town }, [a = 0, b = 0]) =>
    choose(
      [
        `${unit}-${number} ${capital(street)} Ave`,
        `${number} ${capital(street)} Avenue, Unit ${unit}`,
        `${number} ${capital(street)} Ave #${unit}`,
      ],
      a,
    ) +
    choose(
      [
        [', Toronto, ON M5V 2T6', ', Toronto, Ontario M5V2T6, Canada', ' Toronto ON M5V 2T6'],
        [', Calgary, AB T2P 1A1', ', Calgary, Alberta T2P1A1', ' Calgary AB T2P 1A1'],
      ][town] as string[],
      b,
    ),
  DE: ({ street, number, unit, town }, [a = 0, b = 0, c = 0]) =>
    `${capital(street)}${choose(['straße', 'str.', 'strasse'], a)} ${number}, ${choose(['Whg.', 'Wohnung', 'Apartment'], b)} ${unit}, ` +
    choose(
      [
        ['10115 Berlin', 'D-10115 Berlin', '10115 Berlin, Germany'],
        ['80331 München', '80331 Muenchen', '80331 Munich, Deutschland'],
      ][town] as string[],
      c,
    ),
  AT: ({ street, number, unit, town }, [a = 0, b = 0, c = 0]) =>
    `${capital(street)}${choose(['straße', 'str.'], a)} ${choose([`${number}/${unit}`, `${number}, Top ${unit}`, `${number}, Tür ${unit}`], b)}, ` +
    choose(
      [
        ['1080 Wien', 'A-1080 Wien', '1080 Vienna, Austria'],
        ['8010 Graz', 'A-8010 Graz', '8010 Graz, Österreich'],
      ][town] as string[],
      c,
    ),
  FR: ({ street, number, unit, town }, [a = 0, b = 0, c = 0]) =>
    `${number}${choose([' ', ', '], a)}${choose(['avenue', 'av.', 'Avenue'], b)} du ${capital(street)}, ${choose(['appt', 'appartement', 'apt'], c)} ${unit}, ` +
    choose(
      [
        ['75002 Paris', '75002 PARIS, France', '75002 Paris Cedex 02'],
        ['69001 Lyon', '69001 LYON', '69001 Lyon, France'],
      ][town] as string[],
      a + c,
    ),
  ES: ({ street, number, unit, town }, [a = 0, b = 0, c = 0]) =>
    `${choose(['Calle', 'C/', 'C.'], a)} ${capital(street)}${choose([' ', ', ', ', nº '], b)}${number}, ${choose([`piso ${unit}, puerta B`, `${unit}º B`, `${unit}B`], c)}, ` +
    choose(
      [
        ['28013 Madrid', '28013 Madrid, Spain', '28013 Madrid (Madrid)'],
        ['46001 Valencia', '46001 Valencia, España', '46001 VALENCIA'],
      ][town] as string[],
      a + b,
    ),
  IT: ({ street, number, unit, town }, [a = 0, b = 0, c = 0]) =>
    `${choose(['Viale', 'V.le'], a)} ${capital(street)}${choose([' ', ', ', ' n. '], b)}${number}${choose([', interno ', ', int. ', ' int. '], c)}${unit}, ` +
    choose(
      [
        ['20121 Milano', '20121 Milano MI', '20121 Milan, Italy'],
        ['40121 Bologna', '40121 Bologna (BO)', '40121 Bologna, Italia'],
      ][town] as string[],
      a + c,
    ),
  PL: ({ street, number, unit, town }, [a = 0, b = 0]) =>
    `${choose(['ul. ', '', 'ulica '], a)}${capital(street)} ${choose([`${number}/${unit}`, `${number} m. ${unit}`, `${number} lok. ${unit}`], b)}, ` +
    choose(
      [
        ['00-001 Warszawa', '00-001 Warsaw, Poland', '00-001 WARSZAWA'],
        ['30-001 Kraków', '30-001 Krakow', '30-001 Kraków, Polska'],
      ][town] as string[],
      a + b,
    ),
  NL: ({ street, number, unit, town }, [a = 0, b = 0]) =>
    `${capital(street)}${choose(['straat', 'str.'], a)} ${choose([`${number}-${unit}`, `${number} ${unit}`], b)}, ` +
    choose(
      [
        ['3511 AA Utrecht', '3511AA Utrecht', '3511 AA Utrecht, Netherlands'],
        ['1017 GA Amsterdam', '1017GA AMSTERDAM', '1017 GA Amsterdam, Nederland'],
      ][town] as string[],
      a + b,
    ),
  SE: ({ street, number, unit, town }, [a = 0, b = 0]) =>
    `${capital(street)}gatan ${number}${choose([', lgh ', ' lgh ', ', LGH '], a)}${1000 + unit}, ` +
    choose(
      [
        ['111 22 Stockholm', '11122 Stockholm', 'SE-111 22 Stockholm, Sweden'],
        ['753 20 Uppsala', '75320 Uppsala', '753 20 UPPSALA, Sverige'],
      ][town] as string[],
      b,
    ),
};
const ways = fc.array(fc.nat(11), { minLength: 4, maxLength: 4 });

describe.each(Object.entries(writers))('in %s', (_, write) => {
  it('all ways to write a home are one', () => {
    fc.assert(
      fc.property(homes, ways, ways, (home, a, b) => {
        const one = value(write(home, a));
        expect(one).toBeDefined();
        expect(value(write(home, b))).toBe(one);
      }),
    );
  });

  it('two homes are two, in whatever way they are written', () => {
    fc.assert(
      fc.property(homes, homes, ways, ways, (home, other, a, b) => {
        fc.pre(JSON.stringify(home) !== JSON.stringify(other));
        expect(value(write(other, b))).not.toBe(value(write(home, a)));
      }),
    );
  });

  it('case, accents, punctuation and spacing mean nothing', () => {
    const disguises = [
      (text: string) => text.toUpperCase(),
      (text: string) => text.toLowerCase(),
      (text: string) => text.replaceAll(' ', '   '),
      (text: string) => text.normalize('NFD'),
      (text: string) => text.replaceAll(', ', ' ,'),
      (text: string) => text.replaceAll(', ', '\n'),
      (text: string) => `  ${text}. `,
    ];
    fc.assert(
      fc.property(homes, ways, fc.constantFrom(...disguises), (home, way, disguise) => {
        const text = write(home, way);
        expect(value(disguise(text))).toBe(value(text));
      }),
    );
  });

  it('flats of one house share their building, houses do not', () => {
    fc.assert(
      fc.property(homes, ways, fc.integer({ min: 61, max: 99 }), (home, way, other) => {
        const one = value(write(home, way)) as string;
        expect(building(value(write({ ...home, unit: other }, way)) as string)).toBe(building(one));
        expect(building(value(write({ ...home, number: home.number + 300 }, way)) as string)).not.toBe(
          building(one),
        );
      }),
    );
  });
});

describe('a unit is never lost', () => {
  const written = (n: number) => [
    `Room ${n} Bed 2`,
    `Blk 5 #04-${n}`,
    `Door ${n}`,
    `${n}/F`,
    `Lvl 2 Unit ${n}`,
    `Tower ${n}, Apt 9`,
    `Unit ${n} of 9`,
    `Apt ${n}-C`,
    `apt. ${n} left`,
    `${n}`,
    `No. ${n}`,
    `Apt A${n}`,
    `Box ${n}`,
    `Cabin ${n}`,
    `${n}. Stock`,
    `${n} OG re`,
    `${n}e étage`,
    `Esc. ${n}, 3º B`,
    `bte ${n}`,
    `m. ${n}`,
    `lgh 1${n}0`,
    `Haus ${n}`,
  ];
  const streets: Record<string, readonly [string, string]> = {
    US: ['12 Birch St', 'Columbus, OH 43004'],
    GB: ['12 Birch Road', 'Leeds LS1 4AB'],
    AU: ['12 Birch St', 'Newtown NSW 2042'],
    CA: ['12 Birch Ave', 'Toronto, ON M5V 2T6'],
    IE: ['12 Birch Road', 'Dublin 4, D04 X2F5'],
    DE: ['Lindenweg 12', '04109 Leipzig'],
    AT: ['Feldgasse 12', '1080 Wien'],
    FR: ['12 rue du Moulin', '31000 Toulouse'],
    ES: ['Calle Mayor 12', '28013 Madrid'],
    IT: ['Via Roma 12', '20121 Milano'],
    PL: ['ul. Lipowa 12', '30-001 Kraków'],
    NL: ['Kerkstraat 12', '3511 AA Utrecht'],
    SE: ['Kungsgatan 12', '111 22 Stockholm'],
  };
  it.each(Object.entries(streets))('%s', (_, [street, town]) => {
    const lost = [
      (unit: string) => `${street}, ${unit}, ${town}`,
      (unit: string) => `${street} ${unit}, ${town}`,
      (unit: string) => `${unit}, ${street}, ${town}`,
    ].flatMap((write) =>
      written(4).flatMap((unit, i) => {
        const [one, other, plain] = [
          value(write(unit)),
          value(write(written(7)[i] as string)),
          value(`${street}, ${town}`),
        ];
        return one !== undefined && (one === other || one === plain) ? [`${write(unit)} → ${one}`] : [];
      }),
    );
    expect(lost).toEqual([]);
  });
});

describe('any text', () => {
  const words = fc.constantFrom(
    ...'12 4 12a 43004 ls1 4ab 1010 apt unit # / - , birch st street n c/o floor 3rd no box po rr og 2. top ul. straße calle º bis 1/2 columbus oh berlin leeds usa uk | é \n'.split(
      ' ',
    ),
  );
  it('what is canonical stays as it is; nothing throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 80 }),
          fc
            .array(fc.constantFrom('서울', '東京', 'ー', '12', 'Ⅻ', '３', 'ǅ', 'İ', 'ﬁ'), { maxLength: 8 })
            .map((list) => list.join(' ')),
          fc.array(words, { maxLength: 14 }).map((list) => list.join(' ')),
        ),
        (text) => {
          const once = value(text);
          if (once !== undefined) expect(value(once)).toBe(once);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('takes no longer for hostile text', () => {
    for (const text of [
      '1 '.repeat(150),
      'apt 1 '.repeat(50),
      '#'.repeat(300),
      '1-'.repeat(150),
      'a.'.repeat(150),
      '('.repeat(1000),
    ])
      expect(() => value(text)).not.toThrow();
  });
});

describe('building', () => {
  it('is not known of an address of which only words are', () => {
    const words = value('1-2-3 Example, Minato-ku, Tokyo 105-0011, Japan') as string;
    expect(words).toMatch(/^jp\|\|/);
    expect(building(words)).toBeUndefined();
  });
});
