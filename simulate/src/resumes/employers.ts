import { cities } from '../cities.js';
import { Random } from '../random.js';
import { goods, processes } from './trade.js';

/** A made-up employer and the words only its people use. */
export interface Employer {
  /** Its number. */
  id: number;
  name: string;
  place: string;
  founded: number;
  /** What it deals in; its people's bullets come back to these. */
  goods: string[];
  /** Products and internal systems, by invented names: "Tavolo", "Project Ormskirk". */
  systems: { name: string; what: string }[];
}

const heads =
  `Alder Amber Anvil Arbor Argent Ash Aspen Basalt Beacon Birch Blue Bramble Brass Bright Cairn Calder Cedar Cinder Clear Cobble
Copper Coral Crane Crest Dapple Dawn Deep Drift Dune East Elder Elm Ember Fable Fallow Fern Finch Flint Fox Frost Gable Garnet Glen Gold
Granite Grove Hale Harbor Hart Haven Hazel Heath Heron High Hollow Iron Ivory Jasper Juniper Kestrel Kiln Lantern Larch Lark Ledger Linden
Lock Long Maple Marble Marsh Meadow Mill Moor Moss North Oak Ochre Orchard Osprey Otter Park Pebble Pine Plover Quarry Quill Raven Reed
Ridge River Rook Rowan Saddle Sable Salt Sand Shale Silver Slate Spring Stone Summer Swift Tallow Teal Thistle Timber Tern Umber Vale
Velvet Wick Willow Winter Wren Yarrow`
    .trim()
    .split(/\s+/);

const tails =
  `bank bridge brook crest dale fern field ford gate grove haven hill hurst land leaf light line lock mark mere mill path peak point
pool reach ridge root row shore side spire stead stone stow thorn tide vale view ward water way well wick wood works yard`
    .trim()
    .split(/\s+/);

const kinds =
  `Logistics Insurance Energy Health Retail Media Systems Software Analytics Payments Foods Travel Mobility Learning Labs
Consulting Telecom Robotics Textiles Pharma Studios Networks Capital Utilities Agritech Rail Freight Homes Digital Group`
    .trim()
    .split(/\s+/);

const syllables =
  `ba bel bor cal cor dan del dor fal fen gar gol hal hol jor kal kel kor lan lor mar mel mir mon nal nor or pal pel por
ral ros sal sel sor tal tav tel tor ul val vel ver vor wel zan zel`
    .trim()
    .split(/\s+/);

/** How many employers there are. */
export const employerCount = 4000;

const known = new Map<number, Employer>();

/** Employer number `index` of {@link employerCount}: the same for everybody who names it. */
export function employer(index: number): Employer {
  const found = known.get(index);
  if (found) return found;
  const random = new Random('employer', index);
  const city = random.pick(cities);
  const dealsIn = random.sample(goods, random.int(3, 6));
  const made: Employer = {
    id: index,
    name: `${random.pick(heads)}${random.pick(tails)} ${random.pick(kinds)}`,
    place: `${city.name}, ${city.regionName}`,
    founded: random.int(1921, 2016),
    goods: dealsIn,
    systems: Array.from({ length: random.int(4, 8) }, () => ({
      name: systemName(random),
      what: `${random.pick(dealsIn)} ${random.pick(processes)}`,
    })),
  };
  known.set(index, made);
  return made;
}

/** Large employers are named by many, small ones by few. */
export function drawEmployer(random: Random): Employer {
  return employer(Math.floor(employerCount * random.unit() ** 2.2));
}

function systemName(random: Random): string {
  const word = () => {
    const text = Array.from({ length: random.int(2, 3) }, () => random.pick(syllables)).join('');
    return text[0]?.toUpperCase() + text.slice(1);
  };
  return random.weighted([
    [word(), 5],
    [`${word()}Hub`, 1],
    [`${word()}Desk`, 1],
    [`Project ${word()}`, 1],
    [word().slice(0, 4).toUpperCase(), 1],
    [`${word()} ${random.int(2, 9)}`, 1],
  ]);
}
