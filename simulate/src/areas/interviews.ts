import { join } from 'node:path';
import { type City, citiesOf, kilometres } from '../cities.js';
import { Output } from '../files.js';
import { type Maker, pair, single } from '../lookalikes/maker.js';
import { displayName, homeOn, type Person } from '../person.js';
import type { Random } from '../random.js';
import { plant, sharedSince } from '../rings/planted.js';
import { DAY, dateTime, HOUR, iso, isoSeconds, MINUTE } from '../time.js';
import type { Behaviour, Lookalike, Sophistication } from '../truth.js';
import type { World } from '../world.js';
import type { Area } from './area.js';
import { Kept, turns, writeTable } from './records.js';

/** What is out of the ordinary on somebody's way through interviews, tests and the signature. */
type Quirk =
  | 'camera off'
  | 'another person'
  | 'two say so'
  | 'other name'
  | 'other identity shown'
  | 'live request failed'
  | 'live request declined'
  | 'questions missed'
  | 'work not known'
  | 'steps avoided'
  | 'on a VPN'
  | 'far away'
  | 'program for a camera'
  | 'late video'
  | 'test elsewhere'
  | 'signed on a VPN'
  | 'signed far away'
  | 'one machine';

interface Row {
  at: number;
  step: string;
  by: string;
  took: string;
  camera?: string;
  agreed?: string;
  name?: string;
  same?: string;
  live?: string;
  screen?: string;
  work?: string;
  questions?: string;
  note?: string;
}

interface Course {
  person: Person;
  quirks: ReadonlySet<Quirk>;
  /** One a step that took place. */
  steps: number[];
  rows: Row[];
  test?: number;
  signed?: number;
  /** Whose computer and line they use: their own, or that of the one who interviews for several. */
  machine: string;
}

const courses = new Kept<Course>();

/** The form has been filled in for a year, and meetings with candidates, tests and signatures are kept as long. */
const keptFor = 365 * DAY;

/**
 * Shares of ring members who do each thing. Reports name camera excuses, stand-ins, VPNs and unknown home towns again and
 * again and count none of them. The careless hide little; the careful appear themselves, on camera and on a line near the
 * claimed home, and are seen through only where somebody else does part of it: the test, the later step, the face.
 */
const shares: Readonly<Partial<Record<Quirk, Readonly<Record<Sophistication, number>>>>> = {
  'camera off': { careless: 0.35, ordinary: 0.2, careful: 0.05 },
  'another person': { careless: 0.15, ordinary: 0.15, careful: 0.08 },
  'two say so': { careless: 0.08, ordinary: 0.06, careful: 0.04 },
  'other name': { careless: 0.15, ordinary: 0.08, careful: 0.02 },
  'other identity shown': { careless: 0.12, ordinary: 0.08, careful: 0.02 },
  'live request failed': { careless: 0.12, ordinary: 0.1, careful: 0.05 },
  'live request declined': { careless: 0.12, ordinary: 0.08, careful: 0.04 },
  'questions missed': { careless: 0.25, ordinary: 0.15, careful: 0.05 },
  'work not known': { careless: 0.2, ordinary: 0.15, careful: 0.1 },
  'steps avoided': { careless: 0.25, ordinary: 0.2, careful: 0.15 },
  'on a VPN': { careless: 0.5, ordinary: 0.4, careful: 0.1 },
  'far away': { careless: 0.12, ordinary: 0.08, careful: 0.03 },
  'program for a camera': { careless: 0.15, ordinary: 0.12, careful: 0.08 },
  'late video': { careless: 0.35, ordinary: 0.3, careful: 0.15 },
  'test elsewhere': { careless: 0.15, ordinary: 0.12, careful: 0.1 },
  'signed on a VPN': { careless: 0.4, ordinary: 0.3, careful: 0.08 },
  'signed far away': { careless: 0.12, ordinary: 0.08, careful: 0.04 },
};

/** One member in two of a careless pair sits at the machine of the other. */
const oneMachine = 0.5;

