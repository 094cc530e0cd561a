import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Detection } from '../content/detection.js';
import { loadContent } from '../content/load.js';
import { Database, identifier, literal, type Row } from '../lake/duckdb.js';
import { createResolvedTables, loadFacts } from '../lake/resolve.js';
import { type Policy, policySchema } from '../model/policy.js';
import { resolvedTables, type TableName, tableNames } from '../model/tables.js';
import { available } from './needs.js';
import { type DetectionRun, rowsKept, runDetections } from './run.js';

const asOf = new Date('2026-06-30T00:00:00Z');
type Rows = Partial<Record<TableName, Row[]>>;

async function insert(database: Database, rows: Rows): Promise<void> {
  for (const table of tableNames) {
    const columns = Object.keys(resolvedTables[table]);
    const tuples = (rows[table] ?? []).map(
      (row) =>
        `(${columns.map((name) => (row[name] === null || row[name] === undefined ? 'NULL' : literal(String(row[name])))).join(', ')})`,
    );
    if (tuples.length > 0)
      await database.run(
        `INSERT INTO ${table} (${columns.map(identifier).join(', ')}) VALUES ${tuples.join(', ')}`,
      );
  }
}

function detection(id: string, query: string, more: Partial<Detection> = {}): Detection {
  return {
    id,
    title: id,
    why: '',
    sources: ['TEST'],
    catalogue: [],
    about: 'person',
    facet: 'test',
    needs: ['people'],
    query,
    says: '{n}',
    innocent: ['a test'],
    explained_by: [],
    fairness: 'none',
    attack: [],
    next: ['-'],
    tests: [],
    stage: 'employed',
    file: `${id}.yml`,
    version: '00000000',
    ...more,
  };
}

