import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRules } from '@rollcall/sigma';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { loadContent } from '../content/load.js';
import { Database, literal, parquet } from '../lake/duckdb.js';
import { type Columns, storedTables } from '../model/tables.js';
import { fieldMacros } from './columns.js';
import type { FieldMap } from './field-map.js';
import { type MappedRule, scanTable } from './table-scan.js';

const { fieldMaps, connectors } = await loadContent(undefined, { withoutTests: true });
const map = fieldMaps.find(({ source }) => source === 'okta-system-log') as FieldMap;
const connector = connectors.find(({ id }) => id === map.source);
const proxy = `title: Through a proxy
logsource: { product: okta, service: okta }
detection:
  selection:
    eventType: user.session.start
    securityContext.isProxy: true
  condition: selection
`;
const role = `title: A role is given
logsource: { product: okta, service: okta }
detection:
  selection:
    target.displayName|contains: administrator
  known:
    debugContext.debugData.note: expected
  condition: selection and not known
`;

let folder = '';
let database: Database;
beforeAll(async () => {
  database = await Database.open({ threads: 1 });
  for (const macro of fieldMacros) await database.run(macro);
});
afterAll(() => database.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-hits-'));
  return () => rm(folder, { recursive: true, force: true });
});

interface Event {
  uid: string;
  minute: number;
  record: unknown;
}

/** A file of events, as a batch of the lake has them. */
async function write(name: string, events: readonly Event[]): Promise<string> {
  const path = join(folder, 'data', `${name}.parquet`);
  await mkdir(join(folder, 'data'), { recursive: true });
  const columns = Object.entries(storedTables.events as Columns)
    .filter(([column]) => !['uid', 'time', 'source', 'activity', 'raw'].includes(column))
    .map(([column, type]) => `CAST(NULL AS ${type}) AS "${column}"`);
  await database.run(
    `COPY (SELECT j ->> '$.uid' AS uid, TIMESTAMP '2026-03-03 09:00:00' + to_minutes(CAST(j ->> '$.minute' AS INTEGER)) AS time,
       ${literal(map.source)} AS source, j ->> '$.record.eventType' AS activity, CAST(j -> '$.record' AS VARCHAR) AS raw, ${columns.join(', ')}
       FROM (SELECT unnest(CAST($events AS JSON[])) AS j)) TO ${literal(path)} (FORMAT parquet)`,
    { events: JSON.stringify(events) },
  );
  return path;
}

/** Hits and refusals of rules over files; those of scans before stay, where they are kept. */
async function ask(texts: readonly string[], files: readonly string[], keep: boolean): Promise<unknown> {
  const rules = texts.map((text, number): MappedRule => {
    const [loaded] = loadRules([{ file: 'a.yml', text }]).set.rules;
    if (!loaded) throw new Error('no rule');
    return { number, rule: loaded, logs: map.logs, held: number === 0 ? ['actor.alternateId'] : [] };
  });
  await database.run(
    `CREATE OR REPLACE TEMP VIEW stored_events AS SELECT * FROM ${parquet(files).replace(/\)$/, ', union_by_name = true)')}`,
  );
  const { refusals, hits } = await scanTable({
    database,
    map,
    connector,
    rules,
    held: new Map([['actor.alternateId', 'h0']]),
    cut: "TIMESTAMP '2026-03-03 10:00:00'",
    ...(keep ? { keep: { lake: folder, files } } : {}),
  });
  const found =
    hits === undefined
      ? []
      : await database.rows(
          `SELECT uid, time, list_sort(rules) AS rules, h0 FROM (${hits}) WHERE time <= TIMESTAMP '2026-03-03 10:00:00' ORDER BY ALL`,
        );
  return { hits: found, refusals: [...refusals] };
}

const parts = async () =>
  (await readdir(join(folder, 'sigma'))).filter((name) => name.endsWith('.parquet')).sort();