function rings(world: World): void {
  const turn = new Map(Object.keys(shares).map((quirk) => [quirk, turns(world, `interview ${quirk}`)]));
  for (const { id, members } of world.rings) {
    const random = world.random('interview-ring', id);
    const together = members.filter(
      (one) => one.ring?.sophistication === 'careless' && interviewed(one, world),
    );
    const shared =
      together.length >= 2 && random.chance(oneMachine) ? new Set(together.slice(0, 2)) : new Set<Person>();
    const made: Course[] = [];
    for (const person of members) {
      if (!interviewed(person, world)) continue;
      const how = person.ring?.sophistication as Sophistication;
      const quirks = new Set<Quirk>();
      for (const [quirk, share] of Object.entries(shares) as [Quirk, Record<Sophistication, number>][])
        if (turn.get(quirk)?.(share[how])) quirks.add(quirk);
      if (quirks.has('two say so')) quirks.delete('another person');
      if (shared.has(person)) {
        quirks.add('one machine');
        for (const one of [
          'on a VPN',
          'far away',
          'test elsewhere',
          'signed on a VPN',
          'signed far away',
        ] as const)
          quirks.delete(one);
      }
      if (quirks.has('on a VPN')) quirks.delete('far away');
      if (quirks.has('signed on a VPN')) quirks.delete('signed far away');
      if (!person.engineer || quirks.has('on a VPN') || quirks.has('far away'))
        quirks.delete('test elsewhere');
      const course = courseOf(world, person, quirks, shared.has(person) ? `ring-${id}` : undefined);
      made.push(course);
      for (const [planted, at] of shown(course)) plant(world, person, planted, at);
    }
    const sharers = made.filter((one) => one.quirks.has('one machine') && one.steps.length > 0);
    if (sharers.length >= 2)
      for (const [i, at] of sharedSince(sharers.map((one) => one.steps[0] as number)).entries())
        plant(world, (sharers[i] as Course).person, 'IN-06', at);
  }
}

/** What of it the records show, and since when. */
function shown({ quirks, rows, steps, test, signed }: Course): [Behaviour, number][] {
  const found: [Behaviour, number][] = [];
  const since = (id: Behaviour, fits: (row: Row) => boolean, count: number) => {
    const times = [...new Set(rows.filter(fits).map((one) => one.at))].sort((a, b) => a - b);
    const at = times[count - 1];
    if (at !== undefined) found.push([id, at]);
  };
  since('IN-01', (row) => row.camera === 'off' && !row.agreed, 2);
  since('IN-02', (row) => row.same === 'no', 1);
  since('IN-07', (row) => row.name === 'no', 1);
  since('IN-08', (row) => row.screen === 'another identity', 1);
  since('IN-09', (row) => row.live === 'failed', 1);
  since('IN-09', (row) => row.live === 'declined', 2);
  since('IN-10', (row) => row.questions === '0', 2);
  since('IN-12', (row) => row.work === 'failed', 1);
  since('IN-15', (row) => row.took === 'declined' || row.took === 'missed', 2);
  const [first, second] = steps;
  if (first !== undefined && quirks.has('on a VPN')) found.push(['IN-03', first]);
  if (second !== undefined && quirks.has('far away')) found.push(['IN-03', second]);
  if (first !== undefined && quirks.has('program for a camera')) found.push(['IN-05', first]);
  // A picture that is not sent is not late.
  const [, seen] = steps.filter((at) => quirks.has('program for a camera') || !unseen(rows, at));
  if (seen !== undefined && quirks.has('late video')) found.push(['IN-04', seen]);
  if (test !== undefined && first !== undefined && quirks.has('test elsewhere'))
    found.push(['IN-12', Math.max(test, first)]);
  if (signed !== undefined && (quirks.has('signed on a VPN') || quirks.has('signed far away')))
    found.push(['IN-14', signed]);
  return found;
}

function unseen(rows: readonly Row[], at: number): boolean {
  return rows.some((row) => row.at === at && row.camera === 'off');
}

/** Applied in the last year and came as far as interviews: everybody hired, and a third of those who were not. */
export function interviewed(person: Person, world: World): boolean {
  const { appliedAt } = person;
  if (appliedAt === undefined || appliedAt < world.asOf - keptFor || appliedAt > world.asOf - 20 * DAY)
    return false;
  return person.startedAt !== undefined || world.random('came-to-interviews', person.index).chance(0.35);
}

/**
 * How often honest candidates meet each, of all people; about three in ten of these are interviewed within the year. So
 * 0.009 is three in a hundred candidates. Cameras break, lines are slow, people travel between jobs and leave a VPN on.
 */
