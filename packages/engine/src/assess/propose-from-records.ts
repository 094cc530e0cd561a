import { holds } from '../explain/explanations.js';
import { digest } from '../identifiers/digest.js';
import type { Database, Row } from '../lake/duckdb.js';
import { confirmed, type Decision } from '../links/decisions.js';
import { hasTable } from '../links/reference.js';
import { listed } from '../links/say.js';
import { type Explanation, type ExplanationKind, explanationSchema } from '../model/policy.js';
import type { Proposal } from '../model/result.js';
import { coversRow, type Signal } from '../signals/run.js';
import { sentence } from '../signals/sentence.js';
import type { Draft } from './draft.js';
import { suggestNetworks } from './suggest-networks.js';
import type { Assessment, Weighed } from './weight.js';

export interface FromRecords {
  assessments: Iterable<Assessment>;
  decisions: readonly Decision[];
  nameOf: (id: string) => string;
  asOf: Date;
}

const proposalsMost = 200;
const dayMs = 86_400_000;

/** A record of a new home comes weeks before or after the move. */
const moveDays = 45;
/** A tool is that of a department where so many of its people have it, and so large a share. */
const toolPeople = 5;
const toolShare = 0.6;

/**
 * Innocent reasons that the records of HR, calendars and laptops suggest for what was found about people. As with what people
 * share, nothing is applied until somebody confirms it. Nothing is guessed: a change of name is one that HR recorded, an
 * accommodation one that was agreed.
 */
export async function proposeFromRecords(database: Database, options: FromRecords): Promise<Proposal[]> {
  const byPerson = new Map<string, Weighed[]>();
  for (const { person, weighed } of options.assessments) byPerson.set(person, [...weighed]);
  const all = [...byPerson.values()].flat();
  /** Those about whom something was found that a reason of a kind could account for. */
  const open = (kind: ExplanationKind) => [
    ...new Set(
      all
        .filter(({ signal, bits }) => bits > 0 && signal.detection.explained_by.includes(kind))
        .map(({ signal }) => signal.person),
    ),
  ];
  const drafts = [
    ...(await journeys(database, open('travel'), options.nameOf)),
    ...(await moves(database, open('move'), options.nameOf)),
    ...(await newNames(database, open('change-of-name'), byPerson, options.nameOf)),
    ...(await accommodations(database, open('accommodation'), options.nameOf)),
    ...(await departmentTools(database, all)),
    ...(await suggestNetworks(database)),
  ];
  const known = new Map(
    confirmed(options.decisions)
      .filter((one) => holds(one.explanation, options.asOf))
      .map((one) => [one.id, one]),
  );
  const proposals = drafts.flatMap((draft): (Proposal & { weight: number })[] => {
    const { kind, people, groups, value, from, to, policy, says, against, check } = draft;
    // Members of a group change; the proposal stays.
    const about = groups ? groups.map((group) => JSON.stringify(group)) : people;
    const id = `${kind}-${digest(kind, value?.label ?? '', from ?? '', to ?? '', ...about)}`;
    const confirmation = known.get(id);
    const covered = people.flatMap((person) =>
      (byPerson.get(person) ?? []).flatMap(({ signal, bits }) => {
        if (bits <= 0 || !signal.detection.explained_by.includes(kind)) return [];
        if (signal.explained && signal.explained.id !== id) return [];
        const { needs } = draft;
        if (needs && !signal.detection.needs.some((need) => need.includes(needs))) return [];
        const rows = signal.rows.filter((row) => accounts(draft, row, person)).length;
        return rows > 0 ? [{ signal, bits, rows }] : [];
      }),
    );
    if (covered.length === 0) return [];
    const proposal: Proposal & { weight: number } = {
      id,
      kind,
      people: people.map((person) => ({ id: person, name: options.nameOf(person) })),
      ...(groups ? { groups } : {}),
      ...(value ? { value } : {}),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(policy ? { policy } : {}),
      ...(draft.onlyThese
        ? { detections: [...new Set(covered.map(({ signal }) => signal.detection.id))].sort() }
        : {}),
      says,
      evidence: { columns: ['what', 'when', 'detail', 'source'], rows: draft.rows.slice(0, 40) },
      silences: covered
        .sort((x, y) => y.bits - x.bits || (x.signal.person < y.signal.person ? -1 : 1))
        .slice(0, 40)
        .map(({ signal, bits, rows }) => silenced(signal, bits, rows, options.nameOf)),
      against: [...against, ...circular(kind, covered)],
      check,
      weight: covered.reduce((sum, one) => sum + (one.rows === one.signal.rows.length ? one.bits : 0), 0),
    };
    if (confirmation) {
      const { by, reason, until } = confirmation.explanation;
      proposal.confirmed = {
        decision: confirmation.decision,
        time: confirmation.time,
        by,
        reason,
        ...(until ? { until } : {}),
      };
    }
    return [proposal];
  });
  const seen = new Set<string>();
  return proposals
    .sort((x, y) => y.weight - x.weight || (x.id < y.id ? -1 : 1))
    .filter((one) => !seen.has(one.id) && seen.add(one.id))
    .slice(0, proposalsMost)
    .map(({ weight: _, ...proposal }) => proposal);
}

