import type { Content } from '../content/load.js';
import type { Accounted } from '../explain/explanations.js';
import { type Database, type Row, textList } from '../lake/duckdb.js';
import { findBridges, withBridges } from '../links/bridges.js';
import { linkExplainer } from '../links/explained.js';
import { kindInWords } from '../links/kinds.js';
import { findLinks, type Link } from '../links/links.js';
import { propose } from '../links/proposals.js';
import { RingBook } from '../links/ring-book.js';
import type { RingByHand } from '../links/ring-hands.js';
import { findRings, withoutBridges } from '../links/rings.js';
import { linkInWords, listed } from '../links/say.js';
import { ensureSharedValues, explainedByKind } from '../links/shared-values.js';
import type { ExplanationKind, Policy } from '../model/policy.js';
import type {
  DetectionSummary,
  ExplanationResult,
  Exposure,
  PersonDevice,
  PersonIdentifier,
  PersonResult,
  Proposal,
  Ring,
  RingEdge,
  SignalResult,
  WaterfallStep,
} from '../model/result.js';
import { type Band, bands, type IdentifierKind } from '../model/vocabulary.js';
import { enabledBy, needInWords } from '../signals/needs.js';
import type { DetectionRun } from '../signals/run.js';
import { sentence } from '../signals/sentence.js';
import { baseRates } from './base-rates.js';
import { type DocumentDetails, documentDetails } from './documents.js';
import { explanationResults } from './explanations.js';
import { proposeFromRecords } from './propose-from-records.js';
import { timelines } from './timeline.js';
import { confirmedNot } from './verdicts.js';
import {
  type Assessment,
  assess,
  population,
  populations,
  priorBits,
  someWhom,
  type Weighed,
} from './weight.js';

export interface Conclusions {
  people: PersonResult[];
  rings: Ring[];
  proposals: Proposal[];
  explanations: ExplanationResult[];
  exposures: Exposure[];
  detections: DetectionSummary[];
  bands: Record<Band, number>;
}

/** Details (timeline, identifiers, devices) are given for everybody above `clear`, and for this many of the others with something to explain. */
const detailed = 100;

/** Passages of one pair among the reasons of a ring. */
const passagesOfPair = 3;

/** From signals to what a person reads: assessments, rings, exposures, each with what lies behind it. */
export async function conclude(
  database: Database,
  runs: readonly DetectionRun[],
  content: Content,
  policy: Policy,
  asOf: Date,
  book: RingBook = RingBook.empty(),
): Promise<Conclusions> {
  const everyone = await database.rows('SELECT * FROM people ORDER BY person_id');
  const byId = new Map(everyone.map((row) => [String(row.person_id), row]));
  const nameOf = (id: string) => String(byId.get(id)?.name ?? id);
  const stages = new Map(everyone.map((row) => [String(row.person_id), String(row.stage)]));
  const confirmed = new Set((await confirmedNot(database)).keys());
  const assessments = assess(runs, stages, policy, confirmed);
  const ranked = [...assessments.values()].sort(
    (a, b) =>
      bands.indexOf(b.band) - bands.indexOf(a.band) || b.bits - a.bits || (a.person < b.person ? -1 : 1),
  );

  await ensureSharedValues(database, policy);
  const explainedBy = await explainedByKind(database);
  const explanationOf = linkExplainer({
    explanations: policy.explanations,
    explainedBy,
    households: new Map(
      everyone.flatMap((row) => (row.household ? [[String(row.person_id), String(row.household)]] : [])),
    ),
    asOf,
  });
  const byFinding = explainedFindings(runs, explainedBy);
  const joinsNot = new Map<string, { by: Accounted; links: Link[] }>();
  const explained = (link: Link) => explanationOf(link) !== undefined || byFinding(link);
  const noted = (link: Link) => {
    const by = explanationOf(link);
    if (by) {
      const known = joinsNot.get(by.id);
      if (known) known.links.push(link);
      else joinsNot.set(by.id, { by, links: [link] });
    }
    return by !== undefined || byFinding(link);
  };
  const suspects = ranked.filter((item) => item.band !== 'clear').map((item) => item.person);
  const isSuspect = new Set(suspects);
  const joining = policy.ring_link_bits;
  const bridges = await findBridges(database, suspects, joining);
  const links = withBridges(
    (await findLinks(database, [...suspects, ...bridges])).filter((link) => !noted(link)),
    isSuspect,
    joining,
  );
  // Two people to keep in view who share one thing are not called a ring: somebody in it must need a closer look.
  const pressing = (id: string) => ['review', 'urgent'].includes(assessments.get(id)?.band ?? 'clear');
  const computed = withoutBridges(
    findRings(links, { joining, sameFacetShare: policy.same_facet_share }),
    isSuspect,
  ).filter((ring) => ring.members.some(pressing));
  const rings = book.today(computed, links, asOf);
  const shared = await propose(database, {
    // Whoever is above clear, and whoever a finding names together with somebody.
    people: ranked
      .filter((item) => item.band !== 'clear' || item.weighed.some((one) => one.signal.others.length > 0))
      .map((item) => item.person),
    explainedBy,
    explained,
    decisions: book.decisions,
    asOf,
  });
  const proposals = [
    ...shared,
    ...(await proposeFromRecords(database, {
      assessments: ranked,
      decisions: book.decisions,
      nameOf,
      asOf,
    })),
  ];
  const ringOf = new Map(rings.flatMap((ring) => ring.members.map((member) => [member, ring.id] as const)));

  const shown = ranked
    .filter((item, i) => item.band !== 'clear' || (i < detailed && item.weighed.some((w) => w.bits > 0)))
    .map((item) => item.person);
  const lines = await timelines(database, shown);
  const details: Known = {
    ...(await personDetails(database, shown, nameOf, policy)),
    listed: new Set(shown),
    onRecord: await whatIsOnRecord(
      database,
      ranked.map((item) => item.person),
    ),
  };
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
    rings: rings.map((ring) => ringResult(ring, book, assessments, nameOf)),
    proposals,
    explanations: explanationResults({
      explanations: policy.explanations,
      decisions: book.decisions,
      assessments: assessments.values(),
      links: joinsNot,
      nameOf,
      asOf,
    }),
    exposures: exposures(runs, nameOf),
    detections: summaries(runs, content, stages, policy, confirmed),
    bands: counts,
  };
}

