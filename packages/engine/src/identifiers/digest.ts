import { createHash } from 'node:crypto';

/** A short, stable name for a set of values: the id of a ring, of an explanation. */
export function digest(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 10);
}
