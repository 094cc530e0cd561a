import { join } from 'node:path';
import { writtenPhone } from '../exports/greenhouse.js';
import { Output } from '../files.js';
import { type Maker, pair, single } from '../lookalikes/maker.js';
import { drawName } from '../names.js';
import { displayName, homeOn, type Person } from '../person.js';
import type { Random } from '../random.js';
import { plant, sharedSince } from '../rings/planted.js';
import { DAY, date, HOUR, iso, MINUTE } from '../time.js';
import type { Lookalike, Sophistication } from '../truth.js';
import type { World } from '../world.js';
import type { Area } from './area.js';
import { type CheckRow, Kept, peopleOperations, turns, writeCheckRows, writeTable } from './records.js';

/** What is out of the ordinary when somebody's identity, references and past are looked at. */
type Quirk =
  | 'details differ'
  | 'papers refused'
  | 'disguised session'
  | 'own contact as a reference'
  | 'employer denies'
  | 'real person disputes'
  | 'number on a list';

interface Reference {
  name: string;
  email: string;
  phone: string;
}

interface File {
  person: Person;
  quirks: ReadonlySet<Quirk>;
  /** When the identity service was used; the rest follows within days. */
  at: number;
  references: Reference[];
  taxId: string;
  documentId: string;
}

const files = new Kept<File>();
const checks = new Kept<CheckRow>();

/** The identity service and the background service have been in use for a year. */
const usedFor = 365 * DAY;

/**
 * Shares of ring members who show each. Bought and borrowed papers mostly pass, which is why people pay for them. Helpers
 * answer as references of several; a past employer who is really asked denies more often; the owner of a borrowed identity
 * seldom learns of it within a year.
 */
const shares: Readonly<Record<Quirk, Readonly<Record<Sophistication, number>>>> = {
  'details differ': { careless: 0.2, ordinary: 0.15, careful: 0.08 },
  'papers refused': { careless: 0.15, ordinary: 0.1, careful: 0.06 },
  'disguised session': { careless: 0.25, ordinary: 0.18, careful: 0.05 },
  'own contact as a reference': { careless: 0.08, ordinary: 0.03, careful: 0 },
  'employer denies': { careless: 0.25, ordinary: 0.2, careful: 0.1 },
  'real person disputes': { careless: 0.06, ordinary: 0.06, careful: 0.05 },
  'number on a list': { careless: 0.03, ordinary: 0.03, careful: 0.01 },
};
/** Share of members whose reference is the helper of their ring, whose reference is a fellow member, and whose number is that of another. */
const vouched = { careless: 0.5, ordinary: 0.3, careful: 0.1 } as const;
const fellow = { careless: 0.12, ordinary: 0.08, careful: 0.02 } as const;
const oneNumber = { careless: 0.06, ordinary: 0.04, careful: 0.02 } as const;

function looked(person: Person, world: World): boolean {
  const started = person.startedAt;
  return (
    started !== undefined &&
    person.appliedAt !== undefined &&
    started > world.asOf - usedFor &&
    started < world.asOf + 14 * DAY
  );
}

/** Only of those whom the company pays itself does it have a tax id; of the others the firm that sent them has it. */
const paidHere = (person: Person): boolean => person.engagement !== 'vendor';

function rings(world: World): void {
  const turn = new Map(
    [...Object.keys(shares), 'vouched', 'fellow', 'number'].map((key) => [
      key,
      turns(world, `identity ${key}`),
    ]),
  );
  for (const { id, members } of world.rings) {
    const helper = referenceOf(world.random('identity-helper', id), 0);
    const made: File[] = [];
    for (const person of members) {
      if (!looked(person, world)) continue;
      const how = person.ring?.sophistication as Sophistication;
      const quirks = new Set<Quirk>();
      for (const [quirk, share] of Object.entries(shares) as [Quirk, Record<Sophistication, number>][])
        if (turn.get(quirk)?.(share[how])) quirks.add(quirk);
      const file = fileOf(world, person, quirks);
      made.push(file);
      for (const quirk of quirks) plant(world, person, ids[quirk], seenAt(file, quirk));
      const [last] = made.slice(-2);
      if (made.length >= 2 && last) {
        if (turn.get('fellow')?.(fellow[how])) {
          file.references[1] = contactOf(last.person);
          plant(
            world,
            person,
            'VE-04',
            Math.max(person.appliedAt as number, last.person.appliedAt as number),
          );
        }
        if (turn.get('number')?.(oneNumber[how])) {
          file.taxId = last.taxId;
          const at = Math.max(file.at, last.at);
          if (paidHere(person) && paidHere(last.person))
            for (const one of [person, last.person]) plant(world, one, 'VE-07', at);
        }
      }
    }
    const through = made.filter(({ person }) =>
      turn.get('vouched')?.(vouched[person.ring?.sophistication as Sophistication]),
    );
    if (through.length < 2) continue;
    const since = sharedSince(through.map((one) => one.person.appliedAt as number));
    for (const [i, file] of through.entries()) {
      file.references[0] = helper;
      plant(world, file.person, 'VE-04', since[i] as number);
    }
  }
}

