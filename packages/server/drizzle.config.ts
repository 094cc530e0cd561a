import { defineConfig } from 'drizzle-kit';

/** Reads the built tables: `npx tsc -b` first, then `npm run migrations -w @rollcall/server`. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './dist/store/tables/*.js',
  out: './migrations',
});
