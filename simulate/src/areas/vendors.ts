import { join } from 'node:path';
import { citiesOf } from '../cities.js';
import { type Maker, pair, single } from '../lookalikes/maker.js';
import { drawName, plain } from '../names.js';
import type { Person, Vendor } from '../person.js';
import { plant } from '../rings/planted.js';
import { DAY, date, dayOf } from '../time.js';
import type { Sophistication } from '../truth.js';
import type { World } from '../world.js';
import type { Area } from './area.js';
import { type CheckRow, Kept, peopleOperations, turns, writeCheckRows, writeTable } from './records.js';

const checks = new Kept<CheckRow>();
/** What purchasing has on record of some firms, beside what follows from the firm itself. */
const terms = new Kept<{ vendor: Vendor; payee?: string; screening?: string; contract?: number }>();

/**
 * Not quite half of all workers of firms were asked about; of those of rings the firm had nothing to show for half where
 * it never looked, and seldom where somebody had prepared papers. Another person than the one submitted is told of often,
 * and seen seldom.
 */
const shares = {
  evidence: { careless: 0.22, ordinary: 0.18, careful: 0.09 },
  another: { careless: 0.12, ordinary: 0.1, careful: 0.04 },
} as const satisfies Record<string, Record<Sophistication, number>>;

function rings(world: World): void {
  const evidence = turns(world, 'vendor-evidence');
  const another = turns(world, 'vendor-another-person');
  let firms = 0;
  for (const { id, members } of world.rings) {
    const supplied = members.filter((one) => one.engagement === 'vendor' && one.vendor);
    if (supplied.length === 0) continue;
    const random = world.random('vendor-ring', id);
    // A third of such firms were set up for it, as in the charged cases; the rest are firms that were deceived.
    const number = firms++;
    if (number % 3 === 0) {
      const first = Math.min(...supplied.map((one) => one.startedAt as number));
      const vendor = youngFirm(world, number, first - random.int(90, 300) * DAY);
      for (const person of supplied) {
        person.vendor = vendor;
        plant(world, person, 'TP-02', person.startedAt as number);
      }
      // Its invoices go to whoever set it up; one in two such firms was on a list by the time anybody looked.
      const contract = first - 20 * DAY;
      const listed = number % 2 === 0;
      const payee = drawName(random);
      terms.of(world).push({
        vendor,
        contract,
        payee: `${payee.given} ${payee.family}`,
        ...(listed ? { screening: 'Match by registration number' } : {}),
      });
      for (const person of supplied) {
        plant(world, person, 'TP-06', contract);
        if (listed) plant(world, person, 'TP-03', screenedAt(world));
      }
    }
    for (const person of supplied) {
      const how = person.ring?.sophistication as Sophistication;
      const started = person.startedAt as number;
      if (evidence(shares.evidence[how])) {
        const at = Math.min(started + random.int(3, 12) * DAY, world.asOf - 9 * DAY);
        const none = random.chance(0.5);
        note(
          world,
          person,
          'vendor_evidence',
          at,
          none ? 'failed' : 'pending',
          none ? 'has no copy of a document' : 'asked for, no answer',
        );
        plant(world, person, 'TP-01', none ? at : at + 7 * DAY);
      }
      if (person.stage === 'employed' && started < world.asOf - 20 * DAY && another(shares.another[how])) {
        const at = started + random.int(4, 15) * DAY;
        person.checks = person.checks.filter((one) => one.check !== 'same_person');
        note(world, person, 'same_person', at, 'failed', 'two who met the candidate say it is another');
        plant(world, person, 'TP-05', at);
      }
    }
  }
}

const firmNames = [
  'Quillon Talent',
  'Ashgrove Contract Partners',
  'Larchmont Resourcing',
  'Penhallow Technical',
  'Selwyn Staffing',
];

function youngFirm(world: World, number: number, founded: number): Vendor {
  const random = world.random('young-firm', number);
  const name = firmNames[number % firmNames.length] ?? 'Quillon Talent';
  const known = world.vendors.find((one) => one.name === name);
  if (known) return known;
  const city = random.pick(citiesOf('US'));
  const contact = drawName(random);
  const domain = `${plain(name.split(' ')[0] ?? name)}.example.org`;
  const vendor: Vendor = {
    name,
    id: `SUP-${5200 + number * 7}`,
    contact: `${contact.given} ${contact.family}`,
    email: `${plain(contact.given)}@${domain}`,
    phone: world.identities.phone(city),
    website: `https://${domain}`,
    address: world.residences.address(city),
    founded: dayOf(founded),
  };
  world.vendors.push(vendor);
  return vendor;
}

