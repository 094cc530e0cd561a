export { PassageError, type PassageErrorCode } from './errors.js';
export {
  type CheckResult,
  type DocumentMatch,
  type KnownPassage,
  PassageIndex,
  type PassageIndexOptions,
} from './passage-index.js';
export { type Found, Postings, type PostingsOptions } from './postings/postings.js';
export {
  findSharedPassages,
  type PassageDocument,
  type SharedPassage,
  type SharedPassagesOptions,
  type SharedPassagesResult,
  sharedPassages,
} from './shared-passages.js';
export { textKey } from './words/features.js';
export { readWords, type Words } from './words/read-words.js';
