import { citiesOf, cityNamed } from './cities.js';
import { makeHandset } from './devices.js';
import { employ, monday } from './employment.js';
import { drawGroup } from './groups.js';
import { drawName } from './names.js';
import type { Person } from './person.js';
import { DAY, HOUR } from './time.js';
import type { World } from './world.js';

export const companyDomain = 'larkspur.example.com';

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
    group: drawGroup(world.random('group', index)),
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
