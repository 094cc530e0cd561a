// node bench/rings/make.mjs FOLDER [MILLIONS [CROWDING]] : the pooled lake of 300 companies with MILLIONS (30) of
// applications; CROWDING (1): see macros().
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { firstDay, kinds, macros } from './honest.mjs';
import { operators } from './operators.mjs';

const companies = 300;
const copies = 4; // of each difficulty

const folder = resolve(process.argv[2] ?? '');
const millions = Number(process.argv[3] ?? 30);
const crowding = Number(process.argv[4] ?? 1);
if (!process.argv[2] || !(millions > 0) || !(crowding >= 0 && crowding <= 15))
  throw new Error('usage: make.mjs FOLDER [MILLIONS [CROWDING]]');
const started = performance.now();
const honest = Math.round((millions * 1e6) / 1.5);
const { rings, rows } = operators(honest, companies, copies);
const total = honest + rings.reduce((sum, ring) => sum + ring.members.length, 0);

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const instance = await DuckDBInstance.create(':memory:', {
  threads: '2',
  memory_limit: '4GB',
  temp_directory: join(folder, 'spill'),
  preserve_insertion_order: 'true',
});
const database = await instance.connect();
for (const macro of macros(honest, total, companies, crowding)) await database.run(macro);

await database.run(`CREATE TABLE everyone AS SELECT range AS p FROM range(${honest})`);

const planted = join(folder, 'planted.ndjson');
const out = createWriteStream(planted);
for (const row of rows) out.write(`${JSON.stringify(row)}\n`);
await new Promise((done) => out.end(done));
await database.run(
  `CREATE TABLE planted AS SELECT p, kind, value, context, company, TIMESTAMP '${firstDay}' + to_days(CAST(day AS INTEGER)) AS seen
   FROM read_json('${planted}', columns = {p: 'BIGINT', kind: 'VARCHAR', value: 'VARCHAR', context: 'VARCHAR', company: 'BIGINT', day: 'BIGINT'})`,
);

const parquet = '(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 200000)';
const copy = (name, sql) => database.run(`COPY (${sql}) TO '${join(folder, name)}.parquet' ${parquet}`);
const everyApplication = `SELECT p, unnest(range(applications(p))) AS i FROM everyone`;
const source = (company) => `'ats-' || ${company}`;

await copy(
  'people',
  `SELECT person(p) AS person_id, 'Person ' || human(p) AS name, CASE WHEN u(p, 'hired') < 0.02 THEN 'employed' ELSE 'applicant' END AS stage,
     CASE WHEN through_agency(p) THEN 'agency ' || agency(p) END AS vendor, email(p) AS personal_email, applied(p, 0) AS applied_at
   FROM everyone
   UNION ALL BY NAME
   SELECT * FROM (SELECT person(p) AS person_id, 'Person ' || p AS name, 'applicant' AS stage, NULL AS vendor, 'p' || p || '@mail.example' AS personal_email, min(seen) AS applied_at
   FROM planted WHERE p >= ${honest} GROUP BY p ORDER BY p)`,
);
for (const [n, { kind, value, held, context }] of kinds.entries()) {
  await copy(
    `identifiers-${String(n).padStart(2, '0')}-${kind}`,
    `SELECT person(p) AS person_id, '${kind}' AS kind, ${value} AS value, ${value} AS label, '${context}' AS context,
       ${source('company(p, i)')} AS source, applied(p, i) AS first_seen, applied(p, i) AS last_seen
     FROM (${everyApplication}) WHERE ${held}`,
  );
}
await copy(
  'identifiers-planted',
  `SELECT person(p) AS person_id, kind, value, value AS label, context, ${source('company')} AS source, seen AS first_seen, seen AS last_seen
   FROM planted ORDER BY ALL`,
);
await copy(
  'events',
  `SELECT applied(p, i) AS time, 'application.submit' AS action, ${source('company(p, i)')} AS source, person(p) AS person_id,
     egress(p, i) AS src_ip, network(p, i) AS src_network
   FROM (${everyApplication}) WHERE u(p * 16 + i, 'logged') < 0.6
   UNION ALL SELECT seen, 'application.submit', ${source('company')}, person(p), value, NULL FROM planted WHERE kind = 'egress_ip'`,
);
// What the engine's passage finder would have left: wording of a few people, in both directions.
await copy(
  'passages',
  `WITH held AS (SELECT DISTINCT person_id, value FROM '${folder}/identifiers-*.parquet' WHERE kind = 'passage'),
   few AS (SELECT value, count(*) AS people FROM held GROUP BY value HAVING count(*) BETWEEN 2 AND 8)
   SELECT x.person_id, y.person_id AS other, f.value AS passage, x.person_id || '-file' AS document, y.person_id || '-file' AS other_document,
     'made-up wording' AS text, 'made-up wording' AS other_text, 1.0 AS similarity, (12 + hash(f.value) % 30)::BIGINT AS words, f.people,
     10 + (hash(hash(f.value)) % 1000) / 100.0 AS bits
   FROM few f JOIN held x ON x.value = f.value JOIN held y ON y.value = f.value AND y.person_id <> x.person_id
   ORDER BY ALL`,
);
// For the evaluator: numbers of people are those in their ids. `draw` decides who has evidence of their own.
await copy(
  'humans',
  `SELECT number_of(p) AS n, number_of(human(p)) AS human FROM everyone WHERE human(p) <> p`,
);
const numberOf = (p) => Number((BigInt(p) * 7_368_787n) % BigInt(total));
const count = async (sql) => Number((await database.runAndReadAll(sql)).getRowsJson()[0][0]);
const applications =
  (await count(`SELECT sum(applications(p)) FROM everyone`)) +
  (await count(`SELECT count(*) FROM planted WHERE kind = 'email'`));
const identifiers = await count(`SELECT count(*) FROM '${folder}/identifiers-*.parquet'`);
await writeFile(
  join(folder, 'truth.json'),
  JSON.stringify({
    companies,
    applications,
    people: total,
    identifiers,
    rings: rings.map((ring) => ({
      ...ring,
      members: ring.members.map(numberOf),
      bystanders: ring.bystanders.map(numberOf),
    })),
  }),
);
database.closeSync();
instance.closeSync();
await rm(planted);
await rm(join(folder, 'spill'), { recursive: true, force: true });
const seconds = (performance.now() - started) / 1000;
console.log(
  JSON.stringify({
    applications,
    people: total,
    identifiers,
    seconds: Math.round(seconds),
    truth: (await stat(join(folder, 'truth.json'))).size,
  }),
);
