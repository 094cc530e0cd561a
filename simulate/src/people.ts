import { type City, citiesOf, cityNamed } from './cities.js';
import { makeDevice, makeHandset } from './devices.js';
import { drawName, handleWords, plain } from './names.js';
import type { BankAccount, Person, Vendor } from './person.js';
import type { Random } from './random.js';
import { retyped } from './residences.js';
import { DAY, dayOf, HOUR, parseDay } from './time.js';
import type { World } from './world.js';

export const companyDomain = 'larkspur.example.com';
const mailProviders = [
  'mail.example.net',
  'inbox.example.org',
  'post.example.net',
  'letters.example.org',
  'mailbox.example.com',
];

const roles: readonly (readonly [string, number, readonly string[]])[] = [
  [
    'Engineering',
    42,
    [
      'Software Engineer',
      'Senior Software Engineer',
      'Backend Engineer',
      'Frontend Engineer',
      'Data Engineer',
      'DevOps Engineer',
      'Site Reliability Engineer',
      'Mobile Engineer',
      'QA Engineer',
      'Machine Learning Engineer',
      'Staff Software Engineer',
    ],
  ],
  ['Customer Support', 8, ['Support Engineer', 'Technical Support Specialist', 'Customer Support Lead']],
  ['Information Technology', 3, ['IT Technician', 'Systems Administrator', 'Helpdesk Analyst']],
  ['Sales', 12, ['Account Executive', 'Sales Development Representative', 'Solutions Consultant']],
  ['Marketing', 7, ['Content Strategist', 'Growth Marketer', 'Brand Designer']],
  ['Finance', 5, ['Accountant', 'Financial Analyst', 'Payroll Specialist']],
  ['People', 4, ['Recruiter', 'People Partner']],
  ['Design', 5, ['Product Designer', 'UX Researcher']],
  ['Product', 7, ['Product Manager', 'Technical Program Manager']],
  ['Operations', 7, ['Business Analyst', 'Operations Manager', 'Legal Counsel']],
];

