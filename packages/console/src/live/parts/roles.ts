import type { Role } from '@rollcall/server/model/roles.js';

/** In the order in which they are offered. */
export const roleWords: Readonly<Record<Role, string>> = {
  admin: 'administrator',
  analyst: 'analyst',
  recruiter: 'recruiter',
  hr: 'HR',
  it: 'IT',
  counsel: 'counsel',
  auditor: 'auditor',
};

export const roleAbout: Readonly<Record<Role, string>> = {
  admin: 'lets others in, changes settings; sees no person and no case',
  analyst: 'looks into what was found, opens cases, tries detections',
  recruiter: 'applicants, résumés and the checks before an offer',
  hr: 'checks, vendors, innocent reasons, decisions',
  it: 'exports, laptops, exposure, containment',
  counsel: 'cases, decisions, sealed evidence, the audit log',
  auditor: 'the audit log and rates, no names',
};

export const roleList = Object.keys(roleWords) as Role[];

/** A role as a reader sees it; a word nobody knows stays as it came. */
export function roleWord(role: string): string {
  return (roleWords as Readonly<Record<string, string>>)[role] ?? role;
}

/** `HR, IT or analyst`. */
export function rolesSaid(roles: readonly string[], last = 'or'): string {
  const words = roles.map(roleWord);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
