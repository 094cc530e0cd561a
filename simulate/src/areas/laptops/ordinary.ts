import type { Display } from '../../devices.js';
import type { Network } from '../../networks.js';
import { workdaysOf } from '../../plans.js';
import type { World } from '../../world.js';
import { puts, visits } from './things.js';

/** What honest people's laptops show as a matter of course. */
export function ordinaryLaptops(world: World): void {
  const homes = new Map<Network, Display>();
  for (const person of world.people) {
    const { device } = person;
    if (person.ring || !device || person.stage !== 'employed') continue;
    const random = world.random('laptops-ordinary', person.index);
    // Who uses a private VPN has its program, more often than not on this laptop.
    if (person.lookalikes.has('consumer-vpn') && random.chance(0.7))
      puts(world, person, random, random.pick(['nord', 'mullvad'] as const));
    // Who stays where only Astrill works has that.
    if (person.lookalikes.has('vpn-abroad') && random.chance(0.5)) puts(world, person, random, 'astrill');
    // A couple with one desk, or one good monitor.
    if (person.lookalikes.has('couple')) {
      const known = homes.get(person.home.network);
      if (known && random.chance(0.4)) device.displays.push(known);
      else if (device.displays[0]) homes.set(person.home.network, device.displays[0]);
    }
    // Programs for remote control keep their notes on honest laptops too.
    const tool = device.programs.find((one) => one.name === 'AnyDesk' || one.name === 'TeamViewer');
    if (
      tool &&
      (person.lookalikes.has('one-remote-tool') || person.lookalikes.has('support-tools')) &&
      workdaysOf(world, person).length > 0 &&
      random.chance(0.5)
    )
      visits(world, person, random, {
        tool: tool.name as 'AnyDesk' | 'TeamViewer',
        visitor: `2${random.digits(8)}`,
        share: random.between(0.01, 0.12),
        from: tool.at,
        way: 'User',
      });
  }
}