const circumstances: readonly (readonly [Lookalike, Quirk, number])[] = [
  ['camera-kept-off', 'camera off', 0.009],
  ['interviewer-mix-up', 'another person', 0.0012],
  ['family-account', 'other name', 0.0045],
  ['shared-computer-screen', 'other identity shown', 0.001],
  ['frozen-picture', 'live request failed', 0.0025],
  ['live-request-declined', 'live request declined', 0.0045],
  ['fixed-questions-missed', 'questions missed', 0.012],
  ['nervous-about-own-work', 'work not known', 0.009],
  ['steps-put-off', 'steps avoided', 0.009],
  ['interviewed-on-a-vpn', 'on a VPN', 0.036],
  ['interviewed-on-the-road', 'far away', 0.01],
  ['presenter-camera', 'program for a camera', 0.012],
  ['slow-video', 'late video', 0.016],
  ['test-on-the-road', 'test elsewhere', 0.0075],
  ['signed-on-a-vpn', 'signed on a VPN', 0.027],
  ['signed-on-the-road', 'signed far away', 0.013],
];

const makers: readonly Maker[] = [
  ...circumstances.map(([kind, quirk, share]) =>
    single(
      kind,
      share,
      (person, world) => interviewed(person, world) && (quirk !== 'test elsewhere' || person.engineer),
      () => undefined,
    ),
  ),
  // A couple, two friends of one school: they apply in the same month from the same table.
  pair('applied-together', 0.002, interviewed, () => undefined),
];

function everybody(world: World): void {
  const known = new Set(courses.of(world).map((one) => one.person));
  const together = world.people.filter((one) => one.lookalikes.has('applied-together'));
  for (const person of world.people) {
    if (known.has(person) || !interviewed(person, world)) continue;
    const quirks = new Set(
      circumstances.filter(([kind]) => person.lookalikes.has(kind)).map(([, quirk]) => quirk),
    );
    const at = together.indexOf(person);
    if (at >= 0) quirks.add('one machine');
    courseOf(world, person, quirks, at >= 0 ? `pair-${Math.floor(at / 2)}` : undefined);
  }
}

const interviewers = [
  'Wren Halloran',
  'Sage Winterbourne',
  'Arden Quill',
  'Blair Thorne',
  'Emery Vance',
  'Rowan Ashby',
];

/** Somebody's way through three steps with one or two interviewers each, a test for engineers, and the signature. */
function courseOf(world: World, person: Person, quirks: ReadonlySet<Quirk>, machine?: string): Course {
  const random = world.random('interviews', person.index);
  const course: Course = {
    person,
    quirks,
    steps: [],
    rows: [],
    machine: (machine ? world.random('interview-machine', machine) : random).token(10),
  };
  const applied = person.appliedAt as number;
  const until = Math.min((person.startedAt ?? Number.POSITIVE_INFINITY) - 4 * DAY, world.asOf);
  let day = Math.floor(applied / DAY) * DAY + random.int(6, 9) * DAY;
  for (const [i, step] of ['Screening', 'Technical', 'Panel'].entries()) {
    const at = day + random.int(14, 20) * HOUR + random.pick([0, 30]) * MINUTE;
    day += random.int(3, 6) * DAY;
    if (at > until) break;
    const by = random.sample(interviewers, i === 0 ? 1 : 2);
    // One appointment in thirty is moved; most people who move one come to the next.
    if (random.chance(0.033))
      course.rows.push({
        at: at - DAY,
        step,
        by: by[0] as string,
        took: random.pick(['rescheduled', 'missed']),
      });
    course.steps.push(at);
    // A reason agreed beforehand, for this step or for good: two or three in a hundred.
    const agreed = !quirks.has('camera off') && random.chance(0.025);
    for (const [n, name] of by.entries())
      course.rows.push(answers(random, person, quirks, { i, n, step, at, by: name, agreed }));
    if (i === 0 && person.engineer && random.chance(0.85)) {
      const test = at + random.int(1, 2) * DAY + random.int(-6, 5) * HOUR;
      if (test < until) course.test = test;
    }
  }
  // The office day: offered to all, done by a third; a colleague nearby is as good.
  if (quirks.has('steps avoided')) {
    for (const [i, took] of ['declined', 'missed'].entries())
      course.rows.push({
        at: day + i * 3 * DAY + 15 * HOUR,
        step: 'Office day',
        by: 'Robin Castellan',
        took,
      });
  } else if (random.chance(0.35)) {
    course.rows.push({
      at: day + 15 * HOUR,
      step: 'Office day',
      by: 'Robin Castellan',
      took: random.chance(0.9) ? 'held' : 'another way agreed',
    });
  }
  if (person.startedAt !== undefined && person.startedAt > world.asOf - keptFor) {
    const last = course.steps.at(-1) ?? applied;
    course.signed = Math.max(
      last + DAY,
      person.startedAt - random.int(9, 22) * DAY + random.int(12, 23) * HOUR,
    );
  }
  course.rows = course.rows.filter((one) => one.at < world.asOf);
  courses.of(world).push(course);
  return course;
}

