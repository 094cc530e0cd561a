import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Audit, AuditEntry } from '../model/services.js';
import { audit, auditHead } from '../store/schema.js';

/** What stands before the first entry. */
export const beginning = '0'.repeat(64);

/** One line of the log, as it is hashed and exported. */
export interface AuditLine extends Required<AuditEntry> {
  number: number;
  time: string;
  before: string;
  hash: string;
}

/** JSON with keys in order and no spaces: the same bytes for the same content. */
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
      const actor = clean(entry.actor);
      const action = clean(entry.action);
      const subject = clean(entry.subject);
      const time = now().toISOString();
      // As it will be read again: without what JSON and the database do not hold.
      const detail = cleaned(JSON.parse(JSON.stringify(entry.detail ?? {})));
      // The hash is made where the chain stands, in one statement: nobody comes between, and others wait only until this
      // transaction ends.
      const start = `{"action":${JSON.stringify(action)},"actor":${JSON.stringify(actor)},"before":"`;
      const middle = `","detail":${canonical(detail)},"number":`;
      const end = `,"subject":${JSON.stringify(subject)},"time":${JSON.stringify(time)}}`;
      await db.execute(sql`
        WITH next AS (
          UPDATE ${auditHead} SET
            number = number + 1,
            before = hash,
            hash = encode(sha256(convert_to(${start}::text || hash || ${middle}::text || (number + 1)::text || ${end}::text, 'UTF8')), 'hex')
          WHERE id = 1
          RETURNING number, before, hash
        )
        INSERT INTO ${audit} (number, time, actor, action, subject, detail, before, hash)
        SELECT number, ${time}::text, ${actor}::text, ${action}::text, ${subject}::text, ${JSON.stringify(detail)}::text::jsonb, before, hash FROM next`);
    },
  };
}

/** Text as the database takes it: no NUL, no half characters. */
function clean(text: string): string {
  return Buffer.from(text.replaceAll('\0', '\ufffd'), 'utf8').toString('utf8');
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [clean(key), cleaned(part)]));
  return value;
}
