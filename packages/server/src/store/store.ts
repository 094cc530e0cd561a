/** The database of what people do with Rollcall: embedded (PGlite, in the folder) or PostgreSQL. One schema for both. */
export { openEmbedded } from './embedded.js';
export { migrationsFolder } from './migrate.js';
export type { Db, Schema, Store } from './model.js';
export { rows } from './model.js';
export { openPostgres } from './postgres.js';
export { afterwards, outside } from './within.js';
