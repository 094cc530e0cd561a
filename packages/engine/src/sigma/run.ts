import { isCorrelation, type PlannedCorrelation, type PlannedRule } from '@rollcall/sigma';
import type { Detection } from '../content/detection.js';
import type { Content } from '../content/load.js';
import { type Database, literal } from '../lake/duckdb.js';
import type { Policy } from '../model/policy.js';
import type { SigmaSummary } from '../model/result.js';
import type { Unable } from '../signals/run.js';
import { fieldMacros } from './columns.js';
import { correlate } from './correlations.js';
import { creditOf, detectionOf, weighed } from './detection.js';
import { type FieldMap, type Log, logSourceText, reads } from './field-map.js';
import { type Keep, keptOf } from './kept-hits.js';
import { sweepKept } from './kept-parts.js';
import { keptPromising } from './kept-promising.js';
import { coveredRules, ownPack, reportsOf } from './own.js';
import { type Pack, readPack } from './pack.js';
import { type Refusal, type RuleEntry, readRules } from './rules.js';
import { type MappedRule, scanTable } from './table-scan.js';

export interface SigmaOptions {
  readonly database: Database;
  readonly content: Content;
  readonly policy: Policy;
  /** Folders (or files) of rules beside those of the policy. */
  readonly directories: readonly string[];
  readonly asOf: Date;
  /** Where hits are kept from scan to scan; absent: every event is asked anew. */
  readonly keep?: Keep;
  readonly onStep?: (step: string) => void;
}

export interface SigmaRun {
  /** What became of the rules of packs and folders; absent where there are none. */
  readonly summary?: SigmaSummary;
  /** One for each rule that fits something: their queries read tables that this run left. */
  readonly detections: Detection[];
  /** The detections of content that are written in Sigma and could be asked, now with a query. */
  readonly own: Detection[];
  /** Those that could not. */
  readonly unable: ReadonlyMap<string, Unable>;
}

/** Which packs are on, as the policy says; those that ship are on unless it says otherwise. */
export function packIsOn(pack: Pack, policy: Policy): boolean {
  return policy.sigma.packs[pack.id] !== 'off';
}

/** Folders of rules that were given, by the policy and by the caller, each once. */
export async function givenPacks(policy: Policy, directories: readonly string[]): Promise<Pack[]> {
  const given = new Map<string, string | undefined>(directories.map((path) => [path, undefined]));
  for (const { path, license } of policy.sigma.directories) given.set(path, given.get(path) ?? license);
  const packs: Pack[] = [];
  for (const [path, license] of given) packs.push(await readPack(path, path, license));
  return packs;
}

/**
 * Runs Sigma rules over the events of the lake, one pass for each log source, and accounts for every rule: it ran, or why
 * not. Expects the tables of `resolve` and the view `stored_events`.
 */
