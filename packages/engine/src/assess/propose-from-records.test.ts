import { afterEach, describe, expect, it } from 'vitest';
import type { Detection } from '../content/detection.js';
import { Database, type Row } from '../lake/duckdb.js';
import { createResolvedTables } from '../lake/resolve.js';
import type { Decision } from '../links/decisions.js';
import type { ExplanationKind } from '../model/policy.js';
import type { Signal } from '../signals/run.js';
import { proposeFromRecords } from './propose-from-records.js';
import type { Assessment } from './weight.js';

let database: Database | undefined;
afterEach(() => {
  database?.close();
  database = undefined;
});

type Event = Partial<
  Record<
    | 'person_id'
    | 'time'
    | 'action'
    | 'target'
    | 'detail'
    | 'source'
    | 'src_city'
    | 'src_country'
    | 'src_ip'
    | 'src_as_org'
    | 'outcome'
    | 'src_network',
    string
  >
> & { count?: number };

async function withEvents(events: readonly Event[], people: readonly Row[] = []): Promise<Database> {
  const made = await Database.open({ threads: 1 });
  database = made;
  await createResolvedTables(made);
  await made.run('CREATE SCHEMA facts');
  await made.run("CREATE TABLE facts.countries AS SELECT 'portugal' AS name_key, 'PT' AS alpha2");
  for (const [table, rows] of [
    ['events', events],
    ['people', people],
  ] as const)
    for (const row of rows) {
      const names = Object.keys(row);
      await made.run(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `$${name}`).join(', ')})`,
        row as Record<string, string | number>,
      );
    }
  return made;
}

/** Somebody about whom a detection found some rows, each worth a few bits together. */
function found(
  person: string,
  explainedBy: ExplanationKind[],
  rows: Row[],
  more: { needs?: string[]; others?: string[] } = {},
): Assessment {
  const detection = {
    id: `found-${explainedBy[0]}`,
    explained_by: explainedBy,
    needs: more.needs ?? [],
    says: 'Seen.',
  } as unknown as Detection;
  const signal = {
    detection,
    person,
    rows,
    total: rows.length,
    others: more.others ?? [],
    accountedFor: new Map(),
  } as unknown as Signal;
  return { person, weighed: [{ signal, bits: 4, counted: 4 }] } as unknown as Assessment;
}

const propose = (assessments: Assessment[], decisions: Decision[] = []) =>
  proposeFromRecords(database as Database, {
    assessments,
    decisions,
    nameOf: (id) => (id === 'p0' ? 'Ada Before' : `Person ${id}`),
    asOf: new Date('2026-06-30T00:00:00Z'),
  });
const away: Event = {
  person_id: 'p1',
  time: '2026-03-02 00:00:00',
  action: 'absence',
  target: 'Lisbon, Portugal',
  source: 'absences',
  count: 5,
};
const seenOn = (day: string): Row => ({ time: `${day}T12:00:00.000Z`, place: 'x' });

describe('a journey', () => {
  const signin = (city: string, country: string): Event => ({
    person_id: 'p1',
    time: '2026-03-04 12:00:00',
    action: 'signin',
    outcome: 'success',
    src_city: city,
    src_country: country,
  });

  it('is proposed for findings of its days, with a day before and after, and says how much it accounts for', async () => {
    await withEvents([away]);
    const [one, ...more] = await propose([
      found(
        'p1',
        ['travel'],
        ['2026-02-28', '2026-03-01', '2026-03-05', '2026-03-07', '2026-03-08'].map(seenOn),
      ),
    ]);
    expect(more).toEqual([]);
    expect(one).toMatchObject({ kind: 'travel', from: '2026-03-01', to: '2026-03-07', against: [] });
    expect(one?.silences).toEqual(['Person p1, 3 of 5 rows of: Seen.']);
    expect(one?.says).toContain('away in Lisbon, Portugal from 2026-03-02 to 2026-03-06 (5 days)');
  });

  it('compares the place in words only for being the same', async () => {
    const finding = () => propose([found('p1', ['travel'], [seenOn('2026-03-04')])]);
    await withEvents([away, signin('Lisbon', 'PT')]);
    expect((await finding())[0]?.says).toContain('come from there');
    database?.close();
    await withEvents([away, signin('Porto', 'PT')]);
    expect((await finding())[0]?.says).toContain('come from there');
    database?.close();
    await withEvents([away, signin('Leeds', 'GB')]);
    const [one] = await finding();
    expect(one?.says).toContain('the words do not tell');
    expect(one?.against).toEqual([]);
    expect(one?.evidence.rows.flat()).toContain('Leeds, GB');
  });

  it('is not proposed where it accounts for nothing, or for somebody else', async () => {
    await withEvents([away]);
    expect(await propose([found('p1', ['travel'], [seenOn('2026-05-04')])])).toEqual([]);
    expect(await propose([found('p1', ['household'], [seenOn('2026-03-04')])])).toEqual([]);
    expect(await propose([found('p2', ['travel'], [seenOn('2026-03-04')])])).toEqual([]);
    expect(await propose([found('p1', ['travel'], [{ place: 'undated' }])])).toEqual([]);
  });

  it('keeps its id, and is shown as confirmed once it is', async () => {
    await withEvents([away]);
    const finding = [found('p1', ['travel'], [seenOn('2026-03-04')])];
    const [one] = await propose(finding);
    const decision: Decision = {
      id: 1,
      time: '2026-06-01T00:00:00Z',
      by: 'Bo',
      reason: 'asked',
      kind: 'explanation.confirm',
      what: {
        id: one?.id as string,
        explanation: { kind: 'travel', people: ['p1'], detections: [], until: '2026-12-31' },
      },
    };
    expect((await propose(finding, [decision]))[0]).toMatchObject({
      id: one?.id,
      confirmed: { by: 'Bo', until: '2026-12-31' },
    });
  });
});

describe('a move', () => {
  const moved = (detail: string): Event => ({
    person_id: 'p1',
    time: '2026-03-05 09:00:00',
    action: 'profile.change',
    target: 'home address',
    detail,
    source: 'profile-changes',
  });
  const at = (delivered_to: string, home = 'Columbus, OH'): Row => ({
    ...seenOn('2026-02-20'),
    delivered_to,
    home,
    place: null,
    city: delivered_to,
  });
  const home: Row[] = [{ person_id: 'p1', claimed_city: 'Columbus' }];

  it('accounts for what was seen at the other home, for these findings only, and for no third place', async () => {
    await withEvents(
      [moved('77 Depot Rd, Nashville, TN 37201 → 9 Oak Ave, Columbus, OH 43004; changed by HR')],
      home,
    );
    const [one] = await propose([found('p1', ['move'], [at('Nashville, TN')])]);
    expect(one).toMatchObject({
      kind: 'move',
      detections: ['found-move'],
      from: '2026-01-19',
      to: '2026-04-19',
    });
    expect(await propose([found('p1', ['move'], [at('Dalian, China')])])).toEqual([]);
    expect(
      await propose([found('p1', ['move'], [{ time: '2026-03-06T00:00:00.000Z', account: 'k' }])]),
    ).toHaveLength(1);
    expect(
      await propose([found('p1', ['move'], [{ time: '2026-06-06T00:00:00.000Z', account: 'k' }])]),
    ).toEqual([]);
  });

  it('is not a first address, and cannot be the reason for itself', async () => {
    await withEvents([moved('(empty) → 9 Oak Ave, Columbus, OH 43004')], home);
    const change = [{ time: '2026-03-05T09:00:00.000Z', field: 'home' }];
    expect(await propose([found('p1', ['move'], change)])).toEqual([]);
    database?.close();
    await withEvents([moved('1 Elm St, Dayton, OH → 9 Oak Ave, Columbus, OH 43004')], home);
    const [one] = await propose([found('p1', ['move'], change, { needs: ['events.profile.change'] })]);
    expect(one?.against.join()).toContain('rests on this very change');
  });
});

describe('a change of name', () => {
  it('comes from HR’s own record, with the record under the earlier name, and never from how names look', async () => {
    await withEvents([
      {
        person_id: 'p1',
        time: '2026-03-05 09:00:00',
        action: 'profile.change',
        target: 'legal name',
        detail: 'Ada Before → Ada After; changed by HR',
        source: 'profile-changes',
      },
    ]);
    const finding = [found('p1', ['change-of-name'], [{ other: 'p0' }], { others: ['p0'] })];
    expect((await propose(finding))[0]).toMatchObject({
      kind: 'change-of-name',
      people: [{ id: 'p1' }, { id: 'p0' }],
    });
    // Somebody else’s account is not theirs because of it.
    expect(await propose([found('p1', ['change-of-name'], [{ other: 'p9' }], { others: ['p9'] })])).toEqual(
      [],
    );
    database?.close();
    await withEvents([
      {
        person_id: 'p1',
        time: '2026-03-05 09:00:00',
        action: 'profile.change',
        target: 'emergency contact name',
        detail: 'A → B',
        source: 'profile-changes',
      },
    ]);
    expect(await propose(finding)).toEqual([]);
  });
});

describe('an accommodation', () => {
  it('is proposed only where people operations recorded one', async () => {
    const check = (detail: string): Event => ({
      person_id: 'p1',
      time: '2026-03-05 09:00:00',
      action: 'check.result',
      target: 'spot_check',
      detail,
      source: 'checks',
      outcome: 'unknown',
    });
    const declined = found('p1', ['accommodation'], [seenOn('2026-03-20')], {
      needs: ['events.check.result'],
    });
    const delivery = found('p1', ['accommodation'], [seenOn('2026-03-20')], {
      needs: ['events.shipment.delivered'],
    });
    const finding = [declined];
    await withEvents([check('missed: by M. Lead')]);
    expect(await propose(finding)).toEqual([]);
    database?.close();
    await withEvents([check('accommodated: agreed; by M. Lead')]);
    const [one] = await propose(finding);
    expect(one?.kind).toBe('accommodation');
    expect(JSON.stringify(one)).not.toContain('agreed; by');
    // What was agreed about a check says nothing of a delivery.
    expect(one?.detections).toHaveLength(1);
    expect(await propose([delivery])).toEqual([]);
  });
});

describe('a tool and a network', () => {
  it('are those of a department or the company where most of many have them', async () => {
    const staff = Array.from(
      { length: 12 },
      (_, i): Row => ({
        person_id: `s${i}`,
        department: i < 8 ? 'Support' : 'Design',
        claimed_city: `Town ${i}`,
        stage: 'employed',
      }),
    );
    const made = await withEvents(
      staff.map(
        (one): Event => ({
          person_id: String(one.person_id),
          time: '2026-03-05 09:00:00',
          action: 'signin',
          outcome: 'success',
          src_ip: '198.51.100.7',
          src_as_org: 'Example Net',
        }),
      ),
      staff,
    );
    await made.run(
      "INSERT INTO inventory (person_id, kind, key) SELECT person_id, 'program', 'x' FROM people",
    );
    const tool = (id: string) => found(id, ['approved-remote-tool'], [{ tool: 'Example Desk' }]);
    const has = ['s0', 's1', 's2', 's3', 's4', 's9'].map(tool);
    const [one, ...more] = await propose(has);
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      groups: [{ department: 'Support' }],
      value: { kind: 'tool', label: 'Example Desk' },
    });
    expect(one?.says).toContain('5 of the 8 people of Support');
    expect(await propose(has.slice(0, 4))).toEqual([]);

    const [range] = await propose([found('s1', ['company-vpn'], [{ src_ip: '198.51.100.7' }])]);
    expect(range?.policy).toContain('cidr: 198.51.100.0/24, kind: company-vpn');
    expect(await propose([found('s1', ['company-vpn'], [{ src_ip: '203.0.113.7' }])])).toEqual([]);
  });
});
