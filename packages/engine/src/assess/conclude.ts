import type { Content } from '../content/load.js';
import type { Database, Row } from '../lake/duckdb.js';
import { findLinks, type Link } from '../links/links.js';
import { findRings, type RingOf } from '../links/rings.js';
import type { Policy } from '../model/policy.js';
import type {
  DetectionSummary,
  Exposure,
  PersonDevice,
  PersonIdentifier,
  PersonResult,
  Ring,
  SignalResult,
  WaterfallStep,
} from '../model/result.js';
import { type Band, bands, type IdentifierKind } from '../model/vocabulary.js';
import { enabledBy, needInWords } from '../signals/needs.js';
import type { DetectionRun } from '../signals/run.js';
import { sentence } from '../signals/sentence.js';
import { timelines } from './timeline.js';
import { type Assessment, assess, population, priorBits, type Weighed } from './weight.js';

export interface Conclusions {
  people: PersonResult[];
  rings: Ring[];
  exposures: Exposure[];
  detections: DetectionSummary[];
  bands: Record<Band, number>;
}

/** Details (timeline, identifiers, devices) are given for everybody above `clear`, and for this many of the others with something to explain. */
const detailed = 100;

/** From signals to what a person reads: assessments, rings, exposures, each with what lies behind it. */
export async function conclude(
  database: Database,
  runs: readonly DetectionRun[],
  content: Content,
  policy: Policy,
  asOf: Date,
): Promise<Conclusions> {
  const everyone = await database.rows('SELECT * FROM people ORDER BY person_id');
  const byId = new Map(everyone.map((row) => [String(row.person_id), row]));
  const nameOf = (id: string) => String(byId.get(id)?.name ?? id);
  const stages = new Map(everyone.map((row) => [String(row.person_id), String(row.stage)]));
  const assessments = assess(runs, stages, policy);
  const ranked = [...assessments.values()].sort(
    (a, b) =>
      bands.indexOf(b.band) - bands.indexOf(a.band) || b.bits - a.bits || (a.person < b.person ? -1 : 1),
  );

  const links = await findLinks(database, policy.common_value);
  const suspects = new Set(ranked.filter((item) => item.band !== 'clear').map((item) => item.person));
  const explained = explainedPairs(runs, byId);
  // Two people to keep in view who share one thing are not called a ring: somebody in it must need a closer look.
  const pressing = (id: string) => ['review', 'urgent'].includes(assessments.get(id)?.band ?? 'clear');
  const rings = findRings(links, suspects, explained).filter((ring) => ring.members.some(pressing));
  const ringOf = new Map(rings.flatMap((ring) => ring.members.map((member) => [member, ring.id] as const)));

  const shown = ranked
    .filter((item, i) => item.band !== 'clear' || (i < detailed && item.weighed.some((w) => w.bits > 0)))
    .map((item) => item.person);
  const lines = await timelines(database, shown);
  const details = await personDetails(database, shown, nameOf, policy);
  const people = ranked.map((item) =>
    personResult(
      item,
      byId.get(item.person) as Row,
      nameOf,
      policy,
      details,
      lines.get(item.person) ?? [],
      ringOf.get(item.person),
      asOf.toISOString(),
    ),
  );

  const counts = Object.fromEntries(bands.map((band) => [band, 0])) as Record<Band, number>;
  for (const item of ranked) counts[item.band]++;
  counts.clear += everyone.length - ranked.length;
  return {
    people,
    rings: rings.map((ring) => ringResult(ring, assessments, nameOf)),
    exposures: exposures(runs, nameOf),
    detections: summaries(runs, content, stages),
    bands: counts,
  };
}

/** Pairs that a recorded explanation, or the HR record, accounts for. */
function explainedPairs(
  runs: readonly DetectionRun[],
  byId: ReadonlyMap<string, Row>,
): (a: string, b: string) => boolean {
  const pairs = new Set<string>();
  for (const run of runs) {
    for (const signal of run.signals) {
      if (signal.explained)
        for (const other of signal.others) pairs.add([signal.person, other].sort().join('\u0000'));
    }
  }
  return (a, b) => {
    const household = byId.get(a)?.household;
    return (
      (household != null && household === byId.get(b)?.household) || pairs.has([a, b].sort().join('\u0000'))
    );
  };
}

