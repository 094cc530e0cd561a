import type { City } from './cities.js';
import type { Device, Handset } from './devices.js';
import type { Group } from './groups.js';
import type { Network, Office } from './networks.js';
import type { Address, Residence } from './residences.js';
import type { Behaviour, Lookalike, PaperKind, Sophistication } from './truth.js';

export interface Vendor {
  name: string;
  id: string;
  contact: string;
  email: string;
  phone: string;
  website: string;
  address: Address;
  founded: number;
}

export interface BankAccount {
  routing: string;
  account: string;
  holder: string;
  bank: string;
}

export interface PayElection {
  effective: number;
  changed: number;
  bank: BankAccount;
  by: 'self' | 'payroll';
}

export interface ProfileChange {
  field: string;
  from: string;
  to: string;
  at: number;
  by: 'self' | 'people operations';
}

export interface Shipment {
  item: string;
  serial: string;
  to: Address;
  toName: string;
  shipped: number;
  delivered?: number;
  status: 'Delivered' | 'Redirected' | 'In transit' | 'Returned';
  redirectedTo?: Address;
}

export interface Check {
  check: 'document_verified' | 'spot_check' | 'same_person' | 'reference_call';
  at: number;
  outcome: 'passed' | 'failed' | 'declined' | 'missed' | 'accommodated';
  note: string;
}

/** Days spent elsewhere. On the way nobody signs in. */
export interface Stay {
  /** First and last day there. */
  from: number;
  to: number;
  network: Network;
  /** Nothing before this moment, and nothing at home after `leave`. */
  leave: number;
  arrive: number;
  /** When they start back and are home again. */
  depart: number;
  home: number;
  /** Share of sign-ins through the company's own VPN. */
  corporateVpn: number;
  /** Share of sign-ins through somebody else's. */
  vpn?: { exits: Network[]; share: number };
  /** The phone keeps coming out of its home carrier's gateways. */
  roaming: boolean;
}

export interface Habits {
  /** Local hour the working day begins. */
  start: number;
  /** Working day's length in hours. */
  length: number;
  mobile: Network[];
  /** Share of days with a sign-in on the phone. */
  phone: number;
  /** The phone's address changes among all gateways, not the nearest few. */
  roams: boolean;
  vpn?: { exits: Network[]; share: number };
  relay?: { exits: Network[]; share: number };
  /** Another place they work from on some days, with its network. */
  elsewhere?: { network: Network; share: number };
  office?: { office: Office; share: number };
  corporateVpn: number;
  /** The home connection comes out of one of these, a day at a time. */
  homePool?: Network[];
  /** Where the second factor is answered, when that is not where they sit. */
  mfaFrom?: Network;
  /** Share of weekends and nights with a page to answer. */
  onCall: number;
  /** Signs in on a shared machine now and then. */
  sharedMachine?: { device: Device; network: Network; share: number };
}

export interface CodeHost {
  login: string;
  id: number;
  hashedToken: string;
  tokenId: number;
  /** Repositories they work in. */
  repositories: string[];
}

export interface Planted {
  id: Behaviour;
  /** When the exports first show it. */
  at: number;
}

/** One human being as the company's systems know them, and what only the simulation knows. */
export interface Person {
  index: number;
  hrId?: string;
  candidateId?: string;
  /** Further records of the same human being. */
  duplicates: Duplicate[];

  given: string;
  family: string;
  preferred?: string;
  /** Family name until `at`, and the work address until then where that changed too. */
  renamed?: { from: string; at: number; email?: string };

  stage: 'applicant' | 'onboarding' | 'employed' | 'left';
  engagement: 'employee' | 'contractor' | 'vendor';
  vendor?: Vendor;
  /** Name of the firm a contractor bills through. */
  firm?: string;
  title: string;
  department: string;
  engineer: boolean;
  manager?: Person;
  arrangement: 'Remote' | 'Hybrid' | 'On-site';

  /** Where they say they live. */
  home: Residence;
  /** Where they lived before, until `at`. */
  moved?: { from: Residence; at: number };
  /** Where the connection to work really comes from, where that is not home. */
  base?: Residence;
  /** Later address of the home connection, after the provider renumbered it. */
  renumbered?: { network: Network; at: number };

  login: string;
  workEmail: string;
  personalEmail: string;
  phone: string;

  appliedAt?: number;
  startedAt?: number;
  leftAt?: number;
  applicationStatus: 'hired' | 'active' | 'rejected';

  pay: PayElection[];
  changes: ProfileChange[];
  shipments: Shipment[];
  checks: Check[];

  device?: Device;
  /** An own machine, outside the company's management. */
  ownDevice?: Device;
  handset: Handset;
  mfa: 'okta' | 'duo';
  /** Whether the second factor's first day is written with the other days, or planned apart. */
  enrols: 'on-first-day' | 'planned';
  codeHost?: CodeHost;
  habits: Habits;
  stays: Stay[];
  /** Days off. */
  off: Set<number>;

  /** What their résumé has in common with others', and why that is honest. */
  paper?: { kind: PaperKind; group: string; author?: string };
  ring?: { id: string; sophistication: Sophistication };
  lookalikes: Set<Lookalike>;
  /** How they live; it only makes some circumstances likelier. */
  group: Group;
  planted: Planted[];
}

export interface Duplicate {
  kind: 'candidate' | 'worker';
  id?: string;
  given: string;
  family: string;
  appliedAt?: number;
  startedAt?: number;
  leftAt?: number;
}

/** The work address on a day. */
export function emailOn(person: Person, time: number): string {
  return person.renamed?.email && time < person.renamed.at ? person.renamed.email : person.workEmail;
}

export function displayName(person: Person): string {
  return `${person.preferred ?? person.given} ${person.family}`;
}

/** The place somebody says they live in on a day. */
export function homeOn(person: Person, time: number): Residence {
  return person.moved && time < person.moved.at ? person.moved.from : person.home;
}

export function cityOf(person: Person): City {
  return person.home.address.city;
}

/** Whether somebody has access to anything on a day. */
export function worksOn(person: Person, day: number): boolean {
  return (
    person.startedAt !== undefined &&
    person.startedAt <= day &&
    (person.leftAt === undefined || day < person.leftAt) &&
    person.stage !== 'applicant'
  );
}
