import type { IdentifierKind } from '../model/vocabulary.js';
import type { IdentifierContext } from './context.js';

/** What is known of one kind of identifier. Each kind is a file of its own that holds one of these. */
export interface IdentifierModule {
  kind: IdentifierKind;
  /** What it is, in a sentence. */
  about: string;
  /**
   * One form for all spellings of a value, or undefined where it identifies nobody (empty, a placeholder, a mask). What
   * is canonical stays as it is. Placeholders among the facts are taken out after it (index.ts).
   */
  canonical(text: string, context: IdentifierContext): string | undefined;
  /** Why honest people seldom, or often, share one. How often stands in `content/facts/identifier-sharing.csv`. */
  rarity: string;
  /** How a shared value misleads, as plain sentences for people to read. */
  traps: readonly string[];
}

/** Text as every kind begins with it: one Unicode form, no space around it. */
export function clean(text: string): string {
  return text.normalize('NFKC').trim();
}

/** Whether part of a value was hidden before it came here: `****1234` is what thousands share. */
export function masked(text: string): boolean {
  return /[*•●…]|[x#]{3}/i.test(text);
}
