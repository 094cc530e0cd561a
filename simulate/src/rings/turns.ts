import { cityNamed } from '../cities.js';
import { makeBrowser } from '../devices.js';
import type { Network } from '../networks.js';
import type { Person } from '../person.js';
import { workdaysOf } from '../plans.js';
import type { Random } from '../random.js';
import { DAY, HOUR, MINUTE } from '../time.js';
import type { World } from '../world.js';
import type { RingMeans } from './means.js';
import { plant } from './planted.js';

/**
 * One identity, worked by three people in turns through most of a week: somebody is at work at every hour. All of it comes
 * through the laptop's own line, as an IP-KVM has it; the careless work the later shifts from lines of their own as well,
 * and only the careful all use the laptop itself.
 */
export function workByTurns(world: World, random: Random, person: Person, means: RingMeans): void {
  const { sophistication } = person.ring ?? {};
  const careful = sophistication === 'careful';
  const days = workdaysOf(world, person);
  const weeks = Math.min(3, Math.floor(days.length / 6));
  const mondays = days.filter((day) => new Date(day).getUTCDay() === 1 && day + 5 * DAY <= world.asOf);
  const browsers = [0, 1, 2].map(() => makeBrowser(random, 'windows'));
  const laptop = (person.base ?? person.home).network;
  const lines: Network[] =
    sophistication === 'careless'
      ? [laptop, world.networks.home(cityNamed('Vladivostok', 'RU')), random.pick(means.astrill)]
      : [laptop, laptop, laptop];
  for (const monday of random.sample(mondays, Math.max(1, weeks)).sort((a, b) => a - b)) {
    for (let day = 0; day < 5; day++) {
      for (let hour = 0; hour < 24; hour += 2) {
        const shift = Math.floor(hour / 8);
        const time = monday + day * DAY + hour * HOUR + random.int(0, 95) * MINUTE;
        const network = random.chance(0.6) ? laptop : (lines[shift] as Network);
        const at = {
          time,
          person,
          network,
          browser: careful ? (person.device?.browser ?? browsers[0]) : browsers[shift],
          session: `102${world.random('turn', person.index, monday, day, shift).token(21)}`,
        };
        if (!at.browser) continue;
        if (means.astrill.includes(network)) plant(world, person, 'SI-01', time);
        const whole = { ...at, browser: at.browser };
        if (hour % 8 === 0)
          world.plan({
            ...whole,
            kind: 'sign-in',
            ...(network === laptop && person.device ? { device: person.device } : {}),
            phone: { handset: person.handset, network: careful ? laptop : means.handsetPlace },
          });
        else world.plan({ ...whole, kind: 'app', app: random.pick(['Jira', 'Slack', 'Google Workspace']) });
      }
    }
    plant(world, person, 'WP-03', monday + 4 * DAY + 23 * HOUR);
  }
}
