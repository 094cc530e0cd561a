import type { Random } from '../random.js';
import { type Scene, slotted } from './bullets.js';
import type { Employer } from './employers.js';
import type { Field } from './fields/field.js';
import { list } from './fields/field.js';

/** A job advertisement of somebody who hires. */
export interface Advert {
  title: string;
  employer: string;
  /** Tasks and requirements, one line each, as they can be echoed in a résumé. */
  lines: string[];
}

const tasks = list(`
  Design and operate {things} for {goods} {process} that {audience} rely on every day
  Take responsibility for our {goods} {process} {thing} from the first sketch to its retirement
  Work side by side with {audience} and {audience2} to find out what {goods} {process} should look like
  Improve the {thing} behind {goods} {process} at {n}0 {places} with {tool} and {other}
  Help us to replace {tool} by {other} in everything that has to do with {goods}
  Keep {goods} {process} running at the {place} {places} of our group, also at the end of the month
  Bring order into the {thing} that {audience} use for {goods} {process} and {goods2}
  Represent the team towards {audience} at {place} {places} and turn their wishes into plans
  Build the next version of our {thing} for {goods} {process} on {tool}
  Share what you know about {tool} with {audience} who have never seen it
  Measure how well {goods} {process} works for {audience} and act on the result
  Coordinate the rollout of the new {thing} at {n} {place} {places}`);

const requirements = list(`
  At least {n} years of professional experience with {tool}, {other} or something comparable
  Very good knowledge of {tool} and an understanding of {goods} {process}
  Experience in building {things} that are used by {audience} outside of the head office
  A degree in a technical subject or an equivalent training in {goods} {process}
  Confident handling of {tool}, {other} and {third} in daily work
  Willingness to travel to {place} {places} up to {n} days per month
  An eye for what {audience} need and the courage to leave out the rest
  Hands-on practice with {tool} in an environment where {goods} must not get lost
  A structured way of working and joy in explaining {things} to {audience}
  Interest in {goods} and in the people who work with {goods2}`);

export function drawAdvert(random: Random, field: Field, employer: Employer): Advert {
  const scene: Scene = { field, employer, jargon: 0, percent: '%' };
  return {
    title: random.pick(field.titles),
    employer: employer.name,
    lines: [...random.sample(tasks, random.int(5, 7)), ...random.sample(requirements, random.int(4, 6))].map(
      (line) => slotted(random, scene, line),
    ),
  };
}

export function advertText(advert: Advert): string {
  return [
    `${advert.employer} is looking for: ${advert.title}`,
    ...advert.lines.map((line) => `- ${line}`),
  ].join('\n');
}
