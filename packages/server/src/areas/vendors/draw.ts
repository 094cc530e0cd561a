/** Who of a firm's people is drawn for an audit: by chance, so that an auditor can redo it and nobody can choose. */
import { createHash } from 'node:crypto';

/** A tenth, and at least five. */
export function sampleSize(workers: number): number {
  return Math.min(workers, Math.max(5, Math.ceil(workers / 10)));
}

/** Those with the smallest SHA-256 of `SEED:HANDLE`, sorted by it. */
export function draw(handles: readonly string[], seed: string, size: number): string[] {
  return handles
    .map((handle) => ({ handle, at: createHash('sha256').update(`${seed}:${handle}`).digest('hex') }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .slice(0, size)
    .map(({ handle }) => handle);
}

/** The half-year of a day: `2026-H1`. */
export function halfYear(day: Date): string {
  return `${day.getUTCFullYear()}-H${day.getUTCMonth() < 6 ? 1 : 2}`;
}