/** Where staff live: mostly one country, the rest all over. */
const countries: readonly (readonly [string, number])[] = [
  ['US', 720],
  ['CA', 60],
  ['GB', 70],
  ['DE', 22],
  ['IE', 10],
  ['NL', 8],
  ['FR', 8],
  ['ES', 9],
  ['PT', 7],
  ['IT', 4],
  ['CH', 2],
  ['PL', 16],
  ['SE', 4],
  ['CZ', 4],
  ['RO', 5],
  ['UA', 7],
  ['TR', 4],
  ['IN', 34],
  ['PK', 4],
  ['PH', 12],
  ['VN', 3],
  ['TH', 2],
  ['MY', 2],
  ['ID', 3],
  ['SG', 4],
  ['CN', 4],
  ['HK', 2],
  ['TW', 3],
  ['JP', 5],
  ['KR', 5],
  ['AE', 2],
  ['IL', 4],
  ['EG', 2],
  ['NG', 6],
  ['KE', 4],
  ['ZA', 6],
  ['BR', 16],
  ['MX', 12],
  ['AR', 6],
  ['CO', 5],
  ['CL', 3],
  ['AU', 9],
  ['NZ', 3],
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

const repositoryWords = [
  'api',
  'web',
  'mobile',
  'billing',
  'ledger',
  'auth',
  'search',
  'ingest',
  'pipeline',
  'models',
  'reports',
  'alerts',
  'gateway',
  'scheduler',
  'catalog',
  'infra',
  'terraform',
  'charts',
  'console',
  'sdk',
  'docs',
  'design-system',
  'etl',
  'features',
  'warehouse',
  'mailer',
  'webhooks',
  'quota',
  'identity',
  'vault-sync',
];

/** All repositories of the company, `larkspur/billing-api` and the like. */
export const repositories: readonly string[] = repositoryWords.flatMap((word) =>
  ['core', 'service', 'tools', 'next', 'lib'].map((kind) => `larkspur/${word}-${kind}`),
);

/** Draws phone numbers, mailboxes, logins and bank accounts, each once. */
export class Identities {
  readonly #random: Random;
  readonly #numbers = new Map<string, number>();
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
    const n = this.#numbers.get(city.country) ?? 0;
    this.#numbers.set(city.country, n + 1);
    if (city.country === 'GB' && n < 1000) return `+447700900${String((n * 371) % 1000).padStart(3, '0')}`;
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

export function makeVendors(world: World): Vendor[] {
  const names = [
    'Brightwater Staffing',
    'Cobalt Talent Partners',
    'Fieldstone Contract Services',
    'Greyheron Consulting',
    'Halyard Resources',
    'Tidewater Technical',
  ];
  return names.map((name, i) => {
    const random = world.random('vendor', i);
    const city = random.pick(citiesOf('US'));
    const contact = drawName(random);
    const domain = `${plain(name.split(' ')[0] ?? name)}.example.org`;
    return {
      name,
      id: `SUP-${4100 + i * 7}`,
      contact: `${contact.given} ${contact.family}`,
      email: `${plain(contact.given)}@${domain}`,
      phone: world.identities.phone(city),
      website: `https://${domain}`,
      address: world.residences.address(city),
      founded: parseDay(`${random.int(2004, 2022)}-0${random.int(1, 9)}-1${random.int(0, 9)}`),
    };
  });
}

/** Everybody, before anything particular befalls them. */
export function makePeople(world: World): Person[] {
  const total = world.options.people;
  const applicants = Math.round(total * 0.13);
  const left = Math.round(total * 0.04);
  const pending = Math.max(1, Math.round(total * 0.01));
  const people: Person[] = [];
  for (let index = 0; index < total; index++) {
    const stage =
      index < applicants
        ? 'applicant'
        : index < applicants + left
          ? 'left'
          : index < applicants + left + pending
            ? 'onboarding'
            : 'employed';
    people.push(makePerson(world, index, stage));
  }
  const managers = new Map<string, Person[]>();
  for (const person of people) {
    if (person.stage !== 'employed' || person.engagement !== 'employee' || person.index % 8 !== 0) continue;
    managers.set(person.department, [...(managers.get(person.department) ?? []), person]);
  }
  for (const person of people) {
    const candidates = managers.get(person.department) ?? [...managers.values()].flat();
    if (candidates.length === 0) continue;
    const chosen = candidates[person.index % candidates.length];
    if (chosen && chosen !== person) person.manager = chosen;
  }
  return people;
}

function makePerson(world: World, index: number, stage: Person['stage']): Person {
  const random = world.random('person', index);
  const { asOf, identities, residences, networks } = world;
  const { given, family } = drawName(random);
  const [department, , titles] = random.weighted(roles.map((role) => [role, role[1]] as const));
  const engagement = random.weighted([
    ['employee', 85],
    ['contractor', 8],
    ['vendor', 7],
  ] as const);
  const office = random.chance(0.14) ? random.pick(networks.offices) : undefined;
  const arrangement = office ? (random.chance(0.75) ? 'Hybrid' : 'On-site') : 'Remote';
  const city = office
    ? cityNamed(office.city.name, office.city.country)
    : random.pick(citiesOf(random.weighted(countries)));
  const home = residences.in(city);
  const phone = identities.phone(city);
  const login = identities.login(given, family);
  const mobile = networks.mobile(city, random);
  const ats = world.asOf - 3 * 365 * DAY;

  let startedAt: number | undefined;
  let leftAt: number | undefined;
  let appliedAt: number | undefined;
  if (stage === 'employed') {
    const ago = random.chance(0.13) ? random.int(3, 125) : Math.round(120 + 2100 * random.unit() ** 1.5);
    startedAt = monday(asOf - ago * DAY);
  } else if (stage === 'left') {
    startedAt = monday(asOf - random.int(320, 1500) * DAY);
    leftAt = asOf - random.int(5, 260) * DAY;
  } else if (stage === 'onboarding') {
    startedAt = monday(asOf + random.int(8, 24) * DAY);
  }
  if (startedAt !== undefined) {
    const at = startedAt - random.int(38, 85) * DAY + random.int(7, 22) * HOUR + random.int(0, 3599) * 1000;
    if (at > ats) appliedAt = at;
  } else {
    appliedAt = asOf - random.int(2, 330) * DAY + random.int(6, 23) * HOUR + random.int(0, 3599) * 1000;
  }

  const person: Person = {
    index,
    duplicates: [],
    given,
    family,
    stage,
    engagement,
    title: random.pick(titles),
    department,
    engineer: department === 'Engineering',
    arrangement,
    home,
    login,
    workEmail: `${login}@${companyDomain}`,
    personalEmail: identities.mailbox(given, family),
    phone,
    ...(appliedAt === undefined ? {} : { appliedAt }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(leftAt === undefined ? {} : { leftAt }),
    applicationStatus: stage === 'applicant' ? (random.chance(0.3) ? 'active' : 'rejected') : 'hired',
    pay: [],
    changes: [],
    shipments: [],
    checks: [],
    handset: makeHandset(world.random('handset', index), phone, startedAt ?? asOf),
    mfa: random.chance(0.25) ? 'duo' : 'okta',
    enrols: 'on-first-day',
    habits: {
      start: random.around(9, 2.2),
      length: random.around(8.3, 1.5),
      mobile: mobile.slice(0, 3),
      phone: random.chance(0.55) ? random.between(0.05, 0.25) : 0,
      roams: false,
      ...(office
        ? { office: { office, share: arrangement === 'On-site' ? 0.85 : random.between(0.3, 0.6) } }
        : {}),
      corporateVpn: 0,
      onCall: 0,
    },
    stays: [],
    off: new Set(),
    lookalikes: new Set(),
    planted: [],
  };
  if (engagement === 'vendor') person.vendor = random.pick(world.vendors);
  if (stage === 'applicant') {
    person.engagement = 'employee';
    delete person.vendor;
    return person;
  }
  employ(world, person);
  return person;
}

/** Makes somebody a worker from a day on, as if hired then; whatever they had before is gone. */
export function hire(world: World, person: Person, startedAt: number, appliedAt: number): void {
  person.startedAt = startedAt;
  person.appliedAt = appliedAt;
  person.applicationStatus = 'hired';
  person.pay = [];
  person.changes = [];
  person.shipments = [];
  person.checks = [];
  person.handset = makeHandset(world.random('handset', person.index, startedAt), person.phone, startedAt);
  employ(world, person);
}

/** Has somebody live somewhere else, as if always. */
export function settle(world: World, person: Person, home: Person['home'], random: Random): void {
  person.home = home;
  person.habits.mobile = world.networks.mobile(home.address.city, random).slice(0, 3);
  for (const shipment of person.shipments)
    shipment.to = random.chance(0.35) ? retyped(home.address, random) : home.address;
}

/** What every worker gets: laptop, first pay election, document check, access to code. */
function employ(world: World, person: Person): void {
  const random = world.random('employ', person.index);
  const { asOf, from, identities } = world;
  const started = person.startedAt ?? asOf;
  person.device = makeDevice(world.random('device', person.index), person.login, started);
  if (person.engagement !== 'vendor') {
    const holder = `${person.given} ${person.family}`;
    const first = started - random.int(3, 10) * DAY + random.int(8, 20) * HOUR;
    person.pay.push({
      effective: dayOf(started),
      changed: Math.min(first, asOf),
      bank: identities.bank(holder),
      by: 'self',
    });
    const later = started + random.int(75, 900) * DAY;
    if (random.chance(0.15) && later < asOf && later < (person.leftAt ?? Number.POSITIVE_INFINITY)) {
      person.pay.push({
        effective: dayOf(later) + 5 * DAY,
        changed: later + 12 * HOUR,
        bank: identities.bank(holder),
        by: 'self',
      });
    }
  }
  if (started > asOf - 3 * 365 * DAY) ship(world, person, random, person.device.serial, started);
  if (random.chance(0.05)) {
    const at = from + random.int(1, Math.max(1, world.days - 10)) * DAY;
    if (at > started + 20 * DAY && at < (person.leftAt ?? asOf)) {
      person.shipments.push({
        item: random.pick(['27-inch monitor', 'Keyboard and mouse', 'Headset', 'Docking station']),
        serial: '',
        to: retyped(person.home.address, random),
        toName: `${person.given} ${person.family}`,
        shipped: at + 15 * HOUR,
        delivered: at + random.int(2, 5) * DAY + 20 * HOUR,
        status: 'Delivered',
      });
    }
  }
  if (started > parseDay('2025-01-01')) {
    const at = Math.min(started - random.int(4, 20) * DAY + 15 * HOUR, asOf - DAY);
    person.checks.push({
      check: 'document_verified',
      at,
      outcome: random.chance(0.98) ? 'passed' : 'accommodated',
      note: 'identity document and selfie, remote',
    });
    if (random.chance(0.6) && started < asOf) {
      person.checks.push({
        check: 'same_person',
        at: started + random.int(0, 3) * DAY + 16 * HOUR,
        outcome: 'passed',
        note: 'interviewers joined the first-day call',
      });
    }
  }
  if (random.chance(0.22) && person.stage === 'employed') {
    const at = asOf - random.int(2, 120) * DAY + 16 * HOUR;
    if (at > started + 10 * DAY) {
      const outcome = random.weighted([
        ['passed', 92],
        ['missed', 5],
        ['accommodated', 3],
      ] as const);
      person.checks.push({
        check: 'spot_check',
        at,
        outcome,
        note:
          outcome === 'passed'
            ? 'camera on, five minutes'
            : outcome === 'missed'
              ? 'no answer; out that day'
              : 'audio and manager present instead of camera',
      });
      if (outcome === 'missed')
        person.checks.push({
          check: 'spot_check',
          at: Math.min(at + 4 * DAY, asOf),
          outcome: 'passed',
          note: 'second attempt',
        });
    }
  }
  const onboarding = random.chance(0.4) ? random.int(1, 2) : 0;
  for (let i = 0; i < onboarding; i++) {
    const at = started - random.int(-12, 15) * DAY + random.int(9, 20) * HOUR;
    if (at > asOf || at < asOf - 730 * DAY) continue;
    person.changes.push(
      random.pick([
        {
          field: 'Emergency Contact',
          from: '',
          to: `${drawName(random).given} ${person.family}`,
          at,
          by: 'self' as const,
        },
        { field: 'Mobile Phone', from: '', to: person.phone, at, by: 'self' as const },
        { field: 'Pronouns', from: '', to: 'updated', at, by: 'self' as const },
      ]),
    );
  }
  if (person.engineer || person.title === 'Systems Administrator') {
    const code = world.random('code', person.index);
    person.codeHost = {
      login: identities.codeLogin(person.given, person.family),
      id: code.int(2_000_000, 190_000_000),
      hashedToken: `${code.token(43)}=`,
      tokenId: code.int(1_000_000_000, 1_999_999_999),
      repositories: code.sample(repositories, code.int(3, 7)),
    };
  }
  for (let block = random.int(0, 2); block > 0; block--) {
    const first = from + random.int(0, Math.max(0, world.days - 1)) * DAY;
    for (let i = random.int(0, 6); i >= 0; i--) person.off.add(first + i * DAY);
  }
}

/** The first laptop goes out about ten days before somebody starts. */
function ship(world: World, person: Person, random: Random, serial: string, started: number): void {
  const shipped = started - random.int(7, 12) * DAY + random.int(13, 22) * HOUR;
  if (shipped > world.asOf + DAY) return;
  const delivered = shipped + random.int(2, 4) * DAY - random.int(0, 5) * HOUR;
  person.shipments.push({
    item: person.device?.os === 'macos' ? 'Laptop, MacBook' : 'Laptop, Windows',
    serial,
    to: random.chance(0.35) ? retyped(person.home.address, random) : person.home.address,
    toName: `${person.given} ${person.family}`,
    shipped,
    ...(delivered <= world.asOf + DAY ? { delivered } : {}),
    status: delivered <= world.asOf + DAY ? 'Delivered' : 'In transit',
  });
}

/** People mostly start on a Monday. */
export function monday(time: number): number {
  const day = dayOf(time);
  return day - ((new Date(day).getUTCDay() + 6) % 7) * DAY;
}