interface Details {
  identifiers: Map<string, PersonIdentifier[]>;
  devices: Map<string, PersonDevice[]>;
  accounts: Map<string, { account: string; source: string; basis: string }[]>;
  signedIn: Set<string>;
  inventoried: Set<string>;
  checked: Set<string>;
}

async function personDetails(
  database: Database,
  people: readonly string[],
  nameOf: (id: string) => string,
  policy: Policy,
): Promise<Details> {
  const _chosen = new Set(people);
  const details: Details = {
    identifiers: new Map(),
    devices: new Map(),
    accounts: new Map(),
    signedIn: new Set(),
    inventoried: new Set(),
    checked: new Set(),
  };
  if (people.length === 0) return details;
  const put = <T>(map: Map<string, T[]>, person: string, value: T) => {
    const list = map.get(person);
    if (list) list.push(value);
    else map.set(person, [value]);
  };
  const identifiers = await database.rows(
    `WITH held AS (
       SELECT person_id, kind, value, min(label) AS label, string_agg(DISTINCT context, ', ' ORDER BY context) AS context,
         string_agg(DISTINCT source, ', ' ORDER BY source) AS source, min(first_seen) AS first_seen, max(last_seen) AS last_seen
       FROM identifiers GROUP BY person_id, kind, value),
     holders AS (SELECT kind, value, count(*) AS n, array_agg(person_id ORDER BY person_id) AS ids FROM held GROUP BY ALL HAVING count(*) > 1)
     SELECT h.* EXCLUDE (value), o.n, CASE WHEN o.n <= ${policy.common_value} THEN o.ids END AS ids
     FROM held h SEMI JOIN chosen USING (person_id) LEFT JOIN holders o ON o.kind = h.kind AND o.value = h.value
     QUALIFY row_number() OVER (PARTITION BY h.person_id, h.kind ORDER BY o.n IS NULL, h.last_seen DESC NULLS LAST, h.label, h.first_seen) <= 12
     ORDER BY h.person_id, h.kind, h.label, h.first_seen, h.last_seen`,
  );
  for (const row of identifiers) {
    const person = String(row.person_id);
    const ids = Array.isArray(row.ids) ? row.ids.map(String).filter((id) => id !== person) : [];
    put(details.identifiers, person, {
      kind: row.kind as IdentifierKind,
      label: String(row.label),
      context: String(row.context ?? ''),
      source: String(row.source ?? ''),
      ...(row.first_seen ? { firstSeen: String(row.first_seen) } : {}),
      ...(row.last_seen ? { lastSeen: String(row.last_seen) } : {}),
      sharedWith: ids.map((id) => ({ id, name: nameOf(id) })),
      ...(Number(row.n ?? 0) > policy.common_value
        ? { common: `seen with ${row.n} people: an office, a carrier or the like` }
        : {}),
    });
  }
  const devices = await database.rows(
    `SELECT d.*, i.device_id IS NOT NULL AS inventoried FROM devices d SEMI JOIN chosen USING (person_id)
     LEFT JOIN (SELECT DISTINCT device_id FROM inventory) i ON i.device_id = d.device_id ORDER BY d.person_id, d.device_id`,
  );
  for (const row of devices) {
    const person = String(row.person_id);
    if (row.inventoried) details.inventoried.add(person);
    const device: PersonDevice = {
      id: String(row.device_id),
      notes: row.inventoried ? [] : ['nothing is known of what is installed on it or plugged into it'],
    };
    for (const key of ['serial', 'hostname', 'model', 'os'] as const)
      if (row[key]) device[key] = String(row[key]);
    if (typeof row.managed === 'boolean') device.managed = row.managed;
    if (typeof row.compliant === 'boolean') device.compliant = row.compliant;
    if (row.seen_at) device.seenAt = String(row.seen_at);
    put(details.devices, person, device);
  }
  for (const row of await database.rows(
    'SELECT * FROM accounts SEMI JOIN chosen USING (person_id) ORDER BY person_id, account',
  )) {
    put(details.accounts, String(row.person_id), {
      account: String(row.account),
      source: String(row.source),
      basis: String(row.basis),
    });
  }
  for (const row of await database.rows(
    "SELECT person_id, bool_or(action = 'signin') AS signed_in, bool_or(action = 'check.result' AND outcome = 'success') AS checked FROM events SEMI JOIN chosen USING (person_id) GROUP BY person_id",
  )) {
    if (row.signed_in) details.signedIn.add(String(row.person_id));
    if (row.checked) details.checked.add(String(row.person_id));
  }
  return details;
}

