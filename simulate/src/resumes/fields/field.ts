/** A line of work: the words its résumés are made of. */
export interface Field {
  id: string;
  titles: string[];
  /** Verbs for making and changing things, as a dictionary has them. */
  verbs: string[];
  /** What is made or looked after: head of a noun phrase. */
  things: string[];
  tools: string[];
  /** How it was done, after the noun phrase. `{tool}`, `{other}` and `{n}` are filled in. */
  means: string[];
  /** What was wrong. */
  problems: string[];
  /** Why it was wrong, or what was found to cause it. */
  causes: string[];
  /** Measures that should fall. */
  lower: string[];
  /** Measures that should rise. */
  higher: string[];
  /** Duties everybody of this work has: a line of their own. */
  duties: string[];
  degrees: string[];
}

/** One entry a line. */
export function list(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Several entries a line, between bars. */
export function bars(text: string): string[] {
  return text
    .split(/[|\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
