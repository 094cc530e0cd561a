import type { Random } from '../random.js';
import type { Employer } from './employers.js';
import type { Field } from './fields/field.js';
import { article, capital, fill, plural } from './fill.js';
import { stockBullets } from './stock.js';
import {
  audiences,
  goods,
  outcomes,
  placeAdjectives,
  places,
  processes,
  qualities,
  reasons,
} from './trade.js';
import { past } from './verbs.js';

/** What a bullet is about. */
export interface Scene {
  field: Field;
  employer: Employer;
  /** Share of bullets that name the employer's own systems. */
  jargon: number;
  /** How this person writes 40 percent. */
  percent: string;
}

/** One line of a résumé by a person: mostly words of their own, now and then a line many have. */
export function bullet(random: Random, scene: Scene): string {
  return random.weighted(kinds)(random, scene);
}

const kinds: readonly (readonly [(random: Random, scene: Scene) => string, number])[] = [
  [made, 6],
  [madeFor, 3],
  [lowered, 2.5],
  [raised, 1.5],
  [traced, 2],
  [workedWith, 1.5],
  [led, 1.5],
  [moved, 1],
  [inventory, 0.7],
  [(random, { field }) => popular(random, field.duties), 1],
  [(random) => popular(random, stockBullets), 1],
];

/** The first of a list much more often than the last. */
function popular(random: Random, from: readonly string[]): string {
  return from[Math.floor(from.length * random.unit() ** 1.8)] as string;
}

function made(random: Random, scene: Scene): string {
  const object = system(random, scene);
  const text = `${past(random.pick(scene.field.verbs))} ${object}${reach(random)} ${slotted(random, scene, random.pick(scene.field.means))}`;
  return capital(text) + ending(random, scene);
}

function madeFor(random: Random, scene: Scene): string {
  const text = `${past(random.pick(scene.field.verbs))} ${system(random, scene)} ${slotted(random, scene, random.pick(reasons))}`;
  return capital(text) + (random.chance(0.3) ? `, ${slotted(random, scene, random.pick(outcomes))}` : '');
}

function lowered(random: Random, scene: Scene): string {
  const verb = random.pick(['cut', 'reduced', 'lowered', 'brought down', 'halved', 'decreased']);
  const figure = verb === 'halved' ? '' : ` by ${random.int(8, 92)}${scene.percent}`;
  return capital(
    `${verb} ${random.pick(scene.field.lower)} of ${system(random, scene, 'the')}${figure} ${slotted(random, scene, random.pick(scene.field.means))}`,
  );
}

function raised(random: Random, scene: Scene): string {
  const from = random.int(11, 70);
  return capital(
    `${random.pick(['raised', 'lifted', 'improved', 'increased'])} ${random.pick(scene.field.higher)} of ${system(random, scene, 'the')}${reach(random)} from ${from} to ${from + random.int(4, 29)}${scene.percent}${random.chance(0.5) ? ` ${slotted(random, scene, random.pick(reasons))}` : ''}`,
  );
}

function traced(random: Random, scene: Scene): string {
  const { problems, causes } = scene.field;
  const where = random.chance(0.6)
    ? ` at ${random.int(2, 60)} ${random.pick(placeAdjectives)} ${random.pick(places)}`
    : '';
  const ends = random.chance(0.4)
    ? `, ${random.pick(['fixed it', 'repaired it for good', 'proved it with a test', 'wrote it up', 'removed it'])} and ${random.pick(['told', 'trained', 'warned', 'compensated', 'relieved'])} ${random.pick(audiences)}`
    : '';
  return `${random.pick(['Traced', 'Tracked down', 'Found out why', 'Pinned down'])} ${random.pick(problems)} in ${system(random, scene, 'the')}${where}${random.pick([' to ', ': ', ', caused by '])}${random.pick(causes)}${ends}`;
}

function workedWith(random: Random, scene: Scene): string {
  const [one, two] = random.sample(audiences, 2);
  return `${random.pick(['Worked with', 'Sat with', 'Teamed up with', 'Interviewed', 'Advised', 'Shadowed'])} ${random.int(2, 40)} ${one} and ${two} to ${random.pick(scene.field.verbs)} ${system(random, scene)}${random.chance(0.6) ? ` ${slotted(random, scene, random.pick(reasons))}` : ending(random, scene)}`;
}