function accounts(draft: Draft, row: Row, person: string): boolean {
  const explanation: Explanation = explanationSchema.parse({
    kind: draft.kind,
    people: draft.people,
    ...(draft.value && !draft.covers ? { value: draft.value.label } : {}),
    ...(draft.from ? { from: draft.from } : {}),
    ...(draft.to ? { to: draft.to } : {}),
    reason: '-',
    by: '-',
  });
  return coversRow(explanation, row, person) && (draft.covers?.(row) ?? true);
}

function silenced(signal: Signal, bits: number, rows: number, nameOf: (id: string) => string): string {
  const says = sentence(signal.detection.says, signal.rows, nameOf);
  return rows === signal.rows.length
    ? `${nameOf(signal.person)}: ${says} (${bits.toFixed(1)} bits)`
    : `${nameOf(signal.person)}, ${rows} of ${signal.rows.length} rows of: ${says}`;
}

/** A record cannot be the reason for itself. */
function circular(kind: ExplanationKind, covered: readonly { signal: Signal }[]): string[] {
  const own = covered.some(({ signal }) =>
    signal.detection.needs.some((need) => need.includes('events.profile.change')),
  );
  return own && (kind === 'move' || kind === 'change-of-name')
    ? ['One of the findings rests on this very change: that it was recorded does not say why.']
    : [];
}

/** Leave and journeys that HR or a calendar holds, with whether the sign-ins of those days name the same place. */
async function journeys(
  database: Database,
  people: readonly string[],
  nameOf: (id: string) => string,
): Promise<Draft[]> {
  if (!(await choosePeople(database, people))) return [];
  const rows = await database.rows(
    `WITH away AS (
       SELECT person_id, time AS since, time + to_days(CAST(greatest(coalesce(count, 1), 1) AS INTEGER)) AS until, coalesce(count, 1) AS days, target, source
       FROM events SEMI JOIN proposed_people USING (person_id) WHERE action = 'absence' AND time IS NOT NULL AND coalesce(count, 1) <= 400),
     seen AS (
       SELECT a.person_id, a.since, a.until, a.target, list(DISTINCT concat_ws(', ', e.src_city, e.src_country) ORDER BY concat_ws(', ', e.src_city, e.src_country)) AS places,
         list(DISTINCT e.src_country) FILTER (WHERE e.src_country IS NOT NULL) AS countries, list(DISTINCT lower(e.src_city)) FILTER (WHERE e.src_city IS NOT NULL) AS cities
       FROM away a JOIN events e ON e.person_id = a.person_id AND e.time >= a.since - INTERVAL 1 DAY AND e.time < a.until + INTERVAL 1 DAY
       WHERE e.action = 'signin' AND e.src_country IS NOT NULL GROUP BY ALL)
     SELECT a.*, s.places, s.countries, s.cities FROM away a LEFT JOIN seen s
       ON s.person_id = a.person_id AND s.since = a.since AND s.until = a.until AND s.target IS NOT DISTINCT FROM a.target
     ORDER BY a.person_id, a.since, a.until, a.target, a.source`,
  );
  const countries = new Map<string, Set<string>>();
  if (rows.length > 0 && (await hasTable(database, 'facts', 'countries')))
    for (const row of await database.rows('SELECT name_key, alpha2 FROM facts.countries ORDER BY ALL')) {
      const key = String(row.name_key);
      countries.set(key, (countries.get(key) ?? new Set()).add(String(row.alpha2)));
    }
  return rows.map((row): Draft => {
    const person = String(row.person_id);
    const since = String(row.since).slice(0, 10);
    const last = shifted(String(row.until), -1);
    const days = Number(row.days);
    const place = typeof row.target === 'string' && row.target.trim() !== '' ? row.target.trim() : undefined;
    const texts = (cell: Row[string] | undefined) => (Array.isArray(cell) ? cell.map(String) : []);
    const words = place ? partsOf(place) : [];
    const match =
      words.some((word) => texts(row.cities).some((city) => partsOf(city).includes(word))) ||
      words.some((word) => texts(row.countries).some((code) => countries.get(word)?.has(code)));
    const where = place ? ` in ${place}` : '';
    const compared = !place
      ? ' The record names no place.'
      : match
        ? ' Sign-ins of those days come from there.'
        : ' Whether the sign-ins of those days come from there, the words do not tell.';
    return {
      kind: 'travel',
      people: [person],
      from: shifted(String(row.since), -1),
      to: shifted(String(row.until), 0),
      says: `${nameOf(person)} was away${where} from ${since} to ${last} (${days} ${days === 1 ? 'day' : 'days'}), by ${row.source}.${compared} A day before and after is for the journey itself.`,
      rows: [
        ['away', `${since} to ${last}`, place ?? null, String(row.source)],
        ...texts(row.places).map((one) => ['signed in from', `${since} to ${last}`, one, 'sign-ins']),
      ],
      against: [],
      check: 'Ask their manager, as for anybody who was away, whether the journey took place and where to.',
    };
  });
}

