import type { ReadDocument } from '../types.js';
import { type Contacts, findContacts } from './contacts.js';
import { type Entry, findEntries } from './entries.js';
import { visibleLines } from './lines.js';
import { findSkillYears, type SkillYears } from './skills.js';

/** What a résumé says of a person: claims, in their own words. What is not certain is left out, so absence says nothing. */
export interface Profile extends Contacts {
  employment: Entry[];
  education: Entry[];
  skills: SkillYears[];
}

export interface ProfileOptions {
  /** ISO 3166-1 alpha-2: how a phone number without a country code is read. */
  homeCountry: string;
}

/**
 * Reads contacts and claims from the visible text of a document.
 *
 * @example
 * extractProfile(document, { homeCountry: 'US' }).phones[0]?.value; // '+16145550101'
 */
export function extractProfile(document: ReadDocument, options: ProfileOptions): Profile {
  const lines = visibleLines(document);
  return {
    ...findContacts(document, options.homeCountry),
    // Running heads would stand between an entry's lines.
    ...findEntries(lines.filter((line) => line.part !== 'header' && line.part !== 'footer')),
    skills: findSkillYears(lines),
  };
}
