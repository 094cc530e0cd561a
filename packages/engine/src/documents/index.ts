/** Résumé files → text, claims and traces of the file. */
export type { Limits } from './limits.js';
export { defaultLimits } from './limits.js';
export { extractProfile, type Profile, type ProfileOptions } from './profile/profile.js';
export { readDocument } from './read-document.js';
export type * from './types.js';
export { type DocumentSource, type ReadOptions, readDocuments } from './worker/read-documents.js';