interface Moment {
  i: number;
  n: number;
  step: string;
  at: number;
  by: string;
  agreed: boolean;
}

function answers(
  random: Random,
  person: Person,
  quirks: ReadonlySet<Quirk>,
  { i, n, step, at, by, agreed }: Moment,
): Row {
  const row: Row = { at, step, by, took: 'held', name: 'yes' };
  const technical = i === 1;
  row.camera = quirks.has('camera off') ? 'off' : agreed || random.chance(0.012) ? 'off' : 'on';
  if (agreed) row.agreed = 'agreed';
  if (row.camera === 'off' && !agreed)
    row.note = random.pick(['says it is broken', 'poor line', 'no reason given']);
  if (quirks.has('other name') && technical) row.name = 'no';
  row.same = i === 0 ? 'first meeting' : random.chance(0.03) ? 'unsure' : 'yes';
  // Of two interviewers of a step, the one who was there before sees it; both do in the plainest cases. Whoever meets a
  // ring's stand-in next has met neither often enough to be sure; a mix-up is over with the step.
  if (quirks.has('another person') && i >= 1)
    row.same = i === 1 && n === 0 ? 'no' : i === 1 || person.ring ? 'unsure' : 'yes';
  if (quirks.has('two say so') && i >= 1) row.same = 'no';
  if (technical || (i === 2 && quirks.has('live request declined'))) {
    row.live = random.weighted([
      ['passed', 97],
      ['another way agreed', 3],
    ] as const);
    if (quirks.has('live request failed')) row.live = 'failed';
    if (quirks.has('live request declined')) row.live = 'declined';
  }
  if (technical && person.engineer) {
    row.screen = quirks.has('other identity shown') ? 'another identity' : 'ok';
    row.work = quirks.has('work not known')
      ? 'failed'
      : random.weighted([
          ['passed', 94],
          ['partly', 6],
        ] as const);
  } else if (technical && quirks.has('other identity shown')) row.screen = 'another identity';
  if (quirks.has('work not known') && technical) row.work = 'failed';
  if ((i === 0 || i === 2) && n === 0)
    row.questions = quirks.has('questions missed')
      ? '0'
      : random.weighted([
          ['3', 60],
          ['2', 32],
          ['1', 6],
          ['0', 2],
        ] as const);
  return row;
}

interface Line {
  ip: string;
  city: City;
}

/** Where they sit for a step. */
function lineOf(
  world: World,
  { person, machine, quirks }: Course,
  what: 'meeting' | 'test' | 'signature',
  at: number,
): Line {
  const random = world.random('interview-line', person.index, what === 'meeting' ? 'meeting' : what);
  const home = homeOn(person, at);
  const own = (city: City, ...key: string[]): Line => {
    const draw = world.random('interview-address', ...key);
    return { ip: `2001:db8:${draw.hex(4)}:${draw.hex(4)}::${draw.hex(3)}`, city };
  };
  if (quirks.has('one machine')) {
    const [first] = courses.of(world).filter((one) => one.machine === machine);
    return own((first ?? { person }).person.home.address.city, machine);
  }
  const vpn = what === 'signature' ? quirks.has('signed on a VPN') : quirks.has('on a VPN');
  const exits = person.ring ? world.networks.astrill : exitsOf(world);
  if (vpn && exits.length > 0) return random.pick(exits);
  const away =
    what === 'signature'
      ? quirks.has('signed far away')
      : quirks.has('far away') || (what === 'test' && quirks.has('test elsewhere'));
  if (away) {
    const near = home.address.city;
    const reach = person.ring
      ? ['CN', 'RU', 'US']
      : [near.country, near.country, 'US', 'GB', 'PT', 'MX', 'IN'];
    const far = citiesOf(random.pick(reach)).filter((one) => kilometres(one, near) > 600);
    const city =
      far.length > 0 ? random.pick(far) : random.pick(citiesOf(near.country === 'US' ? 'CA' : 'US'));
    return own(city, String(person.index), what);
  }
  // Before there is a laptop at a helper's house, an operator comes in by way of a bought line near the claimed home.
  return person.ring ? own(home.address.city, String(person.index)) : home.network;
}