/**
 * Links behind findings that an explanation accounts for: it may name only some detections, and still the thing that they
 * found is explained. A finding speaks for the kinds its detection reads, and for those its explanations account for.
 */
function explainedFindings(
  runs: readonly DetectionRun[],
  explainedBy: ReadonlyMap<IdentifierKind, readonly ExplanationKind[]>,
): (link: Link) => boolean {
  const kinds = new Map<string, Set<IdentifierKind>>();
  for (const { detection, signals } of runs) {
    const read = [...explainedBy.keys()].filter((kind) =>
      detection.needs.some((need) => need.split(' or ').includes(`identifiers.${kind}`)),
    );
    const accountedFor = [...explainedBy]
      .filter(([, by]) => by.some((one) => detection.explained_by.includes(one)))
      .map(([kind]) => kind);
    for (const signal of signals) {
      if (!signal.explained) continue;
      for (const other of signal.others) {
        const pair = pairOf(signal.person, other);
        const own = kinds.get(pair) ?? new Set();
        for (const kind of read.length > 0 ? read : accountedFor) own.add(kind);
        kinds.set(pair, own);
      }
    }
  }
  return (link) => kinds.get(pairOf(link.a, link.b))?.has(link.kind) ?? false;
}

function pairOf(a: string, b: string): string {
  return a < b ? `${a}\u0000${b}` : `${b}\u0000${a}`;
}

interface Details extends DocumentDetails {
  identifiers: Map<string, PersonIdentifier[]>;
  devices: Map<string, PersonDevice[]>;
  accounts: Map<string, { account: string; source: string; basis: string }[]>;
}

interface Known extends Details {
  /** Whose details these are. */
  listed: ReadonlySet<string>;
  onRecord: ReadonlyMap<string, OnRecord>;
}