export async function runSigma(options: SigmaOptions): Promise<SigmaRun | undefined> {
  const { database, content, policy } = options;
  const given = await givenPacks(policy, options.directories);
  const shipped = content.packs;
  const own = ownPack(content.detections);
  if (given.length === 0 && shipped.length === 0 && own === undefined) return undefined;
  const on = [...shipped.filter((pack) => packIsOn(pack, policy)), ...given];
  const book = readRules(own ? [...on, own] : on, policy, coveredRules(content.detections));
  const reports = reportsOf(book.entries);
  // A detection reports also where a company's correlation reads its rule.
  const silent = new Set([...book.set.silent].filter((planned) => !reports.has(planned)));
  const cut = `TIMESTAMP ${literal(options.asOf.toISOString().slice(0, 23).replace('T', ' '))}`;

  const plans = plansOf(book.entries);
  const numbers = new Map(book.set.rules.map((rule, i) => [rule, i]));
  const feeds = heldFields(plans);
  const wanted = new Set<PlannedRule>();
  for (const [planned, entry] of plans) {
    if (isCorrelation(planned) || entry.refusal) continue;
    if (feeds.has(planned) || !(entry.off || silent.has(planned))) wanted.add(planned);
  }

  const counts = await database.rows('SELECT source, count(*) AS n FROM stored_events GROUP BY source');
  const present = new Set(counts.map((row) => String(row.source)));
  const routes = route(wanted, plans, content.fieldMaps, present);

  for (const macro of fieldMacros) await database.run(macro);
  const held = heldColumns(feeds);
  const hits: string[] = [];
  const asked: string[] = [];
  const ran = new Map<PlannedRule, FieldMap>();
  const refused = new Map<PlannedRule, Refusal>();
  for (const map of content.fieldMaps) {
    const own = routes.get(map);
    if (own === undefined) continue;
    options.onStep?.(`Sigma rules: ${map.title}`);
    const rules: MappedRule[] = own.map(({ rule, logs }) => ({
      number: numbers.get(rule) as number,
      rule,
      logs,
      held: feeds.get(rule) ?? [],
    }));
    const found = await scanTable({
      database,
      map,
      connector: content.connectors.find((connector) => connector.id === map.source),
      rules,
      held,
      cut,
      ...(options.keep ? { keep: options.keep } : {}),
    });
    if (found.hits !== undefined) hits.push(found.hits);
    if (found.asked !== undefined) asked.push(`${map.id} ${found.asked}`);
    for (const { number, rule } of rules) {
      const refusal = found.refusals.get(number);
      if (refusal === undefined) ran.set(rule, ran.get(rule) ?? map);
      else refused.set(rule, refusal);
    }
  }
  for (const [rule, refusal] of refused) {
    const entry = plans.get(rule);
    if (entry && !ran.has(rule)) entry.refusal = refusal;
  }

  await database.run(hitsView(hits, held));
  await database.run(
    `CREATE OR REPLACE TEMP VIEW sigma_hits AS SELECT * EXCLUDE (file) FROM sigma_all WHERE time <= ${cut}`,
  );

  const correlations = book.set.correlations.filter((planned) => runnable(planned, plans));
  options.onStep?.('Sigma correlations');
  await correlate({
    database,
    set: { ...book.set, silent },
    correlations,
    held,
    cut,
    ...(options.keep ? { keep: { ...options.keep, asked } } : {}),
  });
  if (options.keep)
    await sweepKept(options.keep.lake, [keptPromising, ...[...routes.keys()].map(({ id }) => keptOf(id))]);

  const loud = [...ran.keys()].filter((rule) => !silent.has(rule) && plans.get(rule)?.off === false);
  await findPersons(
    database,
    policy,
    loud.map((rule) => numbers.get(rule) as number),
  );
  const done: Finished = {
    database,
    policy,
    shipped,
    on,
    entries: book.entries.filter(({ pack }) => pack !== own),
    silent,
    numbers: new Map<Planned, number>([...numbers, ...correlations.map((rule, i) => [rule, i] as const)]),
    ran,
  };
  const concluded = await conclude(done);
  return {
    ...(given.length > 0 || shipped.length > 0 ? { summary: concluded.summary } : {}),
    detections: concluded.detections,
    ...ownDetections(content.detections, plans, reports, done.numbers),
  };
}

/** Detections in Sigma as they are in their files, with the hits of their rules as the query. */
function ownDetections(
  detections: readonly Detection[],
  plans: ReadonlyMap<Planned, RuleEntry>,
  reports: ReadonlyMap<Planned, string>,
  numbers: ReadonlyMap<Planned, number>,
): { own: Detection[]; unable: Map<string, Unable> } {
  const own: Detection[] = [];
  const unable = new Map<string, Unable>();
  const byId = new Map(detections.map((detection) => [detection.id, detection]));
  for (const [planned, id] of reports) {
    const [detection, entry, number] = [byId.get(id), plans.get(planned), numbers.get(planned)];
    if (detection === undefined || entry === undefined) continue;
    if (entry.refusal || number === undefined) {
      unable.set(id, whyUnable(planned, plans));
      continue;
    }
    const hits = hitsOf(planned, number);
    const authored = [entry, ...plans.values()].find(
      ({ pack, file, loaded }) => pack === entry.pack && file === id && loaded.rule.author,
    );
    own.push({
      ...detection,
      query: detection.about === 'person' ? hits.ofPersons : hits.ofAnybody,
      ...(authored ? { rule: creditOf(authored) } : {}),
    });
  }
  return { own, unable };
}

