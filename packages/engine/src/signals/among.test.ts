import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Detection } from '../content/detection.js';
import { Database } from '../lake/duckdb.js';
import { createResolvedTables } from '../lake/resolve.js';
import { policySchema } from '../model/policy.js';
import { available } from './needs.js';
import { runDetections } from './run.js';

let database: Database;

beforeAll(async () => {
  database = await Database.open({ threads: 1 });
  await createResolvedTables(database);
  await database.run(
    `INSERT INTO people (person_id, stage) VALUES ('p1', 'employed'), ('p2', 'employed'), ('p3', 'employed')`,
  );
  await database.run(
    `INSERT INTO events (event_uid, person_id, action, outcome) VALUES
       ('e1', 'p1', 'signin', 'failure'), ('e2', 'p2', 'signin', 'success'), ('e3', 'p2', 'signin', 'success'), ('e4', NULL, 'signin', 'success')`,
  );
});
afterAll(() => database.close());

const detection = (id: string, among?: string): Detection =>
  ({
    id,
    title: id,
    about: 'person',
    stage: 'employed',
    needs: ['events.signin'],
    query: "SELECT person_id FROM events WHERE action = 'signin' AND outcome = 'failure'",
    weight: { if_not: [0.5, 0.9], if_honest: 0.1, source: 'test' },
    explained_by: [],
    ...(among === undefined ? {} : { among }),
  }) as unknown as Detection;

it('says in whom each thing could have been seen, asks the same only once, and reports what fails', async () => {
  const signin = "SELECT person_id FROM events WHERE action = 'signin'";
  const runs = await runDetections({
    database,
    detections: [
      detection('everybody'),
      detection('signed-in', signin),
      detection('signed-in-again', `  ${signin.replace(' FROM', '\n  FROM')} -- as above\n`),
      detection('same-text', signin),
      detection('broken', 'SELECT nobody FROM nowhere'),
    ],
    policy: policySchema.parse({}),
    asOf: new Date('2026-06-30T00:00:00Z'),
    has: await available(database),
  });
  const [everybody, first, again, same, broken] = runs;
  expect(everybody).not.toHaveProperty('among');
  expect([...(first?.among ?? [])].sort()).toEqual(['p1', 'p2']);
  expect([...(again?.among ?? [])].sort()).toEqual(['p1', 'p2']);
  expect(same?.among).toBe(first?.among);
  expect(broken?.problem).toContain('nowhere');
  expect(runs.slice(0, 4).map((run) => run.signals.map((signal) => signal.person))).toEqual(
    Array(4).fill(['p1']),
  );
});
