import { clean, type IdentifierModule } from './identifier.js';

/** What marks copies of one original file. */
export const fileOrigin: IdentifierModule = {
  kind: 'file_origin',
  about:
    'An id that copies of one original keep: the XMP document id, the first half of a PDF’s file id, the root of a Word file’s editing sessions.',

  /** Lower case, without the name of the scheme (xmp.did:, uuid:) and without brackets. */
  canonical(text) {
    const value = clean(text)
      .toLowerCase()
      .replace(/[<>{}]/g, '')
      .replace(/^(?:\s*(?:xmp\.[di]id|urn|uuid|adobe:docid:[a-z]+):)+/, '')
      .trim();
    return value.length >= 8 && !/^([^a-z0-9]*(.))(?:[^a-z0-9]*\2)*$/.test(value) ? value : undefined;
  },

  rarity: 'Files that grew out of one original: one author’s, or those of all who started from one template.',
  traps: [
    'Everyone who began with the same template keeps its ids; two résumés from one popular template share them.',
    'Résumé sites may stamp one id into all files they make.',
    'The root of Word’s sessions is 32 bits long, and copies of a document keep it whoever writes on.',
    'A friend’s or an agency’s résumé used as a pattern leaves its id behind.',
  ],
};
