/** What only the simulation knows: who is who, and what was planted where. Written beside the exports, never among them. */
export type Label = 'honest' | 'ring';
export type Sophistication = 'careless' | 'ordinary' | 'careful';

/** Ids of the evidence catalogue. */
export type Behaviour =
  | 'AP-01'
  | 'AP-02'
  | 'AP-09'
  | 'AP-11'
  | 'AP-13'
  | 'ON-01'
  | 'ON-02'
  | 'ON-03'
  | 'ON-08'
  | 'ON-10'
  | 'ON-12'
  | 'ON-14'
  | 'SI-01'
  | 'SI-02'
  | 'SI-03'
  | 'SI-04'
  | 'SI-05'
  | 'SI-06'
  | 'SI-07'
  | 'SI-08'
  | 'SI-10'
  | 'EP-01'
  | 'EP-02'
  | 'EP-05'
  | 'EP-12'
  | 'CH-01'
  | 'CH-04'
  | 'SA-02'
  | 'TP-04'
  | 'WP-01';

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
export type Lookalike = (typeof lookalikes)[number];

export interface Truth {
  simulation: { people: number; seed: number; asOf: string; days: number; ringMembers: number };
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
  startedAt?: string;
  /** Of ring members: each behaviour, and the day the exports first show it. */
  planted?: { id: Behaviour; firstVisible: string }[];
}
