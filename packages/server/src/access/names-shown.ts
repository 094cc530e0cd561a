/**
 * Whose names an answer shows. Names come out at few places (`sight.called`, `sight.veil`), which note them here; the
 * router records them with the answer, whatever route it is of.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

const shown = new AsyncLocalStorage<Set<string>>();

/** Runs something, and tells whose names it gave: ids of people. */
export async function whileNoting<T>(
  run: () => Promise<T>,
): Promise<[answer: T, people: ReadonlySet<string>]> {
  const people = new Set<string>();
  return [await shown.run(people, run), people];
}

/** Somebody is called by name. Outside of a request nobody is told, and nothing is noted. */
export function noteName(person: string): void {
  shown.getStore()?.add(person);
}

/** Whether somebody is noted already; outside of a request there is nothing to note. */
export function isNoted(person: string): boolean {
  return shown.getStore()?.has(person) ?? true;
}

/** How long a name stays seen: a page that reads itself again is no second look. Milliseconds. */
const again = 10 * 60_000;
const most = 100_000;

/** What was recorded lately: who saw whose name. */
export class Lately {
  private readonly seen = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  /** Those of them whom this account has not been recorded to see for a while. */
  fresh(user: string, people: Iterable<string>): string[] {
    const now = this.now();
    return [...people].filter((person) => {
      const last = this.seen.get(`${user} ${person}`);
      return last === undefined || last > now || now - last >= again;
    });
  }

  recorded(user: string, people: readonly string[]): void {
    const now = this.now();
    if (this.seen.size + people.length > most) {
      for (const [key, last] of this.seen) if (last > now || now - last >= again) this.seen.delete(key);
      if (this.seen.size + people.length > most) this.seen.clear();
    }
    for (const person of people) this.seen.set(`${user} ${person}`, now);
  }
}