const ids = {
  'details differ': 'VE-01',
  'papers refused': 'VE-02',
  'disguised session': 'VE-03',
  'own contact as a reference': 'VE-04',
  'employer denies': 'VE-05',
  'real person disputes': 'VE-06',
  'number on a list': 'VE-09',
} as const satisfies Record<Quirk, string>;

function seenAt({ at, person }: File, quirk: Quirk): number {
  if (quirk === 'employer denies') return at + 8 * DAY;
  if (quirk === 'number on a list') return at + DAY;
  if (quirk === 'own contact as a reference') return person.appliedAt as number;
  if (quirk === 'real person disputes') return at + 70 * DAY;
  return at;
}

/**
 * How often honest new hires meet each, of all people, of whom about a quarter were hired within the year: 0.006 is two or
 * three in a hundred of them. Names change, services do not know everybody, firms keep no records.
 */
const circumstances: readonly (readonly [Lookalike, Quirk, number])[] = [
  ['name-not-as-on-papers', 'details differ', 0.007],
  ['papers-refused-by-a-machine', 'papers refused', 0.003],
  ['private-browser', 'disguised session', 0.005],
  ['own-number-as-a-reference', 'own contact as a reference', 0.001],
  ['employer-keeps-no-record', 'employer denies', 0.004],
  ['benefits-claimed-by-a-stranger', 'real person disputes', 0.0004],
  ['address-of-a-listed-firm', 'number on a list', 0.0004],
];

const makers: readonly Maker[] = [
  ...circumstances.map(([kind, , share]) => single(kind, share, looked, () => undefined)),
  // Two who worked for the same person before; one of a good team brings the next.
  pair('same-former-manager', 0.006, looked, () => undefined),
  // Colleagues who look for work at the same time, and one speaks for the other.
  pair('former-colleague-speaks', 0.0012, looked, () => undefined),
  // Payroll enters the number of the file below.
  pair(
    'tax-id-mistyped',
    0.0006,
    (person, world) => looked(person, world) && paidHere(person),
    () => undefined,
  ),
];

function everybody(world: World): void {
  const known = new Set(files.of(world).map((one) => one.person));
  for (const person of world.people) {
    if (known.has(person) || !looked(person, world)) continue;
    const quirks = circumstances.filter(([kind]) => person.lookalikes.has(kind)).map(([, quirk]) => quirk);
    fileOf(world, person, new Set(quirks));
  }
  const pairs = (kind: Lookalike) =>
    files.of(world).filter((one) => !one.person.ring && one.person.lookalikes.has(kind));
  pairs('same-former-manager').forEach((file, i, all) => {
    if (i % 2 === 1) file.references[0] = (all[i - 1] as File).references[0] as Reference;
  });
  pairs('former-colleague-speaks').forEach((file, i, all) => {
    if (i % 2 === 1) file.references[1] = contactOf((all[i - 1] as File).person);
  });
  pairs('tax-id-mistyped').forEach((file, i, all) => {
    if (i % 2 === 1) file.taxId = (all[i - 1] as File).taxId;
  });
  for (const file of files.of(world)) check(world, file);
}

const contactOf = (person: Person): Reference => ({
  name: displayName(person),
  email: person.personalEmail,
  phone: writtenPhone(person.phone, 0),
});

/** A number kept free for fiction, of an area that is nobody's. */
function referenceOf(random: Random, n: number): Reference {
  const { given, family } = drawName(random);
  const firm = random.pick([
    'northlight',
    'orchard-mills',
    'tidewater',
    'brightwell',
    'kestrel-works',
    'fairhaven',
  ]);
  return {
    name: `${given} ${family}`,
    email: `${given}.${family}${random.int(2, 99)}@${firm}${n}.example.org`
      .toLowerCase()
      .replaceAll(/[^a-z0-9@.-]/g, ''),
    phone: `+1 ${random.int(201, 989)}-555-01${random.digits(2)}`,
  };
}

function fileOf(world: World, person: Person, quirks: ReadonlySet<Quirk>): File {
  const random = world.random('identity-file', person.index);
  const started = person.startedAt as number;
  const file: File = {
    person,
    quirks,
    at: Math.max(
      (person.appliedAt as number) + 2 * DAY,
      started - random.int(21, 27) * DAY + random.int(13, 22) * HOUR,
    ),
    references: [referenceOf(random, 1), referenceOf(random, 2)],
    taxId: `9${random.digits(2)}-${random.digits(2)}-${random.digits(4)}`,
    documentId: `${random.pick(['X', 'Y', 'Z'])}${random.digits(8)}`,
  };
  if (quirks.has('own contact as a reference')) file.references[1] = contactOf(person);
  // The check by hand came after the service's, where that refused; nobody who fooled nobody passed it.
  if (person.ring && quirks.has('papers refused'))
    person.checks = person.checks.filter((one) => one.check !== 'document_verified');
  files.of(world).push(file);
  return file;
}

