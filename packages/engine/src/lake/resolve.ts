import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Fact } from '../content/fact.js';
import { canonical, identifierContext, notPublicIp } from '../identifiers/index.js';
import { RollcallError } from '../model/errors.js';
import type { Policy } from '../model/policy.js';
import {
  type Columns,
  columnList,
  derivedTables,
  resolvedTables,
  storedTables,
  tableNames,
} from '../model/tables.js';
import { type Database, identifier, literal } from './duckdb.js';
import { loadFormer } from './forgotten.js';
import type { Store } from './store.js';

export interface ResolveOptions {
  database: Database;
  store: Store;
  facts: readonly Fact[];
  policy: Policy;
  /** Nothing later is looked at. Absent: the latest time in the lake, but not after `now`. */
  asOf?: Date;
  now: Date;
  /** `loadReference` was done over this connection. */
  loaded?: boolean;
  onStep?: (step: string) => void;
}

/**
 * Who is who. Builds the resolved tables (model/tables.ts) in the database: rows of all sources tied to persons and
 * devices by work e-mail, SAML name id, HR id, assigned serial or an explicit map. What cannot be tied stays untied:
 * nothing is guessed. Returns the day the tables are for.
 */
export async function resolve(options: ResolveOptions): Promise<Date> {
  const { database, store } = options;
  if (!options.loaded) {
    options.onStep?.('loading reference data');
    await loadReference(database, options.facts);
  }
  await loadStored(database, store);
  const asOf = options.asOf ?? (await latest(database, options.now));
  const cut = `TIMESTAMP ${literal(asOf.toISOString().slice(0, 23).replace('T', ' '))}`;
  await loadNetworks(options);
  for (const step of steps) {
    options.onStep?.(step.what);
    for (const sql of step.sql) await database.run(sql.replaceAll('{as_of}', cut));
    if (step.what === canonicalStep) await canonicaliseFactors(options);
  }
  return asOf;
}

/** The lake's tables as they are stored, as views `stored_<table>`, and whose numbers are not to be taken for another's. */
export async function loadStored(database: Database, store: Store): Promise<void> {
  for (const table of tableNames) {
    const files = store.files(table);
    const columns = storedTables[table] as Columns;
    const label = table === 'identifiers' ? ', CAST(NULL AS VARCHAR) AS label' : '';
    const query =
      files.length > 0
        ? `SELECT * FROM read_parquet([${files.map(literal).join(', ')}], union_by_name = true)`
        : `SELECT ${Object.entries(columns)
            .map(([name, type]) => `CAST(NULL AS ${type}) AS ${identifier(name)}`)
            .join(', ')}${label} LIMIT 0`;
    await database.run(`CREATE OR REPLACE TEMP VIEW stored_${table} AS ${query}`);
  }
  await loadFormer(database, store);
}

async function latest(database: Database, now: Date): Promise<Date> {
  const [row] = await database.rows(
    `SELECT max(t) AS t FROM (SELECT max(time) AS t FROM stored_events UNION ALL SELECT max(seen_at) FROM stored_inventory
      UNION ALL SELECT max(seen_at) FROM stored_devices UNION ALL SELECT max(seen_at) FROM stored_people WHERE NOT starts_with(person_ref, '${resumeRef}') UNION ALL SELECT max(applied_at) FROM stored_people)`,
  );
  const last = row?.t ? new Date(String(row.t)) : now;
  return last < now ? last : now;
}

/** Facts as tables, and what is made of them alone: for every `resolve` over the same connection. */
export async function loadReference(database: Database, facts: readonly Fact[]): Promise<void> {
  await loadFacts(database, facts);
  for (const sql of towns) await database.run(sql);
}

const towns = [
  `CREATE OR REPLACE TEMP TABLE towns AS
    SELECT country, region, ascii_name, arg_max(lat, population) AS lat, arg_max(lon, population) AS lon FROM facts.places WHERE region IS NOT NULL GROUP BY ALL`,
  // Where no region is given, only a name that its country has once says where it is: there are many Springfields.
  `CREATE OR REPLACE TEMP TABLE only_towns AS
    SELECT country, ascii_name, any_value(lat) AS lat, any_value(lon) AS lon FROM facts.places
    GROUP BY ALL HAVING max(lat) - min(lat) < 0.5 AND max(lon) - min(lon) < 0.5`,
];

/** Facts as tables `facts.<name>`. */
export async function loadFacts(database: Database, facts: readonly Fact[]): Promise<void> {
  await database.run('CREATE SCHEMA IF NOT EXISTS facts');
  for (const fact of facts) {
    const columns = Object.entries(fact.columns).map(([name, type]) => `${literal(name)}: ${literal(type)}`);
    await database.run(
      `CREATE OR REPLACE TABLE facts.${identifier(fact.table)} AS
         SELECT * FROM read_csv(${literal(fact.csv)}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {${columns.join(', ')}})`,
    );
  }
  for (const [table, columns] of Object.entries(neededFacts)) {
    await database.run(`CREATE TABLE IF NOT EXISTS facts.${table} (${columnList(columns)})`);
  }
}

