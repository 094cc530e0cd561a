import type { City } from './cities.js';
import type { Network, Networks } from './networks.js';
import type { Random } from './random.js';

export interface Address {
  street: string;
  unit?: string;
  city: City;
  postal: string;
}

/** Where somebody lives or works: an address and the connection there. */
export interface Residence {
  address: Address;
  network: Network;
}

const streets = `
Alder Aspen Bayview Bellflower Birchwood Bluebell Briar Brookside Canyon Cedar Chestnut Clearwater Cloverdale Copper Cottonwood
Crestview Cypress Dogwood Eastgate Elder Elmwood Fairview Fernhill Foxglove Garden Glenwood Granite Greenfield Hawthorn Hazel
Heron Hickory Highland Hillcrest Holly Ironwood Juniper Kestrel Lakeshore Lark Laurel Linden Locust Magnolia Maple Meadow Mill
Mulberry Northfield Oakdale Orchard Overlook Parkway Pebble Pine Plover Poplar Prairie Quail Ridge Riverside Rosewood Saddle
Sandpiper Sequoia Shady Silverleaf Spruce Station Stonebridge Summit Sunset Sycamore Tamarack Teal Thornton Timber Valley Vine
Walnut Westbrook Willow Windmill Wren Yarrow`
  .trim()
  .split(/\s+/);
const kinds = ['Street', 'Avenue', 'Lane', 'Drive', 'Road', 'Court', 'Place', 'Boulevard', 'Way', 'Terrace'];
const letters = 'ABCDEFGHJKLMNPRSTUVWXYZ';

/** Makes addresses; never the same one twice, so that every sharing is meant. */
export class Residences {
  readonly #random: Random;
  readonly #networks: Networks;
  readonly #taken = new Set<string>();

  constructor(random: Random, networks: Networks) {
    this.#random = random;
    this.#networks = networks;
  }

  in(city: City): Residence {
    return { address: this.address(city), network: this.#networks.home(city) };
  }

  address(city: City): Address {
    const random = this.#random;
    for (;;) {
      const street = `${random.int(1, 9899)} ${random.pick(streets)} ${random.pick(kinds)}`;
      const key = `${street}/${city.country}/${city.region}/${city.name}`;
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      const unit = random.chance(0.35)
        ? `${random.pick(['Apt', 'Unit', 'Apt'])} ${random.int(1, 40)}${random.chance(0.4) ? random.pick([...letters.slice(0, 6)]) : ''}`
        : undefined;
      return { street, city, postal: this.#postal(city), ...(unit ? { unit } : {}) };
    }
  }

  #postal(city: City): string {
    const random = this.#random;
    const letter = () => random.pick([...letters]);
    switch (city.country) {
      case 'US':
        return `${city.postal}${random.digits(2)}`;
      case 'CA':
        return `${city.postal}${letter()} ${random.int(1, 9)}${letter()}${random.int(1, 9)}`;
      case 'GB':
        return `${city.postal}${random.int(1, 9)} ${random.int(1, 9)}${letter()}${letter()}`;
      default:
        return `${city.postal}${random.digits(Math.max(1, 5 - city.postal.length))}`;
    }
  }
}

const short: Record<string, string> = {
  Street: 'St',
  Avenue: 'Ave',
  Lane: 'Ln',
  Drive: 'Dr',
  Road: 'Rd',
  Court: 'Ct',
  Place: 'Pl',
  Boulevard: 'Blvd',
  Terrace: 'Ter',
};

/** The same address as another clerk would type it. */
export function retyped(address: Address, random: Random): Address {
  let { street, unit } = address;
  if (random.chance(0.5)) {
    const words = street.split(' ');
    const last = words.pop() ?? '';
    street = [...words, short[last] ? `${short[last]}${random.chance(0.3) ? '.' : ''}` : last].join(' ');
  }
  if (unit && random.chance(0.5))
    unit = unit.replace(/^(Apt|Unit)/, random.pick(['#', 'apt', 'Apt.', 'Unit'])).replace(/^# /, '#');
  if (random.chance(0.25)) street = random.chance(0.5) ? street.toUpperCase() : street.toLowerCase();
  return { ...address, street, ...(unit ? { unit } : {}) };
}

/** One line of street and unit. */
export function streetLine(address: Address): string {
  return address.unit ? `${address.street} ${address.unit}` : address.street;
}