const screenedAt = (world: World) => world.asOf - 30 * DAY;

function note(world: World, person: Person, check: string, at: number, outcome: string, words: string): void {
  const by =
    check === 'same_person'
      ? (person.manager?.workEmail ?? peopleOperations)
      : 'purchasing@larkspur.example.com';
  checks.of(world).push({ person, check, at, outcome, by, note: words });
}

const supplied = (person: Person) =>
  person.stage === 'employed' && person.engagement === 'vendor' && person.vendor !== undefined;

const makers: readonly Maker[] = [
  // One in eight of those asked about: a firm whose papers are elsewhere, or that is slow.
  single('slow-firm', 0.003, supplied, (world, person, random) => {
    const at = world.asOf - random.int(12, 200) * DAY;
    const none = random.chance(0.4);
    note(
      world,
      person,
      'vendor_evidence',
      at,
      none ? 'failed' : 'pending',
      none ? 'papers are with a partner firm' : 'asked for, no answer',
    );
  }),
  // Firms begin, with the people of their founders.
  pair(
    'young-firm',
    0.001,
    (person, world) => supplied(person) && (person.startedAt ?? 0) > world.asOf - 500 * DAY,
    (world, one, other, random) => {
      const first = Math.min(one.startedAt as number, other.startedAt as number);
      const vendor = youngFirm(world, 4, first - random.int(120, 320) * DAY);
      one.vendor = vendor;
      other.vendor = vendor;
    },
  ),
];

function everybody(world: World): void {
  const known = new Set(checks.of(world).map((one) => one.person));
  for (const person of world.people) {
    if (!supplied(person)) continue;
    const random = world.random('vendor-evidence', person.index);
    const asked = random.chance(0.45);
    const at = Math.max(world.asOf - random.int(10, 330) * DAY, (person.startedAt as number) + 2 * DAY);
    if (!asked || known.has(person) || at > world.asOf) continue;
    const agreed = random.chance(0.04);
    note(
      world,
      person,
      'vendor_evidence',
      at,
      agreed ? 'accommodated' : 'passed',
      agreed ? 'verified by us instead' : 'document and contract seen',
    );
  }
}

async function write(world: World, folder: string): Promise<void> {
  await writeCheckRows(world, join(folder, 'people-ops', 'staffing-evidence.csv'), checks.of(world));
  await writeTable(
    join(folder, 'vendors', 'contracts.csv'),
    [
      'Vendor',
      'Contract Start',
      'Audit Date',
      'Workers Sampled',
      'Audit Outcome',
      'Audit Rights',
      'Payee',
      'Sanctions Screening',
      'Screening Date',
    ],
    world.vendors.map((vendor, i) => {
      const random = world.random('contract', vendor.id);
      const own = terms.of(world).find((one) => one.vendor === vendor);
      const starts = world.people
        .filter((one) => one.vendor === vendor && one.startedAt)
        .map((one) => one.startedAt as number);
      const contract = own?.contract ?? Math.max(vendor.founded, Math.min(world.asOf, ...starts) - 20 * DAY);
      // Most were asked within the half year, some never, and every sixth contract says nothing of it.
      const audited = random.weighted([
        [world.asOf - random.int(20, 150) * DAY, 6],
        [world.asOf - random.int(200, 400) * DAY, 2],
        [undefined, 2],
      ] as const);
      const done = audited !== undefined && audited > contract;
      return {
        at: i,
        cells: [
          vendor.name,
          date(contract),
          done ? date(audited) : '',
          done ? random.int(2, 5) : '',
          done ? (random.chance(0.85) ? 'Passed' : 'Could not produce evidence for one worker') : '',
          random.chance(0.83) ? 'yes' : 'none',
          // Some sell their invoices to a bank.
          own?.payee ?? (random.chance(0.12) ? 'Harborline Factoring' : `${vendor.name} LLC`),
          own?.screening ?? (random.chance(0.9) ? 'No match' : 'Possible match (name only)'),
          date(screenedAt(world)),
        ],
      };
    }),
  );
}

export const vendors: Area = { name: 'vendors', rings, makers, everybody, write };