describe('runDetections', () => {
  let database: Database;
  beforeAll(async () => {
    database = await Database.open({ threads: 1 });
    await loadFacts(database, []);
  });
  beforeEach(() => createResolvedTables(database));
  afterAll(() => database.close());

  const run = async (
    detections: Detection[],
    policy: Policy = policySchema.parse({}),
  ): Promise<DetectionRun[]> =>
    runDetections({ database, detections, policy, asOf, has: await available(database) });
  const people = (...ids: string[]): Row[] => ids.map((id) => ({ person_id: id, stage: 'employed' }));

  it('runs what has its data, says what is missing, and survives one that fails', async () => {
    await insert(database, { people: people('p1') });
    const runs = await run([
      detection('blocked', 'SELECT 1', { needs: ['events.repo.clone'] }),
      detection('broken', 'SELECT person_id, no_such_column FROM people'),
      detection('works', 'SELECT person_id FROM people'),
    ]);
    expect(runs.map((one) => [one.missing, one.problem === undefined, one.signals.length])).toEqual([
      [['events.repo.clone'], true, 0],
      [[], false, 0],
      [[], true, 1],
    ]);
    expect(runs[1]?.problem).toContain('no_such_column');
  });

  it('gives one signal a person: strongest row first, hidden columns left out, all rows counted', async () => {
    await insert(database, {
      people: people('p1', 'p2'),
      events: Array.from({ length: rowsKept + 7 }, (_, i) => ({
        event_uid: `e${i}`,
        person_id: 'p1',
        action: 'signin',
        count: String(i),
        time: `2026-05-01 00:${String(i % 60).padStart(2, '0')}:00`,
      })),
    });
    const [one] = await run([
      detection(
        'strong',
        "SELECT person_id, time, count, count AS strength, event_uid AS _uid, 'p2' AS other FROM events",
      ),
    ]);
    expect(one?.signals).toHaveLength(1);
    const signal = one?.signals[0];
    expect(signal?.total).toBe(rowsKept + 7);
    expect(signal?.rows).toHaveLength(rowsKept);
    expect(signal?.rows[0]).toEqual({
      time: '2026-05-01T00:56:00Z',
      count: rowsKept + 6,
      other: 'p2',
    });
    expect([signal?.first, signal?.last, signal?.others]).toEqual([
      '2026-05-01T00:00:00Z',
      '2026-05-01T00:56:00Z',
      ['p2'],
    ]);
  });

  it('keeps rows about nobody out, and leaves rows of an exposure as they are', async () => {
    await insert(database, { people: people('p1'), devices: [{ device_id: 'd1' }, { device_id: 'd2' }] });
    const runs = await run([
      detection('nobody', 'SELECT CAST(NULL AS VARCHAR) AS person_id FROM people'),
      detection('devices', 'SELECT device_id AS device FROM devices', { about: 'device' }),
    ]);
    expect(runs[0]?.signals).toEqual([]);
    expect([runs[1]?.total, runs[1]?.rows]).toEqual([2, [{ device: 'd1' }, { device: 'd2' }]]);
  });

  describe('explanations', () => {
    const shared = detection(
      'shared',
      "SELECT a.person_id, b.person_id AS other, 'Elm Street' AS address, TIMESTAMP '2026-05-01' AS time FROM people a JOIN people b ON b.person_id <> a.person_id",
      { explained_by: ['household', 'move'] },
    );
    const explain = (more: object) =>
      policySchema.parse({
        explanations: [{ kind: 'household', reason: 'a couple', by: 'hr', ...more }],
      });
    const explained = async (policy?: Policy) =>
      (await run([shared], policy))[0]?.signals.map((signal) => [
        signal.person,
        signal.explained?.by,
        signal.others,
      ]);

    it('accepts a household on record, for its members only', async () => {
      await insert(database, {
        people: [
          { person_id: 'p1', stage: 'employed', household: 'h1' },
          { person_id: 'p2', stage: 'employed', household: 'h1' },
          { person_id: 'p3', stage: 'employed' },
        ],
      });
      expect(await explained()).toEqual([
        ['p1', undefined, ['p3']],
        ['p2', undefined, ['p3']],
        ['p3', undefined, ['p1', 'p2']],
      ]);
    });

    it('silences a signal of which every row is explained, and only by a kind the detection names', async () => {
      await insert(database, { people: people('p1', 'p2') });
      expect(await explained(explain({ people: ['p1', 'p2'] }))).toEqual([
        ['p1', 'hr', ['p2']],
        ['p2', 'hr', ['p1']],
      ]);
      expect(await explained(explain({ people: ['p1'] }))).toEqual([
        ['p1', undefined, ['p2']],
        ['p2', undefined, ['p1']],
      ]);
      expect(await explained(explain({ kind: 'travel', people: ['p1', 'p2'] }))).toEqual([
        ['p1', undefined, ['p2']],
        ['p2', undefined, ['p1']],
      ]);
    });

    it('ends with its last day, begins with its first, and holds for its value', async () => {
      await insert(database, { people: people('p1', 'p2') });
      const by = async (more: object) =>
        (await explained(explain({ people: ['p1', 'p2'], ...more })))?.[0]?.[1];
      expect(await by({ until: '2026-06-29' })).toBeUndefined();
      expect(await by({ until: '2026-12-31' })).toBe('hr');
      expect(await by({ from: '2026-05-02' })).toBeUndefined();
      expect(await by({ from: '2026-04-30' })).toBe('hr');
      expect(await by({ value: 'elm street' })).toBe('hr');
      expect(await by({ value: 'oak street' })).toBeUndefined();
      expect(await by({ to: '2026-04-30' })).toBeUndefined();
      expect(await by({ from: '2026-05-01', to: '2026-05-01' })).toBe('hr');
    });

    it('says of every explanation for how many rows it accounts, and counts the others', async () => {
      await insert(database, { people: people('p1') });
      const days = detection(
        'days',
        "SELECT person_id, CAST(d AS TIMESTAMP) AS time FROM people, (VALUES ('2026-05-01'), ('2026-05-02'), ('2026-05-03')) v(d)",
        { explained_by: ['travel', 'move'] },
      );
      const given = (...list: object[]) =>
        policySchema.parse({
          explanations: list.map((one) => ({ people: ['p1'], reason: '-', by: 'hr', ...one })),
        });
      const signal = async (policy: Policy) => (await run([days], policy))[0]?.signals[0];
      const partly = await signal(given({ id: 't', kind: 'travel', from: '2026-05-01', to: '2026-05-02' }));
      expect(partly?.explained).toBeUndefined();
      expect(partly?.total).toBe(1);
      expect([...(partly?.accountedFor ?? [])].map(([id, { rows }]) => [id, rows])).toEqual([['t', 2]]);
      const wholly = await signal(
        given({ id: 't', kind: 'travel', to: '2026-05-02' }, { id: 'm', kind: 'move', from: '2026-05-03' }),
      );
      expect(wholly?.explained).toMatchObject({ id: 't', kind: 'travel', by: 'hr' });
      expect([...(wholly?.accountedFor.keys() ?? [])].sort()).toEqual(['m', 't']);
    });
  });
});

