import type { Random } from '../random.js';
import { bullet, type Scene, slotted } from './bullets.js';
import { drawEmployer, type Employer } from './employers.js';
import type { Field } from './fields/field.js';
import { fields } from './fields/index.js';
import { article, fill } from './fill.js';
import { drawIdentity } from './identity.js';
import { machineBullet, machineSummary } from './machine.js';
import type { Employment, Identity, Resume, Skill } from './resume.js';
import { levels, ownSummaries, schools, stockSummaries } from './stock.js';
import type { Template } from './templates.js';
import { type Voice, voiced } from './voice.js';

/** Everything may be left out; what is missing is drawn. */
export interface Wishes {
  identity?: Identity;
  field?: Field;
  /** `own`: words of a person. `machine`: frames of a language model. */
  style?: 'own' | 'machine';
  /** Latest first. */
  employers?: readonly Employer[];
  /** Share of bullets that name an employer's own systems, 0 to 1. */
  jargon?: number;
  /** Its fixed lines and its sentences with gaps are taken over; its layout is for `resumeText`. */
  template?: Template;
  /** Number of bullets in all. */
  bullets?: number;
  /** Year the résumé was written. */
  year?: number;
}

/** A résumé of somebody made up. The same random stream and wishes give the same résumé. */
export function makeResume(random: Random, wishes: Wishes = {}): Resume {
  const identity = wishes.identity ?? drawIdentity(random);
  const field = wishes.field ?? random.weighted(fields);
  const style = wishes.style ?? 'own';
  const employers =
    wishes.employers ??
    Array.from(
      {
        length: random.weighted([
          [1, 1],
          [2, 3],
          [3, 4],
          [4, 2],
        ] as const),
      },
      () => drawEmployer(random),
    );
  const title = random.pick(field.titles);
  const voice = random.weighted<Voice>([
    ['past', 80],
    ['first', 7],
    ['gerund', 6],
    ['duty', 3],
    ['present', 4],
  ]);
  const percent = random.weighted([
    ['%', 8],
    [' %', 1],
    [' percent', 1],
  ]);
  const scenes = employers.map(
    (employer): Scene => ({ field, employer, percent, jargon: wishes.jargon ?? 0.15 }),
  );
  const total = wishes.bullets ?? random.int(5, 20);
  const line = (scene: Scene) =>
    style === 'machine' ? machineBullet(random, field) : voiced(bullet(random, scene), voice);
  const employment = jobs(random, scenes, total, title, wishes.year ?? 2026, line);
  const first = scenes[0];
  if (!first) throw new RangeError('a résumé needs an employer');
  return {
    name: identity.name,
    headline: title,
    contacts: identity.contacts,
    summary: summary(random, first, title, style, wishes.template),
    employment,
    education: Array.from({ length: random.chance(0.25) ? 2 : 1 }, (_, i) => ({
      school: random.pick(schools),
      degree: random.pick(field.degrees),
      year: Number(employment.at(-1)?.start.slice(0, 4)) - i * 2,
    })),
    skills: skills(random, field),
    projects: Array.from({ length: random.chance(0.3) ? random.int(1, 2) : 0 }, () => {
      const scene = random.pick(scenes);
      return {
        name: `${random.pick(scene.employer.goods)}-${random.pick(field.things).replaceAll(' ', '-')}`,
        lines: [line(scene)],
      };
    }),
    fixed: wishes.template?.fixed ?? [],
  };
}

function jobs(
  random: Random,
  scenes: readonly Scene[],
  total: number,
  title: string,
  year: number,
  line: (scene: Scene) => string,
): Employment[] {
  // Months since year 0, going back from today.
  let month = year * 12 + random.int(0, 9);
  let left = total;
  return scenes.map((scene, i) => {
    const share =
      i === scenes.length - 1
        ? left
        : Math.max(1, Math.round((left / (scenes.length - i)) * random.between(0.7, 1.4)));
    const count = Math.max(0, Math.min(left, share));
    left -= count;
    const end = month;
    month -= random.int(10, 52);
    const job: Employment = {
      employer: scene.employer.name,
      title:
        i === 0
          ? title
          : random.chance(0.3)
            ? `${random.pick(levels)} ${title.replace(/^(Senior|Lead|Junior|Staff) /, '')}`
            : random.pick(scene.field.titles),
      place: scene.employer.place,
      start: monthText(month),
      bullets: Array.from({ length: count }, () => line(scene)),
    };
    if (i > 0 || random.chance(0.3)) job.end = monthText(end - 1);
    month -= random.int(0, 5);
    return job;
  });
}

function monthText(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}

function summary(
  random: Random,
  scene: Scene,
  title: string,
  style: 'own' | 'machine',
  template?: Template,
): string[] {
  if (style === 'machine') return machineSummary(random, scene.field, title);
  const frames = [...(template?.summary ?? [])];
  if (frames.length === 0) frames.push(...random.sample(stockSummaries, random.int(0, 2)));
  frames.push(
    ...random.sample(
      ownSummaries,
      random.weighted([
        [0, 3],
        [1, 4],
        [2, 2],
      ] as const),
    ),
  );
  const years = String(random.int(2, 21));
  const filled = (frame: string) =>
    fill(frame, (slot) => {
      if (slot === 'title') return title;
      if (slot === 'an title') return `${article(title)} ${title}`;
      if (slot === 'n') return years;
      return slotted(random, scene, `{${slot}}`);
    });
  return frames.map(filled);
}

function skills(random: Random, field: Field): Skill[] {
  return random.sample(field.tools, random.int(6, 16)).map((name) => {
    const skill: Skill = { name };
    if (random.chance(0.5)) skill.years = random.int(1, 14);
    return skill;
  });
}
