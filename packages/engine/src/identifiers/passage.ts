import { clean, type IdentifierModule } from './identifier.js';

/** Wording that résumés share. */
export const passage: IdentifierModule = {
  kind: 'passage',
  about:
    'Wording that two résumés share and hardly any other has. The engine finds these; no connector gives them.',

  /** Lower case, one space between words. */
  canonical: (text) => clean(text).toLowerCase().replace(/\s+/g, ' ') || undefined,

  rarity: 'Long wording about one’s own work is one’s own. Stock phrases are everyone’s.',
  traps: [
    'Templates, job adverts and machine-written phrases stand in thousands of résumés.',
    'Colleagues describe one project in the words of the same internal paper.',
    'An agency writes the profiles of all its people.',
    'A victim whose résumé was copied has the same wording as the one who copied it.',
  ],
};
