import { bigint, boolean, index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });
const whole = (name: string) => bigint(name, { mode: 'number' });

/** What came in between two scans, once it was read. */
export const batches = pgTable('batches', {
  number: integer('number').primaryKey(),
  startedAt: time('started_at').notNull(),
  finishedAt: time('finished_at').notNull(),
  deliveries: integer('deliveries').notNull(),
  records: whole('records').notNull(),
  files: integer('files').notNull(),
  bytes: whole('bytes').notNull(),
  /** Its records as received are kept no longer. */
  purgedAt: time('purged_at'),
});

/** What became of every record of a file: read = kept + duplicate + rejected. */
export const batchFiles = pgTable(
  'batch_files',
  {
    batch: integer('batch').notNull(),
    file: text('file').notNull(),
    /** Its name may be that of a person: it is not shown. */
    hidden: boolean('hidden').notNull(),
    connector: text('connector'),
    recognised: text('recognised').notNull(),
    format: text('format').notNull(),
    bytes: whole('bytes').notNull(),
    /** Records that were acknowledged; of files it is not known before they are read. */
    received: whole('received'),
    firstAt: time('first_at').notNull(),
    lastAt: time('last_at').notNull(),
    read: whole('read').notNull(),
    kept: whole('kept').notNull(),
    unused: whole('unused').notNull(),
    duplicate: whole('duplicate').notNull(),
    rejected: whole('rejected').notNull(),
    problem: text('problem'),
  },
  (table) => [
    primaryKey({ columns: [table.batch, table.file] }),
    index('batch_files_connector').on(table.connector, table.lastAt),
  ],
);

/** Records that could not be read. What they held is not kept here. */
export const batchRejects = pgTable(
  'batch_rejects',
  {
    batch: integer('batch').notNull(),
    nth: integer('nth').notNull(),
    file: text('file').notNull(),
    line: whole('line').notNull(),
    reason: text('reason').notNull(),
  },
  (table) => [primaryKey({ columns: [table.batch, table.nth] })],
);
