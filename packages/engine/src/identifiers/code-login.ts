import { clean, type IdentifierModule } from './identifier.js';

/** A name on a code host. */
export const codeLogin: IdentifierModule = {
  kind: 'code_login',
  about: 'The name someone goes by on a code host.',

  /** Lower case, without an at sign before it and without the address of the site. A full address keeps its site. */
  canonical(text) {
    const value = clean(text)
      .toLowerCase()
      .replace(/[?#][\s\S]*$/, '')
      .replace(/^(?:https?:\/\/|www\.|[@\s])+/, '')
      .replace(/[/\s]+$/, '');
    return /^\S+$/.test(value) ? value : undefined;
  },

  rarity: 'One account, one user. Names are given out again after a rename.',
  traps: [
    'Automata and shared release accounts push for whole teams.',
    'The same name on two code hosts may be two people.',
    'A name that was given up can be taken by a stranger.',
  ],
};
