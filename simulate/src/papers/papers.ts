import { plain } from '../names.js';
import { displayName, homeOn, type Person } from '../person.js';
import type { Random } from '../random.js';
import {
  bulletsOf,
  copyPart,
  drawTemplate,
  employer,
  fields,
  type Identity,
  makeResume,
  type Resume,
  reorder,
  resumeText,
  rewordResume,
  template,
} from '../resumes/index.js';
import { plant, sharedSince } from '../rings/planted.js';
import { DAY } from '../time.js';
import type { World } from '../world.js';

/** A résumé as somebody sent it. */
export interface Paper {
  person: Person;
  text: string;
  format: 'pdf' | 'docx' | 'txt';
  /** Who the file says wrote it. */
  author: string;
  /** What copies of one original file keep. */
  origin: string;
  /** Text in it that nobody sees. */
  hidden?: string;
  at: number;
}

/** Share of applicants whose résumé is among the exports; everybody's would only make the company slower to look at. */
const share = 0.22;
/** Technologies by the year they came out, for those who claim too much. */
const young = [
  { name: 'Terraform', years: 15 },
  { name: 'Kubernetes', years: 16 },
  { name: 'Next.js', years: 14 },
];

/** Who sent which résumé; what rings share by it is noted in the truth. */
export function papersOf(world: World): Paper[] {
  const papers = new Map<Person, Paper>();
  for (const { id, members } of world.rings) {
    const sent = members.filter((one) => one.candidateId && one.appliedAt !== undefined);
    for (const paper of ringPapers(world, world.random('papers', id), sent)) papers.set(paper.person, paper);
  }
  for (const person of world.people) {
    if (person.ring || !person.candidateId || person.appliedAt === undefined) continue;
    const random = world.random('paper', person.index);
    if (person.paper || random.chance(share)) papers.set(person, honestPaper(world, random, person));
  }
  return [...papers.values()].sort((a, b) => a.person.index - b.person.index);
}

/**
 * Careless members send one résumé in other words and order, ordinary ones a few passages of it, all from one file;
 * careful ones write their own.
 */
function ringPapers(world: World, random: Random, members: readonly Person[]): Paper[] {
  const original = makeResume(random, { field: random.pick(fields)[0], bullets: 14 });
  const origin = hex(random, 32);
  const papers: Paper[] = [];
  const sharing: Person[] = [];
  const copied: Person[] = [];
  for (const person of members) {
    const own = makeResume(random, { identity: identityOf(person), bullets: 11 });
    const how = person.ring?.sophistication;
    let resume = own;
    if (how === 'careless') resume = rewordResume(random, reorder(random, original, own), 'light');
    else if (how === 'ordinary')
      resume = copyPart(random, original, own, Math.min(5, bulletsOf(original).length));
    if (how !== 'careful') sharing.push(person);
    const paper = paperOf(world, random, person, resume);
    if (how === 'careless') {
      paper.origin = origin;
      paper.format = 'docx';
      copied.push(person);
      if (random.chance(0.5)) {
        const { name, years } = random.pick(young);
        paper.text += `\nHighlights\n${years} years of experience with ${name}\n`;
        plant(world, person, 'AP-13', paper.at);
      }
    }
    papers.push(paper);
  }
  const since = (people: readonly Person[], id: 'AP-09' | 'AP-11') => {
    if (people.length < 2) return;
    const times = sharedSince(people.map((one) => one.appliedAt as number));
    for (const [i, at] of times.entries()) plant(world, people[i] as Person, id, at);
  };
  since(sharing, 'AP-09');
  since(copied, 'AP-11');
  return papers;
}

function honestPaper(world: World, random: Random, person: Person): Paper {
  const identity = identityOf(person);
  const group = person.paper;
  const shared = group ? world.random('papers', group.group) : random;
  switch (group?.kind) {
    case 'resume-coach': {
      // One coach: one template and its stock lines, each with a life of their own.
      const form = template(shared.int(0, 40));
      return paperOf(world, random, person, makeResume(random, { identity, template: form }), form.id);
    }
    case 'former-colleagues':
      // They tell of the same systems, each in their own words.
      return paperOf(
        world,
        random,
        person,
        makeResume(random, { identity, employers: [employer(shared.int(0, 500))], jargon: 0.7 }),
      );
    case 'machine-written':
      return paperOf(world, random, person, makeResume(random, { identity, style: 'machine' }));
    case 'borrowed-computer':
      return {
        ...paperOf(world, random, person, makeResume(random, { identity })),
        author: group.author ?? '',
        format: 'docx',
      };
    case 'keyword-template':
      return {
        ...paperOf(world, random, person, makeResume(random, { identity })),
        format: 'pdf',
        hidden: 'python java sql cloud leadership agile communication teamwork',
      };
    default:
      return paperOf(world, random, person, makeResume(random, { identity }));
  }
}

/** Nobody honest claims more of a young technology than there has been. */
function modest(resume: Resume): Resume {
  const recent = resume.employment.filter((job) => job.start >= '2019');
  return {
    ...resume,
    employment: recent.length > 0 ? recent : resume.employment.slice(0, 1),
    skills: resume.skills.map(({ name, years }) =>
      years !== undefined && years > 3 ? { name } : { name, ...(years ? { years } : {}) },
    ),
  };
}

function paperOf(world: World, random: Random, person: Person, whole: Resume, form?: number): Paper {
  const resume = modest(whole);
  const layout = form === undefined ? drawTemplate(random).layout : template(form).layout;
  return {
    person,
    text: resumeText(resume, { ...layout, wrap: 0 }),
    format: random.weighted([
      ['pdf', 6],
      ['docx', 3],
      ['txt', 1],
    ] as const),
    author: random.chance(0.7) ? displayName(person) : '',
    origin: hex(random, 32),
    at: Math.min(person.appliedAt as number, world.asOf + DAY),
  };
}

function identityOf(person: Person): Identity {
  const { city } = homeOn(person, person.appliedAt as number).address;
  return {
    name: { given: person.given, family: person.renamed?.from ?? person.family },
    contacts: {
      email: person.personalEmail,
      phone: person.phone,
      city: city.name,
      region: city.region,
      country: city.country,
      links: [],
    },
  };
}

const hex = (random: Random, length: number): string =>
  Array.from({ length }, () => random.int(0, 15).toString(16))
    .join('')
    .toUpperCase();

/** `Ada_Example_Resume.pdf`, as people name such files. */
export function paperName({ person, format }: Paper): string {
  return `${plain(person.given)}_${plain(person.renamed?.from ?? person.family)}_resume.${format}`.replaceAll(
    ' ',
    '_',
  );
}