/** Company data of few values, so that what detections look for comes about by itself. */
const person = fc.constantFrom('p1', 'p2', 'p3');
const hour = fc
  .integer({ min: 0, max: 24 * 40 })
  .map((n) => new Date(Date.UTC(2026, 4, 1, n)).toISOString().slice(0, 19));
const place = fc.constantFrom(
  { src_country: 'US', src_city: 'Austin', src_lat: '30.27', src_lon: '-97.74' },
  { src_country: 'US', src_city: 'Portland', src_lat: '45.52', src_lon: '-122.68' },
  { src_country: 'LA', src_city: 'Vientiane', src_lat: '17.97', src_lon: '102.6' },
);
const event = fc
  .tuple(
    fc.record({
      time: hour,
      person_id: person,
      action: fc.constantFrom(
        'signin',
        'signin',
        'signin',
        'mfa.challenge',
        'mfa.enroll',
        'signin.policy',
        'repo.clone',
        'repo.publish',
        'pay.change',
        'profile.change',
      ),
      outcome: fc.constantFrom('success', 'success', 'success', 'failure'),
      source: fc.constantFrom('idp', 'code-host'),
      src_ip: fc.constantFrom('203.0.113.1', '203.0.113.2', '203.0.113.3'),
      src_network: fc.constantFrom(null, null, null, 'vpn:nordvpn', 'vpn:astrill', 'office:hq'),
      device_token: fc.constantFrom('t1', 't2'),
      session_id: fc.constantFrom('s1', 's2', null),
      mfa_device: fc.constantFrom('m1', 'm2'),
      device_id: fc.constantFrom('d1', 'd2', null),
      target: fc.constantFrom('acme/a', 'acme/b', 'address'),
    }),
    place,
  )
  .map(([one, where]) => ({ ...one, ...where }));
