/** How often batches could not be read, since the server started: after a few times the others do not wait for one. */
import { RollcallError } from '@rollcall/engine';

const most = 3;
/** Milliseconds after which it is tried again all the same: something else may have been wrong, or is mended. */
export const unreadRest = 6 * 3_600_000;

export class Tries {
  readonly #known = new Map<string, { count: number; at: Date; code: string }>();

  failed(folder: string, code: string, at: Date): void {
    this.#known.set(folder, { count: (this.#known.get(folder)?.count ?? 0) + 1, at, code });
  }

  done(folder: string): void {
    this.#known.delete(folder);
  }

  /** Why it is not tried now. */
  resting(folder: string, now: Date): string | undefined {
    const known = this.#known.get(folder);
    if (known === undefined || known.count < most) return undefined;
    const past = now.getTime() - known.at.getTime();
    return past >= 0 && past < unreadRest ? known.code : undefined;
  }
}

const elsewhere = new Set(['LAKE_LOCKED', 'LAKE_DAMAGED', 'POLICY_INVALID', 'CONTENT_INVALID']);

/** Whether an error may lie in what was read, and not in the machine, the lake or the settings. */
export function mayBeOfTheBatch(error: unknown): boolean {
  if (error instanceof RollcallError) return !elsewhere.has(error.code);
  if (!(error instanceof Error)) return true;
  // Disks that are full or broken, folders that may not be written.
  const { code } = error as NodeJS.ErrnoException;
  return !(typeof code === 'string' && /^E[A-Z]/.test(code)) && !error.message.startsWith('IO Error');
}