async function personDetails(
  database: Database,
  people: readonly string[],
  nameOf: (id: string) => string,
  policy: Policy,
): Promise<Details> {
  const details: Details = {
    identifiers: new Map(),
    devices: new Map(),
    accounts: new Map(),
    documents: new Map(),
    passages: new Map(),
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
       FROM identifiers SEMI JOIN chosen USING (person_id) GROUP BY person_id, kind, value),
     holders AS (
       SELECT kind, value, count(*) AS n, array_agg(person_id ORDER BY person_id) AS ids
       FROM (SELECT DISTINCT kind, value, person_id FROM identifiers SEMI JOIN held USING (kind, value)) GROUP BY ALL HAVING count(*) > 1)
     SELECT h.* EXCLUDE (value), o.n, CASE WHEN o.n <= ${policy.common_value} THEN o.ids END AS ids
     FROM held h LEFT JOIN holders o ON o.kind = h.kind AND o.value = h.value
     QUALIFY row_number() OVER (PARTITION BY h.person_id, h.kind ORDER BY o.n IS NULL, h.last_seen DESC NULLS LAST, h.label, h.first_seen, h.value) <= 12
     ORDER BY h.person_id, h.kind, h.label, h.first_seen, h.last_seen, h.value`,
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
  return { ...details, ...(await documentDetails(database, nameOf)) };
}

function personResult(
  item: Assessment,
  row: Row,
  nameOf: (id: string) => string,
  policy: Policy,
  details: Known,
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
    documents: details.documents.get(id) ?? [],
    passages: details.passages.get(id) ?? [],
    next: nextSteps(item),
    unknown: unknowns(row, details.onRecord.get(id) ?? nothingOnRecord),
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
  if (!details.listed.has(id)) person.brief = true;
  return person;
}

/** What was found of one person, weighed among those in the tables, and nothing else concluded. */
export async function signalsOf(
  person: string,
  database: Database,
  runs: readonly DetectionRun[],
  policy: Policy,
): Promise<SignalResult[]> {
  const everyone = await database.rows('SELECT person_id, name, stage FROM people ORDER BY person_id');
  const names = new Map(everyone.map((row) => [String(row.person_id), String(row.name ?? row.person_id)]));
  const stages = new Map(everyone.map((row) => [String(row.person_id), String(row.stage)]));
  const confirmed = new Set((await confirmedNot(database)).keys());
  const weighed = assess(runs, stages, policy, confirmed).get(person)?.weighed ?? [];
  return weighed.map((one) => signalResult(one, (id) => names.get(id) ?? id));
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
      ...(weighed.amongWhom === undefined ? {} : { amongWhom: weighed.amongWhom }),
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
        : `${
            weighed.less === 'relation'
              ? 'shared with the same person as a stronger finding, as people of one household would'
              : `about the same thing as a stronger finding (${weighed.signal.detection.facet})`
          }; ${step.bits === 0 ? 'not counted again' : 'counted in part'}`;
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

interface OnRecord {
  device: boolean;
  inventoried: boolean;
  signedIn: boolean;
  checked: boolean;
}

const nothingOnRecord: OnRecord = { device: false, inventoried: false, signedIn: false, checked: false };

/** Whether anything of these kinds is on record of each, also of those whose details are not listed. */
async function whatIsOnRecord(
  database: Database,
  people: readonly string[],
): Promise<ReadonlyMap<string, OnRecord>> {
  if (people.length === 0) return new Map();
  const rows = await database.rows(
    `WITH asked AS (SELECT unnest(CAST($people AS VARCHAR[])) AS person_id),
     held AS (
       SELECT person_id, bool_or(device_id IN (SELECT device_id FROM inventory)) AS inventoried
       FROM devices SEMI JOIN asked USING (person_id) GROUP BY person_id),
     seen AS (
       SELECT person_id, bool_or(action = 'signin') AS signed_in,
         bool_or(action = 'check.result' AND outcome = 'success') AS checked
       FROM events SEMI JOIN asked USING (person_id)
       WHERE action IN ('signin', 'check.result') GROUP BY person_id)
     SELECT person_id, held.person_id IS NOT NULL AS device, inventoried, signed_in, checked
     FROM asked LEFT JOIN held USING (person_id) LEFT JOIN seen USING (person_id)`,
    { people: textList(people) },
  );
  return new Map(
    rows.map((row) => [
      String(row.person_id),
      {
        device: row.device === true,
        inventoried: row.inventoried === true,
        signedIn: row.signed_in === true,
        checked: row.checked === true,
      },
    ]),
  );
}

function unknowns(row: Row, on: OnRecord): string[] {
  if (population(String(row.stage)) === 'applicants') return [];
  const list: string[] = [];
  if (!on.device)
    list.push('No device is on record as theirs, so nothing could be looked at on their computer.');
  else if (!on.inventoried) list.push('No software or hardware inventory was given for their devices.');
  if (!on.signedIn) list.push('No sign-ins of theirs are in the logs that were given.');
  if (!on.checked)
    list.push('No passed check (on camera, same person, identity document) is on record for them.');
  if (row.claimed_lat == null)
    list.push('Where they say they live is not known well enough to compare places with it.');
  return list;
}

function ringResult(
  ring: RingByHand,
  book: RingBook,
  assessments: ReadonlyMap<string, Assessment>,
  nameOf: (id: string) => string,
): Ring {
  const kinds = [...new Set(ring.links.map((link) => link.kind))].sort();
  const names = ring.members.map(nameOf);
  const shared =
    kinds.length > 0
      ? `are joined by ${listed(kinds.map(kindInWords))}, which hardly anyone else here has`
      : 'were put together by hand';
  const history = book.historyOf(ring.id);
  const isMember = new Set(ring.members);
  return {
    id: ring.id,
    title:
      kinds.length > 0
        ? `${ring.members.length} people who share ${listed(kinds.map(kindInWords))}`
        : `${ring.members.length} people put together by hand`,
    members: ring.members.map((id) => {
      const item = assessments.get(id);
      return { id, name: nameOf(id), band: item?.band ?? 'clear', bits: round(item?.bits ?? 0) };
    }),
    edges: withFewPassages(ring.links.filter((link) => isMember.has(link.a) && isMember.has(link.b))).map(
      (link) => edgeOf(link, nameOf),
    ),
    between: ring.between.map((id) => ({
      id,
      name: nameOf(id),
      says: ring.links
        .filter((link) => link.a === id || link.b === id)
        .map((link) => linkInWords(link, nameOf)),
    })),
    values: ring.values,
    says: `${listed(names.length > 6 ? [...names.slice(0, 6), `${names.length - 6} more`] : names)} ${shared}.`,
    history: history.map(({ members, people, ...event }) => ({ ...event, people: people ?? members })),
    mergedFrom: [
      ...history
        .filter((event) => event.event === 'merged' && event.into === ring.id)
        .map((event) => event.ring),
      ...ring.handMerged,
    ],
    byHand: ring.byHand.map((decision) => ({
      decision: decision.id,
      time: decision.time,
      by: decision.by,
      kind: decision.kind === 'ring.merge' ? 'merge' : 'split',
      reason: decision.reason,
    })),
  };
}

/** Two copied résumés share dozens of passages: the strongest few of each pair say it, and all stand with the people. */
function withFewPassages(links: readonly Link[]): Link[] {
  const seen = new Map<string, number>();
  const kept = new Set(
    [...links]
      .sort((x, y) => y.bits - x.bits)
      .filter((link) => {
        if (link.kind !== 'passage') return true;
        const pair = pairOf(link.a, link.b);
        seen.set(pair, (seen.get(pair) ?? 0) + 1);
        return (seen.get(pair) as number) <= passagesOfPair;
      }),
  );
  return links.filter((link) => kept.has(link));
}

function edgeOf(link: Link, nameOf: (id: string) => string): RingEdge {
  const { a, b, kind, label, bits, holders, outOf, contexts } = link;
  const edge: RingEdge = {
    a,
    b,
    kind,
    label,
    bits,
    holders,
    outOf,
    says: linkInWords(link, nameOf),
    contexts,
  };
  for (const key of ['firstA', 'lastA', 'firstB', 'lastB', 'first', 'last'] as const)
    if (link[key]) edge[key] = link[key];
  return edge;
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
  policy: Policy,
  confirmed: ReadonlySet<string>,
): DetectionSummary[] {
  const everybody = populations(stages, confirmed);
  return runs.map((run) => {
    const { detection } = run;
    const people = new Set(run.signals.filter((signal) => !signal.explained).map((signal) => signal.person))
      .size;
    const rates = baseRates(run, stages, everybody, policy);
    const sum = (of: 'seenIn' | 'outOf') => rates.reduce((total, rate) => total + rate[of], 0);
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
      baseRate: Number((sum('seenIn') / Math.max(1, sum('outOf'))).toFixed(5)),
      bits: weight ? round(Math.log2(Math.sqrt(weight.if_not[0] * weight.if_not[1]) / weight.if_honest)) : 0,
      fairness: detection.fairness,
      ...(detection.among === undefined ? {} : { amongWhom: detection.among_whom ?? someWhom }),
      rates,
    };
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