const record = fc.record({
  eventType: fc.constantFrom('user.session.start', 'user.account.privilege.grant'),
  actor: fc.record({ alternateId: fc.constantFrom('a@example.com', 'b@example.com') }),
  securityContext: fc.constantFrom<unknown>({ isProxy: true }, { isProxy: 'true' }, { IsProxy: true }, null),
  target: fc.constantFrom<unknown>(
    [{ displayName: 'Super administrator' }, { displayName: 'x' }],
    { displayName: 'Administrator' },
    [],
  ),
  debugContext: fc.constantFrom<unknown>({ debugData: { note: 'expected' } }, { debugData: {} }, undefined),
});

it('gives from scan to scan what asking every event anew gives, however events came in', async () => {
  let turn = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ minute: fc.nat(70), record }), { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }),
      async (events, places) => {
        turn++;
        const files: string[] = [];
        for (let batch = 0; batch <= 3; batch++) {
          const own = events.flatMap((event, i) =>
            places[i] === batch ? [{ ...event, uid: `${turn}-${i}` }] : [],
          );
          if (own.length === 0) continue;
          files.push(await write(`${turn}-${batch}`, own));
          expect(await ask([proxy, role], files, true)).toEqual(await ask([proxy, role], files, false));
        }
      },
    ),
    { numRuns: 12 },
  );
}, 60_000);

const events = (from: number, count: number): Event[] =>
  Array.from({ length: count }, (_, i) => ({
    uid: `u${from + i}`,
    minute: from + i,
    record: {
      eventType: 'user.session.start',
      actor: { alternateId: 'a@example.com' },
      securityContext: { isProxy: true },
    },
  }));

it('asks nothing again of a file that was asked', async () => {
  const first = await write('first', events(0, 3));
  const before = await ask([proxy], [first], true);
  const [kept] = await parts();
  expect(await ask([proxy], [first], true)).toEqual(before);
  expect(await parts()).toEqual([kept]);
  const second = await write('second', events(5, 2));
  expect(await ask([proxy], [first, second], true)).toMatchObject({ hits: { length: 5 } });
  expect(await parts()).toContain(kept);
  expect(await parts()).toHaveLength(2);
});

it('begins anew where other rules are asked', async () => {
  const file = await write('first', events(0, 3));
  await ask([proxy], [file], true);
  const before = await parts();
  const changed = proxy.replace('user.session.start', 'user.session.end');
  expect(await ask([changed], [file], true)).toMatchObject({ hits: [] });
  expect(await parts()).toEqual([]);
  expect(await ask([proxy], [file], true)).toMatchObject({ hits: { length: 3 } });
  expect(await parts()).not.toEqual(before);
});

it('counts nothing twice after files were merged into one', async () => {
  const [a, b] = [await write('a', events(0, 3)), await write('b', events(5, 2))];
  await ask([proxy], [a, b], true);
  const merged = await write('merged', [...events(0, 3), ...events(5, 2)]);
  expect(await ask([proxy], [merged], true)).toMatchObject({ hits: { length: 5 } });
  // Another file under the name of one that is gone.
  const other = await write('a', events(20, 4));
  expect(await ask([proxy], [merged, other], true)).toMatchObject({ hits: { length: 9 } });
});

it('goes on after parts or the list of them were damaged or lost', async () => {
  const file = await write('first', events(0, 3));
  const before = await ask([proxy], [file], true);
  const [part = ''] = await parts();
  await writeFile(join(folder, 'sigma', part), 'PAR1 nothing of the kind');
  expect(await ask([proxy], [file], true)).toEqual(before);
  await rm(join(folder, 'sigma', (await parts())[0] ?? ''));
  expect(await ask([proxy], [file], true)).toEqual(before);
  const list = join(folder, 'sigma', `hits-${map.id}.json`);
  await writeFile(list, (await readFile(list, 'utf8')).slice(0, 40));
  expect(await ask([proxy], [file], true)).toEqual(before);
  expect(await parts()).toHaveLength(1);
});

it('writes many parts as one', async () => {
  const files: string[] = [];
  for (let n = 0; n < 12; n++) {
    files.push(await write(`f${n}`, events(n, 1)));
    await ask([proxy], files, true);
  }
  expect((await parts()).length).toBeLessThanOrEqual(8);
  expect(await ask([proxy], files, true)).toMatchObject({ hits: { length: 12 } });
});