/** Facts that resolving itself reads; empty where a content folder has none. */
const neededFacts: Record<string, Columns> = {
  countries: { name_key: 'VARCHAR', alpha2: 'VARCHAR' },
  regions: { country: 'VARCHAR', code: 'VARCHAR', name_key: 'VARCHAR' },
  places: {
    ascii_name: 'VARCHAR',
    country: 'VARCHAR',
    region: 'VARCHAR',
    lat: 'DOUBLE',
    lon: 'DOUBLE',
    population: 'BIGINT',
  },
  network_operators: { match_kind: 'VARCHAR', value: 'VARCHAR', kind: 'VARCHAR', operator: 'VARCHAR' },
  network_ranges: { cidr: 'VARCHAR', kind: 'VARCHAR', operator: 'VARCHAR' },
};

/** What is known of single addresses: the company's own networks, and ranges in the facts. */
async function loadNetworks(options: ResolveOptions): Promise<void> {
  const { database, policy } = options;
  await database.run('CREATE OR REPLACE TEMP TABLE known_ips (ip VARCHAR, network VARCHAR)');
  const ranges = [
    ...policy.networks.map((network) => ({
      cidr: network.cidr,
      network: `${network.kind}:${network.name.toLowerCase()}`,
    })),
    ...(await database.rows('SELECT cidr, kind, operator FROM facts.network_ranges ORDER BY ALL')).map(
      (row) => ({
        cidr: String(row.cidr),
        network: row.operator ? `${row.kind}:${String(row.operator).toLowerCase()}` : String(row.kind),
      }),
    ),
  ];
  if (ranges.length === 0) return;
  const lists = ranges.map(({ cidr, network }) => ({ network, list: blockList(cidr) }));
  const rows = await database.rows(
    'SELECT DISTINCT src_ip FROM stored_events WHERE src_ip IS NOT NULL ORDER BY src_ip',
  );
  const found: string[][] = [];
  for (const row of rows) {
    const ip = String(row.src_ip);
    const family = isIPv4(ip) ? 'ipv4' : isIPv6(ip) ? 'ipv6' : undefined;
    const match = family && lists.find(({ list }) => list.check(ip, family));
    if (match) found.push([ip, match.network]);
  }
  await insertPairs(database, 'known_ips', found);
}

function blockList(cidr: string): BlockList {
  const [address = '', length] = cidr.split('/');
  const list = new BlockList();
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
  if (!family) throw new RollcallError('POLICY_INVALID', `"${cidr}" is not an address range`);
  if (length === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(length), family);
  return list;
}

async function insertPairs(database: Database, table: string, pairs: string[][]): Promise<void> {
  for (let from = 0; from < pairs.length; from += 20_000) {
    const width = pairs[0]?.length ?? 0;
    const cells = Array.from({ length: width }, (_, i) => `j ->> ${i}`).join(', ');
    await database.run(
      `INSERT INTO ${table} SELECT ${cells} FROM (SELECT unnest(CAST($pairs AS JSON[])) AS j)`,
      {
        pairs: JSON.stringify(pairs.slice(from, from + 20_000)),
      },
    );
  }
}

const canonicalStep = 'second factors';

/** Second-factor devices in events are written as each source writes them: phones in several ways. */
async function canonicaliseFactors(options: ResolveOptions): Promise<void> {
  const { database, store, policy } = options;
  const context = await identifierContext({
    key: store.key,
    homeCountry: policy.home_country,
    facts: options.facts,
  });
  const rows = await database.rows(
    'SELECT DISTINCT mfa_device FROM stored_events WHERE mfa_device IS NOT NULL ORDER BY mfa_device',
  );
  const pairs = rows.map((row) => {
    const text = String(row.mfa_device);
    return [text, canonical('mfa_device', text, context)?.value ?? text];
  });
  await insertPairs(database, 'factors', pairs);
}

/** Text as the keys of the facts are written: lower case, no accents, words of letters and digits (content/facts/countries.yml). */
const folded = (column: string) =>
  `trim(regexp_replace(replace(replace(translate(lower(strip_accents(${column})), 'łøđðıə', 'loddia'), 'ß', 'ss'), 'æ', 'ae'), '[^a-z0-9]+', ' ', 'g'))`;
/** Words of a name in any script, without case and accents; none are left out for being written in another alphabet. */
const nameWords = (column: string) =>
  `list_filter(string_split(regexp_replace(lower(strip_accents(${column})), '[^\\p{L}\\p{M}\\p{N}]+', ' ', 'g'), ' '), lambda w: w <> '')`;
