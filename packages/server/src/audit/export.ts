/** The log as NDJSON, oldest first: each line is what was hashed, with its hash in it. */
import { and, asc, gt, lte } from 'drizzle-orm';
import { audit } from '../store/schema.js';
import type { Db } from '../store/store.js';
import { canonical } from './audit.js';

const page = 2_000;

/** Lines without their ends. Up to an entry, or to the last one there is. */
export async function* exported(db: Db, upTo = Number.MAX_SAFE_INTEGER): AsyncGenerator<string> {
  for (let after = 0; ; ) {
    const found = await db
      .select()
      .from(audit)
      .where(and(gt(audit.number, after), lte(audit.number, upTo)))
      .orderBy(asc(audit.number))
      .limit(page);
    for (const line of found) yield canonical(line);
    const last = found.at(-1);
    if (!last || found.length < page) return;
    after = last.number;
    // Others get a turn.
    await new Promise((done) => setImmediate(done));
  }
}