/** Exits of VPN services that people of the company sign in through, so that a log knows them as such. */
function exitsOf(world: World): Line[] {
  const exits = new Map<string, Line>();
  for (const person of world.people)
    for (const exit of person.habits.vpn?.exits ?? []) exits.set(exit.ip, exit);
  return [...exits.values()];
}

async function write(world: World, folder: string): Promise<void> {
  const all = courses.of(world).filter((one) => one.person.candidateId);
  await writeForm(world, folder, all);
  await writeMeetings(world, folder, all);
  await writeTests(world, folder, all);
  await writeEnvelopes(world, folder, all);
}

async function writeForm(world: World, folder: string, all: readonly Course[]): Promise<void> {
  await writeTable(
    join(folder, 'recruiting', 'interviews.csv'),
    [
      'candidate_id',
      'candidate_email',
      'interview_step',
      'held_at',
      'interviewer',
      'took_place',
      'camera',
      'accommodation',
      'joined_under_own_name',
      'same_person_as_before',
      'live_request',
      'shared_screen',
      'explained_own_work',
      'fixed_questions',
      'note',
    ],
    all.flatMap(({ person, rows }) =>
      rows
        .filter((one) => one.at < world.asOf)
        .map((row) => ({
          at: row.at,
          cells: [
            person.candidateId ?? '',
            person.personalEmail,
            row.step,
            dateTime(row.at),
            row.by,
            row.took,
            row.camera ?? '',
            row.agreed ?? '',
            row.name ?? '',
            row.same ?? '',
            row.live ?? '',
            row.screen ?? '',
            row.work ?? '',
            row.questions ?? '',
            row.note ?? '',
          ],
        })),
    ),
  );
}

const cameras = [
  'FaceTime HD Camera',
  'Integrated Webcam',
  'HD Pro Webcam C920',
  'USB Video Device',
  'HP Wide Vision HD',
];

/** Meetings with candidates, who register with their own address, as the webhooks of the meeting service tell of them. */
async function writeMeetings(world: World, folder: string, all: readonly Course[]): Promise<void> {
  const notices: { at: number; text: string }[] = [];
  for (const course of all) {
    const { person, quirks, steps, rows } = course;
    const random = world.random('interview-meetings', person.index);
    const mac = random.chance(0.5);
    const camera = quirks.has('program for a camera')
      ? random.pick(
          person.ring
            ? ['OBS Virtual Camera', 'ManyCam Virtual Webcam']
            : ['OBS Virtual Camera', 'NVIDIA Broadcast', 'mmhmm Camera'],
        )
      : mac
        ? (cameras[0] as string)
        : random.pick(cameras.slice(1));
    for (const at of steps) {
      const meeting = {
        id: String(random.int(81_000_000_000, 89_999_999_999)),
        uuid: `${random.token(22)}==`,
      };
      const line = lineOf(world, course, 'meeting', at);
      const off = unseen(rows, at) && !quirks.has('program for a camera');
      const joined = at + random.int(-90, 240) * 1000;
      const participant = {
        participant_id: random.digits(8),
        user_id: `1677${random.digits(4)}`,
        user_name: displayName(person),
        email: person.personalEmail,
        participant_uuid: random.uuid().toUpperCase(),
      };
      const notice = (event: string, time: number, more: object) =>
        notices.push({
          at: time,
          text: JSON.stringify({
            event,
            event_ts: time,
            payload: {
              account_id: 'KpRcYd0xTx2m7n',
              object: {
                ...meeting,
                topic: 'Interview',
                participant: { ...participant, ...more },
              },
            },
          }),
        });
      notice('meeting.participant_data', joined + 20_000, {
        device: mac ? 'Mac' : 'Windows',
        client: 'Zoom',
        ip_address: line.ip,
        location: `${line.city.name} (${line.city.country})`,
        network_type: 'Wifi',
        microphone: mac ? 'MacBook Pro Microphone' : 'Microphone Array',
        speaker: mac ? 'MacBook Pro Speakers' : 'Speakers',
        camera: off ? '' : camera,
        pc_name: '',
        harddisk_id: course.machine,
        version: '6.5.11',
        date_time: isoSeconds(joined),
      });
      if (off) continue;
      const late = quirks.has('late video')
        ? random.int(325, 640)
        : random.chance(0.02)
          ? random.int(310, 500)
          : random.int(25, 190);
      notice('meeting.participant_qos', joined + 5 * MINUTE, {
        date_time: isoSeconds(joined + 4 * MINUTE),
        qos: [
          {
            type: 'audio_input',
            details: { avg_latency: `${Math.round(late * 0.4)} ms`, jitter: `${random.int(1, 20)} ms` },
          },
          {
            type: 'video_input',
            details: { avg_latency: `${late} ms`, jitter: `${random.int(1, 20)} ms`, resolution: '1280*720' },
          },
        ],
      });
    }
  }
  notices.sort((a, b) => a.at - b.at || (a.text < b.text ? -1 : 1));
  const output = new Output(join(folder, 'recruiting', 'interview-meetings.ndjson'));
  for (const { text } of notices) {
    output.line(text);
    await output.drain();
  }
  await output.close();
}