/** What people operations wrote down by hand. */
function check(world: World, { person, quirks, at }: File): void {
  const random = world.random('identity-checks', person.index);
  const note = (kind: string, time: number, outcome: string, words: string) => {
    if (time < world.asOf)
      checks.of(world).push({ person, check: kind, at: time, outcome, by: peopleOperations, note: words });
  };
  if (quirks.has('number on a list')) note('sanctions', at + DAY, 'match', 'address on the list');
  else if (random.chance(0.023)) note('sanctions', at + DAY, 'name only', 'other date on the list');
  else note('sanctions', at + DAY, 'no match', '');
  if (quirks.has('employer denies')) {
    note('employment', at + 8 * DAY, 'failed', 'personnel department has no record');
    // A payslip settles it for most whose employer kept nothing.
    if (!person.ring && random.chance(0.5))
      note('employment', at + 15 * DAY, 'passed', 'payslips of that time');
  } else if (random.chance(0.15)) {
    note(
      'employment',
      at + 8 * DAY,
      random.pick(['passed', 'passed', 'no answer']),
      'number from a public register',
    );
  }
  if (!person.ring && quirks.has('details differ') && random.chance(0.6))
    note('identity_match', at + 3 * DAY, 'passed', 'certificate of the change of name');
  if (!person.ring && quirks.has('papers refused') && random.chance(0.7))
    note('identity_document', at + 3 * DAY, 'passed', 'checked by a person');
}

async function write(world: World, folder: string): Promise<void> {
  const all = files.of(world).filter((one) => one.person.candidateId && one.person.hrId);
  await writeCheckRows(world, join(folder, 'people-ops', 'identity-checks.csv'), checks.of(world));
  await writeReferences(world, folder, all);
  await writeTable(
    join(folder, 'people-ops', 'tax-ids.csv'),
    ['Employee ID', 'Tax ID', 'Document Number', 'Recorded On'],
    all
      .filter((one) => paidHere(one.person) && one.at < world.asOf)
      .map(({ person, taxId, documentId, at }) => ({
        at,
        cells: [person.hrId ?? '', taxId, documentId, date(at)],
      })),
  );
  await writeReports(world, folder, all);
  await writeLines(
    join(folder, 'recruiting', 'identity-service.ndjson'),
    all.flatMap((one) => inquiry(world, one)),
  );
  await writeLines(
    join(folder, 'recruiting', 'background-service.ndjson'),
    all.flatMap((one) => background(world, one)),
  );
}

async function writeReferences(world: World, folder: string, all: readonly File[]): Promise<void> {
  await writeTable(
    join(folder, 'recruiting', 'references.csv'),
    [
      'Candidate ID',
      'Reference Name',
      'Reference Email',
      'Reference Phone',
      'Named On',
      'Answered On',
      'Outcome',
      'Reached By',
    ],
    all.flatMap(({ person, references, at }) => {
      const named = person.appliedAt as number;
      return references.map((reference, i) => {
        const random = world.random('identity-reference', person.index, i);
        const answered = at + random.int(1, 6) * DAY;
        const outcome =
          answered < world.asOf && random.chance(0.6)
            ? random.weighted([
                ['confirmed', 83],
                ['no answer', 17],
              ] as const)
            : '';
        return {
          at: named,
          cells: [
            person.candidateId ?? '',
            reference.name,
            reference.email,
            reference.phone,
            date(named),
            outcome ? date(answered) : '',
            outcome,
            outcome === 'confirmed' ? reachedBy(random, person) : '',
          ],
        };
      });
    }),
  );
}

/** A helper answers where the résumé says; the switchboard of a real firm seldom knows the name. */
function reachedBy(random: Random, person: Person): string {
  return random.chance(person.ring ? 0.25 : 0.55)
    ? "number from the employer's own site"
    : 'number on the résumé';
}

async function writeReports(world: World, folder: string, all: readonly File[]): Promise<void> {
  const told = all.filter(
    (one) => one.quirks.has('real person disputes') && seenAt(one, 'real person disputes') < world.asOf,
  );
  told.sort((a, b) => a.at - b.at || a.person.index - b.person.index);
  if (told.length === 0) return;
  await writeTable(
    join(folder, 'people-ops', 'letters.csv'),
    ['Report ID', 'Received', 'Kind', 'About ID', 'Told By', 'Verified', 'Summary'],
    told.map((one, i) => ({
      at: seenAt(one, 'real person disputes'),
      cells: [
        `L-${101 + i}`,
        date(seenAt(one, 'real person disputes')),
        'Employment disputed',
        one.person.hrId ?? '',
        'somebody of that name',
        'Not yet',
        'Got a letter of the tax office about pay from here, says they never worked here',
      ],
    })),
  );
}

