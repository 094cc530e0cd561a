import type { RemoteTool, UsbDevice } from '../devices.js';
import type { Network } from '../networks.js';
import type { Person } from '../person.js';
import { browserOf, installs, plugsIn, sessionOf, workdaysOf, workingTime } from '../plans.js';
import type { Random } from '../random.js';
import { DAY, HOUR, MINUTE } from '../time.js';
import type { World } from '../world.js';
import { takeCopies } from './copies.js';
import type { RingMeans } from './means.js';
import { plant } from './planted.js';
import { changeProfile } from './profile.js';

/** Everything at once, and nothing hidden. */
export function actCarelessly(world: World, random: Random, person: Person, means: RingMeans): void {
  changeProfile(world, random, person, 3);
  if (person.stage === 'onboarding') return;
  const started = person.startedAt as number;
  const days = workdaysOf(world, person);
  const [first = world.asOf] = days;
  const tools = random.sample<RemoteTool>(['anydesk', 'rustdesk', 'chrome', 'teamviewer'], 2);
  const installed = tools.map((tool, i) => {
    const at = workingTime(person, days[Math.min(i * 2, days.length - 1)] ?? first, random);
    installs(world, person, tool, at);
    return at;
  });
  plant(world, person, 'EP-02', Math.min(...installed));
  plant(world, person, 'EP-01', Math.max(...installed));
  if (random.chance(0.75)) {
    const at = workingTime(person, days[Math.min(1, days.length - 1)] ?? first, random);
    plugsIn(world, person, pikvm(at));
    plant(world, person, 'EP-05', at);
  }
  // The operator's own machine, through Astrill, beside the laptop that stands in the farm.
  const remoteDays = days.filter((_, i) => i % 4 === 1);
  for (const [i, day] of remoteDays.entries()) {
    const network = random.pick(means.astrill);
    const time = workingTime(person, day, random);
    const session = `102${random.token(21)}`;
    if (i % 4 === 3) {
      world.plan({
        kind: 'refused',
        time,
        person,
        network,
        browser: means.operator,
        session,
        reason: 'Sign-on policy evaluation resulted in DENY',
      });
    } else {
      signIn(world, person, time, network, means, session);
      world.plan({
        kind: 'app',
        time: time + 9 * MINUTE,
        person,
        network,
        browser: means.operator,
        session,
        app: 'Jira',
      });
    }
    plant(world, person, 'SI-01', time);
    plant(world, person, 'SI-06', time);
  }
  for (const day of random.sample(remoteDays.slice(1), 2)) {
    const time = workingTime(person, day, random) + 30 * MINUTE;
    const session = `102${random.token(21)}`;
    const [one, two] = random.sample(means.astrill, 2) as [Network, Network];
    signIn(world, person, time, one, means, session);
    world.plan({
      kind: 'app',
      time: time + 11 * MINUTE,
      person,
      network: means.raw,
      browser: means.operator,
      session,
      app: 'Slack',
    });
    signIn(world, person, time + 13 * MINUTE, means.raw, means, `102${random.token(21)}`);
    world.plan({
      kind: 'app',
      time: time + 21 * MINUTE,
      person,
      network: two,
      browser: means.operator,
      session,
      app: 'Google Workspace',
    });
    for (const id of ['SI-02', 'SI-03', 'SI-08'] as const) plant(world, person, id, time + 21 * MINUTE);
  }
  const [reuse] = random.sample(days.slice(2), 1);
  if (reuse !== undefined && random.chance(0.7)) {
    // The laptop's session cookie, carried over to the operator's machine.
    const session = sessionOf(world, person, reuse);
    const time = workingTime(person, reuse, random);
    world.plan({
      kind: 'sign-in',
      time: time - 70 * MINUTE,
      person,
      network: means.farm.network,
      browser: browserOf(person),
      session,
      ...(person.device ? { device: person.device } : {}),
      phone: { handset: person.handset, network: means.handsetPlace },
    });
    for (const i of [0, 1, 2]) {
      world.plan({
        kind: 'app',
        time: time + i * 12 * MINUTE,
        person,
        network: random.pick(means.astrill),
        browser: means.operator,
        session,
        app: ['GitHub Enterprise Cloud', 'Google Workspace', 'Jira'][i] as string,
      });
    }
    plant(world, person, 'SI-10', time);
  }
  takeCopies(world, random, person, means, 0.8, 0.6);
  const refusals = random.int(2, 3);
  for (let i = 0; i < refusals; i++) {
    const at = Math.min(started + (12 + i * 9) * DAY + 16 * HOUR, world.asOf - (refusals - i) * HOUR);
    person.checks.push({
      check: 'spot_check',
      at,
      outcome: i === 1 ? 'missed' : 'declined',
      note: i === 0 ? 'says the camera is broken' : i === 1 ? 'did not join' : 'asks for another date',
    });
    if (i === 1) plant(world, person, 'WP-01', at);
  }
}

function signIn(
  world: World,
  person: Person,
  time: number,
  network: Network,
  means: RingMeans,
  session: string,
): void {
  world.plan({
    kind: 'sign-in',
    time,
    person,
    network,
    browser: means.operator,
    session,
    phone: { handset: person.handset, network: means.handsetPlace },
  });
}

/** An IP-KVM as it comes out of the box: a keyboard, a mouse and a drive that can be worked from afar. */
function pikvm(at: number): UsbDevice {
  return {
    at,
    vendorId: '1d6b',
    modelId: '0104',
    vendor: 'PiKVM',
    model: 'PiKVM Composite Device',
    serial: 'CAFEBABE',
    removable: true,
    class: 'USB',
    parts: [
      {
        id: 'HID\\VID_1D6B&PID_0104&MI_00\\7&2ab4f1c&0&0000',
        description: 'HID Keyboard Device',
        class: 'Keyboard',
      },
      {
        id: 'USBSTOR\\CDROM&VEN_PIKVM&PROD_OPTICAL_DRIVE&REV_0100\\CAFEBABE&0',
        description: 'PiKVM Optical Drive USB Device',
        class: 'CDROM',
      },
    ],
  };
}
