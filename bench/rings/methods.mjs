/**
 * The ways of finding rings that are compared. Each takes the folder and gives, for one or more variants, groups of people
 * (their numbers) and the steps it took.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

/** The engine that is measured: this tree's, or the build in the folder ROLLCALL_ENGINE names. */
const built =
  process.env.ROLLCALL_ENGINE ?? fileURLToPath(new URL('../../packages/engine/dist', import.meta.url));
const { Database } = await import(join(built, 'lake/duckdb.js'));
const { findBridges, withBridges } = await import(join(built, 'links/bridges.js'));
const { findLinks } = await import(join(built, 'links/links.js'));
const { findRings, findRingsInAll, withoutBridges } = await import(join(built, 'links/rings.js'));
const { ensureSharedValues } = await import(join(built, 'links/shared-values.js'));
const { derivedTables, resolvedTables } = await import(join(built, 'model/tables.js'));

const reference = fileURLToPath(new URL('../../content/facts/identifier-sharing.csv', import.meta.url));
/** The policy's defaults. */
const policy = { common_value: 8, base_rate_strength: 200 };
const joined = { joining: 6, sameFacetShare: 0.15 };
const numberOf = (id) => Number(id.slice(1));

/** What a data platform does without a product: people who have one value in common are connected. */
async function* components({ folder, spill, options, step, truth }) {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: options.memory,
    temp_directory: spill,
  });
  const database = await instance.connect();
  await step('values and their holders', () => sharedByFew(database, folder, 1e9));
  for (const [label, cut] of [
    ['components', 1e9],
    ['components, values of at most 8', 8],
    ['components, values of 2', 2],
  ]) {
    const sets = new DisjointSets(truth.people);
    await step(label, () =>
      eachPair(database, `SELECT first, person FROM held WHERE holders <= ${cut}`, (a, b) => sets.join(a, b)),
    );
    yield { label, steps: ['values and their holders', label], groups: sets.groups() };
  }
  instance.closeSync();
  rmSync(spill, { recursive: true, force: true });
}

/** A table `held`: of each value of at most `cut` people the first of them, with each other. */
async function sharedByFew(database, folder, cut) {
  await database.run(
    `CREATE TABLE held AS
     WITH held AS (SELECT DISTINCT hash(kind, value) AS value, CAST(substr(person_id, 2) AS INTEGER) AS person FROM '${folder}/identifiers-*.parquet' WHERE kind <> 'egress_ip'),
     values AS (SELECT value, min(person) AS first, count(*) AS holders FROM held GROUP BY value HAVING count(*) BETWEEN 2 AND ${cut})
     SELECT first, person, holders FROM held JOIN values USING (value) WHERE person <> first`,
  );
}

/**
 * As record linkage clusters: pairs that share a value of at most `cut` people, scored by the sum of log2(people / holders),
 * connected where the score reaches `score`. Disagreement counts nothing: people of a ring disagree on all else.
 */
async function* scored({ folder, spill, options, step, truth }) {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: options.memory,
    temp_directory: spill,
  });
  const database = await instance.connect();
  await step('values and their holders', () =>
    database.run(
      `CREATE TABLE held AS
       WITH held AS (SELECT DISTINCT hash(kind, value) AS value, CAST(substr(person_id, 2) AS INTEGER) AS person FROM '${folder}/identifiers-*.parquet' WHERE kind <> 'egress_ip'),
       values AS (SELECT value, count(*) AS holders FROM held GROUP BY value HAVING count(*) BETWEEN 2 AND ${options.cut ?? 8})
       SELECT value, person, log2(${truth.people} / holders) AS bits FROM held JOIN values USING (value)`,
    ),
  );
  const sets = new DisjointSets(truth.people);
  await step('pairs and components', () =>
    eachPair(
      database,
      `SELECT x.person AS a, y.person AS b FROM held x JOIN held y ON y.value = x.value AND y.person > x.person GROUP BY ALL HAVING sum(x.bits) >= ${options.score ?? 30}`,
      (a, b) => sets.join(a, b),
    ),
  );
  instance.closeSync();
  rmSync(spill, { recursive: true, force: true });
  yield {
    label: 'scored pairs',
    steps: ['values and their holders', 'pairs and components'],
    groups: sets.groups(),
  };
}

