import type { Random } from '../random.js';
import type { Advert } from './adverts.js';
import type { Employer } from './employers.js';
import type { Field } from './fields/field.js';
import { machineBullet, machineSummary } from './machine.js';
import { makeResume, type Wishes } from './make-resume.js';
import type { Identity, Resume } from './resume.js';
import { reword, type Strength } from './reword.js';
import type { Template } from './templates.js';

/** The same résumé under another name: nothing but name and contacts differs. */
export function copyUnderOtherName(resume: Resume, identity: Identity): Resume {
  return { ...resume, name: identity.name, contacts: identity.contacts };
}

/** `into` with `count` bullets of `from` in place of as many of its own, word for word and in their order. */
export function copyPart(random: Random, from: Resume, into: Resume, count: number): Resume {
  const source = bulletsOf(from);
  const taken = chosen(random, source.length, count).map((i) => source[i] as string);
  const places = chosen(random, bulletsOf(into).length, taken.length);
  const put = new Map(places.map((place, i) => [place, taken[i] as string]));
  return mapBullets(into, (line, i) => put.get(i) ?? line);
}

/**
 * The bullets of `from` in random order under the jobs of `into`, whose name, contacts, employers, dates, summary and
 * schools stay.
 */
export function reorder(random: Random, from: Resume, into: Resume): Resume {
  const lines = random.shuffled(bulletsOf(from));
  const jobs = into.employment.length;
  return {
    ...into,
    employment: into.employment.map((job, i) => ({
      ...job,
      bullets: lines.slice(
        Math.floor((i * lines.length) / jobs),
        Math.floor(((i + 1) * lines.length) / jobs),
      ),
    })),
  };
}

/** Every bullet and every sentence of the summary in other words. */
export function rewordResume(random: Random, resume: Resume, strength: Strength): Resume {
  return {
    ...mapBullets(resume, (line) => reword(random, line, strength)),
    summary: resume.summary.map((sentence) => reword(random, sentence, strength)),
  };
}

/** Somebody else in the same template: its fixed lines and its gaps, all else their own. */
export function sameTemplate(random: Random, template: Template, wishes: Wishes = {}): Resume {
  return makeResume(random, { ...wishes, template });
}

/** Somebody else who worked where this one did and speaks its language: systems and products, not sentences. */
export function sameEmployer(random: Random, employers: readonly Employer[], wishes: Wishes = {}): Resume {
  return makeResume(random, { jargon: 0.7, ...wishes, employers });
}

/** `resume` with `count` lines of an advertisement echoed among its bullets. */
export function fromAdvert(random: Random, resume: Resume, advert: Advert, count: number): Resume {
  const taken = random.sample(advert.lines, count);
  const places = chosen(random, bulletsOf(resume).length, taken.length);
  const put = new Map(places.map((place, i) => [place, taken[i] as string]));
  return { ...mapBullets(resume, (line, i) => put.get(i) ?? line), headline: advert.title };
}

/** `resume` as a language model would have written it: the frames of such models in place of its own lines. */
export function machineBoilerplate(random: Random, resume: Resume, field: Field): Resume {
  return {
    ...mapBullets(resume, () => machineBullet(random, field)),
    summary: machineSummary(random, field, resume.headline),
  };
}

/** All bullets under employers, in order. */
export function bulletsOf(resume: Resume): string[] {
  return resume.employment.flatMap(({ bullets }) => bullets);
}

function mapBullets(resume: Resume, change: (line: string, index: number) => string): Resume {
  let index = 0;
  return {
    ...resume,
    employment: resume.employment.map((job) => ({
      ...job,
      bullets: job.bullets.map((line) => change(line, index++)),
    })),
  };
}

/** Up to `count` different indexes below `length`, ascending. */
function chosen(random: Random, length: number, count: number): number[] {
  return random
    .sample(
      Array.from({ length }, (_, i) => i),
      count,
    )
    .sort((a, b) => a - b);
}