const company = fc
  .record({
    events: fc.array(event, { minLength: 60, maxLength: 160 }),
    inventory: fc.array(
      fc.record({
        device_id: fc.constantFrom('d1', 'd2'),
        kind: fc.constantFrom('program', 'process', 'usb_device', 'local_admin'),
        key: fc.constantFrom('AnyDesk', 'rustdesk.exe', 'TeamViewer', '1209:eda2', 'sam'),
        value: fc.constantFrom('CAFEBABE', '1.0', null),
        present: fc.constantFrom('true', 'false'),
        seen_at: hour,
        source: fc.constant('inventory'),
      }),
      { maxLength: 30 },
    ),
    identifiers: fc.array(
      fc.record({
        person_id: person,
        kind: fc.constantFrom('bank_account', 'phone', 'email', 'address', 'gateway_mac'),
        value: fc.constantFrom('v1', 'v2', 'v3'),
        context: fc.constantFrom('home', 'shipping', 'payroll'),
        first_seen: hour,
        last_seen: hour,
        source: fc.constant('records'),
      }),
      { maxLength: 25 },
    ),
  })
  .map(({ events, inventory, identifiers }): Rows => {
    const numbered: Row[] = events.map((one, i) => ({ ...one, event_uid: `e${String(i).padStart(4, '0')}` }));
    // Resolving gives these of the events; a hundred rows need no more than this.
    const seen = new Map<string, Row>();
    for (const one of numbered) {
      for (const [kind, column] of [
        ['egress_ip', 'src_ip'],
        ['device_token', 'device_token'],
        ['mfa_device', 'mfa_device'],
      ] as const) {
        const key = `${one.person_id} ${kind} ${one[column]}`;
        seen.set(key, {
          person_id: one.person_id as string,
          kind,
          value: one[column] as string,
          label: one[column] as string,
          context: 'signin',
          source: 'idp',
        });
      }
    }
    return {
      people: ['p1', 'p2', 'p3'].map((id, i) => ({
        person_id: id,
        name: `Person ${id}`,
        stage: 'employed',
        engagement: 'employee',
        remote: 'true',
        claimed_country: 'US',
        claimed_city: ['Austin', 'Portland', 'Denver'][i] as string,
        claimed_lat: ['30.27', '45.52', '39.74'][i] as string,
        claimed_lon: ['-97.74', '-122.68', '-104.99'][i] as string,
        started_at: ['2026-05-01 00:00:00', '2025-01-01 00:00:00', '2026-04-20 00:00:00'][i] as string,
      })),
      devices: [
        { device_id: 'd1', person_id: 'p1', managed: 'true', kind: 'laptop' },
        { device_id: 'd2', person_id: 'p2', managed: 'false', kind: 'laptop' },
      ],
      events: numbered,
      inventory: inventory.map((one) => ({ ...one, person_id: one.device_id === 'd1' ? 'p1' : 'p2' })),
      identifiers: [...identifiers.map((one) => ({ ...one, label: one.value })), ...seen.values()],
    };
  });

describe('the order of records', () => {
  it('makes no difference to any signal, nor does getting them in two halves', async () => {
    const content = await loadContent();
    const database = await Database.open({ threads: 2 });
    await loadFacts(database, content.facts);
    const policy = policySchema.parse({});
    const fired = new Set<string>();
    const outcome = async (batches: Rows[]) => {
      await createResolvedTables(database);
      for (const rows of batches) await insert(database, rows);
      const runs = await runDetections({
        database,
        detections: content.detections,
        policy,
        asOf,
        has: await available(database),
      });
      return runs.map((run) => {
        if (run.signals.length > 0 || run.rows.length > 0) fired.add(run.detection.id);
        const signals = run.signals.map(({ detection: _, ...signal }) => signal);
        return { id: run.detection.id, problem: run.problem, missing: run.missing, signals, rows: run.rows };
      });
    };
    const mixed = (rows: Rows, key: number): Rows =>
      Object.fromEntries(tableNames.map((table) => [table, shuffled(rows[table] ?? [], key)]));
    const half = (rows: Rows, which: 0 | 1): Rows =>
      Object.fromEntries(
        tableNames.map((table) => [table, (rows[table] ?? []).filter((_, i) => i % 2 === which)]),
      );
    await fc.assert(
      fc.asyncProperty(company, fc.nat(), async (rows, key) => {
        const inOrder = await outcome([rows]);
        expect(inOrder.filter((one) => one.problem)).toEqual([]);
        expect(await outcome([mixed(rows, key)])).toEqual(inOrder);
        expect(await outcome([half(rows, 1), half(rows, 0)])).toEqual(inOrder);
      }),
      { seed: 20260930, numRuns: 4 },
    );
    database.close();
    // The comparison is worth something only where detections had something to say.
    expect(fired.size).toBeGreaterThan(10);
  });
});

/** In an order that only depends on the key. */
function shuffled<T>(list: readonly T[], key: number): T[] {
  const result = [...list];
  let state = key % 2_147_483_646;
  for (let i = result.length - 1; i > 0; i--) {
    state = (state * 48_271 + 11) % 2_147_483_647;
    const j = state % (i + 1);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
