/**
 * Who may do what. Everything is denied that is not listed here; a person may have several roles, and has what any of
 * them gives. Permissions say what may be done at all; which case, and whose name, is decided besides (`access/`).
 */
export const roles = ['admin', 'analyst', 'recruiter', 'hr', 'it', 'counsel', 'auditor'] as const;
export type Role = (typeof roles)[number];

export const permissions = {
  /** What waits for the one who is signed in. */
  'today.view': ['admin', 'analyst', 'recruiter', 'hr', 'it', 'counsel', 'auditor'],
  /** Everybody on record, under pseudonyms, with band and reasons. */
  'people.view': ['analyst', 'hr', 'counsel'],
  'rings.view': ['analyst', 'hr', 'counsel'],
  /** To merge and split rings, to confirm and withdraw innocent reasons. */
  'rings.decide': ['analyst', 'hr'],
  'exposure.view': ['analyst', 'it', 'hr', 'counsel', 'auditor', 'admin'],
  /** People at stage applicant or offer, by name. */
  'applicants.view': ['recruiter', 'hr', 'analyst'],
  /** To check a résumé against everybody known. */
  'applicants.check': ['recruiter', 'hr', 'analyst'],
  'checks.view': ['recruiter', 'hr', 'it', 'analyst', 'counsel', 'auditor'],
  /** To record how a check went. */
  'checks.record': ['recruiter', 'hr', 'it', 'analyst'],
  /** To ask for checks, draw the spot checks, excuse from one. */
  'checks.plan': ['hr', 'analyst'],
  'vendors.view': ['hr', 'analyst', 'counsel', 'auditor'],
  'vendors.edit': ['hr', 'analyst'],
  'training.view': ['admin', 'analyst', 'recruiter', 'hr', 'it', 'counsel', 'auditor'],
  /** Who has done which training. */
  'training.overview': ['admin', 'hr', 'auditor'],
  'cases.open': ['analyst', 'hr', 'counsel'],
  /** To say yes to another's wish to open a case, where two are asked for. */
  'cases.approve': ['hr', 'counsel'],
  /** Cases one is a member of. */
  'cases.view': ['analyst', 'hr', 'it', 'counsel'],
  'cases.work': ['analyst', 'hr', 'it', 'counsel'],
  /** To take an adverse step or give a verdict, as the named decider of a case. */
  'cases.decide': ['hr', 'counsel'],
  /** To seal and take away the evidence of a case. */
  'cases.export': ['analyst', 'counsel'],
  'detections.view': ['analyst', 'counsel', 'auditor', 'admin'],
  /** To try drafts, to snooze, to give verdicts on findings. */
  'detections.edit': ['analyst'],
  'facts.view': ['analyst', 'it', 'auditor', 'admin', 'counsel'],
  'facts.edit': ['analyst'],
  'sources.view': ['admin', 'analyst', 'hr', 'it', 'auditor'],
  /** To hand in exports. */
  'sources.upload': ['admin', 'analyst', 'hr', 'it'],
  'fairness.view': ['hr', 'counsel', 'auditor'],
  /** To hand in groups people told of themselves; nobody reads single answers. */
  'fairness.groups': ['hr'],
  /** How long things are kept, and who asked for somebody to be removed. */
  'removals.view': ['admin', 'hr', 'counsel', 'auditor'],
  /** To ask that everything of a person is removed. */
  'removals.ask': ['admin', 'hr', 'counsel'],
  /** To agree to it, or to refuse. */
  'removals.agree': ['counsel'],
  'audit.view': ['auditor', 'counsel'],
  'settings.view': ['admin', 'auditor'],
  'settings.edit': ['admin'],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof permissions;

export function may(held: readonly Role[], permission: Permission): boolean {
  return permissions[permission].some((role) => held.includes(role));
}

/** Who is signed in. */
export interface User {
  id: string;
  name: string;
  email: string;
  roles: readonly Role[];
  /** Still has to set up a second factor: until then they have no roles here. */
  limited?: 'second-factor';
  /** Of a token for handing in: the connectors it may hand in for; empty means all. */
  sources?: readonly string[];
}
