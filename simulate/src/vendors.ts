import { citiesOf } from './cities.js';
import { drawName, plain } from './names.js';
import type { Vendor } from './person.js';
import { parseDay } from './time.js';
import type { World } from './world.js';

/** The staffing firms some workers come through. */
export function makeVendors(world: World): Vendor[] {
  const names = [
    'Brightwater Staffing',
    'Cobalt Talent Partners',
    'Fieldstone Contract Services',
    'Greyheron Consulting',
    'Halyard Resources',
    'Tidewater Technical',
  ];
  return names.map((name, i) => {
    const random = world.random('vendor', i);
    const city = random.pick(citiesOf('US'));
    const contact = drawName(random);
    const domain = `${plain(name.split(' ')[0] ?? name)}.example.org`;
    return {
      name,
      id: `SUP-${4100 + i * 7}`,
      contact: `${contact.given} ${contact.family}`,
      email: `${plain(contact.given)}@${domain}`,
      phone: world.identities.phone(city),
      website: `https://${domain}`,
      address: world.residences.address(city),
      founded: parseDay(`${random.int(2004, 2022)}-0${random.int(1, 9)}-1${random.int(0, 9)}`),
    };
  });
}
