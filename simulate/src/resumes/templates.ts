import { Random } from '../random.js';
import { bars, list } from './fields/field.js';
import { stockSummaries } from './stock.js';

/** Sections of a résumé. */
export type Section = 'summary' | 'employment' | 'education' | 'skills' | 'projects' | 'fixed';

/** How a résumé is set. Plain data. */
export interface Layout {
  order: Section[];
  headings: Record<Section, string>;
  /** Before each bullet. */
  glyph: string;
  dates: 'Mar 2021' | '03/2021' | '2021-03' | 'March 2021' | '2021';
  dash: string;
  job: 'title-first' | 'employer-first' | 'one-line';
  contacts: 'lines' | 'bar';
  skills: 'commas' | 'lines' | 'years';
  /** Lines are broken at this width, as text taken from a page is. 0: never. */
  wrap: number;
  stop: '.' | '';
}

/** What everybody who took it from the same place has in common. */
export interface Template {
  /** Its number. */
  id: number;
  layout: Layout;
  /** Whole lines that come with it. */
  fixed: string[];
  /** Sentences with gaps to fill in. */
  summary: string[];
}

/** How many templates there are. */
export const templateCount = 600;

const known = new Map<number, Template>();

/** Template number `index` of {@link templateCount}. */
export function template(index: number): Template {
  const found = known.get(index);
  if (found) return found;
  const random = new Random('template', index);
  const made: Template = {
    id: index,
    layout: drawLayout(random),
    fixed: random.chance(0.55) ? drawFixed(random) : [],
    summary: random.chance(0.6) ? random.sample([...stockSummaries, ...frames], random.int(1, 3)) : [],
  };
  known.set(index, made);
  return made;
}

/** A few templates are everywhere, most are met rarely. */
export function drawTemplate(random: Random): Template {
  return template(Math.floor(templateCount * random.unit() ** 3));
}

function drawLayout(random: Random): Layout {
  const middle: Section[] = random.weighted([
    [['summary', 'skills', 'employment', 'projects', 'education'], 3],
    [['summary', 'employment', 'education', 'skills', 'projects'], 4],
    [['skills', 'employment', 'education', 'projects', 'summary'], 1],
    [['education', 'employment', 'projects', 'skills', 'summary'], 1],
    [['summary', 'employment', 'projects', 'skills', 'education'], 2],
  ]);
  const upper = random.chance(0.4);
  const heading = (choices: string) => {
    const text = random.pick(bars(choices));
    return upper ? text.toUpperCase() : text;
  };
  return {
    order: [...middle, 'fixed'],
    headings: {
      summary: heading('Summary|Profile|About me|Professional Summary|Objective|In short'),
      employment: heading(
        'Experience|Work Experience|Employment|Professional Experience|Career History|Where I worked',
      ),
      education: heading('Education|Academic Background|Studies|Education and Training'),
      skills: heading('Skills|Technical Skills|Tools|Core Competencies|Technologies|What I use'),
      projects: heading('Projects|Selected Projects|Side Projects|Other work'),
      fixed: heading('Further information|Additional|Notes|Declaration'),
    },
    glyph: random.pick(['• ', '- ', '* ', '– ', '▪ ', 'o ', '']),
    dates: random.pick(['Mar 2021', '03/2021', '2021-03', 'March 2021', '2021']),
    dash: random.pick([' - ', ' – ', ' to ', '-']),
    job: random.pick(['title-first', 'employer-first', 'one-line']),
    contacts: random.pick(['lines', 'bar']),
    skills: random.pick(['commas', 'lines', 'years']),
    wrap: random.weighted([
      [0, 5],
      [78, 1],
      [88, 2],
      [100, 2],
      [118, 1],
    ]),
    stop: random.chance(0.35) ? '.' : '',
  };
}

const frames = list(`
  {title} with {n} years of experience in {tool}, {other} and {third}, looking for a place to put them to use.
  As {an title} I bring {n} years of practice with {tool} and a calm way of working.
  My strengths are {tool}, {other} and the patience to explain both.
  For {n} years I have worked as {an title}; this page shows what for.`);

const consents = [
  bars(`I agree to the processing of the personal data in this document|I consent that the data given here may be stored and used
    |The applicant permits the use of the information on these pages|I give my permission to keep this application on file`),
  bars(`for the purpose of the present and of future recruitment|as far as it is needed to fill the position applied for
    |by the company I apply to and its affiliated firms|for a period of twelve months from the day it was received`),
  bars(`in line with the data protection law that applies|and know that I can withdraw this at any time
    |and ask that it be deleted when the search has ended|and expect it to be treated in confidence`),
];

const closings = [
  bars(`References will be gladly provided|Names of former managers can be supplied|Letters of recommendation are at hand
    |Contacts of previous employers are available|Work samples and references can be sent`),
  bars(
    `upon request|after a first conversation|once both sides wish to go on|with the consent of those concerned`,
  ),
  bars(
    `and I am happy to arrange a call|together with certificates in the original|within two working days|as a separate document`,
  ),
];

const truths = [
  bars(`I declare that all statements made above|I hereby confirm that the particulars on this page|To the best of my knowledge the details in this document
    |I certify that the facts presented here`),
  bars(
    `are true, complete and correct|correspond to the truth|are accurate and nothing of importance was left out|can be supported by documents`,
  ),
  bars(
    `and that I may be held to them|and I understand that false ones end an employment|at the time of writing|and take responsibility for them`,
  ),
];

const hobbies = [
  bars(
    `In my spare time I enjoy|Outside of work I like|When away from the desk I practise|My interests beyond work are`,
  ),
  bars(
    `reading, hiking and cooking for friends|travelling, photography and good coffee|music, running and board games|swimming, chess and gardening`,
  ),
  bars(
    `and I volunteer in the neighbourhood|and I keep learning languages|which keep me balanced|as much as the weather allows`,
  ),
];

function drawFixed(random: Random): string[] {
  return random
    .sample([consents, closings, truths, hobbies], random.int(1, 3))
    .map((parts) => `${parts.map((part) => random.pick(part)).join(' ')}.`);
}