function personResult(
  item: Assessment,
  row: Row,
  nameOf: (id: string) => string,
  policy: Policy,
  details: Details,
  timeline: PersonResult['timeline'],
  ring: string | undefined,
  asOf: string,
): PersonResult {
  const id = item.person;
  const signals = item.weighed.map((weighed) => signalResult(weighed, nameOf));
  const person: PersonResult = {
    id,
    name: String(row.name ?? id),
    stage: String(row.stage),
    engagement: String(row.engagement),
    band: item.band,
    bandReason: item.bandReason,
    bits: round(item.bits),
    probability: item.probability,
    facets: item.facets,
    waterfall: waterfall(item, signals, policy),
    signals,
    identifiers: details.identifiers.get(id) ?? [],
    devices: details.devices.get(id) ?? [],
    accounts: details.accounts.get(id) ?? [],
    timeline: withLife(timeline, row, signals).filter((entry) => entry.time <= asOf),
    next: nextSteps(item),
    unknown: unknowns(id, row, details),
  };
  const text = {
    title: row.title,
    department: row.department,
    manager: row.manager,
    vendor: row.vendor,
    workEmail: row.work_email,
  } as const;
  for (const [key, value] of Object.entries(text))
    if (value) person[key as keyof typeof text] = String(value);
  const times = { appliedAt: row.applied_at, startedAt: row.started_at, leftAt: row.left_at } as const;
  for (const [key, value] of Object.entries(times))
    if (value) person[key as keyof typeof times] = String(value);
  if (typeof row.remote === 'boolean') person.remote = row.remote;
  const parts = [row.claimed_city, row.claimed_region, row.claimed_country].filter(Boolean).map(String);
  if (parts.length > 0) {
    person.claimed = { label: parts.join(', ') };
    if (row.claimed_country) person.claimed.country = String(row.claimed_country);
    if (row.claimed_region) person.claimed.region = String(row.claimed_region);
    if (row.claimed_city) person.claimed.city = String(row.claimed_city);
    if (typeof row.claimed_lat === 'number' && typeof row.claimed_lon === 'number') {
      person.claimed.lat = row.claimed_lat;
      person.claimed.lon = row.claimed_lon;
    }
  }
  if (ring) person.ring = ring;
  return person;
}

function signalResult(weighed: Weighed, nameOf: (id: string) => string): SignalResult {
  const { signal } = weighed;
  const { detection } = signal;
  const columns = Object.keys(signal.rows[0] ?? {});
  const result: SignalResult = {
    detection: detection.id,
    version: detection.version,
    title: detection.title,
    stage: detection.stage,
    facet: detection.facet,
    says: sentence(detection.says, signal.rows, nameOf),
    first: signal.first,
    last: signal.last,
    bits: round(weighed.counted),
    weight: {
      ifNot: weighed.ifNot,
      ifHonest: Number(weighed.ifHonest.toPrecision(3)),
      prior: weighed.prior,
      seenIn: weighed.seenIn,
      outOf: weighed.outOf,
      source: detection.weight?.source ?? '',
    },
    why: detection.why.trim(),
    sources: detection.sources,
    innocent: detection.innocent,
    fairness: detection.fairness,
    attack: detection.attack,
    next: detection.next,
    evidence: {
      columns,
      rows: signal.rows.map((row) => columns.map((column) => plain(row[column]))),
      total: signal.total,
    },
    others: signal.others,
  };
  if (signal.explained) result.explained = signal.explained;
  if (detection.rule) result.rule = detection.rule;
  return result;
}