/** Columns in which a finding names a place. */
const placeColumn = /city|country|region|place|\bkm\b|distance|address|target|where/;

/**
 * A new home that HR recorded near the time. It accounts for what was seen at the home before or after, and for findings that
 * name no place; what was seen somewhere else is none of its business.
 */
async function moves(
  database: Database,
  people: readonly string[],
  nameOf: (id: string) => string,
): Promise<Draft[]> {
  const changes = await profileChanges(
    database,
    people,
    "regexp_matches(target, 'address|street|\\bcity\\b|postal|postcode|zip|residence') AND NOT regexp_matches(target, 'mail|ip address|work|office|business')",
  );
  if (changes.length === 0) return [];
  const claimed = new Map(
    (
      await database.rows(
        'SELECT person_id, claimed_city FROM people SEMI JOIN proposed_people USING (person_id) ORDER BY person_id',
      )
    ).map((row) => [String(row.person_id), partsOf(String(row.claimed_city ?? '')).join(' ')]),
  );
  return changes.map((change): Draft => {
    const { person, time } = change;
    const towns = partsOf(change.detail ?? '', /[,;/()→]/).filter(
      (part) =>
        /^\p{L}[\p{L} ]{2,}$/u.test(part) && part !== claimed.get(person) && !part.startsWith('changed by'),
    );
    return {
      kind: 'move',
      people: [person],
      from: shifted(time, -moveDays),
      to: shifted(time, moveDays),
      covers: (row) => {
        const placed = Object.entries(row).filter(([name, cell]) => placeColumn.test(name) && cell !== null);
        return (
          placed.length === 0 ||
          placed.some(([, cell]) => {
            const parts = partsOf(String(cell));
            return towns.some((town) => parts.includes(town));
          })
        );
      },
      onlyThese: true,
      says: `HR recorded another ${change.field} of ${nameOf(person)} on ${time.slice(0, 10)}: they may have moved. It would cover ${moveDays} days before and after, and what was seen at the one home or the other.`,
      rows: [[change.field, time.slice(0, 10), change.detail, change.source]],
      against: [],
      check:
        'Ask them, over a contact the company had before the change, whether they moved and when; then look whether things went to the one home or the other.',
    };
  });
}

/** An earlier name that HR's own record holds. Names are compared as a whole, never read for what they may tell. */
async function newNames(
  database: Database,
  people: readonly string[],
  byPerson: ReadonlyMap<string, readonly Weighed[]>,
  nameOf: (id: string) => string,
): Promise<Draft[]> {
  const changes = await profileChanges(
    database,
    people,
    "regexp_matches(target, '^(legal |preferred |first |last |family |given |sur|full |middle |display |maiden )*name$')",
  );
  return changes.map((change): Draft => {
    const { person } = change;
    const [before = ''] = (change.detail ?? '').split(' → ');
    const earlier = [
      ...new Set(
        (byPerson.get(person) ?? []).flatMap(({ signal }) =>
          signal.others.filter((other) => partsOf(nameOf(other)).join(' ') === partsOf(before).join(' ')),
        ),
      ),
    ];
    return {
      kind: 'change-of-name',
      people: [person, ...earlier],
      says: `HR recorded a change of ${change.field} of ${nameOf(person)} on ${change.time.slice(0, 10)}${earlier.length > 0 ? `; ${listed(earlier)} is on record under the earlier name` : ''}: documents, accounts and references may still carry the earlier name.`,
      rows: [[change.field, change.time.slice(0, 10), change.detail, change.source]],
      against: [],
      check: 'Ask HR whether they saw a document of the change. Nobody else needs to see it.',
    };
  });
}