interface Line {
  at: number;
  text: string;
}

async function writeLines(path: string, lines: Line[]): Promise<void> {
  lines.sort((a, b) => a.at - b.at || (a.text < b.text ? -1 : 1));
  const output = new Output(path);
  for (const { text } of lines) {
    output.line(text);
    await output.drain();
  }
  await output.close();
}

/** The identity service: one inquiry with its session, and the check of the document. */
function inquiry(world: World, { person, quirks, at }: File): Line[] {
  if (at >= world.asOf) return [];
  const random = world.random('identity-inquiry', person.index);
  const id = `inq_${random.token(20)}`;
  const line = person.ring ? undefined : homeOn(person, at).network;
  const threat = quirks.has('disguised session');
  const vpn = threat || random.chance(person.ring ? 0.4 : 0.09);
  const session = {
    type: 'inquiry-session',
    id: `iqse_${random.token(20)}`,
    attributes: {
      status: 'expired',
      'started-at': iso(at - 9 * MINUTE),
      'device-type': random.pick(['mobile', 'desktop']),
      'ip-address': vpn || !line ? `2001:db8:${random.hex(4)}:${random.hex(4)}::${random.hex(3)}` : line.ip,
      'country-code': (line?.city ?? person.home.address.city).country,
      'is-proxy': false,
      'is-tor': false,
      'is-vpn': vpn,
      'is-datacenter': threat,
      'threat-level': threat ? 'high' : 'low',
    },
  };
  const fields = { 'email-address': { type: 'string', value: person.personalEmail } };
  const refused = quirks.has('papers refused');
  const differ = quirks.has('details differ');
  const event = (name: string, time: number, data: object, included: object[]): Line => ({
    at: time,
    text: JSON.stringify({
      data: {
        type: 'event',
        id: `evt_${random.token(20)}`,
        attributes: { name, 'created-at': iso(time), 'redacted-at': null, payload: { data, included } },
      },
    }),
  });
  const passed = (name: string, ok: boolean) => ({
    name,
    status: ok ? 'passed' : 'failed',
    reasons: [],
    requirement: 'required',
  });
  return [
    event(
      refused ? 'verification.failed' : 'verification.passed',
      at - MINUTE,
      {
        type: 'verification/government-id',
        id: `ver_${random.token(20)}`,
        attributes: {
          status: refused ? 'failed' : 'passed',
          'completed-at': iso(at - MINUTE),
          checks: [
            passed('id_image_tampering_detection', !refused),
            passed('id_inquiry_comparison', !differ),
          ],
        },
      },
      [{ type: 'inquiry', id, attributes: { 'reference-id': person.candidateId } }],
    ),
    event(
      refused ? 'inquiry.marked-for-review' : 'inquiry.approved',
      at,
      {
        type: 'inquiry',
        id,
        attributes: {
          status: refused ? 'needs_review' : 'approved',
          'reference-id': person.candidateId,
          'completed-at': iso(at),
          ...(refused ? {} : { 'decisioned-at': iso(at) }),
          fields,
        },
      },
      [session],
    ),
  ];
}

/** The background service, for employees: "consider" in one of eight, mostly a month too many. */
function background(world: World, { person, quirks, at }: File): Line[] {
  if (person.engagement !== 'employee') return [];
  const random = world.random('identity-background', person.index);
  const candidate = random.hex(24);
  const event = (type: string, time: number, object: object): Line => ({
    at: time,
    text: JSON.stringify({
      id: random.hex(24),
      object: 'event',
      type,
      created_at: iso(time),
      webhook_url: 'https://hooks.larkspur.example.com/background',
      data: { object },
    }),
  });
  const screening = (object: string, days: number, consider: boolean): Line =>
    event(`${object}.completed`, at + days * DAY, {
      id: random.hex(24),
      object,
      status: 'complete',
      result: consider ? 'consider' : 'clear',
      candidate_id: candidate,
      completed_at: iso(at + days * DAY),
    });
  return [
    event('candidate.created', at, {
      id: candidate,
      object: 'candidate',
      email: person.personalEmail,
      custom_id: person.candidateId,
    }),
    screening('employment_verification', 4, quirks.has('employer denies') || random.chance(0.12)),
    screening('education_verification', 5, random.chance(0.08)),
    screening('report', 6, random.chance(0.1)),
  ].filter((one) => one.at < world.asOf);
}

export const verification: Area = { name: 'identity', rings, makers, everybody, write };
