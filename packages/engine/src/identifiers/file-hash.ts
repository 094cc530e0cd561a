import { hash } from './hash.js';
import type { IdentifierModule } from './identifier.js';

/** What marks a file, byte for byte. */
export const fileHash: IdentifierModule = {
  kind: 'file_hash',
  about: 'The digest of a file someone handed in.',

  /** Lower case. */
  canonical: hash,

  rarity: 'Two people do not hand in the same file, but for forms and public papers.',
  traps: [
    'The same person applies twice, under two records.',
    'An empty form, a job advert or a public certificate is handed in by many.',
    'An agency attaches one profile of itself to all its candidates.',
  ],
};
