import { hash } from './hash.js';
import type { IdentifierModule } from './identifier.js';

/** What marks a picture. */
export const imageHash: IdentifierModule = {
  kind: 'image_hash',
  about:
    'The digest of a picture in a document or profile, of its bytes or of what it shows. Never of a face.',

  /** Lower case. */
  canonical: hash,

  rarity: 'A photo of one’s own is in one’s own papers. Logos, badges and template pictures are everywhere.',
  traps: [
    'Logos of employers and schools, icons and lines of a template are in thousands of résumés.',
    'Certificates show the issuer’s picture to everyone who passed.',
    'Two simple pictures may look alike to a digest of what they show.',
  ],
};
