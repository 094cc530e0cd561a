import { countryNames } from '../cities.js';
import type { Employment, Resume } from './resume.js';
import type { Layout, Section } from './templates.js';

/** A résumé as plain text, as one gets it from a file. */
export function resumeText(resume: Resume, layout: Layout): string {
  const lines = [
    `${resume.name.given} ${resume.name.family}`,
    resume.headline,
    ...contactLines(resume, layout),
    '',
  ];
  for (const section of layout.order) {
    const body = bodies[section](resume, layout);
    if (body.length > 0) lines.push(layout.headings[section], ...body, '');
  }
  const whole = layout.wrap > 0 ? lines.flatMap((line) => wrapped(line, layout.wrap)) : lines;
  return `${whole.join('\n').trimEnd()}\n`;
}

const bodies: Record<Section, (resume: Resume, layout: Layout) => string[]> = {
  summary: ({ summary }) => (summary.length > 0 ? [summary.join(' ')] : []),
  employment: ({ employment }, layout) =>
    employment.flatMap((job) => [...jobLines(job, layout), ...job.bullets.map((line) => item(line, layout))]),
  education: ({ education }) => education.map(({ school, degree, year }) => `${degree}, ${school}, ${year}`),
  skills: ({ skills }, layout) => {
    if (layout.skills === 'lines') return skills.map(({ name }) => name);
    if (layout.skills === 'commas') return [skills.map(({ name }) => name).join(', ')];
    return skills.map(({ name, years }) => (years === undefined ? name : `${name} (${years} years)`));
  },
  projects: ({ projects }, layout) =>
    projects.flatMap(({ name, lines }) => [name, ...lines.map((line) => item(line, layout))]),
  fixed: ({ fixed }) => fixed,
};

function item(line: string, { glyph, stop }: Layout): string {
  return `${glyph}${line}${stop}`;
}

function contactLines({ contacts }: Resume, layout: Layout): string[] {
  const parts = [
    contacts.email,
    contacts.phone,
    `${contacts.city}, ${contacts.region}, ${countryNames[contacts.country] ?? contacts.country}`,
    ...contacts.links,
  ];
  return layout.contacts === 'bar' ? [parts.join(' | ')] : parts;
}

function jobLines(job: Employment, layout: Layout): string[] {
  const when = `${date(job.start, layout)}${layout.dash}${job.end ? date(job.end, layout) : 'Present'}`;
  switch (layout.job) {
    case 'title-first':
      return [job.title, `${job.employer}, ${job.place}`, when];
    case 'employer-first':
      return [`${job.employer}${layout.dash}${job.place}`, `${job.title} (${when})`];
    case 'one-line':
      return [`${job.title}, ${job.employer}, ${job.place}, ${when}`];
  }
}

const months = `January February March April May June July August September October November December`.split(
  ' ',
);

function date(value: string, { dates }: Layout): string {
  const [year = '', month = ''] = value.split('-');
  const name = months[Number(month) - 1] ?? '';
  switch (dates) {
    case 'Mar 2021':
      return `${name.slice(0, 3)} ${year}`;
    case '03/2021':
      return `${month}/${year}`;
    case '2021-03':
      return value;
    case 'March 2021':
      return `${name} ${year}`;
    case '2021':
      return year;
  }
}

function wrapped(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const lines: string[] = [];
  let from = 0;
  while (line.length - from > width) {
    const space = line.lastIndexOf(' ', from + width);
    if (space <= from) break;
    lines.push(line.slice(from, space));
    from = space + 1;
  }
  lines.push(line.slice(from));
  return lines;
}