/** The engine's own tables over the Parquet files; columns the bench has nothing for are empty. */
async function openLake(folder, spill, memory) {
  const database = await Database.open({
    memory,
    threads: 2,
    tempDirectory: spill,
    path: join(spill, 'lake.duckdb'),
  });
  const columns = {
    people: resolvedTables.people,
    identifiers: resolvedTables.identifiers,
    events: resolvedTables.events,
    passages: derivedTables.passages,
  };
  for (const [table, types] of Object.entries(columns)) {
    const files = `${folder}/${table === 'identifiers' ? 'identifiers-*' : table}.parquet`;
    const there = new Set((await database.describe(`SELECT * FROM '${files}'`)).map((column) => column.name));
    const list = Object.entries(types).map(([name, type]) =>
      there.has(name) ? `"${name}"` : `CAST(NULL AS ${type}) AS "${name}"`,
    );
    await database.run(`CREATE VIEW "${table}" AS SELECT ${list.join(', ')} FROM '${files}'`);
  }
  await database.run('CREATE SCHEMA facts');
  await database.run(`CREATE TABLE facts.identifier_sharing AS SELECT * FROM '${reference}'`);
  return database;
}

/**
 * Rollcall. *Everyone*: the groups larger than honest sharing makes them, whatever people's own evidence. *Suspects*, as a
 * scan does it: rings of those whose own evidence is a reason to look, here `guilty` of the identities and `honest` of
 * everybody else, drawn by the hash of their numbers. A ring may pass through others, who are no members of it: at most
 * `guilty` can be found. *No bridges*: it may not.
 */
async function* rollcall({ folder, spill, options, step, truth }) {
  const { guilty = 0.9, honest = 0.01, memory } = options;
  const database = await openLake(folder, spill, memory);
  const told = (label, rings) => ({
    label: `Rollcall, ${label}`,
    steps: ['shared values', label],
    links: rings.reduce((sum, ring) => sum + ring.links.length, 0),
    groups: rings.map((ring) => ring.members.map(numberOf)),
  });
  await step('shared values', () => ensureSharedValues(database, policy));
  yield told(
    'everyone',
    await step('everyone', () => findRingsInAll(database, { ...joined, leastMembers: 3 })),
  );
  const among = new Set();
  for (let n = 0; n < truth.people; n++)
    if (draw(n) < (truth.ringOf[n] >= 0 ? guilty : honest)) among.add(`p${String(n).padStart(8, '0')}`);
  const bridged = await step('suspects', async () => {
    const through = await findBridges(database, [...among], joined.joining);
    const links = withBridges(await findLinks(database, [...among, ...through]), among, joined.joining);
    return withoutBridges(findRings(links, joined), among);
  });
  yield told('suspects', bridged);
  const own = await step('suspects, no bridges', async () =>
    findRings(await findLinks(database, [...among]), joined),
  );
  yield told('suspects, no bridges', own);
  database.close();
  rmSync(spill, { recursive: true, force: true });
}

/** A repeatable number below 1 for a person (the finaliser of MurmurHash3). */
function draw(n) {
  let state = Math.imul((n ^ (n >>> 16)) >>> 0, 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32;
}

async function eachPair(database, sql, join) {
  const result = await database.stream(sql);
  for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
    const [a, b] = [chunk.getColumnValues(0), chunk.getColumnValues(1)];
    for (let i = 0; i < a.length; i++) join(a[i], b[i]);
  }
}

class DisjointSets {
  constructor(count) {
    this.up = Int32Array.from({ length: count }, (_, i) => i);
  }

  find(one) {
    let at = one;
    while (this.up[at] !== at) {
      this.up[at] = this.up[this.up[at]];
      at = this.up[at];
    }
    return at;
  }

  join(a, b) {
    const [x, y] = [this.find(a), this.find(b)];
    if (x < y) this.up[y] = x;
    else this.up[x] = y;
  }

  /** Sets of two and more. */
  groups() {
    const groups = new Map();
    for (let one = 0; one < this.up.length; one++) {
      const top = this.find(one);
      if (top === one) continue;
      const group = groups.get(top);
      if (group) group.push(one);
      else groups.set(top, [top, one]);
    }
    return groups.values();
  }
}

export const methods = { components, scored, rollcall };
