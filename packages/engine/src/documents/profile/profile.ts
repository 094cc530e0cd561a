import type { ReadDocument } from '../types.js';
import { type Contacts, findContacts } from './contacts.js';
import { type Entry, findEntries } from './entries.js';
import { findHead, type Stated } from './head.js';
import { visibleLines } from './lines.js';
import { findSkillYears, type SkillYears } from './skills.js';

/** What a résumé says of a person: claims, in their own words. What is not certain is left out, so absence says nothing. */
export interface Profile extends Contacts {
  /** The person's name, as written. */
  name?: Stated;
  /** Where the person says they live: town with state, province or country, as written. */
  location?: Stated;
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
  const contacts = findContacts(document, options.homeCountry);
  return {
    ...findHead(document, lines, contacts),
    ...contacts,
    // Running heads would stand between an entry's lines.
    ...findEntries(lines.filter((line) => line.part !== 'header' && line.part !== 'footer')),
    skills: findSkillYears(lines),
  };
}