/** What was agreed with somebody, as it was recorded with a check. */
async function accommodations(
  database: Database,
  people: readonly string[],
  nameOf: (id: string) => string,
): Promise<Draft[]> {
  if (!(await choosePeople(database, people))) return [];
  const rows = await database.rows(
    `SELECT person_id, target, min(time) AS time, min(source) AS source FROM events SEMI JOIN proposed_people USING (person_id)
     WHERE action = 'check.result' AND starts_with(lower(detail), 'accommodated') GROUP BY person_id, target ORDER BY person_id, target`,
  );
  return rows.map((row): Draft => {
    const person = String(row.person_id);
    const check = String(row.target ?? 'check').replaceAll('_', ' ');
    return {
      kind: 'accommodation',
      people: [person],
      onlyThese: true,
      needs: 'events.check.result',
      says: `People operations recorded on ${String(row.time).slice(0, 10)} that an accommodation was agreed with ${nameOf(person)} (${check}).`,
      rows: [[check, String(row.time).slice(0, 10), 'accommodated', String(row.source)]],
      against: [],
      check: 'Ask people operations what was agreed, not why.',
    };
  });
}

/** A tool that most of a department has on the laptop is the department's tool. */
async function departmentTools(database: Database, all: readonly Weighed[]): Promise<Draft[]> {
  const found = new Map<string, Set<string>>();
  for (const { signal } of all) {
    if (!signal.detection.explained_by.includes('approved-remote-tool')) continue;
    for (const row of signal.rows)
      if (typeof row.tool === 'string')
        found.set(row.tool, (found.get(row.tool) ?? new Set()).add(signal.person));
  }
  if (found.size === 0) return [];
  const members = await database.rows(
    `SELECT DISTINCT p.person_id, p.department FROM people p SEMI JOIN inventory i ON i.person_id = p.person_id
     WHERE p.department IS NOT NULL ORDER BY p.department, p.person_id`,
  );
  const departments = new Map<string, string[]>();
  for (const row of members) {
    const name = String(row.department);
    departments.set(name, [...(departments.get(name) ?? []), String(row.person_id)]);
  }
  return [...found].flatMap(([tool, having]) =>
    [...departments].flatMap(([department, people]): Draft[] => {
      const own = people.filter((person) => having.has(person));
      if (own.length < toolPeople || own.length < people.length * toolShare) return [];
      return [
        {
          kind: 'approved-remote-tool',
          people: own,
          groups: [{ department }],
          value: { kind: 'tool', label: tool },
          says: `${own.length} of the ${people.length} people of ${department} whose laptops were looked at have ${tool}: it may be a tool of the department.`,
          rows: own.map((person) => [tool, null, person, 'inventory']),
          against: [
            'A tool that a department may use hides somebody who uses it to let another person in: look who came in, and from where.',
          ],
          check: `Ask whoever runs ${department} whether the company gave them ${tool}.`,
        },
      ];
    }),
  );
}

interface Change {
  person: string;
  time: string;
  field: string;
  detail: string | null;
  source: string;
}

async function profileChanges(
  database: Database,
  people: readonly string[],
  which: string,
): Promise<Change[]> {
  if (!(await choosePeople(database, people))) return [];
  const rows = await database.rows(
    `SELECT person_id, time, target, detail, source FROM events SEMI JOIN proposed_people USING (person_id)
     WHERE action = 'profile.change' AND time IS NOT NULL AND detail LIKE '%→%' AND NOT starts_with(detail, '(empty)') AND ${which}
     QUALIFY row_number() OVER (PARTITION BY person_id, CAST(time AS DATE) ORDER BY time, target, detail, event_uid) = 1
     ORDER BY person_id, time, target, detail`,
  );
  return rows.map((row) => ({
    person: String(row.person_id),
    time: String(row.time),
    field: String(row.target),
    detail: row.detail === null ? null : String(row.detail),
    source: String(row.source),
  }));
}

async function choosePeople(database: Database, people: readonly string[]): Promise<boolean> {
  if (people.length === 0) return false;
  await database.run(
    'CREATE OR REPLACE TEMP TABLE proposed_people AS SELECT DISTINCT unnest(CAST($people AS JSON)::VARCHAR[]) AS person_id',
    { people: JSON.stringify(people) },
  );
  return true;
}

/** A place or a name as its parts between commas, without case and accents. */
function partsOf(text: string, between = /[,;/()]/): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(between)
    .map((part) => part.replace(/[^\p{L}\p{N}]+/gu, ' ').trim())
    .filter((part) => part !== '');
}

function shifted(time: string, days: number): string {
  return new Date(Date.parse(time) + days * dayMs).toISOString().slice(0, 10);
}