function plain(value: Row[string] | undefined): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function waterfall(item: Assessment, signals: readonly SignalResult[], policy: Policy): WaterfallStep[] {
  const steps: WaterfallStep[] = [
    {
      kind: 'prior',
      label: 'Before any evidence',
      bits: round(priorBits(policy)),
      note: `assumed share of false identities: 1 in ${Math.round(1 / policy.prior).toLocaleString('en-US')}`,
    },
  ];
  item.weighed.forEach((weighed, i) => {
    const step: WaterfallStep = {
      kind: weighed.signal.explained ? 'explained' : weighed.bits < 0 ? 'check' : 'signal',
      label: (signals[i] as SignalResult).title,
      bits: round(weighed.counted),
      signal: i,
    };
    if (round(weighed.bits) !== round(weighed.counted)) {
      step.fullBits = round(weighed.bits);
      step.note = weighed.signal.explained
        ? `explained: ${weighed.signal.explained.reason}`
        : `about the same thing as a stronger finding (${weighed.signal.detection.facet}); ${step.bits === 0 ? 'not counted again' : 'counted in part'}`;
    }
    steps.push(step);
  });
  return steps;
}

/** The dates of someone's working life among their events, and which entries each signal rests on. */
function withLife(
  timeline: PersonResult['timeline'],
  row: Row,
  signals: readonly SignalResult[],
): PersonResult['timeline'] {
  const life = (
    [
      ['applied_at', 'Applied'],
      ['started_at', 'Started'],
      ['left_at', 'Left'],
    ] as const
  ).flatMap(([column, label]) =>
    row[column] && !(column === 'applied_at' && timeline.some((entry) => entry.label.startsWith('Applied')))
      ? [{ time: String(row[column]), kind: 'life' as const, label, source: 'people', signals: [], count: 1 }]
      : [],
  );
  const all = [...timeline, ...life].sort((a, b) =>
    a.time < b.time ? -1 : a.time > b.time ? 1 : a.label < b.label ? -1 : 1,
  );
  const days = signals.map((signal) => {
    const at = signal.evidence.columns.flatMap((column, i) =>
      /time|_at$|_seen$|day$/.test(column) ? [i] : [],
    );
    return new Set(
      signal.evidence.rows.flatMap((cells) => at.map((i) => String(cells[i] ?? '').slice(0, 10))),
    );
  });
  return all.map((entry) => ({
    ...entry,
    signals: days.flatMap((set, i) =>
      set.has(entry.time.slice(0, 10)) && touches(entry.kind, signals[i] as SignalResult) ? [i] : [],
    ),
  }));
}

/** Which kinds of entry a signal of a facet can rest on. */
function touches(kind: PersonResult['timeline'][number]['kind'], signal: SignalResult): boolean {
  const facets: Record<string, RegExp> = {
    signin: /network|travel|factor|session|presence|sign/,
    delivery: /address|delivery|ship/,
    pay: /payment|pay/,
    profile: /contact|profile/,
    code: /code/,
    file: /data|file/,
    device: /hardware|device|remote/,
    meeting: /meeting|interview/,
    check: /check|presence|identity/,
    life: /application/,
  };
  return facets[kind]?.test(signal.facet) ?? false;
}

function nextSteps(item: Assessment): string[] {
  const steps: string[] = [];
  for (const weighed of item.weighed) {
    if (weighed.counted <= 0) continue;
    for (const step of weighed.signal.detection.next) if (!steps.includes(step)) steps.push(step);
  }
  return steps.slice(0, 6);
}