/** What keeps a rule from running, down to the rules that it reads. */
function whyUnable(planned: Planned, plans: ReadonlyMap<Planned, RuleEntry>): Unable {
  const refusals: Refusal[] = [];
  const look = (at: Planned): void => {
    const refusal = plans.get(at)?.refusal;
    if (refusal && refusal.reason !== 'reference') refusals.push(refusal);
    if (isCorrelation(at)) at.inputs.forEach(look);
  };
  look(planned);
  const failed = refusals.find(({ lacks }) => lacks === undefined);
  if (failed || refusals.length === 0) return { problem: failed?.why ?? 'its rule could not run' };
  return { missing: [...new Set(refusals.flatMap(({ lacks }) => lacks ?? []))] };
}

type Planned = PlannedRule | PlannedCorrelation;

function plansOf(entries: readonly RuleEntry[]): Map<Planned, RuleEntry> {
  const plans = new Map<Planned, RuleEntry>();
  for (const entry of entries) if (entry.planned) plans.set(entry.planned, entry);
  return plans;
}

/** For every rule that feeds a correlation that is wanted: the fields to keep beside its hits. */
function heldFields(plans: ReadonlyMap<Planned, RuleEntry>): Map<PlannedRule, string[]> {
  const held = new Map<PlannedRule, Set<string>>();
  const feed = (planned: PlannedCorrelation, fields: ReadonlySet<string>): void => {
    planned.inputs.forEach((input, i) => {
      const own = new Set([...fields, ...(planned.groupFields[i] ?? []), ...planned.rule.countedFields]);
      if (isCorrelation(input)) feed(input, own);
      else held.set(input, new Set([...(held.get(input) ?? []), ...own]));
    });
  };
  for (const [planned, entry] of plans) {
    if (isCorrelation(planned) && !entry.off && !entry.refusal) feed(planned, new Set());
  }
  return new Map([...held].map(([rule, fields]) => [rule, [...fields].sort()]));
}

/** A column of `sigma_all` for each field that is kept beside hits. */
export function heldColumns(feeds: ReadonlyMap<PlannedRule, readonly string[]>): Map<string, string> {
  const fields = [...new Set([...feeds.values()].flat())].sort();
  return new Map(fields.map((field, i) => [field, `h${i}`]));
}

/** `sigma_all`: the hits of all maps, with a column of texts for each field that is kept beside them. */
export function hitsView(hits: readonly string[], held: ReadonlyMap<string, string>): string {
  const none = `SELECT CAST(NULL AS VARCHAR) AS source, CAST(NULL AS VARCHAR) AS file, CAST(NULL AS VARCHAR) AS uid, CAST(NULL AS TIMESTAMP) AS time,
    CAST(NULL AS INTEGER[]) AS rules${[...held.values()].map((column) => `, CAST(NULL AS VARCHAR[]) AS ${column}`).join('')} LIMIT 0`;
  return `CREATE OR REPLACE TEMP VIEW sigma_all AS (${none})${hits.map((one) => ` UNION ALL BY NAME (${one})`).join('')}`;
}

interface Routed {
  rule: PlannedRule;
  logs: Log[];
}

/** Which map reads each rule. A rule that none reads is refused. */
function route(
  rules: ReadonlySet<PlannedRule>,
  plans: ReadonlyMap<Planned, RuleEntry>,
  maps: readonly FieldMap[],
  present: ReadonlySet<string>,
): Map<FieldMap, Routed[]> {
  const routes = new Map<FieldMap, Routed[]>();
  for (const rule of rules) {
    const { logsource } = rule.rule;
    const found = maps.flatMap((map) => {
      const logs = map.logs.filter((log) => reads(logsource, log));
      return logs.length > 0 ? [{ map, logs }] : [];
    });
    const ready = found.filter(({ map }) => present.has(map.source));
    for (const { map, logs } of ready) {
      const list = routes.get(map);
      if (list) list.push({ rule, logs });
      else routes.set(map, [{ rule, logs }]);
    }
    const entry = plans.get(rule);
    if (entry === undefined || ready.length > 0) continue;
    entry.refusal =
      found.length > 0
        ? {
            reason: 'data',
            why: `no records of ${found.map(({ map }) => map.title).join(' or ')} in the lake`,
            lacks: `records of ${found.map(({ map }) => map.title).join(' or ')}`,
          }
        : { reason: 'logsource', why: `no field map for ${logSourceText(logsource)}` };
  }
  return routes;
}

