import type { Group } from './groups.js';
import type { Scenario } from './scenario.js';

/** What only the simulation knows: who is who, and what was planted where. Written beside the exports, never among them. */
export type Label = 'honest' | 'ring';
export type Sophistication = 'careless' | 'ordinary' | 'careful';

/** An id of the evidence catalogue, such as `ON-08`. */
export type Behaviour =
  `${'AP' | 'IN' | 'VE' | 'ON' | 'SI' | 'EP' | 'NW' | 'CH' | 'SA' | 'CO' | 'WP' | 'TP' | 'OX'}-${number}`;

/** Honest reasons why a résumé is like another, or odd by itself. */
export const paperKinds = [
  'resume-coach',
  'former-colleagues',
  'machine-written',
  'borrowed-computer',
  'keyword-template',
] as const;
export type PaperKind = (typeof paperKinds)[number];

/** Honest circumstances that look like something else. */
export const lookalikes = [
  'couple',
  'room-mates',
  'coworking',
  'traveller',
  'business-trip',
  'consumer-vpn',
  'corporate-vpn',
  'relay',
  'carrier-nat',
  'satellite',
  'mover',
  'changed-name',
  'night-owl',
  'on-call',
  'support-tools',
  'one-remote-tool',
  'llc-contractor',
  'shared-firm',
  'family-phone',
  'agency-phone',
  'delivered-elsewhere',
  'pay-corrected',
  'profile-tidied',
  'onboarding-clones',
  'declined-check',
  'shared-machine',
  'helpdesk-phone',
  'similar-names',
  'duplicate-record',
  'recycled-address',
  'vpn-abroad',
  'personal-cloud',
  'opened-repository',
  'own-device',
  ...paperKinds,
] as const;
/** Those above, and those that areas name themselves: words and dashes. */
export type Lookalike = (typeof lookalikes)[number] | (string & {});

export interface Truth {
  simulation: {
    people: number;
    seed: number;
    asOf: string;
    days: number;
    ringMembers: number;
    scenario: Scenario;
  };
  people: TruthPerson[];
  rings: { id: string; members: string[] }[];
}

export interface TruthPerson {
  /** HR id where there is one, else candidate id. */
  id: string;
  candidateId?: string;
  /** This record and that one are one human being. */
  sameAs?: string;
  name: string;
  label: Label;
  ring?: string;
  sophistication?: Sophistication;
  stage: 'applicant' | 'onboarding' | 'employed' | 'left';
  engagement: 'employee' | 'contractor' | 'vendor';
  lookalikes: Lookalike[];
  /** Of honest people: how they live. Never in the exports. */
  group?: Group;
  startedAt?: string;
  /** Of ring members: each behaviour, and the day the exports first show it. */
  planted?: { id: Behaviour; firstVisible: string }[];
}