/** A name as its sorted words, so that "Example, Bo" and "Bo Example" are one; NULL where it has none. */
const nameKey = (column: string) => `nullif(array_to_string(list_sort(${nameWords(column)}), ' '), '')`;
/** Words of file names that say nothing of whose file it is. */
const genericFileWord =
  '(my|the|new|old|final|updated|latest|copy|of|version|v|resume|cv|curriculum|vitae|lebenslauf|cover|letter|application|profile|document|file|scan|img|untitled|download|attachment|pdf|docx?|docm|odt|rtf|txt|md|html?|[0-9]{1,4}|v[0-9]+)';

/** How references begin that résumé files and documents give themselves: they name no candidate. */
const resumeRef = 'resume:';

/** What sources say of a person, beside ids, stage and dates. */
const personColumns = [
  'name',
  'engagement',
  'work_email',
  'personal_email',
  'title',
  'department',
  'manager',
  'vendor',
  'remote',
  'household',
  'claimed_country',
  'claimed_region',
  'claimed_city',
  'claimed_lat',
  'claimed_lon',
] as const;

/** The steps in their order; each builds on the tables of those before it. */
const steps: { what: string; sql: string[] }[] = [
  {
    what: 'people',
    sql: [
      `CREATE OR REPLACE TEMP TABLE applicant_sources AS SELECT DISTINCT source FROM stored_people WHERE stage IN ('applicant', 'offer')`,
      // One row a person and source: of several statements the latest that says anything.
      `CREATE OR REPLACE TEMP TABLE statements AS
        SELECT source IN (SELECT source FROM applicant_sources) AS applicant, person_ref,
          ${['other_ref', 'stage', ...personColumns]
            .map(
              (c) =>
                `arg_max(${c}, (coalesce(seen_at, TIMESTAMP '1970-01-01'), uid)) FILTER (WHERE ${c} IS NOT NULL) AS ${c}`,
            )
            .join(',\n          ')},
          min(applied_at) AS applied_at, max(started_at) AS started_at, max(left_at) AS left_at
        FROM stored_people WHERE person_ref IS NOT NULL AND coalesce(seen_at, applied_at, TIMESTAMP '1970-01-01') <= {as_of} GROUP BY ALL`,
      // A candidate and a worker are one person where HR names the candidate, or e-mail and name agree and are unique.
      `CREATE OR REPLACE TEMP TABLE hires AS
        SELECT a.person_ref AS candidate, h.person_ref AS worker FROM statements a JOIN statements h ON a.applicant AND NOT h.applicant AND h.other_ref = a.person_ref
        UNION
        SELECT min(a.person_ref), min(h.person_ref)
        FROM statements a JOIN statements h ON a.applicant AND NOT h.applicant AND h.other_ref IS NULL AND NOT starts_with(a.person_ref, '${resumeRef}')
          AND a.personal_email = h.personal_email AND ${nameKey('a.name')} = ${nameKey('h.name')}
        GROUP BY a.personal_email, ${nameKey('a.name')} HAVING count(DISTINCT a.person_ref) = 1 AND count(DISTINCT h.person_ref) = 1`,
      `CREATE OR REPLACE TEMP TABLE refs AS
        SELECT s.applicant, s.person_ref,
          CASE WHEN NOT s.applicant THEN s.person_ref
               WHEN h.worker IS NOT NULL THEN h.worker
               WHEN s.person_ref IN (SELECT person_ref FROM statements WHERE NOT applicant) OR s.person_ref IN (SELECT person_ref FROM former_workers) THEN 'applicant ' || s.person_ref
               ELSE s.person_ref END AS person_id
        FROM statements s LEFT JOIN (SELECT candidate, min(worker) AS worker FROM hires GROUP BY candidate) h ON h.candidate = CASE WHEN s.applicant THEN s.person_ref END`,
      // A résumé is of the candidate whose number its file is named after, else of the one whose applicant system states
      // its file name, else of the one person with its e-mail and name. A short number, or a file name that anybody may
      // use, counts only where the name or the mailbox agrees: files are also numbered by scanners, cameras and days.
      `CREATE OR REPLACE TEMP TABLE resume_ties AS
        WITH people_known AS (
          SELECT r.person_id, s.person_ref, s.applicant, s.personal_email, ${nameKey('s.name')} AS name_key, ${nameWords('s.name')} AS name_words
          FROM statements s JOIN refs r ON r.applicant = s.applicant AND r.person_ref = s.person_ref WHERE NOT starts_with(s.person_ref, '${resumeRef}')),
        resumes AS (
          SELECT person_ref, personal_email, ${nameKey('name')} AS name_key, ${nameWords('name')} AS name_words
          FROM statements WHERE starts_with(person_ref, '${resumeRef}')),
        words AS (
          SELECT person_ref, file, string_split(trim(regexp_replace(lower(file), '[^a-z0-9]+', ' ', 'g')), ' ') AS w
          FROM stored_documents WHERE starts_with(person_ref, '${resumeRef}')),
        file_words AS (
          SELECT DISTINCT person_ref, array_to_string(w[i : i + n], ' ') AS word
          FROM words, unnest(range(1, len(w) + 1)) AS starts(i), (VALUES (0), (1), (2)) AS more(n) WHERE i + n <= len(w)),
        stated AS (
          SELECT DISTINCT lower(split_part(file, '/', -1)) AS name, person_ref FROM stored_documents WHERE document IS NULL AND file IS NOT NULL),
        sent AS (
          SELECT DISTINCT lower(split_part(file, '/', -1)) AS name, person_ref, document
          FROM stored_documents WHERE starts_with(person_ref, '${resumeRef}') AND file IS NOT NULL AND document IS NOT NULL),
        found AS (
          SELECT w.person_ref, k.person_id, 1 AS rank,
            regexp_matches(replace(w.word, ' ', ''), '[a-z]') OR (length(replace(w.word, ' ', '')) >= 6
              AND NOT regexp_full_match(replace(w.word, ' ', ''), '(19|20)[0-9]{2}(0[1-9]|1[0-2])([0-3][0-9]([0-9]{4}|[0-9]{6})?)?')) AS sure
          FROM file_words w JOIN people_known k ON k.applicant AND ${folded('k.person_ref')} = w.word
          WHERE length(w.word) >= 4 AND regexp_matches(w.word, '[0-9]') AND NOT regexp_full_match(w.word, '(19|20)[0-9][0-9]')
          UNION
          SELECT d.person_ref, k.person_id, 2, NOT regexp_full_match(trim(regexp_replace(d.name, '[^\\p{L}\\p{N}]+', ' ', 'g')), '${genericFileWord}( ${genericFileWord})*')
          FROM sent d JOIN stated n ON n.name = d.name JOIN people_known k ON k.person_ref = n.person_ref
          WHERE d.name IN (SELECT name FROM sent GROUP BY name HAVING count(DISTINCT document) = 1)
          UNION
          SELECT r.person_ref, k.person_id, 3, true FROM resumes r JOIN people_known k ON k.personal_email = r.personal_email AND k.name_key = r.name_key),
        ties AS (
          SELECT f.person_ref, f.person_id, f.rank FROM found f
          WHERE f.sure OR EXISTS (
            SELECT 1 FROM resumes r JOIN people_known k ON k.person_id = f.person_id
            WHERE r.person_ref = f.person_ref AND (k.personal_email = r.personal_email OR list_has_any(list_filter(k.name_words, lambda w: length(w) > 1 OR NOT regexp_matches(w, '[a-z]')), r.name_words))))
        SELECT person_ref, min(person_id) AS person_id
        FROM (SELECT *, min(rank) OVER (PARTITION BY person_ref) AS best FROM ties) WHERE rank = best
        GROUP BY person_ref HAVING count(DISTINCT person_id) = 1`,
      // Copies of one file, and files with one mailbox and name, are of one person: of the one any of them is tied to, else of one of their own.
      `CREATE OR REPLACE TEMP TABLE resume_persons AS
        WITH own AS (
          SELECT person_ref, regexp_extract(person_ref, '^${resumeRef}([^/]*)', 1) AS document,
            personal_email || '/' || lower(trim(coalesce(name, ''))) AS contact
          FROM statements WHERE applicant AND starts_with(person_ref, '${resumeRef}')),
        of_document AS (
          SELECT o.document, min(t.person_id) AS person_id FROM own o JOIN resume_ties t USING (person_ref) GROUP BY o.document HAVING count(DISTINCT t.person_id) = 1),
        of_contact AS (
          SELECT o.contact, min(t.person_id) AS person_id FROM own o JOIN resume_ties t USING (person_ref) WHERE o.contact IS NOT NULL GROUP BY o.contact HAVING count(DISTINCT t.person_id) = 1)
        SELECT o.person_ref, coalesce(t.person_id, d.person_id, c.person_id, '${resumeRef}' || coalesce(o.contact, o.document)) AS person_id
        FROM own o LEFT JOIN resume_ties t USING (person_ref) LEFT JOIN of_document d ON d.document = o.document LEFT JOIN of_contact c ON c.contact = o.contact`,
      `UPDATE refs SET person_id = t.person_id FROM resume_persons t WHERE refs.applicant AND refs.person_ref = t.person_ref`,
      // References used by a source: its own kind of id first.
      `CREATE OR REPLACE TEMP TABLE ref_of_source AS
        SELECT source, person_ref, person_id FROM (
          SELECT s.source, r.person_ref, r.person_id,
            row_number() OVER (PARTITION BY s.source, r.person_ref ORDER BY r.applicant = s.applicant DESC, r.person_id) AS nth
          FROM refs r CROSS JOIN (
            SELECT DISTINCT source, source IN (SELECT source FROM applicant_sources) AS applicant FROM (
              SELECT source FROM stored_people UNION SELECT source FROM stored_identifiers UNION SELECT source FROM stored_documents UNION SELECT source FROM stored_claims UNION SELECT DISTINCT source FROM stored_events
              UNION SELECT source FROM stored_accounts UNION SELECT source FROM stored_devices)) s)
        WHERE nth = 1`,
      `CREATE OR REPLACE TABLE people AS
        WITH merged AS (
          SELECT r.person_id,
            ${personColumns
              .map(
                (c) =>
                  `arg_min(s.${c}, (s.applicant, starts_with(s.person_ref, '${resumeRef}'), s.person_ref)) FILTER (WHERE s.${c} IS NOT NULL) AS ${c}`,
              )
              .join(',\n            ')},
            max(s.stage) FILTER (WHERE s.applicant) AS applicant_stage, bool_or(NOT s.applicant) AS worker,
            min(s.applied_at) AS applied_at, max(s.started_at) AS started_at, max(s.left_at) AS left_at
          FROM statements s JOIN refs r ON r.applicant = s.applicant AND r.person_ref = s.person_ref GROUP BY r.person_id),
        placed AS (
          SELECT m.* REPLACE (coalesce(c.alpha2, upper(CASE WHEN length(m.claimed_country) = 2 THEN m.claimed_country END), m.claimed_country) AS claimed_country)
          FROM merged m LEFT JOIN facts.countries c ON c.name_key = ${folded('m.claimed_country')}),
        regioned AS (
          SELECT m.* REPLACE (coalesce(g.code, m.claimed_region) AS claimed_region)
          FROM placed m LEFT JOIN facts.regions g ON g.country = m.claimed_country AND g.name_key = ${folded('m.claimed_region')})
        SELECT m.person_id, m.name,
          CASE WHEN NOT m.worker THEN coalesce(m.applicant_stage, 'applicant')
               WHEN m.left_at <= {as_of} THEN 'left'
               WHEN m.started_at IS NULL THEN 'employed'
               WHEN m.started_at > {as_of} + INTERVAL 30 DAY THEN 'offer'
               WHEN m.started_at > {as_of} - INTERVAL 30 DAY THEN 'onboarding'
               ELSE 'employed' END AS stage,
          coalesce(m.engagement, 'employee') AS engagement, m.work_email, m.personal_email, m.title, m.department, m.manager, m.vendor, m.remote, m.household,
          m.claimed_country, m.claimed_region, m.claimed_city, coalesce(m.claimed_lat, p.lat, q.lat) AS claimed_lat, coalesce(m.claimed_lon, p.lon, q.lon) AS claimed_lon,
          m.applied_at, m.started_at, CASE WHEN m.left_at <= {as_of} THEN m.left_at END AS left_at
        FROM regioned m
        LEFT JOIN towns p ON p.country = m.claimed_country AND p.region = m.claimed_region AND p.ascii_name = ${folded('m.claimed_city')}
        -- An equality alone: with a condition of its own the join would compare every person with every town.
        LEFT JOIN only_towns q ON q.country = CASE WHEN p.lat IS NULL THEN m.claimed_country END AND q.ascii_name = ${folded('m.claimed_city')}
        ORDER BY m.person_id`,
    ],
  },
  {
    what: 'accounts',
    sql: [
      // Each way of tying an account, the surest first; where the surest names two people, it ties to nobody.
      `CREATE OR REPLACE TEMP TABLE ties AS
        SELECT a.account, r.person_id, CASE WHEN a.source = 'account-map' THEN 1 ELSE 2 END AS rank,
          CASE WHEN a.source = 'account-map' THEN 'explicit map' ELSE 'HR id' END AS basis, a.source
        FROM stored_accounts a JOIN ref_of_source r ON r.source = a.source AND r.person_ref = a.person_ref
        UNION ALL
        SELECT p.work_email, p.person_id, 3, 'work email', 'people' FROM people p WHERE p.work_email IS NOT NULL
        UNION ALL
        SELECT a.account, p.person_id, 4, 'SAML name id', a.source FROM stored_accounts a JOIN people p ON lower(a.saml_name_id) = p.work_email
        UNION ALL
        SELECT a.account, p.person_id, 5, 'e-mail of the account', a.source FROM stored_accounts a JOIN people p ON lower(a.email) = p.work_email`,
      `CREATE OR REPLACE TABLE accounts AS
        SELECT account, min(person_id) AS person_id, min(basis) AS basis, min(source) AS source
        FROM (SELECT *, min(rank) OVER (PARTITION BY account) AS best FROM ties WHERE account IS NOT NULL)
        WHERE rank = best GROUP BY account HAVING count(DISTINCT person_id) = 1 ORDER BY account`,
      `CREATE OR REPLACE TEMP TABLE disputed_accounts AS
        SELECT account, count(DISTINCT person_id) AS people FROM (SELECT *, min(rank) OVER (PARTITION BY account) AS best FROM ties WHERE account IS NOT NULL)
        WHERE rank = best GROUP BY account HAVING count(DISTINCT person_id) > 1`,
    ],
  },
  {
    what: 'devices',
    sql: [
      // A device goes by its serial where any source gives one; host names and hardware ids lead to it where unique.
      `CREATE OR REPLACE TEMP TABLE device_rows AS
        SELECT upper(serial) AS serial, upper(hardware_uuid) AS hardware_uuid, upper(hostname) AS host, upper(device_ref) AS ref, * EXCLUDE (serial, hardware_uuid)
        FROM stored_devices WHERE coalesce(seen_at, TIMESTAMP '1970-01-01') <= {as_of}`,
      `CREATE OR REPLACE TEMP TABLE serial_of AS
        SELECT key, min(serial) AS serial FROM (
          SELECT unnest([serial, hardware_uuid, host, ref]) AS key, serial FROM device_rows WHERE serial IS NOT NULL)
        WHERE key IS NOT NULL GROUP BY key HAVING count(DISTINCT serial) = 1`,
      `CREATE OR REPLACE TEMP TABLE device_known AS
        SELECT d.*, coalesce(d.serial, u.serial, f.serial, h.serial, d.hardware_uuid, d.ref, d.host) AS device_id
        FROM device_rows d LEFT JOIN serial_of u ON u.key = d.hardware_uuid LEFT JOIN serial_of f ON f.key = d.ref LEFT JOIN serial_of h ON h.key = d.host`,
      `CREATE OR REPLACE TEMP TABLE device_keys AS
        SELECT key, min(device_id) AS device_id FROM (SELECT unnest([device_id, serial, hardware_uuid, ref, host]) AS key, device_id FROM device_known)
        WHERE key IS NOT NULL GROUP BY key HAVING count(DISTINCT device_id) = 1`,
      `CREATE OR REPLACE TEMP TABLE holders AS
        SELECT d.device_id, coalesce(a.person_id, r.person_id) AS person_id, d.seen_at, d.source, d.uid
        FROM device_known d
        LEFT JOIN accounts a ON a.account = lower(d.assigned_to)
        LEFT JOIN ref_of_source r ON r.source = d.source AND r.person_ref = d.assigned_to
        WHERE d.assigned_to IS NOT NULL AND coalesce(a.person_id, r.person_id) IS NOT NULL`,
      `CREATE OR REPLACE TABLE devices AS
        SELECT k.device_id, any_value(h.person_id) AS person_id,
          ${['serial', 'hostname', 'kind', 'model', 'os', 'os_version', 'managed', 'compliant', 'last_ip']
            .map(
              (c) =>
                `arg_max(k.${c}, (coalesce(k.seen_at, TIMESTAMP '1970-01-01'), k.uid)) FILTER (WHERE k.${c} IS NOT NULL) AS ${c}`,
            )
            .join(',\n          ')},
          min(k.enrolled_at) AS enrolled_at, max(k.seen_at) AS seen_at, string_agg(DISTINCT k.source, ', ' ORDER BY k.source) AS source
        FROM device_known k
        LEFT JOIN (SELECT device_id, arg_max(person_id, (coalesce(seen_at, TIMESTAMP '1970-01-01'), uid)) AS person_id FROM holders GROUP BY device_id) h USING (device_id)
        GROUP BY k.device_id ORDER BY k.device_id`,
    ],
  },
  {
    what: canonicalStep,
    sql: ['CREATE OR REPLACE TEMP TABLE factors (written VARCHAR, value VARCHAR)'],
  },
  {
    what: 'events',
    sql: [
      `CREATE OR REPLACE TEMP TABLE asn_networks AS
        SELECT try_cast(replace(upper(value), 'AS', '') AS BIGINT) AS asn, min(kind) AS kind, min(lower(operator)) AS operator
        FROM facts.network_operators WHERE match_kind = 'asn' GROUP BY ALL`,
      `CREATE OR REPLACE TEMP TABLE org_networks AS
        SELECT o.src_as_org, arg_min(n.kind, (length(n.value) * -1, n.value)) AS kind, lower(arg_min(n.operator, (length(n.value) * -1, n.value))) AS operator
        FROM (SELECT DISTINCT src_as_org FROM stored_events WHERE src_as_org IS NOT NULL) o
        JOIN facts.network_operators n ON n.match_kind = 'org' AND lower(o.src_as_org) LIKE lower(n.value) GROUP BY ALL`,
      `CREATE OR REPLACE TEMP TABLE said_networks AS
        SELECT s.src_network, min(n.kind || ':' || lower(n.operator)) AS network
        FROM (SELECT DISTINCT src_network FROM stored_events WHERE src_network IS NOT NULL) s
        JOIN facts.network_operators n ON n.match_kind = 'said' AND s.src_network LIKE n.value GROUP BY ALL`,
      `CREATE OR REPLACE TEMP TABLE spots AS
        WITH written AS (SELECT DISTINCT src_country, src_region, src_city FROM stored_events WHERE src_country IS NOT NULL OR src_city IS NOT NULL),
        country AS (
          SELECT w.*, coalesce(c.alpha2, CASE WHEN length(w.src_country) = 2 THEN upper(w.src_country) END, w.src_country) AS country
          FROM written w LEFT JOIN facts.countries c ON c.name_key = ${folded('w.src_country')}),
        region AS (
          SELECT c.*, coalesce(g.code, c.src_region) AS region
          FROM country c LEFT JOIN facts.regions g ON g.country = c.country AND g.name_key = ${folded('c.src_region')})
        SELECT r.*, coalesce(p.lat, q.lat) AS lat, coalesce(p.lon, q.lon) AS lon FROM region r
        LEFT JOIN towns p ON p.country = r.country AND p.region = r.region AND p.ascii_name = ${folded('r.src_city')}
        LEFT JOIN only_towns q ON q.country = CASE WHEN p.lat IS NULL THEN r.country END AND q.ascii_name = ${folded('r.src_city')}`,
      `CREATE OR REPLACE TABLE events AS
        SELECT e.uid AS event_uid, e.time, e.source, e.class_uid, e.activity, e.action, e.outcome, e.account,
          coalesce(a.person_id, r.person_id, d.person_id) AS person_id,
          coalesce(k.device_id, upper(e.device_ref)) AS device_id,
          e.device_token, coalesce(f.value, e.mfa_device) AS mfa_device, e.session_id, e.src_ip,
          coalesce(s.country, e.src_country) AS src_country, coalesce(s.region, e.src_region) AS src_region, e.src_city,
          CASE WHEN e.src_lat = 0 AND e.src_lon = 0 THEN NULL ELSE coalesce(e.src_lat, s.lat) END AS src_lat,
          CASE WHEN e.src_lat = 0 AND e.src_lon = 0 THEN NULL ELSE coalesce(e.src_lon, s.lon) END AS src_lon,
          e.src_asn, e.src_as_org,
          CASE WHEN i.network IS NOT NULL THEN i.network
               WHEN coalesce(n.kind, o.kind) IN ('relay', 'satellite', 'mobile', 'security_gateway') THEN coalesce(n.kind, o.kind) || ':' || coalesce(n.operator, o.operator)
               WHEN t.network IS NOT NULL THEN t.network
               WHEN e.src_network LIKE 'vpn%' THEN regexp_replace(replace(e.src_network, '_', ' '), ' (vpn|proxy)$', '')
               WHEN coalesce(n.kind, o.kind) IS NOT NULL THEN coalesce(n.kind, o.kind) || ':' || coalesce(n.operator, o.operator)
               ELSE e.src_network END AS src_network,
          e.user_agent, e.target, e.target_kind, e.detail, e.count
        FROM stored_events e
        LEFT JOIN accounts a ON a.account = e.account
        LEFT JOIN ref_of_source r ON r.source = e.source AND r.person_ref = e.person_ref
        LEFT JOIN device_keys k ON k.key = upper(e.device_ref)
        -- One equality: with conditions of its own the join would compare every event with every device.
        LEFT JOIN devices d ON d.device_id = CASE WHEN e.account IS NULL AND e.person_ref IS NULL THEN k.device_id END
        LEFT JOIN factors f ON f.written = e.mfa_device
        LEFT JOIN spots s ON s.src_country IS NOT DISTINCT FROM e.src_country AND s.src_region IS NOT DISTINCT FROM e.src_region AND s.src_city IS NOT DISTINCT FROM e.src_city
        LEFT JOIN known_ips i ON i.ip = e.src_ip
        LEFT JOIN asn_networks n ON n.asn = e.src_asn
        LEFT JOIN org_networks o ON o.src_as_org = e.src_as_org
        LEFT JOIN said_networks t ON t.src_network = e.src_network
        WHERE e.time <= {as_of}`,
      // Not every source says what network an address belongs to: what one says of it holds for the others.
      `CREATE OR REPLACE TEMP TABLE labelled_ips AS
        SELECT src_ip, min(src_network) AS network FROM events WHERE src_network IS NOT NULL GROUP BY src_ip HAVING count(DISTINCT src_network) = 1`,
      `UPDATE events SET src_network = l.network FROM labelled_ips l WHERE events.src_network IS NULL AND l.src_ip = events.src_ip`,
    ],
  },
  {
    what: 'inventory',
    sql: [
      `CREATE OR REPLACE TABLE inventory AS
        SELECT coalesce(k.device_id, upper(i.device_ref)) AS device_id, d.person_id, i.kind, i.key, i.value, i.detail, coalesce(i.present, true) AS present, i.seen_at, i.source
        FROM stored_inventory i LEFT JOIN device_keys k ON k.key = upper(i.device_ref) LEFT JOIN devices d ON d.device_id = k.device_id
        WHERE coalesce(i.seen_at, TIMESTAMP '1970-01-01') <= {as_of}`,
    ],
  },
  {
    what: 'résumés',
    sql: [
      `CREATE OR REPLACE TABLE passages (${columnList(derivedTables.passages)})`,
      ...['documents', 'claims', 'traces'].map(
        (table) =>
          `CREATE OR REPLACE TABLE ${table} AS
          SELECT DISTINCT r.person_id, ${Object.keys(resolvedTables[table as 'claims'])
            .filter((column) => column !== 'person_id')
            .map((column) => `d.${column}`)
            .join(', ')}
          FROM stored_${table} d JOIN ref_of_source r ON r.source = d.source AND r.person_ref = d.person_ref
          WHERE coalesce(d.seen_at, TIMESTAMP '1970-01-01') <= {as_of}${table === 'documents' ? ' AND d.document IS NOT NULL' : ''} ORDER BY ALL`,
      ),
    ],
  },
  {
    what: 'identifiers',
    sql: [
      `CREATE OR REPLACE TABLE identifiers AS
        WITH gathered AS (
          SELECT coalesce(a.person_id, r.person_id, d.person_id) AS person_id, i.kind, i.value, i.label, i.context, i.source, i.first_seen, i.last_seen
          FROM stored_identifiers i
          LEFT JOIN accounts a ON a.account = lower(i.account)
          LEFT JOIN ref_of_source r ON r.source = i.source AND r.person_ref = i.person_ref
          LEFT JOIN device_keys k ON k.key = upper(i.device_ref)
          LEFT JOIN devices d ON d.device_id = k.device_id
          WHERE coalesce(i.first_seen, TIMESTAMP '1970-01-01') <= {as_of}
          UNION ALL
          SELECT person_id, 'egress_ip', src_ip, src_ip, action, source, min(time), max(time) FROM events
          WHERE src_ip IS NOT NULL AND person_id IS NOT NULL AND outcome <> 'failure' AND action IN ('signin', 'mfa.challenge', 'session.start', 'meeting.join', 'application.submit', 'repo.clone', 'repo.push')
            AND NOT regexp_matches(src_ip, ${literal(notPublicIp)})
          GROUP BY ALL
          UNION ALL
          SELECT person_id, 'device_token', device_token, device_token, action, source, min(time), max(time) FROM events
          WHERE device_token IS NOT NULL AND person_id IS NOT NULL AND outcome <> 'failure' GROUP BY ALL
          UNION ALL
          SELECT person_id, 'mfa_device', mfa_device, mfa_device, action, source, min(time), max(time) FROM events
          WHERE mfa_device IS NOT NULL AND person_id IS NOT NULL AND outcome <> 'failure' GROUP BY ALL
          UNION ALL
          SELECT h.person_id, 'device_serial', d.serial, d.serial, 'assigned', h.source, min(h.seen_at), max(h.seen_at)
          FROM holders h JOIN devices d USING (device_id) WHERE d.serial IS NOT NULL GROUP BY ALL)
        SELECT person_id, kind, value, min(label) AS label, context, source, min(first_seen) AS first_seen, max(coalesce(last_seen, first_seen)) AS last_seen
        FROM gathered WHERE person_id IS NOT NULL AND value IS NOT NULL GROUP BY ALL ORDER BY ALL`,
    ],
  },
];

