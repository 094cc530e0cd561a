import { createHash } from 'node:crypto';
import { desc, sql } from 'drizzle-orm';
import type { Audit, AuditEntry } from '../model/services.js';
import { audit } from '../store/schema.js';

/** What stands before the first entry. */
export const beginning = '0'.repeat(64);

/** One line of the log, as it is hashed and exported. */
export interface AuditLine extends Required<AuditEntry> {
  number: number;
  time: string;
  before: string;
  hash: string;
}

/** JSON with keys in order of code point: the same bytes for the same content. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value && typeof value === 'object')
    return `{${Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`)
      .join(',')}}`;
  return JSON.stringify(value);
}

/** SHA-256, in hex, of the line without its hash, as canonical JSON. */
export function hashOf(line: Omit<AuditLine, 'hash'>): string {
  const { number, time, actor, action, subject, detail, before } = line;
  return createHash('sha256')
    .update(canonical({ number, time, actor, action, subject, detail, before }), 'utf8')
    .digest('hex');
}

export function makeAudit(now: () => Date): Audit {
  return {
    append: async (db, entry) => {
      // One at a time: each entry needs the hash of the one before. Released when the transaction ends.
      await db.execute(sql`SELECT pg_advisory_xact_lock(7274701)`);
      const [last] = await db
        .select({ number: audit.number, hash: audit.hash })
        .from(audit)
        .orderBy(desc(audit.number))
        .limit(1);
      const line = {
        number: (last?.number ?? 0) + 1,
        time: now().toISOString(),
        actor: entry.actor,
        action: entry.action,
        subject: entry.subject,
        detail: entry.detail ?? {},
        before: last?.hash ?? beginning,
      };
      await db.insert(audit).values({ ...line, hash: hashOf(line) });
    },
  };
}