/** Whether all a correlation reads has run; where not, it is refused. */
function runnable(planned: PlannedCorrelation, plans: ReadonlyMap<Planned, RuleEntry>): boolean {
  const entry = plans.get(planned);
  if (entry === undefined || entry.refusal) return false;
  for (const input of planned.inputs) {
    const of = plans.get(input);
    if (of === undefined || of.refusal) {
      entry.refusal = {
        reason: 'reference',
        why: `it reads “${input.rule.title}”, which could not run${of?.refusal ? `: ${of.refusal.why}` : ''}`,
      };
      return false;
    }
  }
  return true;
}

/** Ties hits and firings to persons: `sigma_found`, a row for each event and rule, and `sigma_fired`, one for each firing and person. */
async function findPersons(database: Database, policy: Policy, loud: readonly number[]): Promise<void> {
  const those = `CAST([${loud.join(', ')}] AS INTEGER[])`;
  await database.run(
    `CREATE OR REPLACE TABLE sigma_found AS
       SELECT h.rule, e.person_id, h.time, h.source, e.activity, e.account, e.device_id AS device, e.src_ip AS address, e.target
       FROM (SELECT DISTINCT unnest(list_intersect(rules, ${those})) AS rule, source, uid, time FROM sigma_hits WHERE list_has_any(rules, ${those})) h
       JOIN events e ON e.event_uid = h.uid AND e.source = h.source`,
  );
  await database.run(
    `CREATE OR REPLACE TABLE sigma_fired AS
       WITH members AS (
         SELECT f.rule, f.firing, any_value(f.key) AS key, any_value(f.value) AS value, e.person_id, min(e.time) AS since, max(e.time) AS time,
           count(DISTINCT s.ref) AS events, string_agg(DISTINCT e.account, ', ' ORDER BY e.account) AS account
         FROM sigma_firings f JOIN sigma_sequence s ON s.ref = f.ref JOIN events e ON e.event_uid = s.uid AND e.source = s.source
         GROUP BY f.rule, f.firing, e.person_id),
       sizes AS (SELECT rule, firing, count(person_id) AS persons FROM members GROUP BY ALL)
       SELECT m.rule, m.firing, m.person_id, m.since, m.time, m.account, m.events, m.key, m.value, o.person_id AS other, z.persons
       FROM members m JOIN sizes z ON z.rule = m.rule AND z.firing = m.firing
       LEFT JOIN members o ON o.rule = m.rule AND o.firing = m.firing AND o.person_id <> m.person_id AND z.persons <= ${policy.common_value}`,
  );
}

interface Finished {
  database: Database;
  policy: Policy;
  shipped: readonly Pack[];
  on: readonly Pack[];
  entries: readonly RuleEntry[];
  silent: ReadonlySet<Planned>;
  /** Of rules and of correlations, each counted by themselves. */
  numbers: ReadonlyMap<Planned, number>;
  ran: ReadonlyMap<PlannedRule, FieldMap>;
}

const foundColumns = 'person_id, time, source, activity, account, device, address, target';
const firedColumns = 'person_id, since, time, account, events, key, value, other';

/** What selects the hits of a rule: those of persons, those of nobody known, and all of them without persons. */
function hitsOf(
  planned: Planned,
  number: number,
): { ofPersons: string; ofNobody: string; ofAnybody: string } {
  const [columns, times, nobody] = isCorrelation(planned)
    ? [firedColumns, 'count(DISTINCT firing) OVER', 'persons = 0']
    : [foundColumns, 'count(*) OVER', 'person_id IS NULL'];
  const from = `FROM ${isCorrelation(planned) ? 'sigma_fired' : 'sigma_found'} WHERE rule = ${number}`;
  const without = columns.replace('person_id, ', '').replace(', other', '');
  const anybody = `SELECT ${without}, ${times} () AS times ${from}`;
  return {
    ofPersons: `SELECT ${columns}, ${times} (PARTITION BY person_id) AS times ${from} AND person_id IS NOT NULL`,
    ofNobody: `SELECT DISTINCT * FROM (${anybody} AND ${nobody})`,
    ofAnybody: `SELECT DISTINCT * FROM (${anybody})`,
  };
}