function led(random: Random, scene: Scene): string {
  const who = `${random.pick(['team', 'group', 'squad', 'crew'])} of ${random.int(2, 19)}`;
  return `${random.pick(['Led', 'Managed', 'Coached', 'Headed'])} a ${who} in ${random.pick(['two', 'three', 'four', 'five'])} ${random.pick(['cities', 'time zones', 'countries', 'departments'])} that ${past(random.pick(scene.field.verbs))} ${system(random, scene)} ${slotted(random, scene, random.pick(scene.field.means))}`;
}

function moved(random: Random, scene: Scene): string {
  const [one, two] = random.sample(scene.field.tools, 2);
  return `${random.pick(['Moved', 'Migrated', 'Switched'])} ${system(random, scene, 'the')} from ${one} to ${two} ${random.chance(0.5) ? slotted(random, scene, random.pick(reasons)) : `${reach(random).trim()}, ${slotted(random, scene, random.pick(outcomes))}`}`.replace(
    / +,/,
    ',',
  );
}

function inventory(random: Random, scene: Scene): string {
  const [one, two, three] = random.sample(scene.field.things, 3);
  return capital(
    `${past(random.pick(scene.field.verbs))} ${random.int(2, 30)} ${plural(one as string)}, ${article(two as string)} ${two} and ${article(three as string)} ${three} for ${random.pick(businessOf(random, scene))} ${random.pick(processes)} ${slotted(random, scene, random.pick(outcomes))}`,
  );
}

/** "an event-driven invoice matching service", "the worker for parcel tracking", "Tavolo, the fare pricing API". */
function system(random: Random, scene: Scene, fixed?: 'the'): string {
  const thing = random.pick(scene.field.things);
  if (random.chance(scene.jargon)) {
    const own = random.pick(scene.employer.systems);
    return random.weighted([
      [`the ${own.name} ${thing}`, 4],
      [`${own.name}`, 1],
      [`the ${thing} of ${own.name}`, 2],
      [`${own.name} (${own.what})`, 2],
      [`the ${own.what} part of ${own.name}`, 1],
      [`${fixed ?? article(thing)} ${thing} for ${own.name}`, 2],
    ]);
  }
  const what = `${random.pick(businessOf(random, scene))} ${random.pick(processes)}`;
  const quality = random.chance(0.4) ? `${random.pick(qualities)} ` : '';
  const noun = random.chance(0.7) ? `${quality}${what} ${thing}` : `${quality}${thing} for ${what}`;
  return `${fixed ?? (random.chance(0.65) ? article(noun) : 'the')} ${noun}`;
}

/** People write about what their employer deals in, and about much else. */
function businessOf(random: Random, scene: Scene): string[] {
  return random.chance(0.45) ? scene.employer.goods : goods;
}

/** " for 14 regional warehouses", or nothing. */
function reach(random: Random): string {
  return random.weighted([
    ['', 4],
    [` for ${random.int(2, 90)} ${random.pick(placeAdjectives)} ${random.pick(places)}`, 3],
    [` across ${random.int(2, 40)} ${random.pick(places)}`, 1],
    [` used by ${random.int(2, 90) * 10} ${random.pick(audiences)}`, 2],
    [
      ` handling ${random.int(2, 900)},000 ${random.pick(['records', 'messages', 'requests', 'items', 'files'])} ${random.pick(['a day', 'an hour', 'a month', 'at peak'])}`,
      1.5,
    ],
  ]);
}

function ending(random: Random, scene: Scene): string {
  if (random.chance(0.25)) return `, ${slotted(random, scene, random.pick(outcomes))}`;
  if (random.chance(0.3)) {
    const verb = random.pick(['cutting', 'reducing', 'lowering', 'bringing down']);
    return `, ${verb} ${random.pick(scene.field.lower)} by ${random.int(6, 94)}${scene.percent}`;
  }
  return '';
}

export function slotted(random: Random, scene: Scene, template: string): string {
  return fill(template, (slot) => {
    switch (slot) {
      case 'tool':
      case 'other':
      case 'third':
        return random.pick(scene.field.tools);
      case 'n':
      case 'm':
        return String(random.int(2, 9));
      case 'goods':
      case 'goods2':
        return random.pick(businessOf(random, scene));
      case 'process':
        return random.pick(processes);
      case 'thing':
        return random.pick(scene.field.things);
      case 'things':
        return plural(random.pick(scene.field.things));
      case 'places':
        return random.pick(places);
      case 'place':
        return random.pick(placeAdjectives);
      case 'audience':
      case 'audience2':
        return random.pick(audiences);
      default:
        throw new RangeError(`no such slot: ${slot}`);
    }
  });
}
