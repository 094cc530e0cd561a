import { cities, citiesOf } from '../cities.js';
import { drawName, handleWords, plain } from '../names.js';
import type { Random } from '../random.js';
import type { Identity } from './resume.js';

/** Somebody made up: reserved domains, a telephone number kept free for fiction. */
export function drawIdentity(random: Random): Identity {
  const name = drawName(random);
  const city = random.chance(0.75) ? random.pick(citiesOf('US')) : random.pick(cities);
  const area = city.areaCodes.length > 0 ? random.pick(city.areaCodes) : '900';
  const login = random.weighted([
    [`${plain(name.given)}.${plain(name.family)}`, 4],
    [`${plain(name.given)}${plain(name.family)}${random.int(1, 99)}`, 3],
    [`${plain(name.given).slice(0, 1)}${plain(name.family)}.${random.pick(handleWords)}`, 2],
    [`${random.pick(handleWords)}${random.pick(handleWords)}${random.int(1, 999)}`, 1],
  ]);
  const links: string[] = [];
  if (random.chance(0.6)) links.push(`https://profiles.example.com/in/${plain(name.given)}-${random.hex(7)}`);
  if (random.chance(0.4))
    links.push(`https://code.example.org/${random.pick(handleWords)}${random.int(1, 9999)}`);
  return {
    name,
    contacts: {
      email: `${login}@${random.pick(['example.com', 'example.org', 'example.net'])}`,
      phone: `(${area}) 555-01${random.digits(2)}`,
      city: city.name,
      region: city.regionName,
      country: city.country,
      links,
    },
  };
}
