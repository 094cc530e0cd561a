import type { Resources } from './database.js';

/**
 * What a column holds, which decides how two values are compared:
 * `word` names and other short wording · `text` long wording such as titles, compared as weighted sets of words ·
 * `date` · `code` numbers and references that are written, not measured · `number` quantities · `email` · `phone`.
 */
export type Kind = 'word' | 'text' | 'date' | 'code' | 'number' | 'email' | 'phone';
export const kinds: readonly Kind[] = ['word', 'text', 'date', 'code', 'number', 'email', 'phone'];

/** A record: what each of its columns says. */
export type Row = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Records in memory; a missing, null or empty value is "not known". */
export interface Table {
  /** For messages. */
  name: string;
  rows: readonly Row[];
}

/** A CSV file with a header line, or records in memory. */
export type Source = string | Table;

export interface MatchSettings extends Resources {
  /** The column that names each record. By default: the first that looks like an id and has a distinct value in every row. */
  id?: string;
  /** How to read a column, by its name, where the guess would be wrong; `ignore` leaves it out. */
  columns?: Readonly<Record<string, Kind | 'ignore'>>;
  /**
   * Records are taken for one person while the pairs between them are on the mean at least this probable. The default is
   * 0.5, more likely than not; where a wrong link does harm, ask for more.
   */
  threshold?: number;
  /** Pairs below this probability are not returned. */
  keep?: number;
  /**
   * For two sources: each record has at most one counterpart. `auto` decides by the links found: where at least nine in
   * ten linked records have one that is well ahead of the others, the others are taken for lookalikes. With `false`
   * counterparts are no rivals, neither in the result nor while learning.
   */
  oneToOne?: boolean | 'auto';
  /** Groups of first names that may stand for each other, such as `['william', 'bill', 'will']`. None are built in. */
  nicknames?: readonly (readonly string[])[];
  /** How many pairs to compare for each record, at most. More finds more and takes longer. */
  pairsPerRecord?: number;
}

export interface FullSettings extends MatchSettings {
  columns: Readonly<Record<string, Kind | 'ignore'>>;
  threshold: number;
  keep: number;
  oneToOne: boolean | 'auto';
  nicknames: readonly (readonly string[])[];
  pairsPerRecord: number;
}

/** Settings with what was left out filled in. Throws where a figure makes no sense. */
export function complete(settings: MatchSettings = {}): FullSettings {
  const full: FullSettings = {
    ...settings,
    columns: settings.columns ?? {},
    threshold: settings.threshold ?? 0.5,
    keep: settings.keep ?? Math.min(0.5, settings.threshold ?? 0.5),
    oneToOne: settings.oneToOne ?? 'auto',
    nicknames: settings.nicknames ?? [],
    pairsPerRecord: settings.pairsPerRecord ?? 200,
  };
  for (const name of ['threshold', 'keep'] as const) {
    if (!(full[name] > 0 && full[name] < 1)) {
      throw new Error(`${name} is ${full[name]}; a probability between 0 and 1 is needed`);
    }
  }
  if (full.keep > full.threshold) throw new Error('keep is above threshold: pairs that match would be lost');
  if (!(full.pairsPerRecord >= 1 && full.pairsPerRecord <= 10_000)) {
    throw new Error(`pairsPerRecord is ${full.pairsPerRecord}; 1 to 10000 is possible`);
  }
  return full;
}