/** What could not be tied to a person, most events first. */
export async function untied(
  database: Database,
): Promise<{ kind: string; value: string; source: string; events: number; reason: string }[]> {
  const rows = await database.rows(
    `SELECT * FROM (
       SELECT 'account' AS kind, e.account AS value, e.source, count(*) AS events,
         CASE WHEN any_value(x.people) IS NOT NULL THEN 'claimed by ' || any_value(x.people) || ' people' ELSE 'no person has this work e-mail, SAML name id or mapped account' END AS reason
       FROM events e LEFT JOIN disputed_accounts x ON x.account = e.account WHERE e.account IS NOT NULL AND e.person_id IS NULL GROUP BY ALL
       UNION ALL
       SELECT 'device', device_id, source, 0, 'assigned to nobody that is known' FROM devices WHERE person_id IS NULL
       UNION ALL
       SELECT 'person_ref', s.person_ref, s.source, count(*), 'no person has this id' FROM stored_events s
       LEFT JOIN ref_of_source r ON r.source = s.source AND r.person_ref = s.person_ref
       WHERE s.person_ref IS NOT NULL AND r.person_id IS NULL GROUP BY ALL)
     ORDER BY events DESC, kind, value, source`,
  );
  return rows.map((row) => ({
    kind: String(row.kind),
    value: String(row.value),
    source: String(row.source),
    events: Number(row.events),
    reason: String(row.reason),
  }));
}

/**
 * Only whose is what: tables `refs`, `ref_of_source`, `accounts`, `devices`, `device_keys` and `holders`, from the views
 * `stored_<table>` as they stand.
 */
export async function tie(database: Database): Promise<void> {
  for (const step of steps.slice(
    0,
    steps.findIndex(({ what }) => what === canonicalStep),
  ))
    for (const sql of step.sql) await database.run(sql.replaceAll('{as_of}', "TIMESTAMP '9999-01-01'"));
}

/** Creates empty resolved tables, for tests of detections. */
export async function createResolvedTables(database: Database): Promise<void> {
  for (const [table, columns] of Object.entries({ ...resolvedTables, ...derivedTables })) {
    await database.run(`CREATE OR REPLACE TABLE ${table} (${columnList(columns)})`);
  }
}
