import { makeDevice, makeHandset } from './devices.js';
import { drawName } from './names.js';
import type { Person } from './person.js';
import type { Random } from './random.js';
import { repositories } from './repositories.js';
import { retyped } from './residences.js';
import { DAY, dayOf, HOUR, parseDay } from './time.js';
import type { World } from './world.js';

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
export function employ(world: World, person: Person): void {
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
