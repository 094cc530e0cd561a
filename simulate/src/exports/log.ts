import type { Happening } from '../happenings.js';

/** A log that grows day by day and takes from all that happens what it would have recorded. */
export interface Log {
  take(happening: Happening): void;
  /** After the last happening of a day. */
  endDay?(day: number): void;
  drain(): Promise<void>;
  close(): Promise<void>;
}