function unknowns(id: string, row: Row, details: Details): string[] {
  if (population(String(row.stage)) === 'applicants') return [];
  const list: string[] = [];
  const devices = details.devices.get(id) ?? [];
  if (devices.length === 0)
    list.push('No device is on record as theirs, so nothing could be looked at on their computer.');
  else if (!details.inventoried.has(id))
    list.push('No software or hardware inventory was given for their devices.');
  if (!details.signedIn.has(id)) list.push('No sign-ins of theirs are in the logs that were given.');
  if (!details.checked.has(id))
    list.push('No passed check (on camera, same person, identity document) is on record for them.');
  if (row.claimed_lat == null)
    list.push('Where they say they live is not known well enough to compare places with it.');
  return list;
}

function ringResult(
  ring: RingOf,
  assessments: ReadonlyMap<string, Assessment>,
  nameOf: (id: string) => string,
): Ring {
  const kinds = [...new Set(ring.links.map((link) => link.kind))];
  const names = ring.members.map(nameOf);
  return {
    id: ring.id,
    title: `${ring.members.length} people who share ${listed(kinds.map(kindInWords))}`,
    members: ring.members.map((id) => {
      const item = assessments.get(id);
      return { id, name: nameOf(id), band: item?.band ?? 'clear', bits: round(item?.bits ?? 0) };
    }),
    edges: ring.links.map((link: Link) => ({ ...link })),
    says: `${listed(names.length > 6 ? [...names.slice(0, 6), `${names.length - 6} more`] : names)} are joined by ${listed(kinds.map(kindInWords))}, which hardly anyone else here has.`,
  };
}

export function kindInWords(kind: IdentifierKind): string {
  const words: Partial<Record<IdentifierKind, string>> = {
    mfa_device: 'a second-factor device',
    device_token: 'a browser',
    egress_ip: 'an internet connection',
    wifi_bssid: 'a Wi-Fi access point',
    gateway_mac: 'a router',
    bank_account: 'a bank account',
    address: 'an address',
    phone: 'a phone number',
    email: 'an e-mail address',
    display_serial: 'a display',
    usb_serial: 'a USB device',
  };
  return words[kind] ?? `a ${kind.replaceAll('_', ' ')}`;
}

function listed(parts: string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function exposures(runs: readonly DetectionRun[], nameOf: (id: string) => string): Exposure[] {
  return runs
    .filter((run) => run.detection.about !== 'person' && run.total > 0)
    .map((run) => {
      const columns = Object.keys(run.rows[0] ?? {}).filter(
        (name) => !name.startsWith('_') && name !== 'strength',
      );
      return {
        detection: run.detection.id,
        title: run.detection.title,
        says: sentence(run.detection.says, run.rows, nameOf).replace(/^./, (ch) => ch.toUpperCase()),
        why: run.detection.why.trim(),
        next: run.detection.next,
        sources: run.detection.sources,
        count: run.total,
        evidence: {
          columns,
          rows: run.rows.map((row) => columns.map((column) => plain(row[column]))),
          total: run.total,
        },
        ...(run.detection.rule ? { rule: run.detection.rule } : {}),
      };
    });
}

function summaries(
  runs: readonly DetectionRun[],
  content: Content,
  stages: ReadonlyMap<string, string>,
): DetectionSummary[] {
  const workers = [...stages.values()].filter((stage) => population(stage) === 'workers').length;
  return runs.map((run) => {
    const { detection } = run;
    const people = new Set(run.signals.filter((signal) => !signal.explained).map((signal) => signal.person))
      .size;
    const base =
      stages.size > 0 ? people / Math.max(1, detection.stage === 'application' ? stages.size : workers) : 0;
    const weight = detection.weight;
    return {
      id: detection.id,
      title: detection.title,
      stage: detection.stage,
      facet: detection.facet,
      catalogue: detection.catalogue,
      state: run.missing.length > 0 || run.problem ? 'blocked' : 'ran',
      missing: run.problem ? [`the query failed: ${run.problem}`] : run.missing.map(needInWords),
      enabledBy: run.missing.length > 0 ? enabledBy(run.missing, content.connectors) : [],
      signals: run.signals.length || run.total,
      people,
      baseRate: Number(base.toFixed(5)),
      bits: weight ? round(Math.log2(Math.sqrt(weight.if_not[0] * weight.if_not[1]) / weight.if_honest)) : 0,
      fairness: detection.fairness,
    };
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
