/** Résumé files → text, claims and traces of the file. */
export type { Limits } from './limits.js';
export { defaultLimits } from './limits.js';
export { bitsApart, samePicture } from './pictures/perceptual.js';
export type { Contacts, Found, Handle, Phone } from './profile/contacts.js';
export type { DateRange, PartialDate } from './profile/dates.js';
export type { Entry } from './profile/entries.js';
export type { Stated } from './profile/head.js';
export { extractProfile, type Profile, type ProfileOptions } from './profile/profile.js';
export type { SkillYears } from './profile/skills.js';
export { readDocument } from './read-document.js';
export type * from './types.js';
export { type DocumentSource, type ReadOptions, readDocuments } from './worker/read-documents.js';
