import { type City, citiesOf } from './cities.js';
import { handleWords, plain } from './names.js';
import type { BankAccount } from './person.js';
import type { Random } from './random.js';

const mailProviders = [
  'mail.example.net',
  'inbox.example.org',
  'post.example.net',
  'letters.example.org',
  'mailbox.example.com',
];

const banks: readonly (readonly [string, string])[] = [
  ['Cottonwood Federal Credit Union', '999900017'],
  ['First Prairie Bank', '999900025'],
  ['Harbor & Main', '999900033'],
  ['Blue Mesa Savings', '999900041'],
  ['Juniper Trust', '999900059'],
  ['Northgate National', '999900067'],
  ['Old Mill Bank', '999900075'],
  ['Sandpiper Community Bank', '999900083'],
  ['Lakeline Bank', '999900091'],
  ['Meridian Pay', '999900105'],
  ['Quarry Street Bank', '999900113'],
];

/** Draws phone numbers, mailboxes, logins and bank accounts, each once. */
export class Identities {
  readonly #random: Random;
  readonly #numbers = new Map<string, number>();
  #abroad = 0;
  #british = 0;
  readonly #mailboxes = new Set<string>();
  readonly #logins = new Map<string, number>();
  readonly #codeLogins = new Set<string>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A phone number of a place, in international form, from the ranges kept free for fiction. */
  phone(city: City): string {
    if (city.country === 'US' || city.country === 'CA') {
      for (let tries = 0; tries < 400; tries++) {
        const area = this.#random.pick(
          tries < 6 ? city.areaCodes : this.#random.pick(citiesOf('US')).areaCodes,
        );
        const used = this.#numbers.get(area) ?? 0;
        if (used >= 100) continue;
        this.#numbers.set(area, used + 1);
        // 37 is coprime with 100: every number comes once, and neighbours in the list are not neighbours in number.
        return `+1${area}55501${String((used * 37 + Number(area)) % 100).padStart(2, '0')}`;
      }
    }
    // One count for all the world, so that numbers differ even where a country code is lost.
    const n = this.#abroad++;
    if (city.country === 'GB' && this.#british < 1000)
      return `+447700900${String((this.#british++ * 371) % 1000).padStart(3, '0')}`;
    return `+${callingCodes[city.country] ?? '1900'}55501${String((n * 7919) % 100000).padStart(5, '0')}`;
  }

  login(given: string, family: string): string {
    const base = `${plain(given)}.${plain(family)}`;
    const n = (this.#logins.get(base) ?? 0) + 1;
    this.#logins.set(base, n);
    return n === 1 ? base : `${base}${n}`;
  }

  mailbox(given: string, family: string): string {
    const random = this.#random;
    const stem = random.weighted([
      [`${plain(given)}.${plain(family)}`, 45],
      [`${plain(given)}${plain(family)}`, 25],
      [`${plain(given)[0]}${plain(family)}`, 12],
      [`${random.pick(handleWords)}${random.pick(['', '.'])}${random.pick(handleWords)}`, 10],
      [`${plain(family)}.${plain(given)}`, 8],
    ]);
    return this.mailboxOf(stem, random.chance(0.45));
  }

  /** A mailbox with a given stem, told apart from others by digits at its end. */
  mailboxOf(stem: string, plainFirst = false): string {
    for (let tries = 0; ; tries++) {
      const address = `${stem}${plainFirst && tries === 0 ? '' : this.#random.int(1, 9 * 10 ** Math.min(4, 1 + Math.floor(tries / 3)))}@${this.#random.pick(mailProviders)}`;
      if (this.#mailboxes.has(address)) continue;
      this.#mailboxes.add(address);
      return address;
    }
  }

  codeLogin(given: string, family: string): string {
    const random = this.#random;
    for (;;) {
      const login = random.weighted([
        [`${plain(given)}${plain(family)}${random.chance(0.4) ? random.int(1, 99) : ''}`, 5],
        [`${plain(given)[0]}${plain(family)}${random.chance(0.5) ? random.int(1, 99) : ''}`, 3],
        [
          `${random.pick(handleWords)}-${random.pick(handleWords)}${random.chance(0.3) ? random.int(1, 99) : ''}`,
          4,
        ],
        [`${plain(given)}-${random.pick(handleWords)}`, 2],
      ]);
      if (this.#codeLogins.has(login)) continue;
      this.#codeLogins.add(login);
      return login;
    }
  }

  bank(holder: string): BankAccount {
    const [bank, routing] = this.#random.pick(banks);
    return { bank, routing, account: this.#random.digits(10), holder };
  }
}

const callingCodes: Record<string, string> = {
  GB: '44',
  IE: '353',
  DE: '49',
  NL: '31',
  FR: '33',
  ES: '34',
  PT: '351',
  IT: '39',
  CH: '41',
  PL: '48',
  SE: '46',
  CZ: '420',
  RO: '40',
  UA: '380',
  TR: '90',
  IN: '91',
  PK: '92',
  PH: '63',
  VN: '84',
  TH: '66',
  MY: '60',
  ID: '62',
  SG: '65',
  CN: '86',
  HK: '852',
  TW: '886',
  JP: '81',
  KR: '82',
  LA: '856',
  RU: '7',
  AE: '971',
  IL: '972',
  EG: '20',
  NG: '234',
  KE: '254',
  ZA: '27',
  BR: '55',
  MX: '52',
  AR: '54',
  CO: '57',
  CL: '56',
  AU: '61',
  NZ: '64',
};