async function conclude(done: Finished): Promise<{ summary: SigmaSummary; detections: Detection[] }> {
  const { database, entries, ran } = done;
  const found = await tally(
    database,
    'SELECT rule, count(*) AS hits, count(DISTINCT person_id) AS people, count(*) FILTER (WHERE person_id IS NULL) AS nobody FROM sigma_found GROUP BY rule',
  );
  const fired = await tally(
    database,
    'SELECT rule, count(DISTINCT firing) AS hits, count(DISTINCT person_id) AS people, count(DISTINCT firing) FILTER (WHERE persons = 0) AS nobody FROM sigma_fired GROUP BY rule',
  );
  const detections: Detection[] = [];
  const rules = entries.map((entry): SigmaSummary['rules'][number] => {
    const { planned, loaded } = entry;
    const kind = loaded.rule.kind === 'detection' ? 'rule' : loaded.rule.kind;
    const base = {
      ...creditOf(entry),
      pack: entry.pack.id,
      kind,
      level: loaded.rule.level ?? '',
      logsource: loaded.rule.kind === 'correlation' ? '' : logSourceText(loaded.rule.logsource),
      hits: 0,
      people: 0,
    } as const;
    if (entry.refusal) {
      const { reason, why } = entry.refusal;
      return { ...base, state: 'not run', reason, why };
    }
    if (entry.off) return { ...base, state: 'not run', reason: 'off', why: offBecause(entry) };
    if (planned === undefined) return { ...base, state: 'ran' };
    if (done.silent.has(planned)) {
      return isCorrelation(planned) || ran.has(planned)
        ? { ...base, state: 'feeds' }
        : { ...base, state: 'not run', reason: 'reference', why: 'no correlation that reads it can run' };
    }
    const number = done.numbers.get(planned);
    const counts = (isCorrelation(planned) ? fired : found).get(number ?? -1);
    if (counts === undefined || number === undefined) return { ...base, state: 'ran' };
    const facet = `sigma:${mapOf(planned, ran)?.id ?? 'other'}`;
    const hits = hitsOf(planned, number);
    if (weighed(entry) && counts.people > 0)
      detections.push(detectionOf(entry, 'person', facet, hits.ofPersons));
    if (!weighed(entry) || counts.nobody > 0)
      detections.push(detectionOf(entry, 'company', facet, weighed(entry) ? hits.ofNobody : hits.ofAnybody));
    return { ...base, state: 'ran', hits: counts.hits, people: counts.people };
  });
  const packs = [...done.shipped, ...done.on.filter((pack) => !done.shipped.includes(pack))].map((pack) => {
    const own = rules.filter((rule) => rule.pack === pack.id);
    return {
      id: pack.id,
      title: pack.title,
      state: done.on.includes(pack) ? ('on' as const) : ('off' as const),
      rules: done.on.includes(pack) ? own.length : readRules([pack], done.policy).entries.length,
      ran: own.filter((rule) => rule.state !== 'not run').length,
    };
  });
  return { summary: { packs, rules }, detections };
}

function offBecause({ instead }: RuleEntry): string {
  return instead === undefined
    ? 'switched off by the policy'
    : `the detection “${instead}” looks for the same`;
}

function mapOf(planned: Planned, ran: ReadonlyMap<PlannedRule, FieldMap>): FieldMap | undefined {
  if (!isCorrelation(planned)) return ran.get(planned);
  for (const input of planned.inputs) {
    const map = mapOf(input, ran);
    if (map) return map;
  }
  return undefined;
}

interface Counts {
  hits: number;
  people: number;
  nobody: number;
}

async function tally(database: Database, sql: string): Promise<Map<number, Counts>> {
  const rows = await database.rows(sql);
  return new Map(
    rows.map((row) => [
      Number(row.rule),
      { hits: Number(row.hits), people: Number(row.people), nobody: Number(row.nobody) },
    ]),
  );
}