async function writeTests(world: World, folder: string, all: readonly Course[]): Promise<void> {
  await writeTable(
    join(folder, 'recruiting', 'coding-tests.csv'),
    [
      'Candidate ID',
      'Candidate Email',
      'Test Name',
      'Start Date',
      'Close Date',
      'Candidate IPs',
      'IP Location',
      'Pastes',
    ],
    all.flatMap((course) => {
      const { person, test } = course;
      if (test === undefined) return [];
      const random = world.random('interview-test', person.index);
      const { ip, city } = lineOf(world, course, 'test', test);
      return [
        {
          at: test,
          cells: [
            person.candidateId ?? '',
            person.personalEmail,
            random.pick(['Backend exercise', 'Data exercise', 'Frontend exercise']),
            dateTime(test - random.int(40, 110) * MINUTE),
            dateTime(test),
            ip,
            `${city.name}, ${city.region}, ${city.country}`,
            random.int(0, 6),
          ],
        },
      ];
    }),
  );
}

/** Offers signed, each envelope with its audit events; the place only for those who let their browser tell it. */
async function writeEnvelopes(world: World, folder: string, all: readonly Course[]): Promise<void> {
  const envelopes: { at: number; text: string }[] = [];
  for (const course of all) {
    const { person, signed } = course;
    if (signed === undefined || signed >= world.asOf) continue;
    const random = world.random('interview-envelope', person.index);
    const { ip, city } = lineOf(world, course, 'signature', signed);
    const name = displayName(person);
    const event = (action: string, at: number) => ({
      eventFields: [
        { name: 'logTime', value: iso(at) },
        { name: 'Source', value: 'Web' },
        { name: 'UserName', value: name },
        { name: 'Action', value: action },
        { name: 'Message', value: `${name} ${action.toLowerCase()} the envelope` },
        { name: 'EnvelopeStatus', value: action === 'Signed' ? 'Completed' : 'Sent' },
        { name: 'ClientIPAddress', value: ip },
        { name: 'Information', value: '' },
        {
          name: 'GeoLocation',
          value: `${(city.lat + random.around(0, 0.05)).toFixed(4)},${(city.lon + random.around(0, 0.05)).toFixed(4)}`,
        },
      ],
    });
    envelopes.push({
      at: signed,
      text: JSON.stringify({
        envelopeId: random.uuid(),
        status: 'completed',
        emailSubject: 'Offer letter',
        customFields: {
          textCustomFields: [
            {
              fieldId: random.digits(8),
              name: 'Candidate ID',
              show: 'false',
              required: 'false',
              value: person.candidateId,
            },
          ],
          listCustomFields: [],
        },
        recipients: {
          signers: [
            {
              name,
              email: person.personalEmail,
              recipientId: '1',
              routingOrder: '1',
              roleName: 'New hire',
              status: 'completed',
              deliveredDateTime: iso(signed - 6 * MINUTE),
              signedDateTime: iso(signed),
            },
          ],
        },
        auditEvents: [event('Viewed', signed - 6 * MINUTE), event('Signed', signed)],
      }),
    });
  }
  envelopes.sort((a, b) => a.at - b.at || (a.text < b.text ? -1 : 1));
  const output = new Output(join(folder, 'recruiting', 'signed-offers.ndjson'));
  for (const { text } of envelopes) {
    output.line(text);
    await output.drain();
  }
  await output.close();
}

export const interviews: Area = { name: 'interviews', rings, makers, everybody, write };
