/** Whether a chain of entries is whole: none missing, changed, put elsewhere or cut off. */
import { type AuditLine, beginning, canonical, hashOf } from './audit.js';

export interface Verified {
  entries: number;
  /** Times of the first and the last entry. */
  first?: string;
  last?: string;
  /** Hash of the last entry: whoever notes it can tell later whether something before it was changed. */
  head: string;
  /** Where it first goes wrong, and how. */
  broken?: { line: number; why: string };
}

/**
 * Reads a log as it is exported, line by line. `head`: a hash noted earlier, which must be that of one of the entries;
 * without it, nobody can tell whether entries were cut off at the end.
 */
export async function verify(
  lines: AsyncIterable<string> | Iterable<string>,
  head?: string,
): Promise<Verified> {
  const found: Verified = { entries: 0, head: beginning };
  let seen = head === undefined || head === beginning;
  const broken = (why: string): Verified => ({ ...found, broken: { line: found.entries + 1, why } });
  for await (const text of lines) {
    if (text === '') continue;
    const line = parse(text);
    if (!line) return broken('this is no entry of an audit log');
    if (line.number !== found.entries + 1)
      return broken(
        line.number > found.entries + 1
          ? `entry ${found.entries + 1} is missing: number ${line.number} stands here`
          : `number ${line.number} stands where ${found.entries + 1} belongs`,
      );
    if (line.before !== found.head) return broken('it does not follow the entry before it');
    if (hashOf(line) !== line.hash) return broken('it was changed: its content does not give its hash');
    // A line that says the same in other bytes would pass here and fail elsewhere.
    if (canonical(line) !== text) return broken('it is not written as an entry is written');
    found.entries++;
    found.first ??= line.time;
    found.last = line.time;
    found.head = line.hash;
    if (line.hash === head) seen = true;
  }
  if (!seen)
    return broken(
      'the noted hash is that of no entry: the log was cut off before it, or is another one altogether',
    );
  return found;
}

function parse(text: string): AuditLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!value || typeof value !== 'object') return undefined;
  const { number, time, actor, action, subject, detail, before, hash, ...more } = value as Partial<AuditLine>;
  const texts = [time, actor, action, subject, before, hash];
  return Object.keys(more).length === 0 &&
    texts.every((one) => typeof one === 'string') &&
    Number.isSafeInteger(number) &&
    detail &&
    typeof detail === 'object'
    ? (value as AuditLine)
    : undefined;
}
