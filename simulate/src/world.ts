import type { Happening } from './happenings.js';
import { Identities } from './identities.js';
import { Networks } from './networks.js';
import { makePeople } from './people.js';
import type { Person, Vendor } from './person.js';
import { Random } from './random.js';
import { Residences } from './residences.js';
import type { Scenario } from './scenario.js';
import { DAY, dayOf, parseDay } from './time.js';
import { makeVendors } from './vendors.js';

export interface Options {
  /** Everybody on record: workers, leavers, applicants. */
  people: number;
  seed: number;
  /** Folder to write into. */
  out: string;
  /** How many of them belong to rings; about 0.6 % unless given. */
  ringMembers?: number;
  /**
   * Circumstances that befall one in a thousand befall mostly nobody in a company of three hundred. Unless this is set each
   * befalls somebody, so that one can look for it; in a small company that makes the rare common.
   */
  asRareAsInLife?: boolean;
  /** The last day of the logs, 2026-09-30 unless given. */
  asOf?: string;
  /** Days of logs, 90 unless given. */
  days?: number;
  /** What kind of case its rings are; `mixed` unless given. */
  scenario?: Scenario;
}

/** First times the logs show somebody with an egress address, a router, a second factor. */
export interface Seen {
  egress: Map<string, number>;
  local: Map<string, number>;
  /** Second factors enrolled, and used. */
  enrolled: Map<string, number>;
  used: Map<string, number>;
  /** The second factor answered from another town than the laptop's. */
  elsewhere: Map<string, number>;
}

/** The company in memory, while it is being made. */
export class World {
  readonly options: Required<Options>;
  /** Midnight of the last day; that day is still in the logs. */
  readonly asOf: number;
  /** Midnight of the first day of the logs. */
  readonly from: number;
  readonly days: number;
  readonly networks: Networks;
  readonly residences: Residences;
  readonly identities: Identities;
  readonly vendors: Vendor[];
  readonly people: Person[];
  /** Things that happen on purpose, by day. */
  readonly planned = new Map<number, Happening[]>();
  readonly rings: { id: string; members: Person[] }[] = [];
  /** Kept of ring members only, for the dates in the truth. */
  readonly seen = new Map<Person, Seen>();

  constructor(options: Required<Options>) {
    this.options = options;
    this.asOf = parseDay(options.asOf);
    this.days = options.days;
    this.from = this.asOf - (options.days - 1) * DAY;
    this.networks = new Networks(this.random('networks'));
    this.residences = new Residences(this.random('residences'), this.networks);
    this.identities = new Identities(this.random('identities'));
    this.vendors = makeVendors(this);
    this.people = makePeople(this);
  }

  random(...key: (string | number)[]): Random {
    return new Random(this.options.seed, ...key);
  }

  /** Notes that a log line shows a ring member with something. */
  saw(person: Person, trace: keyof Seen, what: string, time: number): void {
    if (!person.ring) return;
    let seen = this.seen.get(person);
    if (!seen) {
      seen = {
        egress: new Map(),
        local: new Map(),
        enrolled: new Map(),
        used: new Map(),
        elsewhere: new Map(),
      };
      this.seen.set(person, seen);
    }
    const known = seen[trace].get(what);
    if (known === undefined || time < known) seen[trace].set(what, time);
  }

  /** Whether the logs reach this moment. */
  logged(time: number): boolean {
    return time >= this.from && time < this.asOf + DAY;
  }

  /** Has something happen, if the logs reach it. */
  plan(happening: Happening): void {
    if (!this.logged(happening.time)) return;
    const day = dayOf(happening.time);
    const list = this.planned.get(day);
    if (list) list.push(happening);
    else this.planned.set(day, [happening]);
  }
}
